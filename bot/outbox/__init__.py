"""The door out: what is due, in which shape, within which quota, and the sending of it."""
