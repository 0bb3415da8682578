"""The store of versions: one writer, many readers, on SQLite or PostgreSQL."""
