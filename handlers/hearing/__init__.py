"""Telling people what the bot could not hear, and that somebody else may be listening in its place."""
