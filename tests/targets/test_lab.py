"""nftables, iptables and ipset, tested with packets through a router.

The plan's rules are loaded into the router of the laboratory (`tests.lab`), and connections are opened through it: first
some probes that an administrator would try, then hundreds at the boundaries of prefixes and port ranges, compared with an
oracle (`tests.life.boundaries`).
"""

import ipaddress
import random
import subprocess
import sys
from collections.abc import Iterator

import pytest

from perimeter365.errors import OptionError
from perimeter365.plan.plan import Plan
from tests.consumers import need
from tests.lab import Lab, Outcome, Probe
from tests.life.boundaries import Oracle, Packet, boundaries, disagreements
from tests.life.router import CONSUMERS, crossing, place
from tests.targets.netfilter import case, files, need_iptables, restoring

IPTABLES = ("iptables-nft", "iptables-legacy")


@pytest.fixture(scope="module", autouse=True)
def _namespaces() -> None:
    need("namespaces")


def load(lab: Lab, consumer: str, plan: Plan, **options: str) -> None:
    """Render the plan for a consumer and load it into the router."""
    target, _, backend = consumer.partition("-")
    made = files(plan, target, **options)
    if target == "nftables":
        need("nft")
        lab.load_nft(made["perimeter365.nft"])
    else:
        need_iptables(backend)
        if target == "ipset":
            need("ipset")
        lab.clear()
        if sets := made.get("perimeter365.ipset"):
            lab.router("ipset", "restore", input=sets)
        for program, name in (("iptables", "rules.v4"), ("ip6tables", "rules.v6")):
            lab.router("sh", "-c", restoring(f"{program}-{backend}"), input=made[name])
            lab.router(f"{program}-{backend}", "-A", "FORWARD", "-j", "P365-FORWARD")


# -- probes of an administrator, for examples/contoso.toml --------------------------------------------

# Addresses from Microsoft's lists and page, and from the example: 10.1.2.3 is a client, 10.200.0.9 a phone (and a
# client, too), 203.0.113.10 the MRS proxy, 203.0.113.30 the receiver of notifications. 192.0.2.0/24 is not in the plan.
PASS = {
    "teams-media-first-port": Probe("udp", "10.1.2.3", "52.112.0.5", 3478),
    "teams-media-last-port": Probe("udp", "10.1.2.3", "52.115.255.255", 3481),
    "teams-media-ipv6": Probe("udp", "2001:db8:c::7", "2603:1063::5", 3480),
    "exchange-online": Probe("tcp", "10.1.2.3", "40.96.0.1", 443),
    "exchange-online-ipv6": Probe("tcp", "2001:db8:c::7", "2603:1006::1", 443),
    "row-6-from-exchange-online": Probe("tcp", "40.96.0.1", "203.0.113.10", 443),
    "row-6-from-exchange-online-ipv6": Probe("tcp", "2603:1006::1", "2001:db8:e::10", 443),
    "row-23-from-a-range": Probe("tcp", "20.20.32.1", "203.0.113.30", 443),
    "row-23-from-a-single-address": Probe("tcp", "52.159.23.209", "203.0.113.30", 443),
    "row-25-apple": Probe("tcp", "10.200.0.9", "17.0.0.1", 5223),
    "row-25-apple-last": Probe("tcp", "10.200.255.255", "17.255.255.255", 5223),
    "dns-to-anyone": Probe("udp", "10.0.0.53", "192.0.2.53", 53),
}
REFUSE = {
    "teams-media-port-before": Probe("udp", "10.1.2.3", "52.112.0.5", 3477),
    "teams-media-port-after": Probe("udp", "10.1.2.3", "52.112.0.5", 3482),
    "teams-media-by-tcp": Probe("tcp", "10.1.2.3", "52.112.0.5", 3478),
    "teams-media-address-before": Probe("udp", "10.1.2.3", "52.111.255.255", 3478),
    "teams-media-ipv6-port-after": Probe("udp", "2001:db8:c::7", "2603:1063::5", 3482),
    "exchange-online-other-port": Probe("tcp", "10.1.2.3", "40.96.0.1", 22),
    "exchange-online-from-another-source": Probe("tcp", "203.0.113.10", "40.96.0.1", 443),
    "row-6-from-teams": Probe("tcp", "52.112.0.5", "203.0.113.10", 443),
    "row-6-from-anyone": Probe("tcp", "192.0.2.7", "203.0.113.10", 443),
    "row-6-from-anyone-ipv6": Probe("tcp", "2a00::7", "2001:db8:e::10", 443),
    "row-6-other-port": Probe("tcp", "40.96.0.1", "203.0.113.10", 80),
    "row-6-to-the-next-address": Probe("tcp", "40.96.0.1", "203.0.113.11", 443),
    "row-6-backward": Probe("tcp", "203.0.113.10", "40.96.0.1", 443),
    "row-23-from-anyone": Probe("tcp", "192.0.2.7", "203.0.113.30", 443),
    "row-23-next-address": Probe("tcp", "52.159.23.210", "203.0.113.30", 443),
    "row-25-from-a-client-that-is-no-phone": Probe("tcp", "10.1.2.3", "17.0.0.1", 5223),
    "row-25-next-to-apple": Probe("tcp", "10.200.0.9", "18.0.0.0", 5223),
    "control": Probe("tcp", "10.1.2.3", "192.0.2.1", 443),
    "control-udp": Probe("udp", "10.1.2.3", "192.0.2.1", 3478),
    "control-ipv6": Probe("tcp", "2001:db8:c::7", "2a00::1", 443),
    "control-inbound": Probe("tcp", "192.0.2.1", "10.1.2.3", 443),
    "dns-to-anyone-from-a-client": Probe("udp", "10.1.2.3", "192.0.2.53", 53),
}
OURS = ("10.0.0.0/8", "203.0.113.0/24", "2001:db8::/32")


def passes(lab: Lab, probe: Probe) -> bool:
    return lab.probe_all([probe])[0].passed


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab(*OURS) as lab:
        yield lab


def test_without_rules_everything_passes(lab: Lab) -> None:
    lab.clear()
    verdicts = lab.probe_all([*PASS.values(), *REFUSE.values()])
    assert [v.probe for v in verdicts if not v.passed] == []


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_probes_of_an_administrator(lab: Lab, consumer: str) -> None:
    load(lab, consumer, case("contoso"))
    wanted = dict.fromkeys(PASS, Outcome.PASSED) | dict.fromkeys(REFUSE, Outcome.REFUSED)
    verdicts = lab.probe_all([*PASS.values(), *REFUSE.values()])
    assert {name: v.outcome for name, v in zip(wanted, verdicts, strict=True)} == wanted
    prohibited = {v.errno for v in verdicts if not v.passed}
    assert prohibited == {113, 13}, "administratively prohibited: EHOSTUNREACH for IPv4, EACCES for IPv6"


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_refuse_drop_is_silent_and_refuse_pass_refuses_nothing(lab: Lab, consumer: str) -> None:
    some = [*list(PASS.values())[:4], *list(REFUSE.values())[:4]]
    for refuse, outcome in (("drop", Outcome.TIMED_OUT), ("pass", Outcome.PASSED)):
        load(lab, consumer, case("contoso"), refuse=refuse, log="yes")
        assert [v.outcome for v in lab.probe_all(some)] == [Outcome.PASSED] * 4 + [outcome] * 4


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_with_ipv6_off_no_ipv6_packet_passes(lab: Lab, consumer: str) -> None:
    load(lab, consumer, case("ipv6-off"))
    client, other = "10.1.0.9", "2001:db8:1::9"
    verdicts = lab.probe_all([Probe("tcp", client, "40.96.0.1", 443), Probe("tcp", other, "2603:1006::1", 443)])
    assert [v.outcome for v in verdicts] == [Outcome.PASSED, Outcome.REFUSED]


ASKER = """
import socket, sys
source, destination, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
six = ":" in source
level, transparent, discover, mtu = (41, 75, 23, 24) if six else (0, 19, 10, 14)  # linux/in6.h, linux/in.h
asker = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
asker.setsockopt(level, transparent, 1)
asker.setsockopt(level, discover, 2)
asker.bind((source, 40000))
asker.connect((destination, port))
asker.settimeout(2)
for line in sys.stdin:
    if line == "ask\\n":
        asker.send(b"?")
        try:
            asker.recv(1)
        except OSError as error:
            print(error.errno, flush=True)
    else:
        print(asker.getsockopt(level, mtu), flush=True)
"""
"""Probe a closed port and print the error, or print the path MTU of the socket."""

TOO_BIG = """
import socket, struct, sys
source, destination, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
six = ":" in source
family = socket.AF_INET6 if six else socket.AF_INET
ends = [socket.inet_pton(family, text) for text in (source, destination)]
udp = struct.pack("!4H", 40000, port, 1380, 0)
if six:
    message = struct.pack("!BBHI", 2, 0, 0, 1300) + struct.pack("!IHBB", 6 << 28, 1380, 17, 60) + b"".join(ends) + udp
else:
    inner = struct.pack("!BBHHHBBH", 0x45, 0, 1400, 1, 0x4000, 60, 17, 0) + b"".join(ends) + udp
    message = struct.pack("!BBHHH", 3, 4, 0, 0, 1300) + inner
    total = sum(struct.unpack(f"!{len(message) // 2}H", message))
    total = (total >> 16) + (total & 0xFFFF)
    message = message[:2] + struct.pack("!H", ~((total >> 16) + total) & 0xFFFF) + message[4:]
router = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP)
router.setsockopt(41 if six else 0, 75 if six else 19, 1)
router.bind((destination, 0))
router.sendto(message, (source, 0))
"""
"""Send "packet too big" from the far side, with an MTU of 1300 bytes (RFC 1191, RFC 4443 3.2)."""


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_icmp_errors_pass_when_they_belong_to_a_connection(consumer: str) -> None:
    with Lab(*OURS) as lab:
        load(lab, consumer, case("contoso"))
        for source, destination in (("10.1.2.3", "52.112.0.5"), ("2001:db8:c::7", "2603:1063::5")):
            words = (sys.executable, "-c")
            asker = lab.start("inside", *words, ASKER, source, destination, "3478")

            def say(word: str, asker: "subprocess.Popen[str]" = asker) -> str:
                print(word, file=asker.stdin, flush=True)
                return asker.stdout.readline().strip() if asker.stdout else ""

            assert say("ask") == "111", "port unreachable, from the far host"
            lab.forget_connections()
            lab.run("outside", *words, TOO_BIG, source, destination, "3478")
            assert say("mtu") == "1500", "an error about a connection that the router does not know"
            assert say("ask") == "111"
            lab.run("outside", *words, TOO_BIG, source, destination, "3478")
            assert say("mtu") == "1300", "packet too big came through"


NEIGHBOR_SOLICITATION = """
import socket, sys
asker = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
asker.setsockopt(41, 75, 1)
asker.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, 255)
asker.bind((sys.argv[1], 0))
asker.sendto(bytes([135, 0, 0, 0, 0, 0, 0, 0]) + socket.inet_pton(socket.AF_INET6, sys.argv[2]), (sys.argv[2], 0))
"""
HEAR_ICMP6 = """
import socket
hearer = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
hearer.settimeout(0.5)
print("ready", flush=True)
try:
    print(hearer.recv(100)[0], flush=True)
except TimeoutError:
    print("nothing", flush=True)
"""


@pytest.mark.parametrize("consumer", ["", *CONSUMERS])
def test_routed_neighbor_discovery_does_not_pass(lab: Lab, consumer: str) -> None:
    """Its hop limit is 255 only on a bridge, without a router (RFC 4861 3.1)."""
    if consumer:
        load(lab, consumer, case("contoso"))
    else:
        lab.clear()
    hearer = lab.start("outside", sys.executable, "-c", HEAR_ICMP6)
    assert hearer.stdout is not None
    assert hearer.stdout.readline() == "ready\n"
    lab.run("inside", sys.executable, "-c", NEIGHBOR_SOLICITATION, "2001:db8:c::7", "2603:1063::5")
    assert hearer.stdout.readline() == ("nothing\n" if consumer else "135\n")


def test_nftables_a_table_that_accepts_everything_does_not_overrule_the_refusal(lab: Lab) -> None:
    theirs = "table inet admin { chain f { type filter hook forward priority -10; policy accept; accept; }; }\n"
    need("nft")
    lab.load_nft(theirs + files(case("contoso"), "nftables")["perimeter365.nft"])
    assert not passes(lab, REFUSE["control"])
    assert passes(lab, PASS["exchange-online"])


@pytest.mark.parametrize("consumer", IPTABLES)
def test_iptables_rules_before_and_after_the_jump_work_next_to_the_plans(lab: Lab, consumer: str) -> None:
    backend = consumer.partition("-")[2]
    need_iptables(backend)
    rules = files(case("contoso"), "iptables", refuse="pass")["rules.v4"]
    lab.clear()
    run = f"iptables-{backend}"
    lab.router(run, "-N", "P365-FORWARD")
    for _night in range(2):
        lab.router(f"{run}-restore", "--noflush", input=rules)
    for words in (
        "-A FORWARD -d 52.112.0.5 -j DROP",
        "-A FORWARD -j P365-FORWARD",
        "-A FORWARD -s 192.0.2.7 -j ACCEPT",
    ):
        lab.router(run, *words.split())
    lab.router(run, "-P", "FORWARD", "DROP")
    lab.forget_connections()
    assert not passes(lab, PASS["teams-media-first-port"]), "refused before the jump"
    assert passes(lab, PASS["exchange-online"]), "accepted by the plan's rules"
    assert lab.probe("tcp", "192.0.2.7", "10.1.2.3", 22).passed, "accepted after the jump"
    assert not passes(lab, REFUSE["control"]), "not accepted by any rule"


# -- all boundaries, compared with an oracle -------------------------------------------------------


def _some(packets: list[Packet], number: int) -> list[Packet]:
    assert len(packets) >= number
    return random.Random(365).sample(packets, number)


def _disagreements(lab: Lab, oracle: Oracle, packets: list[Packet]) -> list[str]:
    verdicts = lab.probe_all(Probe(p.protocol, p.source, p.destination, p.port) for p in packets)
    outcomes = dict(zip(packets, (v.outcome for v in verdicts), strict=True))
    assert Outcome.TIMED_OUT not in outcomes.values()
    return disagreements(oracle, packets, lambda packet: outcomes[packet] is Outcome.PASSED, sides=False)


@pytest.mark.parametrize("name", ["contoso", "everything-worldwide", "everything-gcchigh", "everything-china", "awkward"])
def test_at_every_boundary_packets_pass_according_to_the_plan(name: str) -> None:
    plan = case(name)
    oracle = Oracle(plan)
    with Lab() as lab:
        place(lab, oracle)
        packets = _some(crossing(lab, boundaries(oracle)), 300)
        assert 75 <= sum(map(oracle.allows, packets)) <= 225, "both verdicts must occur"
        assert {":" in p.source for p in packets} == {True, False}
        for consumer in CONSUMERS:
            load(lab, consumer, plan)
            assert _disagreements(lab, oracle, packets) == [], consumer


@pytest.mark.parametrize("name", ["contoso", "everything-worldwide", "awkward"])
def test_internal_connections_pass_according_to_the_plan(name: str) -> None:
    """The destinations of internal flows are at the router's other interface here."""
    plan = case(name)
    oracle = Oracle(plan)
    internal = [entry for entry in oracle.entries if entry.direction == "internal"]
    with Lab() as lab:
        place(lab, oracle)
        inner = {network for entry in internal for network in entry.destination or ()}
        lab.outside(*map(str, inner))
        lab.inside(*(str(n) for entry in internal for n in entry.source or () if n not in inner))
        packets = [
            p
            for p in crossing(lab, boundaries(oracle), internal=True)
            if any(ipaddress.ip_address(p.destination) in network for network in inner)
        ]
        packets = _some(packets, min(len(packets), 60))
        assert 10 <= sum(oracle.allows(p, sides=False) for p in packets) <= 55
        for consumer in CONSUMERS:
            load(lab, consumer, plan)
            assert _disagreements(lab, oracle, packets) == [], consumer


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_with_an_outside_interface_external_packets_pass_only_there(lab: Lab, consumer: str) -> None:
    """Both interfaces of the laboratory's router are tested as the outside."""
    for interface, outcome in (("out0", Outcome.PASSED), ("in0", Outcome.REFUSED)):
        load(lab, consumer, case("contoso"), outside=interface)
        assert {v.outcome for v in lab.probe_all(list(PASS.values()))} == {outcome}, interface


@pytest.mark.parametrize("target", ["nftables", "iptables", "ipset"])
@pytest.mark.parametrize("word", ["eth0 accept", 'eth0"', "-j", "eth0;", "a" * 16, "eth0\n", "é", "+", "!wan0"])
def test_an_interface_name_cannot_be_syntax(target: str, word: str) -> None:
    with pytest.raises(OptionError):
        files(case("contoso"), target, outside=word)
