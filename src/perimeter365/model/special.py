"""Names and addresses that are special wherever they stand: space that nobody routes, private space, public suffixes.

    >>> "127.0.0.1" in NOWHERE
    True
    >>> is_public_suffix("co.uk"), is_public_suffix("contoso.com")
    (True, False)

The never-list (`targets._never`), profiles and the prefix budget all go by these.
"""

from functools import cache
from typing import TYPE_CHECKING

from perimeter365.model.prefix import PrefixSet

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

NOWHERE = PrefixSet.parse(
    ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/8", "fe80::/10", "ff00::/8"]
)
"""Unspecified, loopback, link-local, multicast and reserved space (RFC 6890).

All of ::/8 is reserved by the IETF: besides ::1 it holds the mapped and translated forms of IPv4, behind which
any IPv4 address could hide.
"""

PRIVATE = PrefixSet.parse(["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"])
"""Private and shared space (RFC 1918, RFC 6598, RFC 4193)."""

BOUND = {4: 8, 6: 20}
"""The shortest prefix lengths that Microsoft's side may have, by family, unless an operator's bound is narrower."""


def is_public_suffix(domain: str) -> bool:
    """Is it a name under which a registry lets anyone register (`com`, `co.uk`)? publicsuffix.org, registries' section."""
    return bool(_suffixes().is_public(domain))


@cache
def _suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList  # costs 40 ms: only where somebody asks

    return PublicSuffixList(only_icann=True)
