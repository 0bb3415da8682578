"""The never-list: hosts and addresses that no allow rule may permit.

Every reader and the final check use it.

>>> from perimeter365.model.host import HostPattern
>>> from perimeter365.model.prefix import PrefixSet
>>> host_problem(HostPattern("*.sharepoint.com")), host_problem(HostPattern("*.tokyo.jp"))
('', '*.tokyo.jp covers every name under a public suffix')
>>> host_problem(HostPattern("router.local"))
'router.local is not a name on the internet (RFC 6762)'
>>> space_problem(PrefixSet.parse(["52.112.0.0/14", "127.0.0.1"]))
'127.0.0.1/32 is loopback (RFC 6890)'
>>> width_problem(PrefixSet.parse(["52.0.0.0/8", "53.0.0.0/8"]))
'52.0.0.0/7 is wider than /8'

wildcard over a public suffix        publicsuffix.org, the ICANN section; at both ends of a flow
unroutable space                     loopback, link-local, multicast, reserved; at both ends of a flow
other special space as Microsoft's   private, documentation, Teredo, never allocated … (`model.special.NOT_PUBLIC`)
internal names as Microsoft's        `router.local`, `x.home.arpa` … (`model.special.INTERNAL_DOMAINS`)
a prefix wider than the bound        /8 and /20 (`model.special.SHORTEST_PREFIX`), also as a union of adjacent prefixes

An organization's own addresses and names may be private, or those of a laboratory.
"""

from collections.abc import Mapping

from perimeter365.model.host import EXACT, TEMPLATE, HostPattern
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.special import (
    NOT_PUBLIC,
    NOT_PUBLIC_SPACE,
    SHORTEST_PREFIX,
    UNROUTABLE,
    internal_source,
)
from perimeter365.model.suffixes import is_public_suffix


def host_problem(host: HostPattern, *, microsoft: bool = True) -> str:
    """Return why a name or pattern must not be allowed; "" if it may.

    Args:
        host: the name or pattern. A template matches nothing until it is filled in.
        microsoft: whether it is Microsoft's, which is never internal.
    """
    if host.kind == TEMPLATE:
        return ""
    if host.kind != EXACT and is_public_suffix(host.domain):
        return f"{host} covers every name under a public suffix"
    if microsoft and (source := internal_source(host)):
        return f"{host} is not a name on the internet ({source})"
    return ""


def space_problem(prefixes: PrefixSet, *, microsoft: bool = True) -> str:
    """Return why addresses must not be an end of a flow; "" if they may.

    Args:
        prefixes: the addresses.
        microsoft: whether they are Microsoft's, which are never private or special.
    """
    bad = prefixes & (NOT_PUBLIC_SPACE if microsoft else UNROUTABLE)
    for name, space in NOT_PUBLIC.items() if bad else ():
        if found := bad & space:
            return f"{next(iter(found))} is {name}"
    return ""


def width_problem(prefixes: PrefixSet, shortest: Mapping[int, int] = SHORTEST_PREFIX) -> str:
    """Return a message about a Microsoft prefix wider than the bound; "" if none is.

    Prefixes are checked alone and as a union.

    Args:
        prefixes: the addresses.
        shortest: length of the widest allowed prefix by family.
    """
    for family, length in shortest.items():
        if wide := prefixes.first_wider(family, length):
            return f"{wide} is wider than /{length}"
    return ""
