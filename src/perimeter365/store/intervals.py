"""Intervals of versions in which a set listed an entry.

An interval has the first version that listed the entry and the first that did not. The module also finds the values
that are related to a query.

All functions work on the versions of one cloud, in their order.
"""

import json
from collections.abc import Collection, Iterable, Iterator

from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import WIDTH, parse_prefix
from perimeter365.model.query import Query
from perimeter365.store.entries import HOST, PREFIX, EntryKind

ListEntry = tuple[int, EntryKind, str]
"""(number of the set, kind, value)."""
IntervalTuple = tuple[int, EntryKind, str, str, str | None]
"""(number of the set, kind, value, first version with it, first version without it or None)."""


def list_entries(sets: Collection[EndpointSet]) -> frozenset[ListEntry]:
    """Return all entries of endpoint sets."""
    found: set[ListEntry] = set()
    for each in sets:
        found.update((each.id, HOST, host.text) for host in each.hosts)
        found.update((each.id, PREFIX, prefix) for prefix in each.listed)
    return frozenset(found)


def body_entries(body: str) -> frozenset[ListEntry]:
    """Return all entries of a state in canonical form, without creating its sets."""
    found: set[ListEntry] = set()
    for item in json.loads(body)["sets"]:
        found.update((item["id"], HOST, host) for host in item["hosts"])
        found.update((item["id"], PREFIX, prefix) for prefix in item["prefixes"])
    return frozenset(found)


def interval_tuples(versions: Iterable[tuple[str, frozenset[ListEntry]]]) -> Iterator[IntervalTuple]:
    """Yield the intervals of a sequence of versions with their entries.

    The oldest version comes first.
    """
    since: dict[ListEntry, str] = {}
    for version, listed in versions:
        for entry in [e for e in since if e not in listed]:
            yield (*entry, since.pop(entry), version)
        for entry in listed:
            since.setdefault(entry, version)
    for entry, first in since.items():
        yield (*entry, first, None)


def exact_spellings(query: Query) -> tuple[str, ...]:
    """Return the texts by which a list can name exactly this value."""
    return (str(query.prefix),) if query.prefix else (query.host.text,) if query.host else ()


def wider_and_narrower(query: Query, values: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the values that contain a query, and those that it contains.

    A pattern contains the names that it covers. Both lists keep the order of the values.
    """
    wider: list[str] = []
    narrower: list[str] = []
    own = exact_spellings(query)
    if query.prefix:
        family, first, length = query.prefix.family, query.prefix.first, query.prefix.length
        for value in values:
            if (6 if ":" in value else 4) == family:
                _, other, its = parse_prefix(value)
                if value not in own and (first ^ other) >> (WIDTH[family] - min(length, its)) == 0:
                    (wider if its < length else narrower).append(value)
    elif query.host:
        for value in values:
            pattern = HostPattern(value)
            if value not in own and ("*" in value and pattern.covers(query.host)):
                wider.append(value)
            elif value not in own and "*" in query.host.text and query.host.covers(pattern):
                narrower.append(value)
    return wider, narrower
