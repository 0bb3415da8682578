"""Both sides of a NAT: each target has the own addresses that its device compares, and no other."""

from dataclasses import replace
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from pathlib import Path

import pytest

from perimeter365 import load_catalog, make_plan, render
from perimeter365.cli.targets import manual
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.plan.profile import parse_profile
from perimeter365.targets import Style, targets
from perimeter365.targets.since import load_render
from perimeter365.targets.target import SIDES
from perimeter365.targets.write import write
from tests.targets import tokens
from tests.targets.cases import plan
from tests.targets.values import example_options

INSIDE, PUBLIC = IPv4Network("172.29.0.0/16"), IPv4Network("198.51.100.0/24")

# FORMATS of the vendors: what a device compares where a NAT translates the organization's addresses. PAN-OS matches the
# packet before destination NAT; ASA, SRX, netfilter, RouterOS and Windows see the real address, and so do groups in a cloud
# (the load balancer or the platform translates first), proxies (their clients are inside) and pods.
EXPECTED = {
    "inside": {
        *("nftables", "iptables", "ipset", "cisco-asa", "cisco-ios", "juniper-srx", "fortigate", "mikrotik"),
        *("windows-firewall", "azure-nsg", "azure-firewall", "aerleon", "squid"),
        *("kubernetes-networkpolicy", "cilium-networkpolicy"),
    },
    "original": {"paloalto-set"},
    "both": {"csv", "parquet", "ansible-vars", "report"},
    "public": {"dns-zone"},
}


@cache
def two_sided() -> Plan:
    """Every scenario; each role has one address inside of the NAT and another one outside."""
    roles: dict[str, int] = {}

    def end(party: PlanParty) -> PlanParty:
        if not (party.ours and party.prefixes):
            return party
        n = roles.setdefault(party.role, len(roles) + 1)
        sides = (PrefixSet.parse([f"198.51.100.{n}"]), PrefixSet.parse([f"172.29.{n}.7"]))
        return replace(party, prefixes=sides[0], inside=sides[1])

    flows = [replace(f, source=end(f.source), destination=end(f.destination)) for f in plan("all-scenarios").flows]
    return replace(plan("all-scenarios"), flows=tuple(flows), sites=(), records=(), warnings=())


def own(which: Plan, name: str) -> tuple[set[str], set[str]]:
    """The own addresses inside and on the public side in the artifacts of a target."""
    style = Style(options=example_options(name), limits=dict.fromkeys(targets[name].limits, 10**9))
    found = {n for a in render(which, name, style).artifacts for n in tokens.networks(tokens.text(a.content))}
    mine = [n for n in found if not isinstance(n, IPv6Network) and n.prefixlen > 8]
    return tuple({str(n.network_address) for n in mine if n.subnet_of(side)} for side in (INSIDE, PUBLIC))  # type: ignore[return-value]


@pytest.mark.parametrize("name", list(targets))
def test_no_artifact_has_an_address_of_the_wrong_side(name: str) -> None:
    which = two_sided()
    inside, public = own(which, name)
    if name == "wireguard":  # the complement of Microsoft's addresses, which includes both
        return
    inner = {str(p).partition("/")[0] for f in which.flows for e in (f.source, f.destination) for p in e.inside}
    outer = {str(IPv4Address("198.51.100.0") + int(a.split(".")[2])) for a in inner}
    served = {str(p).partition("/")[0] for f in which.flows if f.direction == "inbound" for p in f.destination.prefixes}
    connecting = {str(p).partition("/")[0] for f in which.flows if f.direction == "outbound" for p in f.source.inside}
    internal = {str(p).partition("/")[0] for f in which.flows if f.direction == "internal" for p in f.destination.inside}
    internal |= {str(p).partition("/")[0] for f in which.flows if f.direction == "internal" for p in f.source.inside}
    side = targets[name].side
    if side == "both":
        assert (inside, public) == (inner, outer)
    elif side == "original":
        assert inside
        assert inside <= connecting | internal
        assert public <= served
        assert public
    elif side == "inside":
        assert public <= (served if name == "azure-firewall" else set())  # the destinations of DNAT rules
        assert inside <= inner
        assert inside or "networkpolicy" in name  # pods are selected by label
    else:
        assert not inside, side


def test_each_target_takes_the_side_that_its_device_compares() -> None:
    for side in SIDES:
        expected = EXPECTED.get(side, set(targets) - set().union(*EXPECTED.values()))
        assert {name for name in targets if targets[name].side == side} == expected, side


TEXT = """
[organization]
clouds = ["worldwide"]
[select]
scenarios = ["mailbox-migration"]
[roles.client]
inside = ["10.0.0.0/8"]
public = ["198.51.100.0/28"]
[roles.mrs-proxy]
inside = ["10.1.2.10"]
public = ["198.51.100.77"]
names = ["mrs.contoso.com"]
"""


@pytest.mark.parametrize(("name", "server"), [("nftables", "10.1.2.10"), ("paloalto-set", "198.51.100.77")])
def test_a_file_says_which_side_it_has(name: str, server: str) -> None:
    which = make_plan(load_catalog("embedded"), parse_profile(TEXT))
    text = "".join(a.content.decode() for a in render(which, name).artifacts)
    assert f"# Own addresses: {SIDES[targets[name].side]}\n" in text
    assert server in text
    assert ({"10.1.2.10", "198.51.100.77"} - {server}).pop() not in text
    one = TEXT.replace('inside = ["10.0.0.0/8"]\n', "").replace('inside = ["10.1.2.10"]\n', "")
    plain = make_plan(load_catalog("embedded"), parse_profile(one))
    assert not any(b"Own addresses" in a.content for a in render(plain, name).artifacts)


def test_an_internal_flow_never_crosses_the_nat() -> None:
    internal = next(f for f in two_sided().flows if f.direction == "internal" and f.source.inside and f.destination.inside)
    for side in ("inside", "public", "original"):
        seen: PlanFlow = internal.seen_from(side)
        assert (seen.source.prefixes, seen.destination.prefixes) == (internal.source.inside, internal.destination.inside)


def test_since_compares_the_same_side(tmp_path: Path) -> None:
    """The plan that is saved has both sides, so the earlier render can be checked and compared."""
    before, after = (parse_profile(text) for text in (TEXT, TEXT.replace("10.1.2.10", "10.1.2.11")))
    old, new = (make_plan(load_catalog("embedded"), profile) for profile in (before, after))
    write([render(old, "cisco-asa")], tmp_path)
    earlier = load_render(tmp_path, targets["cisco-asa"])
    made = render(new, "cisco-asa", Style(since=earlier)).artifacts
    changes = next(a for a in made if a.name == "changes.cfg").content.decode().splitlines()
    assert [x for x in changes if "network-object host" in x] == [" network-object host 10.1.2.11"]
    (gone,) = (x for x in changes if x.startswith("no object-group network "))
    before_it = next(a for a in render(old, "cisco-asa").artifacts if a.name == "perimeter365.cfg").content.decode()
    assert f"{gone.removeprefix('no ')}\n network-object host 10.1.2.10\n" in before_it


def test_the_manual_always_says_the_side() -> None:
    assert "Own addresses: inside of the NAT\n" in manual(targets["nftables"])
    assert "Own addresses: as in the original packet" in manual(targets["paloalto-set"])
