"""What the artifacts of one plan decide on different devices, compared by an independent reader (FWShift).

Each is compared with the policies of the SRX, connection by connection, over all addresses. The networks of the plan are
behind the zone `trust`, everything else is behind `untrust`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from operator import attrgetter

import pytest

from perimeter365.plan.plan import Plan, PlanParty
from perimeter365.targets import Style, render
from perimeter365.targets.target import WIDENED
from tests.consumers.fwshift import Configuration, Verdict, compare
from tests.life.wrapped import WRAPS, junos, prefix_lists
from tests.targets.netfilter import by_hand, flow, party

TRUST = ("10.0.0.0/8", "203.0.113.0/24", "2001:db8::/32")
CLIENT = party("client", "10.0.0.0/24", "10.0.1.0/25", "2001:db8:c::/48")
ONLINE = party("exchange-online", "40.96.0.0/13", "52.96.0.0/14", "2603:1006::/40")
TEAMS = party("teams", "52.112.0.0/14", "2603:1063::/38")
FLOWS = (
    flow("ws/worldwide/1", CLIENT, ONLINE, tcp="80,443", udp="443"),
    flow("ws/worldwide/11", CLIENT, TEAMS, udp="3478-3481"),
    flow("row/6/in", ONLINE, party("mrs-proxy", "203.0.113.10", "2001:db8:e::10"), tcp="443"),
    flow("row/6/inside", CLIENT, party("sbc", "10.9.0.1", "2001:db8:f::1"), tcp="5061"),
)
PLAN = by_hand(*FLOWS)
ANYONE = flow("row/1/dns", party("resolver", "10.0.0.53", "2001:db8:c::53"), PlanParty(role="internet"), udp="53")
INSIDE = Verdict(
    zones=("trust", "trust"),
    opened=True,
    certain=True,
    sources=("10.0.0.53", "2001:db8:c::53"),
    destinations=("10.0.0.0/8", "203.0.113.0/24", "2001:db8::/32"),
    services=("udp/53",),
)
"""What a rule to anyone also permits on a device that does not know which side is the internet."""
SIDES = ("paloalto-set", "fortigate", "azure-nsg", "azure-nsg, terraform")
"""They have zones, or a word for the internet."""
DAMAGES = (
    (r"(52\.112\.0\.0)(?:/14| 255\.252\.0\.0)", {"/14": "/13", " 255.252.0.0": " 255.248.0.0"}),
    (r"(40\.96\.0\.0)(?:/13| 255\.248\.0\.0)", {"/13": "/14", " 255.248.0.0": " 255.252.0.0"}),
    (r"(2603:1063::)/38", {"/38": "/37"}),
    (r"(3478[-: ])3481", {"3481": "3482"}),
    (r"()\b5061\b", {"5061": "5060"}),
)
"""Expressions, whose group stays, and what replaces the rest: wider and narrower prefixes, a port more, another port."""


def elsewhere(inside: tuple[str, ...]) -> Iterator[IPv4Network | IPv6Network]:
    """Yield the networks of all other addresses."""
    for everything in ip_network("0.0.0.0/0"), ip_network("::/0"):
        rest = [everything]
        for network in map(ip_network, inside):
            if network.version == everything.version:
                rest = [p for n in rest for p in (n.address_exclude(network) if network.subnet_of(n) else [n])]  # type: ignore[arg-type]
        yield from rest


def networks(inside: tuple[str, ...]) -> dict[str, str]:
    return {"trust": ",".join(inside), "untrust": ",".join(map(str, elsewhere(inside)))}


def files(target: str, plan: Plan) -> dict[str, str]:
    return {a.name: a.content.decode() for a in render(plan, target, Style()).artifacts}


def verdicts(name: str, plan: Plan, made: Mapping[str, str]) -> list[Verdict]:
    """Return how the files of a target differ from those of the SRX for a plan."""
    (reference,) = junos(files("juniper-srx", plan))
    found = []
    for configuration in WRAPS[name][1](made):
        found += compare(_of_family(reference, configuration), configuration, networks(TRUST), apart(WRAPS[name][0], plan))
    return found


def apart(target: str, plan: Plan) -> str:
    """Return an expression for services that are not compared: errors of ICMP, and answers if a loss says so."""
    stateless = any(each.kind == WIDENED and each.code == "stateless" for each in render(plan, target).details)
    return r"icmp.*|(?:tcp|udp)/0-65535 from port .*" if stateless else "icmp.*"


def _of_family(reference: Configuration, other: Configuration) -> Configuration:
    """Return the reference without the addresses of the IP version that the other configuration is not about."""
    if other.format not in ("iptables", "ip6tables"):
        return reference
    gone = "v6" if other.format == "iptables" else "v4"
    lines = [line for line in reference.text.splitlines() if not re.search(rf"match \S+ (?:\S+-{gone}|any-ip{gone})$", line)]
    return Configuration(format=reference.format, text="\n".join(lines))


def together(found: list[Verdict]) -> Verdict:
    """Return all packets of verdicts, for instance of both IP versions."""
    one, *others = found
    assert {(each.zones, each.opened, each.certain) for each in others} <= {(one.zones, one.opened, one.certain)}
    sources, destinations, services = (
        tuple(dict.fromkeys(word for each in found for word in some(each)))
        for some in (attrgetter("sources"), attrgetter("destinations"), attrgetter("services"))
    )
    return replace(one, sources=sources, destinations=destinations, services=services)


@pytest.mark.parametrize("name", WRAPS)
def test_two_vendors_decide_alike(name: str) -> None:
    assert verdicts(name, PLAN, files(WRAPS[name][0], PLAN)) == []


@pytest.mark.parametrize("name", WRAPS)
def test_only_a_device_without_sides_permits_more_to_anyone(name: str) -> None:
    plan = by_hand(*FLOWS, ANYONE)
    found = verdicts(name, plan, files(WRAPS[name][0], plan))
    assert found == [] if name in SIDES else together(found) == INSIDE


@pytest.mark.parametrize("target", ["mikrotik", "nftables", "iptables", "cisco-asa", "cisco-ios"])
def test_what_is_permitted_more_is_a_loss(target: str) -> None:
    details = render(by_hand(*FLOWS, ANYONE), target).details
    assert {each.id for each in details if each.kind == WIDENED and each.code == "no-sides"} == {ANYONE.id}


@pytest.mark.parametrize("name", WRAPS)
def test_each_damage_of_an_artifact_is_found(name: str) -> None:
    made = files(WRAPS[name][0], PLAN)
    for pattern, other in DAMAGES:
        damaged = {file: re.sub(pattern, lambda m, new=other: m[1] + new[m[0][len(m[1]) :]], t) for file, t in made.items()}  # type: ignore[misc]
        assert damaged != made, pattern
        made = damaged
    found = [each for each in verdicts(name, PLAN, made) if each.certain]
    opened, closed = (
        " ".join(w for v in found if v.opened is way for w in (*v.destinations, *v.services)) for way in (True, False)
    )
    for what in ("52.116.0.0/14", "2603:1063:400::/38", "udp/3482", "tcp/5060"):
        assert what in opened
    for what in ("40.100.0.0/14", "tcp/5061"):
        assert what in closed


# -- lists without rules -----------------------------------------------------------------------------------------------

MACHINE = ("10.0.0.5/32", "2001:db8:c::5/128")
LISTED = by_hand(flow("ws/worldwide/1", party("client", *MACHINE), ONLINE, tcp="443"))


@pytest.mark.parametrize(("old", "new"), [("", ""), ("52.96.0.0/14", "52.96.0.0/13"), ("2603:1006::/40", "2603:1006::/41")])
def test_the_prefix_lists_of_aws_hold_the_addresses_of_the_policies(old: str, new: str) -> None:
    (reference,) = junos(files("juniper-srx", LISTED))
    made = json.loads(files("aws-prefix-list", LISTED)["m365.tf.json"])["resource"]
    damaged = json.loads(json.dumps(made).replace(old, new)) if old else made
    found = compare(reference, prefix_lists(damaged, MACHINE), networks(MACHINE))
    assert [each.certain for each in found] == ([True] if old else [])
