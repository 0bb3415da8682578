"""Files of observed names: each line is read or reported as unreadable."""

from perimeter365.model.host import EXACT
from perimeter365.plan.observed import parse_observed
from tests.fuzz.oracle import attempt

WORDS = (
    "contoso.sharepoint.com",
    " 12 ",
    "2026-11-20",
    "#",
    ",",
    ";",
    "\t",
    "\u2028",
    "\x1c",
    "*.x.com",
    "999999999999999999",
    '"',
    "host,count\n",
    "https://",
    ":443",
)


def seeds() -> list[bytes]:
    return [
        b"contoso.sharepoint.com 1841 2026-11-20\ncontoso-my.sharepoint.com,530,2026-11-19\n",
        b"# host\nA.B.C\na.b.c 2\nnot a name\n",
        b'"client","url","hits"\n"10.0.0.7","https://a.b.c:443/x, y","3"\n',
    ]


def check(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    seen = attempt(lambda: parse_observed(text))
    assert seen is not None
    assert all(host.kind == EXACT and each.host == host for host, each in seen.names.items())
    assert list(seen.unreadable) == sorted(set(seen.unreadable))
    assert all(1 <= number <= len(text.splitlines()) for number in seen.unreadable)
    lines = (f"{each.host} {each.count} {each.last or ''}" for each in seen.names.values() if len(str(each.count)) <= 18)
    again = parse_observed("\n".join(lines))
    assert all(again.names[host] == seen.names[host] for host in again.names)
    assert not again.unreadable
