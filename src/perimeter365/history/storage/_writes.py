"""Changes the tables `states`, `versions`, `intervals` and `heads` as one thing, inside of the caller's transaction.

`_lists.problems` says what holds before and after each of these functions.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perimeter365.errors import StoreError
from perimeter365.history.storage import _schema as t
from perimeter365.history.storage._intervals import Stretch, entries, stretches
from perimeter365.history.storage._lists import Ask, Row, body_of, listed, rows_of, stored
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import LIVE, State


def asking(connection: Connection) -> Ask:
    """Questions through SQLAlchemy, on an open connection."""

    def ask(sql: str, **values: object) -> list[Row]:
        return [dict(row) for row in connection.execute(sa.text(sql), values).mappings()]

    return ask


def put_body(connection: Connection, state: State) -> None:
    """Store a content, if it is not there."""
    have = sa.select(t.states.c.hash).where(t.states.c.hash == state.hash)
    if connection.execute(have).first() is None:
        row = {"hash": state.hash, "cloud": state.cloud.value, "body": state.body}
        connection.execute(t.states.insert(), [row])


def append(connection: Connection, state: State, last: Row | None) -> None:
    """Store a version that its cloud does not have, behind all others."""
    put_body(connection, state)
    seq = last["seq"] + 1 if last else 1
    connection.execute(t.versions.insert(), [{**_columns(state), "seq": seq}])
    before = entries(body_of(asking(connection), last["hash"])) if last else frozenset()
    after = entries(state.body)
    open_one = (
        (t.intervals.c.cloud == state.cloud.value)
        & (t.intervals.c.set_id == sa.bindparam("s"))
        & (t.intervals.c.kind == sa.bindparam("k"))
        & (t.intervals.c.value == sa.bindparam("v"))
        & t.intervals.c.to_version.is_(None)
    )
    if gone := [{"s": s, "k": k, "v": v} for s, k, v in before - after]:
        connection.execute(t.intervals.update().where(open_one).values(to_version=state.version), gone)
    _put_intervals(connection, state.cloud, ((*e, state.version, None) for e in after - before))


def insert(connection: Connection, cloud: Cloud, new: Iterable[State]) -> None:
    """Store versions where their days belong, instead of those of the same name, and make all intervals anew.

    A live one goes behind all others; a recorded one before the first that was seen on a later day.
    """
    ask = asking(connection)
    states = {state.version: state for state in new}
    rows = [row for row in rows_of(ask, cloud) if row["version"] not in states]
    for _, state in sorted(states.items()):
        put_body(connection, state)
        row = _columns(state)
        day = stored(row).day
        later = (i for i, other in enumerate(rows) if stored(other).day > day)
        rows.insert(len(rows) if state.origin == LIVE else next(later, len(rows)), row)
    heads = ask("SELECT * FROM p365_heads WHERE cloud = :cloud", cloud=cloud.value)
    for table in (t.heads, t.intervals, t.versions):
        connection.execute(table.delete().where(table.c.cloud == cloud.value))
    connection.execute(t.versions.insert(), [{**row, "seq": i} for i, row in enumerate(rows, 1)])
    for head in heads:
        set_head(connection, cloud, head["version"], pinned=bool(head["pinned"]))
    _put_intervals(connection, cloud, stretches(listed(ask, rows)))


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
    connection.execute(t.heads.delete().where(t.heads.c.cloud == cloud.value))
    if version:
        connection.execute(t.heads.insert(), [{"cloud": cloud.value, "version": version, "pinned": pinned}])


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
    rows = [{"cloud": cloud.value, **dict(zip(names, each, strict=True))} for each in found]
    if rows:
        connection.execute(t.intervals.insert(), rows)
