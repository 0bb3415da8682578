"""Look up an address, prefix, host, host pattern or URL in endpoint sets and rows.

    >>> index = Index.embedded()
    >>> [(m.entry.id, m.matched) for m in index.lookup("52.112.0.5", ["worldwide"]).matches][:1]
    [('ws/worldwide/11', '52.112.0.0/14')]
    >>> index.lookup("sharepoint.com").notes[0]
    '*.sharepoint.com (ws/worldwide/31) matches the names under sharepoint.com, not sharepoint.com itself'
    >>> index.lookup("300.1.1.1")
    Traceback (most recent call last):
    perimeter365.errors.PrefixError: '300.1.1.1' is not an IPv4 address or prefix

The catalog is compiled into entries (`model.compiled`): one for each end of a flow that has names or addresses, each
site and each DNS record. The entries of the embedded catalog are in `facts/index.json` (written by `tasks/index.py`), so
that a cold start reads one file and imports neither the catalog's classes nor a command line library.

    value                             kind      matches an entry when
    52.112.0.5                        address   one of its prefixes contains the address
    52.112.0.0/16                     prefix    one of its prefixes contains it; partial matches are listed separately
    contoso.sharepoint.com            host      one of its patterns matches the name; with host:port, also the port
    *.sharepoint.com                  host      one of its patterns covers every name of the pattern
    https://aka.ms/hybridwizard       url       host, port, and the path if the entry is limited to paths

A template of one tenant (`<tenant>.sharepoint.com`) matches the names of any tenant; `matched` is the template.
"""

import json
import os
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence

from perimeter365.model.host import EXACT, TEMPLATE, HostPattern
from perimeter365.model.ids import in_set, set_id
from perimeter365.model.prefix import WIDTH, Prefix, PrefixSet
from perimeter365.model.query import PREFIX, IndexEntry, Query, mismatch, parse_query

TYPE_CHECKING = False  # type checkers take this name as true; importing `typing` would double the start
if TYPE_CHECKING:
    from typing import Any

    from perimeter365.model.names import ExplainedName


class Match:
    """An entry that contains the value, with the matching pattern or prefix."""

    __slots__ = ("entry", "matched", "parts")

    def __init__(self, entry: IndexEntry, matched: str, parts: Sequence[str] = ()) -> None:
        self.entry = entry
        self.matched = matched
        """The pattern or prefix of the entry; for a partial match, the first part."""
        self.parts = parts
        """The parts of the prefix that a partial match contains; else ()."""

    @property
    def assigned(self) -> bool:
        """True if the number of its set is not known: it was assigned by service area."""
        return self.matched in self.entry.assigned

    @property
    def confidence(self) -> str:
        """How well the documents support it: `high`, `medium` or `low`."""
        return "medium" if self.assigned and self.entry.confidence == "high" else self.entry.confidence

    def to_dict(self) -> "dict[str, Any]":
        """Return the match for JSON.

        `path` and `retired` only if the entry has them, `confidence` only if it is not high, `assigned` only if true.
        """
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
        if self.confidence != "high":
            made["confidence"] = self.confidence
        if self.assigned:
            made["assigned"] = True
        return made


class Segment:
    """Adjacent addresses that are in the same prefixes of the same entries."""

    __slots__ = ("end", "family", "first", "matches", "near")

    def __init__(self, family: int, first: int, end: int, matches: list[Match]) -> None:
        self.family = family
        self.first = first
        """The first address, as an integer."""
        self.end = end
        """The address after the last one."""
        self.matches = matches
        """The entries that contain the addresses."""
        self.near: list[tuple[Prefix, IndexEntry]] | None = None
        """The nearest listed prefixes, at most one on each side; None until `model.near` needs them."""

    def __contains__(self, prefix: Prefix) -> bool:
        return self.family == prefix.family and self.first <= prefix.first and prefix.last < self.end


class LookupResult:
    """The matches of one value."""

    __slots__ = ("explained", "listed", "matches", "notes", "partial", "query")

    def __init__(
        self,
        query: Query,
        matches: list[Match],
        partial: list[Match],
        notes: list[str],
        explained: "Sequence[tuple[ExplainedName, str]]" = (),
        *,
        listed: bool = False,
    ) -> None:
        self.query = query
        self.matches = matches
        """The entries that contain the value, in the order of the catalog."""
        self.partial = partial
        """The entries that contain a part of the prefix."""
        self.notes = notes
        """Remarks on the value, and possible reasons why nothing matched."""
        self.explained = explained
        """Names of delivery networks and of aliases that the host is one of, each with its pattern. They open nothing."""
        self.listed = listed or bool(matches)
        """True if an entry of any cloud has the host, perhaps with another port or path."""

    def to_dict(self) -> "dict[str, Any]":
        """Return the result for JSON.

        It has `partial`, `notes` and `explained` only if they are not empty.
        """
        made: dict[str, Any] = {
            "value": self.query.value,
            "kind": self.query.kind,
            "matches": [m.to_dict() for m in self.matches],
        }
        if self.partial:
            made["partial"] = [m.to_dict() for m in self.partial]
        if self.notes:
            made["notes"] = self.notes
        if self.explained:
            made["explained"] = [
                {**name.to_dict(), "matched": text, "advice": name.advice(listed=self.listed)}
                for name, text in self.explained
            ]
        return made


class Index:
    """The searchable entries of a catalog. Tables are built on first use."""

    def __init__(self, data: "dict[str, Any]") -> None:
        self.versions: dict[str, str] = data["versions"]
        """Cloud -> version of its list, in the order of the clouds."""
        self.seen: dict[str, str] = data.get("seen", {})
        """Cloud -> time of the last successful look, for the clouds that a store follows."""
        self.entries = [IndexEntry(item) for item in data["entries"]]
        self._remarks: list[dict[str, Any]] = data.get("remarks", [])
        self._space: PrefixSet | None = None
        self._sets = {e.id: e for e in self.entries if in_set(e.id)}
        self._addresses: list[tuple[IndexEntry, list[PrefixSet]]] = []
        self._segments: dict[tuple[int, tuple[str, ...]], tuple[list[int], list[Segment]]] = {}
        self._names: dict[str, list[int]] = {}
        self._wild: list[HostPattern] = []

    @classmethod
    def embedded(cls) -> "Index":
        """Return the index of the embedded catalog."""
        return cls(cls.embedded_data())

    @staticmethod
    def embedded_data() -> "dict[str, Any]":
        """Return the embedded catalog as `compile_catalog` returns it."""
        # The loader reads from a folder or a zip. So does importlib.resources, but it adds 10 ms to a cold start; pathlib
        # adds 5.
        package = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120
        loader: Any = __spec__.loader
        data: dict[str, Any] = json.loads(loader.get_data(f"{package}/facts/index.json"))
        return data

    def lookup(self, value: str, clouds: Collection[str] = ()) -> LookupResult:
        """Return the entries that contain a value.

        Args:
            value: one of the kinds in the module's table.
            clouds: only entries of these clouds; () for all clouds.

        Raises:
            PrefixError, HostPatternError, InputError: the value is not of one of the kinds.
        """
        query = parse_query(value)
        matches = [m for m in self.covering(query, clouds) if not mismatch(m.entry, query)]
        partial = list(self.overlapping(query, clouds)) if query.kind == PREFIX else []
        notes: list[str] = []
        if not matches:
            from perimeter365.model.near import notes_on  # imported only if needed, for a faster start

            notes = notes_on(self, query, clouds)
        explained: list[tuple[ExplainedName, str]] = []
        if query.host is not None:
            from perimeter365.model.names import explanations  # not needed for addresses

            explained = explanations(query.host)
        notes = [*self._remarks_on(query, matches, clouds), *notes]
        listed = bool(explained) and any(self.covering(query))
        return LookupResult(query, matches, partial, notes, explained, listed=listed)

    def _remarks_on(self, query: Query, matches: list[Match], clouds: Collection[str]) -> Iterator[str]:
        """Yield notes on removed entries, and on differences between documents."""
        sets, found = {m.entry.id for m in matches}, {m.entry.cloud for m in matches}
        near = query.prefix is None or query.prefix in self._remark_space()
        for remark in self._remarks:
            name, cloud = remark["id"], remark["cloud"]
            if clouds and cloud not in clouds:
                continue
            if day := remark.get("removed"):
                if near and cloud not in found and any(_inside(query, value) for value in remark["values"]):
                    yield f"{remark['values'][0]} was in {name}, and was gone by {day}"
            elif name in sets or (near and any(_inside(query, value) for value in remark["values"])):
                yield f"{name}: {remark['text']}"

    def _remark_space(self) -> PrefixSet:
        """Return the prefixes of all remarks; no remark is about other addresses."""
        if self._space is None:
            values = [value for remark in self._remarks for value in remark["values"]]
            self._space = PrefixSet.parse(value for value in values if value[:1].isdigit() or ":" in value)
        return self._space

    def covering(self, query: Query, clouds: Collection[str] = ()) -> Iterator[Match]:
        """Yield the entries that contain the value, ignoring port and path."""
        if query.prefix is not None:
            yield from self.segment(query.prefix, clouds).matches
        elif query.host is not None:
            best: dict[int, str] = {}
            for text in sorted(self._covering_names(query.host), key=lambda t: ("*" not in t, len(t))):
                best.update(dict.fromkeys(self._names[text], text))  # the most specific comes last
            for number in sorted(best):
                entry = self.entries[number]
                if not clouds or entry.cloud in clouds:
                    yield Match(entry, best[number])

    def overlapping(self, query: Query, clouds: Collection[str] = ()) -> Iterator[Match]:
        """Yield the entries that contain a part of a prefix, but not all of it."""
        if query.prefix is None or query.prefix in self.segment(query.prefix, clouds):
            return
        requested = PrefixSet.of([query.prefix])
        for entry, sets in self.addresses(clouds):
            held = PrefixSet()
            for each in sets:
                held |= each & requested
            if held and held != requested:
                parts = [str(p) for p in held]
                yield Match(entry, parts[0], parts)

    def segment(self, prefix: Prefix, clouds: Collection[str] = ()) -> "Segment":
        """Return the segment of an address or prefix, with the entries that contain it.

        The segments that were found are kept, so that thousands of addresses need few searches. A prefix that is in no
        single segment gets one that does not contain it, and that is not kept.
        """
        starts, segments = self._segments.setdefault((prefix.family, tuple(clouds)), ([], []))
        at = bisect_right(starts, prefix.first)
        if at and prefix in segments[at - 1]:
            return segments[at - 1]
        first, end = 0, 1 << WIDTH[prefix.family]
        covers: dict[int, Prefix | None] = {}
        matches = []
        for entry, sets in self.addresses(clouds):
            found = []
            for each in sets:
                if id(each) not in covers:  # the rows refer to the same sets again and again
                    covers[id(each)] = cover = each.covering(prefix)
                    low, high = (cover.first, cover.last + 1) if cover else each.gap(prefix)
                    first, end = max(first, low), min(end, high)
                if covered := covers[id(each)]:
                    found.append(covered)
            if found:
                matches.append(Match(entry, str(max(found, key=lambda p: p.length))))
        made = Segment(prefix.family, first, end, matches)
        if prefix in made:
            starts.insert(at, first)
            segments.insert(at, made)
        return made

    def addresses(self, clouds: Collection[str] = ()) -> Iterator[tuple[IndexEntry, list[PrefixSet]]]:
        """Yield each entry with its addresses and those of the sets that it refers to.

        Entries without addresses, and sites, are left out.
        """
        if not self._addresses:
            own = {id(e): PrefixSet.parse(e.prefixes) for e in self.entries}
            for entry in (e for e in self.entries if e.role != "site"):
                members = [own[id(e)] for e in (entry, *self.references(entry)) if own[id(e)]]
                if members:
                    self._addresses.append((entry, members))
        for entry, members in self._addresses:
            if not clouds or entry.cloud in clouds:
                yield entry, members

    def names(self, clouds: Collection[str] = ()) -> dict[str, list[IndexEntry]]:
        """Return each host or pattern of the clouds with its entries."""
        self._prepare_names()
        found = {}
        for text, numbers in self._names.items():
            chosen = [self.entries[n] for n in numbers if not clouds or self.entries[n].cloud in clouds]
            if chosen:
                found[text] = chosen
        return found

    def references(self, entry: IndexEntry) -> list[IndexEntry]:
        """Return the entries of the endpoint sets that an entry refers to.

        Sets that a synced list no longer has are left out.
        """
        found = (self._sets.get(set_id(entry.cloud, number)) for number in entry.sets)
        return [each for each in found if each]

    def _prepare_names(self) -> None:
        if not self._names:
            for number, entry in enumerate(self.entries):
                # A source is identified by its addresses; the names of a set are destinations.
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


def _inside(query: Query, value: str) -> bool:
    """Return True if a value of a remark is or contains the value of a query."""
    if query.host is not None:
        return not value[:1].isdigit() and ":" not in value and HostPattern(value).covers(query.host)
    return (value[:1].isdigit() or ":" in value) and query.prefix is not None and query.prefix in Prefix.parse(value)


def _template_covers(pattern: HostPattern, host: HostPattern) -> bool:
    """Return True if a template, filled for some tenant, could be this name.

    At least two labels after the variable have to be fixed.
    """
    if pattern.kind != TEMPLATE or host.kind != EXACT or len(pattern.variables) != 1:
        return False
    before, _, rest = pattern.text.partition("<")
    variable, _, after = rest.partition(">")
    if not (after.count(".") >= 2 and host.text.startswith(before) and host.text.endswith(after)):
        return False
    filled = host.text[len(before) : len(host.text) - len(after)]
    if variable == "tenant":
        return filled.isalnum()  # Microsoft allows only letters and digits
    return bool(filled) and (variable == "email_domain" or "." not in filled)
