"""The store of versions: one reader and one writer of its tables, on SQLite or PostgreSQL."""
