"""What is asked of the catalog, and what it is asked of: a value taken apart, and one entry of the compiled index.

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
        """Set when the value is, or its URL names, an address or prefix; else `host` is."""
        self.host = host
        self.port = port
        self.path = path
        """With the slash at its start, without query; "" when the value has none."""


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


def _at(value: str, kind: "QueryKind", place: str, port: int | None, path: str) -> Query:
    """A query for `host`, `host:port`, `address`, `address:port` or `[IPv6]:port`."""
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
            help="a host has two labels at least; rows and scenarios are shown by "
            f"`perimeter365 show {(name + path)[:100]}`",
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
