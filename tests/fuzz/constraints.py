"""The constraints file of the operator."""

from perimeter365.errors import InputError
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.constraints import parse_constraints
from tests.fuzz.oracle import attempt

WORDS = (
    "shortest4",
    "shortest6",
    "within",
    "never",
    "hosts_within",
    "hosts_never",
    "= [",
    '"0.0.0.0/0"',
    '"*.example.com"',
    "true",
)


def seeds() -> list[bytes]:
    return [
        b'shortest4 = 12\nshortest6 = 28\nwithin = ["13.64.0.0/11", "2603:1000::/24"]\nnever = ["13.107.128.0/22"]\n',
        b'hosts_within = ["*.microsoft.com", "aka.ms"]\nhosts_never = ["*.example.net"]\n',
        b"# nothing\n",
    ]


def check(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    bound = attempt(lambda: parse_constraints(text), kinds=InputError)
    if bound is None:
        return
    for wide in ("0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "2000::/3", "52.0.0.0/7"):
        assert bound.address_problem(PrefixSet.parse([wide])), f"{wide} would pass"
    for never in [*bound.never][:20]:
        assert bound.address_problem(PrefixSet.of([never]))
    for host in bound.hosts_never[:20]:
        assert bound.host_problem(host)
