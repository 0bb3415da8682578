"""Which endpoint sets and rows hold a value: an address, a prefix, a host, a host pattern or a URL.

    >>> index = Index.embedded()
    >>> [(m.entry.id, m.matched) for m in index.lookup("52.112.0.5", ["worldwide"]).matches][:1]
    [('ws/worldwide/11', '52.112.0.0/14')]
    >>> index.lookup("sharepoint.com").notes[0]
    '*.sharepoint.com (ws/worldwide/31) stands for the names under it, not for sharepoint.com itself'
    >>> index.lookup("300.1.1.1")
    Traceback (most recent call last):
    perimeter365.errors.PrefixError: '300.1.1.1' is not an IPv4 address or prefix

The catalog is compiled into entries (`model.compiled`): one for each end of a flow that has names or addresses, each
site and each DNS record. The embedded catalog's entries lie in `facts/index.json` (made by `tasks/index.py`), so that a
cold start reads one file and imports neither the catalog's classes nor a command line library.

    value                             kind      matches an entry when
    52.112.0.5                        address   one of its prefixes holds the address
    52.112.0.0/16                     prefix    one of its prefixes holds all of it; held in part is said apart
    contoso.sharepoint.com            host      one of its patterns matches the name; host:port asks for the port too
    *.sharepoint.com                  host      one of its patterns covers every name of the pattern
    https://aka.ms/hybridwizard       url       host, port, and the path if the entry is limited to paths

A template of one tenant (`<tenant>.sharepoint.com`) matches what some tenant would make of it; `matched` shows it.
"""

import json
import os
from collections.abc import Collection, Iterator, Sequence

from perimeter365.model.host import EXACT, TEMPLATE, HostPattern
from perimeter365.model.ids import in_set, set_id
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.query import PREFIX, Entry, Query, miss, parse_query

TYPE_CHECKING = False  # type checkers take this name as true; importing `typing` would double the start
if TYPE_CHECKING:
    from typing import Any


class Match:
    """An entry that holds the value, and by what."""

    __slots__ = ("entry", "matched", "parts")

    def __init__(self, entry: Entry, matched: str, parts: Sequence[str] = ()) -> None:
        self.entry = entry
        self.matched = matched
        """The pattern or prefix of the entry; of a part match the first part."""
        self.parts = parts
        """Of a prefix that is held in part: the parts that are; else ()."""

    def to_dict(self) -> "dict[str, Any]":
        """The match for JSON. `path` and `retired` are there only where the entry has them."""
        entry = self.entry
        made: dict[str, Any] = {
            "id": entry.id,
            "cloud": entry.cloud,
            "scenario": entry.scenario,
            "direction": entry.direction,
            "category": entry.category,
            "matched": list(self.parts) if self.parts else self.matched,
            "as": entry.role,
        }
        if entry.paths:
            made["path"] = entry.paths
        if entry.retired:
            made["retired"] = entry.retired
        return made


class Answer:
    """What is known of one value."""

    __slots__ = ("matches", "notes", "partial", "query")

    def __init__(self, query: Query, matches: list[Match], partial: list[Match], notes: list[str]) -> None:
        self.query = query
        self.matches = matches
        """In the order of the catalog."""
        self.partial = partial
        """Entries that hold a part of a prefix."""
        self.notes = notes
        """Why nothing matched, as far as one can tell; [] when something did."""

    def to_dict(self) -> "dict[str, Any]":
        """The answer for JSON; `partial` and `notes` are there only when they hold something."""
        made: dict[str, Any] = {
            "value": self.query.value,
            "kind": self.query.kind,
            "matches": [m.to_dict() for m in self.matches],
        }
        if self.partial:
            made["partial"] = [m.to_dict() for m in self.partial]
        if self.notes:
            made["notes"] = self.notes
        return made


class Index:
    """Entries, ready to be asked. Tables are built when the first question needs them."""

    def __init__(self, data: "dict[str, Any]") -> None:
        self.versions: dict[str, str] = data["versions"]
        """Cloud -> version of its list, in the order of the clouds."""
        self.entries = [Entry(item) for item in data["entries"]]
        self._sets = {e.id: e for e in self.entries if in_set(e.id)}
        self._addresses: list[tuple[Entry, list[PrefixSet]]] = []
        self._names: dict[str, list[int]] = {}
        self._wild: list[HostPattern] = []

    @classmethod
    def embedded(cls) -> "Index":
        """Of the catalog inside of the package."""
        return cls(cls.embedded_data())

    @staticmethod
    def embedded_data() -> "dict[str, Any]":
        """The embedded catalog, compiled: what `compile_catalog` gives for it."""
        # The loader reads from a folder and from a zip alike. importlib.resources would too, but takes 10 ms of a cold
        # start, and pathlib 5.
        package = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120
        loader: Any = __spec__.loader
        data: dict[str, Any] = json.loads(loader.get_data(f"{package}/facts/index.json"))
        return data

    def lookup(self, value: str, clouds: Collection[str] = ()) -> Answer:
        """Everything that holds a value.

        Args:
            value: one of the kinds in the module's table.
            clouds: only entries of these; () = of all.

        Raises:
            PrefixError, HostPatternError, InputError: the value is none of the kinds.
        """
        query = parse_query(value)
        matches = [m for m in self.covering(query, clouds) if not miss(m.entry, query)]
        partial = list(self.overlapping(query, clouds)) if query.kind == PREFIX else []
        notes: list[str] = []
        if not matches:
            from perimeter365.model.near import notes_on  # only where there is something to explain

            notes = notes_on(self, query, clouds)
        return Answer(query, matches, partial, notes)

    def covering(self, query: Query, clouds: Collection[str] = ()) -> Iterator[Match]:
        """Entries whose names or addresses hold all of the value, whatever its port and path."""
        if query.prefix is not None:
            for entry, sets in self.addresses(clouds):
                found = [prefix for s in sets if (prefix := s.covering(query.prefix))]
                if found:
                    yield Match(entry, str(max(found, key=lambda p: p.length)))
        elif query.host is not None:
            best: dict[int, str] = {}
            for text in sorted(self._covering_names(query.host), key=lambda t: ("*" not in t, len(t))):
                best.update(dict.fromkeys(self._names[text], text))  # the most specific comes last
            for number in sorted(best):
                entry = self.entries[number]
                if not clouds or entry.cloud in clouds:
                    yield Match(entry, best[number])

    def overlapping(self, query: Query, clouds: Collection[str] = ()) -> Iterator[Match]:
        """Entries that hold a part of a prefix but not all of it."""
        if query.prefix is None:
            return
        asked = PrefixSet.of([query.prefix])
        for entry, sets in self.addresses(clouds):
            held = PrefixSet()
            for each in sets:
                held |= each & asked
            if held and held != asked:
                parts = [str(p) for p in held]
                yield Match(entry, parts[0], parts)

    def addresses(self, clouds: Collection[str] = ()) -> Iterator[tuple[Entry, list[PrefixSet]]]:
        """Each entry that has addresses, with its own and those of the sets that it refers to. Sites have none."""
        if not self._addresses:
            own = {id(e): PrefixSet.parse(e.prefixes) for e in self.entries}
            for entry in (e for e in self.entries if e.role != "site"):
                members = [own[id(e)] for e in (entry, *self.references(entry)) if own[id(e)]]
                if members:
                    self._addresses.append((entry, members))
        for entry, members in self._addresses:
            if not clouds or entry.cloud in clouds:
                yield entry, members

    def names(self, clouds: Collection[str] = ()) -> dict[str, list[Entry]]:
        """Each host or pattern of the clouds with the entries that have it."""
        self._prepare_names()
        found = {}
        for text, numbers in self._names.items():
            chosen = [self.entries[n] for n in numbers if not clouds or self.entries[n].cloud in clouds]
            if chosen:
                found[text] = chosen
        return found

    def references(self, entry: Entry) -> list[Entry]:
        """The entries of the endpoint sets that an entry refers to; a synced list may have dropped some."""
        found = (self._sets.get(set_id(entry.cloud, number)) for number in entry.sets)
        return [each for each in found if each]

    def _prepare_names(self) -> None:
        if not self._names:
            for number, entry in enumerate(self.entries):
                # Who connects to us is known by address: a set's names are names to connect to.
                for member in (entry, *(() if entry.role == "source" else self.references(entry))):
                    for text in member.hosts:
                        self._names.setdefault(text, []).append(number)
            self._wild = [HostPattern(text) for text in self._names if "*" in text or "<" in text]

    def _covering_names(self, host: HostPattern) -> Iterator[str]:
        self._prepare_names()
        if host.text in self._names:
            yield host.text
        for pattern in self._wild:
            if pattern.text != host.text and (pattern.covers(host) or _template_covers(pattern, host)):
                yield pattern.text


def _template_covers(pattern: HostPattern, host: HostPattern) -> bool:
    """Would some tenant make this name of the template? Only where two labels behind the variable are fixed."""
    if pattern.kind != TEMPLATE or host.kind != EXACT or len(pattern.variables) != 1:
        return False
    before, _, rest = pattern.text.partition("<")
    variable, _, behind = rest.partition(">")
    if not (behind.count(".") >= 2 and host.text.startswith(before) and host.text.endswith(behind)):
        return False
    filled = host.text[len(before) : len(host.text) - len(behind)]
    if variable == "tenant":
        return filled.isalnum()  # Microsoft allows letters and digits alone
    return bool(filled) and (variable == "email_domain" or "." not in filled)
