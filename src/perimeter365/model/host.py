"""Host patterns: the small grammar in which Microsoft, profiles and devices name hosts.

    kind      example                            which names it matches
    exact     aka.ms                             that name alone
    suffix    *.sharepoint.com                   one or more labels before .sharepoint.com; never sharepoint.com
    glued     *cdn.onenote.net                   any characters (none, dots too) where the star stands
    inner     autodiscover.*.onmicrosoft.com     one or more whole labels where the star stands
    template  <tenant>.sharepoint.com            nothing, until a profile fills it

The star reads as it does in a PAC file's shExpMatch, restricted to well-formed host names. A pattern holds
at most one star. Patterns are lower case ASCII without a dot at the end; an object that exists is valid, so it
can hold no white space, quote, control character or anything else that a configuration could take for syntax.

    >>> HostPattern("*.SharePoint.com").matches("contoso-my.sharepoint.com")
    True
    >>> HostPattern("*.sharepoint.com").covers(HostPattern("*-my.sharepoint.com"))
    True
    >>> HostPattern("bücher.example")
    Traceback (most recent call last):
    perimeter365.errors.HostPatternError: 'bücher.example' is not ASCII
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from perimeter365.errors import HostPatternError
from perimeter365.model.immutable import Immutable

TYPE_CHECKING = False  # type checkers take this name as true; importing `typing` would double the start of `lookup`
if TYPE_CHECKING:
    from typing import Final, Literal

    HostKind = Literal["exact", "suffix", "glued", "inner", "template"]

EXACT: "Final" = "exact"
SUFFIX: "Final" = "suffix"
GLUED: "Final" = "glued"
INNER: "Final" = "inner"
TEMPLATE: "Final" = "template"
KINDS: "tuple[HostKind, ...]" = (EXACT, SUFFIX, GLUED, INNER, TEMPLATE)

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_LONGEST = 400  # a name has 253 at most, and each variable of a template stands for some of them
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})+", re.ASCII)
_VARIABLE = re.compile(r"<([a-z][a-z0-9_-]{0,40})>", re.ASCII)
# What ends in a number is an IPv4 address to inet_aton and browsers: 10.0.0.1, but 1.0x7f too.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

# Second-level labels under which registries sell names, so that `*.co.uk` is refused at construction. The full
# public suffix list is consulted where an allow is written (targets), which does not have to start in 20 ms.
_REGISTRY_LABELS = frozenset(
    ("ac", "co", "com", "edu", "go", "gob", "gov", "ltd", "me", "mil", "ne", "net", "nom", "or", "org", "plc", "sch")
)


class HostPattern(Immutable):
    """One pattern. Immutable, hashable, ordered by its text. Raises HostPatternError when it is not of the grammar."""

    __slots__ = ("kind", "text")
    made_of = ("text",)

    text: str
    """Lower case, no dot at the end, e.g. `*.sharepoint.com`."""
    kind: "HostKind"
    """One of `KINDS`."""

    def __init__(self, text: str) -> None:
        text = _checked(text)
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "kind", _kind(text))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"HostPattern({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HostPattern) and self.text == other.text

    def __lt__(self, other: "HostPattern") -> bool:
        return self.text < other.text

    def __hash__(self) -> int:
        return hash(self.text)

    @property
    def parts(self) -> tuple[str, str]:
        """What stands before and behind the star; (text, "") when there is none."""
        before, _, behind = self.text.partition("*")
        return before, behind

    @property
    def domain(self) -> str:
        """The name below which every name of the pattern lies; the text itself if there is no star.

        `sharepoint.com` of `*.sharepoint.com`, `onenote.net` of `*cdn.onenote.net`: a star that is glued to text can stand
        for the start of that label, so only what follows the label is fixed.
        """
        return fixed(self.text)

    @property
    def apex(self) -> str:
        """For a suffix pattern the name under which it lies (`sharepoint.com`); for all others the text itself."""
        return self.text[2:] if self.kind == SUFFIX else self.text

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of a template's variables, in order: ("tenant",)."""
        return variables(self.text)

    def matches(self, name: str) -> bool:
        """Does the pattern match this host name? Case and a dot at the end do not count; a bad name matches nothing."""
        name = normal(name)
        if self.kind == EXACT:
            return name == self.text
        return self.kind != TEMPLATE and self._fits(name) and is_name(name)

    def _fits(self, name: str) -> bool:
        """Match a well-formed name against a pattern with a star."""
        before, _, behind = self.text.partition("*")
        if not name.endswith(behind):  # most patterns differ at the end
            return False
        spare = len(name) - len(before) - len(behind)
        return spare >= (0 if self.kind == GLUED else 1) and name.startswith(before)

    def covers(self, other: "HostPattern") -> bool:
        """Does this pattern match every name that `other` matches? A template covers only itself."""
        if self.text == other.text:
            return True
        if TEMPLATE in (self.kind, other.kind) or self.kind == EXACT:
            return False
        if other.kind == EXACT:
            return self._fits(other.text)
        before, behind = self.parts
        c, d = other.parts
        return c.startswith(before) and d.endswith(behind)

    @property
    def enclosing(self) -> "HostPattern | None":
        """The narrowest `*.name` that holds every name of a pattern whose star is not a whole label in front.

        `*cdn.onenote.net` gives `*.onenote.net`, `autodiscover.*.onmicrosoft.com` gives `*.onmicrosoft.com`; None for
        the other kinds, which need none, and where only a public suffix would hold them all.
        """
        if self.kind not in (GLUED, INNER):
            return None
        try:
            return HostPattern(f"*.{self.domain}")
        except HostPatternError:
            return None

    def fill(self, values: Mapping[str, Sequence[str]]) -> "tuple[HostPattern, ...]":
        """The patterns that a template becomes, one for each value of its variables (those of several multiply).

        A variable that `values` does not have, or has no value for, leaves the template as it is: () is never returned.
        Raises HostPatternError when a value does not make a host, or would bring a star.
        """
        filled = tuple(HostPattern(text) for text in fill(self.text, values))
        for host in filled:
            if host.kind not in (self.kind, EXACT):
                raise HostPatternError(f"{host.text!r} is wider than the template {self.text!r}")
        return filled


def normal(name: str) -> str:
    """A host name as it is compared: ASCII lower case, without the root dot."""
    return (name.lower() if name.isascii() else name).removesuffix(".")


def is_name(name: str) -> bool:
    """Is it a well-formed host name of two labels or more (RFC 1123 2.1, with `_` for service names)?"""
    return len(name) <= 253 and _NAME.fullmatch(name) is not None


def variables(text: str) -> tuple[str, ...]:
    """The names of the variables of a template, in order: `<tenant>.example` gives ("tenant",)."""
    return tuple(_VARIABLE.findall(text))


def fill(text: str, values: Mapping[str, Sequence[str]]) -> list[str]:
    """The texts that a template becomes, one for each value of its variables; those of several multiply.

    A variable that `values` does not have, or has no value for, stays: [] is never returned.
    """
    texts = [text]
    for variable in dict.fromkeys(variables(text)):
        if chosen := values.get(variable, ()):
            texts = [each.replace(f"<{variable}>", value) for each in texts for value in chosen]
    return texts


def minimal(patterns: "Iterable[HostPattern]") -> "tuple[HostPattern, ...]":
    """The patterns that no other one covers, sorted."""
    unique = sorted(set(patterns))
    wild = [p for p in unique if p.kind not in (EXACT, TEMPLATE)]
    return tuple(p for p in unique if not any(w.text != p.text and w.covers(p) for w in wild))


def _checked(text: str) -> str:
    if len(text) > _LONGEST:
        raise HostPatternError(f"{text[:60]!r}, of {len(text)} characters, is longer than any host name")
    if not text.isascii():
        raise HostPatternError(
            f"{text!r} is not ASCII", help=f"write international names in Punycode: {_punycode(text) or 'xn--…'}"
        )
    text = normal(text)
    if text.count("*") > 1:
        raise HostPatternError(f"{text!r} has more than one star")
    if "*" in text and "<" in text:
        raise HostPatternError(f"{text!r} has both a star and a template")
    # The star and each variable stand for at least one character where the rest has to be a valid name; a variable
    # by itself stands for a whole name.
    plain = "x.x" if _VARIABLE.fullmatch(text) else _VARIABLE.sub("x", text).replace("*", "x")
    if not is_name(plain):
        raise HostPatternError(f"{text!r} is not a host name or pattern", help=_advice(text))
    if _NUMBER.fullmatch(plain.rpartition(".")[2]):
        raise HostPatternError(f"{text!r} is an address, not a host name")
    if "*" in text:
        labels = fixed(text).split(".")
        if len(labels) < 2 or (len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _REGISTRY_LABELS):
            raise HostPatternError(f"{text!r} covers every name under a public suffix")
    return text


def fixed(text: str) -> str:
    """What follows the star and the rest of its label in the text of a pattern; the text itself if there is no star."""
    behind = text.partition("*")[2]
    return (behind[1:] if behind.startswith(".") else behind.partition(".")[2]) if "*" in text else text


def _punycode(text: str) -> str:
    """The name in IDNA form, or "" when there is none. Labels that are ASCII pass the codec unchecked."""
    try:
        name = text.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return name if is_name(normal(name)) else ""


def _advice(text: str) -> str:
    if "://" in text or "/" in text:
        return "leave out scheme and path: they live beside the host"
    if ":" in text:
        return "leave out the port"
    if any(c.isspace() or not c.isprintable() for c in text):
        return "white space and control characters cannot be part of a host"
    return "labels are letters, digits, '-' and '_', at most 63 characters each, 253 in all, two labels at least"


def _kind(text: str) -> "HostKind":
    if "<" in text:
        return TEMPLATE
    if "*" not in text:
        return EXACT
    if text.startswith("*."):
        return SUFFIX
    return INNER if ".*." in text else GLUED
