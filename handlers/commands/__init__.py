"""Slash commands: grammar, registry, and a file for each family."""
