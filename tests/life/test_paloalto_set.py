"""The life of the files of PAN-OS, on a model of a firewall with rules of its own."""

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365 import load_catalog, make_plan
from perimeter365.audit.packets import differences
from perimeter365.errors import LimitError, OptionError
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.targets import RenderResult, Style, render, targets
from perimeter365.targets._bases.acl import flow_name
from perimeter365.targets.life import Part
from perimeter365.targets.since import load_render
from perimeter365.targets.target import EarlierRender
from perimeter365.targets.write import write
from tests.life import tries
from tests.life.models.panos import Panos
from tests.targets.devices import STARS, wanted
from tests.targets.netfilter import by_hand, case, files, flow, limits, party
from tests.targets.test_since import before_and_after

FAULTS = Path(__file__).parent / "faults" / "paloalto-set"
OWN = """configure
set address office ip-netmask 192.168.0.0/16
set service web protocol tcp port 80,443
set tag blue color color2
set rulebase security rules office-out from trust
set rulebase security rules office-out to untrust
set rulebase security rules office-out source office
set rulebase security rules office-out destination any
set rulebase security rules office-out application any
set rulebase security rules office-out service web
set rulebase security rules office-out action allow
set rulebase security rules deny-rest from any
set rulebase security rules deny-rest to any
set rulebase security rules deny-rest source any
set rulebase security rules deny-rest destination any
set rulebase security rules deny-rest application any
set rulebase security rules deny-rest service any
set rulebase security rules deny-rest action deny
commit
exit
"""
OLD, NEW = before_and_after()
ABOVE = {"before": "deny-rest"}


def firewall(**locations: Sequence[str]) -> Panos:
    """A firewall with rules of its own, the last of which denies everything."""
    device = Panos(**locations)
    device.load(OWN)
    assert (device.refused, device.commits) == ([], 1)
    return device


def made(plan: Plan, since: Plan | None = None, /, **options: str) -> RenderResult:
    style = Style(options={**ABOVE, **options}, allow_empty=True, limits=limits(plan, "paloalto-set"))
    style = replace(style, since=EarlierRender(plan=since, style=style)) if since else style
    return render(plan, "paloalto-set", style)


def text_of(rendered: RenderResult, name: str) -> str:
    return next(a.content.decode() for a in rendered.artifacts if a.name == name)


def steps(rendered: RenderResult, part: Part, **options: str) -> list[str]:
    """The lines of the manual, with the files that it says to paste."""
    found = []
    for line in targets["paloalto-set"](Style(options={**ABOVE, **options})).commands(part):
        if paste := re.fullmatch(r"# paste (\S+)", line):
            found += text_of(rendered, paste[1]).splitlines()
        elif not line.startswith("# "):
            found.append(line)
    return found


def follow(device: Panos, rendered: RenderResult, part: Part, **options: str) -> None:
    device.load("\n".join(steps(rendered, part, **options)))


def installed(plan: Plan, **options: str) -> Panos:
    device = firewall()
    follow(device, made(plan, **options), "install", **options)
    assert device.refused == []
    return device


def passes_exactly(device: Panos, plan: Plan, start: str = "m365-") -> None:
    assert differences(device.passes(start), wanted(plan, STARS["paloalto-set"])) == []


# -- the ten steps -----------------------------------------------------------------------------------------------------


@tries("paloalto-set", "install")
@pytest.mark.parametrize("plan", [OLD, NEW, case("awkward"), case("contoso")], ids=["old", "new", "awkward", "contoso"])
def test_the_plan_passes_and_what_the_firewall_had_is_still_there(plan: Plan) -> None:
    device, before = installed(plan), firewall()
    passes_exactly(device, plan)
    assert differences(device.passes("office"), before.passes()) == []
    assert [line for line in device.show() if "m365" not in line] == before.show()


@tries("paloalto-set", "install")
def test_below_a_rule_that_denies_everything_nothing_passes_until_it_is_moved() -> None:
    device = installed(OLD, before="")
    assert device.passes("m365-") == []
    passes_exactly(installed(OLD, before="top"), OLD)


@tries("paloalto-set", "empty")
def test_an_empty_plan_neither_opens_nor_closes() -> None:
    empty, before = case("nothing-selected"), firewall()
    device = firewall()
    follow(device, made(empty), "install")
    assert device.running == before.running
    device = installed(OLD)
    follow(device, made(empty, OLD), "changes")
    assert device.refused == []
    assert device.running == before.running


@tries("paloalto-set", "again")
def test_loaded_twice_and_with_other_options() -> None:
    device = installed(OLD)
    once = deepcopy(device.running)
    follow(device, made(OLD), "install")
    assert (device.refused, device.running) == ([], once)
    follow(device, made(OLD, tag="blue", before="top"), "install", tag="blue", before="top")
    assert device.refused == []
    passes_exactly(device, OLD)
    with pytest.raises(OptionError, match="tag is 'blue', but was '' in the earlier render"):
        render(OLD, "paloalto-set", Style(options={"tag": "blue"}, since=EarlierRender(plan=OLD, style=Style())))


@tries("paloalto-set", "grow", "shrink")
@pytest.mark.parametrize(
    ("old", "new"),
    [(OLD, NEW), (NEW, OLD), (case("contoso"), case("awkward")), (case("awkward"), case("contoso"))],
    ids=["grow", "shrink", "other", "another"],
)
def test_an_update_leaves_exactly_the_new_plan_also_above_a_rule_that_denies(old: Plan, new: Plan) -> None:
    device = installed(old)
    follow(device, made(new, old, before=""), "update", before="")
    assert device.refused == []
    passes_exactly(device, new)
    assert sorted(device.ours()) == sorted(installed(new).ours())


@tries("paloalto-set", "interrupted")
@pytest.mark.parametrize(("old", "new"), [(OLD, NEW), (NEW, OLD)], ids=["there", "back"])
def test_nothing_changes_before_the_commit_and_a_second_run_ends_the_same(old: Plan, new: Plan) -> None:
    device, rendered = installed(old), made(new, old)
    lines, before, fresh = steps(rendered, "changes"), deepcopy(device.running), installed(new)
    for line in lines:
        device.feed(line)
        assert device.running == before or line in ("commit", "exit")
        stopped = deepcopy(device)
        stopped.feed("exit")
        stopped.refused.clear()
        follow(stopped, rendered, "changes")
        assert sorted(stopped.ours()) == sorted(fresh.ours()), line
        passes_exactly(stopped, new)
        assert {reason for _, reason in stopped.refused} <= {"the object does not exist", "there is no such rule"}
    assert device.refused == []


@tries("paloalto-set", "unordered")
def test_an_update_that_is_rendered_twice_is_loaded_once(tmp_path: Path) -> None:
    write([made(OLD)], tmp_path / "device")
    device, results = installed(OLD), []
    for plan in (case("contoso"), NEW):
        earlier = load_render(tmp_path / "device", targets["paloalto-set"])
        results.append(render(plan, "paloalto-set", Style(options=ABOVE, since=earlier)))
    follow(device, results[-1], "changes")
    assert device.refused == []
    passes_exactly(device, NEW)
    write([results[-1]], tmp_path / "next")
    assert load_render(tmp_path / "next", targets["paloalto-set"]).style.options == ABOVE


@tries("paloalto-set", "back")
def test_back_to_the_version_of_yesterday() -> None:
    device = installed(OLD)
    before = sorted(device.ours())
    follow(device, made(NEW, OLD), "changes")
    follow(device, made(OLD, NEW), "changes")
    assert device.refused == []
    assert sorted(device.ours()) == before


@tries("paloalto-set", "neighbors")
def test_two_organizations_on_one_firewall() -> None:
    device = installed(OLD)
    alone = sorted(device.show())
    follow(device, made(NEW, prefix="fabrikam"), "install", prefix="fabrikam")
    passes_exactly(device, OLD)
    passes_exactly(device, NEW, "m365fabrikam-")
    follow(device, made(OLD, NEW, prefix="fabrikam"), "changes", prefix="fabrikam")
    passes_exactly(device, OLD, "m365fabrikam-")
    follow(device, made(OLD, prefix="fabrikam"), "remove", prefix="fabrikam")
    assert device.refused == []
    assert sorted(device.show()) == alone


@tries("paloalto-set", "neighbors")
def test_a_rule_of_another_that_uses_our_objects_keeps_the_commit_from_removing_them() -> None:
    device = installed(OLD)
    device.load("configure\nset rulebase security rules office-out source m365-client-v4\ncommit\nexit")
    before = deepcopy(device.running)
    follow(device, made(OLD), "remove")
    assert device.running == before
    assert "office-out: source m365-client-v4 is not a valid reference" in device.refused[-1][1]


@tries("paloalto-set", "remove")
def test_remove_takes_out_everything_and_nothing_else() -> None:
    for plan in (OLD, case("awkward"), case("contoso")):
        device = installed(plan)
        follow(device, made(plan), "remove")
        assert (device.refused, device.printed) == ([], [])
        assert device.running == firewall().running


@tries("paloalto-set", "remove")
def test_what_is_left_of_an_earlier_render_is_found() -> None:
    device = installed(OLD)
    follow(device, made(NEW), "remove")
    assert device.printed
    assert all("m365-" in line for line in device.printed)
    for name in ("remove.set", "remove-earlier.set"):
        device.load("configure\n" + text_of(made(NEW, OLD), name) + "commit\nexit")
    assert device.running == firewall().running


# -- faults and mutations ----------------------------------------------------------------------------------------------


def test_the_model_finds_comments_and_rules_below_a_rule_that_denies() -> None:
    device = firewall()
    device.load("configure\n" + (FAULTS / "perimeter365.set").read_text())
    assert {line[0] for line, _ in device.refused} == {"#"}
    assert {reason for _, reason in device.refused} == {"unknown command"}
    names = [name for name in device.candidate["vsys"]["vsys1"]["rulebase"]["security"]["rules"] if "m365" in name]
    device.load("\n".join(f"move rulebase security rules {name} before deny-rest" for name in names))
    device.refused.clear()
    device.load((FAULTS / "changes.set").read_text() + "commit")
    assert {line[0] for line, _ in device.refused} == {"#"}
    added = "m365-row-19-directory-kerberos-worldwide"
    assert device.commits == 2
    assert any(added in line for line in device.ours())
    assert device.passes(added) == []
    assert device.passes("m365-row-6")


def test_the_model_finds_more_lists_than_a_firewall_supports() -> None:
    with pytest.raises(LimitError, match="30") as caught:
        render(case("contoso"), "paloalto-set", Style(options={**EDL, "split": "requirement"}))
    assert "split=ports" in caught.value.help
    device = firewall()
    style = Style(options={**ABOVE, **EDL, "split": "requirement"}, limits={"lists": 99})
    follow(device, render(case("contoso"), "paloalto-set", style), "install")
    assert device.refused[-1] == ("commit", "57 sources of external dynamic lists")


@pytest.mark.parametrize("part", ["install", "changes", "remove"])
def test_no_command_is_dispensable(part: Part) -> None:
    """Without any command, or with another last word, a command is refused or the running configuration differs."""
    start = firewall() if part == "install" else installed(OLD)
    rendered = made(NEW, OLD) if part == "changes" else made(OLD)
    lines = steps(rendered, part)
    right = deepcopy(start)
    right.load("\n".join(lines))
    assert right.refused == []
    for number, line in enumerate(lines):
        if line in ("set cli scripting-mode on", "validate full", "set cli config-output-format set") or "show" in line:
            continue  # without effect on the configuration
        for instead in ([], [re.sub(r'("?)$', r"x\1", line)]):
            wrong = deepcopy(start)
            wrong.load("\n".join([*lines[:number], *instead, *lines[number + 1 :], "set cli scripting-mode on"]))
            same = wrong.running == right.running and order(wrong) == order(right)
            assert not same or wrong.refused, (line, instead)


def order(device: Panos) -> list[str]:
    return list(device.running["vsys"]["vsys1"]["rulebase"]["security"]["rules"])


# -- where, and with what ----------------------------------------------------------------------------------------------


def test_files_have_no_comments_and_the_text_about_them_has_all() -> None:
    rendered = made(NEW, OLD)
    for artifact in rendered.artifacts:
        lines = artifact.content.decode().splitlines()
        assert all(
            line.startswith("# " if artifact.name.startswith("about") else ("set ", "delete ", "move ")) for line in lines
        )
    assert "# Besides: " in text_of(rendered, "about.txt")
    assert "# paste changes.set" in text_of(rendered, "about-changes.txt")


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"vsys": "vsys2"}, ("vsys", "vsys2")),
        ({"device_group": "DMZ"}, ("device-group", "DMZ")),
        ({"vsys": "vsys2", "objects": "shared"}, ("vsys", "vsys2")),
        ({"device_group": "DMZ", "objects": "shared"}, ("device-group", "DMZ")),
    ],
)
def test_objects_and_rules_are_where_the_options_say(options: dict[str, str], place: tuple[str, str]) -> None:
    device, options = Panos(systems=("vsys1", "vsys2"), groups=("DMZ",)), {**options, "before": ""}
    follow(device, made(OLD, **options), "install", **options)
    assert device.refused == []
    assert differences(device.passes("m365-", place=place), wanted(OLD, ())) == []
    assert set(device.running) == {place[0], "shared"} if "objects" in options else {place[0]}
    follow(device, made(NEW, OLD, **options), "changes", **options)
    assert differences(device.passes("m365-", place=place), wanted(NEW, ())) == []
    follow(device, made(NEW, **options), "remove", **options)
    assert (device.refused, device.running) == ([], {})
    lines = targets["paloalto-set"](Style(options=options)).commands("install")
    assert (lines[-1] == "# on Panorama: push DMZ to its devices") == (place[1] == "DMZ")
    nowhere = Panos(systems=("vsys1", "vsys3"))
    follow(nowhere, made(OLD, **options), "install", **options)
    assert nowhere.refused


def test_a_virtual_system_and_a_device_group_exclude_each_other() -> None:
    with pytest.raises(OptionError, match="exclude each other"):
        targets["paloalto-set"](Style(options={"vsys": "vsys2", "device_group": "DMZ"}))


def test_existing_profiles_and_tags_are_named() -> None:
    options = {"log_setting": "default", "profile_group": "strict", "tag": "blue"}
    lines = text_of(made(OLD, **options), "perimeter365.set").splitlines()
    rules = {line.split()[4] for line in lines if line.startswith("set rulebase")}
    for part in ("log-setting default", "profile-setting group strict", "tag blue"):
        assert sum(line.endswith(f" {part}") for line in lines) == len(rules)
    device = firewall()
    follow(device, made(OLD, tag="blue"), "install")
    assert device.refused == []
    follow(device, made(OLD, tag="red"), "install")
    assert "tag red is not a valid reference" in device.refused[-1][1]


def test_names_and_descriptions_have_bounded_lengths() -> None:
    long = "row/6/" + "long-" * 30
    plan = by_hand(
        *(flow(f"{long}{n}", party("client", "10.0.0.0/8"), party("azure", f"20.0.{n}.0/24"), tcp="443") for n in range(3)),
        flow(
            "row/6/p", party("client", "10.0.0.0/8"), party("azure", "20.1.0.0/24"), tcp=",".join(map(str, range(1, 99, 2)))
        ),
    )
    device = installed(plan, prefix="fabrikam")
    passes_exactly(device, plan, "m365fabrikam-")
    descriptions = re.findall(r'description "([^"]*)"', "\n".join(device.ours()))
    assert max(map(len, descriptions)) <= 1023


def test_a_shared_address_is_noted_once() -> None:
    assert text_of(made(case("contoso")), "about.txt").count("an FQDN object passes every site on its addresses") == 1
    assert "FQDN" not in text_of(made(OLD), "about.txt")


def test_destinations_are_those_of_the_packet_before_the_translation() -> None:
    """The address that the internet sees, and the zone of the server (Destination NAT Example)."""
    text = '[organization]\nname = "C"\nclouds = ["worldwide"]\n[select]\nscenarios = ["mailbox-migration"]\n'
    text += '[roles.mrs-proxy]\ninside = ["10.1.2.10"]\npublic = ["203.0.113.10"]\n'
    plan = make_plan(load_catalog(), parse_profile(text))
    device = installed(plan)
    inbound = device.passes("m365-row-6-mrs-proxy-worldwide$")
    assert {str(prefix) for rule in inbound for prefix in rule.destination} == {"203.0.113.10/32"}
    assert "set rulebase security rules m365-row-6-mrs-proxy-worldwide to trust" in text_of(made(plan), "perimeter365.set")
    passes_exactly(device, plan.seen_from("original"))


# -- lists -------------------------------------------------------------------------------------------------------------

EDL = {"edl": "https://lists.example", "names": "category"}


def test_the_example_fits_a_firewall_with_its_lists_and_what_they_add_is_a_decision() -> None:
    rendered = made(case("contoso"), **EDL)
    device = firewall()
    follow(device, rendered, "install")
    assert device.refused == []
    lists = files(case("contoso"), "paloalto-edl")
    assert "rendered with split=category" in text_of(rendered, "about.txt")
    urls = set(re.findall(r" url (https://lists\.example/\S+)$", text_of(rendered, "perimeter365.set"), re.MULTILINE))
    assert 5 < len(urls) <= 30
    assert {url.removeprefix("https://lists.example/") for url in urls} <= set(lists)
    (loss,) = [loss for loss in rendered.losses if loss.code == "shared-list"]
    assert (loss.kind, loss.level) == ("widened", "decide")


@pytest.mark.parametrize("split", ["requirement", "ports", "category"])
def test_rules_over_lists_pass_what_the_plan_needs_and_more_only_with_a_loss(split: str) -> None:
    some = tuple(f for f in case("contoso").flows if f.theirs and f.theirs.prefixes)
    plan, options = replace(case("contoso"), flows=some[::2]), {"edl": "https://lists.example", "split": split}
    rendered, device = made(plan, **options), firewall()
    follow(device, rendered, "install")
    assert device.refused == []
    style = Style(options={"split": split}, limits={"lists": 200})
    published = {a.name: a.content.decode() for a in render(plan, "paloalto-edl", style).artifacts}
    lists = {
        f"https://lists.example/{name}": [line.split()[0] for line in text.splitlines()]
        for name, text in published.items()
        if name.endswith("-ip.txt")
    }
    now, needed = device.passes("m365-", lists), wanted(plan, STARS["paloalto-set"])
    assert differences([*now, *needed], now) == [], "nothing that the plan needs is missing"
    widened = {x.id for x in rendered.details if x.code == "shared-list"}
    assert differences(now, needed) == [] or widened
    assert bool(widened) == (split != "requirement")
    for item in plan.flows:
        if item.theirs and item.id not in widened:
            alone = device.passes(f"m365-{flow_name(item)}$", lists)
            mine = wanted(replace(plan, flows=(item,)), STARS["paloalto-set"])
            assert differences([*alone, *mine], mine) == [], item.id
