"""Fixture: a folder in memory, for tests that would wait for the disk thousands of times."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory, if the system has one, for thousands of commits and faults without waiting for the disk."""
    base = Path("/dev/shm")
    usable = base.is_dir() and os.access(base, os.W_OK)
    with tempfile.TemporaryDirectory(prefix="p365-tests-", dir=base if usable else None) as made:
        yield Path(made)
