"""A fixture to import: a folder in memory, for tests that would wait for the disk thousands of times."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where the system has one: commits and faults by the thousand need no disk to wait for."""
    base = Path("/dev/shm")
    usable = base.is_dir() and os.access(base, os.W_OK)
    with tempfile.TemporaryDirectory(prefix="p365-tests-", dir=base if usable else None) as made:
        yield Path(made)
