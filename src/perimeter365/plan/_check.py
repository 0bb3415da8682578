"""What each value of a profile may be. The same rules hold for a file and for a `Profile` made in Python.

Every function takes a value of the right type and returns it in its one normal form, or raises WrongError.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, TypeVar, get_args

from perimeter365.errors import HostPatternError, PrefixError, nearest
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import GRACE, MOST_GRACE
from perimeter365.model.endpoint_set import AREAS, Area
from perimeter365.model.host import EXACT, HostPattern
from perimeter365.model.ids import in_row
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.requirement import CATEGORIES, Category
from perimeter365.model.role import ANYONE, OUR_ROLES, ROLES
from perimeter365.model.scenario import SCENARIOS, is_selector
from perimeter365.model.special import NOWHERE, is_public_suffix

GraphSources = Literal["union", "newest"]
GRAPH_SOURCES: tuple[GraphSources, ...] = get_args(GraphSources)
NAME_LENGTH = 100
TENANT_LENGTH = 50
"""Characters of a tenant's label: SharePoint puts up to nine behind it (`-myfiles`), and a label has 63."""

_TENANT = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.ASCII)
_INITIAL_DOMAINS = (".onmicrosoft.com", ".onmicrosoft.us", ".partner.onmschina.cn", ".onmicrosoft.de")
_ADDRESS_LIKE = re.compile(r"[0-9.]+(?:/.*)?|.*[:/].*", re.DOTALL)
# Joiners shape words of Persian and Indic scripts and hide nothing; other format characters can.
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"


_Word = TypeVar("_Word", bound=str)


class WrongError(Exception):
    """A value that a profile cannot have. Caught by whoever knows its place."""

    def __init__(self, code: str, message: str, help: str = "", allowed: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help
        self.allowed = tuple(allowed)


def name(text: str) -> str:
    """The organization's name: any script, one line, at most `NAME_LENGTH` characters."""
    if not text.strip():
        raise WrongError("bad-value", "the organization's name is empty", "leave the key out if it has none")
    if len(text) > NAME_LENGTH:
        raise WrongError("bad-value", f"the organization's name has {len(text)} characters, {NAME_LENGTH} at most")
    for c in text:
        if not (c.isprintable() or c in _JOINERS):
            raise WrongError(
                "bad-value",
                f"the organization's name holds the character U+{ord(c):04X}, which cannot be printed",
                "letters of every script and ordinary spaces are fine; line breaks, control characters and marks "
                "that turn the direction of writing are not",
            )
    return text


def tenant(text: str) -> str:
    """The tenant's own label: `contoso` of contoso.onmicrosoft.com."""
    label = text.lower() if text.isascii() else text
    for domain in _INITIAL_DOMAINS:
        if label.endswith(domain):
            raise WrongError(
                "bad-value", f"{text!r} is more than the tenant's name", f"write {label.removesuffix(domain)!r}"
            )
    if not _TENANT.fullmatch(label) or len(label) > TENANT_LENGTH:
        raise WrongError(
            "bad-value",
            f"{text!r} is not a tenant's name",
            f"it is the first label of <tenant>.onmicrosoft.com: letters, digits and '-', {TENANT_LENGTH} at most",
        )
    return label


def email_domain(text: str) -> str:
    """An exact domain name of two labels or more."""
    if text.startswith("@") or text.count("@") == 1:
        raise WrongError("bad-value", f"{text!r} is not a mail domain", f"write {text.partition('@')[2]!r}")
    return _own_host(text, "a mail domain").text


def cloud(text: str) -> Cloud:
    """A cloud by our name."""
    for each in Cloud:
        if text == each.value:
            return each
    for each in Cloud:
        if text.lower() in (each.value, each.instance.lower()):
            raise WrongError("unknown-name", f"unknown cloud {text!r}", f"write {each.value!r}")
    raise unknown("cloud", text, [each.value for each in Cloud])


def area(text: str) -> Area:
    """A service area."""
    return _one_of("service area", text, AREAS)


def category(text: str) -> Category:
    """A category of the web service."""
    return _one_of("category", text, CATEGORIES)


def graph_sources(text: str) -> GraphSources:
    """Which of row 23's two published texts."""
    return _one_of("value of graph_sources", text, GRAPH_SOURCES)


def grace_time(days: int) -> int:
    """A number of days."""
    if type(days) is not int or not 0 <= days <= MOST_GRACE:
        said = days if abs(days) < 10**18 else "this"  # Python writes no number of thousands of digits
        raise WrongError("bad-value", f"{said} is not a grace time", f"it is 0 to {MOST_GRACE} days; 0 removes at once")
    return days


def grace(days: Mapping[str, int]) -> Mapping[str, int]:
    """A number of days for each category; one left out has the usual one."""
    return MappingProxyType({**GRACE, **{category(name): grace_time(number) for name, number in sorted(days.items())}})


def scenario(text: str) -> str:
    """A scenario's name, or something that has the form of an id."""
    if is_selector(text):
        return text
    if text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= 25:
        raise WrongError("unknown-name", f"unknown scenario {text!r}", f"write 'row/{int(text)}'")
    if in_row(text):
        raise WrongError("unknown-name", f"unknown scenario {text!r}", "rows are 'row/1' to 'row/25'")
    raise unknown("scenario", text, SCENARIOS)


def role(text: str) -> str:
    """A role on our side."""
    if text in OUR_ROLES:
        return text
    if text in ROLES:
        whose = "stands for anyone" if ROLES[text].side == ANYONE else "is not one of yours"
        raise WrongError("unknown-name", f"role {text!r} {whose}", "the catalog knows its names and addresses")
    raise unknown("role", text, OUR_ROLES)


def role_entry(text: str) -> HostPattern | Prefix:
    """An address, a prefix or an exact host name of our own."""
    if not _ADDRESS_LIKE.fullmatch(text):
        return _own_host(text, "a host name of yours")
    if "://" in text:
        raise WrongError("bad-value", f"{text!r} is a URL", "write the host name alone")
    try:
        prefix = Prefix.parse(text)
    except PrefixError as error:
        raise WrongError("bad-value", error.message, error.help) from None
    role_space(PrefixSet.of([prefix]), repr(text))
    return prefix


def role_space(prefixes: PrefixSet, what: str) -> None:
    """Refuse what may not be anybody's own address space (RELIABILITY P5), also as a sum of entries."""
    for prefix in prefixes:
        if prefix.length < 2:
            raise WrongError("never", f"{what} would be all of IPv{prefix.family}, or half of it", "name your own addresses")
    if bad := prefixes & NOWHERE:
        raise WrongError(
            "never",
            f"{what} is loopback, link-local, multicast or reserved space"
            if bad == prefixes
            else f"{what} holds {next(iter(bad))}, which is loopback, link-local, multicast or reserved space",
            "name the address that the network sees",
        )


def unknown(kind: str, text: str, allowed: Iterable[str]) -> WrongError:
    """The error for a name that does not exist, with the nearest one."""
    names = tuple(allowed)
    near = nearest(text, names)
    return WrongError("unknown-name", f"unknown {kind} {text!r}", f"did you mean {near!r}?" if near else "", names)


def _one_of(kind: str, text: str, allowed: tuple[_Word, ...]) -> _Word:
    for word in allowed:
        if word == text:
            return word
    raise unknown(kind, text, allowed)


def _own_host(text: str, what: str) -> HostPattern:
    """An exact name that is not a registry's."""
    try:
        host = HostPattern(text)
    except HostPatternError as error:
        raise WrongError("bad-value", error.message, error.help) from None
    if host.kind != EXACT:
        raise WrongError("bad-value", f"{text!r} is not {what}", "write each name in full, without '*' or '<…>'")
    first, _, rest = host.text.partition(".")
    # Registries' own labels are short (co, asso), and asking the list costs 40 ms.
    if len(first) <= 4 and "." not in rest and is_public_suffix(host.text):
        raise WrongError("bad-value", f"{text!r} is a public suffix, not {what}", "name what you registered under it")
    return host
