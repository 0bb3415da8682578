"""The life of lists of names: on a resolver, a name server or a proxy that has entries of its own.

A test file of a target imports the tests, and defines the fixture `kind`.

What is asked are the names themselves, names below and above them, names that only look like them, upper case, and a dot at
the end. The plans have wildcards above names, names below wildcards, and wildcards inside a label.
"""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from perimeter365.model.host import HostPattern
from perimeter365.plan.plan import Plan, PlanParty
from perimeter365.targets.life import Part
from tests.life import tries
from tests.life.lines import commands_of, interrupted, pasted
from tests.life.servers import NEIGHBOR, Bypass, Dnsmasq, Named, Server, Squid, Unbound, hosts
from tests.life.shell import FailedError
from tests.targets.netfilter import by_hand, contoso, flow, party

TARGETS = [kind.target for kind in (Named, Dnsmasq, Unbound, Squid, Bypass)]

ONE = ("*.wide.example", "www.wide.example", "a.b.deep.wide.example", "apex.example", "*.apex.example", "only.example")
TWO = ("*cdn.glue.example", "*.inner.wide.example", "*.leaves.example", "stays.example")
NEW = ("new.example", "*.new.only.example", "*.stays.example")
GONE = ("*.leaves.example", "a.b.deep.wide.example", "only.example")


def plan_with(*names: str, id: str = "row/6/names") -> Plan:
    """A plan of a flow for each name."""
    client = party("client", "10.0.0.0/8", "127.0.0.0/8")
    ends = (PlanParty(role="exchange-online", hosts=(host,), unaddressed=(host,)) for host in map(HostPattern, names))
    return by_hand(*(flow(f"{id}-{n}", client, end, tcp="80,443") for n, end in enumerate(ends)))


BASE = plan_with(*ONE, *TWO)
GROWN = plan_with(*ONE, *TWO, *NEW)
SHRUNK = plan_with(*(name for name in (*ONE, *TWO) if name not in GONE))
CHANGED = plan_with(*(name for name in (*ONE, *TWO, *NEW) if name not in GONE))
OTHER = plan_with("other.example", "*.other.example", "*.wide.example", id="row/6/other")
NOTHING = by_hand()


def asked(*plans: Plan) -> list[str]:
    """Names to ask about plans."""

    def of(host: HostPattern) -> Iterator[str]:
        name = host.text.removeprefix("*").removeprefix(".").replace("*", "t")
        yield from (name, f"x.{name}", f"a.b.{name}", f"x{name}", f"{name}.evil.example", name.upper(), f"x.{name}.")
        yield from (f"X.{name.title()}.", name.partition(".")[2])

    found = dict.fromkeys(name for plan in plans for host in hosts(plan) for name in of(host))
    return [name for name in found if "." in name.rstrip(".")]


def check(server: Server, *plans: Plan, about: tuple[Plan, ...] = (BASE, GROWN)) -> None:
    """Check that the names of plans pass, and no others."""
    names = [*asked(*about, *plans), NEIGHBOR, "www.unplanned.example"]
    wanted = {name for name in names if any(server.expects(plan, name) for plan in plans)}
    passed, end = server.passes(names), time.monotonic() + 5
    if server.target in ("squid", "tls-bypass"):
        assert NEIGHBOR in passed, "the administrator's own rule"
        wanted.add(NEIGHBOR)
    while passed != wanted and time.monotonic() < end:  # named applies a policy zone in the background
        time.sleep(0.2)
        passed = server.passes(names)
    assert passed == wanted, f"passed, and should not: {passed - wanted}; the other way round: {wanted - passed}"


@tries(TARGETS, "install", "again", "remove")
def test_the_names_of_the_example_pass_and_all_else_is_as_before(kind: type[Server], tmp_path: Path) -> None:
    plan = contoso()
    client = party("client", "127.0.0.0/8")
    moved = [replace(f, source=client) if f.direction == "outbound" else f for f in plan.flows]
    needed = {"servers": "192.0.2.53"} if kind in (Dnsmasq, Unbound) else {}
    local = replace(plan, flows=tuple(f for f in moved if not f.tcp or 443 in f.tcp), settings={})
    with kind(tmp_path, **needed) as server:
        before = server.state()
        server.load(local, "install")
        sample = by_hand(*local.flows[::9])
        check(server, local, about=(sample,))
        once = server.state()
        server.load(local)
        assert server.state() == once
        check(server, local, about=(sample,))
        server.follow("remove")
        assert server.state() == before
        check(server, NOTHING, about=(BASE,))


@tries(TARGETS, "empty", "grow", "shrink", "back", "unordered")
def test_each_version_replaces_the_last_one(kind: type[Server], tmp_path: Path) -> None:
    with kind(tmp_path) as server:
        server.load(NOTHING, "install")
        check(server, NOTHING)
        for plan in (BASE, GROWN, SHRUNK, GROWN, NOTHING):
            server.load(plan)
            check(server, plan)
        server.render(BASE)
        server.load(SHRUNK)
        check(server, SHRUNK)


@tries(TARGETS, "interrupted")
def test_after_each_line_what_both_versions_have_passes(kind: type[Server], tmp_path: Path) -> None:
    names = asked(BASE, GROWN)
    with kind(tmp_path) as server:
        server.load(BASE, "install")
        both = {n for n in names if server.expects(BASE, n) and server.expects(CHANGED, n)}
        either = {n for n in names if server.expects(BASE, n) or server.expects(CHANGED, n)}
        for lines in interrupted(server.lines("update")):
            if not CHANGES.search(lines[-1].rpartition(" && ")[2]):
                continue
            server.load(BASE)
            server.render(CHANGED)
            server.carry_out(lines)
            assert both <= server.passes(names) <= either, lines[-1]
            server.restart()
            assert both <= server.passes(names) <= either, f"restarted after {lines[-1]}"
        server.follow("update")
        check(server, CHANGED)


@tries(TARGETS, "interrupted", "remove")
def test_a_removal_that_was_interrupted_is_finished_later(kind: type[Server], tmp_path: Path) -> None:
    with kind(tmp_path) as server:
        before = server.state()
        for lines in interrupted(server.lines("remove")):
            server.load(BASE, "install")
            server.carry_out(lines)
            server.restart()
            server.follow("remove")
            assert server.state() == before
            check(server, NOTHING)


CHANGES = re.compile(r"install -|>> |sed -i|rndc re|systemctl|unbound-control|-k reconfigure|nft -f")
"""Commands that change something. The others are checks, or remove what is only there during a line."""


def test_each_line_is_needed(kind: type[Server], tmp_path: Path) -> None:
    """Without a command, an install or an update fails, or has no effect. The others are checks."""
    names = asked(BASE, CHANGED)

    def missed(without: str, part: Part, plan: Plan) -> bool:
        server.render(plan)
        try:
            server.carry_out(
                " && ".join(c for c in commands_of(line) if c != without) or "true" for line in server.lines(part)
            )
        except FailedError:
            return True
        time.sleep(0.3 * (kind is Named))
        return server.passes(names) - {NEIGHBOR} != {name for name in names if server.expects(plan, name)}

    with kind(tmp_path) as server:
        commands = [command for line in server.lines("update") for command in commands_of(line)]
        for line in filter(CHANGES.search, commands):
            found = missed(line, "install", BASE)
            server.load(BASE)
            assert found or missed(line, "update", CHANGED), line
            server.follow("remove")
        for line in server.lines("remove"):
            server.load(BASE)
            try:
                server.carry_out(each for each in server.lines("remove") if each != line)
                files = {path.name for path in server.out.iterdir()}
                left = {name for name in server.state() if name.rpartition("/")[2] in files}
                passed = bool(server.passes(names))
                server.restart()
                assert left or passed or server.passes(names), line
            except FailedError:
                with suppress(FailedError):
                    server.load(BASE)
                server.restart()


@tries(TARGETS, "neighbors")
def test_two_organizations_share_a_server(kind: type[Server], tmp_path: Path) -> None:
    with kind(tmp_path) as server:
        before = server.state()
        server.load(BASE, "install")
        server.kept = {}
        server.load(OTHER, "install", prefix="other")
        check(server, BASE, OTHER)
        server.kept = {}
        server.load(SHRUNK)
        check(server, SHRUNK, OTHER)
        server.follow("remove")
        check(server, OTHER)
        server.follow("remove", prefix="other")
        assert server.state() == before


def test_lines_that_refuse_change_nothing_if_they_are_pasted(kind: type[Server], tmp_path: Path) -> None:
    """All lines in one shell, which does not stop: with a damaged file, and in a folder without the files."""
    names = [*asked(BASE, GROWN), NEIGHBOR]
    with kind(tmp_path) as server:
        for part in ("install", "update"):
            before, passed = server.state(), server.passes(names)
            server.render(CHANGED)
            damaged, empty = tmp_path / "damaged", tmp_path / "empty"
            shutil.copytree(server.out, damaged, dirs_exist_ok=True)
            empty.mkdir(exist_ok=True)
            for path in damaged.iterdir():
                path.write_bytes(path.read_bytes() + DAMAGED.get(server.target, b""))
            for folder in (damaged, empty) if server.target in DAMAGED else (empty,):
                said = pasted(server.shell, folder, server.lines(part))
                server.settle()
                assert server.state() == before, said
                assert "refused: " in said
                assert server.passes(names) == passed
            server.restart()
            assert server.passes(names) == passed
            if server.target in BROKEN:
                place, error = BROKEN[server.target]
                text = (server.home / place).read_text()
                server.write(place, text + error)
                before = server.state()
                said = pasted(server.shell, server.out, server.lines(part))
                assert server.state() == before, said
                assert "refused: " in said
                server.write(place, text)
                assert server.passes(names) == passed
            server.kept = {}
            server.render(BASE)
            said = pasted(server.shell, server.out, server.lines("install"))
            assert "refused: " not in said
            server.settle()
            check(server, BASE)


DAMAGED = {
    "bind-rpz": b"bad bad bad bad\n",
    "dnsmasq": b"no-such-option\n",
    "unbound": b"no-such-option: x\n",
    "squid": b"http_access allow nobody\n",
}
"""What each program refuses at the end of a file of ours. Squid takes any list."""
BROKEN = {
    "unbound": ("etc/unbound/unbound.conf.d/own.conf", "no-such-option: x\n"),
    "squid": ("etc/squid/conf.d/own.conf", "http_access allow nobody\n"),
    "tls-bypass": ("etc/squid/conf.d/own.conf", "http_access allow nobody\n"),
}
"""An error of the administrator's own, in a file that is only read together with ours."""
