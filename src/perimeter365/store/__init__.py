"""The store of versions, on SQLite or PostgreSQL."""
