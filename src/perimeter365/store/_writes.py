"""Changes the tables `states`, `versions`, `intervals` and `heads` as one thing, inside of the caller's transaction.

`_lists.problems` says what holds before and after each of these functions.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from perimeter365.errors import StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import LIVE, State
from perimeter365.store._lists import Row, body_of, listed, rows_of, stored
from perimeter365.store.connection import Connection
from perimeter365.store.intervals import Stretch, entries, entries_of, stretches


def put(connection: Connection, table: str, rows: Iterable[Mapping[str, object]]) -> None:
    """Insert rows, which have all the same columns, into a table."""
    rows = list(rows)
    if rows:
        values = ", ".join(f":{name}" for name in rows[0])
        # The names are those of this package's columns; the values are bound.
        connection.do_each(f"INSERT INTO p365_{table} ({', '.join(rows[0])}) VALUES ({values})", rows)  # noqa: S608


def put_body(connection: Connection, state: State) -> None:
    """Store a content, if it is not there."""
    if not connection.ask("SELECT 1 FROM p365_states WHERE hash = :hash", hash=state.hash):
        put(connection, "states", [{"hash": state.hash, "cloud": state.cloud.value, "body": state.body}])


def append(connection: Connection, state: State, last: Row | None) -> None:
    """Store a version that its cloud does not have, after all others."""
    put_body(connection, state)
    put(connection, "versions", [{**_columns(state), "seq": last["seq"] + 1 if last else 1}])
    before = entries_of(body_of(connection.ask, last["hash"])) if last else frozenset()
    after = entries(state.sets)
    connection.do_each(
        "UPDATE p365_intervals SET to_version = :version WHERE cloud = :cloud AND set_id = :set_id AND kind = :kind"
        " AND value = :value AND to_version IS NULL",
        [
            {"version": state.version, "cloud": state.cloud.value, "set_id": number, "kind": kind, "value": value}
            for number, kind, value in before - after
        ],
    )
    _put_intervals(connection, state.cloud, ((*e, state.version, None) for e in after - before))


def insert(connection: Connection, cloud: Cloud, new: Iterable[State]) -> None:
    """Store versions where their days belong, instead of those of the same name, and make all intervals anew.

    A live one goes after all others; a recorded one before the first that was seen on a later day.
    """
    states = {state.version: state for state in new}
    rows = [row for row in rows_of(connection.ask, cloud) if row["version"] not in states]
    for _, state in sorted(states.items()):
        put_body(connection, state)
        row = _columns(state)
        day = stored(row).day
        later = (i for i, other in enumerate(rows) if stored(other).day > day)
        rows.insert(len(rows) if state.origin == LIVE else next(later, len(rows)), row)
    heads = connection.ask("SELECT * FROM p365_heads WHERE cloud = :cloud", cloud=cloud.value)
    for table in ("heads", "intervals", "versions"):
        connection.do(f"DELETE FROM p365_{table} WHERE cloud = :cloud", cloud=cloud.value)  # noqa: S608
    put(connection, "versions", ({**row, "seq": i} for i, row in enumerate(rows, 1)))
    put(connection, "heads", heads)
    _put_intervals(connection, cloud, stretches(listed(connection.ask, rows)))


def unknown(rows: Sequence[Row], states: Iterable[State]) -> list[State]:
    """Those of the states whose version is in none of the rows, each once.

    Raises StoreError when a version is there, or given twice, with another content.
    """
    have: dict[str, str] = {row["version"]: row["hash"] for row in rows}
    new = []
    for state in states:
        if state.version not in have:
            new.append(state)
        elif have[state.version] != state.hash:
            raise StoreError(
                f"{state.cloud} {state.version} is known with another content: "
                f"{have[state.version][:12]}, not {state.hash[:12]}"
            )
        have[state.version] = state.hash
    return new


def set_head(connection: Connection, cloud: Cloud, version: str | None, *, pinned: bool) -> None:
    """Put a version into force; None: the embedded list."""
    connection.do("DELETE FROM p365_heads WHERE cloud = :cloud", cloud=cloud.value)
    if version:
        put(connection, "heads", [{"cloud": cloud.value, "version": version, "pinned": pinned}])


def _columns(state: State) -> dict[str, Any]:
    return {
        "cloud": state.cloud.value,
        "version": state.version,
        "origin": state.origin,
        "recorded": state.recorded.isoformat() if state.recorded else None,
        "hash": state.hash,
    }


def _put_intervals(connection: Connection, cloud: Cloud, found: Iterable[Stretch]) -> None:
    names = ("set_id", "kind", "value", "from_version", "to_version")
    put(connection, "intervals", ({"cloud": cloud.value, **dict(zip(names, each, strict=True))} for each in found))
