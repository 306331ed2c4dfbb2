"""Writes the parts of the docs that the program knows best: settings, commands, verbs. `make docs` runs it."""
