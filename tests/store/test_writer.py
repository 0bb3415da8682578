"""Store and Rehearsal have the same interface of changes; Reader has none of it."""

import inspect

import pytest

from perimeter365.store.reader import Reader
from perimeter365.store.rehearsal import Rehearsal
from perimeter365.store.store import Store
from perimeter365.store.writer import StoreWriter

CHANGES = {"writing", "commit", "add_held", "resolve", "add_notification", "set_note"}


@pytest.mark.parametrize("kind", [Store, Rehearsal])
def test_every_change_has_the_same_signature(kind: type[StoreWriter]) -> None:
    assert issubclass(kind, StoreWriter)
    assert StoreWriter.__abstractmethods__ == CHANGES
    assert not inspect.isabstract(kind)
    for name in CHANGES:
        ours, theirs = (inspect.signature(getattr(each, name)).parameters.values() for each in (StoreWriter, kind))
        assert [(p.name, p.kind, p.default) for p in theirs] == [(p.name, p.kind, p.default) for p in ours]


def test_a_reader_changes_nothing() -> None:
    assert not CHANGES & set(dir(Reader))
