"""Why nothing is heard, nothing is sent, nobody is answered, or nothing comes on time; and what to do about it."""
