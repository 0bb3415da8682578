"""From versions to stretches: who listed what from when to when, and which stretches a value asks for.

Everything here is about one cloud's versions in their order. An entry is (number of the set, kind, value).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from perimeter365.history.entries import HOST, PREFIX
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import Prefix
from perimeter365.model.query import Query

Entry = tuple[int, str, str]
Stretch = tuple[int, str, str, str, str | None]
"""(number of the set, kind, value, first version with it, first version without it or None)."""


class _Listed(Protocol):
    """Anything with the columns of the table `intervals`."""

    @property
    def kind(self) -> str: ...

    @property
    def value(self) -> str: ...


_L = TypeVar("_L", bound=_Listed)


def entries(body: str) -> frozenset[Entry]:
    """All entries of a state, from its canonical form."""
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


def covering(query: Query, rows: Sequence[_L]) -> Iterator[_L]:
    """Those of the rows whose prefix holds the value, or whose pattern covers it."""
    if query.prefix:
        family = ":" in str(query.prefix)
        for row in rows:
            if row.kind == PREFIX and (":" in row.value) == family and query.prefix in Prefix.parse(row.value):
                yield row
    elif query.host:
        for row in rows:
            if row.kind == HOST and "*" in row.value and HostPattern(row.value).covers(query.host):
                yield row
