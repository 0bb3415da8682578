"""The life of the rules of the name resolution policy table, on machines that a model of PowerShell simulates."""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.model.host import HostPattern
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render
from perimeter365.targets.nrpt import Nrpt
from tests.life import tries
from tests.life.models.powershell import PowerShellError, StoppedError, Thing, Windows
from tests.targets import cases
from tests.targets.netfilter import by_hand, flow, party

NAME = "nrpt"
SERVERS = "192.0.2.53,2001:db8::53"
FAULTS = Path(__file__).parent / "faults" / NAME


def plan_of(*hosts: str) -> Plan:
    end = replace(party("exchange-online"), hosts=tuple(map(HostPattern, hosts)))
    return by_hand(flow("row/6/names", party("client", "10.0.0.0/8"), end, tcp="443"))


BEFORE = plan_of("outlook.office.com", "*.sharepoint.com", "teams.microsoft.com")
AFTER = plan_of("outlook.office.com", "*.sharepoint.com", "*.teams.microsoft.com", "aka.ms")


def script(plan: Plan, servers: str = SERVERS, **options: str) -> dict[str, str]:
    made = render(plan, NAME, Style(options={"servers": servers, **options}, allow_empty=True)).artifacts
    return {a.name: a.content.decode() for a in made}


def follow(machine: Windows, plan: Plan | None, part: str = "install", servers: str = SERVERS, **options: str) -> Windows:
    machine.files = script(plan, servers, **options) if plan else {}
    machine.follow(Nrpt(Style(options={"servers": servers, **options})).commands(part))  # type: ignore[arg-type]
    return machine


def machine_with_rules() -> Windows:
    machine = Windows()
    for name, space, comment in (("{1}", ".corp.contoso.com", None), ("{2}", "outlook.office.com", "perimeter365 test")):
        rule = {"Name": name, "Namespace": [space], "NameServers": ["10.0.0.53"], "Comment": comment}
        machine.nrpt[""][name] = Thing(rule)
    return machine


THEIRS = machine_with_rules().nrpt[""]


def resolved(machine: Windows, name: str, comment: str = "perimeter365", gpo: str = "") -> list[str]:
    """The servers of our most specific rule for a name; [] if it has none."""
    rules = [r for r in machine.nrpt[gpo].values() if r["Comment"] == comment]
    found = [(len(space), r["NameServers"]) for r in rules for space in r["Namespace"] if covers(space, name)]
    return max(found)[1] if found else []


def covers(space: str, name: str) -> bool:
    return f".{name}".endswith(space) if space.startswith(".") else name == space


def spaces(machine: Windows, gpo: str = "", comment: str = "perimeter365") -> list[str]:
    return sorted(space for r in machine.nrpt[gpo].values() if r["Comment"] == comment for space in r["Namespace"])


def own(machine: Windows) -> dict[str, Thing]:
    return {name: rule for name, rule in machine.nrpt[""].items() if name in THEIRS}


def wanted(plan: Plan) -> list[str]:
    hosts = {h.text for f in plan.flows if f.direction == "outbound" for h in f.destination.hosts}
    return sorted({h for h in hosts if "*" not in h} | {h[1:] for h in hosts if h.startswith("*.")})


@tries(NAME, "install", "again")
@pytest.mark.parametrize("plan", [BEFORE, cases.plan("small")])
def test_an_install_adds_a_rule_for_each_name_and_keeps_other_rules(plan: Plan) -> None:
    machine = follow(machine_with_rules(), plan)
    assert spaces(machine) == wanted(plan)
    assert own(machine) == THEIRS
    assert {tuple(r["NameServers"]) for n, r in machine.nrpt[""].items() if n not in THEIRS} == {tuple(SERVERS.split(","))}
    changes = machine.changes
    follow(machine, plan, "update")
    assert machine.changes == changes
    assert machine.errors == machine.warnings == []


@tries(NAME, "again")
def test_other_servers_are_set_in_place() -> None:
    machine = follow(machine_with_rules(), BEFORE)
    names = set(machine.nrpt[""])
    follow(machine, BEFORE, servers="192.0.2.54")
    assert set(machine.nrpt[""]) == names
    assert resolved(machine, "a.sharepoint.com") == ["192.0.2.54"]
    assert own(machine) == THEIRS


@tries(NAME, "install")
def test_a_group_policy_object_gets_the_rules_instead_of_the_machine() -> None:
    machine = machine_with_rules()
    for plan in (BEFORE, AFTER, AFTER):
        machine.run(script(plan)["nrpt.ps1"], GpoName="VPN")
        assert spaces(machine, "VPN") == wanted(plan)
    assert machine.nrpt[""] == THEIRS


def test_it_warns_that_a_group_policy_overrides_the_rules_of_the_machine() -> None:
    machine = machine_with_rules()
    machine.by_policy = True
    machine.run(script(BEFORE)["nrpt.ps1"], GpoName="VPN")
    assert machine.warnings == []
    follow(machine, BEFORE)
    (warning,) = machine.warnings
    assert "-GpoName" in warning


@tries(NAME, "empty", "shrink")
def test_a_plan_without_names_removes_our_rules_alone() -> None:
    machine = follow(machine_with_rules(), by_hand())
    assert machine.nrpt[""] == THEIRS
    follow(follow(machine, BEFORE), by_hand(), "update")
    assert machine.nrpt[""] == THEIRS


@tries(NAME, "grow", "shrink", "back", "unordered")
@pytest.mark.parametrize(("old", "new"), [(BEFORE, AFTER), (AFTER, BEFORE)])
def test_an_update_leaves_nothing_of_the_earlier_plan(old: Plan, new: Plan) -> None:
    machine = follow(machine_with_rules(), old)
    script(new)  # a script says everything, whatever was rendered before
    follow(machine, new, "update")
    assert spaces(machine) == wanted(new)
    follow(machine, old, "update")
    assert spaces(machine) == wanted(old)
    assert own(machine) == THEIRS


@tries(NAME, "interrupted")
@pytest.mark.parametrize("servers", [SERVERS, "192.0.2.54"])
@pytest.mark.parametrize(("old", "new"), [(BEFORE, AFTER), (AFTER, BEFORE)])
def test_after_each_command_names_of_both_plans_are_resolved_and_no_others(old: Plan, new: Plan, servers: str) -> None:
    start = follow(machine_with_rules(), old)
    both, either = set(wanted(old)) & set(wanted(new)), set(wanted(old)) | set(wanted(new))

    def look(machine: Windows) -> None:
        assert both <= set(spaces(machine)) <= either
        # teams.microsoft.com is a name of one plan, and of a suffix of the other one
        assert resolved(machine, "teams.microsoft.com") in (SERVERS.split(","), servers.split(","))

    steps = follow(deepcopy(start), new, servers=servers).changes - start.changes
    assert steps >= 3
    for stop in range(1, steps + 1):
        machine = deepcopy(start)
        machine.stop_after, machine.watch = machine.changes + stop, look
        with pytest.raises(StoppedError):
            follow(machine, new, servers=servers)
        machine.stop_after = None
        follow(machine, new, servers=servers)
        assert spaces(machine) == wanted(new)
        assert own(machine) == THEIRS


@tries(NAME, "neighbors", "remove")
def test_two_organizations_do_not_meet_and_the_removal_takes_our_rules_alone() -> None:
    machine = follow(follow(machine_with_rules(), BEFORE), AFTER, prefix="fabrikam")
    assert spaces(machine) == wanted(BEFORE)
    assert spaces(machine, comment="perimeter365fabrikam") == wanted(AFTER)
    follow(machine, None, "remove")
    assert spaces(machine) == []
    assert spaces(machine, comment="perimeter365fabrikam") == wanted(AFTER)
    follow(machine, None, "remove", prefix="fabrikam")
    assert machine.nrpt[""] == THEIRS
    assert machine.errors == []


def test_a_domain_that_the_plan_needs_is_no_loss_of_its_suffix() -> None:
    plan = plan_of("teams.microsoft.com", "*.teams.microsoft.com", "*.sharepoint.com")
    losses = render(plan, NAME, Style(options={"servers": SERVERS})).losses
    assert [(loss.kind, *map(str, loss.subjects)) for loss in losses] == [("widened", "*.sharepoint.com")]


# -- the model -----------------------------------------------------------------------------------------------------------


def test_the_model_shows_the_gap_of_a_script_that_removes_first() -> None:
    machine, gaps = Windows(), []
    text = (FAULTS / "nrpt.ps1").read_text("utf-8")
    machine.run(text)
    before = spaces(machine)
    machine.watch = lambda each: gaps.append(not resolved(each, "aka.ms"))
    machine.run(text)
    assert any(gaps)
    assert spaces(machine) == before
    machine.by_policy = True
    machine.run(text)
    assert machine.warnings == []


def outcome(text: str) -> object:
    machine = follow(machine_with_rules(), BEFORE)
    machine.run(script(BEFORE)["nrpt.ps1"], GpoName="VPN")
    machine.by_policy = True
    gaps = []
    machine.watch = lambda each: gaps.append(
        sorted(resolved(each, n) != [] for n in ("outlook.office.com", "a.sharepoint.com"))
    )
    try:
        for gpo in ({}, {}, {"GpoName": "VPN"}):
            machine.run(text, **gpo)
    except PowerShellError as error:
        return str(error)
    return machine.nrpt, machine.warnings, machine.changes, gaps


def test_each_line_of_the_script_is_needed() -> None:
    lines = script(AFTER, "192.0.2.54")["nrpt.ps1"].splitlines()
    right = outcome("\n".join(lines))
    assert not isinstance(right, str)
    for number, line in enumerate(lines):
        if not line.startswith(("#", "$ErrorActionPreference")):
            assert outcome("\n".join(lines[:number] + lines[number + 1 :])) != right, line


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("-eq $comment", "-ne $comment"),
        ("-NameServers $servers -Comment", "-Comment"),
        (" -Force", ""),
        ("$spaces -notcontains", "$spaces -contains"),
        (".Count -eq 0", ".Count -eq 1"),
        ('-ne "$servers"', '-eq "$servers"'),
        ("-not $GpoName", "$GpoName"),
        ("-Comment $comment", ""),
    ],
)
def test_a_damaged_command_is_noticed(old: str, new: str) -> None:
    text = script(AFTER, "192.0.2.54")["nrpt.ps1"]
    assert old in text
    assert outcome(text.replace(old, new)) != outcome(text)


@pytest.mark.parametrize(("old", "new"), [("-eq", "-like"), ("'perimeter365'", "'perimeter365*'"), (" -Force", "")])
def test_a_damaged_removal_is_noticed(old: str, new: str) -> None:
    (line,) = Nrpt(Style(options={"servers": SERVERS})).commands("remove")
    assert old in line
    machine = follow(machine_with_rules(), BEFORE)
    damaged = line.replace("'perimeter365'", "'perimeter365*'").replace(old, new) if old == "-eq" else line.replace(old, new)
    try:
        machine.follow([damaged if old != "'perimeter365'" else damaged.replace("-eq", "-like")])
    except PowerShellError:
        return
    assert machine.nrpt[""] != THEIRS
