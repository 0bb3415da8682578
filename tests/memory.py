"""Fixture: a folder in memory, for tests that would wait for the disk thousands of times."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def in_memory() -> Iterator[Path]:
    """Yield a folder in memory, if the system has one."""
    base = Path("/dev/shm")
    usable = base.is_dir() and os.access(base, os.W_OK)
    with tempfile.TemporaryDirectory(prefix="p365-tests-", dir=base if usable else None) as made:
        yield Path(made)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory, for thousands of commits and faults without waiting for the disk."""
    with in_memory() as made:
        yield made
