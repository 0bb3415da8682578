"""Which endpoint sets and rows hold a value: an address, a prefix, a host, a host pattern or a URL.

    >>> index = Index(compile_catalog(load_catalog()))
    >>> [(m.entry.id, m.matched) for m in index.lookup("52.112.0.5", ["worldwide"]).matches][:1]
    [('ws/worldwide/11', '52.112.0.0/14')]
    >>> index.lookup("sharepoint.com").notes[0]
    '*.sharepoint.com (ws/worldwide/31 and others) stands for the names under it, not for sharepoint.com itself'
    >>> index.lookup("300.1.1.1")
    Traceback (most recent call last):
    perimeter365.errors.PrefixError: '300.1.1.1' is not an IPv4 address or prefix

The catalog is compiled into entries: one for each end of a flow that has names or addresses, each site and each
DNS record. The embedded catalog's entries lie in `facts/index.json` (made by `tasks/index.py`), so that a cold start
reads one file and imports neither the catalog's classes nor a command line library.

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
from collections.abc import Collection, Iterable, Iterator, Sequence

from perimeter365.errors import InputError, PortError
from perimeter365.model.host import EXACT, TEMPLATE, HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet

TYPE_CHECKING = False  # type checkers take this name as true; importing `typing` would double the start
if TYPE_CHECKING:
    from typing import Any

    from perimeter365.model.catalog import Catalog
    from perimeter365.model.requirement import Party, Record, Requirement

ADDRESS, PREFIX, HOST, URL = "address", "prefix", "host", "url"

LONGEST = 8192
"""Characters of a value; whatever is longer is none of the kinds."""

_SCHEME_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class Entry:
    """One end of a flow, one site or one record: what it is and the names and addresses that it holds."""

    __slots__ = (
        "category", "cloud", "direction", "hosts", "id", "paths", "prefixes", "retired", "role", "scenario", "sets",
        "tcp", "udp",
    )  # fmt: skip

    def __init__(self, item: "dict[str, Any]") -> None:
        self.id: str = item["id"]
        self.cloud: str = item["cloud"]
        self.scenario: str = item["scenario"]
        self.role: str = item["as"]
        """`source`, `destination`, `site` or `record`."""
        self.direction: str | None = item.get("direction")
        self.category: str | None = item.get("category")
        self.tcp: str = item.get("tcp", "")
        self.udp: str = item.get("udp", "")
        self.paths: list[str] = item.get("path", [])
        """URL paths of the destination; [] = all."""
        self.retired: str | None = item.get("retired")
        self.hosts: list[str] = item.get("hosts", [])
        self.prefixes: list[str] = item.get("prefixes", [])
        self.sets: list[int] = item.get("sets", [])
        """Endpoint sets of the same cloud whose names and addresses it has besides."""


class Query:
    """A value that was asked for, taken apart. Made by `parse_query`."""

    __slots__ = ("host", "kind", "path", "port", "prefix", "value")

    def __init__(
        self,
        value: str,
        kind: str,
        *,
        prefix: Prefix | None = None,
        host: HostPattern | None = None,
        port: int | None = None,
        path: str = "",
    ) -> None:
        self.value = value
        self.kind = kind
        self.prefix = prefix
        """Set when the value is, or its URL names, an address or prefix; else `host` is."""
        self.host = host
        self.port = port
        self.path = path
        """With the slash at its start, without query; "" when the value has none."""


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
        """The match as CONTRACT's JSON has it. `path` and `retired` are there only where the entry has them."""
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
        """The answer as CONTRACT's JSON has it; `partial` and `notes` are there only when they hold something."""
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
        self._sets = {e.id: e for e in self.entries if e.id.startswith("ws/")}
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
        # No pathlib: it costs 5 ms of a cold start.
        here = os.path.dirname(__file__)  # noqa: PTH120
        with open(f"{here}/../facts/index.json", encoding="utf-8") as file:  # noqa: PTH123
            data: dict[str, Any] = json.load(file)
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
        found = (self._sets.get(f"ws/{entry.cloud}/{number}") for number in entry.sets)
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


def parse_query(value: str) -> Query:
    """Take a value apart. Raises PrefixError, HostPatternError or InputError when it is none of the kinds."""
    if not value.isprintable() or len(value) > LONGEST:
        raise InputError(f"{value[:80]!r} is not an address, prefix, host or URL")
    scheme, url, rest = value.partition("://")
    if url:
        place, path = _cut(rest, "/?#")
        return _at(value, URL, place.rpartition("@")[2], _SCHEME_PORTS.get(scheme.lower()), path or "/")
    place, path = _cut(value, "/")
    if path and not _looks_like_address(place):
        return _at(value, URL, place, None, path)
    if path or (value.count(":") > 1 and not value.startswith("[")):
        prefix = Prefix.parse(value)
        return Query(value, PREFIX if path else ADDRESS, prefix=prefix)
    return _at(value, HOST, value, None, "")


def _at(value: str, kind: str, place: str, port: int | None, path: str) -> Query:
    """A query for `host`, `host:port`, `address`, `address:port` or `[IPv6]:port`."""
    path = path.partition("?")[0].partition("#")[0]
    name, colon, number = place.rpartition(":")
    if place.endswith("]") or not colon:
        name = place
    else:
        ports = PortSet.parse(number)
        if len(ports) != 1:
            raise PortError(f"{number!r} is not a port (1 to 65535)")
        port = next(iter(ports))[0]
    if _looks_like_address(name):
        address = Prefix.parse(name.removeprefix("[").removesuffix("]"))
        return Query(value, ADDRESS if kind == HOST else kind, prefix=address, port=port, path=path)
    if "." not in name:
        raise InputError(
            f"{value!r} is not an address, prefix, host or URL",
            help=f"a host has two labels at least; rows and scenarios are shown by `perimeter365 show {name}{path}`",
        )
    return Query(value, kind, host=HostPattern(name), port=port, path=path)


def _looks_like_address(text: str) -> bool:
    """Is it meant as an address: dotted digits, or with a colon that is not the one before a port?"""
    return text.startswith("[") or text.count(":") > 1 or ("." in text and text.replace(".", "").isdigit())


def _cut(text: str, stops: str) -> tuple[str, str]:
    """Text before and from the first of some characters."""
    at = min((i for stop in stops if (i := text.find(stop)) >= 0), default=len(text))
    return text[:at], text[at:]


def miss(entry: Entry, query: Query) -> str:
    """Why an entry that holds the value's name or address still does not match: its ports or paths; "" if it does."""
    if entry.role != "destination":
        return ""
    ports = PortSet.parse(entry.tcp) | PortSet.parse(entry.udp)
    if query.port is not None and ports and query.port not in ports:
        return f"on {ports_text(entry)}, not on {query.port}"
    if query.path and entry.paths and not any(_under(query.path, limit) for limit in entry.paths):
        return f"for the path {' or '.join(entry.paths)}, not for {query.path}"
    return ""


def ports_text(entry: Entry) -> str:
    """`tcp 443, udp 3478-3481`; "" when no port is known."""
    return ", ".join(f"{name} {ports}" for name, ports in (("tcp", entry.tcp), ("udp", entry.udp)) if ports)


def _under(path: str, limit: str) -> bool:
    """Do a path and an entry's path meet? Letter case does not count: the servers meant are IIS."""
    path, limit = path.lower(), limit.lower()
    return path.startswith(limit[:-1]) if limit.endswith("*") else path == limit


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


def compile_catalog(catalog: "Catalog") -> "dict[str, Any]":
    """The entries of a catalog, ready for JSON and for `Index`: endpoint sets first, then the rows, then DNS."""
    return {
        "versions": {str(cloud): version.version for cloud, version in catalog.versions.items()},
        "entries": [entry for requirement in catalog.requirements() for entry in _entries(catalog, requirement)],
    }


def _entries(catalog: "Catalog", req: "Requirement") -> "Iterator[dict[str, Any]]":
    from perimeter365.model.requirement import Flow, Record, Site

    common = {"id": req.id, "cloud": str(req.cloud), "scenario": req.scenario}
    late = {"retired": req.retired.isoformat()} if req.retired else {}
    if isinstance(req, Flow):
        facts = {"direction": req.direction, "category": req.category, "tcp": str(req.tcp), "udp": str(req.udp)}
        facts = {key: text for key, text in facts.items() if text}
        path = {"path": list(req.path)} if req.path else {}
        for role, party in (("source", req.source), ("destination", req.destination)):
            if members := _members(catalog, req, party):
                yield {**common, "as": role, **facts, **path, **late, **members}
    elif isinstance(req, Site):
        sets = {"sets": list(req.sets)} if req.sets else {}
        yield {**common, "as": "site", **late, "hosts": [h.text for h in req.hosts], **sets}
    elif isinstance(req, Record) and (members := _record_members(req)):
        yield {**common, "as": "record", **late, **members}


def _members(catalog: "Catalog", req: "Requirement", party: "Party") -> "dict[str, Any]":
    """The names, addresses and sets of an end that is not ours. An endpoint set's own flow holds them itself."""
    if party.ours:
        return {}
    if req.id.startswith("ws/"):
        own = catalog.endpoint_set(f"{req.cloud}/{party.sets[0]}")
        members: dict[str, Any] = {"hosts": [h.text for h in own.hosts], "prefixes": [str(p) for p in own.prefixes]}
    else:
        members = {
            "hosts": [h.text for h in party.hosts],
            "prefixes": [str(p) for p in party.prefixes],
            "sets": list(party.sets),
        }
    return {key: some for key, some in members.items() if some}


def _record_members(record: "Record") -> "dict[str, Any]":
    """What a record points at, and its owner when that is somebody else's name."""
    owner = [record.owner.removesuffix(".")] if record.owner.endswith(".") and "<" not in record.owner else []
    value = record.value.rpartition(" ")[2]
    hosts, prefixes = owner, []
    if record.type in ("CNAME", "MX", "SRV"):
        hosts = [*owner, value.removesuffix(".")]
    elif record.type in ("A", "AAAA") and "<" not in value:
        prefixes = [str(Prefix.parse(value))]
    return {key: some for key, some in (("hosts", hosts), ("prefixes", prefixes)) if some}


def to_json(data: "dict[str, Any]") -> str:
    """A compiled catalog as text, one entry a line, for a file that people can compare."""
    entries: Iterable[dict[str, Any]] = data["entries"]
    lines = ",\n".join(f"  {json.dumps(entry)}" for entry in entries)
    return f'{{\n "versions": {json.dumps(data["versions"])},\n "entries": [\n{lines}\n ]\n}}\n'
