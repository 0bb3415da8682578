"""The grammar of prefixes, against `ipaddress`; sets, against netaddr."""

import ipaddress
import re

import netaddr

from perimeter365.errors import PrefixError
from perimeter365.model.prefix import Prefix, PrefixSet
from tests.fuzz.oracle import attempt

WORDS = ("/24", "/0", "::", "::ffff:", "%eth0", "0.0.0.255", "\u0661", "01", "/+8", " ", "255.255.0.0")


def seeds() -> list[bytes]:
    return [
        b"192.0.2.0/24",
        b"2001:db8::/32\n10.0.0.0/9\n10.128.0.0/9",
        b"::ffff:1.2.3.4",
        b"fe80::1%eth0/64",
        b"1::8.8.8.8/128",
        b"10.0.0.0/0.0.0.255",
    ]


def check(data: bytes) -> None:
    texts = data.decode("utf-8", "replace").split("\n")[:20]
    accepted = []
    for text in texts:
        prefix = attempt(lambda text=text: Prefix.parse(text), kinds=PrefixError)  # type: ignore[misc]
        expected = _by_ipaddress(text)
        assert (prefix is None) == (expected is None), f"{text!r}: {prefix} against {expected}"
        if prefix is not None:
            assert str(prefix) == expected
            assert Prefix.parse(str(prefix)) == prefix
            accepted.append(prefix)
    for family in (4, 6):
        own = [p for p in accepted if p.family == family]
        merged = netaddr.cidr_merge([str(p) for p in own])
        assert [(p.first, p.length) for p in PrefixSet.of(own)] == [(n.first, n.prefixlen) for n in merged]


def _by_ipaddress(text: str) -> str | None:
    """Parse a prefix with `ipaddress`; return None for ambiguous forms."""
    _, slash, length = text.partition("/")
    if not text.isascii() or "%" in text or (slash and not re.fullmatch("0|[1-9][0-9]{0,2}", length)):
        return None
    try:
        found = ipaddress.ip_network(text)
    except ValueError:
        return None
    if found.version == 6 and int(found.network_address) >> 32 == 0xFFFF:
        return None
    return str(found)
