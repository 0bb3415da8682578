"""The life of the split tunnel of GlobalProtect, on a model of PAN-OS."""

import re
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.plan.plan import Plan
from perimeter365.targets import RenderResult, Style, render, targets
from perimeter365.targets.life import Part
from tests.life import tries
from tests.life.models.panos import Panos
from tests.targets.netfilter import by_hand, case, flow, party

FAULTS = Path(__file__).parent / "faults" / "globalprotect"
PLACE = "vsys vsys1 global-protect global-protect-gateway gp-gateway remote-user-tunnel-configs m365"
OWN = f"""configure
set {PLACE} split-tunneling access-route 10.0.0.0/8
set {PLACE} split-tunneling include-domains list intranet.contoso.com
set {PLACE.replace("m365", "guests")} split-tunneling exclude-access-route 198.51.100.0/24
set address office ip-netmask 192.168.0.0/16
commit
exit
"""
GIVEN = {"gateway": "gp-gateway", "names": "on", "categories": "all"}
CLIENT = party("client", "10.0.0.0/8")
OLD = by_hand(flow("ws/worldwide/1", CLIENT, party("exchange-online", "40.96.0.0/13", "2603:1006::/40"), tcp="443"))
NEW = by_hand(
    flow("ws/worldwide/1", CLIENT, party("exchange-online", "40.96.0.0/14", "52.96.0.0/14"), tcp="443"),
    flow("ws/worldwide/11", CLIENT, party("teams", "52.112.0.0/14"), udp="3478-3481"),
)


def gateway() -> Panos:
    device = Panos()
    device.load(OWN)
    assert device.refused == []
    return device


def made(plan: Plan, **options: str) -> RenderResult:
    return render(plan, "globalprotect", Style(options={**GIVEN, **options}, allow_empty=True))


def steps(rendered: RenderResult, part: Part, **options: str) -> list[str]:
    found = []
    for line in targets["globalprotect"](Style(options={**GIVEN, **options})).commands(part):
        if paste := re.fullmatch(r"# paste (\S+)", line):
            found += next(a.content.decode() for a in rendered.artifacts if a.name == paste[1]).splitlines()
        else:
            found.append(line)
    return found


def follow(device: Panos, rendered: RenderResult, part: Part, **options: str) -> None:
    """Carry out the manual. Only what does not exist cannot be deleted."""
    device.load("\n".join(steps(rendered, part, **options)))
    assert {reason for _, reason in device.refused} <= {"the object does not exist"}
    device.refused.clear()


def excludes_exactly(device: Panos, plan: Plan, config: str = "m365") -> None:
    found = device.split_tunnel("gp-gateway", config)
    needed = {str(prefix) for item in plan.flows if item.direction == "outbound" for prefix in item.destination.prefixes}
    assert set(found.get("exclude-access-route", ())) == needed
    if config == "m365":
        assert found["access-route"] == ["10.0.0.0/8"]
        assert found["include-domains"] == ["intranet.contoso.com"]


@tries("globalprotect", "install")
def test_routes_and_names_are_excluded_and_the_own_includes_stay() -> None:
    device = gateway()
    follow(device, made(NEW), "install")
    excludes_exactly(device, NEW)
    follow(device, made(case("contoso"), categories="optimize-allow"), "install")
    found = device.split_tunnel("gp-gateway", "m365")
    assert "outlook.office.com" in found["exclude-domains"]
    assert found["access-route"] == ["10.0.0.0/8"]
    assert device.split_tunnel("gp-gateway", "guests") == {"exclude-access-route": ["198.51.100.0/24"]}


@tries("globalprotect", "empty")
def test_an_empty_plan_sends_everything_through_the_tunnel() -> None:
    device = gateway()
    follow(device, made(NEW), "install")
    follow(device, made(case("nothing-selected")), "update")
    assert device.running == gateway().running


@tries("globalprotect", "again", "grow", "shrink", "back")
def test_each_load_leaves_exactly_its_plan() -> None:
    device = gateway()
    for plan in (OLD, OLD, NEW, OLD):
        follow(device, made(plan), "update")
        excludes_exactly(device, plan)
    follow(device, made(case("contoso"), categories="optimize-allow"), "update")
    follow(device, made(case("contoso"), categories="optimize", names="off"), "update")
    assert "exclude-domains" not in device.split_tunnel("gp-gateway", "m365")


@tries("globalprotect", "interrupted")
def test_nothing_changes_before_the_commit_and_a_second_run_ends_the_same() -> None:
    device = gateway()
    follow(device, made(OLD), "install")
    before = deepcopy(device.running)
    for line in steps(made(NEW), "install"):
        device.feed(line)
        assert device.running == before or line in ("commit", "exit")
        stopped = deepcopy(device)
        stopped.feed("exit")
        stopped.refused.clear()
        follow(stopped, made(NEW), "install")
        excludes_exactly(stopped, NEW)


@tries("globalprotect", "unordered")
def test_a_file_does_not_depend_on_the_one_before() -> None:
    device = gateway()
    follow(device, made(OLD), "install")
    made(case("contoso"), categories="optimize")
    follow(device, made(NEW), "update")
    excludes_exactly(device, NEW)


@tries("globalprotect", "neighbors")
def test_two_organizations_have_configurations_of_their_own() -> None:
    device = gateway()
    follow(device, made(OLD), "install")
    follow(device, made(NEW, prefix="fabrikam"), "install", prefix="fabrikam")
    excludes_exactly(device, OLD)
    excludes_exactly(device, NEW, "m365fabrikam")
    follow(device, made(NEW, prefix="fabrikam"), "remove", prefix="fabrikam")
    excludes_exactly(device, OLD)


@tries("globalprotect", "remove")
def test_remove_takes_out_the_excludes_and_nothing_else() -> None:
    device = gateway()
    follow(device, made(NEW), "install")
    follow(device, made(NEW), "remove")
    assert device.running == gateway().running


def test_another_virtual_system() -> None:
    device = Panos(systems=("vsys1", "vsys3"))
    follow(device, made(NEW, vsys="vsys3"), "install", vsys="vsys3")
    assert device.split_tunnel("gp-gateway", "m365", "vsys3")
    assert not device.split_tunnel("gp-gateway", "m365")
    absent = gateway()
    absent.load("\n".join(steps(made(NEW, vsys="vsys3"), "install", vsys="vsys3")))
    assert absent.refused
    assert absent.running == gateway().running


def test_the_model_finds_that_the_own_includes_are_deleted() -> None:
    device = gateway()
    device.load("configure\n" + (FAULTS / "split-tunnel.txt").read_text() + "commit\n")
    assert device.refused == []
    assert set(device.split_tunnel("gp-gateway", "m365")) == {"exclude-access-route"}


def test_more_routes_than_a_gateway_supports_are_not_committed() -> None:
    prefixes = [f"20.{n}.0.0/24" for n in range(201)]
    plan = by_hand(flow("ws/worldwide/1", CLIENT, party("azure", *prefixes), tcp="443"))
    style = Style(options=GIVEN, limits={"routes": 300})
    device = gateway()
    device.load("\n".join(steps(render(plan, "globalprotect", style), "install")))
    assert ("commit", "exclude-access-route has 201 entries") in device.refused


@pytest.mark.parametrize("part", ["install", "remove"])
def test_no_command_is_dispensable(part: Part) -> None:
    start = gateway()
    follow(start, made(case("contoso"), categories="optimize"), "install")
    lines = steps(made(replace(case("contoso"), flows=case("contoso").flows[:9]), categories="optimize-allow"), part)
    right = deepcopy(start)
    right.load("\n".join(lines))
    assert right.refused == []
    for number, line in enumerate(lines):
        if line in ("set cli scripting-mode on", "validate full"):
            continue  # without effect on the configuration
        for instead in ([], [f"{line}x"]):
            wrong = deepcopy(start)
            wrong.load("\n".join([*lines[:number], *instead, *lines[number + 1 :], "set cli scripting-mode on"]))
            assert wrong.running != right.running or wrong.refused, (line, instead)
