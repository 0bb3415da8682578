"""The life of the access lists of ASA and IOS, on models of both devices that have entries of the administrator."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest

from perimeter365.audit.packets import AllowRule, cuts, differences
from perimeter365.errors import EmptyArtifactError
from perimeter365.plan.plan import Plan, PlanParty
from perimeter365.targets import Style, cisco_ios, render, targets
from perimeter365.targets.life import Part
from perimeter365.targets.since import load_render
from perimeter365.targets.target import EarlierRender, Target
from perimeter365.targets.write import write
from tests.life import tries
from tests.life.models._cisco import CiscoDevice, Packet, StoppedError, everything
from tests.life.models.cisco_asa import AsaDevice
from tests.life.models.cisco_ios import IosDevice
from tests.targets.devices import STARS, wanted
from tests.targets.netfilter import by_hand, case, flow, party

IOS, ASA = "cisco-ios", "cisco-asa"
BOTH = pytest.mark.parametrize("name", [IOS, ASA])
INSIDE = {IOS: "GigabitEthernet0/0/1", ASA: "inside"}
OUTSIDE = {IOS: "GigabitEthernet0/0/0", ASA: "outside"}
OTHER = {IOS: "Vlan7", ASA: "dmz"}

CLIENT = ("10.0.0.0/24", "10.9.0.0/16", "2001:db8:c::/48")
ONLINE = ("40.96.0.0/13", "52.96.0.0/14", "2603:1006::/40")


def before() -> Plan:
    client, servers = party("client", *CLIENT), party("exchange-server", "203.0.113.10", "203.0.113.11", "2001:db8:e::10")
    online = party("exchange-online", *ONLINE)
    return by_hand(
        flow("ws/worldwide/1", client, online, tcp="80,443"),
        flow("ws/worldwide/2", client, online, tcp="143,993"),
        flow("row/6/in", online, servers, tcp="443"),
        flow("row/6/gone", servers, party("azure", "20.0.0.0/24"), tcp="443", udp="3478-3481"),
        flow("row/6/anyone", PlanParty(role="internet"), servers, tcp="25"),
    )


def after() -> Plan:
    """Both ends and the ports of a requirement change at once, one goes, one comes."""
    client, servers = party("client", *CLIENT[1:], "10.0.0.0/25"), party("exchange-server", "203.0.113.11", "2001:db8:e::12")
    online = party("exchange-online", "40.96.0.0/14", "40.100.0.0/15", "52.96.0.0/14", "2603:1006::/40", "2603:1016::/36")
    return by_hand(
        flow("ws/worldwide/1", client, online, tcp="443", udp="443"),
        flow("ws/worldwide/2", client, online, tcp="993"),
        flow("ws/worldwide/3", client, party("teams", "52.112.0.0/14"), udp="3478-3481"),
        flow("row/6/in", online, servers, tcp="443"),
        flow("row/6/anyone", party("exchange-online-protection", "40.92.0.0/15"), servers, tcp="25"),
    )


def nothing() -> Plan:
    return by_hand()


OWN: dict[str, str] = {
    IOS: """interface GigabitEthernet0/0/0
interface GigabitEthernet0/0/1
object-group network office
 10.77.0.0 255.255.0.0
object-group service mgmt
 tcp eq 22
ip access-list extended OFFICE
 remark of the administrator
 permit object-group mgmt object-group office any
 deny ip any any log
ipv6 access-list OFFICE6
 permit tcp any any eq 22
interface Vlan9
 ip access-group OFFICE in
 ipv6 traffic-filter OFFICE6 in
""",
    ASA: """object network m365ish
 host 192.0.2.1
object-group network office
 network-object 10.77.0.0 255.255.0.0
access-list OFFICE remark of the administrator
access-list OFFICE extended permit tcp object-group office any4 eq 22
access-list OFFICE extended deny ip any any log
access-group OFFICE in interface office
""",
}
"""What the device has before: also names that are similar to ours."""

MINE: dict[str, str] = {
    IOS: """ip access-list extended P365-OUTBOUND
 5 permit tcp host 10.200.0.9 host 198.51.100.9 eq 22
 999999 deny ip any any log
ipv6 access-list P365-OUTBOUND-V6
 sequence 5 permit tcp host 2001:db8:aaaa::9 host 2001:db8:bbbb::9 eq 22
 sequence 4100000000 deny ipv6 any any log
""",
    ASA: """access-list P365-OUTBOUND line 1 extended permit tcp host 10.200.0.9 host 198.51.100.9 eq 22
access-list P365-OUTBOUND line 1 extended permit tcp host 2001:db8:aaaa::9 host 2001:db8:bbbb::9 eq 22
access-list P365-OUTBOUND line {last} extended deny ip any any log
""",
}
"""Entries of the administrator in our list, as the manuals say: permits at the top, a deny of everything below ours."""
MINE_ALLOW = [
    AllowRule.of("tcp", source=["10.200.0.9"], destination=["198.51.100.9"], ports="22"),
    AllowRule.of("tcp", source=["2001:db8:aaaa::9"], destination=["2001:db8:bbbb::9"], ports="22", family=6),
]


def device(name: str) -> CiscoDevice:
    made: CiscoDevice = AsaDevice(inside=100, outside=0, dmz=50, office=70) if name == ASA else IosDevice()
    for line in OWN[name].splitlines():
        made.command(line)
    return made


def add_mine(made: CiscoDevice) -> None:
    made.type("configure terminal")
    last = len(made.entries("P365-OUTBOUND")) + 2
    for line in MINE[made.name].format(last=last).splitlines():
        made.command(line)
    made.type("end")
    assert made.refused == []


class Life:
    """A target, the plans that were rendered one after the other, and the files of the last render."""

    def __init__(
        self, name: str, plan: Plan, since: "Life | None" = None, options: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        style = Style(options=options, allow_empty=True)
        self.earlier = EarlierRender(plan=plan, style=style)
        if since:
            style = replace(style, since=since.earlier, kept=since.kept)
        rendered = render(plan, name, style)
        self.kept: Mapping[str, int] = rendered.kept
        self.earlier = replace(self.earlier, style=replace(self.earlier.style, kept=self.kept))
        self.files = {a.name: a.content.decode() for a in rendered.artifacts}
        self.target: Target = targets[name](style)

    def on(self, made: CiscoDevice, part: Part, at: int | None = None) -> int:
        made.disk = self.files
        return made.follow(self.target.commands(part), at)


def allowed(plan: Plan, name: str, *directions: str) -> list[AllowRule]:
    return wanted(replace(plan, flows=tuple(f for f in plan.flows if f.direction in directions)), STARS[name])


def wanted_at(plan: Plan, name: str) -> dict[str, list[AllowRule]]:
    return {INSIDE[name]: allowed(plan, name, "outbound", "internal"), OUTSIDE[name]: allowed(plan, name, "inbound")}


def permits(made: CiscoDevice) -> dict[str, list[AllowRule]]:
    assert isinstance(made, AsaDevice | IosDevice)
    return {where: made.permits(where) for where in (INSIDE[made.name], OUTSIDE[made.name])}


def disagreements(made: CiscoDevice, plan: Plan, mine: Iterable[AllowRule] = ()) -> list[str]:
    """Packets that only one of the device and the plan permits, with the administrator's own."""
    now, right = permits(made), wanted_at(plan, made.name)
    right[INSIDE[made.name]] += mine
    return [f"{where}: {example}" for where in now for example in differences(now[where], right[where])]


def state(made: CiscoDevice) -> object:
    assert isinstance(made, AsaDevice | IosDevice)
    return made.state(), dict(made.bound)


def watched(made: CiscoDevice, old: dict[str, list[AllowRule]], new: dict[str, list[AllowRule]]) -> Callable[[], None]:
    """Assert after each line that what both need passes, and that nothing passes that neither needs."""

    def look() -> None:
        for where, now in permits(made).items():
            assert cuts(old[where], new[where], now) == []
            assert cuts(now, now, [*old[where], *new[where]]) == []

    return look


@cache
def installed_state(name: str) -> object:
    made = device(name)
    Life(name, before()).on(made, "install")
    return state(made)


def installed(name: str, plan: Plan, mine: bool = False) -> tuple[CiscoDevice, Life]:
    made, life = device(name), Life(name, plan)
    life.on(made, "install")
    assert made.refused == []
    if mine:
        add_mine(made)
    return made, life


# -- install ---------------------------------------------------------------------------------------------------------


@tries((IOS, ASA), "install")
@BOTH
def test_install_permits_exactly_the_plan_and_leaves_the_rest_alone(name: str) -> None:
    made = device(name)
    own = list(made.running())
    made.watch = watched(made, permits(made), wanted_at(before(), name))
    life = Life(name, before())
    made.disk = life.files
    made.type(life.target.commands("install")[0])
    assert permits(made) == permits(device(name)), "nothing changes before a list is bound"
    life.on(made, "install")
    assert disagreements(made, before()) == []
    running = list(made.running())
    assert [line for line in own if line not in running] == []
    assert made.saved == tuple(running)


@tries((IOS, ASA), "install")
@BOTH
def test_a_list_that_does_not_exist_is_not_bound(name: str) -> None:
    made, life = device(name), Life(name, before())
    made.follow(life.target.commands("install")[1:])
    opened = permits(made)[OUTSIDE[name]]
    if name == ASA:
        assert made.refused
        assert opened == []
    else:
        assert differences(opened, everything()) == [], "IOS: a list that does not exist permits everything"


def message(icmp: str, family: int = 4) -> Packet:
    ends = ("192.0.2.99", "203.0.113.10") if family == 4 else ("2001:db8::99", "2001:db8:e::10")
    return Packet(
        family=4 if family == 4 else 6, protocol="icmp", source=ends[0], destination=ends[1], icmp=icmp
    )  # fmt: skip


@BOTH
def test_path_mtu_discovery_works_where_the_lists_are_bound(name: str) -> None:
    made, _ = installed(name, before())
    assert isinstance(made, AsaDevice | IosDevice)
    for where in (INSIDE[name], OUTSIDE[name]):
        for family in (4, 6):
            sent = message("packet-too-big", family)
            # an ASA has a protocol of its own for ICMP of IPv6
            sent = replace(sent, protocol="icmp6") if (name, family) == (ASA, 6) else sent
            assert made.passes(where, sent)
            assert not made.passes(where, replace(sent, icmp="echo"))
        if name == IOS:
            for icmp in ("nd-na", "nd-ns", "router-solicitation", "router-advertisement"):
                assert made.passes(where, message(icmp, 6))


def test_an_ios_list_permits_the_answers_of_what_is_planned() -> None:
    made, _ = installed(IOS, before())
    assert isinstance(made, IosDevice)
    answer = Packet(
        family=4, protocol="tcp", source="40.96.0.1", destination="10.0.0.1", port=40_000, source_port=443, answers=True
    )  # fmt: skip
    assert made.passes(OUTSIDE[IOS], answer)
    assert not made.passes(OUTSIDE[IOS], replace(answer, answers=False))
    udp = Packet(
        family=4, protocol="udp", source="20.0.0.7", destination="203.0.113.10", port=40_000, source_port=3480
    )  # fmt: skip
    assert made.passes(OUTSIDE[IOS], udp)
    assert not made.passes(OUTSIDE[IOS], replace(udp, source_port=3482))
    assert not made.passes(OUTSIDE[IOS], replace(udp, source="20.0.1.0"))
    assert not made.passes(INSIDE[IOS], udp)


@pytest.mark.parametrize(("replies", "kind"), [("permit", "widened"), ("no", "narrowed")])
def test_a_list_without_state_is_a_loss_of_each_requirement(replies: str, kind: str) -> None:
    rendered = render(before(), IOS, Style(options={"replies": replies}))
    found = {(detail.kind, detail.id) for detail in rendered.details if detail.code == "stateless"}
    assert found == {(kind, flow.id) for flow in before().flows}
    text = next(a for a in rendered.artifacts if a.name == "perimeter365.cfg").content.decode()
    assert ("established" in text) == (replies == "permit")


# -- nothing to say --------------------------------------------------------------------------------------------------


@tries((IOS, ASA), "empty")
@BOTH
def test_nothing_to_say_is_an_error_and_never_opens(name: str) -> None:
    with pytest.raises(EmptyArtifactError):
        render(nothing(), name)
    made, _ = installed(name, nothing())
    assert disagreements(made, nothing()) == []
    lists = ["P365-OUTBOUND", "P365-INBOUND"]
    for each in [*lists, *(f"{each}-V6" for each in lists if name == IOS)]:
        assert re.fullmatch(r"(extended )?deny ip(v6)? any any", made.entries(each)[-1].line)


@tries((IOS, ASA), "empty", "shrink")
@BOTH
def test_a_plan_that_shrinks_to_nothing_closes_and_opens_again_when_it_grows(name: str) -> None:
    made, life = installed(name, before())
    made.watch = watched(made, permits(made), wanted_at(nothing(), name))
    empty = Life(name, nothing(), since=life)
    empty.on(made, "changes")
    assert made.refused == []
    assert disagreements(made, nothing()) == []
    made.watch = watched(made, wanted_at(nothing(), name), wanted_at(before(), name))
    Life(name, before(), since=empty).on(made, "changes")
    assert made.refused == []
    assert state(made) == installed_state(name)


@tries((IOS, ASA), "empty")
@BOTH
@pytest.mark.parametrize("family", [4, 6])
def test_one_family_only_closes_the_other_one(name: str, family: int) -> None:
    client, online = ([p for p in some if (":" in p) == (family == 6)] for some in (CLIENT, ONLINE))
    ends = party("client", *client), party("exchange-online", *online)
    plan = by_hand(flow("ws/worldwide/1", *ends, tcp="443", udp="443"))
    made, _ = installed(name, plan)
    assert disagreements(made, plan) == []


# -- updates ---------------------------------------------------------------------------------------------------------


@tries((IOS, ASA), "again")
@BOTH
def test_the_same_files_twice_change_nothing(name: str) -> None:
    made, life = installed(name, before())
    once = list(made.running())
    made.watch = watched(made, permits(made), permits(made))
    life.on(made, "update")
    life.on(made, "install")
    assert state(made) == installed_state(name)
    assert sorted(re.sub(r"^ \d+ ", " ", line) for line in made.running()) == sorted(
        re.sub(r"^ \d+ ", " ", line) for line in once
    )


@tries((IOS, ASA), "again")
@BOTH
def test_another_interface_is_bound_to_the_same_list(name: str) -> None:
    made, _ = installed(name, before())
    Life(name, before(), options={"inside": OTHER[name]}).on(made, "install")
    assert isinstance(made, AsaDevice | IosDevice)
    assert differences(made.permits(OTHER[name]), wanted_at(before(), name)[INSIDE[name]]) == []


@tries((IOS, ASA), "grow", "shrink", "neighbors")
@BOTH
@pytest.mark.parametrize("restarted", [False, True])
def test_changes_lead_to_the_new_plan_below_and_above_the_administrators_entries(name: str, restarted: bool) -> None:
    made, life = installed(name, before(), mine=True)
    if restarted and isinstance(made, IosDevice):
        made.restart()
    old, new = permits(made), wanted_at(after(), name)
    new[INSIDE[name]] += MINE_ALLOW
    made.watch = watched(made, old, new)
    Life(name, after(), since=life).on(made, "changes")
    assert made.refused == []
    assert disagreements(made, after(), MINE_ALLOW) == []
    fresh, _ = installed(name, after(), mine=True)
    assert state(made) == state(fresh)


@tries((IOS, ASA), "grow")
@BOTH
def test_the_full_file_adds_above_the_administrators_deny(name: str) -> None:
    made, _ = installed(name, before(), mine=True)
    Life(name, after()).on(made, "update")
    now, right = permits(made), wanted_at(after(), name)
    assert all(cuts(right[where], right[where], now[where]) == [] for where in now)


@tries((IOS, ASA), "interrupted")
@BOTH
def test_changes_that_are_interrupted_after_any_line_can_be_run_again(name: str) -> None:
    made, life = installed(name, before(), mine=True)
    changed, first = Life(name, after(), since=life), permits(made)
    lines = changed.on(made, "changes")
    done = state(made)
    assert lines > 80
    for at in range(1, lines):
        again, _ = installed(name, before(), mine=True)
        with pytest.raises(StoppedError):
            changed.on(again, "changes", at)
        if at % 40 == 0:
            new = wanted_at(after(), name)
            new[INSIDE[name]] += MINE_ALLOW
            again.watch = watched(again, first, new)
        changed.on(again, "changes")
        assert state(again) == done, at


@tries((IOS, ASA), "interrupted")
@BOTH
@pytest.mark.parametrize("part", ["install", "remove"])
def test_an_install_and_a_removal_that_are_interrupted_can_be_run_again(name: str, part: Part) -> None:
    life, start = Life(name, before()), state(device(name))
    lines = life.on(device(name), "install") if part == "install" else life.on(installed(name, before())[0], "remove")
    for at in range(1, lines):
        made = device(name) if part == "install" else installed(name, before())[0]
        with pytest.raises(StoppedError):
            life.on(made, part, at)
        life.on(made, part)
        assert state(made) == (installed_state(name) if part == "install" else start), at


@tries((IOS, ASA), "unordered")
@BOTH
def test_changes_that_were_rendered_but_not_loaded_are_left_out(name: str) -> None:
    made, life = installed(name, before())
    Life(name, nothing(), since=life)  # not loaded
    last = Life(name, after(), since=life)
    last.on(made, "changes")
    assert (made.refused, disagreements(made, after())) == ([], [])
    last.on(made, "changes")
    assert disagreements(made, after()) == []


@tries((IOS, ASA), "back")
@BOTH
def test_back_to_the_earlier_plan(name: str) -> None:
    made, life = installed(name, before())
    changed = Life(name, after(), since=life)
    changed.on(made, "changes")
    made.watch = watched(made, permits(made), wanted_at(before(), name))
    Life(name, before(), since=changed).on(made, "changes")
    assert made.refused == []
    assert state(made) == installed_state(name)


# -- neighbors and removal -------------------------------------------------------------------------------------------


@tries((IOS, ASA), "remove")
@BOTH
def test_removal_leaves_what_was_there_before(name: str) -> None:
    made, life = installed(name, before())
    Life(name, after(), since=life).on(made, "changes")
    Life(name, after()).on(made, "remove")
    assert made.refused == []
    assert list(made.running()) == list(device(name).running())
    assert state(made) == state(device(name))
    assert permits(made) == permits(device(name))
    assert made.type(life.target.commands("remove")[-1]) == ""
    assert made.saved == tuple(made.running())


@tries((IOS, ASA), "neighbors", "remove")
@BOTH
def test_two_organizations_share_a_device(name: str) -> None:
    other = {"prefix": "beta", "inside": OTHER[name], "outside": "Vlan8" if name == IOS else "office"}
    made, one = installed(name, before())
    two = Life(name, after(), options=other)
    two.on(made, "install")
    assert disagreements(made, before()) == []
    Life(name, before(), since=two, options=other).on(made, "changes")
    Life(name, after(), since=one).on(made, "changes")
    assert disagreements(made, after()) == []
    assert isinstance(made, AsaDevice | IosDevice)
    assert differences(made.permits(OTHER[name]), wanted_at(before(), name)[INSIDE[name]]) == []
    Life(name, before(), options=other).on(made, "remove")
    alone, _ = installed(name, after())
    assert made.state() == alone.state()
    assert disagreements(made, after()) == []


@BOTH
def test_roles_of_a_dmz_have_a_list_of_their_own(name: str) -> None:
    made, life = device(name), Life(name, before(), options={"dmz": "exchange-server", "dmz_interface": OTHER[name]})
    life.on(made, "install")
    assert made.refused == []
    assert isinstance(made, AsaDevice | IosDevice)
    parts = {True: [], False: []}  # type: dict[bool, list[str]]
    for each in before().flows:
        parts[each.source.role == "exchange-server"].append(each.id)
    for where, ids in ((OTHER[name], parts[True]), (INSIDE[name], parts[False])):
        mine = replace(before(), flows=tuple(f for f in before().flows if f.id in ids and f.direction != "inbound"))
        assert mine.flows
        assert differences(made.permits(where), wanted(mine, STARS[name])) == []
    life.on(made, "remove")
    assert state(made) == state(device(name))


# -- the model itself ------------------------------------------------------------------------------------------------


FAULTS = Path(__file__).parent / "faults"


def old(name: str, *files: str) -> CiscoDevice:
    """A device that has loaded artifacts of commit d74eff8, bound as their pages said after the first one."""
    made: CiscoDevice = AsaDevice() if name == ASA else IosDevice()
    for number, file in enumerate(files):
        for line in (FAULTS / name / file).read_text().splitlines():
            made.command(line)
        if number == 0:
            for line in targets[name](Style()).commands("install")[2:-2]:
                if name == IOS or made.matching(line.split()[1]):
                    made.command(line)
    return made


@pytest.mark.parametrize("family", [4, 6])
def test_fault_the_last_inbound_scenario_ends_and_ios_is_open(family: int) -> None:
    made = old(IOS, "contoso.cfg")
    closed = [rule for rule in permits(made)[OUTSIDE[IOS]] if rule.family == family]
    assert differences(closed, [rule for rule in everything() if rule.family == family])
    made = old(IOS, "contoso.cfg", "contoso3-changes.cfg")
    now = [rule for rule in permits(made)[OUTSIDE[IOS]] if rule.family == family]
    assert differences(now, [rule for rule in everything() if rule.family == family]) == []


def test_fault_a_plan_of_names_has_no_list_and_ios_is_open() -> None:
    made = old(IOS, "names.cfg")
    assert all(differences(rules, everything()) == [] for rules in permits(made).values())


def test_fault_the_last_outbound_requirement_goes_and_security_levels_decide() -> None:
    made = old(ASA, "one.cfg")
    assert differences(permits(made)["inside"], everything())
    made = old(ASA, "one.cfg", "two-changes.cfg")
    assert isinstance(made, AsaDevice)
    assert made.bound == {"outside": "P365-INBOUND"}
    assert differences(permits(made)["inside"], everything()) == []


def test_the_present_file_closes_what_the_fault_left_open() -> None:
    made = old(IOS, "contoso.cfg", "contoso3-changes.cfg")
    Life(IOS, nothing()).on(made, "update")
    assert made.refused == []
    assert permits(made) == {INSIDE[IOS]: [], OUTSIDE[IOS]: []}


@pytest.mark.parametrize(("name", "new"), [(IOS, 1), (ASA, 2)])
def test_fault_what_is_appended_never_matches_below_the_administrators_deny(name: str, new: int) -> None:
    made = old(name, "a.cfg")
    entry = "deny ip any any log"
    lines = [f"access-list P365-OUTBOUND extended {entry}"] if name == ASA else ["ip access-list extended P365-OUTBOUND"]
    for line in [*lines, *([] if name == ASA else [f" {entry}"])]:
        made.command(line)
    for line in (FAULTS / name / "b-changes.cfg").read_text().splitlines():
        made.command(line)
    below = [e.line for e in made.entries("P365-OUTBOUND")]
    below = below[[entry in line for line in below].index(True) + 1 :]
    assert len(below) == new
    phone = AllowRule.of("tcp", source=["10.200.0.1"], destination=["17.0.0.1"], ports="443")
    assert cuts([phone], [phone], permits(made)[INSIDE[name]]), "the phones of the new plan are cut"


@BOTH
def test_fault_remarks_stay_behind_when_entries_move(name: str) -> None:
    lines = [entry.line for entry in old(name, "a.cfg", "b-changes.cfg").entries("P365-OUTBOUND")]
    at = next(n for n, line in enumerate(lines) if "remark row/25/apple-devices-to-apple" in line)
    assert "remark ws/worldwide/11" in lines[at + 1], "the remark stands above another one"
    assert any("row-25-apple" in line for line in lines[at + 2 :]), "and its entry below that"


@BOTH
def test_entries_name_their_requirement_themselves(name: str) -> None:
    """There is no remark that could stay behind."""
    made, life = installed(name, before())
    Life(name, after(), since=life).on(made, "changes")
    used = re.compile(r"object-group (m365-(?:ws|row)-\S+?-(?:tcp|udp)-\S+)")
    for each in ("P365-OUTBOUND", "P365-INBOUND"):
        lines = [entry.line for entry in made.entries(each)]
        assert not any("remark" in line for line in lines)
        for line in lines:
            if found := used.search(line):
                text = made._descriptions[found[1]]
                assert text.split()[0].replace("/", "-") in found[1]
                assert len(found[1]) <= 64


def steps() -> Callable[[str], list[tuple[Life, Part, str]]]:
    """The steps of a life, with the files that they load."""

    @cache
    def of(name: str) -> list[tuple[Life, Part, str]]:
        one = Life(name, before())
        two = Life(name, after(), since=one)
        three = Life(name, nothing(), since=two)
        four = Life(name, before(), since=three)
        changes = [(life, "changes", "changes.cfg") for life in (two, three, four)]  # type: list[tuple[Life, Part, str]]
        return [(one, "install", "perimeter365.cfg"), *changes, (four, "remove", "remove.cfg")]

    return of


STEPS = steps()


def outcome(name: str, gone: str = "") -> object:
    """What a device does after the steps of a life, if one line is missing wherever it stands."""
    made, found = device(name), []  # type: CiscoDevice, list[object]
    for life, part, file in STEPS(name):
        made.disk = {file: "".join(f"{line}\n" for line in life.files[file].splitlines() if line != gone)}
        made.follow(line for line in life.target.commands(part) if line != gone)
        found += [tuple(line for line, _ in made.refused), made.saved, state(made)]
        found.append([behavior(made, where) for where in (INSIDE[name], OUTSIDE[name])])
    found.append(made.type(STEPS(name)[0][0].target.commands("remove")[-1]))
    return found


PROBES = [
    *(message("packet-too-big", family) for family in (4, 6)),
    replace(message("packet-too-big", 6), protocol="icmp6"),
    *(message(icmp, 6) for icmp in ("nd-na", "nd-ns", "router-solicitation", "router-advertisement")),
    Packet(family=4, protocol="ospf", source="10.0.0.1", destination="224.0.0.5"),
]


def behavior(made: CiscoDevice, where: str) -> object:
    assert isinstance(made, AsaDevice | IosDevice)
    return [made.passes(where, packet) for packet in PROBES]


@BOTH
def test_each_command_is_needed(name: str) -> None:
    lines = [line for life, _, file in STEPS(name) for line in life.files[file].splitlines()]
    lines += [line for life, part, _ in STEPS(name) for line in life.target.commands(part)]
    # An ASA also unbinds a list that is removed.
    spared = ("!", "# ", " description", "show ", *(["no access-group"] if name == ASA else []))
    good = outcome(name)
    for line in dict.fromkeys(lines):
        if not line.startswith(spared):
            assert outcome(name, line) != good, f"not missed: {line}"


@BOTH
def test_each_number_matters(name: str) -> None:
    """Another digit at the end of an address, a mask, a port or a name is refused, or permits other packets."""
    life, start = Life(name, before()), state(device(name))
    text = life.files["perimeter365.cfg"].splitlines()
    tried = 0
    for number, line in enumerate(text):
        changed = re.sub(r"(?<= )(\S*)(\d)(?=[^\d]*$)", lambda m: f"{m[1]}{(int(m[2]) + 1) % 10}", line[1:])
        changed = line[:1] + changed
        if changed == line or line.startswith("!") or any(word in line for word in NO_PACKETS):
            continue
        tried += 1
        made = device(name)
        made.disk = {"perimeter365.cfg": "\n".join([*text[:number], changed, *text[number + 1 :]])}
        made.follow(life.target.commands("install"))
        assert made.refused or state(made) == start or disagreements(made, before()) or answers(made), changed
    assert tried > 30


NO_PACKETS = ("description", "resequence", "icmp", "established", "deny ", "-V6", "access-list extended ")
"""Words of lines whose digits name a list, or a place in it, or that are not about connections."""


def answers(made: CiscoDevice) -> bool:
    """Whether an IOS router refuses the answers of what is planned, which are no connections."""
    udp = Packet(
        family=4, protocol="udp", source="20.0.0.7", destination="203.0.113.10", port=40_000, source_port=3481
    )  # fmt: skip
    return isinstance(made, IosDevice) and not made.passes(OUTSIDE[IOS], udp)


# -- numbers and names -----------------------------------------------------------------------------------------------


def test_crowded_ipv6_numbers_survive_updates_by_way_of_the_output_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cisco_ios, "NUMBERS", range(1_000_000, 1_000_090))
    made, first = installed(IOS, before())
    assert first.kept, "some entries have the same number at first"
    write([render(before(), IOS)], tmp_path / "0")
    for number, plan in enumerate((after(), before(), after()), 1):
        since = load_render(tmp_path / str(number - 1), targets[IOS])
        style = Style(since=since, kept=since.style.kept)
        write([render(plan, IOS, style)], tmp_path / str(number))
        made.disk = {"changes.cfg": (tmp_path / str(number) / IOS / "changes.cfg").read_text()}
        made.follow(targets[IOS](style).commands("changes"))
        assert (made.refused, disagreements(made, plan)) == ([], [])


@BOTH
@pytest.mark.parametrize("plan", ["contoso", "awkward", "everything-china"])
def test_the_shared_cases_are_accepted_and_permit_exactly_the_plan(name: str, plan: str) -> None:
    life = Life(name, case(plan))
    made = device(name)
    life.on(made, "install")
    assert made.refused == []
    assert disagreements(made, case(plan)) == []
