"""The life of AnyConnect's split list, on a model of an ASA with group policies of the administrator."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.model.host import HostPattern
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render, targets
from perimeter365.targets.life import Part
from tests.life import tries
from tests.life.models._cisco import StoppedError
from tests.life.models.cisco_asa import LONGEST_VALUE, AsaDevice
from tests.targets.netfilter import by_hand, case, flow, party

NAME = "anyconnect"
KIND = "dynamic-split-exclude-domains"
OWN = """access-list OFFICE extended permit ip 10.0.0.0 255.0.0.0 any4
group-policy OFFICE-VPN internal
group-policy OFFICE-VPN attributes
 dns-server value 192.0.2.53
 split-tunnel-network-list value OFFICE
 split-tunnel-policy tunnelspecified
group-policy M365-VPN internal
group-policy M365-VPN attributes
 dns-server value 192.0.2.53
group-policy M365BETA-VPN internal
"""
"""What the ASA has before. Our group policy has an attribute of the administrator."""


def plan(*prefixes: str, hosts: tuple[str, ...] = ()) -> Plan:
    names = tuple(HostPattern(host) for host in hosts)
    there = replace(party("teams", *prefixes), hosts=names, unaddressed=names)
    made = flow("ws/worldwide/11", party("client", "10.0.0.0/8"), there, udp="3478-3481")
    return by_hand(replace(made, category="optimize"))


BEFORE = ("52.112.0.0/14", "52.122.0.0/15", "2603:1063::/38")
AFTER = ("52.112.0.0/14", "52.124.0.0/15", "2603:1063::/39")


def asa() -> AsaDevice:
    made = AsaDevice()
    for line in OWN.splitlines():
        made.command(line)
    return made


def load(made: AsaDevice, which: Plan, part: Part = "install", /, at: int | None = None, **options: str) -> int:
    style = Style(options=options)
    made.disk = {a.name: a.content.decode() for a in render(which, NAME, style).artifacts}
    return made.follow(targets[NAME](style).commands(part), at)


def state(made: AsaDevice) -> object:
    return made.state(), made.policies_, made.attributes, made.data


def loaded(*prefixes: str, policy: str = "M365-VPN") -> AsaDevice:
    made = asa()
    load(made, plan(*prefixes), policy=policy)
    return made


@tries(NAME, "install", "neighbors")
def test_the_addresses_are_excluded_and_other_group_policies_are_unharmed() -> None:
    made = loaded(*BEFORE)
    assert made.excluded("M365-VPN") == (set(BEFORE), set())
    assert made.policies_["M365-VPN"]["dns-server"] == "192.0.2.53"
    assert made.policies_["OFFICE-VPN"] == asa().policies_["OFFICE-VPN"]
    assert made.entries("OFFICE")
    assert not made.entries("M365-SPLIT-EXCLUDE-NEXT")
    assert made.saved == tuple(made.running())


def test_a_group_policy_that_does_not_exist_is_not_created() -> None:
    made = loaded(*BEFORE, policy="NO-SUCH")
    assert "there is no group policy NO-SUCH" in {reason for _, reason in made.refused}
    assert made.policies_ == asa().policies_


@tries(NAME, "empty", "shrink")
def test_nothing_selected_leaves_the_group_policy_alone() -> None:
    made = asa()
    load(made, by_hand())
    assert (made.refused, state(made)) == ([], state(asa()))
    load(made, plan(*BEFORE))
    load(made, by_hand(), "remove")
    assert state(made) == state(asa())


@tries(NAME, "again", "grow", "shrink", "back")
def test_a_new_file_replaces_the_list() -> None:
    made = loaded(*BEFORE)
    once = list(made.running())
    load(made, plan(*BEFORE))
    assert list(made.running()) == once
    load(made, plan(*AFTER), "update")
    assert made.excluded("M365-VPN") == (set(AFTER), set())
    load(made, plan(*BEFORE), "update")
    assert list(made.running()) == once


@tries(NAME, "unordered")
def test_files_need_no_order() -> None:
    made = loaded(*BEFORE)
    render(plan("52.124.0.0/15"), NAME)  # not loaded
    load(made, plan(*AFTER), "update")
    assert state(made) == state(loaded(*AFTER))


def look(made: AsaDevice, old: Iterable[str], new: Iterable[str]) -> None:
    now, _ = made.excluded("M365-VPN")
    assert set(old) & set(new) <= now <= set(old) | set(new)
    assert not made.dangling()


@tries(NAME, "interrupted")
@pytest.mark.parametrize("new", [AFTER, ("52.124.0.0/15",)])
def test_the_list_in_use_is_never_empty_and_an_update_can_be_run_again(new: tuple[str, ...]) -> None:
    made = loaded(*BEFORE)
    made.watch = lambda: look(made, BEFORE, new)
    lines = load(made, plan(*new), "update")
    for at in range(1, lines):
        again = loaded(*BEFORE)
        with pytest.raises(StoppedError):
            load(again, plan(*new), "update", at=at)
        load(again, plan(*new), "update")
        assert state(again) == state(made), at


@tries(NAME, "interrupted", "remove")
def test_removal_leaves_what_was_there_before() -> None:
    made = asa()
    load(made, case("contoso"), names="on", categories="all")
    lines = load(made, case("contoso"), "remove")
    assert state(made) == state(asa())
    for at in range(1, lines):
        again = asa()
        load(again, case("contoso"), names="on")
        with pytest.raises(StoppedError):
            load(again, case("contoso"), "remove", at=at)
        load(again, case("contoso"), "remove")
        assert state(again) == state(asa()), at


def test_removal_keeps_a_split_list_that_the_administrator_chose_since() -> None:
    made = loaded(*BEFORE)
    for line in ("group-policy M365-VPN attributes", " split-tunnel-network-list value OFFICE"):
        made.command(line)
    load(made, plan(*BEFORE), "remove")
    assert made.policies_["M365-VPN"]["split-tunnel-network-list"] == "OFFICE"


@tries(NAME, "neighbors")
def test_two_organizations_share_a_device() -> None:
    made = loaded(*BEFORE)
    load(made, plan(*AFTER), prefix="beta", names="on")
    assert made.excluded("M365-VPN") == (set(BEFORE), set())
    assert made.excluded("M365BETA-VPN")[0] == set(AFTER)
    load(made, plan(*AFTER), "remove", prefix="beta")
    assert state(made) == state(loaded(*BEFORE))


# -- names -----------------------------------------------------------------------------------------------------------


@tries(NAME, "again")
def test_long_lists_of_names_are_joined_from_several_lines() -> None:
    made = asa()
    for _ in range(2):
        load(made, case("contoso"), names="on", categories="all")
        (values,) = made.data.values()
        _, names = made.excluded("M365-VPN")
        assert len(values) > 5
        assert max(map(len, values)) <= LONGEST_VALUE
        assert ",".join(sorted(names)) == "".join(values)
        assert {"sharepoint.com", "outlook.office365.com"} <= names
    load(made, case("contoso"), categories="all")
    assert made.excluded("M365-VPN")[1] == set()
    assert made.data == {}


def test_the_administrators_names_stay() -> None:
    made = asa()
    for line in (
        "webvpn",
        f" anyconnect-custom-attr {KIND} description ours",
        f"anyconnect-custom-data {KIND} own a.example",
    ):
        made.command(line)
    for line in ("group-policy M365-VPN attributes", f" anyconnect-custom {KIND} value own"):
        made.command(line)
    load(made, plan(*BEFORE))
    assert made.excluded("M365-VPN") == (set(BEFORE), {"a.example"})
    load(made, plan(*BEFORE), "remove")
    assert made.excluded("M365-VPN") == (set(), {"a.example"})
    assert made.attributes == {KIND: "ours"}


# -- the model itself ------------------------------------------------------------------------------------------------


def test_fault_the_names_are_on_a_line_that_is_too_long_and_the_list_in_use_is_cleared() -> None:
    text = (Path(__file__).parent / "faults" / NAME / "names.cfg").read_text()
    made = loaded("52.112.0.0/14")
    made.disk = {"old.cfg": text}
    dangling: list[str] = []
    made.watch = lambda: dangling.extend(made.dangling())
    made.follow(["copy /noconfirm disk0:/old.cfg running-config"])
    assert dangling == ["M365-VPN"], "sessions that begin meanwhile exclude nothing"
    assert [reason for line, reason in made.refused if line.startswith("anyconnect-custom-data")] == [
        "the command has more than 512 characters"
    ]
    assert made.excluded("M365-VPN")[1] == set()


def test_each_command_is_needed() -> None:
    long = tuple(f"{'x' * 50}.{n}.example.com" for n in range(9))
    one, two = plan(*BEFORE, hosts=("a.example.com",)), plan(*AFTER, hosts=long)
    style = Style(options={"names": "on"})
    steps: list[tuple[Plan, Part]] = [(one, "install"), (two, "update"), (two, "remove")]
    texts = [render(which, NAME, style).artifacts[0].content.decode() for which, _ in steps]
    commands = [targets[NAME](style).commands(part) for _, part in steps]

    def outcome(gone: str = "") -> object:
        made, found = asa(), []  # type: AsaDevice, list[object]
        made.watch = lambda: found.append((made.excluded("M365-VPN"), made.dangling()))
        for text, lines in zip(texts, commands, strict=True):
            made.disk = {"split-exclude.cfg": "".join(f"{x}\n" for x in text.splitlines() if x != gone)}
            made.follow(x for x in lines if x != gone)
            found += [made.refused, made.saved, list(made.running())]
        return found

    good = outcome()
    for line in dict.fromkeys(line for lines in (*map(str.splitlines, texts), *commands) for line in lines):
        if not line.startswith("!"):
            assert outcome(line) != good, f"not missed: {line}"
