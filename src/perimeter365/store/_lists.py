"""Reads the tables `states`, `versions`, `intervals` and `heads`.

What asks is a function `ask(sql, name=value …) -> rows as mappings`: that of a `store.connection.Connection`, or of
nothing at all, where a rehearsal has no store.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from perimeter365.errors import CatalogError, StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import decode, parsed
from perimeter365.model.digest import sha256_hex
from perimeter365.model.query import Query
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.store.entries import HOST, PREFIX, Interval, Related, StoredVersion
from perimeter365.store.intervals import Entry, around, entries_of, spellings, stretches

Row = dict[str, Any]
_VERSION = parsed(Version)


class Ask(Protocol):
    """Asks one question; values are named `:name` in it."""

    def __call__(self, sql: str, **values: object) -> list[Row]:
        """The rows of the answer."""


def rows_of(ask: Ask, cloud: Cloud | None = None) -> list[Row]:
    """The versions of a cloud, or of all, each cloud's in its order."""
    if cloud:
        return ask("SELECT * FROM p365_versions WHERE cloud = :cloud ORDER BY seq", cloud=cloud.value)
    return ask("SELECT * FROM p365_versions ORDER BY cloud, seq")


def version_of(text: str) -> Version:
    """A version as it is stored. Raises StoreError when it is damaged."""
    return decode("the store is damaged", _VERSION, text, StoreError)


def stored(row: Row) -> StoredVersion:
    """A row of `versions` as a value."""
    return StoredVersion(
        cloud=Cloud(row["cloud"]),
        version=version_of(row["version"]),
        origin=row["origin"],
        recorded=date.fromisoformat(row["recorded"]) if row["recorded"] else None,
        hash=row["hash"],
    )


def body_of(ask: Ask, content: str) -> str:
    """A content by its hash. Raises StoreError when it is not there, or not what was stored."""
    found = ask("SELECT body FROM p365_states WHERE hash = :hash", hash=content)
    if not found or sha256_hex(str(found[0]["body"])) != content:
        raise StoreError(f"the store is damaged: the content {content[:12]} is not what was stored")
    return str(found[0]["body"])


def state_of(ask: Ask, row: Row) -> State:
    """The state of a row of `versions`. Raises StoreError when it is damaged."""
    version = stored(row)
    try:
        return State.from_body(
            body_of(ask, version.hash),
            version=version.version,
            origin=version.origin,
            recorded=version.recorded,
        )
    except CatalogError as error:
        raise StoreError(f"the store is damaged: {version.cloud} {version.version}: {error.message}") from error


def in_force(ask: Ask, cloud: Cloud) -> str | None:
    """The version in force of a cloud; None when none is."""
    found = ask("SELECT version FROM p365_heads WHERE cloud = :cloud", cloud=cloud.value)
    return str(found[0]["version"]) if found else None


def intervals_for(ask: Ask, query: Query) -> tuple[Interval, ...]:
    """The intervals with exactly this value; when there is none, those that hold or cover it."""
    return _intervals(ask, spellings(query), _order(ask)) or related(ask, query).wider


def related(ask: Ask, query: Query) -> Related:
    """The intervals of a value, of those that hold or cover it, and of those that it holds or covers."""
    (text,) = spellings(query)
    kind, like = (PREFIX, "%:%" if ":" in text else "%.%") if query.prefix else (HOST, "%" if "*" in text else "%*%")
    sql = "SELECT DISTINCT value FROM p365_intervals WHERE kind = :kind AND value LIKE :like"
    wider, narrower = around(query, [row["value"] for row in ask(sql, kind=kind, like=like)])
    order = _order(ask)
    itself, holding, held = (_intervals(ask, values, order) for values in ([text], wider, narrower))
    return Related(itself=itself, wider=holding, narrower=held)


_Order = Mapping[tuple[str, str], int]
"""Cloud and version -> its place among the cloud's versions."""


def _order(ask: Ask) -> _Order:
    return {(row["cloud"], row["version"]): row["seq"] for row in ask("SELECT cloud, version, seq FROM p365_versions")}


def _intervals(ask: Ask, values: Iterable[str], order: _Order) -> tuple[Interval, ...]:
    """The intervals with these values: by cloud, set, value and time."""
    sql = "SELECT * FROM p365_intervals WHERE value = :value"
    rows = [_interval(row) for value in values for row in ask(sql, value=value)]
    return tuple(sorted(rows, key=lambda i: (i.cloud, i.endpoint_set, i.value, order.get((i.cloud.value, i.since), 0))))


def listed(ask: Ask, rows: Iterable[Row]) -> Iterator[tuple[str, frozenset[Entry]]]:
    """Each version with its entries. A content that comes again at once is read once."""
    last = ("", frozenset[Entry]())
    for row in rows:
        if row["hash"] != last[0]:
            last = (row["hash"], entries_of(body_of(ask, row["hash"])))
        yield row["version"], last[1]


def problems(ask: Ask) -> Iterator[str]:
    """What does not hold of what always should, in words; nothing when all does.

    Each content is what its hash says; a cloud's `seq` counts from 1; its intervals are those of its versions in that
    order; its version in force is one of them.
    """
    for row in ask("SELECT hash, cloud, body FROM p365_states"):
        if sha256_hex(row["body"]) != row["hash"]:
            yield f"the content {row['hash'][:12]} of {row['cloud']} is not what was stored"
            return
    for cloud in Cloud:
        rows = rows_of(ask, cloud)
        if [row["seq"] for row in rows] != list(range(1, len(rows) + 1)):
            yield f"the versions of {cloud} are not numbered"
        found = ask("SELECT * FROM p365_intervals WHERE cloud = :cloud", cloud=cloud.value)
        names = ("set_id", "kind", "value", "from_version", "to_version")
        if {tuple(row[name] for name in names) for row in found} != set(stretches(listed(ask, rows))):
            yield f"the intervals of {cloud} do not follow from its versions"
        head = in_force(ask, cloud)
        if head and head not in [row["version"] for row in rows]:
            yield f"the version in force of {cloud}, {head}, is not stored"


def _interval(row: Row) -> Interval:
    return Interval(
        value=row["value"],
        kind=row["kind"],
        cloud=Cloud(row["cloud"]),
        endpoint_set=row["set_id"],
        since=version_of(row["from_version"]),
        until=version_of(row["to_version"]) if row["to_version"] else None,
    )
