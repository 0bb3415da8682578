"""Special names and addresses: those that no service on the internet has.

    >>> "127.0.0.1" in UNROUTABLE, "2001::1" in NOT_PUBLIC["Teredo space (RFC 4380)"]
    (True, True)
    >>> is_internal_name("router.local"), is_internal_name("contoso.com")
    (True, False)
    >>> is_autodiscovery_name("wpad.contoso.com")
    True

The never-list (`model.never`), profiles, the prefix budget and `lookup` use them. Public suffixes: `model.suffixes`.
"""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from types import MappingProxyType

from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import PrefixSet

_UNROUTABLE: Mapping[str, PrefixSet] = {
    "loopback (RFC 6890)": PrefixSet.parse(["127.0.0.0/8", "::1"]),
    "link-local space (RFC 3927, RFC 4291)": PrefixSet.parse(["169.254.0.0/16", "fe80::/10"]),
    "multicast (RFC 5771, RFC 4291)": PrefixSet.parse(["224.0.0.0/4", "ff00::/8"]),
    "reserved space (RFC 6890)": PrefixSet.parse(["0.0.0.0/8", "240.0.0.0/4", "::/8"]),
}
_PRIVATE: Mapping[str, PrefixSet] = {
    "private space (RFC 1918)": PrefixSet.parse(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]),
    "shared space of providers (RFC 6598)": PrefixSet.parse(["100.64.0.0/10"]),
    "unique local space (RFC 4193)": PrefixSet.parse(["fc00::/7"]),
}
_SPECIAL: Mapping[str, PrefixSet] = {
    "documentation space (RFC 5737, RFC 3849, RFC 9637)": PrefixSet.parse(
        ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"]
    ),
    "benchmarking space (RFC 2544, RFC 5180)": PrefixSet.parse(["198.18.0.0/15", "2001:2::/48"]),
    "Teredo space (RFC 4380)": PrefixSet.parse(["2001::/32"]),
    "ORCHID space (RFC 4843, RFC 7343)": PrefixSet.parse(["2001:10::/28", "2001:20::/28"]),
    "space of IETF protocols (RFC 6890, RFC 2928)": PrefixSet.parse(["192.0.0.0/24", "2001::/23"]),
    "6to4 space (RFC 3056, RFC 7526)": PrefixSet.parse(["192.88.99.0/24", "2002::/16"]),
    "space of AS112, which anyone announces (RFC 7534, RFC 7535)": PrefixSet.parse(
        ["192.31.196.0/24", "192.175.48.0/24", "2620:4f:8000::/48"]
    ),
    "space of multicast tunnels (RFC 7450)": PrefixSet.parse(["192.52.193.0/24"]),
    "discard-only space (RFC 6666)": PrefixSet.parse(["100::/64"]),
    "site-local space (RFC 3879)": PrefixSet.parse(["fec0::/10"]),
    "segment identifiers of SRv6 (RFC 9602)": PrefixSet.parse(["5f00::/16"]),
    "space of the 6bone (RFC 3701)": PrefixSet.parse(["3ffe::/16"]),
}

# https://www.iana.org/assignments/ipv6-unicast-address-assignments: what registries have. The last change is that of
# 2024-11-01 (2410::/12 to APNIC). The rest of 2000::/3, and all other unicast space, was never allocated.
_ALLOCATED = PrefixSet.parse([
    "2001::/20", "2001:1200::/23", "2001:1400::/22", "2001:1800::/23", "2001:1a00::/23", "2001:1c00::/22",
    "2001:2000::/19", "2001:4000::/23", "2001:4200::/23", "2001:4400::/23", "2001:4600::/23", "2001:4800::/23",
    "2001:4a00::/23", "2001:4c00::/23", "2001:5000::/20", "2001:8000::/19", "2001:a000::/20", "2001:b000::/20",
    "2003::/18", "2400::/12", "2410::/12", "2600::/12", "2610::/23", "2620::/23", "2630::/12", "2800::/12",
    "2a00::/12", "2a10::/12", "2c00::/12"
])  # fmt: skip


def _union(spaces: Mapping[str, PrefixSet]) -> PrefixSet:
    return reduce(or_, spaces.values())


UNROUTABLE = _union(_UNROUTABLE)
"""Unspecified, loopback, link-local, multicast and reserved space (RFC 6890).

The IETF reserves all of ::/8. It contains ::1 and the mapped and translated forms of IPv4 addresses, which could
otherwise bypass checks of IPv4.
"""

PRIVATE = _union(_PRIVATE)
"""Private and shared space (RFC 1918, RFC 6598, RFC 4193)."""

NOT_PUBLIC: Mapping[str, PrefixSet] = MappingProxyType(
    {
        **_PRIVATE,
        **_UNROUTABLE,
        **_SPECIAL,
        "space that was never allocated (IANA, 2024-11-01)": PrefixSet((), _ALLOCATED.complement().v6)
        - (UNROUTABLE | PRIVATE | _union(_SPECIAL)),
    }
)
"""Space that no service on the internet uses, by name; a block inside of another comes first."""

NOT_PUBLIC_SPACE = _union(NOT_PUBLIC)
"""All addresses of `NOT_PUBLIC`."""

SHORTEST_PREFIX = {4: 8, 6: 20}
"""The shortest length of a prefix of Microsoft, by family, unless an operator's constraints set a longer one."""

INTERNAL_DOMAINS: Mapping[str, str] = MappingProxyType(
    {
        "test": "RFC 6761",
        "localhost": "RFC 6761",
        "invalid": "RFC 6761",
        "example": "RFC 6761",
        "local": "RFC 6762",
        "intranet": "RFC 6762, appendix G",
        "private": "RFC 6762, appendix G",
        "lan": "RFC 6762, appendix G",
        "home": "RFC 6762, appendix G; ICANN resolution 2018.02.04.12",
        "corp": "RFC 6762, appendix G; ICANN resolution 2018.02.04.12",
        "mail": "ICANN resolution 2018.02.04.12",
        "internal": "RFC 6762, appendix G; ICANN resolution 2024.07.29.06",
        "localdomain": "the default domain of many systems, which was never delegated",
        "onion": "RFC 7686",
        "alt": "RFC 9476",
        "home.arpa": "RFC 8375",
        "arpa": "RFC 3172",
    }
)
"""Domains whose names mean something only inside of a network, or nothing at all, with the source of each.

`example.com`, `example.net` and `example.org` are reserved, too (RFC 6761), but they exist on the internet.
"""

_AUTODISCOVERY = frozenset(("wpad", "isatap"))


def internal_source(host: HostPattern | str) -> str:
    """Return why no service on the internet has a name, or a name of a pattern.

    The result is the source of the domain in `INTERNAL_DOMAINS`, "a single label", or "" for other names.

    >>> internal_source("*.x.home.arpa"), internal_source("intranet"), internal_source("local.contoso.com")
    ('RFC 8375', 'a single label', '')
    """
    labels = str(host).lower().removesuffix(".").split(".")
    if len(labels) == 1:
        return "a single label"
    return INTERNAL_DOMAINS.get(".".join(labels[-2:])) or INTERNAL_DOMAINS.get(labels[-1], "")


def is_internal_name(host: HostPattern | str) -> bool:
    """Return True if no service on the internet has a name, or a name of a pattern.

    Names of one label are internal, and names in one of `INTERNAL_DOMAINS`.

    >>> [is_internal_name(name) for name in ("intranet", "x.home.arpa", "*.Contoso.local", "local.contoso.com")]
    [True, True, True, False]
    """
    return internal_source(host) != ""


def is_autodiscovery_name(host: HostPattern | str) -> bool:
    """Return True for a name by which programs find a server that they then trust.

    Browsers take their proxy from `wpad` (a draft of 1999, never an RFC), Windows its IPv6 tunnel from `isatap` (RFC 5214).

    >>> [is_autodiscovery_name(name) for name in ("isatap.contoso.com", "*wpad.contoso.com", "x.wpad.contoso.com")]
    [True, True, False]
    """
    return str(host).lower().partition(".")[0].replace("*", "") in _AUTODISCOVERY
