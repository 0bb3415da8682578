"""Transactions in the same words on either database."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from perimeter365.errors import StoreError
from perimeter365.store.connection import Connection
from perimeter365.store.database import migrate, source_of
from perimeter365.store.place import is_server
from perimeter365.store.sqlite import make_file

if TYPE_CHECKING:
    from perimeter365.store.connection import Source


@pytest.fixture
def source(place: str) -> "Iterator[Source]":
    """A database with our tables and nothing in them."""
    if is_server(place):
        opened = source_of(place)
        with opened.begin(writing=True) as connection:
            migrate(connection)
    else:
        make_file(place, migrate)
        opened = source_of(place)
    yield opened
    opened.close()


def raise_after(connection: Connection, sql: str) -> None:
    connection.do(sql)
    raise ZeroDivisionError


def test_values_are_bound_by_their_names_whatever_is_in_them(source: "Source") -> None:
    odd = "it's 100%, %s %(key)s :key ::text \\ ; --"
    with source.begin(writing=True) as connection:
        connection.do("INSERT INTO p365_notes (value, key) VALUES (:value, :key)", key="a", value=odd)
        connection.do_each("INSERT INTO p365_notes VALUES (:key, :value)", [{"key": k, "value": k * 2} for k in "bc"])
        connection.do_each("INSERT INTO p365_notes VALUES (:key, :value)", [])
    with source.begin() as connection:
        assert connection.ask("SELECT value FROM p365_notes WHERE key = :key", key="a") == [{"value": odd}]
        found = connection.ask("SELECT key FROM p365_notes WHERE key LIKE '%' AND key <> :key ORDER BY key", key="a")
    assert found == [{"key": "b"}, {"key": "c"}]


def test_an_exception_undoes_all_of_a_transaction(source: "Source") -> None:
    with pytest.raises(ZeroDivisionError), source.begin(writing=True) as connection:
        raise_after(connection, "INSERT INTO p365_notes VALUES ('a', 'b')")
    with source.begin() as connection:
        assert connection.ask("SELECT * FROM p365_notes") == []


def test_an_error_of_the_database_is_ours_and_the_next_transaction_is_well(source: "Source") -> None:
    with pytest.raises(StoreError), source.begin(writing=True) as connection:
        connection.do("INSERT INTO p365_notes VALUES ('a', NULL)")
    with source.begin(writing=True) as connection:
        connection.do("INSERT INTO p365_notes VALUES ('a', 'b')")
    with source.begin() as connection:
        assert connection.ask("SELECT * FROM p365_notes") == [{"key": "a", "value": "b"}]


def test_the_revision_is_that_of_the_tables(source: "Source") -> None:
    def changed(sql: str) -> str | None:
        with source.begin(writing=True) as connection:
            connection.do(sql)
            return connection.revision()

    assert changed("DELETE FROM p365_notes") == "0001"
    assert changed("UPDATE p365_schema SET version_num = '9999'") == "9999"
    assert changed("DELETE FROM p365_schema") == ""
    assert changed("DROP TABLE p365_schema") is None


def test_a_writer_gives_up_on_another_one_after_the_wait(source: "Source", monkeypatch: pytest.MonkeyPatch) -> None:
    assert Connection.WAIT == 30
    monkeypatch.setattr(Connection, "WAIT", 0.2)
    with source.begin(writing=True), pytest.raises(StoreError, match="writing for more than 0 seconds"):
        source.begin(writing=True)
