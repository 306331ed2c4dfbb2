"""Answers about the college's regulations."""
