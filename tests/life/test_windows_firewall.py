"""The life of the scripts of Windows Defender Firewall, on machines that a model of PowerShell simulates."""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.audit.readers.windows_firewall import WindowsFirewallReader
from perimeter365.errors import EmptyArtifactError
from perimeter365.model.role import OUR_ROLES
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render
from perimeter365.targets.target import EarlierRender
from perimeter365.targets.windows_firewall import OTHER_MACHINES, WINDOWS_ROLES, WindowsFirewall
from tests.life import tries
from tests.life.models.powershell import LOCAL, PowerShellError, StoppedError, Thing, Windows
from tests.targets import cases
from tests.targets.devices import disagreements
from tests.targets.netfilter import by_hand, flow, party

NAME = "windows-firewall"
FAULTS = Path(__file__).parent / "faults" / NAME
GPO = r"contoso.com\perimeter"

CLIENT, RESOLVER = party("client", "10.0.0.0/24", "2001:db8:c::/48"), party("resolver", "10.0.0.53")
PROXY, PHONE = party("mrs-proxy", "10.9.0.10", "2001:db8:e::10"), party("mobile-device", "10.200.0.0/16")
ONLINE, TEAMS = party("exchange-online", "40.96.0.0/13", "2603:1006::/40"), party("teams", "52.112.0.0/14")
BEFORE = by_hand(
    flow("row/6/in", ONLINE, PROXY, tcp="443"),
    flow("row/6/out", CLIENT, ONLINE, tcp="80,443", udp="3478-3481"),
    flow("row/6/dns", CLIENT, RESOLVER, tcp="53", udp="53"),
    flow("row/6/phones", PHONE, TEAMS, tcp="443"),
)
AFTER = by_hand(
    flow("row/6/out", CLIENT, party("exchange-online", "40.96.0.0/13", "52.96.0.0/14", "2603:1006::/40"), tcp="443"),
    flow("row/6/teams", CLIENT, TEAMS, udp="3478"),
    flow("row/6/dns", CLIENT, RESOLVER, tcp="53", udp="53"),
)
"""A prefix and a requirement more; ports, a protocol, a role (mrs-proxy) and its scenario less."""


def scripts(plan: Plan, since: Plan | None = None, empty: bool = False, **options: str) -> dict[str, str]:
    earlier = EarlierRender(plan=since, style=Style(options=options)) if since else None
    style = Style(options=options, since=earlier, allow_empty=empty)
    return {a.name: a.content.decode() for a in render(plan, NAME, style).artifacts}


def follow(machine: Windows, files: dict[str, str], part: str = "install", **options: str) -> Windows:
    """Carry out a part of the manual for each role that has a script, one after the other."""
    target = WindowsFirewall(Style(options=options))
    start = "changes-" if part == "changes" else ""
    for role in WINDOWS_ROLES:
        if f"{start}{role}.ps1" in files:
            target.role = role
            machine.files = files
            machine.follow(target.commands(part))  # type: ignore[arg-type]
    return machine


def machine_with_rules() -> Windows:
    """A machine with rules of its own, some of which look like ours."""
    machine = Windows()
    for name, group in {
        "CoreNet-DNS-Out-UDP": "@FirewallAPI.dll,-25000",
        "m365-own": "Contoso",
        "own-2": "perimeter365",
        "own-3": "perimeter365fabrikam2 client",
        "own-4": None,
    }.items():
        rule = {"Name": name, "DisplayName": name, "Group": group, "Direction": "Inbound", "Action": "Allow"}
        machine.stores[LOCAL][name] = Thing({**rule, "Protocol": "TCP", "LocalPort": "22", "PolicyStore": LOCAL})
    return machine


THEIRS = machine_with_rules().stores[LOCAL]


def ours(machine: Windows, store: str = LOCAL) -> dict[str, Thing]:
    return {name: rule for name, rule in machine.stores.get(store, {}).items() if name not in THEIRS}


def wrong(machine: Windows, plan: Plan, store: str = LOCAL) -> list[str]:
    """Packets that only one of our rules and the plan allows, at the ends of machines that run Windows."""
    device = WindowsFirewallReader()
    keys = ("Direction", "Action", "Protocol", "LocalPort", "RemotePort", "LocalAddress", "RemoteAddress")
    for name, rule in ours(machine, store).items():
        device.policy_store[name] = {k: v if isinstance(v, list) else [v] for k, v in rule.items() if k in keys}
    return disagreements(NAME, device, plan)


@tries(NAME, "install", "again")
@pytest.mark.parametrize("plan", [BEFORE, cases.plan("small"), cases.plan("all-scenarios")])
def test_an_install_permits_the_plan_and_leaves_the_machines_own_rules_alone(plan: Plan) -> None:
    machine = follow(machine_with_rules(), scripts(plan))
    assert wrong(machine, plan) == []
    assert {name: machine.stores[LOCAL][name] for name in THEIRS} == THEIRS
    once, changes = deepcopy(machine.stores), machine.changes
    follow(machine, scripts(plan), "update")
    assert machine.stores == once
    assert machine.changes == changes
    assert machine.errors == []


@tries(NAME, "install", "again")
def test_with_another_option_the_rules_are_replaced() -> None:
    machine = follow(machine_with_rules(), scripts(BEFORE))
    follow(machine, scripts(BEFORE, local="any"))
    assert ours(machine) == ours(follow(machine_with_rules(), scripts(BEFORE, local="any")))
    assert not any("LocalAddress" in rule for rule in ours(machine).values())


@tries(NAME, "install")
def test_a_group_policy_object_gets_the_same_rules_and_the_machine_none() -> None:
    machine, files = machine_with_rules(), scripts(BEFORE)
    for name in sorted(files):
        machine.run(files[name], PolicyStore=GPO)
        machine.run(files[name], PolicyStore=GPO)
    assert wrong(machine, BEFORE, GPO) == []
    assert machine.stores[LOCAL] == THEIRS


def test_machines_that_do_not_run_windows_have_no_script_and_their_flows_are_counted() -> None:
    rendered = render(BEFORE, NAME)
    assert {a.name for a in rendered.artifacts} == {f"{role}.ps1" for role in WINDOWS_ROLES}
    assert (
        {"mobile-device", "load-balancer", "sbc", "pstn-gateway"} == set(OTHER_MACHINES) == set(OUR_ROLES) - {*WINDOWS_ROLES}
    )
    assert rendered.outside == {"unselected": 1}
    assert not any(detail.id == "row/6/phones" for detail in rendered.details)


@tries(NAME, "empty")
def test_a_plan_without_a_rule_is_refused_and_if_it_is_wanted_only_our_rules_go() -> None:
    names = by_hand(flow("row/6/in", ONLINE, replace(PROXY, prefixes=party("mrs-proxy").prefixes), tcp="443"))
    phones = by_hand(flow("row/6/phones", PHONE, TEAMS, tcp="443"))
    for plan in (names, phones, by_hand()):
        with pytest.raises(EmptyArtifactError, match="nothing for this target"):
            scripts(plan)
        machine = follow(machine_with_rules(), scripts(BEFORE))
        follow(machine, scripts(plan, empty=True))
        assert machine.stores[LOCAL] == THEIRS


@tries(NAME, "grow", "shrink", "back")
@pytest.mark.parametrize(("old", "new"), [(BEFORE, AFTER), (AFTER, BEFORE)])
def test_an_update_leaves_nothing_of_the_earlier_plan(old: Plan, new: Plan) -> None:
    machine = follow(machine_with_rules(), scripts(old))
    follow(machine, scripts(new), "update")
    assert wrong(machine, new) == []
    assert {name: machine.stores[LOCAL][name] for name in THEIRS} == THEIRS
    follow(machine, scripts(old), "update")
    assert ours(machine) == ours(follow(machine_with_rules(), scripts(old)))


@tries(NAME, "shrink")
@pytest.mark.parametrize("way", ["update", "changes"])
def test_the_rules_of_a_role_that_left_are_removed_by_the_script_of_the_role(way: str) -> None:
    machine = follow(machine_with_rules(), {"mrs-proxy.ps1": scripts(BEFORE)["mrs-proxy.ps1"]})
    assert len(ours(machine)) == 1
    name = "mrs-proxy.ps1" if way == "update" else "changes-mrs-proxy.ps1"
    follow(machine, {name: scripts(AFTER, BEFORE)[name]}, way)
    assert machine.stores[LOCAL] == THEIRS


@tries(NAME, "interrupted")
@pytest.mark.parametrize("way", ["update", "changes"])
@pytest.mark.parametrize(("old", "new"), [(BEFORE, AFTER), (AFTER, BEFORE)])
def test_after_each_command_what_both_plans_need_is_open_and_nothing_else(old: Plan, new: Plan, way: str) -> None:
    start = follow(machine_with_rules(), scripts(old))
    before, after = (set(ours(follow(machine_with_rules(), scripts(plan)))) for plan in (old, new))
    files = scripts(new, old)

    def look(machine: Windows) -> None:
        assert set(ours(machine)) <= before | after
        for role in WINDOWS_ROLES:  # first all rules of a role are added, then others are removed
            mine, wanted, had = (of_role(role, machine), of_role(role, end), of_role(role, start))
            assert mine >= wanted or mine >= had

    end = follow(deepcopy(start), files, way)
    steps = end.changes - start.changes
    assert steps >= 5
    for stop in range(1, steps + 1):
        machine = deepcopy(start)
        machine.stop_after, machine.watch = machine.changes + stop, look
        with pytest.raises(StoppedError):
            follow(machine, files, way)
        machine.stop_after = None
        follow(machine, files, way)
        assert wrong(machine, new) == []
        assert {name: machine.stores[LOCAL][name] for name in THEIRS} == THEIRS
        assert machine.errors == []


def of_role(role: str, machine: Windows) -> set[str]:
    return {name for name, rule in machine.stores[LOCAL].items() if rule["Group"] == f"perimeter365 {role}"}


@tries(NAME, "unordered")
def test_changes_that_are_rendered_twice_and_loaded_once_or_twice_end_in_the_plan() -> None:
    middle = by_hand(*BEFORE.flows[:2], *AFTER.flows[1:])
    for loaded in ([scripts(AFTER, BEFORE)], [scripts(middle, BEFORE), scripts(AFTER, BEFORE)], [scripts(AFTER)] * 2):
        machine = follow(machine_with_rules(), scripts(BEFORE))
        for files in loaded:
            follow(machine, files, "changes" if any(name.startswith("changes") for name in files) else "update")
        follow(machine, scripts(AFTER), "update")
        assert wrong(machine, AFTER) == []


@tries(NAME, "neighbors")
def test_two_organizations_and_two_roles_on_one_machine_do_not_meet() -> None:
    machine = follow(machine_with_rules(), scripts(BEFORE))
    alone = deepcopy(machine.stores[LOCAL])
    follow(machine, scripts(AFTER, prefix="fabrikam"), prefix="fabrikam")
    assert machine.stores[LOCAL].items() > alone.items()
    follow(machine, scripts(BEFORE), "update")
    follow(machine, scripts(by_hand(), empty=True, prefix="fabrikam"), prefix="fabrikam")
    assert machine.stores[LOCAL] == alone
    follow(machine, scripts(AFTER, prefix="fabrikam"), prefix="fabrikam")
    machine.follow(WindowsFirewall().commands("remove"))
    left = follow(machine_with_rules(), scripts(AFTER, prefix="fabrikam"), prefix="fabrikam")
    assert machine.stores[LOCAL].keys() == left.stores[LOCAL].keys()


@tries(NAME, "neighbors", "grow")
@pytest.mark.parametrize("way", ["update", "changes"])
def test_a_flow_whose_role_changes_moves_to_the_script_of_the_other_role(way: str) -> None:
    old = by_hand(flow("row/6/x", party("exchange-server", "10.9.0.20"), ONLINE, tcp="443"))
    new = by_hand(flow("row/6/x", party("entra-connect", "10.9.0.20"), ONLINE, tcp="443"))
    machine = follow(machine_with_rules(), scripts(old))
    for name in ("entra-connect.ps1", "exchange-server.ps1"):  # in this order the old rule is still there
        machine.run(scripts(new, old)[name if way == "update" else f"changes-{name}"])
        assert wrong(machine, new) == []
    assert {rule["Group"] for rule in ours(machine).values()} == {"perimeter365 entra-connect"}


@tries(NAME, "remove")
def test_the_removal_takes_our_rules_alone_whatever_plan_they_are_of() -> None:
    machine = follow(machine_with_rules(), scripts(BEFORE))
    machine.follow(WindowsFirewall().commands("remove"))
    assert machine.stores[LOCAL] == THEIRS
    machine.follow(WindowsFirewall().commands("remove"))
    assert machine.stores[LOCAL] == THEIRS
    assert machine.errors == []


def test_long_names_stay_below_the_limit_and_differ() -> None:
    long = "row/6/" + "a-very-long-name-of-a-requirement-" * 9
    plan = by_hand(*(flow(f"{long}{n}"[:300] + str(n), CLIENT, ONLINE, tcp=str(n)) for n in range(1, 8)))
    machine = follow(machine_with_rules(), scripts(plan, prefix="fabrikam"), prefix="fabrikam")
    assert len(ours(machine)) == 7
    assert max(map(len, ours(machine))) <= 255
    assert wrong(machine, plan) == []


# -- the model -----------------------------------------------------------------------------------------------------------


def read(folder: str) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted((FAULTS / folder).glob("*.ps1"))}


def test_the_model_shows_the_rule_of_a_role_that_left() -> None:
    machine = Windows()
    for script in (*read("left/before").values(), *read("left/after").values()):
        machine.run(script)
    assert {rule["Group"] for rule in machine.stores[LOCAL].values()} == {"perimeter365 mrs-proxy", "perimeter365 resolver"}


def test_the_model_refuses_the_name_that_two_roles_had() -> None:
    machine, files = Windows(), read("role")
    machine.run(files["exchange-server.ps1"])
    for name in ("changes-entra-connect.ps1", "entra-connect.ps1"):
        with pytest.raises(PowerShellError, match="already exists"):
            machine.run(files[name])


def outcome(files: dict[str, str]) -> object:
    """What a life leaves: an install on a machine and in a GPO, an update after another plan; or the error."""
    before = scripts(BEFORE)
    machine = follow(machine_with_rules(), before)
    for name in sorted(before):
        machine.run(before[name], PolicyStore=GPO)
    try:
        follow(machine, files)
        follow(machine, files)
        for name in sorted(files):
            machine.run(files[name], PolicyStore=GPO)
        return machine.stores, machine.changes, follow(machine_with_rules(), files).stores
    except PowerShellError as error:
        return str(error)


@pytest.mark.parametrize("role", ["client", "mrs-proxy"])
def test_each_line_of_a_script_is_needed(role: str) -> None:
    files = scripts(AFTER)
    right = outcome(files)
    lines = files[f"{role}.ps1"].splitlines()
    for number, line in enumerate(lines):
        if line.startswith(("#", "$ErrorActionPreference")):
            continue
        mutated = "\n".join(lines[:number] + lines[number + 1 :])
        assert outcome({**files, f"{role}.ps1": mutated}) != right, line


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("-Protocol TCP", "-Protocol UDP"),
        ("-RemotePort '443'", "-RemotePort '443-444'"),
        ("'52.96.0.0/14'", "'52.96.0.0/13'"),
        ("-Action Allow", "-Action Block"),
        ("-RemoteAddress", "-RemoteAddresses"),
        ("-Group $group", ""),
        ("-notcontains 'm365", "-contains 'm365"),
        ("-eq $group", "-ne $group"),
        ("$keep -notcontains", "$keep -contains"),
        ("Remove-NetFirewallRule @store -Name $_", "Remove-NetFirewallRule @store"),
    ],
)
def test_a_damaged_command_is_noticed(old: str, new: str) -> None:
    files = scripts(AFTER)
    assert old in files["client.ps1"]
    assert outcome({**files, "client.ps1": files["client.ps1"].replace(old, new)}) != outcome(files)


@pytest.mark.parametrize("line", [line for name in ("remove",) for line in WindowsFirewall().commands(name)])
def test_a_damaged_removal_is_noticed(line: str) -> None:
    for old, new in (("-like", "-eq"), ("perimeter365 *", "perimeter*"), (" | Remove-NetFirewallRule", "")):
        machine = follow(machine_with_rules(), scripts(BEFORE))
        machine.follow([line.replace(old, new)])
        assert machine.stores[LOCAL] != THEIRS


@pytest.mark.parametrize(
    "script",
    [
        "New-NetFirewallRule -Name 'a'",
        "New-NetFirewallRule -DisplayName 'a' -LocalPort '1'",
        "New-NetFirewallRule -DisplayName 'a' -Direction Outward",
        "New-NetFirewallRule -DisplayName 'a' -RemoteAddress @()",
        "New-NetFirewallRule -DisplayName 'a' -RemoteAddress '10.0.0.1/8'",
        "New-NetFirewallRule -DisplayName 'a' -DisplayName 'b'",
        "Remove-NetFirewallRule -Name 'none'",
        "Remove-NetFirewallRule -Names 'none'",
        "Invoke-Expression 'x'",
        "'a' | Remove-NetFirewallRule",
        "if ($true) { 'a'",
        "param($Other)",
    ],
)
def test_the_model_refuses_what_powershell_refuses(script: str) -> None:
    with pytest.raises(PowerShellError):
        Windows().run(f"$ErrorActionPreference = 'Stop'\n{script}", **({"PolicyStore": "x"} if "param" in script else {}))


def test_errors_of_commands_end_a_script_only_if_it_says_so() -> None:
    machine = Windows()
    machine.run("Remove-NetFirewallRule -Name 'none'\nNew-NetFirewallRule -DisplayName 'a' -Name 'b'")
    assert machine.errors == ["Remove-NetFirewallRule: no rule has the name none"]
    assert list(machine.stores[LOCAL]) == ["b"]


def test_comparisons_ignore_case_and_arrays_are_filtered() -> None:
    machine = Windows()
    script = "$a = @('x', 'Y')\nif ($a -contains 'y' -and @($a -eq 'X').Count -eq 1) { Write-Warning \"$a: $($a[1])\" }"
    machine.run(script)
    assert machine.warnings == ["x Y: Y"]
