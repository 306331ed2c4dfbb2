"""What is raised for a file that is no table."""

from __future__ import annotations


class TableError(Exception):
    """The file cannot be read as a table; the text is one line that says why and what to do."""
