"""Names that are explained and never opened.

They are names of content delivery networks, and targets of aliases (CNAME).

    >>> [(name.id, pattern) for name, pattern in explanations(HostPattern("e1.akamaiedge.net"))]
    [('names/akamai', '*.akamaiedge.net')]
    >>> explanations(HostPattern("outlook.office365.com"))
    []

    kind      the name                                                               who opens it
    cdn       is in an endpoint set, and a content delivery network serves it        the set
    alias     is met in logs as the target of an alias                               nothing: a list does not need it
    former    left the lists of endpoint sets                                        nothing any more

The facts are in `facts/names.toml`, which `tasks/index.py` compiles to `facts/names.json`. They are no part of a catalog, so
that nothing of them can enter a plan.
"""

import json
import sys
from collections.abc import Collection
from functools import cache

from perimeter365.model.host import HostPattern

TYPE_CHECKING = False  # type checkers take this name as true; importing `typing` would double the start of `lookup`
if TYPE_CHECKING:
    from typing import Any, Final, Literal

    NameKind = Literal["cdn", "alias", "former"]

CDN: "Final" = "cdn"
ALIAS: "Final" = "alias"
FORMER: "Final" = "former"
KINDS: "tuple[NameKind, ...]" = (CDN, ALIAS, FORMER)

SCOPE = "names"
"""The first part of an id: `names/akamai`. Alone, all names."""

_ADVICE = {
    CDN: "Its addresses are not published, and others may share them: filter it by name.",
    ALIAS: (
        "No plan opens it, and an allow list does not need it: clients and proxies see only the name that was asked for. A "
        "resolver has to follow the chain of aliases to its end."
    ),
    FORMER: "No plan opens it.",
}
_LISTED = "Sets or rows list this name and open it; they do not need the other names of its domain."


class ExplainedName:
    """Names with one explanation, and its document."""

    __slots__ = ("clouds", "confidence", "date", "document", "hosts", "id", "kind", "text", "title")

    def __init__(self, item: "dict[str, Any]") -> None:
        self.id: str = item["id"]
        """For example `names/akamai`."""
        self.kind: NameKind = item["kind"]
        self.title: str = item["title"]
        self.text: str = item["text"]
        self.hosts = [HostPattern(host) for host in item["hosts"]]
        """Patterns; empty for a rule."""
        self.clouds: list[str] = item["clouds"]
        """The clouds of a fact about lists; [] if it does not depend on the cloud."""
        self.document: str = item["document"]
        self.date: str = item["date"]
        self.confidence: str = item["confidence"]

    def matched(self, host: HostPattern) -> str:
        """Return the pattern that explains a host, or ""; `*.x.net` also explains x.net."""
        found = (p.text for p in self.hosts if p.covers(host) or p.apex == host.text)
        return max(found, key=len, default="")

    def advice(self, *, listed: bool) -> str:
        """Return what to do with a name.

        Args:
            listed: True if an endpoint set or row contains the name.
        """
        return _LISTED if listed and self.kind != CDN else _ADVICE[self.kind]

    def to_dict(self) -> "dict[str, Any]":
        """Return the names for JSON."""
        made = {name: getattr(self, name) for name in ("id", "kind", "title", "text", "clouds")}
        evidence = {"document": self.document, "date": self.date, "confidence": self.confidence}
        return {**made, "hosts": [host.text for host in self.hosts], "evidence": evidence}


@cache
def explained_names() -> tuple[ExplainedName, ...]:
    """Return all names, in the order of the facts."""
    package: Any = sys.modules["perimeter365"]
    data = package.__spec__.loader.get_data(f"{package.__path__[0]}/facts/names.json")  # from a folder or a zip
    return tuple(map(ExplainedName, json.loads(data)))


def explanations(host: HostPattern, kinds: Collection[str] = KINDS) -> list[tuple[ExplainedName, str]]:
    """Return the names that explain a host or pattern, the most specific first.

    Each has the pattern that matched.
    """
    found = [(name, name.matched(host)) for name in explained_names() if name.kind in kinds]
    return sorted(((name, text) for name, text in found if text), key=lambda each: ("*" in each[1], -len(each[1])))
