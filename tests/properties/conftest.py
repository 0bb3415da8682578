"""The fixtures of the tests of targets."""

from tests.targets.conftest import small_plans

__all__ = ["small_plans"]
