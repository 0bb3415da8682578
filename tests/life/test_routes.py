"""The life of static routes, on routers with routes of their own: iproute2, zebra and staticd, and BIRD.

What a router does is read from the kernel: the way of an address, and all routes. `ip monitor` records what was ever
withdrawn in between.
"""

import contextlib
import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from perimeter365 import load_catalog, make_plan
from perimeter365.model.ids import RequirementId
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.targets import Style, targets
from perimeter365.targets.life import Part
from perimeter365.targets.target import EarlierRender, Target
from tests.consumers import need
from tests.life import tries
from tests.life.lines import pasted
from tests.life.shell import FailedError, Shell
from tests.targets.netfilter import EXAMPLE, by_hand, flow, party

FAULTS = Path(__file__).parent / "faults"
GATE = {"gateway4": "192.0.2.77", "gateway6": "2001:db8:9::77"}
OTHER = {"gateway4": "192.0.2.78", "gateway6": "2001:db8:9::78"}
ADMIN = {4: "192.0.2.8", 6: "2001:db8:9::8"}
"""The next hop of the administrator's own routes."""
BASE = ("13.107.6.152/31", "52.112.0.0/14", "131.253.33.215/32", "2603:1006::/40", "2620:1ec:4::152/128")
SHARED = ("52.96.0.0/14", "2603:1026::/36")
"""Prefixes to which the administrator also has routes."""
MORE = ("40.96.0.0/13", "2603:1016::/36")
ROUTERS = ("linux-routes", "frr", "bird")

Daemon = subprocess.Popen[bytes]


def plan(*prefixes: str) -> Plan:
    """A plan with one flow to these prefixes; without prefixes, one with nothing for a router."""
    flows = [flow("row/6/one", party("client", "10.0.0.0/8"), party("exchange-online", *prefixes), tcp="443")]
    return by_hand(*(replace(f, category="optimize") for f in flows if prefixes))


def written(folder: Path, made: Plan, name: str, **options: str) -> Target:
    """Render a plan into a folder, as the command does, and return the target."""
    return _write(folder, made, targets[name](Style(options=options)))


def written_since(folder: Path, made: Plan, name: str, old: Plan, **options: str) -> Target:
    """Render a plan with the changes since another one."""
    style = Style(options=options)
    return _write(folder, made, targets[name](replace(style, since=EarlierRender(plan=old, style=style))))


def _write(folder: Path, made: Plan, target: Target) -> Target:
    for path in folder.glob("*"):
        path.unlink()
    for artifact in target.render(made).artifacts:
        (folder / artifact.name).write_bytes(artifact.content)
    return target


def start_zebra(shell: Shell) -> Iterator[Daemon]:
    """Start zebra and staticd, with the administrator's routes."""
    need("vtysh")
    for folder in ("/run/frr", "/etc/frr"):
        shell.run(f"mkdir -p {folder} && mount -t tmpfs tmpfs {folder}")
    shell.run("touch /etc/frr/vtysh.conf /etc/frr/frr.conf && chown -R frr:frr /run/frr /etc/frr")
    yield shell.start("/usr/lib/frr/zebra -i /run/frr/zebra.pid")
    shell.wait("test -S /run/frr/zserv.api")
    yield shell.start("/usr/lib/frr/staticd -i /run/frr/staticd.pid")
    lines = [f"ip{'v6' if ':' in p else ''} route {p} {ADMIN[6 if ':' in p else 4]}" for p in SHARED]
    shell.wait(
        "vtysh -d staticd -c 'show version' >/dev/null && " + " ".join(["vtysh -c 'conf t'", *(f"-c '{x}'" for x in lines)])
    )


def start_bird(shell: Shell) -> Iterator[Daemon]:
    """Start BIRD with a static protocol of the administrator's own."""
    need("bird")
    for folder in ("/run/bird", "/etc/bird"):
        shell.run(f"mkdir -p {folder} && mount -t tmpfs tmpfs {folder}")
    kernels = "".join(f"protocol kernel {{ ipv{v} {{ export all; }}; }}\n" for v in (4, 6))
    own = "".join(
        f"protocol static own{v} {{ ipv{v}; route {p} via {ADMIN[v]}; }}\n" for v, p in zip((4, 6), SHARED, strict=True)
    )
    text = f"router id 192.0.2.5;\nprotocol device {{ scan time 1; }}\n{kernels}{own}"
    shell.run(f"cat > /etc/bird/bird.conf <<'END'\n{text}END")
    yield shell.start("bird -f -c /etc/bird/bird.conf")
    shell.wait("birdc show protocols own4 | grep -w up")


def start_nothing(shell: Shell) -> Iterator[Daemon]:
    """Add the administrator's routes to the kernel."""
    need("ip")
    for prefix in SHARED:
        family = 6 if ":" in prefix else 4
        shell.run(f"ip -{family} route add {prefix} via {ADMIN[family]}")
    yield from ()


DAEMONS: Mapping[str, Callable[[Shell], Iterator[Daemon]]] = {
    "linux-routes": start_nothing,
    "frr": start_zebra,
    "bird": start_bird,
}


@contextmanager
def router(folder: Path, name: str) -> Iterator[Shell]:
    """A router with one uplink, a default route, and the administrator's routes."""
    started: list[Daemon] = []
    with contextlib.ExitStack() as stack:
        stack.callback(lambda: [daemon.wait() for daemon in started])
        shell = stack.enter_context(Shell(folder))
        shell.run(
            "ip link add d0 type veth peer name d1; ip link set d1 up; ip addr add 192.0.2.5/24 dev d0;"
            "ip -6 addr add 2001:db8:9::5/64 dev d0 nodad; ip link set d0 up;"
            "ip route add default via 192.0.2.1; ip -6 route add default via 2001:db8:9::1"
        )
        started += DAEMONS[name](shell)
        shell.wait(f"ip -6 route show {SHARED[1]} | grep -q {ADMIN[6]} && ip route show {SHARED[0]} | grep -q {ADMIN[4]}")
        yield shell


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A route of the kernel."""

    prefix: str
    hops: tuple[str, ...]
    table: str
    metric: int


def kernel(shell: Shell) -> set[Held]:
    """All routes of the kernel that lead to a next hop, except the default routes."""
    found = set()
    for family in (4, 6):
        for item in json.loads(shell.run(f"ip -j -N -{family} route show table all") or "[]"):
            hops = tuple(sorted(hop["gateway"] for hop in item.get("nexthops", [item]) if "gateway" in hop))
            if hops and item["dst"] != "default":
                prefix = str(ip_network(item["dst"]))
                found.add(Held(prefix=prefix, hops=hops, table=item.get("table", "main"), metric=item.get("metric", 0)))
    return found


def ways(shell: Shell) -> dict[str, tuple[str, ...]]:
    """Prefix -> next hops of the preferred route to it."""
    best: dict[str, Held] = {}
    for held in sorted(kernel(shell), key=lambda held: -held.metric):
        best[held.prefix] = held
    return {prefix: held.hops for prefix, held in best.items()}


def expected(made: Plan, hops: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The ways of a router with a plan: the plan's prefixes, and the administrator's, which come first."""
    prefixes = [p for f in made.flows for p in f.destination.prefixes]
    wanted: dict[str, tuple[str, ...]] = {str(p): (hops[f"gateway{p.family}"],) for p in prefixes}
    return wanted | {prefix: (ADMIN[6 if ":" in prefix else 4],) for prefix in SHARED}


def settle(shell: Shell, wanted: dict[str, tuple[str, ...]]) -> None:
    """Wait until the kernel has exactly these routes: daemons install them shortly after the command."""
    for _ in range(100):
        if ways(shell) == wanted:
            return
        shell.run("sleep 0.05")
    assert ways(shell) == wanted


ALL = plan(*BASE, *SHARED)
GROWN = plan(*BASE, *SHARED, *MORE)
SHRUNK = plan(*BASE[1:4], *MORE)
FOUR = plan("52.112.0.0/14")
EMPTY = plan()


@tries(ROUTERS, "install", "again", "neighbors", "remove")
@pytest.mark.parametrize("name", ROUTERS)
def test_a_load_leaves_the_routers_own_routes_alone(name: str, tmp_path: Path) -> None:
    with router(tmp_path, name) as shell:
        before = kernel(shell)
        target = written(tmp_path, ALL, name, **GATE)
        shell.follow(target.commands("install"))
        settle(shell, expected(ALL, GATE))
        assert "via 192.0.2.77" in shell.run("ip route get 52.112.0.5")
        assert f"via {ADMIN[4]}" in shell.run("ip route get 52.96.0.5"), "the administrator's route is preferred"
        once = kernel(shell)
        shell.follow(target.commands("install"))
        shell.follow(target.commands("update"))
        settle(shell, expected(ALL, GATE))
        assert kernel(shell) == once
        assert before - once == set(), "the administrator's routes are still there"
        target = written(tmp_path, ALL, name, **OTHER)
        shell.follow(target.commands("update"))
        settle(shell, expected(ALL, OTHER))
        shell.follow(target.commands("remove"))
        settle(shell, expected(EMPTY, GATE))
        assert kernel(shell) == before
        shell.follow(target.commands("remove"))
        assert kernel(shell) == before


@tries(ROUTERS, "empty", "grow", "shrink", "back", "unordered")
@pytest.mark.parametrize("name", ROUTERS)
def test_after_an_update_the_router_has_the_routes_of_the_new_plan_only(name: str, tmp_path: Path) -> None:
    with router(tmp_path, name) as shell:
        written(tmp_path, EMPTY, name)
        steps = [EMPTY, ALL, GROWN, SHRUNK, ALL, FOUR, GROWN, EMPTY, SHRUNK]
        for number, made in enumerate(steps):
            # Each render is into the folder of the one before it. One is never loaded: nothing depends on it.
            written(tmp_path, plan("20.20.32.0/19"), name, **GATE)
            target = written(tmp_path, made, name, **(GATE if number % 3 else OTHER) if made.flows else {})
            shell.follow(target.commands("install" if number < 2 else "update"))
            settle(shell, expected(made, GATE if number % 3 else OTHER))


@tries(ROUTERS, "interrupted")
@pytest.mark.parametrize("name", ROUTERS)
def test_an_interrupted_update_withdraws_nothing_that_both_plans_have(name: str, tmp_path: Path) -> None:
    both = {str(p) for p in ALL.flows[0].destination.prefixes if p in SHRUNK.flows[0].destination.prefixes}
    assert len(both) == 3
    allowed = expected(plan(*BASE, *SHARED, *MORE), GATE)
    with router(tmp_path, name) as shell:
        log = tmp_path.parent / f"{name}.log"
        first = written(tmp_path, ALL, name, **GATE)
        shell.follow(first.commands("install"))
        settle(shell, expected(ALL, GATE))
        monitor = shell.start(f"sh -c 'exec ip -o monitor route > {log}'")
        shell.wait(f"ip route add 203.0.113.9 via 192.0.2.1; ip route del 203.0.113.9; test -s {log}")
        lines = written(tmp_path, SHRUNK, name, **GATE).commands("update")
        for stop in range(1, len(lines)):
            target = written(tmp_path, SHRUNK, name, **GATE)
            shell.follow(target.commands("update"), stop_after=stop)
            shell.run("sleep 0.1")
            found = ways(shell)
            assert both <= set(found) <= set(allowed)
            assert set(found.values()) <= set(allowed.values()), "no second next hop"
            shell.follow(target.commands("update"))
            settle(shell, expected(SHRUNK, GATE))
            back = written(tmp_path, ALL, name, **GATE)
            shell.follow(back.commands("update"))
            settle(shell, expected(ALL, GATE))
        monitor.kill()
        monitor.wait()
    deleted = re.findall(r"^Deleted (?:[a-z]+ )?([0-9a-f:][0-9a-f.:/]*) ", log.read_text(), re.MULTILINE)
    withdrawn = {str(ip_network(prefix)) for prefix in deleted}
    assert withdrawn & set(expected(ALL, GATE)), "the log has what was withdrawn"
    assert not withdrawn & both


ORGANIZATIONS = {
    "linux-routes": ({"protocol": "165"}, {"protocol": "166"}),
    "frr": ({"distance": "2"}, {"distance": "3", "tag": "366"}),
    "bird": ({}, {"prefix": "fabrikam"}),
}


@tries(ROUTERS, "neighbors")
@pytest.mark.parametrize("name", ROUTERS)
def test_two_organizations_on_a_router_do_not_meet(name: str, tmp_path: Path) -> None:
    mine, theirs = ORGANIZATIONS[name]
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    with router(tmp_path, name) as shell:

        def follow(folder: Path, part: Part, target: Target) -> None:
            shell.follow(f"cd {folder}; {line}" for line in target.commands(part))

        follow(one, "install", written(one, ALL, name, **GATE, **mine))
        settle(shell, expected(ALL, GATE))
        alone = kernel(shell)
        follow(two, "install", second := written(two, GROWN, name, **OTHER, **theirs))
        for _ in range(100):
            if set(ways(shell)) == set(expected(GROWN, GATE)):
                break
            shell.run("sleep 0.05")
        assert set(ways(shell)) == set(expected(GROWN, GATE))
        follow(two, "update", second := written(two, SHRUNK, name, **OTHER, **theirs))
        follow(one, "update", first := written(one, ALL, name, **GATE, **mine))
        follow(two, "remove", second)
        settle(shell, expected(ALL, GATE))
        assert kernel(shell) == alone
        follow(one, "remove", first)
        settle(shell, expected(EMPTY, GATE))


@tries(ROUTERS, "neighbors")
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("name", ["frr", "bird"])
def test_routes_of_iproute2_and_of_a_daemon_stand_on_one_router(name: str, first: bool, tmp_path: Path) -> None:
    folders = {each: tmp_path / each for each in (name, "linux-routes")}
    for folder in folders.values():
        folder.mkdir()
    with router(tmp_path, name) as shell:

        def follow(each: str, made: Plan, part: Part) -> None:
            target = written(folders[each], made, each, **GATE)
            shell.follow(f"cd {folders[each]}; {line}" for line in target.commands(part))

        one, two = folders if first else reversed(folders)
        follow(one, ALL, "install")
        settle(shell, expected(ALL, GATE))
        alone = kernel(shell)
        follow(two, GROWN, "install")
        settle(shell, expected(GROWN, GATE))
        follow(two, SHRUNK, "update")
        settle(shell, expected(GROWN, GATE))
        follow(two, SHRUNK, "remove")
        settle(shell, expected(ALL, GATE))
        assert kernel(shell) == alone
        follow(one, ALL, "remove")
        settle(shell, expected(EMPTY, GATE))


@tries(("linux-routes", "frr"), "again", "grow", "shrink", "interrupted")
@pytest.mark.parametrize("name", ["linux-routes", "frr"])
def test_changes_since_an_earlier_render_lead_to_the_new_plan(name: str, tmp_path: Path) -> None:
    with router(tmp_path, name) as shell:
        shell.follow(written(tmp_path, ALL, name, **GATE).commands("install"))
        settle(shell, expected(ALL, GATE))
        old = ALL
        for new in (GROWN, SHRUNK, FOUR, ALL):
            target = written_since(tmp_path, new, name, old, **GATE)
            assert target.commands("changes")
            shell.follow(target.commands("changes"))
            settle(shell, expected(new, GATE))
            shell.follow(target.commands("changes"))
            settle(shell, expected(new, GATE))
            old = new


@tries(("linux-routes", "frr"), "interrupted")
@pytest.mark.parametrize("name", ["linux-routes", "frr"])
def test_changes_that_were_interrupted_after_a_line_can_be_repeated(name: str, tmp_path: Path) -> None:
    with router(tmp_path, name) as shell:
        shell.follow(written(tmp_path, ALL, name, **GATE).commands("install"))
        settle(shell, expected(ALL, GATE))
        target = written_since(tmp_path, SHRUNK, name, ALL, **GATE)
        for file in sorted(tmp_path.glob("changes*")):
            whole = file.read_text()
            head = [line for line in whole.splitlines() if line.startswith(target.comment)]
            commands = whole.splitlines()[len(head) :]
            load = [line for line in target.commands("changes") if f" {file.name}" in line][:2][-1]
            for stop in range(len(commands) + 1):
                file.write_text("".join(f"{line}\n" for line in [*head, *commands[:stop]]))
                shell.run(load)
                assert set(ways(shell)) <= set(expected(plan(*BASE, *SHARED, *MORE), GATE))
            file.write_text(whole)
        shell.follow(target.commands("changes"))
        settle(shell, expected(SHRUNK, GATE))


@tries("linux-routes", "again")
def test_linux_routes_move_to_another_table_or_next_hop(tmp_path: Path) -> None:
    with router(tmp_path, "linux-routes") as shell:
        before = kernel(shell)
        for options in ({"table": "300"}, {}, {"table": "300", **OTHER}, {"table": "301"}):
            target = written(tmp_path, ALL, "linux-routes", **{**GATE, **options})
            shell.follow(target.commands("update"))
            ours = kernel(shell) - before
            assert {held.table for held in ours} == {options.get("table", "main")}
            hops = {hop for held in ours for hop in held.hops}
            assert hops == set((OTHER if "gateway4" in options else GATE).values())
            assert len(ours) == len(BASE) + len(SHARED)
        shell.follow(targets["linux-routes"](Style(options=GATE)).commands("remove"))
        assert kernel(shell) == before


def without_sharepoint() -> Plan:
    text = EXAMPLE.read_text()
    areas = re.search(r"^service_areas = .*$", text, re.MULTILINE)
    assert areas
    made = text.replace(areas[0], 'service_areas = ["common", "exchange", "teams"]')
    return make_plan(load_catalog(), parse_profile(made))


@tries("frr", "shrink")
def test_frr_has_no_route_of_a_service_that_left_the_plan(tmp_path: Path) -> None:
    whole = make_plan(load_catalog(), parse_profile(EXAMPLE.read_text()))
    with router(tmp_path, "frr") as shell:
        first = written(tmp_path, whole, "frr", **GATE)
        shell.follow(first.commands("install"))
        shell.wait("ip route get 40.108.128.1 | grep -q 192.0.2.77")
        all_lines = (tmp_path / "m365.conf").read_text().splitlines()
        target = written(tmp_path, without_sharepoint(), "frr", **OTHER)
        lines = [line for line in (tmp_path / "m365.conf").read_text().splitlines() if line.startswith("ip")]
        shell.follow(target.commands("update"))
        shell.wait("ip route get 40.108.128.1 | grep -q 'via 192.0.2.1 '")
        wanted: dict[str, tuple[str, ...]] = {line.split()[2]: (line.split()[3],) for line in lines}
        assert 10 < len(wanted) < len([line for line in all_lines if line.startswith("ip")])
        settle(shell, wanted | {prefix: (ADMIN[6 if ":" in prefix else 4],) for prefix in SHARED})
        saved = Path("/etc/frr/frr.conf")
        assert {x for x in shell.run(f"cat {saved}").splitlines() if " tag 365 2" in x} == set(lines)


@pytest.mark.parametrize("name", ["linux-routes", "frr"])
def test_files_of_the_earlier_release_show_their_faults(name: str, tmp_path: Path) -> None:
    """What its manual said: the old remove file was already replaced by that of the new render."""
    before, after = FAULTS / name / "before", FAULTS / name / "after"
    with router(tmp_path, name) as shell:
        if name == "frr":
            shell.run(f"vtysh -f {before}/m365.conf; vtysh -f {after}/remove.conf; vtysh -f {after}/m365.conf")
            shell.run("sleep 1")
            assert ways(shell)["52.112.0.0/14"] == ("192.0.2.77", "192.0.2.78"), "a second next hop"
            assert "13.107.6.152/31" in ways(shell), "a stale route"
            assert ways(shell)[SHARED[0]] == ("192.0.2.77", ADMIN[4]), "the administrator's route shares its traffic"
        else:
            shell.run(f"ip -batch {before}/routes4.batch; ip -batch {after}/remove4.batch; ip -batch {after}/routes4.batch")
            assert "13.107.6.152/31" in ways(shell), "a stale route"
            assert ways(shell)[SHARED[0]] == ("192.0.2.77",), "the administrator's route is gone"


@tries(ROUTERS, "install")
@pytest.mark.parametrize("name", ROUTERS)
def test_a_large_plan_is_loaded_whole(name: str, tmp_path: Path) -> None:
    made = plan(*(f"20.{n // 256}.{n % 256}.128/25" for n in range(1200)), *(f"2603:10{n:02x}::/40" for n in range(100)))
    made = replace(
        made, flows=tuple(replace(made.flows[0], id=RequirementId(f"row/6/{'a-very-long-id-' * 8}{n}")) for n in range(40))
    )
    with router(tmp_path, name) as shell:
        target = written(tmp_path, made, name, **GATE)
        shell.follow(target.commands("install"))
        settle(shell, expected(made, GATE))


def test_frr_makes_an_own_route_with_the_same_next_hop_one_of_ours(tmp_path: Path) -> None:
    """The manual page says so: if FRRouting changes it, the page has to."""
    with router(tmp_path, "frr") as shell:
        target = written(tmp_path, plan(SHARED[0]), "frr", gateway4=ADMIN[4])
        shell.follow(target.commands("install"))
        assert f"ip route {SHARED[0]} {ADMIN[4]} tag 365 2\n" in shell.run("vtysh -c 'show running-config'")


def test_a_refused_file_stops_the_manual(tmp_path: Path) -> None:
    for name, file in (("linux-routes", "routes4.batch"), ("frr", "m365.conf"), ("bird", "m365.conf")):
        folder = tmp_path / name
        folder.mkdir()
        with router(folder, name) as shell:
            shell.follow(written(folder, ALL, name, **GATE).commands("install"))
            settle(shell, expected(ALL, GATE))
            target = written(folder, GROWN, name, **GATE)
            text = (folder / file).read_text()
            (folder / file).write_text(text.replace("52.112.0.0/14", "52.112.0.0/99"))
            with pytest.raises(FailedError):
                shell.follow(target.commands("update"))
            assert set(expected(ALL, GATE)) <= set(ways(shell))


def test_pasted_lines_of_bird_that_refuse_change_nothing(tmp_path: Path) -> None:
    """With a damaged file, in a folder without files, and with an error of the administrator's own in bird.conf."""
    out, empty = tmp_path / "out", tmp_path / "empty"
    out.mkdir()
    empty.mkdir()
    with router(tmp_path, "bird") as shell:
        state = "cat /etc/bird/bird.conf; ls /etc/bird; cat /etc/bird/m365.conf"
        for loaded in (False, True):
            before, there = shell.attempt(state).stdout, ways(shell)
            lines = written(out, GROWN, "bird", **GATE).commands("update" if loaded else "install")
            text = (out / "m365.conf").read_text()
            (out / "m365.conf").write_text(text.replace("52.112.0.0/14", "52.112.0.0/99"))
            for folder in (out, empty):
                assert pasted(shell, folder, lines).count("refused: ") == 2
                assert shell.attempt(state).stdout == before
            (out / "m365.conf").write_text(text)
            shell.run("cp /etc/bird/bird.conf own; echo 'no such word;' >> /etc/bird/bird.conf")
            assert pasted(shell, out, lines).count("refused: ") == 2
            shell.run("cat own > /etc/bird/bird.conf")
            assert shell.attempt(state).stdout == before
            assert shell.run("birdc configure")
            assert ways(shell) == there
            made = written(out, ALL, "bird", **GATE)
            assert "refused" not in pasted(shell, out, made.commands("install"))
            settle(shell, expected(ALL, GATE))
