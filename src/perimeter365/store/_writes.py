"""Consistent changes of `states`, `versions`, `intervals` and `heads`.

Changes of these tables are made inside the caller's transaction. Each function preserves the invariants that
`_lists.problems` checks.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from perimeter365.errors import StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import BEGINNING
from perimeter365.store._lists import SqlRow, body_of, listed, rows_of, stored
from perimeter365.store.connection import Connection
from perimeter365.store.intervals import IntervalTuple, body_entries, interval_tuples, list_entries


def insert_rows(connection: Connection, table: str, rows: Iterable[Mapping[str, object]]) -> None:
    """Insert rows, all with the same columns, into a table."""
    rows = list(rows)
    if rows:
        values = ", ".join(f":{name}" for name in rows[0])
        # Table and column names are constants of this package; the values are bound.
        connection.execute_many(f"INSERT INTO p365_{table} ({', '.join(rows[0])}) VALUES ({values})", rows)  # noqa: S608


def insert_body(connection: Connection, state: State) -> None:
    """Insert the body of a state unless it is already stored."""
    if not connection.select("SELECT 1 FROM p365_states WHERE hash = :hash", hash=state.hash):
        insert_rows(connection, "states", [{"hash": state.hash, "cloud": state.cloud.value, "body": state.body}])


def append_state(connection: Connection, state: State, last: SqlRow | None, upstream: str | None = None) -> None:
    """Insert a new version after all versions of its cloud.

    `upstream` is the hash of what upstream published, if that is another content, which is stored.
    """
    insert_body(connection, state)
    row = {**_columns(state), "seq": last["seq"] + 1 if last else 1, "upstream": upstream}
    insert_rows(connection, "versions", [row])
    before = body_entries(body_of(connection.select, last["hash"])) if last else frozenset()
    after = list_entries(state.sets)
    connection.execute_many(
        "UPDATE p365_intervals SET to_version = :version WHERE cloud = :cloud AND set_id = :set_id AND kind = :kind"
        " AND value = :value AND to_version IS NULL",
        [
            {"version": state.version, "cloud": state.cloud.value, "set_id": number, "kind": kind, "value": value}
            for number, kind, value in before - after
        ],
    )
    _insert_intervals(connection, state.cloud, ((*e, state.version, None) for e in after - before))


def insert_states(connection: Connection, cloud: Cloud, new: Iterable[State], upstream: str | None = None) -> None:
    """Insert versions in day order, and rebuild the cloud's intervals.

    Versions with the same name are replaced. A live version goes after all others, a recorded one before the first
    version of a later day. `upstream` is as for `append_state`.
    """
    states = {state.version: state for state in new}
    rows = [row for row in rows_of(connection.select, cloud) if row["version"] not in states]
    for _, state in sorted(states.items()):
        insert_body(connection, state)
        row = {**_columns(state), "upstream": upstream}
        day = stored(row).day
        later = (i for i, other in enumerate(rows) if stored(other).day > day)
        rows.insert(len(rows) if state.origin == LIVE else next(later, len(rows)), row)
    heads = connection.select("SELECT * FROM p365_heads WHERE cloud = :cloud", cloud=cloud.value)
    for table in ("heads", "intervals", "versions"):
        connection.execute(f"DELETE FROM p365_{table} WHERE cloud = :cloud", cloud=cloud.value)  # noqa: S608
    insert_rows(connection, "versions", ({**row, "seq": i} for i, row in enumerate(rows, 1)))
    insert_rows(connection, "heads", heads)
    _insert_intervals(connection, cloud, interval_tuples(listed(connection.select, rows)))


def new_states(rows: Sequence[SqlRow], states: Iterable[State]) -> list[State]:
    """Return the states whose version is not in the rows, without duplicates.

    Raises:
        StoreError: a version is stored, or passed twice, with different contents.
    """
    have: dict[str, str] = {row["version"]: row["hash"] for row in rows}
    new = []
    for state in states:
        if state.version not in have:
            new.append(state)
        elif have[state.version] != state.hash:
            raise StoreError(
                f"{state.cloud} {state.version} is stored with another content: "
                f"{have[state.version][:12]}, not {state.hash[:12]}"
            )
        have[state.version] = state.hash
    return new


def set_head(
    connection: Connection, cloud: Cloud, version: str | None, *, pinned: bool, at: str, back: int | None = None
) -> None:
    """Put a version into force; None for the embedded list.

    `forces` gets a row with the time `at`, unless the content in force stays the same. `back` is the row to which a rollback
    returns. The row of the embedded list, whose content is not stored, has the version `0000000000` and the hash of the row
    before: without it, a list that comes into force twice would look as if nothing had been in between.
    """
    connection.execute("DELETE FROM p365_heads WHERE cloud = :cloud", cloud=cloud.value)
    sql = "SELECT version, hash FROM p365_forces WHERE cloud = :cloud ORDER BY id DESC LIMIT 1"
    last = connection.select(sql, cloud=cloud.value)
    if not version:
        if last and last[0]["version"] != BEGINNING:
            fallen = {"cloud": cloud.value, "version": BEGINNING, "hash": last[0]["hash"], "at": at, "back": None}
            insert_rows(connection, "forces", [fallen])
        return
    insert_rows(connection, "heads", [{"cloud": cloud.value, "version": version, "pinned": pinned}])
    (row,) = (row for row in rows_of(connection.select, cloud) if row["version"] == version)
    if last != [{"version": version, "hash": row["hash"]}]:
        new = {"cloud": cloud.value, "version": version, "hash": row["hash"], "at": at, "back": back}
        insert_rows(connection, "forces", [new])


def _columns(state: State) -> dict[str, Any]:
    return {
        "cloud": state.cloud.value,
        "version": state.version,
        "origin": state.origin,
        "recorded": state.recorded.isoformat() if state.recorded else None,
        "hash": state.hash,
    }


def _insert_intervals(connection: Connection, cloud: Cloud, found: Iterable[IntervalTuple]) -> None:
    names = ("set_id", "kind", "value", "from_version", "to_version")
    insert_rows(connection, "intervals", ({"cloud": cloud.value, **dict(zip(names, each, strict=True))} for each in found))
