"""The laboratory itself: verdicts for small rule sets, verified by hand."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.consumers import need
from tests.lab import Lab, LabError, Outcome, Probe

CLIENT, CLIENT_6 = "10.20.30.40", "2001:db8::40"
SERVER = "203.0.113.10"
TEAMS, TEAMS_6 = "52.112.0.5", "2603:1063::5"
EXCHANGE, STRANGER = "40.96.0.1", "198.51.100.7"

FLOWS = [
    Probe("tcp", CLIENT, TEAMS, 443),
    Probe("tcp", CLIENT_6, TEAMS_6, 443),
    Probe("udp", CLIENT, TEAMS, 3478),
    Probe("udp", CLIENT_6, TEAMS_6, 3478),
    Probe("tcp", EXCHANGE, SERVER, 443),
    Probe("udp", EXCHANGE, SERVER, 3478),
    Probe("tcp", TEAMS_6, CLIENT_6, 443),
    Probe("udp", TEAMS_6, CLIENT_6, 3478),
]
"""Flows in both directions, of both IP versions and both protocols."""

TEAMS_MEDIA = """
table inet perimeter {
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    ip saddr 10.0.0.0/8 ip daddr 52.112.0.0/14 udp dport 3478-3481 accept
    ip6 saddr 2001:db8::/32 ip6 daddr 2603:1063::/38 udp dport 3478-3481 accept
    ip saddr 10.0.0.0/8 ip daddr 52.112.0.0/14 tcp dport { 80, 443 } accept
    ip6 saddr 2001:db8::/32 ip6 daddr 2603:1063::/38 tcp dport { 80, 443 } accept
    %s
  }
}
"""


@pytest.fixture(scope="module")
def shared() -> Iterator[Lab]:
    need("namespaces")
    need("ip")
    need("nft")
    with Lab("10.0.0.0/8", "2001:db8::/32", SERVER) as lab:
        yield lab


@pytest.fixture
def lab(shared: Lab) -> Lab:
    shared.clear()
    return shared


def outcomes(lab: Lab, *probes: Probe) -> set[Outcome]:
    return {verdict.outcome for verdict in lab.probe_all(probes)}


def test_a_router_without_rules_passes_everything(lab: Lab) -> None:
    assert outcomes(lab, *FLOWS) == {Outcome.PASSED}


def test_a_router_that_drops_everything_passes_nothing(lab: Lab) -> None:
    lab.load_nft("table inet t { chain f { type filter hook forward priority filter; policy drop; }; }")
    assert outcomes(lab, *FLOWS) == {Outcome.TIMED_OUT}


@pytest.mark.parametrize(
    "how",
    [
        "tcp reset",
        "icmpx admin-prohibited",
        "icmpx no-route",
        "icmpx host-unreachable",
        "icmpx port-unreachable",
    ],
)
def test_every_kind_of_reject_is_a_rejection_not_a_timeout(lab: Lab, how: str) -> None:
    lab.load_nft(f"""
        table inet t {{
          chain f {{
            type filter hook forward priority filter; policy drop;
            meta l4proto tcp reject with {how.replace("icmpx", "icmpx type")}
            meta l4proto udp reject with {
        "icmpx type port-unreachable" if how == "tcp reset" else how.replace("icmpx", "icmpx type")
    }
          }}
        }}""")
    verdicts = lab.probe_all(FLOWS * 4)
    assert {verdict.outcome for verdict in verdicts} == {Outcome.REFUSED}
    assert max(verdict.seconds for verdict in verdicts) < 0.3, "a rejection was only received after a retransmission"


def test_allowed_connections_pass_and_others_are_rejected(lab: Lab) -> None:
    lab.load_nft(TEAMS_MEDIA % "reject with icmpx type admin-prohibited")
    allowed = [
        Probe("udp", CLIENT, TEAMS, 3478),
        Probe("udp", CLIENT, "52.115.255.255", 3481),
        Probe("udp", CLIENT_6, TEAMS_6, 3480),
        Probe("tcp", CLIENT, TEAMS, 80),
        Probe("tcp", CLIENT_6, TEAMS_6, 443),
    ]
    denied = [
        Probe("udp", CLIENT, TEAMS, 3482),
        Probe("udp", CLIENT, "52.116.0.0", 3478),
        Probe("udp", CLIENT_6, "2603:1067::1", 3478),
        Probe("tcp", CLIENT, TEAMS, 3478),
        Probe("tcp", SERVER, TEAMS, 443),
        Probe("tcp", CLIENT_6, "2620:1ec::1", 443),
        Probe("tcp", TEAMS, CLIENT, 443),
    ]
    assert outcomes(lab, *allowed) == {Outcome.PASSED}
    assert outcomes(lab, *denied) == {Outcome.REFUSED}


def test_an_inbound_connection_is_filtered_by_its_source(lab: Lab) -> None:
    lab.load_nft("""
        table inet t {
          chain f {
            type filter hook forward priority filter; policy drop;
            ct state established,related accept
            ip saddr 40.96.0.0/13 ip daddr 203.0.113.10 tcp dport 443 accept
          }
        }""")
    assert lab.probe("tcp", EXCHANGE, SERVER, 443, from_side="outside").passed
    denied = [
        Probe("tcp", STRANGER, SERVER, 443, from_side="outside"),
        Probe("tcp", EXCHANGE, CLIENT, 443, from_side="outside"),
        # The reverse direction is a different flow.
        Probe("tcp", SERVER, EXCHANGE, 443, from_side="inside"),
    ]
    assert outcomes(lab, *denied) == {Outcome.TIMED_OUT}


def test_a_passed_verdict_has_the_addresses_seen_by_the_answering_host(lab: Lab) -> None:
    for verdict in lab.probe_all(FLOWS):
        assert verdict.answered_by == f"{verdict.probe.destination} {verdict.probe.port}"
        assert verdict.seen_from == verdict.probe.source


def test_address_translation_is_visible_in_the_verdict(lab: Lab) -> None:
    lab.load_nft("""
        table ip t {
          chain out { type nat hook postrouting priority srcnat; oifname "out0" snat to 203.0.113.99; }
          chain in { type nat hook prerouting priority dstnat; tcp dport 8443 dnat to 10.9.8.7:443; }
        }""")
    assert lab.probe("tcp", CLIENT, TEAMS, 443).outcome is Outcome.TIMED_OUT, (
        "the answer was sent to an address without a host"
    )
    lab.inside("203.0.113.99")
    try:
        assert lab.probe("tcp", CLIENT, TEAMS, 443).seen_from == "203.0.113.99"
    finally:
        lab.outside("203.0.113.99")


def test_a_tracked_connection_does_not_affect_the_next_rule_set(lab: Lab) -> None:
    answered = Probe("udp", CLIENT, TEAMS, 3478, source_port=40000)
    lab.load_nft(TEAMS_MEDIA % "")
    assert outcomes(lab, answered) == {Outcome.PASSED}
    only_known = """table inet t {
      chain f {
        type filter hook forward priority filter; policy drop;
        ct state established accept
      }
    }"""
    # Without a flush of tracked connections, the flow continues; `load_nft` prevents this.
    lab.router("nft", "-f", "-", input="flush ruleset\n" + only_known)
    assert outcomes(lab, answered) == {Outcome.PASSED}
    lab.load_nft(only_known)
    assert outcomes(lab, answered) == {Outcome.TIMED_OUT}


def test_hosts_of_the_organization_can_be_on_both_sides_of_the_router(lab: Lab) -> None:
    lab.outside("10.99.0.0/24")
    assert lab.side_of("10.99.0.1") == "outside"
    verdict = lab.probe("tcp", CLIENT, "10.99.0.1", 443, from_side="inside")
    assert (verdict.outcome, verdict.answered_by) == (Outcome.PASSED, "10.99.0.1 443")
    assert lab.probe("udp", "10.99.0.1", CLIENT, 53, from_side="outside").passed


@pytest.mark.parametrize("backend", ["nft", "legacy"])
def test_iptables_rules_with_sets_are_obeyed(lab: Lab, backend: str) -> None:
    need("iptables")
    need("ipset")
    tables = """*filter
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -p udp -m set --match-set {name} dst -m udp --dport 3478:3481 -j ACCEPT
-A FORWARD -p tcp -m set --match-set {name} dst -m multiport --dports 80,443 -j ACCEPT
COMMIT
"""
    sets = (
        "create teams4 hash:net family inet\nadd teams4 52.112.0.0/14\n"
        "create teams6 hash:net family inet6\nadd teams6 2603:1063::/38\n"
    )
    lab.load_iptables(
        tables.format(name="teams4"),
        tables.format(name="teams6"),
        ipset=sets,
        backend="nft" if backend == "nft" else "legacy",
    )
    assert outcomes(lab, *FLOWS[:4]) == {Outcome.PASSED}
    assert outcomes(lab, *FLOWS[4:]) == {Outcome.TIMED_OUT}
    lab.clear()
    assert outcomes(lab, *FLOWS) == {Outcome.PASSED}
    assert lab.router("ipset", "list", "-name") == ""


def test_a_rule_set_that_does_not_load_is_an_error_with_the_program_output(lab: Lab) -> None:
    with pytest.raises(LabError, match="syntax error"):
        lab.load_nft("table inet t { chain f { accept everything; } }")
    with pytest.raises(LabError, match="`false` ended with 1"):
        lab.run("inside", "false")
    with pytest.raises(LabError, match="nosuchchain"):
        lab.load_iptables("*filter\n-A FORWARD -j nosuchchain\nCOMMIT\n")


def test_an_invalid_probe_is_an_error_not_a_verdict(lab: Lab) -> None:
    with pytest.raises(ValueError, match="does not cross the router"):
        lab.probe("tcp", CLIENT, SERVER, 443)
    with pytest.raises(ValueError, match="the source is inside"):
        lab.probe("tcp", CLIENT, TEAMS, 443, from_side="outside")
    with pytest.raises(ValueError, match="is on neither side"):
        lab.probe("tcp", CLIENT_6, "fd00::1", 443)
    with pytest.raises(ValueError, match="default route"):
        lab.inside("0.0.0.0/0")
    with pytest.raises(ValueError, match="mixes IPv4 and IPv6"):
        lab.probe("tcp", CLIENT, TEAMS_6, 443)


def test_a_thousand_probes_keep_their_order(lab: Lab) -> None:
    lab.load_nft(TEAMS_MEDIA % "reject with icmpx type admin-prohibited")
    probes = [
        Probe(
            "udp" if n % 3 else "tcp",
            f"10.1.{n % 7}.{n % 200 + 1}",
            f"52.112.{n // 256}.{n % 256}",
            3478 + n % 5,
        )
        for n in range(1000)
    ]
    for probe, verdict in zip(probes, lab.probe_all(probes), strict=True):
        assert verdict.probe == probe
        assert verdict.passed == (probe.protocol == "udp" and probe.port <= 3481)


def test_a_user_namespace_gives_the_same_verdicts(lab: Lab) -> None:
    with Lab("10.0.0.0/8", "2001:db8::/32", SERVER, nested=True) as nested:
        for each in (lab, nested):
            each.load_nft(TEAMS_MEDIA % "")
            assert outcomes(each, *FLOWS[:4]) == {Outcome.PASSED}
            assert outcomes(each, *FLOWS[4:]) == {Outcome.TIMED_OUT}


def namespaces(owner: int) -> set[str]:
    return {entry.name for entry in Path("/run/netns").glob(f"perimeter365-{owner}-*")}


def test_nothing_remains_even_after_a_failing_test(lab: Lab) -> None:
    before = namespaces(os.getpid())
    pids: list[int] = []

    def fail_in_a_lab() -> None:
        with Lab("10.0.0.0/8", interfaces=("lan0", "wan0")) as other:
            assert "wan0" in other.router("ip", "link", "show", "wan0")
            servers = [other.start(where, "sleep", "600") for where in ("inside", "router", "outside")]
            pids.extend(server.pid for server in servers)
            assert len(namespaces(os.getpid()) - before) == 3 or os.geteuid() != 0
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_in_a_lab()
    assert namespaces(os.getpid()) == before
    assert len(pids) == 3
    assert not [pid for pid in pids if Path("/proc", str(pid)).exists()]


def test_namespaces_of_a_run_that_was_killed_are_removed_by_the_next(lab: Lab) -> None:
    if os.geteuid() != 0:
        pytest.skip("without root, namespaces have no persistent name")
    gone = subprocess.Popen(["true"])
    gone.wait()
    name = f"perimeter365-{gone.pid}-1-router"
    subprocess.run(["ip", "netns", "add", name], check=True)
    assert namespaces(gone.pid)
    with Lab():
        assert not namespaces(gone.pid)
