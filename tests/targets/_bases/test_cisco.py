"""Access lists of ASA and IOS: names, numbers, and options. Their life is in tests/life."""

from dataclasses import replace

import pytest

from perimeter365.errors import OptionError
from perimeter365.model.ports import PortSet
from perimeter365.plan.plan import Plan, PlanParty
from perimeter365.targets import Style, render, targets
from perimeter365.targets._bases.cisco import home_number, stable_numbers
from perimeter365.targets.target import WIDENED, EarlierRender
from tests.targets.netfilter import by_hand, flow, party

BOTH = pytest.mark.parametrize("name", ["cisco-asa", "cisco-ios"])
CLIENT, ONLINE = party("client", "10.0.0.0/24"), party("exchange-online", "40.96.0.0/13")


def text(name: str, plan: Plan, style: Style | None = None, file: str = "perimeter365.cfg") -> str:
    return next(a.content.decode() for a in render(plan, name, style or Style()).artifacts if a.name == file)


def test_ipv6_numbers_stay_and_are_not_given_to_another_entry() -> None:
    numbers = range(10, 60)
    lines = [f"permit tcp any host 2001:db8::{n} eq 443" for n in range(40)]
    first = stable_numbers(lines, {}, numbers)
    assert len(set(first.values())) == len(lines)
    kept = {line: number for line, number in first.items() if number != home_number(line, numbers)}
    assert kept
    assert stable_numbers(lines, kept, numbers) == first
    second = stable_numbers([*lines[5:], "permit udp any any eq 53"], first, numbers)
    assert {second[line] == first[line] for line in lines[5:]} == {True}
    assert second["permit udp any any eq 53"] not in first.values()


@BOTH
def test_descriptions_have_at_most_200_characters_and_names_64(name: str) -> None:
    long = "row/6/" + "a-very-long-name-of-a-requirement-" * 8
    lines = text(name, by_hand(flow(long, CLIENT, ONLINE, tcp=",".join(map(str, range(1, 99, 2)))))).splitlines()
    assert max(len(line) for line in lines if "description" in line) == len(" description ") + 200
    assert max(len(line.split()[2]) for line in lines if line.startswith("object-group ")) == 64


@BOTH
def test_a_description_is_replaced_and_not_removed(name: str) -> None:
    one = flow("row/6/x", CLIENT, ONLINE, tcp="443")
    since = EarlierRender(plan=by_hand(one), style=Style())
    made = text(name, by_hand(replace(one, category="optimize")), Style(since=since), "changes.cfg").splitlines()
    assert [line for line in made if "description" in line] == [
        " description row/6/x worldwide mailbox-migration outbound optimize"
    ]
    assert not any(" no " in f" {line}" for line in made if not line.startswith("!"))


@BOTH
def test_a_group_never_changes_and_an_entry_is_named_after_its_requirement(name: str) -> None:
    one, other = (
        flow("row/6/x", CLIENT, ONLINE, tcp="443"),
        flow("row/6/y", CLIENT, party("azure", "20.0.0.0/24"), tcp="443"),
    )
    more = party("exchange-online", "40.96.0.0/13", "52.96.0.0/14")
    new = by_hand(replace(one, destination=more), other)
    made = text(name, new, Style(since=EarlierRender(plan=by_hand(one, other), style=Style())), "changes.cfg").splitlines()
    groups = [line for line in made if line.startswith(("object-group", "no object-group"))]
    start = "object-group network m365-row-6-x-worldwide-v4-"
    assert [line[: -len("1c2d3e4f")] for line in groups] == [start, f"no {start}"]
    assert groups[1] != f"no {groups[0]}"
    assert len([line for line in made if "permit " in line and "row-6-x-worldwide" in line]) == 2
    assert not [line for line in made if "permit " in line and "row-6-y-worldwide" in line]


@BOTH
def test_a_rule_to_anyone_is_also_to_inner_networks(name: str) -> None:
    internet = replace(party("internet"), role="internet")
    plan = by_hand(
        flow("row/6/out", CLIENT, internet, udp="53"), flow("row/6/in", internet, party("sbc", "10.0.9.1"), tcp="443")
    )
    found = [detail for detail in render(plan, name).details if detail.code == "no-sides"]
    assert [(detail.id, detail.kind) for detail in found] == [("row/6/out", WIDENED)]


@BOTH
def test_options_accept_only_names(name: str) -> None:
    for key, value in (
        ("inside", "a b"),
        ("outside", ""),
        ("dmz", "a,"),
        ("dmz", "A"),
        ("dmz", "guest"),
        ("dmz", "teams"),
        ("dmz", "sbc,sbc"),
        ("dmz", "a" * 10_000),
        ("dmz_interface", "0/1"),
        ("inside", "x" * 49),
    ):
        with pytest.raises(OptionError):
            targets[name](Style(options={key: value}))
    for key, value in (("inside", "Port-channel1.100"), ("dmz", "sbc,mrs-proxy"), ("dmz", "")):
        targets[name](Style(options={key: value}))


def test_the_ports_of_a_requirement_are_in_one_group_of_ios_and_two_of_an_asa() -> None:
    plan = by_hand(replace(flow("row/6/x", CLIENT, ONLINE, tcp="443"), udp=PortSet.parse("443,3478-3481")))
    ios, asa = (text(name, plan) for name in ("cisco-ios", "cisco-asa"))
    assert " tcp eq 443\n udp eq 443\n udp range 3478 3481\n" in ios
    assert "-v4-tcp-443 tcp\n" in asa
    assert "-v4-udp-443_3478-3481 udp\n" in asa


def test_entries_without_a_service_group_have_a_comment_with_all_their_requirements() -> None:
    """Two requirements can need the same entry; each file has the comments of its own entries."""
    client, anyone = party("client", "2001:db8:c::/48"), PlanParty(role="internet")
    one, same, more = (
        flow(f"row/6/{name}", client, anyone, tcp=ports) for name, ports in (("x", "25"), ("y", "25"), ("z", "80"))
    )
    style = Style(options={"replies": "no"})
    lines = text("cisco-ios", by_hand(one, same, more), style).splitlines()
    first, last = (next(n for n, line in enumerate(lines) if line.endswith(f"any eq {port}")) for port in (25, 80))
    assert [line.split()[:2] for line in lines[first - 2 : first]] == [["!", "row/6/x"], ["!", "row/6/y"]]
    assert lines[last - 1].split()[:2] == ["!", "row/6/z"]
    since = EarlierRender(plan=by_hand(one, same), style=style)
    lines = text("cisco-ios", by_hand(one, more), replace(style, since=since), "changes.cfg").splitlines()
    assert [line.split()[1] for line in lines if line.startswith("! row/")] == ["row/6/z"]
