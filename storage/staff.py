"""Placeholder: replaced by its owner."""

from storage.database import Database


class Staff:
    def __init__(self, database: Database) -> None:
        self._database = database
