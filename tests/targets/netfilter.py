"""Plans for the tests of nftables and iptables, and a network namespace."""

import itertools
import os
import subprocess
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest

from perimeter365 import load_catalog, load_profile, make_plan, render
from perimeter365.model.catalog import CatalogVersion
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.evidence import Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import RequirementId
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.role import OUR_ROLES
from perimeter365.model.version import Version
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.plan.profile import Profile, RoleHosts
from perimeter365.targets import Style
from tests.consumers import isolated, need

EXAMPLE = Path(__file__).parents[2] / "examples" / "contoso.toml"
HOSTILE = (
    "Contoso\n}; flush ruleset\n",
    "Contoso\r\n-A FORWARD -j ACCEPT\r\nCOMMIT",
    "Contoso \\",
    'Contoso " accept # */ \u2028 \u0085 \x00 \x0b add rule inet x y accept; $(reboot) `reboot` {{ x }}',
)
"""Names of organizations that contain syntax."""


def contoso() -> Plan:
    """The plan of the example."""
    return make_plan(load_catalog(), load_profile(EXAMPLE))


def plan_of(*clouds: Cloud, ipv6: bool = True, scenarios: tuple[str, ...] = ("all",), areas: bool = True) -> Plan:
    """A plan of clouds in which every role has several addresses."""
    roles = {
        name: RoleHosts(
            hosts=(HostPattern(f"{name}.contoso.com"),),
            prefixes=PrefixSet.parse(
                [f"10.{n}.0.0/16", f"198.51.100.{n * 8 + 1}", f"2001:db8:{n:x}::/48", f"2001:db8:ff00::{n:x}"]
            ),
        )
        for n, name in enumerate(OUR_ROLES, start=1)
    }
    profile = Profile(
        clouds=clouds,
        name="Fabrikam",
        tenant="fabrikam",
        email_domains=("fabrikam.com",),
        service_areas=("common", "exchange", "sharepoint", "teams", "intune") if areas else (),
        ipv6=ipv6,
        scenarios=scenarios,
        roles=MappingProxyType(roles),
    )
    return make_plan(load_catalog(), profile)


def party(role: str, *prefixes: str) -> PlanParty:
    """An end with addresses."""
    return PlanParty(role=role, prefixes=PrefixSet.parse(prefixes))


def flow(id: str, source: PlanParty, destination: PlanParty, tcp: str = "", udp: str = "") -> PlanFlow:
    """A flow; its direction follows from its ends."""
    inbound = destination.ours and not source.ours
    return PlanFlow(
        id=RequirementId(id),
        cloud=Cloud.WORLDWIDE,
        scenario="mailbox-migration",
        sets=(),
        direction="internal" if source.ours and destination.ours else "inbound" if inbound else "outbound",
        source=source,
        destination=destination,
        tcp=PortSet.parse(tcp),
        udp=PortSet.parse(udp),
        path=(),
        category=None,
        required=False,
        tls_inspection="unset",
        condition="",
        retired=None,
        evidence=(Evidence(document="https://example.com/", date=""),),
    )


def by_hand(*flows: PlanFlow, organization: str = "Contoso") -> Plan:
    """A plan of these flows."""
    return Plan(
        organization=organization,
        profile_hash="0" * 12,
        versions={Cloud.WORLDWIDE: CatalogVersion(version=Version("2026080200"), origin="recorded")},
        flows=flows,
        sites=(),
        records=(),
        warnings=(),
    )


def awkward() -> Plan:
    """A plan that is hard to express: long lists and ids, anyone, odd boundaries."""
    client = party("client", "10.0.0.0/24", "10.0.1.0/24", "10.0.3.0/31", "10.9.9.9", "2001:db8:c::/47", "2001:db8:f::1")
    server = party("exchange-server", "203.0.113.8/29", "203.0.113.20", "2001:db8:e::20")
    theirs = ("52.96.0.0/14", "52.100.0.0/15", "40.96.0.1", "131.253.33.214/31", "2603:1006::/40", "2620:1ec:4::152")
    long = "row/6/" + "a-very-long-name-of-a-requirement-" * 4
    odd = ",".join(str(port) for port in range(1, 60, 2))
    return by_hand(
        flow("row/6/ports", client, party("exchange-online", *theirs), tcp=f"{odd},100-110,65535", udp="1,50000-59999"),
        flow(
            "row/6/ranges",
            client,
            party("teams", "52.112.0.0/14"),
            udp=",".join(f"{n}-{n + 1}" for n in range(100, 180, 4)),
        ),
        flow("row/6/again", server, party("exchange-online", *theirs), tcp="443"),
        flow(long + "1", party("exchange-online", *theirs), server, tcp="443"),
        flow(long + "2", party("graph", "20.20.32.0/19", "40.126.0.0/18"), server, tcp="443,8443"),
        flow(long + "3", party("graph", "20.20.32.0/20", "40.126.0.0/19"), server, tcp="444"),
        flow("row/6/from-anyone", PlanParty(role="internet"), server, tcp="25"),
        flow(
            "row/6/to-anyone",
            party("resolver", "10.9.0.53", "2001:db8:c::53"),
            PlanParty(role="internet"),
            tcp="53",
            udp="53",
        ),
        flow("row/6/inside", client, party("domain-controller", "10.20.0.0/30", "10.20.0.9"), tcp="88,389", udp="88"),
        flow("row/6/no-ports", client, party("intune", "20.0.0.0/24")),
        flow("row/6/no-address", client, party("azure"), tcp="443"),
        flow("row/6/no-family", party("sbc", "192.0.2.9"), party("azure", "2603:1006::/40"), tcp="443"),
    )


@cache
def case(name: str) -> Plan:
    """A plan by its name in `CASES`."""
    return CASES[name]()


CASES = {
    "contoso": contoso,
    "everything-worldwide": lambda: plan_of(Cloud.WORLDWIDE),
    "everything-gcchigh": lambda: plan_of(Cloud.GCCHIGH),
    "everything-dod": lambda: plan_of(Cloud.DOD),
    "everything-china": lambda: plan_of(Cloud.CHINA),
    "everything-everywhere": lambda: plan_of(*CLOUDS),
    "ipv6-off": lambda: plan_of(Cloud.WORLDWIDE, ipv6=False),
    "nothing-selected": lambda: plan_of(Cloud.WORLDWIDE, scenarios=(), areas=False),
    "awkward": awkward,
}
STYLES = [dict(zip(("refuse", "log"), x, strict=True)) for x in itertools.product(("reject", "drop", "pass"), ("no", "yes"))]
"""Every combination of the options that both targets have."""


LARGER: dict[str, dict[str, int]] = {
    "paloalto-set": {"groups": 500},  # a larger model
    "azure-udr": {"routes": 1000},  # Azure's limit since 2026
    "aws-prefix-list": {"lists": 1000},  # raised on request
}
"""Limits that only all clouds together exceed, and the value that a user can have."""


def limits(plan: Plan, target: str) -> dict[str, int]:
    """Return the limits of a user for a plan: those of the target, except for all clouds together."""
    return LARGER.get(target, {}) if set(plan.versions) == set(CLOUDS) else {}


def files(plan: Plan, target: str, **options: str) -> dict[str, str]:
    """A target's files by name."""
    style = Style(options=options, limits=limits(plan, target))
    return {a.name: a.content.decode() for a in render(plan, target, style).artifacts}


def need_iptables(kind: str) -> None:
    """Skip the test without the programs or the kernel's tables (nft, legacy)."""
    need("iptables-restore")
    command = isolated(f"iptables-{kind}-restore")
    done = subprocess.run(command, input="*filter\nCOMMIT\n", capture_output=True, text=True, timeout=60)
    if done.returncode:
        pytest.skip(f"this kernel has no {kind} tables: {done.stderr.strip()}")


def restoring(program: str, file: str = "") -> str:
    """Return the shell commands that load a file of the plan's chains, or stdin, on a router without them."""
    return f"{program} -N P365-FORWARD && {program}-restore --noflush {file}".strip()


def alone(*argv: str, text: str) -> str:
    """Run a program in a network namespace, and return its output.

    The test fails if the program fails.
    """
    done = subprocess.run(isolated(*argv), input=text, capture_output=True, text=True, timeout=60)
    if os.geteuid() and "Message too long" in done.stderr:
        pytest.skip("the kernel takes a transaction of this size only from root (SO_SNDBUFFORCE)")
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return done.stdout
