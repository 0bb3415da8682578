"""What the store has of a cloud while a list is judged."""

from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.errors import UnknownNameError
from perimeter365.history.look import last_good, read_basis
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Reason
from perimeter365.model.held_entry import HeldEntry
from perimeter365.sources.embedded import embedded
from perimeter365.store.entries import REJECTED
from perimeter365.store.store import Store
from tests.history.lists import NAMES, base

W = Cloud.WORLDWIDE
ENTRY = HeldEntry(number=1, part="host", new="a.example.com", reasons=(Reason(code="new-domain", message="x"),))


def test_before_the_first_sync_it_is_the_embedded_list(tmp_path: Path) -> None:
    with Store(str(tmp_path / "store.sqlite")) as store:
        basis = read_basis(store, W, embedded())
        assert (basis.live, basis.old.version) == (False, embedded().versions[W].version)
        with pytest.raises(UnknownNameError):
            last_good(store, Cloud.named("newland"), embedded())


def test_it_has_what_upstream_published_and_what_a_person_has_not_decided_or_rejected(tmp_path: Path) -> None:
    published = base([*NAMES, "a.example.com"])
    with Store(str(tmp_path / "store.sqlite")) as store:
        store.commit(base(), published=published)
        held = store.add_held(published, (), {}, [ENTRY])
        basis = read_basis(store, W, embedded())
        assert (basis.live, basis.published, basis.held_entries) == (True, published.hash, held)
        store.resolve(held.id, REJECTED)
        after = read_basis(store, W, embedded())
        assert (after.held_entries, after.rejected) == (None, (ENTRY,))
        assert after.key != basis.key, "a sync that judged the former one judges again"
        older = store.add_held(replace(published, sets=base().sets), [Reason(code="growth", message="x")])
        assert read_basis(store, W, embedded()).held_entries is None
        assert older.whole
