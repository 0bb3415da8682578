"""Host patterns: the grammar in which Microsoft, profiles and devices name hosts.

    kind      example                            which names it matches
    exact     aka.ms                             that name alone
    suffix    *.sharepoint.com                   one or more labels before .sharepoint.com; never sharepoint.com
    glued     *cdn.onenote.net                   any characters, also dots or none, in place of the star
    inner     autodiscover.*.onmicrosoft.com     one or more whole labels in place of the star
    template  <tenant>.sharepoint.com            nothing, until a profile fills it

The star has the meaning of shExpMatch in a PAC file, restricted to well-formed host names. A pattern has at most one
star. Patterns are lower case ASCII without a dot at the end. They are checked at construction, so they never contain
white space, quotes, control characters or anything else that a configuration could take for syntax.

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
_LONGEST = 400  # a name has at most 253 characters; a template is longer by the names of its variables
# matches `contoso.com`, `_sip._tls.contoso.com`; not `contoso`, `-a.com`
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})+", re.ASCII)
_VARIABLE = re.compile(r"<([a-z][a-z0-9_-]{0,40})>", re.ASCII)
# inet_aton and browsers take a name that ends in a number for an IPv4 address: 10.0.0.1, but also 1.0x7f.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

# Second-level labels under which registries sell names, so that `*.co.uk` is rejected at construction. Targets check the
# full public suffix list; loading it here would double the start of `lookup`.
_REGISTRY_LABELS = frozenset(
    ("ac", "co", "com", "edu", "go", "gob", "gov", "ltd", "me", "mil", "ne", "net", "nom", "or", "org", "plc", "sch")
)


class HostPattern(Immutable):
    """A host pattern. Immutable, hashable, ordered by its text.

    Raises HostPatternError if the text does not match the grammar.
    """

    __slots__ = ("kind", "text")
    init_fields = ("text",)

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
        """The text before and after the star; (text, "") if there is no star."""
        before, _, after = self.text.partition("*")
        return before, after

    @property
    def domain(self) -> str:
        """The domain of all names that the pattern matches; without a star, the text.

        `sharepoint.com` for `*.sharepoint.com`, `onenote.net` for `*cdn.onenote.net`: a star that is part of a label leaves
        only the labels after it fixed.
        """
        return fixed(self.text)

    @property
    def apex(self) -> str:
        """The name after `*.` of a suffix pattern; the text of other kinds."""
        return self.text[2:] if self.kind == SUFFIX else self.text

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables of a template, in order: ("tenant",)."""
        return variables(self.text)

    def matches(self, name: str) -> bool:
        """Return True if the pattern matches a host name.

        Case and a dot at the end are ignored. No pattern matches an invalid name.
        """
        name = normal(name)
        if self.kind == EXACT:
            return name == self.text
        return self.kind != TEMPLATE and self._fits(name) and is_name(name)

    def _fits(self, name: str) -> bool:
        """Return True if a pattern with a star matches a well-formed name."""
        before, _, after = self.text.partition("*")
        if not name.endswith(after):  # most patterns differ at the end
            return False
        spare = len(name) - len(before) - len(after)
        return spare >= (0 if self.kind == GLUED else 1) and name.startswith(before)

    def covers(self, other: "HostPattern") -> bool:
        """Return True if this pattern matches every name that `other` matches.

        A template covers only itself.
        """
        if self.text == other.text:
            return True
        if TEMPLATE in (self.kind, other.kind) or self.kind == EXACT:
            return False
        if other.kind == EXACT:
            return self._fits(other.text)
        before, after = self.parts
        c, d = other.parts
        return c.startswith(before) and d.endswith(after)

    @property
    def enclosing(self) -> "HostPattern | None":
        """The narrowest suffix pattern that covers a glued or inner pattern.

        `*.onenote.net` for `*cdn.onenote.net`, `*.onmicrosoft.com` for `autodiscover.*.onmicrosoft.com`. None for other
        kinds, and if only a public suffix would cover the pattern.
        """
        if self.kind not in (GLUED, INNER):
            return None
        try:
            return HostPattern(f"*.{self.domain}")
        except HostPatternError:
            return None

    def fill(self, values: Mapping[str, Sequence[str]]) -> "tuple[HostPattern, ...]":
        """Fill a template with each value, or combination of values, of its variables.

        A variable without a value stays in the result, which is never empty. Raises HostPatternError if the result is not
        a host pattern, or if a value contains a star.
        """
        filled = tuple(HostPattern(text) for text in fill(self.text, values))
        for host in filled:
            if host.kind not in (self.kind, EXACT):
                raise HostPatternError(f"{host.text!r} is wider than the template {self.text!r}")
        return filled


def normal(name: str) -> str:
    """Normalize a host name for comparison: ASCII lower case, without the root dot."""
    return (name.lower() if name.isascii() else name).removesuffix(".")


def is_name(name: str) -> bool:
    """Return True for a well-formed host name of two labels or more.

    The grammar is that of RFC 1123 2.1, with `_` for service names.
    """
    return len(name) <= 253 and _NAME.fullmatch(name) is not None


def variables(text: str) -> tuple[str, ...]:
    """Return the names of the variables of a template, in order.

    `<tenant>.example` has ("tenant",).
    """
    return tuple(_VARIABLE.findall(text))


def fill(text: str, values: Mapping[str, Sequence[str]]) -> list[str]:
    """Fill a template with each value, or combination of values, of its variables.

    A variable without a value stays in the result, which is never empty.
    """
    texts = [text]
    for variable in dict.fromkeys(variables(text)):
        if chosen := values.get(variable, ()):
            texts = [each.replace(f"<{variable}>", value) for each in texts for value in chosen]
    return texts


def minimal(patterns: "Iterable[HostPattern]") -> "tuple[HostPattern, ...]":
    """Return the patterns that no other pattern covers, sorted."""
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
    # The star and each variable stand for at least one character of a valid name; a variable alone for a whole name.
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
    """Return the labels after the label with the star; without a star, the text."""
    after = text.partition("*")[2]
    return (after[1:] if after.startswith(".") else after.partition(".")[2]) if "*" in text else text


def _punycode(text: str) -> str:
    """Return the name in IDNA form; "" if it has none."""
    try:
        name = text.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return name if is_name(normal(name)) else ""  # the codec does not check labels that are ASCII


def _advice(text: str) -> str:
    if "://" in text or "/" in text:
        return "write the host alone, without scheme and path"
    if ":" in text:
        return "write the host alone, without the port"
    if any(c.isspace() or not c.isprintable() for c in text):
        return "a host has no white space or control characters"
    return "a host has two labels or more of letters, digits, '-' and '_', each of at most 63 characters, 253 in all"


def _kind(text: str) -> "HostKind":
    if "<" in text:
        return TEMPLATE
    if "*" not in text:
        return EXACT
    if text.startswith("*."):
        return SUFFIX
    return INNER if ".*." in text else GLUED
