"""The SQLite database: migrations and one narrow repository a subject."""
