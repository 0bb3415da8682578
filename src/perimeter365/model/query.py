"""The parts of a lookup: a parsed value, and an entry of the compiled index.

>>> parse_query("https://aka.ms/hybridwizard").kind
'url'
>>> parse_query("outlook.office365.com:8443").port
8443
>>> parse_query("300.1.1.1")
Traceback (most recent call last):
perimeter365.errors.PrefixError: '300.1.1.1' is not an IPv4 address or prefix
"""

from perimeter365.errors import InputError, PortError
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix

TYPE_CHECKING = False  # type checkers take this name as true; importing `typing` would double the start
if TYPE_CHECKING:
    from typing import Any, Final, Literal

    QueryKind = Literal["address", "prefix", "host", "url"]

ADDRESS: "Final" = "address"
PREFIX: "Final" = "prefix"
HOST: "Final" = "host"
URL: "Final" = "url"

LONGEST = 8192
"""The maximum length of a value in characters."""

_SCHEME_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class IndexEntry:
    """One end of a flow, a site or a record, with its names and addresses."""

    __slots__ = (
        "assigned", "category", "cloud", "confidence", "direction", "hosts", "id", "paths", "prefixes", "retired", "role",
        "scenario", "sets", "tcp", "udp",
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
        """URL paths of the destination; [] for all paths."""
        self.retired: str | None = item.get("retired")
        self.confidence: str = item.get("confidence", "high")
        """How well the documents of the list support it."""
        self.assigned: list[str] = item.get("assigned", [])
        """Its hosts and prefixes that a document lists by service area only."""
        self.hosts: list[str] = item.get("hosts", [])
        self.prefixes: list[str] = item.get("prefixes", [])
        self.sets: list[int] = item.get("sets", [])
        """Endpoint sets of the same cloud whose names and addresses also belong to the entry."""


class Query:
    """A parsed value. Created by `parse_query`."""

    __slots__ = ("host", "kind", "path", "port", "prefix", "value")

    def __init__(
        self,
        value: str,
        kind: "QueryKind",
        *,
        prefix: Prefix | None = None,
        host: HostPattern | None = None,
        port: int | None = None,
        path: str = "",
    ) -> None:
        self.value = value
        self.kind = kind
        self.prefix = prefix
        """The address or prefix; None if the value, or its URL, has a host instead."""
        self.host = host
        self.port = port
        self.path = path
        """With the leading slash, without the query string; "" if the value has no path."""


def parse_query(value: str) -> Query:
    """Parse a value.

    Raises PrefixError, HostPatternError or InputError if it is not an address, prefix, host or URL.
    """
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


def _at(value: str, kind: "QueryKind", place: str, port: int | None, path: str) -> Query:
    """Parse `host`, `host:port`, `address`, `address:port` or `[IPv6]:port`."""
    path = path.partition("?")[0].partition("#")[0]
    name, colon, number = place.rpartition(":")
    if place.endswith("]") or not colon:
        name = place
    else:
        ports = PortSet.parse(number)
        if len(ports) != 1:
            raise PortError(f"{number[:60]!r} is not a port (1 to 65535)")
        port = next(iter(ports))[0]
    if _looks_like_address(name):
        address = Prefix.parse(name.removeprefix("[").removesuffix("]"))
        return Query(value, ADDRESS if kind == HOST else kind, prefix=address, port=port, path=path)
    if "." not in name:
        raise InputError(
            f"{value[:100]!r} is not an address, prefix, host or URL",
            help=f"a host has two labels or more; for rows and scenarios use `perimeter365 show {(name + path)[:100]}`",
        )
    return Query(value, kind, host=HostPattern(name), port=port, path=path)


def _looks_like_address(text: str) -> bool:
    """Return True if the text is meant as an address.

    That is dotted digits, or text with a colon that does not precede a port.
    """
    return text.startswith("[") or text.count(":") > 1 or ("." in text and text.replace(".", "").isdigit())


def _cut(text: str, stops: str) -> tuple[str, str]:
    """Split text before the first of some characters."""
    at = min((i for stop in stops if (i := text.find(stop)) >= 0), default=len(text))
    return text[:at], text[at:]


def mismatch(entry: IndexEntry, query: Query) -> str:
    """Return why the ports or paths of an entry do not match; "" if they match.

    The entry contains the name or address of the query.
    """
    if entry.role != "destination":
        return ""
    if query.port is not None:
        ports = PortSet.parse(entry.tcp) | PortSet.parse(entry.udp)
        if ports and query.port not in ports:
            return f"on {entry_ports(entry)}, not on {query.port}"
    if query.path and entry.paths and not any(_under(query.path, limit) for limit in entry.paths):
        return f"for the path {' or '.join(entry.paths)}, not for {query.path}"
    return ""


def entry_ports(entry: IndexEntry) -> str:
    """Return the ports as `tcp 443, udp 3478-3481`; "" if no port is known."""
    return ", ".join(f"{name} {ports}" for name, ports in (("tcp", entry.tcp), ("udp", entry.udp)) if ports)


def _under(path: str, limit: str) -> bool:
    """Return True if a path matches the path of an entry.

    Case is ignored, since the servers are IIS.
    """
    path, limit = path.lower(), limit.lower()
    return path.startswith(limit[:-1]) if limit.endswith("*") else path == limit
