"""Special names and addresses: unroutable space, private space, public suffixes.

    >>> "127.0.0.1" in UNROUTABLE
    True
    >>> is_public_suffix("co.uk"), is_public_suffix("contoso.com")
    (True, False)

The never-list (`targets._never`), profiles, the prefix budget and `lookup` use them.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from perimeter365.model.prefix import PrefixSet

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_UNROUTABLE: Mapping[str, PrefixSet] = {
    "loopback": PrefixSet.parse(["127.0.0.0/8", "::1"]),
    "link-local space": PrefixSet.parse(["169.254.0.0/16", "fe80::/10"]),
    "multicast": PrefixSet.parse(["224.0.0.0/4", "ff00::/8"]),
    "reserved space (RFC 6890)": PrefixSet.parse(["0.0.0.0/8", "240.0.0.0/4", "::/8"]),
}
_PRIVATE: Mapping[str, PrefixSet] = {
    "private space (RFC 1918)": PrefixSet.parse(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]),
    "shared space of providers (RFC 6598)": PrefixSet.parse(["100.64.0.0/10"]),
    "unique local space (RFC 4193)": PrefixSet.parse(["fc00::/7"]),
}
_DOCUMENTATION = PrefixSet.parse(["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"])

NOT_PUBLIC: Mapping[str, PrefixSet] = MappingProxyType(
    {**_PRIVATE, **_UNROUTABLE, "documentation space (RFC 5737, RFC 3849)": _DOCUMENTATION}
)
"""Space that no service on the internet uses, by name; a block inside of another comes first."""

UNROUTABLE = PrefixSet.of(prefix for space in _UNROUTABLE.values() for prefix in space)
"""Unspecified, loopback, link-local, multicast and reserved space (RFC 6890).

The IETF reserves all of ::/8. It contains ::1 and the mapped and translated forms of IPv4 addresses, which could
otherwise bypass checks of IPv4.
"""

PRIVATE = PrefixSet.of(prefix for space in _PRIVATE.values() for prefix in space)
"""Private and shared space (RFC 1918, RFC 6598, RFC 4193)."""

SHORTEST_PREFIX = {4: 8, 6: 20}
"""The shortest length of a prefix of Microsoft, by family, unless an operator's constraints set a longer one."""


def is_public_suffix(domain: str) -> bool:
    """Return True if anyone can register names under a domain (`com`, `co.uk`).

    The source is the section of registries of publicsuffix.org.
    """
    return bool(_suffixes().is_public(domain))


@cache
def _suffixes() -> "PublicSuffixList":
    from importlib.resources import files

    from publicsuffixlist import PublicSuffixList  # takes 40 ms, so it is loaded on first use

    # Without `source` it opens its list as a file, which fails inside of a zip.
    text = files("publicsuffixlist").joinpath("public_suffix_list.dat").read_text(encoding="utf-8")
    return PublicSuffixList(source=text, only_icann=True)
