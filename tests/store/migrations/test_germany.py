"""The lists of the closed German cloud in a store of the first release become those of `germany-2021`."""

import hashlib
from contextlib import closing
from datetime import date

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.sources.load import read_catalog
from perimeter365.store.database import open_source
from perimeter365.store.heads import heads
from perimeter365.store.store import Store
from tests.store.test_migrations import old
from tests.torture import dump

__all__ = ["old"]

GERMANY, CLOSED = Cloud.GERMANY, Cloud.GERMANY_2021


def old_list(body: str, *, cloud: str = "germany") -> tuple[str, str]:
    """Return the content of a list in a store of the first release, and its hash."""
    text = body.replace('"cloud":"worldwide"', f'"cloud":"{cloud}"', 1)
    return text, hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def german(old: str, recorded: tuple[State, ...]) -> str:
    """A store of the first release that has two lists of the closed cloud, one of them pinned, and one of today's."""
    lists = [("2021092800", "recorded"), ("2021102900", "recorded"), ("2026010100", "live")]
    with closing(open_source(old)) as source, source.begin(writing=True) as connection:
        for seq, ((version, origin), state) in enumerate(zip(lists, recorded[:3], strict=True), 1):
            body, content = old_list(state.body)
            if not connection.select("SELECT 1 AS one FROM p365_states WHERE hash = :hash", hash=content):
                connection.execute("INSERT INTO p365_states VALUES (:hash, 'germany', :body)", hash=content, body=body)
            sql = "INSERT INTO p365_versions VALUES ('germany', :version, :seq, :origin, NULL, :hash)"
            connection.execute(sql, version=version, seq=seq, origin=origin, hash=content)
        connection.execute("INSERT INTO p365_heads VALUES ('germany', '2021102900', :pinned)", pinned=True)
        connection.execute("INSERT INTO p365_effective VALUES ('germany', 1, 'a.example.de', '2021-06-01')")
        connection.execute("INSERT INTO p365_effective VALUES ('germany', 36, 'b.example.de', '2026-06-01')")
        connection.execute("INSERT INTO p365_notes VALUES ('sync.seen.germany', '2026-01-02T00:00:00+00:00')")
    return old


def test_a_list_of_the_closed_cloud_is_never_in_force_for_the_new_one(german: str, recorded: tuple[State, ...]) -> None:
    """Before the upgrade, as plans and lookups read it, and after it."""
    for upgraded in (False, True):
        if upgraded:
            Store(german, create=False).close()
        found = {head.cloud: head for head in heads(german)}
        assert set(found) == {"worldwide", "germany-2021"}
        cloud, version, sets = found["germany-2021"].read()
        assert (cloud, version.version, found["germany-2021"].pinned) == (CLOSED, "2021102900", True)
        assert {s.cloud for s in sets} == {CLOSED}
        assert read_catalog(german).versions[GERMANY].origin == "recorded"


def test_the_lists_of_the_closed_cloud_move(german: str, recorded: tuple[State, ...]) -> None:
    with Store(german) as store:
        assert [v.version for v in store.versions(CLOSED)] == ["2021092800", "2021102900"]
        assert [v.version for v in store.versions(GERMANY)] == ["2026010100"]
        assert [state.cloud for state in store.states(CLOSED)] == [CLOSED, CLOSED]
        assert [state.hash for state in store.states(CLOSED)] == [
            old_list(state.body, cloud="germany-2021")[1] for state in recorded[:2]
        ]
        assert store.head(GERMANY) is None
        assert store.effective(CLOSED) == {(1, "a.example.de"): date(2021, 6, 1)}
        assert store.effective(GERMANY) == {(36, "b.example.de"): date(2026, 6, 1)}
        assert store.note("sync.seen.germany") == "2026-01-02T00:00:00+00:00", "a list of today's cloud was synced"
        assert store.problems() == ()
        assert store.unpin(CLOSED) is None
    assert dump.integrity(german) == []


def test_a_damaged_list_of_the_closed_cloud_stays_damaged(german: str) -> None:
    with closing(open_source(german)) as source, source.begin(writing=True) as connection:
        connection.execute("UPDATE p365_states SET body = '{}' WHERE cloud = 'germany'")
    with Store(german) as store:
        assert len(store.versions(CLOSED)) == 2
        assert "is not what was stored" in store.problems()[0]
