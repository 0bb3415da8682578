"""The seal: digests of tables, kept by each change and compared before each first use."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from perimeter365.errors import StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.store.connection import Connection
from perimeter365.store.place import is_server
from perimeter365.store.reader import reader
from perimeter365.store.seal import digest, read_seal, tables_of, write_seal
from perimeter365.store.store import Store
from tests.store.test_damage import fill

CHANGES = {
    "versions": "UPDATE p365_versions SET recorded = '2030-01-07' WHERE version = '2030010600'",
    "heads": "UPDATE p365_heads SET pinned = NOT pinned",
    "intervals": "DELETE FROM p365_intervals WHERE value = 'outlook.example.com'",
    "held": "UPDATE p365_held SET resolved = 'rejected'",
    "outbox": "UPDATE p365_outbox SET delivered = at",
    "effective": "UPDATE p365_effective SET day = '2030-07-02'",
    "notes": "UPDATE p365_notes SET value = 'other' WHERE key = 'other'",
}


def change(place: str, sql: str) -> None:
    """Change rows without the program."""
    if is_server(place):
        import psycopg

        with psycopg.connect(place) as connection:
            connection.execute(sql.encode())
        return
    with closing(sqlite3.connect(place)) as raw, raw:
        raw.execute(sql)


@pytest.mark.parametrize("table", CHANGES)
def test_a_changed_row_is_found_by_readers_and_writers(table: str, place: str, recorded: tuple[State, ...]) -> None:
    fill(place, recorded)
    change(place, CHANGES[table])
    message = f"the table {table} is not what was stored"
    with Store(place) as writer, pytest.raises(StoreError, match=message), writer._database.writing() as connection:
        connection.execute(f"DELETE FROM p365_{table}")  # else the damage would be sealed
    with reader(place) as store, pytest.raises(StoreError, match=message), store.selecting() as select:
        select(f"SELECT * FROM p365_{table}")


def test_each_table_with_rows_that_have_no_hash_is_sealed(place: str, recorded: tuple[State, ...]) -> None:
    fill(place, recorded)
    with reader(place) as store:
        seal = read_seal([{"key": "seal", "value": store.note("seal")}])
    assert seal.keys() == {*CHANGES, "records", "forces"}


def test_a_store_of_an_earlier_release_is_sealed_by_the_next_change(place: str, recorded: tuple[State, ...]) -> None:
    fill(place, recorded)
    change(place, "DELETE FROM p365_notes WHERE key = 'seal'")
    with reader(place) as store:
        assert len(store.versions()) == 4
    with Store(place) as writer:
        writer.set_note("a", "b")
    change(place, CHANGES["heads"])  # another table than the changed one
    with reader(place) as store, pytest.raises(StoreError, match="the table heads"):
        store.in_force()


def test_rows_are_read_once_in_a_transaction(
    place: str, recorded: tuple[State, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(place, recorded)
    read: list[str] = []
    rows = Connection._rows

    def noted(self: Connection, table: str) -> list[dict[str, Any]]:
        read.append(table)
        return rows(self, table)

    monkeypatch.setattr(Connection, "_rows", noted)
    with reader(place) as store, store.reading():
        for _ in range(3):
            store.in_force()
            store.versions(Cloud.WORLDWIDE)
    assert sorted(read) == ["heads", "notes", "versions"]


def test_the_digest_does_not_depend_on_order_and_database() -> None:
    rows: list[dict[str, Any]] = [{"cloud": "dod", "pinned": 1}, {"cloud": "china", "pinned": 0}]
    same = [{"cloud": "china", "pinned": False}, {"cloud": "dod", "pinned": True}]
    assert digest(rows) == digest(same) == digest([*same, {"key": "seal", "value": "x"}])
    others: list[list[dict[str, Any]]] = [
        [],
        rows[:1],
        [*rows, rows[0]],
        [{"cloud": "dod", "pinned": "1"}, rows[1]],
        [{"cloud": "dod", "pinned": None}],
    ]
    assert len({digest(rows), *map(digest, others)}) == 6


def test_a_seal_is_read_back() -> None:
    assert read_seal([{"key": "a", "value": "b"}, {"key": "seal", "value": write_seal({"b": "2", "a": "1"})}]) == {
        "a": "1",
        "b": "2",
    }
    assert tables_of("DELETE FROM p365_held; SELECT 1 FROM p365_schema, p365_states") == {"held"}
