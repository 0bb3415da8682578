r"""Find the tokens of a row: hosts, host + path, prefixes, ports, templates.

    >>> tokens = find_tokens(["Ports UDP 50 000-59 999\nTCP 50.000-59.999; 5061", "*. cloudapp.net", "52.243.148.1 9"])
    >>> tokens.hosts, tokens.prefixes, tokens.udp, tokens.tcp
    (['*.cloudapp.net'], ['52.243.148.19/32'], '50000-59999', '5061,50000-59999')
    >>> find_tokens(["ASP.NET 4.8, Office 2013 etc.Other"]).hosts
    []

Nothing is derived from the words of a language: addresses and hosts have their own grammar, and ports are next to `TCP` or
`UDP`, which translations keep. Text that looks like a token but does not match its grammar is `unreadable`; so are tokens
that can never be needed (private space, all addresses, a public suffix).
"""

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from perimeter365.errors import InputError
from perimeter365.model.host import HostPattern
from perimeter365.model.never import space_problem, width_problem
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.special import is_internal_name
from perimeter365.sources.page._html import TARGET
from perimeter365.sources.page._ports import ports

TAKEN = "\x01"
"""Replaces a token that was removed from the text."""

_TOP_TEXT = """
com net org info biz io ms us cn de uk fr eu jp in ca au mil gov edu int cloud microsoft azure
office skype
"""
_TOP = frozenset(_TOP_TEXT.split())
_TOP_IN_PROSE = frozenset(("com", "net", "org", "ms", "us", "cn", "microsoft"))
# matches `learn.microsoft.com`, `support.office.com`; not `login.microsoft.com`
_DOCUMENTS = re.compile(
    r"(?:support\.(?:office|microsoft|apple)\.com|(?:learn|docs|technet|msdn)\.microsoft\.com|docs\.azure\.cn"
    r"|firebase\.google\.com|go\.microsoft\.com|(?:www\.)?microsoft\.com|github\.com)\Z"
)
_KNOWN_GLUED = frozenset(("*cdn.onenote.net",))

_L = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_PATH = r"(?:/[A-Za-z0-9._~%/?=&#+-]*(?:[ ]?\*)?)"
# matches `.com/` of `a.com/b.net`, `.com:443/` of `a.com:443/*.b.net`; not `a.com/path`
_TWO_HOSTS = re.compile(
    r"(\.(?:com|net|org|cn|us|ms)(?::\d{1,5})?)/"
    r"(?=(?:\*\.?)?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.(?:com|net|org|cn|us|ms)(?![A-Za-z0-9.-]))",
    re.ASCII,
)
# matches `https://` before a host, `http(s) : / / `; not `https:a`
_SCHEME = re.compile(r"(?<![A-Za-z])[a-z]{2,8}(?:\(s\))?\s?:\s?/\s?/\s?(?=[A-Za-z0-9*])", re.IGNORECASE | re.ASCII)
# matches `://a.com:443/b`, `://*.a.com`; not `https:a.com`
_URL = re.compile(
    r"://(?P<host>[*A-Za-z0-9._-]{1,253})(?P<port>:\d{1,5}(?!\d))?(?P<path>[/?#][!#-&*-:=?A-~-]*)?(?P<wrong>[@\\])?",
    re.ASCII,
)
# matches `*.outlook.com`, `aka.ms/hybridwizard`, `a.example.com:443`; not `outlook`, `@outlook.com`
_HOST = re.compile(
    rf"(?<![A-Za-z0-9_@./-])(?:(?P<star>\*\s?)(?P<after>\.\s?)?|(?<![^\s(,;|<>'\"«„“「:])(?P<dot>\.))?"
    rf"(?P<name>{_L}(?:\.{_L}){{1,10}})(?P<moved>\.?\*(?!\s?\.\s?[A-Za-z]))?"
    rf"(?P<port>\s?:\s?[0-9]{{1,5}}(?![0-9:]|\.[0-9]))?(?P<path>{_PATH})?"
)
_OURS = r"\.\s?(sharepoint(?:-mil)?|outlookmobile)\s?\.\s?(com|us|cn)(?![A-Za-z0-9-])"
# matches `<tenant>.sharepoint.com`, `{ Kunde }-my.sharepoint.com`; not `<tenant>.example.com`
_TEMPLATE = re.compile(
    rf"[<«{{\[][\s<«]{{0,6}}([^<>«»{{}}\[\]\n]{{1,60}}?)[\s>»]{{0,6}}[>»}}\]]\s?(?:(-[a-z]{{2,10}})\s?)?{_OURS}"
)
# matches `<region>.example.com`; not `<region> example.com`
_OTHER_TEMPLATE = re.compile(r"<([^<>\n]{1,60})>(-[a-z]{2,10})?(\.[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+)", re.ASCII)
# matches ` .sharepoint.com`, `sharepoint.com`; not `contoso.sharepoint.com`, `<tenant>.sharepoint.com`
_BARE_TEMPLATE = re.compile(
    rf"(?<![A-Za-z0-9_>}}\].*-])(?:{_OURS}|(sharepoint|outlookmobile)\.(com|us|cn)(?![A-Za-z0-9./-]))"
)
_VARIABLES = {"sharepoint": "tenant", "sharepoint-mil": "tenant", "outlookmobile": "email_domain"}
# matches `52.112.0.0/14`, `52.243. 148.19`, `52.112.0.0 / 14`; damaged `52.112.0.0/`, `52.112.0.0/1444`; not `52.112.0`
_V4 = re.compile(
    r"(?<![\d.])(\d{1,3}\s?\.\s?\d(?: ?\d){0,2}?\s?\.\s?\d(?: ?\d){0,2}?\s?\.\s?\d{1,3})(?!\d)"
    r"(?:\s?/\s?\d{1,3}(?!\d|\.\d)|(?P<damaged>\s?/[^\s,;|]*))?(?!\.\d)",
    re.ASCII,
)
# matches `2603:1006::/40`; not `2603:1006::`, `10:30`
_V6 = re.compile(
    r"(?<![0-9A-Za-z:.])((?:[0-9a-f]{1,4}\s?:\s?){1,7}(?::\s?)?(?:[0-9a-f]{1,4}\s?:\s?){0,6}(?:[0-9a-f]{1,4})?"
    r"(?:\s?/\s?\d{1,3}))(?![0-9A-Za-z:]|\.\d)",
    re.IGNORECASE | re.ASCII,
)
# matches `2603:1006::1`, `2001:db8::`; not `2603:1006::/40`, `10:30`
_LONE_V6 = re.compile(
    r"(?<![0-9A-Za-z:.])(?=[0-9a-f:]*[0-9])(?:[0-9a-f]{1,4}:){2,7}(?::|(?::?[0-9a-f]{1,4}){1,6})(?![0-9A-Za-z:./])",
    re.IGNORECASE,
)
# matches `2603:1006::/4x`; not `2603:1006::`
_DAMAGED_V6 = re.compile(r"(?<![\w:.])(?:[0-9a-f]{1,4}:){2,7}[0-9a-f:]*\s?/[^\s,;|]*", re.IGNORECASE | re.ASCII)
# matches `192.0.2.0-192.0.2.255`; not `192.0.2.0-24`
_SPAN = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})\s?[-~]\s?(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])", re.ASCII)
# matches `192.0.2.0 255.255.255.0`; not `192.0.2.0/24`
_MASKED = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}[\s/]{1,3}255(?:\.\d{1,3}){3}(?![\d.])", re.ASCII)
# matches ` [1]`, ` (2)` of `443 (2)`, `IPv4:`; not ` (1)` of `a (1)`
_NOTES = re.compile(r"\s?\[\^?[0-9]{1,2}\]|(?<=[0-9])\s?\([0-9]\)|(?<![A-Za-z])IPv[46]\s?:", re.ASCII | re.IGNORECASE)
_GLUED_SCHEME = re.compile(r"(?<=[A-Za-z0-9*/])(?=https?\s?:\s?/\s?/)")
# matches the end of `version `, `build `; not of `port `
_VERSION = re.compile(
    r"(?:(?<![^\W_])v|(?:vers\w{2,5}|wersja|верси[яи]|sürüm|版本|バージョン|버전|build|server)\s?)\Z", re.IGNORECASE
)
# matches ` 9,`, ` 12`; not ` 443`, ` 9.1`
_REST = re.compile(r" (\d{1,2})(?![\w.:/%-])(?=(\s?[,;]|\s?\Z)?)", re.ASCII)
_TARGETS = re.compile(rf"{TARGET}([A-Za-z0-9.-]+)", re.ASCII)
# matches the end of `outlook.office.`, `*.`, `52.112.`; not of `Outlook.`, `52.112.0.0.`
_SEVERED = re.compile(
    r"(?:\*\.(?:[a-z0-9-]{2,63}\.)*|[a-z0-9-]{2,63}(?:\.[a-z0-9-]{2,63})+\.)\Z|(?<![\d.])\d{1,3}(?:\.\d{1,3}){1,2}\.\Z",
    re.ASCII,
)
# matches the end of `TCP port `, `443, `; not of `TCP 443`
_PROTOCOL_LAST = re.compile(r"(?:TCP|UDP)[^\d.。]{0,28}\Z|[0-9][-,]\s?\Z")
_WHOLE_ADDRESS = re.compile(r"[0-9A-Fa-f.:/ ]{7,60}", re.ASCII)
_SPLIT_HOST = re.compile(r"[*A-Za-z0-9_.:/ -]{4,200}", re.ASCII)
# matches `1.2.3.4`, `a.contoso.com`; not `1.2.3`, `contoso`
_LOOKS_LIKE = re.compile(
    r"(?<![\w.])\d{1,4}(?:\.\d{1,4}){3}(?:/\d{1,3})?(?![\w])|(?<![\w-])(?<![\w-]\.)[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|cn|us|ms)(?!\w)"
)


@dataclass
class Tokens:
    """The tokens that a row states literally: canonical, sorted, unique."""

    hosts: list[str] = field(default_factory=list)
    """Names, patterns and templates, including those of `paths` and of host:port."""
    paths: list[str] = field(default_factory=list)
    """Host + path: `aka.ms/hybridwizard`."""
    prefixes: list[str] = field(default_factory=list)
    """With their length: `40.118.209.192/32`."""
    tcp: str = ""
    """Ports, in the form of PortSet."""
    udp: str = ""
    unreadable: list[str] = field(default_factory=list)
    """Pieces that look like tokens but do not match their grammar, of at most 100 characters each."""

    def flat(self) -> list[str]:
        """Return all tokens as text: hosts, paths, prefixes, `tcp/443`, `udp/50000-59999`."""
        made = [*self.hosts, *self.paths, *self.prefixes]
        for protocol, listed in (("tcp", self.tcp), ("udp", self.udp)):
            made += [f"{protocol}/{port}" for port in listed.split(",") if port]
        return made


def find_tokens(cells: Sequence[str], purpose: int | None = None) -> Tokens:
    """Find the tokens of a row.

    Args:
        cells: the row's cells as plain text (see `_forms`), without its number.
        purpose: index of the cell whose bare https:// addresses are documents; None if columns are unknown.
    """
    finder = _Finder()
    for i, cell in enumerate(cells):
        for line in _lines(cell):
            finder.line(line, documents=i == purpose)
    return finder.tokens()


def _lines(cell: str) -> list[str]:
    """Return the lines of a cell, joined where a line ends inside of a token."""
    made: list[str] = []
    for line in map(str.strip, cell.split("\n")):
        before = made[-1] if made else ""
        ports_go_on = line[:1].isdigit() and _PROTOCOL_LAST.search(before) is not None and not _V4.match(line)
        if ports_go_on or _is_severed(before, line):
            made[-1] = f"{before} {line}" if _PROTOCOL_LAST.search(before) else before + line
        else:
            made.append(line)
    return made


def _is_severed(before: str, line: str) -> bool:
    """Return True if the next line continues a name or address."""
    severed = _SEVERED.search(before)
    if severed is None or not line[:1].isalnum() or not line[:1].isascii():
        return False
    piece = severed[0].rstrip(".")
    if piece.replace(".", "").isdigit():
        return _V4.match(severed[0] + line) is not None and not _V4.match(line)
    last = piece.rpartition(".")[2]
    return last not in _TOP and (_HOST.match(line) is not None or line.partition(" ")[0].rstrip(",;") in _TOP)


class _Finder:
    def __init__(self) -> None:
        self.hosts: set[str] = set()
        self.paths: set[str] = set()
        self.prefixes: set[Prefix] = set()
        self.ports: dict[str, list[tuple[int, int]]] = {"TCP": [], "UDP": []}
        self.unreadable: dict[str, None] = {}

    def tokens(self) -> Tokens:
        return Tokens(
            hosts=sorted(self.hosts),
            paths=sorted(self.paths),
            prefixes=[str(p) for p in sorted(self.prefixes)],
            tcp=str(PortSet(self.ports["TCP"])),
            udp=str(PortSet(self.ports["UDP"])),
            unreadable=list(self.unreadable)[:100],
        )

    def line(self, line: str, *, documents: bool) -> None:
        if not any(mark in line for mark in (".", ":", "TCP", "UDP", "tcp", "udp")):
            return
        line = self.templates(_NOTES.sub("", line))
        line = _TARGETS.sub(lambda m: TAKEN if _DOCUMENTS.match(m[1].lower()) else self.refuse(f"link to {m[1]}"), line)
        line = _URL.sub(lambda m: self.url(m, documents=documents), _SCHEME.sub(" ://", _GLUED_SCHEME.sub(" ", line)))
        line = self.wholes(_TWO_HOSTS.sub(r"\1 ", line))
        line = _HOST.sub(self.host, line)
        line = _MASKED.sub(lambda m: self.refuse(m[0]), _SPAN.sub(self.span, line))
        line = _LONE_V6.sub(self.address, _V6.sub(self.address, line))
        line = _DAMAGED_V6.sub(lambda m: self.refuse(m[0]), line)
        line = _V4.sub(lambda m: self.refuse(m[0]) if m["damaged"] else self.address(m), line)
        # an address of four numbers, a long name, or a name in letters of several scripts
        for text in _LOOKS_LIKE.findall(line):
            number = text.replace(".", "").isdigit()
            if text.count(".") == 3 if number else text[:1].isdigit() or text.count(".") > 1 or not text.isascii():
                self.refuse(text)
        tcp, udp, ambiguous = ports(line)
        self.ports["TCP"] += tcp
        self.ports["UDP"] += udp
        for piece in ambiguous:
            self.refuse(piece)

    def refuse(self, text: str) -> str:
        self.unreadable["".join(c for c in text if c.isprintable())[:100]] = None
        return TAKEN

    def templates(self, line: str) -> str:
        before = len(self.hosts)
        line = _TEMPLATE.sub(lambda m: self.template(m[2] or "", m[3], m[4]), line)
        line = _OTHER_TEMPLATE.sub(lambda m: self.refuse(f"<...>{m[2] or ''}{m[3]}"), line)
        if len(self.hosts) == before:
            line = _BARE_TEMPLATE.sub(lambda m: self.template("", m[1] or m[3], m[2] or m[4]), line)
        return line

    def template(self, infix: str, name: str, top: str) -> str:
        self.hosts.add(HostPattern(f"<{_VARIABLES[name.lower()]}>{infix}.{name}.{top}").text)
        return TAKEN

    def url(self, match: re.Match[str], *, documents: bool) -> str:
        host, path = match["host"].rstrip("."), (match["path"] or "").rstrip(".,;:!?'")
        after = match.string[match.end() : match.end() + 1]
        if match["wrong"] or (not match["path"] and _letter_like(after)):
            return self.refuse(_word(match.string, match.start("host"), match.end()))
        if documents or _DOCUMENTS.match(host.lower()):
            return TAKEN
        self.add_host(host, path if path.strip("/#") else "")
        self.add_port(match["port"], match[0])
        return TAKEN

    def add_port(self, written: str | None, text: str) -> None:
        if written:
            number = int(written.strip(" :"))
            if 1 <= number <= 65535:
                self.ports["TCP"].append((number, number))
            else:
                self.refuse(text)

    def span(self, match: re.Match[str]) -> str:
        """Parse the first and last address of a prefix, with a dash between them."""
        try:
            low, high = (Prefix.parse(each).first for each in match.groups())
            made = Prefix(4, low, 33 - max(1, high - low + 1).bit_length())
        except InputError:
            return self.refuse(match[0])
        return self.add_prefix(made, match[0]) if made.last == high else self.refuse(match[0])

    def wholes(self, line: str) -> str:
        """Join pieces between commas that are one token without their spaces."""
        pieces = re.split(r"([,;|])", line)
        for i in range(0, len(pieces), 2):
            piece = pieces[i].strip()
            joined = piece.replace(" ", "")
            if joined == piece:
                continue
            if _WHOLE_ADDRESS.fullmatch(piece) and not piece.endswith(":"):
                with suppress(InputError):
                    pieces[i] = self.add_prefix(Prefix.parse(joined), piece)
            elif "." in piece and _SPLIT_HOST.fullmatch(piece) and not re.search(r"[A-Za-z0-9_] [A-Za-z0-9_]", piece):
                match = _HOST.fullmatch(joined)
                if match and joined.islower() and match["name"].rpartition(".")[2] in _TOP:
                    pieces[i] = self.host(match)
        return "".join(pieces)

    def host(self, match: re.Match[str]) -> str:
        name, cut = _sentence(match["name"])
        top = name.rpartition(".")[2]
        marked = not cut and bool(match["star"] or match["port"] or match["path"] or match["moved"] or match["dot"])
        text, end = match.string, match.end("name") if cut else match.end()
        if top.isdigit() or (name.replace(".", "").isdigit()):
            return match[0]
        if any(_letter_like(c) for c in (text[match.start() - 1 : match.start()], text[end : end + 1])):
            return self.refuse(_word(text, match.start(), end))
        if top.lower() not in _TOP or (name.count(".") == 1 and not marked and top not in _TOP_IN_PROSE):
            known_top = top.islower() and top.isalpha() and name.count(".") >= 2 and name.islower()
            return self.refuse(match[0]) if known_top and top not in ("exe", "zip", "pst", "txt", "svc") else match[0]
        if not marked and _DOCUMENTS.match(name.lower()):
            return self.refuse(match[0])
        path = "" if cut else (match["path"] or "").replace(" ", "")
        star = bool(match["star"] or match["dot"] or (match["moved"] and not cut))
        if match["moved"] and not cut and not match["moved"].startswith(".") and not match["port"]:
            return self.refuse(match[0])  # a footnote mark or a moved star: ambiguous
        if match["star"] and path.endswith("/") and not match["after"] and not match["moved"]:
            star, path = False, path + "*"
        self.add_host(f"*.{name}" if star and f"*{name.lower()}" not in _KNOWN_GLUED else f"{'*' * star}{name}", path)
        if not cut:
            self.add_port(match["port"], match[0])
        return TAKEN + (_HOST.sub(self.host, cut) if cut else "")

    def add_host(self, text: str, path: str) -> None:
        try:
            host = HostPattern(text)
        except InputError:
            self.refuse(text + path)
            return
        if is_internal_name(host):
            self.refuse(text + path)
            return
        self.hosts.add(host.text)
        path = path.rstrip(".")
        if path.strip("/"):
            self.paths.add(host.text + path)

    def address(self, match: re.Match[str]) -> str:
        text, after = match[0], match.string[match.end() : match.end() + 1]
        joined = re.sub(r"\s", "", text)
        if "." in joined and "/" not in joined:
            if _VERSION.search(match.string, max(0, match.start() - 12), match.start()):
                return self.refuse(text)
            rest = _REST.match(match.string, match.end())  # 52.243.148.1 9
            if rest and int(joined.rpartition(".")[2] + rest[1]) < 256:
                if not rest[2] and rest.end() < len(match.string):
                    return self.refuse(text + rest[0])
                joined += rest[1]
        try:
            return self.add_prefix(Prefix.parse(joined), text)
        except InputError:
            part_of_word = after.isalpha() if "." in joined else "/" not in joined
            return text if part_of_word else self.refuse(text)

    def add_prefix(self, prefix: Prefix, text: str) -> str:
        own = PrefixSet.of([prefix])
        if space_problem(own) or width_problem(own):
            return self.refuse(text)
        self.prefixes.add(prefix)
        return TAKEN


_SCRIPTS = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR", "ARABIC", "HEBREW", "IDEOGRAPHIC")
"""Scripts that are written without spaces, or join short words to the next one: their letters may be next to a name."""


def _word(text: str, start: int, end: int) -> str:
    """Extend a piece of text to the next spaces and commas."""
    before = re.search(r"[^\s,;|/\x01\x02]{0,60}\Z", text[max(0, start - 60) : start])
    after = re.match(r"[^\s,;|\x01\x02]{0,60}", text[end : end + 60])
    return (before[0] if before else "") + text[start:end] + (after[0] if after else "")


def _sentence(name: str) -> tuple[str, str]:
    """Split a name from a sentence that follows without a space: `live.com.In`."""
    labels = name.split(".")
    for i in range(2, len(labels)):
        if labels[i][:1].isupper() and not labels[i].isupper() and labels[i - 1] in _TOP:
            return ".".join(labels[:i]), " " + ".".join(labels[i:])
    head, dash, suffix = labels[-1].partition("-")
    if dash and head in _TOP and len(labels) > 1:  # the suffix of a grammatical case: live.com-hoz
        return ".".join([*labels[:-1], head]), f" -{suffix}"
    return name, ""


def _letter_like(char: str) -> bool:
    """Return True if a reader could take the character for a part of a name.

    These are Latin letters with marks, Cyrillic, Greek and so on.
    """
    if not char or char.isascii():
        return False
    kind = unicodedata.category(char)
    if kind[0] not in "LMN":
        return char == "\ufffd"
    return kind != "No" and not unicodedata.name(char, "").startswith(_SCRIPTS)
