"""Versions of the lists: kept in a store, compared, put into force, taken back."""
