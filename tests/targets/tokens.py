"""Read any artifact: its addresses, its names, the lines that let packets pass.

    text(content)     the text of a file: UTF-16, tar, Parquet and MaxMind DB files are unpacked
    values(page)      an HTML page without the package's own style and script
    networks(text)    the addresses and prefixes in it
    names(text)       the host names and patterns in it
    passing(text)     the lines that allow something

This reader does not depend on the grammar of a device, so it also reads the files of a new target: it splits a text into
tokens, and `ipaddress` decides which of them are addresses.
"""

import io
import ipaddress
import re
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

Range = tuple[int, int]
"""First and last value, inclusive."""
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

TOKEN = re.compile(r"[\w.:/%-]+", re.ASCII)
"""`10.0.0.0/8`, `m365-10.0.0.0_8`, `AWS::EC2::VPC`, `00:1a:2b:3c:4d:5e`; `[::1]:443` is two, `::1` and `:443`."""
MASKED = re.compile(r"(?<![\w.:/-])((?:\d{1,3}\.){3}\d{1,3})[ \t]+((?:\d{1,3}\.){3}\d{1,3})(?![\w.:/-])")
"""An address and its mask: `10.0.0.0 255.0.0.0`, not `10.0.0.0/8 192.0.2.1`."""
SIZED = re.compile(r"<Address>([^<]*)</Address>\s*<PrefixSize>(\d+)</PrefixSize>")
"""A route of a Windows VPN profile."""
NAME = re.compile(r"(?<![\w*@.-])[*.]?(?:[a-z0-9_*-]+\.)+[a-z][a-z0-9-]+(?![\w*-])", re.IGNORECASE)
"""`*.outlook.com`, `.outlook.com`, `autodiscover.*.onmicrosoft.com`, `*cdn.onenote.net`, not `10.0.0.1`."""
PACKED = re.compile(r'^"([\w.-]+)":"([^"]*)",?$', re.MULTILINE)
"""Names in a PAC file, by their last two labels: `"office.com":"outlook *.x @"`."""
PASSING = re.compile(r"\b(permit|accept|allow|pass|passthru|direct|any[46]?|all)\b|-\s*\{\}", re.IGNORECASE)
"""`permit ip any any`, `-j ACCEPT`, `return "DIRECT"`, `egress: - {}`, not `AllowedIPs`."""

PAGE_PARTS = tuple(files("perimeter365.show").joinpath(name).read_text("utf-8") for name in ("page.css", "page.js"))
"""The style and script of all pages. They are the same for every plan, and contain text like `split("::")`."""


def values(page: str) -> str:
    """An HTML page without the package's own style and script.

    Only their exact text is removed: a page with anything of a plan in its style or script is read completely.
    """
    for part in PAGE_PARTS:
        page = page.replace(part, "", 1)
    return page


def text(content: bytes) -> str:
    """The text of a file in any format.

    Raises UnicodeDecodeError for an unknown format, since nothing can be concluded from it.
    """
    if content.startswith(b"PAR1"):
        return _parquet(content)
    if content.startswith(b"\x1f\x8b"):
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as tar:
            return "\n".join(f"{entry.name}\n{text(part.read())}" for entry in tar if (part := tar.extractfile(entry)))
    if b"\xab\xcd\xefMaxMind.com" in content:
        return _mmdb(content)
    if content.startswith(b"PReg"):
        return content[8:].decode("utf-16-le")
    return values(content.decode("utf-16" if content.startswith(b"\xff\xfe") else "utf-8-sig"))


def _parquet(content: bytes) -> str:
    import pyarrow.parquet

    rows = pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist()
    return "\n".join(" ".join(_value(value) for value in row.values()) for row in rows)


def _value(value: object) -> str:
    """A value of a table; 16 bytes are an address (mapped for IPv4)."""
    if isinstance(value, bytes):
        address = ipaddress.IPv6Address(value)
        return str(address.ipv4_mapped or address)
    return str(value)


def _mmdb(content: bytes) -> str:
    import maxminddb

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.mmdb")
        path.write_bytes(content)
        with maxminddb.open_database(path) as reader:
            return "\n".join(f"{network} {record}" for network, record in reader)


def networks(text: str) -> set[Network]:
    """The addresses and prefixes of a text.

    Everything that `ipaddress` accepts is an address, also `C::`, which is a namespace elsewhere.
    """
    found: set[Network] = set()
    for address, size in SIZED.findall(text):
        found |= set(_network(f"{address}/{size}"))
    for address, mask in MASKED.findall(text):
        found |= set(_network(f"{address}/{mask}")) or {*_network(address), *_network(mask)}
    for token in TOKEN.findall(MASKED.sub(" ", SIZED.sub(" ", text))):
        found |= set(_token(token))
    return found


def _token(token: str) -> Iterator[Network]:
    """The addresses of a token: `10.0.0.0/8`, `10.0.0.0-10.0.0.7`, often none."""
    token = token.strip(".")
    token = token if token.endswith("::") else token.removesuffix(":")
    if "." not in token and ":" not in token:
        return
    whole = list(_network(token))
    ends = [end for part in token.split("-") for end in _network(part)] if "-" in token else []
    if whole:
        yield from whole
    elif len(ends) == 2 and token.count("-") == 1:
        yield from spanned([(int(ends[0][0]), int(ends[1][-1]))], ends[0].version)
    else:
        for part in token.split("/"):
            yield from _network(part) if "." in part or ":" in part else ()


def _network(text: str) -> Iterator[Network]:
    """The network of a text; an address with a zone is an address."""
    try:
        yield ipaddress.ip_network(text.partition("%")[0], strict=False)
    except ValueError:
        return


def joined(ranges: Iterable[Range]) -> Iterator[Range]:
    """The same values in disjoint ranges that do not touch."""
    now: Range | None = None
    for first, last in sorted(ranges):
        if now and first <= now[1] + 1:
            now = (now[0], max(now[1], last))
        else:
            if now:
                yield now
            now = (first, last)
    if now:
        yield now


def ranges(networks: Iterable[Network], family: int) -> tuple[Range, ...]:
    """The addresses of a family, in ranges that do not touch."""
    return tuple(joined(tuple((int(n[0]), int(n[-1])) for n in networks if n.version == family)))


def spanned(ranges: Iterable[Range], family: int) -> Iterator[Network]:
    """The networks of ranges of addresses."""
    address = ipaddress.IPv4Address if family == 4 else ipaddress.IPv6Address
    for first, last in ranges:
        yield from ipaddress.summarize_address_range(address(first), address(last))


def beyond(networks: Iterable[Network], known: Iterable[Network]) -> set[Network]:
    """The networks that are not completely within the known ones."""
    held = {family: ranges(known, family) for family in (4, 6)}
    return {n for n in networks if not any(first <= int(n[0]) and int(n[-1]) <= last for first, last in held[n.version])}


def names(text: str) -> set[str]:
    """The host names and patterns of a text, without a trailing dot."""
    found = {name.lower() for name in NAME.findall(text.replace("\\.", "."))}
    for tail, heads in PACKED.findall(text):
        found |= {tail if head == "@" else f"{head}.{tail}" for head in heads.split()}
    return found


def passing(text: str) -> list[str]:
    """The lines with a word that allows something."""
    return [line.strip() for line in text.splitlines() if PASSING.search(line)]
