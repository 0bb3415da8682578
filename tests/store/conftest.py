"""Fixtures: the stores of tests.history."""

from tests.history.conftest import folder, place, postgres, recorded, store

__all__ = ["folder", "place", "postgres", "recorded", "store"]
