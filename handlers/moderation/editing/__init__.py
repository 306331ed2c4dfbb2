"""Rules as people change them: what they write, what it would change, whether they may, and what it would catch."""
