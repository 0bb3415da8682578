"""The content of a store as one value, read without perimeter365. All oracles compare these values.

A dump is a mapping from each table to its rows, sorted, each row a mapping; equal dumps are equal stores. `ABSENT` is
the dump of a store that is not there, `EMPTY` that of one without tables (PostgreSQL before the first start).
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from tests.history import oracle

Dump = Mapping[str, list[dict[str, Any]]]
ABSENT: Dump = {"absent": []}
EMPTY: Dump = {}


def of(place: str) -> Dump:
    """Return the whole content of a store, read on one snapshot."""
    return _of_server(place) if place.startswith("postgresql://") else _of_file(place)


def digest(dump: Dump) -> str:
    """Return a digest of sixteen hex digits."""
    return hashlib.sha256(json.dumps(dump, sort_keys=True).encode()).hexdigest()[:16]


def blinded(dump: Dump, columns: Sequence[str]) -> Dump:
    """Return a dump without some columns, and without the seal, which covers all columns."""
    left = {t: [row for row in rows if not columns or row.get("key") != "seal"] for t, rows in dump.items()}
    return {t: _sorted({k: row[k] for k in row if k not in columns} for row in rows) for t, rows in left.items()}


def untried(dump: Dump) -> Dump:
    """Return a dump without the notes of attempts, the only thing that a sync writes before its transaction."""

    def text(note: dict[str, Any]) -> str:
        lines = note["value"].splitlines()
        return "\n".join(line for line in lines if note["key"] != "seal" or not line.startswith("notes="))

    notes = [{**note, "value": text(note)} for note in dump["p365_notes"] if not note["key"].startswith("sync.tried.")]
    return {**dump, "p365_notes": notes}


def differences(one: Dump, other: Dump) -> str:
    """Describe the rows that only one dump has, for messages."""
    said = []
    for table in sorted({*one, *other}):
        mine, yours = ({json.dumps(r, sort_keys=True)[:300] for r in d.get(table, ())} for d in (one, other))
        if mine != yours:
            said.append(f"{table}: -{len(mine - yours)} +{len(yours - mine)}, {sorted(mine ^ yours)[:3]}")
    return "; ".join(said) or "equal"


def integrity(place: str) -> list[str]:
    """Return the findings of SQLite's integrity check; [] for a sound file, and for a server."""
    if place.startswith("postgresql://") or not Path(place).exists():
        return []
    with closing(sqlite3.connect(place, timeout=30)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        return [text for text in found if text != "ok"] + [
            str(row) for row in connection.execute("PRAGMA foreign_key_check")
        ]


def wrong(dump: Dump) -> list[str]:
    """Return inconsistencies, by walking the lists: bodies, order, intervals, heads and notifications."""
    found: list[str] = []
    bodies = {row["hash"]: row["body"] for row in dump.get("p365_states", ())}
    found += [f"content {h[:8]}" for h, body in bodies.items() if hashlib.sha256(body.encode()).hexdigest() != h]
    versions = sorted(dump.get("p365_versions", ()), key=lambda row: (row["cloud"], row["seq"]))
    for cloud in {row["cloud"] for row in versions}:
        mine = [row for row in versions if row["cloud"] == cloud]
        lists = [(row["version"], _listed(bodies[row["hash"]])) for row in mine]
        for value in oracle.values(lists):
            rows = [r for r in dump["p365_intervals"] if (r["cloud"], r["value"]) == (cloud, value)]
            if {(r["set_id"], r["from_version"], r["to_version"]) for r in rows} != oracle.stretches(lists, value):
                found.append(f"intervals of {cloud} {value}")
        heads = [row["version"] for row in dump["p365_heads"] if row["cloud"] == cloud]
        live = [row["version"] for row in mine if row["origin"] == "live"]
        if heads != live[-1:]:
            found.append(f"head of {cloud}: {heads}, not {live[-1:]}")
        told = sorted(
            json.loads(row["payload"])["new"]
            for row in dump["p365_outbox"]
            if row["kind"] == "committed" and json.loads(row["payload"])["cloud"] == cloud
        )
        if (
            not set(told) <= set(live) or len(told) != len(set(told)) or len(live) - len(told) > 1
        ):  # the first version is not notified
            found.append(f"notifications of {cloud}: {told} for {live}")
    return found


def _listed(body: str) -> oracle.Listed:
    """Return a canonical body in the form of the service."""
    return {s["id"]: {"urls": s["hosts"], "ips": s["prefixes"]} for s in json.loads(body)["sets"]}


def of_answers(select: Callable[[str], Iterable[Mapping[str, Any]]]) -> Dump:
    """Return all tables of a SQLite file, read on one snapshot."""
    names = sorted(row["name"] for row in select("SELECT name FROM sqlite_master WHERE type = 'table'"))
    return {name: _sorted(map(dict, select(f'SELECT * FROM "{name}"'))) for name in names}


def _of_file(place: str) -> Dump:
    if not Path(place).exists():
        return ABSENT
    with closing(sqlite3.connect(place, timeout=30, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN")
        return of_answers(connection.execute)


def _of_server(place: str) -> Dump:
    with psycopg.connect(place, row_factory=psycopg.rows.dict_row) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        names = [row["tablename"] for row in connection.execute(query)]
        return {name: _sorted(connection.execute(f'SELECT * FROM "{name}"'.encode())) for name in names}


def _sorted(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    # SQLite has no booleans
    same = ({k: int(v) if isinstance(v, bool) else v for k, v in row.items()} for row in rows)
    return sorted(same, key=lambda row: json.dumps(row, sort_keys=True))
