"""Queries of the tables `states`, `versions`, `intervals` and `heads`.

Each function takes the `select` method of a `store.connection.Connection`, or, in a rehearsal without a store, a function
that returns no rows.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, Protocol, get_args

from perimeter365.errors import CatalogError, StoreError
from perimeter365.model.catalog import ORIGINS
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import decode, natural, parsed, string, text
from perimeter365.model.digest import sha256_hex
from perimeter365.model.query import Query
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.model.word import check_word
from perimeter365.store.entries import HOST, PREFIX, EntryKind, Interval, RelatedIntervals, StoredVersion
from perimeter365.store.intervals import ListEntry, body_entries, exact_spellings, interval_tuples, wider_and_narrower

SqlRow = dict[str, Any]
_VERSION = parsed(Version)
_CLOUD = parsed(Cloud.named)
_HASH = text("[0-9a-f]{64}")


class Select(Protocol):
    """A function that executes one query.

    Its parameters are written `:name` in the SQL text.
    """

    def __call__(self, sql: str, **values: object) -> list[SqlRow]:
        """Return the rows of the result."""


def rows_of(select: Select, cloud: Cloud | None = None) -> list[SqlRow]:
    """Return the rows of `versions` of one cloud or of all.

    They are in `seq` order within each cloud.
    """
    if cloud:
        return select("SELECT * FROM p365_versions WHERE cloud = :cloud ORDER BY seq", cloud=cloud.value)
    return select("SELECT * FROM p365_versions ORDER BY cloud, seq")


def version_of(text: str) -> Version:
    """Convert a stored version. Raises StoreError if it is damaged."""
    return decode("the store is damaged", _VERSION, text, StoreError)


def cloud_of(text: str) -> Cloud:
    """Convert the name of a stored cloud. Raises StoreError if it is damaged."""
    return decode("the store is damaged", _CLOUD, text, StoreError)


def stored_clouds(select: Select) -> list[Cloud]:
    """Return the clouds that have a version, a list in force or intervals, sorted."""
    sql = " UNION ".join(f"SELECT cloud FROM p365_{table}" for table in ("versions", "heads", "intervals"))  # noqa: S608
    return sorted(cloud_of(row["cloud"]) for row in select(sql))


def stored(row: SqlRow) -> StoredVersion:
    """Convert a row of `versions` to a StoredVersion.

    Raises StoreError if it is damaged.
    """
    return decode("the store is damaged", _stored, row, StoreError)


def _stored(row: SqlRow) -> StoredVersion:
    return StoredVersion(
        cloud=cloud_of(row["cloud"]),
        version=version_of(row["version"]),
        origin=check_word(row["origin"], ORIGINS, "an origin"),
        recorded=date.fromisoformat(row["recorded"]) if row["recorded"] else None,
        hash=_HASH(row["hash"]),
        upstream=_HASH(row["upstream"]) if row.get("upstream") else "",
    )


def body_of(select: Select, content: str) -> str:
    """Return the body with a hash.

    Raises:
        StoreError: the body is missing or does not match its hash.
    """
    found = select("SELECT body FROM p365_states WHERE hash = :hash", hash=content)
    if not found or sha256_hex(str(found[0]["body"])) != content:
        raise StoreError(f"the store is damaged: the content {content[:12]} is not what was stored")
    return str(found[0]["body"])


def state_of(select: Select, row: SqlRow) -> State:
    """Return the state of a row of `versions`. Raises StoreError if it is damaged."""
    version = stored(row)
    try:
        return State.from_body(
            body_of(select, version.hash),
            version=version.version,
            origin=version.origin,
            recorded=version.recorded,
        )
    except CatalogError as error:
        raise StoreError(f"the store is damaged: {version.cloud} {version.version}: {error.message}") from error


def in_force(select: Select, cloud: Cloud) -> str | None:
    """Return the version in force of a cloud; None if the store has none."""
    found = select("SELECT version FROM p365_heads WHERE cloud = :cloud", cloud=cloud.value)
    return str(found[0]["version"]) if found else None


def intervals_for(select: Select, query: Query) -> tuple[Interval, ...]:
    """Return the intervals with exactly this value.

    If there are none, return those of wider prefixes and patterns.
    """
    return _intervals(select, exact_spellings(query), _order(select)) or related(select, query).wider


def related(select: Select, query: Query) -> RelatedIntervals:
    """Return the intervals of a value and of related values.

    Related values are wider prefixes or patterns, and narrower ones.
    """
    (text,) = exact_spellings(query)
    kind, like = (PREFIX, "%:%" if ":" in text else "%.%") if query.prefix else (HOST, "%" if "*" in text else "%*%")
    sql = "SELECT DISTINCT value FROM p365_intervals WHERE kind = :kind AND value LIKE :like"
    values = [row["value"] for row in select(sql, kind=kind, like=like)]
    wider, narrower = decode("the store is damaged", partial(wider_and_narrower, query), values, StoreError)
    order = _order(select)
    found = [_intervals(select, values, order) for values in ([text], wider, narrower)]
    return RelatedIntervals(exact=found[0], wider=found[1], narrower=found[2])


_Order = Mapping[tuple[str, str], int]
"""(cloud, version) -> position among the cloud's versions."""


def _order(select: Select) -> _Order:
    rows = select("SELECT cloud, version, seq FROM p365_versions")
    return {(row["cloud"], row["version"]): decode("the store is damaged", natural, row["seq"], StoreError) for row in rows}


def _intervals(select: Select, values: Iterable[str], order: _Order) -> tuple[Interval, ...]:
    """Return the intervals with these values, sorted by cloud, set, value and time."""
    sql = "SELECT * FROM p365_intervals WHERE value = :value"
    rows = [_interval(row) for value in values for row in select(sql, value=value)]
    return tuple(sorted(rows, key=lambda i: (i.cloud, i.endpoint_set, i.value, order.get((i.cloud.value, i.since), 0))))


def listed(select: Select, rows: Iterable[SqlRow]) -> Iterator[tuple[str, frozenset[ListEntry]]]:
    """Yield each version with its entries.

    A body that consecutive versions share is read once.
    """
    last = ("", frozenset[ListEntry]())
    for row in rows:
        if row["hash"] != last[0]:
            last = (row["hash"], decode("the store is damaged", body_entries, body_of(select, row["hash"]), StoreError))
        yield row["version"], last[1]


def problems(select: Select) -> Iterator[str]:
    """Check the invariants of the tables and yield a message for each violation.

    Each body matches its hash. The `seq` of a cloud's versions counts from 1 without gaps. The intervals are those that
    follow from the versions in this order. The version in force is one of the versions.
    """
    for row in select("SELECT hash, cloud, body FROM p365_states"):
        if sha256_hex(str(row["body"])) != row["hash"]:
            yield f"the content {str(row['hash'])[:12]} of {row['cloud']} is not what was stored"
            return
    for cloud in stored_clouds(select):
        rows = rows_of(select, cloud)
        if [row["seq"] for row in rows] != list(range(1, len(rows) + 1)):
            yield f"the versions of {cloud} are not numbered from 1 without gaps"
        found = select("SELECT * FROM p365_intervals WHERE cloud = :cloud", cloud=cloud.value)
        names = ("set_id", "kind", "value", "from_version", "to_version")
        if {tuple(row[name] for name in names) for row in found} != set(interval_tuples(listed(select, rows))):
            yield f"the intervals of {cloud} do not follow from its versions"
        head = in_force(select, cloud)
        if head and head not in [row["version"] for row in rows]:
            yield f"the version in force of {cloud}, {head}, is not stored"


def _interval(row: SqlRow) -> Interval:
    return decode("the store is damaged", _read_interval, row, StoreError)


def _read_interval(row: SqlRow) -> Interval:
    kind: EntryKind = check_word(row["kind"], get_args(EntryKind), "a kind of entry")
    return Interval(
        value=string(row["value"]),
        kind=kind,
        cloud=cloud_of(row["cloud"]),
        endpoint_set=natural(row["set_id"]),
        since=version_of(row["from_version"]),
        until=version_of(row["to_version"]) if row["to_version"] else None,
    )
