"""Fixtures: the stores of tests.history and the command line."""

from tests.cli.conftest import cli, profile
from tests.history.conftest import folder, place, postgres, recorded, store

__all__ = ["cli", "folder", "place", "postgres", "profile", "recorded", "store"]
