"""The CSV file of Microsoft's public address space, against netaddr."""

import netaddr

from perimeter365.sources.public_ips import parse_public_ips
from tests.fuzz.oracle import attempt

WORDS = ("Prefix, Type", "\r\n\r\n", '"', "52.96.0.0/14", "2603:1000::/25", ",", "\x1e", "\u2028")


def seeds() -> list[bytes]:
    rows = ["Prefix, Type", "", "52.96.0.0/14,public", "", "40.64.0.0/10,public", "2603:1000::/25,public", ""]
    return ["\r\n".join(rows).encode(), b'"Prefix","Type"\n"13.64.0.0/11","x"\n', b"prefix,type\n1.2.3.4,\n"]


def check(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    space = attempt(lambda: parse_public_ips(text))
    if space is None:
        return
    written = "Prefix,Type\n" + "".join(f"{prefix},x\n" for prefix in space)
    assert parse_public_ips(written) == space
    other = netaddr.IPSet(map(str, space))
    assert [str(n) for n in other.iter_cidrs() if n.version == 4] == [str(p) for p in space if p.family == 4]
