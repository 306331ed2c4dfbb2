"""Flags for content that does not belong in a work group."""
