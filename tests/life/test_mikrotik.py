"""The life of the scripts of RouterOS, on a model with the default configuration and rules of an administrator."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.audit.packets import AllowRule, cuts, differences
from perimeter365.plan.plan import Plan, PlanParty
from perimeter365.targets import Style, render, targets
from perimeter365.targets.life import Part
from perimeter365.targets.target import EarlierRender
from tests.life import tries
from tests.life.models.routeros import DEFAULT, Packet, RefusedError, RouterOs
from tests.targets.devices import wanted
from tests.targets.netfilter import by_hand, flow, party
from tests.targets.test_since import before_and_after

FAULTS = Path(__file__).parent / "faults" / "mikrotik"
MENUS = ("/ip firewall filter", "/ipv6 firewall filter")
LAST = '{menu} add chain=forward action=drop comment="drop the rest"\n'
OWN = """
/ip firewall address-list add list=office address=192.168.0.0/16 comment="m365 office"
/ip firewall filter add chain=forward action=accept src-address-list=office comment="m365 teams"
/ip firewall filter add chain=forward action=drop dst-address-list=blocked comment="p365-like: blocked"
/ip firewall address-list add list=blocked address=52.96.7.7
"""
ADMIN = "".join(DEFAULT.format(menu=menu) for menu in MENUS) + OWN + "".join(LAST.format(menu=menu) for menu in MENUS)
BARE = "".join(DEFAULT.format(menu=menu) for menu in MENUS)
OLD, NEW = before_and_after()
NONE = by_hand()
MAIL = Packet("10.0.0.5", "40.96.0.1", "tcp", 443)


def files(plan: Plan, since: Plan | None = None, /, **options: str) -> dict[str, str]:
    """Return the files of a plan, with the changes since another one."""
    style = Style(options=options, allow_empty=True)
    if since:
        style = replace(style, since=EarlierRender(plan=since, style=style))
    return {a.name: a.content.decode() for a in render(plan, "mikrotik", style).artifacts}


def follow(router: RouterOs, part: Part, made: Mapping[str, str], **options: str) -> None:
    """Carry out a part of the manual with files."""
    router.files.update(made)
    router.follow(targets["mikrotik"](Style(options=options)).commands(part))


def installed(plan: Plan, admin: str = ADMIN, **options: str) -> RouterOs:
    router = RouterOs(admin)
    follow(router, "install", files(plan, **options), **options)
    return router


def disagreements(router: RouterOs, *plans: Plan) -> list[str]:
    """Return packets that the rules of our chains do not treat as the plans say."""
    return [str(found) for found in differences(router.permits(), [rule for plan in plans for rule in wanted(plan, ())])]


@tries("mikrotik", "install")
def test_an_installation_permits_the_plan_and_keeps_what_the_administrator_has() -> None:
    router = installed(OLD)
    assert disagreements(router, OLD) == []
    mine = RouterOs(ADMIN)
    for menu in ("/ip", "/ipv6"):
        order = router.order(menu)
        assert [comment for comment in order if comment != "p365: jump"] == mine.order(menu)
        assert order[-2:] == ["p365: jump", "drop the rest"]
    assert router.passes(MAIL)
    assert not mine.passes(MAIL)
    assert not router.passes(replace(MAIL, state="invalid"))
    assert not router.passes(replace(MAIL, destination="52.96.7.7"))
    assert not router.passes(replace(MAIL, port=444))
    assert router.passes(replace(MAIL, source="192.168.1.1", destination="198.51.100.1"))


@tries("mikrotik", "install")
def test_a_router_with_the_default_configuration_still_drops_invalid_packets_first() -> None:
    router = installed(OLD, BARE)
    inbound = Packet("40.96.0.1", "203.0.113.10", "tcp", 443, enters="WAN", leaves="LAN")
    assert router.order()[-2:] == ["p365: jump", "defconf: drop all from WAN not DSTNATed"]
    assert router.passes(inbound)
    assert not RouterOs(BARE).passes(inbound)
    assert not router.passes(replace(inbound, state="invalid"))
    assert not router.passes(replace(inbound, source="198.51.100.1"))


@tries("mikrotik", "install")
def test_a_refusal_of_the_administrator_stays_above_the_jump_unless_it_is_the_last_one() -> None:
    inbound = Packet("40.96.0.1", "203.0.113.10", "tcp", 443, enters="WAN", leaves="LAN")
    assert not installed(OLD).passes(inbound)
    assert installed(OLD).passes(replace(inbound, dstnat=True))


@tries("mikrotik", "install")
def test_a_router_without_rules_gets_a_jump_too() -> None:
    router = installed(OLD, "")
    assert router.order("/ip") == router.order("/ipv6") == ["p365: jump"]
    assert disagreements(router, OLD) == []


@tries("mikrotik", "install")
def test_nothing_passes_before_the_jump() -> None:
    router = RouterOs(ADMIN)
    router.files.update(files(OLD))
    router.type("/import perimeter365.rsc")
    assert router.permits() == []
    assert not router.passes(MAIL)


@tries("mikrotik", "install")
@pytest.mark.parametrize("outside", ["", "WAN"])
def test_a_rule_to_anyone_passes_inside_only_without_the_interface_list(outside: str) -> None:
    anyone = PlanParty(role="internet")
    plan = by_hand(
        flow("row/1/dns", party("resolver", "10.0.0.53"), anyone, udp="53"),
        flow("row/4/in", anyone, party("adfs-proxy", "203.0.113.9"), tcp="443"),
        flow("row/6/inside", party("client", "10.0.0.0/24"), party("sbc", "10.9.0.1"), tcp="5061"),
    )
    router = installed(plan, LAST.format(menu=MENUS[0]), outside=outside)
    assert router.passes(Packet("10.0.0.53", "192.0.2.1", "udp", 53))
    assert router.passes(Packet("192.0.2.1", "203.0.113.9", "tcp", 443, enters="WAN", leaves="LAN"))
    assert router.passes(Packet("10.0.0.5", "10.9.0.1", "tcp", 5061, leaves="LAN"))
    assert router.passes(Packet("10.0.0.53", "10.9.0.1", "udp", 53, leaves="LAN")) == (outside == "")
    assert router.passes(Packet("10.0.0.5", "203.0.113.9", "tcp", 443, leaves="LAN")) == (outside == "")
    lost = {
        loss.id for loss in render(plan, "mikrotik", Style(options={"outside": outside})).details if loss.code == "no-sides"
    }
    assert lost == (set() if outside else {"row/1/dns", "row/4/in"})


@tries("mikrotik", "install")
def test_an_interface_list_that_does_not_exist_is_refused() -> None:
    with pytest.raises(RefusedError, match="does not match any value of out-interface-list: WAN2"):
        installed(OLD, outside="WAN2")


@tries("mikrotik", "empty")
def test_a_plan_with_nothing_neither_opens_nor_closes() -> None:
    router = installed(NONE)
    assert router.permits() == []
    assert router.passes(replace(MAIL, source="192.168.1.1")) == RouterOs(ADMIN).passes(replace(MAIL, source="192.168.1.1"))
    assert not router.passes(MAIL)
    follow(router, "remove", {})
    assert router.state() == RouterOs(ADMIN).state()


@tries("mikrotik", "again")
def test_scripts_can_be_imported_twice() -> None:
    router = installed(OLD)
    once = router.state(), router.order()
    follow(router, "install", {})
    follow(router, "update", {})
    assert (router.state(), router.order()) == once
    follow(router, "changes", files(NEW, OLD))
    then = router.state()
    follow(router, "changes", {})
    assert router.state() == then


@tries("mikrotik", "again")
def test_another_option_replaces_the_rules() -> None:
    router = installed(OLD)
    follow(router, "update", files(OLD, outside="WAN"))
    assert router.state() == installed(OLD, outside="WAN").state()


@tries("mikrotik", "again")
def test_a_jump_of_the_administrator_is_enough() -> None:
    jump = '/ip firewall filter add chain=forward action=jump jump-target=m365 comment="mine"\n'
    router = installed(OLD, jump + ADMIN)
    assert router.order()[0] == "mine"
    assert "p365: jump" not in router.order()
    assert "p365: jump" in router.order("/ipv6")


@tries("mikrotik", "grow", "shrink")
@pytest.mark.parametrize("part", ["update", "changes"])
def test_an_update_leaves_nothing_of_the_old_plan(part: Part) -> None:
    router = installed(OLD)
    follow(router, part, files(NEW, OLD))
    assert router.state() == installed(NEW).state()
    assert router.order() == installed(NEW).order()
    assert disagreements(router, NEW) == []
    follow(router, part, files(NONE, NEW))
    assert router.state() == installed(NONE).state()


def between(router: RouterOs, old: list[AllowRule], new: list[AllowRule]) -> list[object]:
    """Return packets of both plans that do not pass, and those of neither plan that do."""
    now = router.permits()
    return [*cuts(old, new, now), *differences([*old, *new, *now], [*old, *new])]


@tries("mikrotik", "interrupted")
@pytest.mark.parametrize("name", ["perimeter365.rsc", "changes.rsc"])
def test_after_each_command_what_both_plans_permit_passes_and_nothing_else_does(name: str) -> None:
    made = files(NEW, OLD)
    old, new = wanted(OLD, ()), wanted(NEW, ())
    device = installed(OLD)
    last, looked = device.state(), 0
    for _, command in device.commands(made[name]):
        command()
        if device.state() != last:
            last, looked = device.state(), looked + 1
            assert between(device, old, new) == []
    assert looked > 20
    assert last == installed(NEW).state()


@tries("mikrotik", "interrupted")
@pytest.mark.parametrize("name", ["perimeter365.rsc", "jump.rsc", "changes.rsc"])
def test_an_import_that_was_broken_off_is_completed_by_the_next(name: str) -> None:
    made = files(NEW, OLD)
    right = installed(NEW)
    count = installed(OLD).type(f"/import {name}") if name == "jump.rsc" else len(list(RouterOs("").commands(made[name])))
    step = max(1, count // 25)
    for stop in range(0, count + 1, step):
        router = RouterOs(ADMIN) if name == "jump.rsc" else installed(OLD)
        router.files.update(made)
        if name == "jump.rsc":
            router.type("/import perimeter365.rsc")
        router.type(f"/import {name}", stop_after=stop)
        router.type(f"/import {name}")
        assert router.state() == right.state()
        assert router.order() == right.order()


@tries("mikrotik", "interrupted")
def test_a_removal_that_was_broken_off_can_be_repeated() -> None:
    lines = targets["mikrotik"]().commands("remove")
    for stop in range(len(lines)):
        router = installed(OLD)
        router.follow(lines[:stop])
        assert differences([*router.permits(), *wanted(OLD, ())], wanted(OLD, ())) == []
        router.follow(lines)
        assert router.state() == RouterOs(ADMIN).state()


@tries("mikrotik", "unordered")
def test_changes_that_were_never_loaded_do_no_harm() -> None:
    third = by_hand(*OLD.flows[:2], *NEW.flows[2:3])
    router = installed(OLD)
    files(NEW, OLD)  # rendered, but never loaded
    follow(router, "changes", files(third, OLD))
    assert disagreements(router, third) == []
    follow(router, "update", files(NEW))
    assert router.state() == installed(NEW).state()


@tries("mikrotik", "back")
@pytest.mark.parametrize("part", ["update", "changes"])
def test_the_old_plan_comes_back(part: Part) -> None:
    router = installed(OLD)
    before = router.state(), router.order()
    for new, old in ((NEW, OLD), (OLD, NEW)):
        follow(router, part, files(new, old))
    assert (router.state(), router.order()) == before


NEAR = """
/ip firewall address-list add list="m365-client-v4" address=172.16.0.0/12 comment="mine"
/ip firewall filter add chain=m365 action=accept protocol=tcp dst-port=22 comment="mine, p365: too"
/ip firewall filter add chain=m365x action=accept protocol=tcp dst-port=23 comment="p365: not ours"
/ip firewall address-list add list=m365x-y address=172.17.0.0/16 comment="p365: not ours"
"""


@tries("mikrotik", "neighbors", "remove")
def test_two_organizations_and_the_administrators_entries_do_not_meet() -> None:
    admin = ADMIN + NEAR
    router = installed(OLD, admin)
    alone = router.state(), router.order()
    follow(router, "install", files(NEW, prefix="fabrikam"), prefix="fabrikam")
    mine = [rule for rule in router.permits() if 22 not in rule.ports]
    assert differences(mine, [*wanted(OLD, ()), *wanted(NEW, ())]) == []
    assert router.order()[-3:] == ["p365: jump", "p365fabrikam: jump", "drop the rest"]
    follow(router, "update", files(OLD))
    follow(router, "update", files(NEW, prefix="fabrikam"))
    follow(router, "remove", {}, prefix="fabrikam")
    assert (router.state(), router.order()) == alone
    follow(router, "remove", {})
    assert router.state() == RouterOs(admin).state()


GONE, ADDED = (
    flow(f"row/9/{name}", OLD.flows[0].source, party("azure", prefix), tcp="443")
    for name, prefix in (("gone", "2603:1063:9::/48"), ("added", "2603:1063:a::/48"))
)
FROM, TO = by_hand(*OLD.flows, GONE), by_hand(*OLD.flows[:1], *NEW.flows[2:], ADDED)
"""Two plans that have lists and rules of both IP versions in common, and others."""


def result(text: str) -> object:
    """Return what an update by a script makes of a router, or how it fails."""
    router = installed(FROM)
    try:
        follow(router, "update", {"perimeter365.rsc": text})
    except RefusedError as error:
        return str(error)
    return router.state()


@pytest.mark.parametrize("name", ["perimeter365.rsc", "changes.rsc"])
def test_each_command_of_a_script_is_missed(name: str) -> None:
    lines = [line for line in files(TO, FROM)[name].splitlines() if not line.startswith("#")]
    right = result("\n".join(lines))
    assert not isinstance(right, str)
    idle = [line for line in lines if "^(m365|old m365) " in line]  # entries of earlier versions: there are none here
    for number, line in enumerate(lines):
        if line not in idle and not line.startswith("}"):
            damaged = result("\n".join([*lines[:number], *lines[number + 1 :]]))
            assert damaged != right, f"not missed: {line}"
    assert len(idle) == (4 if name == "perimeter365.rsc" else 0)


@pytest.mark.parametrize("number", range(len(targets["mikrotik"]().commands("remove"))))
def test_each_command_of_the_removal_is_missed(number: int) -> None:
    lines = targets["mikrotik"]().commands("remove")
    router = installed(OLD)
    router.follow([*lines[:number], *lines[number + 1 :]])
    assert router.state() != RouterOs(ADMIN).state()


@pytest.mark.parametrize("number", [n for n, line in enumerate(files(OLD)["jump.rsc"].splitlines()) if line[0] not in "#} "])
def test_each_command_of_the_jump_is_missed(number: int) -> None:
    text = files(OLD)["jump.rsc"]
    lines = text.splitlines()
    end = next((n for n in range(number, len(lines)) if lines[n] == "}"), number) if lines[number].endswith("={") else number
    router = RouterOs(ADMIN)
    try:
        follow(router, "install", files(OLD) | {"jump.rsc": "\n".join([*lines[:number], *lines[end + 1 :]])})
    except RefusedError:
        return
    assert (router.order("/ip"), router.order("/ipv6")) != (installed(OLD).order("/ip"), installed(OLD).order("/ipv6"))


# -- the faults of commit d74eff8 --------------------------------------------------------------------------------------


def former(router: RouterOs) -> None:
    router.files["perimeter365.rsc"] = (FAULTS / "perimeter365.rsc").read_text()
    router.type("/import perimeter365.rsc")


def test_the_former_script_removed_a_rule_of_the_administrator() -> None:
    router = RouterOs(ADMIN)
    former(router)
    mine = RouterOs(ADMIN)
    assert [comment for comment in mine.order() if comment not in router.order()] == ["m365 teams"]
    assert "list=office" not in str(router.state())
    assert mine.passes(Packet("192.168.1.1", "198.51.100.1", "tcp", 22))
    assert not router.passes(Packet("192.168.1.1", "198.51.100.1", "tcp", 22))


def test_the_former_line_of_the_jump_names_two_rules_and_the_first_one_drops_invalid_packets() -> None:
    router = RouterOs(BARE)
    former(router)
    line = (FAULTS / "jump.txt").read_text().strip()
    with pytest.raises(RefusedError, match="place-before"):
        router.type(line)
    router.type(line.replace("action=drop]", 'comment="defconf: drop invalid"]'))  # the first of the two
    packet = Packet("10.0.0.5", "40.96.0.1", "tcp", 443, state="invalid")
    assert router.passes(packet)
    assert not installed(OLD, BARE).passes(packet)


def test_an_update_removes_what_the_former_version_wrote_and_nothing_of_the_administrator() -> None:
    router = RouterOs(BARE)
    former(router)
    router.load(OWN)  # comments that start with m365, elsewhere
    follow(router, "install", files(OLD))
    right = RouterOs(BARE + OWN)
    follow(right, "install", files(OLD))
    assert router.state() == right.state()
    broken = RouterOs(BARE)
    broken.files["perimeter365.rsc"] = (FAULTS / "perimeter365.rsc").read_text()
    broken.type("/import perimeter365.rsc")
    broken.type("/import perimeter365.rsc", stop_after=4)  # all comments are now marked with "old m365 "
    broken.load(OWN)
    follow(broken, "install", files(OLD))
    assert broken.state() == right.state()
