"""Stores, as the tests of history have them."""

from tests.history.conftest import folder, place, postgres, recorded, store

__all__ = ["folder", "place", "postgres", "recorded", "store"]
