"""The life of nftables, iptables and ipset on a router with rules of its own, with both kinds of iptables and real packets.

Every command is a line of a manual. After each of them, what the router does is compared with the plan.
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import pytest

from perimeter365.errors import EmptyArtifactError
from perimeter365.plan.plan import Plan, PlanParty
from perimeter365.targets.life import Part
from perimeter365.targets.target import Style
from tests.consumers import need
from tests.lab import Lab, LabError
from tests.life import tries
from tests.life.boundaries import Oracle, Packet, boundaries
from tests.life.router import CONSUMERS, Router, crossing, fails, place
from tests.targets.netfilter import by_hand, case, flow, party

TARGETS = ("nftables", "iptables", "ipset")
RESTORED = ("iptables-nft", "iptables-legacy", "ipset-nft", "ipset-legacy")
FAULTS = Path(__file__).parent / "faults"
each = pytest.mark.parametrize("consumer", CONSUMERS)
one_kind = pytest.mark.parametrize("consumer", ["nftables", "iptables-legacy", "ipset-nft"])
"""Where the kinds of iptables do not differ."""
INTERNET = PlanParty(role="internet")


def before_and_after() -> tuple[Plan, Plan]:
    """Two plans: prefixes come and go, a role and two requirements leave, and equal lists of addresses become different."""
    client = party("client", "10.0.0.0/24", "10.9.0.0/16", "2001:db8:c::/48", "2001:db8:f::/48")
    servers = party("exchange-server", "203.0.113.10", "203.0.113.12", "2001:db8:e::10", "2001:db8:e::20")
    resolver = party("resolver", "10.0.0.0/24", "10.9.0.0/16")
    online = party("exchange-online", "40.96.0.0/13", "52.96.0.0/14", "2603:1006::/40", "2603:1016::/36")
    graph = party("graph", "20.20.32.0/19", "20.190.128.0/18", "2603:1026::/36", "2603:1036::/36")
    before = by_hand(
        flow("ws/worldwide/1", client, online, tcp="80,443"),
        flow("ws/worldwide/2", client, online, tcp="143,993"),
        flow("row/6/in", online, servers, tcp="443"),
        flow("row/6/gone", servers, graph, tcp="443"),
        flow("row/6/names", resolver, party("azure", "20.0.0.0/24"), udp="53"),
        flow("row/6/anyone", INTERNET, servers, tcp="25"),
        flow("row/6/inside", client, party("domain-controller", "10.20.0.0/30", "10.20.0.9"), tcp="88,389", udp="88"),
    )
    client = party("client", "10.0.0.0/25", "10.9.0.0/16", "10.7.0.0/30", "2001:db8:c::/48", "2001:db8:a::/48")
    servers = party("exchange-server", "203.0.113.12", "203.0.113.16/30", "2001:db8:e::20")
    other = party("exchange-online", "40.96.0.0/14", "52.96.0.0/14", "2603:1006::/40")
    after = by_hand(
        flow("ws/worldwide/1", client, online, tcp="443", udp="443"),
        flow("ws/worldwide/2", client, other, tcp="993-995"),
        flow("ws/worldwide/3", client, party("teams", "52.112.0.0/14", "52.122.0.0/15"), udp="3478-3481"),
        flow("row/6/in", other, servers, tcp="443"),
        flow("row/6/anyone", party("exchange-online-protection", "40.92.0.0/15"), servers, tcp="25"),
        flow("row/6/inside", client, party("domain-controller", "10.20.0.0/30"), tcp="88", udp="88"),
    )
    return before, after


BEFORE, AFTER = before_and_after()
ORACLES = Oracle(BEFORE), Oracle(AFTER)
OWN = (
    "iptables -P INPUT DROP",
    "iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
    "iptables -A INPUT -p tcp --dport 22 -j ACCEPT",
    "ip6tables -P INPUT DROP",
    "ip6tables -A INPUT -p tcp --dport 22 -j ACCEPT",
    "iptables -N P365-ADMIN",
    "iptables -A P365-ADMIN -s 100.64.0.0/24 -m comment --comment 'beside P365-FORWARD' -j ACCEPT",
    "iptables -A FORWARD -j P365-ADMIN",
    "iptables -A FORWARD -d 100.64.0.0/24 -j ACCEPT",
    "ip6tables -A FORWARD -s fd00:64::/64 -j ACCEPT",
    "ipset create m365-office hash:net",
    "ipset add m365-office 100.64.1.0/24",
    "ipset create unused hash:ip",
    "ipset create m365-guests-v4 hash:net",
    "ipset create m365-guests-v4-annex1 hash:net",
    "nft add table inet admin",
    "nft add chain inet admin early '{ type filter hook prerouting priority -300; policy accept; }'",
    "nft add rule inet admin early ip saddr 100.64.2.0/24 drop",
)
"""An administrator's rules and sets, some with names that look like those of the targets."""
LISTEN = """
import socket, sys
servers = [socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True) for port in (22, 23)]
print("ready", flush=True)
sys.stdin.read()
"""
CONNECT = """
import socket, sys
for address in sys.argv[1:]:
    for port in (22, 23):
        try:
            socket.create_connection((address, port), 0.4).close()
            print(f"{port} open")
        except OSError:
            print(f"{port} closed")
"""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab() as lab:
        place(lab, *ORACLES)
        lab.inside("100.64.0.0/16")
        server = lab.start("router", sys.executable, "-c", LISTEN)
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        yield lab


@pytest.fixture(scope="module")
def packets(lab: Lab) -> list[Packet]:
    found = crossing(lab, boundaries(*ORACLES))
    assert len(found) > 400
    return found


def a_router(lab: Lab, folder: Path, consumer: str, *own: str, **options: str) -> Router:
    """An empty router with the administrator's rules."""
    router = Router(lab, folder, consumer, **options)
    router.clear()
    router.run(" && ".join(["true", *own]))
    return router


def installed(router: Router, plan: Plan) -> list[str]:
    """Install a plan, and return the state."""
    router.render(plan)
    router.follow("install")
    return router.state()


def fresh(lab: Lab, folder: Path, consumer: str, plan: Plan, *own: str, **options: str) -> list[str]:
    """The state of an empty router on which only a plan was installed."""
    return installed(a_router(lab, folder, consumer, *own, **options), plan)


def administrator(lab: Lab) -> list[str]:
    """What an administrator can reach on the router itself, by IPv4 and IPv6."""
    return lab.run("inside", sys.executable, "-c", CONNECT, "169.254.101.1", "fd5a:7e57:1::1").splitlines()


# -- install ---------------------------------------------------------------------------------------


@tries(TARGETS, "install")
@each
def test_an_install_leaves_the_routers_own_rules_alone(
    consumer: str, lab: Lab, packets: list[Packet], tmp_path: Path
) -> None:
    router = a_router(lab, tmp_path, consumer, *OWN)
    before, reached = router.foreign(), administrator(lab)
    assert reached == ["22 open", "23 closed"] * 2
    router.render(BEFORE)
    for number in range(1, len(router.commands("install")) + 1):
        router.follow("install", stop_after=number)
        assert router.foreign() == before, number
    assert administrator(lab) == reached
    assert lab.probe("tcp", "100.64.0.1", "192.0.2.1", 8000).passed == (router.target.name != "nftables")
    assert router.disagreements(ORACLES[0], packets) == []


@tries(TARGETS, "install")
@one_kind
def test_until_its_last_command_an_install_changes_no_family_by_half(
    consumer: str, lab: Lab, packets: list[Packet], tmp_path: Path
) -> None:
    """Each version of IP has no filter, or that of the plan."""
    router = a_router(lab, tmp_path, consumer)
    router.render(BEFORE)
    some, filtered = random.Random(1).sample(packets, 150), []
    for number in range(len(router.commands("install")) + 1):
        router.follow("install", stop_after=number)
        passed = router.passing(some)
        for six in (False, True):
            ways = {p: passed[p] for p in some if (":" in p.source) == six}
            exact = all(way == ORACLES[0].allows(p, sides=False) for p, way in ways.items())
            assert exact or all(ways.values())
            filtered.append(exact)
    assert filtered[:2] == [False, False]
    assert filtered[-2:] == [True, True]


@pytest.mark.parametrize("kind", ["nft", "legacy"])
@pytest.mark.parametrize("target", ["iptables", "ipset"])
def test_the_whole_table_of_version_2_flushed_the_routers_own_rules(
    target: str, kind: str, lab: Lab, tmp_path: Path
) -> None:
    """The line in the head of the file: iptables-restore rules.v4."""
    router = a_router(lab, tmp_path, f"{target}-{kind}", *OWN)
    before = router.foreign()
    assert administrator(lab) == ["22 open", "23 closed"] * 2
    if target == "ipset":
        router.run(f"ipset restore -file {FAULTS}/ipset/perimeter365.ipset")
    router.run(f"iptables-restore {FAULTS}/{target}/rules.v4 && ip6tables-restore {FAULTS}/{target}/rules.v6")
    gone = set(before) - set(router.foreign())
    assert "iptables filter -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT" in gone
    assert "iptables filter -A FORWARD -j P365-ADMIN" in gone
    locked, opened = ["22 closed", "23 closed"], ["22 open", "23 open"]
    assert administrator(lab) == (locked if kind == "legacy" else opened) * 2


@pytest.mark.parametrize("kind", ["nft", "legacy"])
@pytest.mark.parametrize("target", ["iptables", "ipset"])
def test_without_noflush_every_file_is_refused_and_changes_nothing(target: str, kind: str, lab: Lab, tmp_path: Path) -> None:
    """Also where an earlier plan is installed, and by the command that version 2 printed."""
    router = a_router(lab, tmp_path, f"{target}-{kind}", *OWN)
    router.render(AFTER, since=BEFORE)
    if target == "ipset":
        router.run("ipset restore -file perimeter365.ipset")
    for _installed in (False, True):
        state = router.state()
        for file in sorted(path.name for path in router.work.glob("*.v[46]")):
            fails(router, f"ip{'6' if file.endswith('6') else ''}tables-restore {file}")
            assert router.state() == state
        router.follow("install")


# -- nothing to say --------------------------------------------------------------------------------


@tries(TARGETS, "empty")
@one_kind
def test_a_plan_with_nothing_neither_opens_nor_closes(
    consumer: str, lab: Lab, packets: list[Packet], tmp_path: Path
) -> None:
    router = a_router(lab, tmp_path, consumer)
    nothing = case("nothing-selected")
    with pytest.raises(EmptyArtifactError, match="the device would refuse everything"):
        router.target.render(nothing)
    router.follow_with(nothing, "install", refuse="pass", allow_empty=True)
    assert all(router.passing(random.Random(2).sample(packets, 60)).values())


@tries(TARGETS, "empty")
@one_kind
def test_a_plan_without_ipv6_says_that_all_of_it_is_refused(
    consumer: str, lab: Lab, packets: list[Packet], tmp_path: Path
) -> None:
    client, online = party("client", "10.9.0.0/16"), party("exchange-online", "40.96.0.0/13", "2603:1006::/40")
    with pytest.raises(EmptyArtifactError, match="refuse all IPv6"):
        a_router(lab, tmp_path, consumer).target.render(by_hand(flow("ws/worldwide/1", client, online, tcp="443")))
    plan = by_hand(flow("ws/worldwide/1", client, replace(online, prefixes=online.prefixes.family(4)), tcp="443"))
    router = a_router(lab, tmp_path, consumer)
    installed(router, plan)
    said = {path.name for path in router.work.iterdir() if "Nothing is planned for IPv6, so all of it" in path.read_text()}
    assert said == ({"perimeter365.nft"} if consumer == "nftables" else {"rules.v6"})
    assert router.disagreements(Oracle(plan), crossing(lab, boundaries(Oracle(plan), ORACLES[0]))[::3]) == []


# -- again -----------------------------------------------------------------------------------------


@tries(TARGETS, "again")
@one_kind
def test_the_same_files_twice_change_nothing(consumer: str, lab: Lab, tmp_path: Path) -> None:
    router = a_router(lab, tmp_path, consumer, *OWN)
    once = installed(router, BEFORE)
    router.follow("install")
    router.follow("update")
    assert router.state() == once


@tries(TARGETS, "again")
@one_kind
@pytest.mark.parametrize("option", ["refuse=drop", "refuse=pass", "log=yes", "outside=out0"])
def test_another_option_takes_the_place_of_the_earlier_one(consumer: str, option: str, lab: Lab, tmp_path: Path) -> None:
    options = dict([option.split("=")])
    wanted = fresh(lab, tmp_path, consumer, BEFORE, *OWN, **options)
    router = a_router(lab, tmp_path, consumer, *OWN)
    first = installed(router, BEFORE)
    other = router.with_options(**options)
    other.render(BEFORE)
    other.follow("update")
    assert other.state() == wanted != first
    router.render(BEFORE)
    router.follow("update")
    assert router.state() == first


@tries("ipset", "again")
@pytest.mark.parametrize("kind", ["nft", "legacy"])
def test_sets_of_another_maximum_size_take_the_place_of_the_earlier_ones(kind: str, lab: Lab, tmp_path: Path) -> None:
    """Also after a load that was interrupted while the temporary set existed."""
    router = a_router(lab, tmp_path, f"ipset-{kind}", *OWN)
    first = installed(router, BEFORE)
    router.run("ipset create m365-new-v4-65536 hash:net family inet maxelem 65536")
    style = router.target.style
    router.target.style = replace(style, limits={"elements": 100_000})
    router.render(BEFORE)
    router.follow("update")
    state = router.state()
    assert sum("maxelem 100000" in line for line in state) == sum("create m365-" in line for line in first) - 3
    assert {line.split()[1] for line in state if "maxelem 65536" in line} == {
        "m365-office",
        "m365-guests-v4",
        "m365-guests-v4-annex1",
        "unused",
    }
    router.target.style = style
    router.render(BEFORE)
    router.follow("update")
    assert router.state() == first


# -- grow, shrink, interrupted, back ---------------------------------------------------------------


def walk(router: Router, plans: tuple[Plan, Plan], part: Part, oracles: tuple[Oracle, Oracle], some: list[Packet]) -> None:
    """Carry out an update command by command, and look at the packets after each that has changed something.

    What both plans allow always passes, and what neither allows never does.
    """
    router.render(plans[1], since=plans[0] if part == "changes" else None)
    certain = [p for p in some if len({oracle.allows(p, sides=False) for oracle in oracles}) == 1]
    assert {oracles[0].allows(p, sides=False) for p in certain} == {True, False}
    state = router.state()
    for line in router.commands(part):
        router.run(line)
        if state != (state := router.state()):
            assert router.disagreements(oracles[0], certain) == [], line
    assert router.disagreements(oracles[1], some) == []


@tries(TARGETS, "grow", "shrink", "interrupted", "back")
@each
@pytest.mark.parametrize("part", ["update", "changes"])
def test_an_update_and_the_way_back_hold_after_each_command(
    consumer: str, part: Part, lab: Lab, packets: list[Packet], tmp_path: Path
) -> None:
    some = random.Random(3).sample(packets, 250)
    last = fresh(lab, tmp_path, consumer, AFTER, *OWN)
    router = a_router(lab, tmp_path, consumer, *OWN)
    first, own = installed(router, BEFORE), router.foreign()
    walk(router, (BEFORE, AFTER), part, ORACLES, some)
    assert router.state() == last
    walk(router, (AFTER, BEFORE), part, (ORACLES[1], ORACLES[0]), some)
    assert router.state() == first
    assert router.foreign() == own


@tries(("iptables", "ipset"), "interrupted")
@pytest.mark.parametrize("consumer", RESTORED)
@pytest.mark.parametrize("part", ["update", "changes"])
def test_an_update_that_was_interrupted_is_run_again_from_the_start(
    consumer: str, part: Part, lab: Lab, tmp_path: Path
) -> None:
    last = fresh(lab, tmp_path, consumer, AFTER)
    router = a_router(lab, tmp_path, consumer)
    first = installed(router, BEFORE)
    for number in range(1, len(router.commands(part)) + 1):
        router.render(AFTER, since=BEFORE)
        router.follow(part, stop_after=number)
        router.follow(part)
        assert router.state() == last, number
        router.render(BEFORE)
        router.follow("update")
        assert router.state() == first


@tries("ipset", "interrupted")
@pytest.mark.parametrize("kind", ["nft"])
@pytest.mark.parametrize("file", ["perimeter365.ipset", "changes-1.ipset", "changes-3.ipset"])
def test_a_file_of_sets_that_was_interrupted_after_any_line_is_loaded_again(
    file: str, kind: str, lab: Lab, tmp_path: Path
) -> None:
    part: Part = "update" if file == "perimeter365.ipset" else "changes"
    last = fresh(lab, tmp_path, f"ipset-{kind}", AFTER)
    router = a_router(lab, tmp_path, f"ipset-{kind}")
    first = installed(router, BEFORE)
    router.render(AFTER, since=BEFORE)
    lines = [line for line in (router.work / file).read_text().splitlines() if not line.startswith("#")]
    assert len(lines) > 10
    place_ = next(n for n, line in enumerate(router.commands(part)) if file in line)
    for number in range(1, len(lines), 1 + len(lines) // 8):
        router.render(AFTER, since=BEFORE)
        router.follow(part, stop_after=place_)
        (router.work / "interrupted").write_text("".join(f"{line}\n" for line in lines[:number]))
        router.run("ipset restore -file interrupted")
        router.follow(part)
        assert router.state() == last, number
        router.render(BEFORE)
        router.follow("update")
        assert router.state() == first


@tries("nftables", "interrupted", "again")
def test_nftables_changes_that_are_loaded_twice_fail_and_change_nothing(lab: Lab, tmp_path: Path) -> None:
    router = a_router(lab, tmp_path, "nftables")
    installed(router, BEFORE)
    router.render(AFTER, since=BEFORE)
    router.follow("changes")
    state = router.state()
    for line in router.commands("changes"):
        fails(router, line)
    assert router.state() == state
    router.follow("update")
    assert router.state() == state


@pytest.mark.parametrize("kind", ["nft", "legacy"])
def test_changes_of_version_2_could_not_be_run_again(kind: str, lab: Lab, tmp_path: Path) -> None:
    """Step 3 of ipset after its first command, and IPv6 of iptables after IPv4 was loaded."""
    router = a_router(lab, tmp_path, f"ipset-{kind}")
    folder = FAULTS / "ipset"
    router.run(f"ipset restore -file {folder}/perimeter365.ipset && ipset restore -file {folder}/changes-1.ipset")
    for name in ("rules", "changes-2"):
        router.run(f"iptables-restore --noflush {folder}/{name}.v4 && ip6tables-restore --noflush {folder}/{name}.v6")
    router.run(f"grep -m1 destroy {folder}/changes-3.ipset | ipset restore")
    assert "does not exist" in fails(router, f"ipset restore -file {folder}/changes-3.ipset")
    assert "10.0.2.0/24" in router.run("ipset list m365-client-v4"), "still open"
    router, folder = a_router(lab, tmp_path, f"iptables-{kind}"), FAULTS / "iptables"
    router.run(f"iptables-restore {folder}/rules.v4 && ip6tables-restore {folder}/rules.v6")
    router.run(f"iptables-restore --noflush {folder}/changes.v4")
    line = f"iptables-restore --noflush {folder}/changes.v4 && ip6tables-restore --noflush {folder}/changes.v6"
    fails(router, line)
    assert "row/6/gone" in router.run("ip6tables -S"), "never loaded"


# -- out of order ----------------------------------------------------------------------------------


@tries(TARGETS, "unordered")
@one_kind
@pytest.mark.parametrize("part", ["update", "changes"])
def test_of_two_updates_only_the_last_is_loaded(
    consumer: str, part: Part, lab: Lab, packets: list[Packet], tmp_path: Path
) -> None:
    """With --since, both are rendered against the folder of what is on the router."""
    between = by_hand(*BEFORE.flows[:2], *AFTER.flows[3:])
    last = fresh(lab, tmp_path, consumer, AFTER)
    router = a_router(lab, tmp_path, consumer)
    installed(router, BEFORE)
    for plan in (between, AFTER):
        router.render(plan, since=BEFORE)
    router.follow(part)
    assert router.state() == last
    assert router.disagreements(ORACLES[1], random.Random(4).sample(packets, 100)) == []


# -- neighbors -------------------------------------------------------------------------------------

DOCKER = (
    *(f"iptables -N {chain}" for chain in ("DOCKER", "DOCKER-ISOLATION-STAGE-1", "DOCKER-ISOLATION-STAGE-2", "DOCKER-USER")),
    "iptables -t nat -N DOCKER",
    "iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
    "iptables -t nat -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER",
    "iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
    "iptables -P FORWARD DROP",
    "iptables -A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2",
    "iptables -A DOCKER-ISOLATION-STAGE-1 -j RETURN",
    "iptables -A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP",
    "iptables -A DOCKER-ISOLATION-STAGE-2 -j RETURN",
    "iptables -A DOCKER-USER -j RETURN",
    "iptables -A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT",
    "iptables -I FORWARD -i docker0 -o docker0 -j ACCEPT",
    "iptables -I FORWARD -i docker0 ! -o docker0 -j ACCEPT",
    "iptables -I FORWARD -o docker0 -j DOCKER",
    "iptables -I FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "iptables -I FORWARD -j DOCKER-ISOLATION-STAGE-1",
    "iptables -I FORWARD -j DOCKER-USER",
    "ip6tables -A FORWARD -o docker0 -j DROP",
)
"""What dockerd 24 does at its start, with a published container 172.17.0.2:80."""
DNSMASQ = (
    "nft add table inet dnsmasq365",
    "nft add set inet dnsmasq365 m365_4 '{ type ipv4_addr; flags interval; auto-merge; }'",
    "nft add element inet dnsmasq365 m365_4 '{ 52.98.1.2 }'",
)
"""Sets that dnsmasq fills, and an element that it has added."""


@tries(TARGETS, "neighbors", "remove")
@each
def test_next_to_docker_and_the_sets_of_dnsmasq(consumer: str, tmp_path: Path) -> None:
    need("namespaces")
    out, to = ("172.17.0.2", "192.0.2.1", 8000), ("192.0.2.1", "172.17.0.2", 80)
    with Lab("172.17.0.0/16", interfaces=("docker0", "out0")) as lab:
        router = a_router(lab, tmp_path, consumer, *DOCKER, *DNSMASQ, refuse="pass" if consumer == "nftables" else "reject")
        before, state = router.foreign(), router.state()

        def containers() -> list[bool]:
            lab.forget_connections()
            return [lab.probe("tcp", *ends).passed for ends in (out, to, (*to[:2], 81))]

        assert containers() == [True, True, False]
        for plan in (BEFORE, AFTER):
            installed(router, plan)
            router.follow("update")
            assert router.foreign() == before
            assert containers() == [True, True, False]
        router.run("iptables -D FORWARD -j DOCKER-USER; iptables -I FORWARD -j DOCKER-USER")  # dockerd is restarted
        router.follow("update")
        assert containers() == [True, True, False]
        router.follow("remove")
        assert router.state() == state


@tries(TARGETS, "neighbors")
@each
def test_two_organizations_on_one_router(consumer: str, lab: Lab, packets: list[Packet], tmp_path: Path) -> None:
    """The chains of all but the last pass what is not theirs. Tables of nftables all have to."""
    both = [Oracle(by_hand(*BEFORE.flows, *AFTER.flows)), *ORACLES]
    router = a_router(lab, tmp_path, consumer, *OWN, refuse="pass")
    alone = installed(router, BEFORE)
    other = router.with_options(prefix="fabrikam", refuse="pass" if consumer == "nftables" else "reject")
    installed(other, AFTER)
    some = random.Random(5).sample(packets, 150)
    if consumer != "nftables":
        assert other.disagreements(both[0], some) == []
    router.render(BEFORE)
    router.follow("update")
    other.follow("remove")
    assert router.state() == alone
    other.render(AFTER)
    other.follow("install")
    router.follow("remove")
    assert other.state() == fresh(
        lab, tmp_path, consumer, AFTER, *OWN, prefix="fabrikam", refuse=other.target.option("refuse")
    )


@tries(TARGETS, "neighbors")
@pytest.mark.parametrize("kind", ["nft", "legacy"])
@pytest.mark.parametrize("name", ["iptables", "ipset"])
def test_nftables_next_to_the_chains_of_iptables(
    name: str, kind: str, lab: Lab, packets: list[Packet], tmp_path: Path
) -> None:
    """A packet passes if both permit it; each is updated and removed without the other."""
    chains = a_router(lab, tmp_path, f"{name}-{kind}", *OWN)
    alone = installed(chains, BEFORE)
    table = Router(lab, tmp_path, "nftables")
    installed(table, AFTER)
    some = random.Random(6).sample(packets, 150)
    passed = chains.passing(some)
    assert passed == {p: all(oracle.allows(p, sides=False) for oracle in ORACLES) for p in some}
    chains.render(BEFORE)
    chains.follow("update")
    assert chains.passing(some) == passed
    table.follow("remove")
    assert chains.state() == alone
    assert chains.disagreements(ORACLES[0], some) == []


# -- remove ----------------------------------------------------------------------------------------


@tries(TARGETS, "remove")
@each
def test_remove_takes_out_everything_of_every_earlier_plan_and_nothing_else(consumer: str, lab: Lab, tmp_path: Path) -> None:
    """Without the files, which are gone."""
    router = a_router(lab, tmp_path, consumer, *OWN, "iptables -N OWN", "ip6tables -N OWN")
    state = router.state()
    for plan in (BEFORE, AFTER):
        router.render(plan)
        router.follow("install")
    for path in router.work.iterdir():
        path.unlink()
    if consumer != "nftables":
        for line in ("iptables -A OWN -i lo -j P365-FORWARD", "iptables -A FORWARD -j P365-FORWARD"):
            router.run(line)
    router.follow("remove")
    assert router.state() == state
    router.follow("remove")
    assert router.state() == state, "nothing is there any more"


# -- each command is needed ------------------------------------------------------------------------


@pytest.mark.parametrize("consumer", ["iptables-nft", "ipset-legacy"])
@pytest.mark.parametrize("part", ["install", "update", "changes", "remove"])
def test_no_command_can_be_left_out(consumer: str, part: Part, lab: Lab, tmp_path: Path) -> None:
    """The sweep and the states above would find a command that does nothing."""

    def after(left_out: int | None) -> list[str] | str:
        router = a_router(lab, tmp_path, consumer)
        if part != "install":
            installed(router, BEFORE)
        router.render(AFTER, since=BEFORE)
        lines = router.commands(part)
        try:
            for line in lines[:left_out] + (lines[left_out + 1 :] if left_out is not None else []):
                router.run(line)
        except LabError as error:
            return str(error)
        return router.state()

    whole, number = after(None), len(a_router(lab, tmp_path, consumer).commands(part))
    assert isinstance(whole, list)
    assert [n for n in range(number) if after(n) == whole] == []


# -- the sweep finds what is wrong -----------------------------------------------------------------

GONE = "@row-6-gone-worldwide-v4"
WRONG = {
    "a prefix that is one bit too wide": ("52.96.0.0/14", "52.96.0.0/13"),
    "a prefix that is one bit too long": ("10.0.0.0/24", "10.0.0.0/25"),
    "an IPv6 prefix that is one bit too wide": ("2603:1016::/36", "2603:1010::/35"),
    "a host that is the next one": ("203.0.113.12", "203.0.113.13"),
    "a port more": ("dport { 143, 993 }", "dport { 143, 993-994 }"),
    "a port less": ("dport { 80, 443 }", "dport { 443 }"),
    "the wrong protocol": ("udp dport 53", "tcp dport 53"),
    "swapped ends": (f"saddr @exchange-server-v4 ip daddr {GONE}", f"daddr @exchange-server-v4 ip saddr {GONE}"),
    "an end that is anyone": (f"ip saddr @exchange-server-v4 ip daddr {GONE}", f"ip daddr {GONE}"),
}
"""What is wrong in the table of nftables, and the replacement in its file."""


@pytest.mark.parametrize("what", WRONG)
def test_the_sweep_finds(what: str, lab: Lab, packets: list[Packet], tmp_path: Path) -> None:
    router = a_router(lab, tmp_path, "nftables")
    router.render(BEFORE)
    file = router.work / "perimeter365.nft"
    right, wrong = WRONG[what]
    text = file.read_text()
    assert right in text
    file.write_text(text.replace(right, wrong))
    router.follow("install")
    assert router.disagreements(ORACLES[0], packets) != []


@pytest.mark.parametrize("consumer", ["nftables", "iptables-nft", "ipset-nft"])
def test_the_sweep_finds_a_rule_without_its_interface(consumer: str, tmp_path: Path) -> None:
    """Neither interface of this router is the one to the internet, so only internal connections pass."""
    need("namespaces")
    with Lab(interfaces=("lan0", "dmz0")) as lab:
        place(lab, ORACLES[0])
        inner = {n for e in ORACLES[0].entries if e.direction == "internal" for n in e.destination or ()}
        lab.outside(*map(str, inner))
        packets = crossing(lab, boundaries(ORACLES[0]), internal=True)
        assert {ORACLES[0].allows(p) for p in packets} == {True, False}
        router = a_router(lab, tmp_path, consumer, outside="wan0")
        installed(router, BEFORE)
        assert router.disagreements(ORACLES[0], packets, sides=True) == []
        for path in router.work.iterdir():
            first = {"nftables": 'iifname "wan0" ', "iptables": " -i wan0", "ipset": " -i wan0"}[router.target.name]
            path.write_text(path.read_text().replace(first, "", 1))
        router.follow("update")
        assert router.disagreements(ORACLES[0], packets, sides=True) != []


def test_without_an_outside_interface_a_rule_from_anyone_is_a_loss() -> None:
    for name in TARGETS:
        for outside in ("", "wan0"):
            target = Router.target_of(name, Style(options={"outside": outside}))
            losses = {(loss.reason, loss.kind, loss.level): loss.ids for loss in target.render(BEFORE).losses}
            assert losses == ({} if outside else {("no-sides", "widened", "known"): ("row/6/anyone",)})


def test_the_names_of_sets_differ_if_their_addresses_or_sizes_do() -> None:
    def names(plan: Plan, **limits: int) -> set[str]:
        text = Router.target_of("ipset", Style(limits=limits)).render(plan).artifacts[0].content.decode()
        return {line.split()[1] for line in text.splitlines() if line.startswith("create m365-") and "-new-" not in line}

    kept = names(BEFORE) & names(AFTER)
    assert {name.rpartition("-")[0] for name in kept} == {"m365-ws-worldwide-1-v4", "m365-ws-worldwide-1-v6"}
    assert not names(BEFORE) & names(BEFORE, elements=70_000)
    assert list(accumulate(sorted(names(BEFORE)), max))[-1] <= "m365-" + "z" * 26
