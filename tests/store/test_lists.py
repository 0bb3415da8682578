"""Each violation of a store's invariants is found."""

import pytest

from perimeter365.errors import StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.query import parse_query
from perimeter365.model.state import State
from perimeter365.store._lists import intervals_for, listed, rows_of, state_of, stored
from perimeter365.store.store import Store
from tests.history import oracle

BREAKS = {
    "UPDATE p365_states SET body = replace(body, 'outlook', 'outlock')": "not what was stored",
    "UPDATE p365_versions SET seq = seq + 7": "not numbered",
    "DELETE FROM p365_intervals WHERE value = 'outlook.example.com'": "intervals",
    "UPDATE p365_intervals SET to_version = '2030050500' WHERE to_version IS NULL": "intervals",
    "UPDATE p365_intervals SET from_version = '2030040700' WHERE value = 'id.example.org'": "intervals",
}


@pytest.mark.parametrize("sql", BREAKS)
def test_an_inconsistent_store_is_detected(sql: str, store: Store, recorded: tuple[State, ...]) -> None:
    for state in recorded:
        store.commit(state)
    assert store.problems() == ()
    with store._database.writing() as connection:
        connection.execute(sql)
    assert any(BREAKS[sql] in problem for problem in store.problems())


def test_a_damaged_body_is_never_returned(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(recorded[0])
    with store._database.writing() as connection:
        connection.execute("UPDATE p365_states SET body = replace(body, '/25', '/24')")
        with pytest.raises(StoreError, match="not what was stored"):
            state_of(connection.select, rows_of(connection.select)[0])


def test_a_damaged_version_is_an_error(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(recorded[0])
    with store._database.reading() as connection:
        (row,) = rows_of(connection.select)
    assert stored(row).version == recorded[0].version
    with pytest.raises(StoreError, match="the store is damaged: 'new' is not a version of ten digits"):
        stored({**row, "version": "new"})


def test_each_version_has_the_entries_of_its_file(store: Store, recorded: tuple[State, ...]) -> None:
    store.add(recorded)
    with store._database.reading() as connection:
        select = connection.select
        found = dict(listed(select, rows_of(select, Cloud.WORLDWIDE)))
    for version, file in oracle.series():
        expected = {(n, "host", v) for n, v in oracle.entries(file, "urls")}
        expected |= {(n, "prefix", v) for n, v in oracle.entries(file, "ips")}
        assert found[version] == expected


def test_only_a_value_that_was_never_listed_gives_wider_values(store: Store, recorded: tuple[State, ...]) -> None:
    store.add(recorded)
    with store._database.reading() as connection:
        select = connection.select
        exact = intervals_for(select, parse_query("131.107.100.0/25"))
        inside = intervals_for(select, parse_query("131.107.100.7"))
        pattern = intervals_for(select, parse_query("www.login.example.com"))
    assert {i.value for i in exact} == {"131.107.100.0/25"}
    assert [(i.value, i.since, i.until) for i in inside] == [
        ("131.107.100.0/24", "2030030300", None),
        ("131.107.100.0/25", "2030010600", "2030030300"),
    ]
    assert {i.value for i in pattern} == {"*.login.example.com"}
