"""The stores of the tests of history."""

from tests.history.conftest import place, postgres, recorded, store
from tests.memory import folder

__all__ = ["folder", "place", "postgres", "recorded", "store"]
