"""The never-list: what no allow may open on Microsoft's side, whoever says so. Every reader and the last check use it.

>>> from perimeter365.model.host import HostPattern
>>> from perimeter365.model.prefix import PrefixSet
>>> host_problem(HostPattern("*.sharepoint.com")), host_problem(HostPattern("*.tokyo.jp"))
('', '*.tokyo.jp stands for every name under a public suffix')
>>> space_problem(PrefixSet.parse(["52.112.0.0/14", "127.0.0.1"]))
'127.0.0.1/32 is not an address that anyone routes'
>>> width_problem(PrefixSet.parse(["52.0.0.0/8", "53.0.0.0/8"]))
'52.0.0.0/7 is wider than /8'

wildcard over a public suffix        publicsuffix.org, the registries' section
space that nobody routes             loopback, link-local, multicast, reserved (RFC 6890); on either side
private space as Microsoft's         RFC 1918, RFC 6598, RFC 4193
a prefix wider than the bound        /8 and /20 (`model.special.BOUND`), also as a sum of parts
"""

from collections.abc import Mapping

from perimeter365.model.host import EXACT, TEMPLATE, HostPattern
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.special import BOUND, NOWHERE, PRIVATE, is_public_suffix


def host_problem(host: HostPattern) -> str:
    """Say why a name or pattern is never allowed; "" if it is."""
    if host.kind not in (EXACT, TEMPLATE) and is_public_suffix(host.domain):
        return f"{host} stands for every name under a public suffix"
    return ""


def space_problem(prefixes: PrefixSet, *, theirs: bool = True) -> str:
    """Say why addresses are never allowed as an end of a flow; "" if they are.

    Args:
        prefixes: the addresses.
        theirs: whether they are Microsoft's, which are never private.
    """
    if bad := prefixes & NOWHERE:
        return f"{next(iter(bad))} is not an address that anyone routes"
    if theirs and (bad := prefixes & PRIVATE):
        return f"{next(iter(bad))} is private space"
    return ""


def width_problem(prefixes: PrefixSet, shortest: Mapping[int, int] = BOUND) -> str:
    """Say which prefix of Microsoft's, alone or as a sum of parts, is wider than the bound; "" if none is.

    Args:
        prefixes: the addresses.
        shortest: length of the widest prefix by family.
    """
    for family, length in shortest.items():
        if wide := prefixes.wider(family, length):
            return f"{wide} is wider than /{length}"
    return ""
