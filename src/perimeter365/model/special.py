"""Names and addresses that are special wherever they stand: space that nobody routes, private space, public suffixes.

    >>> "127.0.0.1" in NOWHERE
    True
    >>> is_public_suffix("co.uk"), is_public_suffix("contoso.com")
    (True, False)

The never-list (`targets._never`), profiles, the prefix budget and `lookup` all go by these.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from perimeter365.model.prefix import PrefixSet

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_NOWHERE: Mapping[str, PrefixSet] = {
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
    {**_PRIVATE, **_NOWHERE, "documentation space (RFC 5737, RFC 3849)": _DOCUMENTATION}
)
"""What no service on the internet has, by its name; where one block lies in another, the narrower one comes first."""

NOWHERE = PrefixSet.of(prefix for space in _NOWHERE.values() for prefix in space)
"""Unspecified, loopback, link-local, multicast and reserved space (RFC 6890).

All of ::/8 is reserved by the IETF: besides ::1 it holds the mapped and translated forms of IPv4, behind which
any IPv4 address could hide.
"""

PRIVATE = PrefixSet.of(prefix for space in _PRIVATE.values() for prefix in space)
"""Private and shared space (RFC 1918, RFC 6598, RFC 4193)."""

BOUND = {4: 8, 6: 20}
"""The shortest prefix lengths that Microsoft's side may have, by family, unless an operator's bound is narrower."""


def is_public_suffix(domain: str) -> bool:
    """Is it a name under which a registry lets anyone register (`com`, `co.uk`)? publicsuffix.org, registries' section."""
    return bool(_suffixes().is_public(domain))


@cache
def _suffixes() -> "PublicSuffixList":
    from importlib.resources import files

    from publicsuffixlist import PublicSuffixList  # costs 40 ms: only where somebody asks

    # By itself it opens its list as a file, which fails if it lies in a zip.
    text = files("publicsuffixlist").joinpath("public_suffix_list.dat").read_text(encoding="utf-8")
    return PublicSuffixList(source=text, only_icann=True)
