"""Answers that people gave: questions that wait for one, and what becomes of it."""
