"""The never-list: hosts and addresses that no allow rule may permit.

Every reader and the final check use it.

>>> from perimeter365.model.host import HostPattern
>>> from perimeter365.model.prefix import PrefixSet
>>> host_problem(HostPattern("*.sharepoint.com")), host_problem(HostPattern("*.tokyo.jp"))
('', '*.tokyo.jp covers every name under a public suffix')
>>> space_problem(PrefixSet.parse(["52.112.0.0/14", "127.0.0.1"]))
'127.0.0.1/32 is loopback, link-local, multicast or reserved space'
>>> width_problem(PrefixSet.parse(["52.0.0.0/8", "53.0.0.0/8"]))
'52.0.0.0/7 is wider than /8'

wildcard over a public suffix        publicsuffix.org, the ICANN section
unroutable space                     loopback, link-local, multicast, reserved (RFC 6890); at both ends of a flow
private space as Microsoft's         RFC 1918, RFC 6598, RFC 4193
a prefix wider than the bound        /8 and /20 (`model.special.SHORTEST_PREFIX`), also as a union of adjacent prefixes
"""

from collections.abc import Mapping

from perimeter365.model.host import EXACT, TEMPLATE, HostPattern
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.special import PRIVATE, SHORTEST_PREFIX, UNROUTABLE
from perimeter365.model.suffixes import is_public_suffix


def host_problem(host: HostPattern) -> str:
    """Return why a name or pattern must not be allowed; "" if it may."""
    if host.kind not in (EXACT, TEMPLATE) and is_public_suffix(host.domain):
        return f"{host} covers every name under a public suffix"
    return ""


def space_problem(prefixes: PrefixSet, *, microsoft: bool = True) -> str:
    """Return why addresses must not be an end of a flow; "" if they may.

    Args:
        prefixes: the addresses.
        microsoft: whether they are Microsoft's, which are never private.
    """
    if bad := prefixes & UNROUTABLE:
        return f"{next(iter(bad))} is loopback, link-local, multicast or reserved space"
    if microsoft and (bad := prefixes & PRIVATE):
        return f"{next(iter(bad))} is private space"
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
