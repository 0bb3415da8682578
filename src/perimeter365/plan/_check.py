"""Checks of the values of a profile, for files and for a `Profile` made in Python.

Each function expects a value of the right type and returns its normal form, or raises InvalidValueError.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Literal, TypeVar, get_args

from perimeter365.errors import HostPatternError, PrefixError, nearest
from perimeter365.model.area import AREAS, Area
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.day import MAX_STALE_DAYS
from perimeter365.model.effective import GRACE, MAX_GRACE_DAYS
from perimeter365.model.host import EXACT, HostPattern
from perimeter365.model.ids import in_row
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.requirement import CATEGORIES, Category
from perimeter365.model.role import ANYONE, OUR_ROLES, ROLES
from perimeter365.model.scenario import SCENARIOS, is_selector
from perimeter365.model.special import UNROUTABLE
from perimeter365.model.suffixes import is_public_suffix

GraphSources = Literal["union", "newest"]
GRAPH_SOURCES: tuple[GraphSources, ...] = get_args(GraphSources)
NAME_LENGTH = 100
TENANT_LENGTH = 50
"""The maximum length of a tenant's label: SharePoint appends up to nine characters (`-myfiles`), and a label has 63."""

_TENANT = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.ASCII)
_INITIAL_DOMAINS = (".onmicrosoft.com", ".onmicrosoft.us", ".partner.onmschina.cn", ".onmicrosoft.de")
_ADDRESS_LIKE = re.compile(r"[0-9.]+(?:/.*)?|.*[:/].*", re.DOTALL)
# Persian and Indic scripts need joiners, which hide nothing; other format characters can hide or reorder text.
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"


_Word = TypeVar("_Word", bound=str)


class InvalidValueError(Exception):
    """An invalid value of a profile. The caller adds its place."""

    def __init__(self, code: str, message: str, help: str = "", allowed: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help
        self.allowed = tuple(allowed)


def name(text: str) -> str:
    """Check the name of an organization.

    One line of at most `NAME_LENGTH` characters of any script.
    """
    if not text.strip():
        raise InvalidValueError("bad-value", "the organization's name is empty", "to set no name, leave the key out")
    if len(text) > NAME_LENGTH:
        raise InvalidValueError("bad-value", f"the organization's name has {len(text)} characters, more than {NAME_LENGTH}")
    for c in text:
        if not (c.isprintable() or c in _JOINERS):
            raise InvalidValueError(
                "bad-value",
                f"the organization's name contains the character U+{ord(c):04X}, which is not printable",
                "use letters of any script and ordinary spaces, without line breaks, control characters and marks "
                "that change the direction of writing",
            )
    return text


def tenant(text: str) -> str:
    """Check the name of a tenant: `contoso` for contoso.onmicrosoft.com."""
    label = text.lower() if text.isascii() else text
    for domain in _INITIAL_DOMAINS:
        if label.endswith(domain):
            raise InvalidValueError(
                "bad-value", f"{text!r} is more than the name of a tenant", f"write {label.removesuffix(domain)!r}"
            )
    if not _TENANT.fullmatch(label) or len(label) > TENANT_LENGTH:
        raise InvalidValueError(
            "bad-value",
            f"{text!r} is not the name of a tenant",
            f"write the first label of <tenant>.onmicrosoft.com: at most {TENANT_LENGTH} letters, digits and '-'",
        )
    return label


def email_domain(text: str) -> str:
    """Check a mail domain: an exact name of two labels or more."""
    if text.startswith("@") or text.count("@") == 1:
        raise InvalidValueError("bad-value", f"{text!r} is not a mail domain", f"write {text.partition('@')[2]!r}")
    return _own_host(text, "a mail domain").text


def cloud(text: str, further: Callable[[], Iterable[Cloud]] = tuple) -> Cloud:
    """Return the cloud of a name: one of this release, or one of `further`.

    `further` is called only if it is needed.
    """
    clouds = CLOUDS if any(text == each.value for each in CLOUDS) else (*CLOUDS, *further())
    for each in clouds:
        if text == each.value:
            return each
    for each in clouds:
        if text.lower() in (each.value, each.instance.lower()):
            raise InvalidValueError("unknown-name", f"unknown cloud {text!r}", f"write {each.value!r}")
    raise unknown("cloud", text, [each.value for each in clouds])


def area(text: str) -> Area:
    """Check the name of a service area."""
    return one_of("service area", text, AREAS)


def category(text: str) -> Category:
    """Check the name of a category."""
    return one_of("category", text, CATEGORIES)


def graph_sources(text: str) -> GraphSources:
    """Check the choice between the two published texts of row 23."""
    return one_of("value of graph_sources", text, GRAPH_SOURCES)


def grace_time(days: int) -> int:
    """Check a grace time in days."""
    if type(days) is not int or not 0 <= days <= MAX_GRACE_DAYS:
        shown = days if abs(days) < 10**18 else "this number"  # Python refuses to print thousands of digits
        raise InvalidValueError(
            "bad-value", f"{shown} is not a grace time", f"write 0 to {MAX_GRACE_DAYS} days; 0 removes entries at once"
        )
    return days


def stale_time(days: int) -> int:
    """Check the days after which a cloud that was not read counts as stale."""
    if type(days) is not int or not 1 <= days <= MAX_STALE_DAYS:
        shown = days if abs(days) < 10**18 else "this number"
        raise InvalidValueError("bad-value", f"{shown} is not a time in days", f"write 1 to {MAX_STALE_DAYS} days")
    return days


def grace(days: Mapping[str, int]) -> Mapping[str, int]:
    """Check grace times by category, and add the default of each missing category."""
    return MappingProxyType({**GRACE, **{category(name): grace_time(number) for name, number in sorted(days.items())}})


def scenario(text: str) -> str:
    """Check the name of a scenario, or the form of an id."""
    cloud_name, colon, name = text.partition(":")
    if colon and not cloud_name:
        raise InvalidValueError("unknown-name", f"unknown scenario {text!r}", f"write {name!r}, or a cloud before the colon")
    if colon:
        return f"{cloud(cloud_name)}:{scenario(name)}"
    if is_selector(text):
        return text
    if text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= 25:
        raise InvalidValueError("unknown-name", f"unknown scenario {text!r}", f"write 'row/{int(text)}'")
    if in_row(text):
        raise InvalidValueError("unknown-name", f"unknown scenario {text!r}", "rows are 'row/1' to 'row/25'")
    raise unknown("scenario", text, SCENARIOS)


def role(text: str) -> str:
    """Check the name of a role of own hosts."""
    if text in OUR_ROLES:
        return text
    if text in ROLES:
        reason = "means anyone" if ROLES[text].side == ANYONE else "is not a role of your own hosts"
        raise InvalidValueError("unknown-name", f"role {text!r} {reason}", "its names and addresses come from the catalog")
    raise unknown("role", text, OUR_ROLES)


def role_entry(text: str) -> HostPattern | Prefix:
    """Check an address, prefix or exact host name of a role."""
    if not _ADDRESS_LIKE.fullmatch(text):
        return _own_host(text, "a host name of your own")
    if "://" in text:
        raise InvalidValueError("bad-value", f"{text!r} is a URL", "write the host name alone")
    try:
        prefix = Prefix.parse(text)
    except PrefixError as error:
        raise InvalidValueError("bad-value", error.message, error.help) from None
    role_space(PrefixSet.of([prefix]), repr(text))
    return prefix


def role_address(text: str) -> Prefix:
    """Check an address or prefix of a role."""
    entry = role_entry(text)
    if not isinstance(entry, Prefix):
        raise InvalidValueError("bad-value", f"{text!r} is not an address", "host names belong to names")
    return entry


def role_name(text: str) -> HostPattern:
    """Check an exact host name of a role."""
    entry = role_entry(text)
    if not isinstance(entry, HostPattern):
        raise InvalidValueError("bad-value", f"{text!r} is not a host name", "addresses belong to inside or public")
    return entry


def own_name(text: str) -> str:
    """Check an exact name of any organization."""
    return _own_host(text, "a host name").text


def role_space(prefixes: PrefixSet, what: str) -> None:
    """Reject addresses that cannot be those of an organization.

    The check applies to single entries and to their union.
    """
    for prefix in prefixes:
        if prefix.length < 2:
            raise InvalidValueError("never", f"{what} is all or half of IPv{prefix.family}", "write your own addresses")
    if bad := prefixes & UNROUTABLE:
        raise InvalidValueError(
            "never",
            f"{what} is loopback, link-local, multicast or reserved space"
            if bad == prefixes
            else f"{what} contains {next(iter(bad))}, which is loopback, link-local, multicast or reserved space",
            "write the address that the network sees",
        )


def unknown(kind: str, text: str, allowed: Iterable[str]) -> InvalidValueError:
    """Return the error for an unknown name, with the nearest known one."""
    names = tuple(allowed)
    near = nearest(text, names)
    return InvalidValueError("unknown-name", f"unknown {kind} {text!r}", f"did you mean {near!r}?" if near else "", names)


def one_of(kind: str, text: str, allowed: tuple[_Word, ...]) -> _Word:
    """Check that a text is one of some words."""
    for word in allowed:
        if word == text:
            return word
    raise unknown(kind, text, allowed)


def _own_host(text: str, what: str) -> HostPattern:
    """Check an exact name that is not a public suffix."""
    try:
        host = HostPattern(text)
    except HostPatternError as error:
        raise InvalidValueError("bad-value", error.message, error.help) from None
    if host.kind != EXACT:
        raise InvalidValueError("bad-value", f"{text!r} is not {what}", "write each name in full, without '*' or '<…>'")
    first, _, rest = host.text.partition(".")
    # Labels of public suffixes are short (co, asso), and loading the list takes 40 ms.
    if len(first) <= 4 and "." not in rest and is_public_suffix(host.text):
        raise InvalidValueError("bad-value", f"{text!r} is a public suffix, not {what}", "write your name under it")
    return host
