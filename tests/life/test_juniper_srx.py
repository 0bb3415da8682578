"""The life of the files of an SRX, on a model with policies, zones and address books of its own."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.audit.packets import differences
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render, targets
from perimeter365.targets.life import Part
from perimeter365.targets.target import EarlierRender
from tests.life import tries
from tests.life.models.junos import Junos, RefusedError
from tests.targets.devices import wanted
from tests.targets.netfilter import by_hand, flow, party
from tests.targets.test_since import before_and_after

FAULTS = Path(__file__).parent / "faults" / "juniper-srx"
ZONES = """
set system services ssh
set security zones security-zone trust interfaces ge-0/0/1.0
set security zones security-zone untrust interfaces ge-0/0/2.0
set security zones security-zone dmz interfaces ge-0/0/3.0
"""
POLICIES = """
set applications application m365x protocol tcp
set applications application m365x destination-port 8443
set security policies from-zone trust to-zone untrust policy office match source-address office
set security policies from-zone trust to-zone untrust policy office match destination-address any-ipv4
set security policies from-zone trust to-zone untrust policy office match application m365x
set security policies from-zone trust to-zone untrust policy office then permit
"""
DENY = """
set security policies from-zone {} to-zone {} policy deny-all match source-address any
set security policies from-zone {} to-zone {} policy deny-all match destination-address any
set security policies from-zone {} to-zone {} policy deny-all match application any
set security policies from-zone {} to-zone {} policy deny-all then deny
"""
PAIRS = (("trust", "untrust"), ("untrust", "trust"))
DENIES = "".join(DENY.replace("{} to-zone {}", f"{one} to-zone {other}") for one, other in PAIRS)
GLOBAL = "set security address-book global address office 192.168.0.0/16\n"
OF_ZONE = GLOBAL.replace("address-book global", "zones security-zone trust address-book")
ADMIN = ZONES + GLOBAL + POLICIES + DENIES
BEFORE = {"before": ",".join(f"{one}:{other}:deny-all" for one, other in PAIRS)}
OLD, NEW = before_and_after()
NONE = by_hand()


def files(plan: Plan, since: Plan | None = None, /, **options: str) -> dict[str, str]:
    """Return the files of a plan, with the changes since another one."""
    style = Style(options=options, allow_empty=True)
    if since:
        style = replace(style, since=EarlierRender(plan=since, style=style))
    return {a.name: a.content.decode() for a in render(plan, "juniper-srx", style).artifacts}


def follow(device: Junos, part: Part, made: Mapping[str, str], **options: str) -> None:
    """Carry out a part of the manual with files."""
    device.files.update(made)
    device.follow(targets["juniper-srx"](Style(options=options)).commands(part))
    assert device.errors == []


def installed(plan: Plan, admin: str = ADMIN, **options: str) -> Junos:
    device = Junos(admin)
    follow(device, "install", files(plan, **options), **options)
    return device


def disagreements(device: Junos, plan: Plan, admin: str = ADMIN) -> list[str]:
    """Return packets that the device does not treat as the plan and the administrator's policies say."""
    return [str(example) for example in differences(device.permits(), [*wanted(plan, ()), *Junos(admin).permits()])]


@tries("juniper-srx", "install")
@pytest.mark.parametrize("book", ["global", "zone"])
def test_an_installation_permits_the_plan_above_a_deny_and_keeps_what_the_administrator_has(book: str) -> None:
    admin = ADMIN if book == "global" else ADMIN.replace(GLOBAL, OF_ZONE)
    device = installed(OLD, admin, book=book, **BEFORE)
    assert disagreements(device, OLD, admin) == []
    for path in [] if book == "zone" else ["set security address-book global address office 192.168.0.0/16"]:
        assert device.committed.contains(tuple(path.split()[1:]))
    for line in (ZONES + POLICIES + DENIES).split("\n"):
        assert not line or device.committed.contains(tuple(line.split()[1:]))


@tries("juniper-srx", "install")
def test_roles_in_another_zone_have_their_policies_there() -> None:
    device = installed(OLD, ZONES, zones="exchange-server:dmz", book="zone")
    assert differences(device.permits(), wanted(OLD, ())) == []
    pairs = {(pair[3], pair[5]) for pair in device.committed.pairs()}
    assert pairs == {("trust", "untrust"), ("untrust", "dmz"), ("dmz", "untrust")}


@tries("juniper-srx", "install")
@pytest.mark.parametrize(("book", "theirs"), [("global", OF_ZONE), ("zone", GLOBAL)])
def test_the_wrong_address_book_is_refused_and_changes_nothing(book: str, theirs: str) -> None:
    device = Junos(ZONES + theirs)
    before = device.state()
    with pytest.raises(RefusedError, match="Zone specific address books are not allowed"):
        follow(device, "install", files(OLD, book=book))
    assert device.state() == before


@tries("juniper-srx", "empty")
def test_a_plan_with_nothing_changes_nothing() -> None:
    device = Junos(ADMIN)
    before = device.state()
    follow(device, "install", files(NONE, **BEFORE), **BEFORE)
    assert device.state() == before


@tries("juniper-srx", "again")
def test_files_that_are_loaded_twice_change_nothing_more() -> None:
    device = installed(OLD, **BEFORE)
    once = device.state()
    follow(device, "update", files(OLD, **BEFORE), **BEFORE)
    assert device.state() == once
    changes = files(NEW, OLD, **BEFORE)
    follow(device, "changes", changes, **BEFORE)
    then = device.state()
    assert device.warnings == []
    follow(device, "changes", changes, **BEFORE)
    assert device.state() == then
    assert device.warnings


@tries("juniper-srx", "again")
def test_another_option_replaces_everything_in_one_commit() -> None:
    device = installed(OLD, ZONES)
    other = {"zones": "exchange-server:dmz"}
    device.files.update(files(OLD, **other))
    device.follow(tuple(line for line in targets["juniper-srx"]().commands("remove") if line.startswith("wildcard")))
    device.follow(targets["juniper-srx"](Style(options=other)).commands("install"))
    assert device.state() == installed(OLD, ZONES, **other).state()


@tries("juniper-srx", "grow", "shrink")
@pytest.mark.parametrize("book", ["global", "zone"])
@pytest.mark.parametrize("option", [BEFORE, {}], ids=["before", "next to ours"])
def test_changes_leave_nothing_of_the_old_plan_and_new_policies_are_above_a_deny(book: str, option: dict[str, str]) -> None:
    admin = ADMIN if book == "global" else ADMIN.replace(GLOBAL, OF_ZONE)
    device = installed(OLD, admin, book=book, **BEFORE)
    follow(device, "changes", files(NEW, OLD, book=book, **option), book=book, **option)
    assert disagreements(device, NEW, admin) == []
    assert device.committed.state() == installed(NEW, admin, book=book, **BEFORE).committed.state()


@tries("juniper-srx", "shrink")
def test_nothing_is_left_when_everything_leaves() -> None:
    device = installed(OLD, **BEFORE)
    follow(device, "changes", files(NONE, OLD, **BEFORE), **BEFORE)
    assert device.state() == Junos(ADMIN).state()


@tries("juniper-srx", "interrupted")
def test_an_interruption_before_the_last_commit_changes_nothing() -> None:
    lines = targets["juniper-srx"]().commands("changes")
    made = files(NEW, OLD, **BEFORE)
    for stop in range(len(lines)):
        device = installed(OLD, **BEFORE)
        before = device.state()
        device.files.update(made)
        device.follow(lines, stop_after=stop)
        if lines[stop - 1].startswith("commit confirmed"):
            assert disagreements(device, NEW) == []
        else:
            assert device.state() == before
        device.wait()
        assert device.state() == before
        device.follow(lines)
        assert disagreements(device, NEW) == []


@tries("juniper-srx", "interrupted")
def test_a_load_that_was_broken_off_can_be_repeated() -> None:
    text = files(NEW, OLD, **BEFORE)["changes.set"].splitlines()
    whole = installed(OLD, **BEFORE)
    follow(whole, "changes", {"changes.set": "\n".join(text)})
    for stop in range(0, len(text), 7):
        device = installed(OLD, **BEFORE)
        device.files["changes.set"] = "\n".join(text[:stop])
        device.type("load set changes.set")
        follow(device, "changes", {"changes.set": "\n".join(text)})
        assert device.state() == whole.state()


@tries("juniper-srx", "unordered")
def test_only_the_changes_since_what_is_loaded_are_needed() -> None:
    third = by_hand(*OLD.flows[:2], *NEW.flows[2:3])
    device = installed(OLD, **BEFORE)
    files(NEW, OLD, **BEFORE)  # rendered, but never loaded
    follow(device, "changes", files(third, OLD, **BEFORE))
    assert disagreements(device, third) == []


@tries("juniper-srx", "back")
def test_the_changes_back_restore_the_old_plan() -> None:
    device = installed(OLD, **BEFORE)
    before = device.committed.state()
    for new, old in ((NEW, OLD), (OLD, NEW)):
        follow(device, "changes", files(new, old, **BEFORE))
    assert device.committed.state() == before
    assert disagreements(device, OLD) == []


@tries("juniper-srx", "neighbors", "remove")
@pytest.mark.parametrize("book", ["global", "zone"])
def test_two_organizations_on_a_device_do_not_meet_and_a_removal_takes_one_out(book: str) -> None:
    admin = ADMIN if book == "global" else ADMIN.replace(GLOBAL, OF_ZONE)
    theirs = {"prefix": "fabrikam", "book": book, **BEFORE}
    device = installed(OLD, admin, book=book, **BEFORE)
    alone = device.state()
    follow(device, "install", files(NEW, **theirs))
    both = [*wanted(OLD, ()), *wanted(NEW, ()), *Junos(admin).permits()]
    assert differences(device.permits(), both) == []
    follow(device, "remove", {}, **theirs)
    assert device.state() == alone
    follow(device, "remove", {}, book=book)
    assert device.state() == Junos(admin).state()


def effect(text: str) -> object:
    """Return what the changes of a file make of a device, or how they fail."""
    device = installed(OLD, **BEFORE)
    device.files["changes.set"] = text
    try:
        device.follow(targets["juniper-srx"]().commands("changes"))
    except RefusedError as error:
        return str(error)
    return device.errors, device.state()


def test_each_command_of_the_changes_is_missed() -> None:
    lines = [line for line in files(NEW, OLD, **BEFORE)["changes.set"].splitlines() if not line.startswith("#")]
    assert {line.split()[0] for line in lines} == {"set", "insert", "delete"}
    right = effect("\n".join(lines))
    assert isinstance(right, tuple)
    seen: set[str] = set()
    for number, line in enumerate(lines):
        damaged = [*lines[:number], *lines[number + 1 :]]
        assert effect("\n".join(damaged)) != right, f"not missed: {line}"
        seen.add(" ".join(line.split()[:3]))
    assert len(seen) > 4


@pytest.mark.parametrize("line", [line for line in targets["juniper-srx"]().commands("remove") if line.startswith("wild")])
def test_each_command_of_the_removal_is_missed(line: str) -> None:
    device = Junos(ZONES)
    plan = by_hand(*OLD.flows, flow("row/6/inside", party("client", "10.0.0.0/24"), party("sbc", "10.9.0.1"), tcp="5061"))
    follow(device, "install", files(plan))
    lines = tuple(each for each in targets["juniper-srx"]().commands("remove") if each != line)
    try:
        device.follow(lines)
    except RefusedError:
        return
    assert device.state() != Junos(ZONES).state()


# -- the faults of commit d74eff8 --------------------------------------------------------------------------------------


def fault(name: str) -> str:
    return (FAULTS / name).read_text()


def install_fault(admin: str) -> Junos:
    device = Junos(admin)
    follow(device, "install", {"perimeter365.set": fault("perimeter365.set")})
    return device


def test_the_former_file_could_not_be_committed_next_to_address_books_of_zones() -> None:
    with pytest.raises(RefusedError, match=r"^Zone specific address books are not allowed[^;]*$"):
        install_fault(ZONES + OF_ZONE)
    assert install_fault(ZONES).permits()


def test_the_former_policies_were_below_a_deny() -> None:
    denied = install_fault(ADMIN)
    assert differences(denied.permits(), Junos(ADMIN).permits()) == []


def test_the_former_changes_put_new_policies_below_a_deny() -> None:
    device = install_fault(ZONES)
    device.candidate.load(GLOBAL + POLICIES + DENIES)
    device.type("commit")
    follow(device, "changes", {"changes.set": fault("changes.set")})
    assert not any(5223 in rule.ports for rule in device.permits())
    elsewhere = install_fault(ZONES)
    assert not any(5223 in rule.ports for rule in elsewhere.permits())
    follow(elsewhere, "changes", {"changes.set": fault("changes.set")})
    assert any(5223 in rule.ports for rule in elsewhere.permits())
