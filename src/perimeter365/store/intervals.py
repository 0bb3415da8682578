"""From versions to stretches: who listed what from when to when, and which stretches a value asks for.

Everything here is about one cloud's versions in their order. An entry is (number of the set, kind, value).
"""

import json
from collections.abc import Collection, Iterable, Iterator

from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import WIDTH, parse_prefix
from perimeter365.model.query import Query
from perimeter365.store.entries import HOST, PREFIX, EntryKind

Entry = tuple[int, EntryKind, str]
Stretch = tuple[int, EntryKind, str, str, str | None]
"""(number of the set, kind, value, first version with it, first version without it or None)."""


def entries(sets: Collection[EndpointSet]) -> frozenset[Entry]:
    """All entries of endpoint sets."""
    found: set[Entry] = set()
    for each in sets:
        found.update((each.id, HOST, host.text) for host in each.hosts)
        found.update((each.id, PREFIX, prefix) for prefix in each.listed)
    return frozenset(found)


def entries_of(body: str) -> frozenset[Entry]:
    """All entries of a canonical form, without making values of it."""
    found: set[Entry] = set()
    for item in json.loads(body)["sets"]:
        found.update((item["id"], HOST, host) for host in item["hosts"])
        found.update((item["id"], PREFIX, prefix) for prefix in item["prefixes"])
    return frozenset(found)


def stretches(versions: Iterable[tuple[str, frozenset[Entry]]]) -> Iterator[Stretch]:
    """The stretches of a sequence of versions with their entries, oldest first."""
    since: dict[Entry, str] = {}
    for version, listed in versions:
        for entry in [e for e in since if e not in listed]:
            yield (*entry, since.pop(entry), version)
        for entry in listed:
            since.setdefault(entry, version)
    for entry, first in since.items():
        yield (*entry, first, None)


def spellings(query: Query) -> tuple[str, ...]:
    """The texts by which a list could name exactly this value."""
    return (str(query.prefix),) if query.prefix else (query.host.text,) if query.host else ()


def around(query: Query, values: Iterable[str]) -> tuple[list[str], list[str]]:
    """Of what was listed, in its order: what holds or covers the value but is another, and what it holds or covers."""
    wider: list[str] = []
    narrower: list[str] = []
    own = spellings(query)
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
