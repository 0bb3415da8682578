r"""Finds the tokens in the text of one row: hosts, host + path, prefixes, ports, templates; in any language.

    >>> tokens = find(["Ports UDP 50 000-59 999\\nTCP 50.000-59.999; 5061", "*. cloudapp.net", "52.243.148.1 9"])
    >>> tokens.hosts, tokens.prefixes, tokens.udp, tokens.tcp
    (['*.cloudapp.net'], ['52.243.148.19/32'], '50000-59999', '5061,50000-59999')
    >>> find(["ASP.NET 4.8, Office 2013 etc.Other"]).hosts
    []

Nothing is guessed from words of a language: addresses and hosts have their own grammar, ports stand beside `TCP` or
`UDP`, which no translation changes. What looks like a token but is none of its grammar is `unreadable`, and so is what
could never be a need (private space, everything, a public suffix).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from perimeter365.errors import InputError, UpstreamDataError
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix
from perimeter365.sources._upstream import never_prefix

TAKEN = "\x01"
"""Stands where a token was taken out of the text."""

_TOP_TEXT = """
com net org info biz io ms us cn de uk fr eu jp in ca au mil gov edu int cloud microsoft azure
office skype
"""
_TOP = frozenset(_TOP_TEXT.split())
_TOP_IN_PROSE = frozenset(("com", "net", "org", "ms", "us", "cn", "microsoft"))
_DOCUMENTS = re.compile(
    r"(?:support\.(?:office|microsoft|apple)\.com|(?:learn|docs|technet|msdn)\.microsoft\.com|docs\.azure\.cn"
    r"|firebase\.google\.com|go\.microsoft\.com|(?:www\.)?microsoft\.com|github\.com)\Z"
)
_KNOWN_GLUED = frozenset(("*cdn.onenote.net",))
_WELL_KNOWN = frozenset((20, 21, 22, 25, 53, 80, 88, 110, 135, 143, 389, 443, 445, 465, 587, 636, 853, 993, 995))

_L = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_PATH = r"(?:/[A-Za-z0-9._~%/?=&#+-]*(?:[ ]?\*)?)"
_URL = re.compile(r"(https?)\s?:\s?//\s?([*A-Za-z0-9._-]{1,253})(:\d{1,5})?([^\s<>\"'`|,;)\x01]*)", re.IGNORECASE | re.ASCII)
_HOST = re.compile(
    rf"(?<![A-Za-z0-9_@./-])(?P<star>\*\s?)?(?P<dot>\.\s?)?(?P<name>{_L}(?:\.{_L}){{1,10}})(?P<moved>\.?\*)?"
    rf"(?P<port>\s?:\s?\d{{1,5}}(?![\d.:]))?(?P<path>{_PATH})?",
    re.ASCII,
)
_TEMPLATE = re.compile(r"[<«][\s<«]*([^<>«»\n]{1,60}?)[\s>»]*[>»]\s?(?:(-[a-z]{2,10})\s?)?\.\s?([A-Za-z0-9.-]{4,100})")
_BARE_TEMPLATE = re.compile(r"(?<![A-Za-z0-9_>.-])\.(sharepoint\.(?:com|us|cn)|outlookmobile\.(?:com|us))(?![A-Za-z0-9-])")
_VARIABLES = {"sharepoint": "tenant", "outlookmobile": "email_domain"}
_V4 = re.compile(
    r"(?<![\d.])(\d{1,3}\s?\.\s?\d(?: ?\d){0,2}?\s?\.\s?\d(?: ?\d){0,2}?\s?\.\s?\d{1,3})(?!\d)"
    r"(\s?/\s?\d{1,3}(?!\d))?(?!\.\d)",
    re.ASCII,
)
_V6 = re.compile(
    r"(?<![0-9A-Za-z:.])((?:[0-9a-f]{1,4}\s?:\s?){1,7}(?::\s?)?(?:[0-9a-f]{1,4}\s?:\s?){0,6}(?:[0-9a-f]{1,4})?"
    r"(?:\s?/\s?\d{1,3}))(?![0-9A-Za-z:])",
    re.IGNORECASE | re.ASCII,
)
_WHOLE_ADDRESS = re.compile(r"[0-9A-Fa-f.:/ ]{7,60}", re.ASCII)
_SPLIT_HOST = re.compile(r"[*A-Za-z0-9_.:/ -]{4,200}", re.ASCII)
_NUMBER = r"\d{1,2}[ ,.']\d{3}(?!\d)|\d{1,5}(?!\d)"
_RANGE = rf"(?:{_NUMBER})(?:\s?[-~]\s?(?:{_NUMBER}))?"
_BETWEEN = r"(?:\s?[,;&/+]\s?(?:[^\W\d_]{1,8}\s)?|-?[^\W\d_]{0,4}\s[^\W\d_]{1,8}[ -]{1,3}|\s[^\W\d_]|(?<=\d) (?=\d{2,5}))"
_LIST = rf"{_RANGE}(?:{_BETWEEN}(?:{_RANGE}))*"
_PROTOCOL = r"(?<![A-Za-z])(?:TCP|UDP)(?:\s?(?:/|&|,|\+|[^\W\d_]{1,5})\s?(?:TCP|UDP))?(?![A-Za-z])"
_AFTER = re.compile(rf"({_PROTOCOL})((?:[-\s:(]|[^\W\d_]){{0,28}}?[\s:(-]?)(?<![\d.,'])({_LIST})")
_BEFORE = re.compile(
    rf"(?<![\d.,'/A-Za-z-])({_LIST})-?[^\W\d_]{{0,4}}[\s-]{{1,2}}(?:[^\W\d_]{{1,12}}[\s-]{{1,2}})?({_PROTOCOL})"
)
_RANGES = re.compile(_RANGE)
_LOOKS_LIKE = re.compile(
    r"(?<![\w.])\d{1,4}(?:\.\d{1,4}){3}(?:/\d{1,3})?(?![\w])|[\w-]+(?:\.[\w-]+)+\.(?:com|net|org|cn|us|ms)(?!\w)"
)


@dataclass
class Tokens:
    """What a row says literally. Everything in canonical writing, sorted, once each."""

    hosts: list[str] = field(default_factory=list)
    """Names, patterns and templates; also those of `paths` and of host:port."""
    paths: list[str] = field(default_factory=list)
    """Host + path: `aka.ms/hybridwizard`."""
    prefixes: list[str] = field(default_factory=list)
    """With their length: `40.118.209.192/32`."""
    tcp: str = ""
    """Ports, as PortSet writes them."""
    udp: str = ""
    unreadable: list[str] = field(default_factory=list)
    """Pieces that look like tokens and are none, at most 100 characters each."""

    def flat(self) -> list[str]:
        """All tokens as texts: hosts, paths, prefixes, `tcp/443`, `udp/50000-59999`."""
        made = [*self.hosts, *self.paths, *self.prefixes]
        for protocol, ports in (("tcp", self.tcp), ("udp", self.udp)):
            made += [f"{protocol}/{port}" for port in ports.split(",") if port]
        return made


def find(cells: Sequence[str], purpose: int | None = None) -> Tokens:
    """The tokens of a row.

    Args:
        cells: the row's cells as plain text (see `_page_forms`), without its number.
        purpose: index of the cell whose bare https:// addresses are documents; None where columns are not known.
    """
    finder = _Finder()
    for i, cell in enumerate(cells):
        for line in cell.split("\n"):
            finder.line(line.strip(), documents=i == purpose)
    return finder.made()


class _Finder:
    def __init__(self) -> None:
        self.hosts: set[str] = set()
        self.paths: set[str] = set()
        self.prefixes: set[Prefix] = set()
        self.ports: dict[str, list[tuple[int, int]]] = {"TCP": [], "UDP": []}
        self.unreadable: dict[str, None] = {}

    def made(self) -> Tokens:
        return Tokens(
            hosts=sorted(self.hosts),
            paths=sorted(self.paths),
            prefixes=[str(p) for p in sorted(self.prefixes)],
            tcp=str(PortSet(self.ports["TCP"])),
            udp=str(PortSet(self.ports["UDP"])),
            unreadable=list(self.unreadable)[:100],
        )

    def line(self, line: str, *, documents: bool) -> None:
        if not any(mark in line for mark in (".", ":", "TCP", "UDP")):
            return
        line = self.templates(line)
        line = _URL.sub(lambda m: self.url(m, documents=documents), line)
        line = self.wholes(line)
        line = _HOST.sub(self.host, line)
        line = _V6.sub(self.address, line)
        line = _V4.sub(self.address, line)
        for match in _LOOKS_LIKE.finditer(line):
            if not match[0].replace(".", "").isdigit() or match[0].count(".") == 3:
                self.refuse(match[0])
        self.all_ports(line)

    def refuse(self, text: str) -> str:
        self.unreadable["".join(c for c in text if c.isprintable())[:100]] = None
        return TAKEN

    def templates(self, line: str) -> str:
        before = len(self.hosts)
        line = _TEMPLATE.sub(self.template, line)
        if len(self.hosts) == before:
            line = _BARE_TEMPLATE.sub(lambda m: self.template_of("", m[1]), line)
        return line

    def template(self, match: re.Match[str]) -> str:
        return self.template_of(match[2] or "", match[3].rstrip("."))

    def template_of(self, infix: str, domain: str) -> str:
        variable = _VARIABLES.get(domain.lower().partition(".")[0])
        if variable is None:
            return self.refuse(f"<…>{infix}.{domain}")
        self.hosts.add(HostPattern(f"<{variable}>{infix}.{domain}").text)
        return TAKEN

    def url(self, match: re.Match[str], *, documents: bool) -> str:
        host, path = match[2].rstrip("."), match[4].rstrip(".")
        if documents or _DOCUMENTS.match(host.lower()):
            return TAKEN
        self.add_host(host, path if path.strip("/#") else "")
        return TAKEN

    def wholes(self, line: str) -> str:
        """Pieces between commas that are one token once their spaces are gone."""
        pieces = re.split(r"([,;|])", line)
        for i in range(0, len(pieces), 2):
            piece = pieces[i].strip()
            if " " not in piece:
                continue
            joined = piece.replace(" ", "")
            if _WHOLE_ADDRESS.fullmatch(piece) and not piece.endswith(":"):
                try:
                    self.add_prefix(Prefix.parse(joined), piece)
                except InputError:
                    continue
                pieces[i] = TAKEN
            elif "." in piece and _SPLIT_HOST.fullmatch(piece) and not re.search(r"[A-Za-z0-9_] [A-Za-z0-9_]", piece):
                match = _HOST.fullmatch(joined)
                if match and joined.islower() and match["name"].rpartition(".")[2] in _TOP:
                    self.host(match)
                    pieces[i] = TAKEN
        return "".join(pieces)

    def host(self, match: re.Match[str]) -> str:
        name: str = match["name"]
        top = name.rpartition(".")[2]
        marked = bool(match["star"] or match["port"] or match["path"] or match["moved"] or match["dot"])
        text, end = match.string, match.end()
        if top.isdigit() or (name.replace(".", "").isdigit()):
            return match[0]
        if any(_letter_like(c) for c in (text[match.start() - 1 : match.start()], text[end : end + 1])):
            return self.refuse(text[max(0, match.start() - 20) : end + 20])
        if top not in _TOP or (name.count(".") == 1 and not marked and top not in _TOP_IN_PROSE):
            known_top = top.islower() and top.isalpha() and name.count(".") >= 2 and name.islower()
            return self.refuse(match[0]) if known_top and top not in ("exe", "zip", "pst", "txt", "svc") else match[0]
        path = (match["path"] or "").replace(" ", "")
        star = bool(match["star"] or match["moved"] or match["dot"])
        if star and path.endswith("/") and not match["dot"] and not match["moved"]:
            star, path = False, path + "*"
        self.add_host(f"*.{name}" if star and f"*{name.lower()}" not in _KNOWN_GLUED else f"{'*' * star}{name}", path)
        if match["port"]:
            number = int(match["port"].strip(" :"))
            if 1 <= number <= 65535:
                self.ports["TCP"].append((number, number))
            else:
                self.refuse(match[0])
        return TAKEN

    def add_host(self, text: str, path: str) -> None:
        try:
            host = HostPattern(text)
        except InputError:
            self.refuse(text + path)
            return
        self.hosts.add(host.text)
        path = path.rstrip(".")
        if path.strip("/"):
            self.paths.add(host.text + path)

    def address(self, match: re.Match[str]) -> str:
        text = match[0]
        joined = re.sub(r"\s", "", text)
        try:
            self.add_prefix(Prefix.parse(joined), text)
        except InputError:
            if "." in joined and match.end() < len(match.string) and match.string[match.end()].isalpha():
                return text
            if ":" in joined and "/" not in joined:
                return text
            return self.refuse(text)
        return TAKEN

    def add_prefix(self, prefix: Prefix, text: str) -> None:
        try:
            never_prefix("", prefix)
        except UpstreamDataError:
            self.refuse(text)
            return
        self.prefixes.add(prefix)

    def all_ports(self, line: str) -> None:
        taken = []
        for match in _AFTER.finditer(line):
            if "。" in match[2] or len(match[2].split()) > 3:
                continue
            taken.append(match.start(1))
            self.add_ports(match[1], match[3])
        for match in _BEFORE.finditer(line):
            if match.start(2) not in taken and not any(match.start(1) > at for at in taken):
                self.add_ports(match[2], match[1])

    def add_ports(self, protocols: str, listed: str) -> None:
        for match in _RANGES.finditer(listed):
            ends = re.split(r"\s?[-~]\s?", match[0])
            for low, high in _numbers(ends):
                if 1 <= low <= high <= 65535:
                    for protocol in ("TCP", "UDP"):
                        if protocol in protocols:
                            self.ports[protocol].append((low, high))
                else:
                    self.refuse(match[0])


def _numbers(ends: list[str]) -> Iterator[tuple[int, int]]:
    """The ranges that one or two written numbers mean, thousands separators of any locale understood."""
    if len(ends) == 2:
        low, high = (int(re.sub(r"\D", "", end)) for end in ends)
        yield low, high
        return
    parts = [int(part) for part in re.findall(r"\d+", ends[0])]
    whole = int(re.sub(r"\D", "", ends[0]))
    if len(parts) == 2 and (whole > 65535 or set(parts) <= _WELL_KNOWN):
        yield from ((part, part) for part in parts)
    else:
        yield whole, whole


def _letter_like(char: str) -> bool:
    """A letter beside a host that a reader could take for a part of it: Latin with marks, Cyrillic, Greek and so on."""
    if not char or char.isascii() or not char.isalpha():
        return False
    return unicodedata.name(char, "").split(" ")[0] in ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
