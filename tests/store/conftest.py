"""Stores, as the tests of history have them."""

from tests.history.conftest import place, postgres, recorded, store

__all__ = ["place", "postgres", "recorded", "store"]
