"""Transactions behave alike on both databases."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from perimeter365.errors import StoreError
from perimeter365.store.connection import Connection
from perimeter365.store.database import migrate, open_source
from perimeter365.store.migrations import REVISIONS
from perimeter365.store.place import is_server
from perimeter365.store.sqlite import make_file

if TYPE_CHECKING:
    from perimeter365.store.connection import Source


@pytest.fixture
def source(place: str) -> "Iterator[Source]":
    """A database with empty tables."""
    if is_server(place):
        opened = open_source(place)
        with opened.begin(writing=True) as connection:
            migrate(connection)
    else:
        make_file(place, migrate)
        opened = open_source(place)
    yield opened
    opened.close()


def raise_after(connection: Connection, sql: str) -> None:
    connection.execute(sql)
    raise ZeroDivisionError


def test_parameters_are_bound_by_name_whatever_they_contain(source: "Source") -> None:
    odd = "it's 100%, %s %(key)s :key ::text \\ ; --"
    with source.begin(writing=True) as connection:
        connection.execute("INSERT INTO p365_notes (value, key) VALUES (:value, :key)", key="a", value=odd)
        connection.execute_many("INSERT INTO p365_notes VALUES (:key, :value)", [{"key": k, "value": k * 2} for k in "bc"])
        connection.execute_many("INSERT INTO p365_notes VALUES (:key, :value)", [])
    with source.begin() as connection:
        assert connection.select("SELECT value FROM p365_notes WHERE key = :key", key="a") == [{"value": odd}]
        found = connection.select("SELECT key FROM p365_notes WHERE key LIKE '_' AND key <> :key ORDER BY key", key="a")
    assert found == [{"key": "b"}, {"key": "c"}]


def test_an_exception_rolls_back_the_transaction(source: "Source") -> None:
    with pytest.raises(ZeroDivisionError), source.begin(writing=True) as connection:
        raise_after(connection, "INSERT INTO p365_notes VALUES ('a', 'b')")
    with source.begin() as connection:
        assert connection.select("SELECT * FROM p365_notes WHERE key <> 'seal'") == []


def test_a_database_error_is_a_store_error_and_the_next_transaction_works(source: "Source") -> None:
    with pytest.raises(StoreError), source.begin(writing=True) as connection:
        connection.execute("INSERT INTO p365_notes VALUES ('a', NULL)")
    with source.begin(writing=True) as connection:
        connection.execute("INSERT INTO p365_notes VALUES ('a', 'b')")
    with source.begin() as connection:
        assert connection.select("SELECT * FROM p365_notes WHERE key <> 'seal'") == [{"key": "a", "value": "b"}]


def test_the_revision_of_the_tables_is_read(source: "Source") -> None:
    def changed(sql: str) -> str | None:
        with source.begin(writing=True) as connection:
            connection.execute(sql)
            return connection.revision()

    assert changed("DELETE FROM p365_notes") == REVISIONS[-1]
    assert changed("UPDATE p365_schema SET version_num = '9999'") == "9999"
    assert changed("DELETE FROM p365_schema") == ""
    assert changed("DROP TABLE p365_schema") is None


def test_a_writer_gives_up_waiting_for_another_one(source: "Source", monkeypatch: pytest.MonkeyPatch) -> None:
    assert Connection.WAIT == 30
    monkeypatch.setattr(Connection, "WAIT", 0.2)
    with source.begin(writing=True), pytest.raises(StoreError, match="writing for more than 0 seconds"):
        source.begin(writing=True)
