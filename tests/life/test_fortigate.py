"""The life of the files of FortiGate, on a model of FortiOS with policies of its own."""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365 import load_catalog, load_profile, make_plan
from perimeter365.audit.packets import AllowRule, cuts, differences
from perimeter365.errors import OptionError, ValueNeededError
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.targets import RenderResult, Style, render, targets
from perimeter365.targets.life import Part
from perimeter365.targets.since import load_kept, load_render
from perimeter365.targets.target import EarlierRender
from perimeter365.targets.write import write
from tests.life import tries
from tests.life.models.fortios import SCHEMA, Fortios, packets_of
from tests.targets.devices import STARS, wanted
from tests.targets.netfilter import by_hand, case, flow, party
from tests.targets.test_since import before_and_after

FAULTS = Path(__file__).parent / "faults" / "fortigate"
OWN = """
config firewall address
    edit "office"
        set subnet 192.168.0.0 255.255.0.0
    next
end
config firewall policy
    edit 10
        set name "office to the web"
        set srcintf "internal"
        set dstintf "wan1"
        set srcaddr "office"
        set dstaddr "all"
        set action accept
        set schedule "always"
        set service "ALL"
        set nat enable
    next
    edit 99
        set name "deny the rest"
        set srcintf "any"
        set dstintf "any"
        set srcaddr "all"
        set dstaddr "all"
        set action deny
        set schedule "always"
        set service "ALL"
    next
end
"""
OLD, NEW = before_and_after()
ABOVE = {"before": "99"}


def firewall() -> Fortios:
    """A FortiGate with policies of its own, the last of which denies everything."""
    device = Fortios()
    device.load(OWN)
    assert device.refused == []
    return device


def made(plan: Plan, since: tuple[Plan, RenderResult] | None = None, /, **options: str) -> RenderResult:
    options = {**ABOVE, **options}
    style = Style(options=options, allow_empty=True)
    if since:
        style = replace(style, kept=since[1].kept)
        style = replace(style, since=EarlierRender(plan=since[0], style=style))
    return render(plan, "fortigate", style)


def follow(device: Fortios, rendered: RenderResult, part: Part, **options: str) -> list[str]:
    """Carry out the lines of the manual. Return what the last of them prints."""
    files = {artifact.name: artifact.content.decode() for artifact in rendered.artifacts}
    printed: list[str] = []
    for line in targets["fortigate"](Style(options={**ABOVE, **options})).commands(part):
        if loads := re.fullmatch(r"ssh admin@fortigate < (\S+)", line):
            device.load(files[loads[1]])
        elif found := re.fullmatch(r'(?:echo|printf) "(.*)" \| ssh admin@fortigate \| grep (\S+)', line):
            device.load(found[1].replace("\\n", "\n"))
            assert "show firewall policy" in found[1]
            shown = device.show().partition("config firewall policy")[2]
            printed = [each for each in shown.splitlines() if found[2] in each]
        else:
            assert line.startswith("# ")
    return printed


def passes_exactly(device: Fortios, plan: Plan, start: str = "m365-") -> None:
    assert differences(device.passes(start), wanted(plan, STARS["fortigate"])) == []


def extra(now: Iterable[AllowRule], one: list[AllowRule], other: list[AllowRule]) -> list[str]:
    """Packets that pass now, and in neither state."""
    return [str(each) for each in differences([*now, *one, *other], [*one, *other])]


def others(device: Fortios) -> object:
    """The part of the state that is not ours."""
    return {
        table: {key: entry for key, entry in entries.items() if not (key + entry.get("name", [""])[0]).count("m365")}
        for table, entries in device.state().items()
    }


def unique(device: Fortios) -> None:
    """No two policies have the same name."""
    names = [policy["name"][0] for policy in device.tables["firewall policy"].values()]
    assert len(names) == len(set(names))


def installed(plan: Plan, **options: str) -> tuple[Fortios, RenderResult]:
    device, rendered = firewall(), made(plan, **options)
    follow(device, rendered, "install")
    assert device.refused == []
    return device, rendered


# -- the ten steps -----------------------------------------------------------------------------------------------------


@tries("fortigate", "install")
@pytest.mark.parametrize("plan", [OLD, NEW, case("awkward"), case("contoso")], ids=["old", "new", "awkward", "contoso"])
def test_the_plan_passes_and_what_the_device_had_is_still_there(plan: Plan) -> None:
    device, before = firewall(), firewall()
    follow(device, made(plan), "install")
    assert device.refused == []
    passes_exactly(device, plan)
    assert others(device) == before.state()
    assert differences(device.passes("office"), before.passes()) == []
    assert device.untranslated() == []


@tries("fortigate", "install")
def test_below_a_policy_that_denies_everything_nothing_passes_until_it_is_moved() -> None:
    device, _ = installed(OLD, before="0")
    assert device.passes("m365-") == []
    for key in [key for key, policy in device.tables["firewall policy"].items() if policy["name"][0].startswith("m365-")]:
        device.load(f"config firewall policy\nmove {key} before 99\nend")
    passes_exactly(device, OLD)


@tries("fortigate", "empty")
def test_an_empty_plan_neither_opens_nor_closes() -> None:
    empty = case("nothing-selected")
    device, before = firewall(), firewall()
    follow(device, made(empty), "install")
    assert device.state() == before.state()
    device, first = installed(OLD)
    follow(device, made(empty, (OLD, first)), "changes")
    assert device.refused == []
    assert device.state() == before.state()
    assert "config" not in text_of(made(empty), "perimeter365.conf")


@tries("fortigate", "again")
def test_loaded_twice_and_with_other_options() -> None:
    device, rendered = installed(OLD)
    once = device.state()
    follow(device, rendered, "install")
    assert (device.refused, device.state()) == ([], once)
    follow(device, made(OLD, logtraffic="all", nat="yes", before="10"), "install")
    assert device.refused == []
    passes_exactly(device, OLD)
    assert all(p["logtraffic"] == ["all"] for p in device.tables["firewall policy"].values() if "m365" in p["name"][0])
    with pytest.raises(OptionError, match="logtraffic is 'all', but was 'utm' in the earlier render"):
        render(OLD, "fortigate", Style(options={"logtraffic": "all"}, since=EarlierRender(plan=OLD, style=Style())))


@tries("fortigate", "grow", "shrink")
@pytest.mark.parametrize(
    ("old", "new"),
    [(OLD, NEW), (NEW, OLD), (case("contoso"), case("awkward")), (case("awkward"), case("contoso"))],
    ids=["grow", "shrink", "other", "another"],
)
def test_an_update_leaves_exactly_the_new_plan(old: Plan, new: Plan) -> None:
    device, first = installed(old)
    follow(device, made(new, (old, first)), "update")
    assert device.refused == []
    unique(device)
    passes_exactly(device, new)
    fresh, _ = installed(new)
    assert device.state() == fresh.state()


@tries("fortigate", "interrupted", "grow", "shrink")
@pytest.mark.parametrize("pair", [0, 1, 2], ids=["there", "back", "swapped"])
def test_after_each_line_what_both_plans_need_passes_and_nothing_that_neither_needs(pair: int) -> None:
    old, new = ((OLD, NEW), (NEW, OLD), SWAPPED)[pair]
    device, first = installed(old)
    rendered = made(new, (old, first))
    one, other = device.passes("m365-"), wanted(new, STARS["fortigate"])
    lines = text_of(rendered, "changes.conf").splitlines()
    fresh, _ = installed(new)
    states = 0
    for line in lines:
        version = device.version
        device.feed(line)
        unique(device)
        if device.version == version:
            continue  # a session that ends here leaves the same as before this line
        states += 1
        now = device.passes("m365-")
        assert cuts(one, other, now) == [], line
        assert extra(now, one, other) == [], line
        stopped = deepcopy(device)
        stopped.leave()
        follow(stopped, rendered, "changes")
        assert stopped.state() == fresh.state(), line
        unique(stopped)
        assert {reason.partition(" ")[0] for _, reason in stopped.refused} <= {"there"}, "only what is gone is refused"
    assert states > 20
    assert device.refused == []


@tries("fortigate", "interrupted", "install", "remove")
@pytest.mark.parametrize("part", ["install", "remove"])
def test_an_interrupted_install_or_removal_is_completed_by_the_next(part: Part) -> None:
    device, rendered = (firewall(), made(OLD)) if part == "install" else installed(OLD)
    right, needed = deepcopy(device), wanted(OLD, STARS["fortigate"])
    follow(right, rendered, part)
    for line in text_of(rendered, {"install": "perimeter365.conf", "remove": "remove.conf"}[part]).splitlines():
        version = device.version
        device.feed(line)
        if device.version == version:
            continue
        stopped = deepcopy(device)
        stopped.leave()
        assert extra(stopped.passes("m365-"), needed, []) == []
        follow(stopped, rendered, part)
        assert stopped.state() == right.state()
        assert {reason for _, reason in stopped.refused} <= {"there is no such entry"}


@tries("fortigate", "unordered")
def test_an_update_that_is_rendered_twice_is_loaded_once(tmp_path: Path) -> None:
    write([made(OLD)], tmp_path / "device")
    device, _ = installed(OLD)
    results = []
    for plan in (case("contoso"), NEW):
        earlier = load_render(tmp_path / "device", targets["fortigate"])
        style = Style(options=ABOVE, since=earlier, kept=load_kept(tmp_path / "device", targets["fortigate"]))
        results.append(render(plan, "fortigate", style))
    follow(device, results[-1], "changes")
    assert device.refused == []
    passes_exactly(device, NEW)
    write([results[-1]], tmp_path / "next")
    assert load_render(tmp_path / "next", targets["fortigate"]).style.kept == results[-1].kept


@tries("fortigate", "back")
def test_back_to_the_version_of_yesterday() -> None:
    device, first = installed(OLD)
    before = device.state()
    second = made(NEW, (OLD, first))
    follow(device, second, "changes")
    follow(device, made(OLD, (NEW, second)), "changes")
    assert device.refused == []
    assert device.state() == before


@tries("fortigate", "neighbors")
def test_two_organizations_on_one_device() -> None:
    theirs = {"prefix": "fabrikam", "first_policy": "366000000"}
    device, first = installed(OLD)
    alone = device.state()
    second = made(NEW, **theirs)
    follow(device, second, "install")
    assert device.refused == []
    passes_exactly(device, OLD)
    passes_exactly(device, NEW, "m365fabrikam-")
    numbers = first.kept.values(), second.kept.values()
    assert not set(numbers[0]) & set(numbers[1])
    follow(device, made(OLD, (NEW, second), **theirs), "changes")
    passes_exactly(device, OLD, "m365fabrikam-")
    follow(device, made(OLD, **theirs), "remove", **theirs)
    assert device.state() == alone


@tries("fortigate", "remove")
def test_remove_takes_out_everything_and_nothing_else() -> None:
    before = firewall().state()
    for plan in (OLD, case("awkward"), case("contoso")):
        device, rendered = installed(plan)
        assert follow(device, rendered, "remove") == []
        assert device.refused == []
        assert device.state() == before


@tries("fortigate", "remove")
def test_what_an_interrupted_update_left_is_removed_and_what_is_older_is_found() -> None:
    old, first = installed(OLD)
    rendered = made(NEW, (OLD, first))
    lines = text_of(rendered, "changes.conf").splitlines()
    for stop in range(len(lines)):
        device = deepcopy(old)
        device.load("\n".join(lines[:stop]))
        device.load(text_of(rendered, "remove.conf"))
        device.load(text_of(rendered, "remove-earlier.conf"))
        device.load(text_of(rendered, "remove.conf"))
        assert device.ours() == set(), stop
    left = follow(old, made(NEW), "remove")
    assert {re.sub(r'set name "(.*)"', r"\1", line) for line in left if "set name" in line} == {
        policy["name"][0] for policy in old.tables["firewall policy"].values() if policy["name"][0].startswith("m365-")
    }
    assert left


def text_of(rendered: RenderResult, name: str) -> str:
    return next(a.content.decode() for a in rendered.artifacts if a.name == name)


# -- faults and mutations ----------------------------------------------------------------------------------------------


def test_the_model_finds_that_a_change_gave_a_number_to_another_policy() -> None:
    device = Fortios()
    device.load((FAULTS / "perimeter365.conf").read_text())
    assert device.refused == []
    device.load((FAULTS / "changes.conf").read_text())
    assert device.refused == [('set name "m365-row-6-mrs-proxy-dod-v4"', "another policy has this name")]
    names = {key: policy["name"][0] for key, policy in device.tables["firewall policy"].items()}
    assert names["365115635"] == "m365-row-19-directory-kerb-6fc74f4c", "the inbound policy has the name of another"
    assert "365115636" not in names


def test_the_model_finds_that_private_sources_are_not_translated() -> None:
    device = Fortios()
    device.load((FAULTS / "perimeter365.conf").read_text())
    assert device.untranslated() == ["m365-ws-worldwide-11-v4"]


def swapped() -> tuple[Plan, Plan]:
    """Two plans that permit almost the same by other requirements, so that each gap between two commands shows."""
    client, sbc = party("client", "10.0.0.0/24"), party("sbc", "10.0.1.0/24", "2001:db8:c::/48")
    online, teams = party("exchange-online", "40.96.0.0/16"), party("teams", "52.112.0.0/16", "2603:1006::/40")
    server, azure = party("mrs-proxy", "198.51.100.7"), party("azure", "40.97.0.0/16")
    before = by_hand(
        flow("ws/worldwide/1", client, online, tcp="443"),
        flow("ws/worldwide/2", sbc, teams, udp="3478"),
        flow("row/6/in", online, server, tcp="443"),
        flow("row/6/more", azure, server, tcp="443"),
        flow("row/6/gone", client, azure, tcp="80"),
    )
    after = by_hand(
        flow("ws/worldwide/1", sbc, teams, udp="3478"),
        flow("ws/worldwide/2", client, online, tcp="443"),
        flow("row/6/in", azure, server, tcp="443"),
        flow("row/6/more", online, server, tcp="443"),
        flow("row/6/new", client, azure, tcp="80"),
    )
    return before, after


SWAPPED = swapped()


@pytest.mark.parametrize(("part", "ids"), [("install", ""), ("changes", "ws/"), ("changes", "row/"), ("remove", "")])
def test_no_command_is_dispensable(part: Part, ids: str) -> None:
    """Without any command, or with another last word, a line is refused, or the device is in another state.

    For the commands of `changes.conf` that open what later commands close again: what passes in between differs.
    """
    old, new = (replace(plan, flows=tuple(f for f in plan.flows if f.id.startswith(ids))) for plan in SWAPPED)
    device, first = installed(old)
    rendered = made(new, (old, first)) if ids else first
    start = firewall() if part == "install" else device
    text = text_of(rendered, {"install": "perimeter365.conf", "changes": "changes.conf", "remove": "remove.conf"}[part])
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    right, good = trace(start, lines)
    one, other = start.passes("m365-"), right.passes("m365-")
    for number, line in enumerate(lines):
        damaged = re.sub(r'("?)$', r"x\1", line)
        for instead in ([], [damaged]):
            wrong, states = trace(start, [*lines[:number], *instead, *lines[number + 1 :]])
            if line.strip() == "next" and lines[number + 1] == "end" and not instead:
                continue  # end saves, too
            if (wrong.state(), wrong.refused) == (right.state(), []) and order(wrong) == order(right):
                if re.match(r"\s+set (name|comments|nat) ", line):
                    continue  # of a temporary policy, without effect on what passes
                between = [packets_of(state) for state in states if state not in good]
                assert any(cuts(one, other, now) or extra(now, one, other) for now in between), (line, instead)


def order(device: Fortios) -> list[str]:
    return list(device.tables["firewall policy"])


def trace(start: Fortios, lines: list[str]) -> tuple[Fortios, set[str]]:
    """Execute lines on a copy. Return it, and the states that it was in."""
    device, states = deepcopy(start), set[str]()
    for line in lines:
        version = device.version
        device.feed(line)
        if device.version != version:
            states.add(device.shown("m365-"))
    if device.is_open:
        device.refused.append(("", "the session ends within a table"))
    device.leave()
    return device, states


# -- numbers -----------------------------------------------------------------------------------------------------------

CLOUDS = ["worldwide", "gcchigh", "dod", "china"]


def profile(tmp_path: Path, clouds: list[str], scenarios: list[str], areas: Iterable[str] = ()) -> Plan:
    path = tmp_path / "profile.toml"
    path.write_text(
        f"[organization]\nname = 'C'\nclouds = {clouds}\n[select]\nservice_areas = {list(areas)}\n"
        f"scenarios = {scenarios}\n[roles]\nentra-connect = ['10.0.0.1']\ndomain-controller = ['10.0.0.2']\n"
        "mrs-proxy = ['203.0.113.10']\nclient = ['10.0.0.0/8']\n".replace("'", '"')
    )
    return make_plan(load_catalog(), load_profile(path))


@tries("fortigate", "shrink")
def test_no_number_or_name_is_used_twice_at_any_time(tmp_path: Path) -> None:
    old, new = profile(tmp_path, CLOUDS, ["row/19", "row/6"]), profile(tmp_path, CLOUDS, ["row/6"])
    device, first = installed(old)
    rendered = made(new, (old, first))
    assert not {n for name, n in first.kept.items() if name not in rendered.kept} & set(rendered.kept.values())
    assert all(rendered.kept[name] == n for name, n in first.kept.items() if name in rendered.kept)
    for line in text_of(rendered, "changes.conf").splitlines():
        device.feed(line)
        unique(device)
    assert device.refused == []
    passes_exactly(device, new)


def test_with_all_clouds_no_number_is_used_twice() -> None:
    kept = made(case("everything-everywhere")).kept
    assert len(kept) > 800
    assert len(set(kept.values())) == len(kept)
    assert all(365_000_000 <= number < 366_000_000 for number in kept.values())
    assert all(len(name) <= 35 for name in kept)


def test_numbers_of_an_earlier_render_are_kept_whatever_is_in_the_way() -> None:
    fresh = made(OLD).kept
    name, other = sorted(fresh)[:2]
    kept = {name: fresh[other], "m365-gone": fresh[name]}
    again = render(OLD, "fortigate", Style(kept=kept)).kept
    assert again[name] == fresh[other]
    assert fresh[name] not in again.values()
    assert len(set(again.values())) == len(again)
    assert render(OLD, "fortigate", Style(kept=again)).kept == again


def test_a_second_organization_needs_numbers_of_its_own() -> None:
    with pytest.raises(ValueNeededError, match="first_policy"):
        render(OLD, "fortigate", Style(options={"prefix": "fabrikam"}))


@pytest.mark.parametrize("value", ["0", "365", "365000001", "4294000000", "-1000000", "365 000 000"])
def test_a_range_of_numbers_is_a_whole_million(value: str) -> None:
    with pytest.raises(OptionError):
        targets["fortigate"](Style(options={"first_policy": value}))


# -- what the files contain --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"logtraffic": "all"}, {"vip": "mrs-proxy=VIP-1"}])
def test_attributes_and_values_are_those_of_the_vendors_schema(options: Mapping[str, str]) -> None:
    """And exist since FortiOS 6.4."""
    table, used = "", 0
    for line in text_of(made(case("contoso"), **options), "perimeter365.conf").splitlines():
        if line.startswith("config "):
            table = line.removeprefix("config ")
        if found := re.fullmatch(r"        set (\S+) (.*)", line):
            first, kind, values = SCHEMA[table][found[1]]
            used += 1
            assert tuple(map(int, first.split("."))) <= (6, 4, 0)
            assert not values or found[2] in values
            assert kind != "integer" or found[2].isdecimal()
    assert used > 1000
    assert table == "firewall policy"


def test_names_and_comments_have_bounded_lengths() -> None:
    long = "row/6/" + "long-" * 30
    plan = by_hand(
        *(flow(f"{long}{n}", party("client", "10.0.0.0/8"), party("azure", f"20.0.{n}.0/24"), tcp="443") for n in range(3)),
        flow(
            "row/6/ports",
            party("client", "10.0.0.0/8"),
            party("azure", "20.1.0.0/24"),
            tcp=",".join(map(str, range(1, 99, 2))),
        ),
    )
    device, _ = installed(plan, prefix="fabrikam", first_policy="1000000")
    passes_exactly(device, plan, "m365fabrikam-")
    assert max(len(key) for table in device.tables.values() for key in table) <= 79


SERVER = by_hand(
    flow("row/6/in", party("exchange-online", "40.96.0.0/13"), party("mrs-proxy", "10.1.2.10"), tcp="443"),
    flow("ws/worldwide/1", party("client", "10.0.0.0/8"), party("exchange-online", "40.96.0.0/13"), tcp="443"),
)
VIP = {"VIP-MRS": {"extip": ["203.0.113.10"], "mappedip": ["10.1.2.10"]}}


def test_a_published_server_is_reached_through_its_virtual_ip() -> None:
    device, rendered = firewall(), made(SERVER, vip="mrs-proxy=VIP-MRS")
    device.tables["firewall vip"] = dict(VIP)
    follow(device, rendered, "install")
    assert device.refused == []
    passes_exactly(device, SERVER)
    assert [p["dstaddr"] for p in device.effective().values() if p["srcintf"] == ["wan1"]] == [["VIP-MRS"]]
    assert "no-virtual-ip" not in {loss.code for loss in rendered.losses}
    assert "m365-mrs-proxy" not in text_of(rendered, "perimeter365.conf")
    absent = firewall()
    follow(absent, rendered, "install")
    assert ('set dstaddr "VIP-MRS"', "there is no VIP-MRS") in absent.refused
    assert "virtual IP does not exist" in targets["fortigate"](Style(options={"vip": "mrs-proxy=VIP-MRS"})).besides()


def test_a_translated_server_without_virtual_ip_is_a_decision() -> None:
    (loss,) = [loss for loss in made(SERVER).losses if loss.code == "no-virtual-ip"]
    assert loss.level == "decide"
    assert "vip=mrs-proxy=NAME" in loss.remedy
    assert not [loss for loss in made(SERVER, vip="central").losses if loss.code == "no-virtual-ip"]
    public = by_hand(flow("row/6/in", party("azure", "40.96.0.0/13"), party("mrs-proxy", "198.51.100.7"), tcp="443"))
    assert not made(public).losses


@pytest.mark.parametrize("value", ["mrs-proxy", "nobody=VIP", 'mrs-proxy="VIP"', "mrs-proxy=", "client=A,,"])
def test_other_virtual_ips_are_rejected(value: str) -> None:
    with pytest.raises(OptionError):
        targets["fortigate"](Style(options={"vip": value}))


def test_translation_follows_the_addresses() -> None:
    def nat(value: str, *sources: str) -> list[str]:
        plan = by_hand(
            flow("ws/worldwide/1", party("client", *sources), party("teams", "52.112.0.0/14", "2603:1006::/40"), tcp="443")
        )
        lines = text_of(made(plan, nat=value), "perimeter365.conf").splitlines()
        return [line.strip() for line in lines if " nat " in line]

    assert (
        nat("auto", "10.0.0.0/8")
        == nat("auto", "10.0.0.0/8", "198.51.100.1")
        == nat("auto", "100.64.1.1")
        == ["set nat enable"]
    )
    assert nat("auto", "198.51.100.1") == ["set nat disable"]
    assert nat("auto", "2001:db8::1") == nat("no", "10.0.0.0/8") == []
    assert nat("yes", "198.51.100.1") == ["set nat enable"]


TWO_SIDED = """
[organization]
name = "C"
clouds = ["worldwide"]
[select]
scenarios = ["mailbox-migration"]
[roles.mrs-proxy]
inside = ["198.51.100.7"]
public = ["203.0.113.10"]
"""


def test_a_role_with_two_sides_is_translated_even_if_both_are_public() -> None:
    plan = make_plan(load_catalog(), parse_profile(TWO_SIDED))
    assert "no-virtual-ip" in {loss.code for loss in made(plan).losses}
    named = made(plan, vip="mrs-proxy=VIP-MRS")
    assert "no-virtual-ip" not in {loss.code for loss in named.losses}
    device = firewall()
    device.tables["firewall vip"] = {"VIP-MRS": {"extip": ["203.0.113.10"], "mappedip": ["198.51.100.7"]}}
    follow(device, named, "install")
    assert device.refused == []
    passes_exactly(device, plan.seen_from("inside"))


def test_no_command_is_too_long_and_unknown_interfaces_open_nothing() -> None:
    prefixes = [f"20.{n}.{m}.0/24" for n in range(40) for m in range(0, 20, 2)]
    plan = by_hand(flow("ws/worldwide/1", party("client", "10.0.0.0/8"), party("azure", *prefixes), tcp="443"))
    text = text_of(made(plan), "perimeter365.conf")
    assert max(map(len, text.splitlines())) < 1_024
    assert "append member" in text
    device, _ = installed(plan)
    passes_exactly(device, plan)
    absent = firewall()
    follow(absent, made(plan, outside="port9"), "install")
    assert ('set dstintf "port9"', "there is no such interface") in absent.refused
    assert absent.passes("m365-") == []


def test_a_virtual_domain() -> None:
    device, rendered = firewall(), made(OLD, vdom="tenant1")
    text = text_of(rendered, "perimeter365.conf")
    follow(device, rendered, "install")
    assert device.refused == []
    assert device.vdoms == {"root", "tenant1"}
    assert "a VDOM tenant1 is created" in text
    passes_exactly(device, OLD)
    assert follow(device, rendered, "remove", vdom="tenant1") == []
    assert (device.refused, device.ours()) == ([], set())


def test_there_are_no_empty_blocks() -> None:
    first = made(OLD)
    for rendered in (made(NEW, (OLD, first)), made(OLD, (OLD, first)), made(case("nothing-selected"), (OLD, first))):
        for artifact in rendered.artifacts:
            assert not re.search(r"^config [a-z0-9 ]+\nend$", artifact.content.decode(), re.MULTILINE), artifact.name


def test_a_shared_address_is_noted_once() -> None:
    text = text_of(made(case("contoso")), "perimeter365.conf")
    assert text.count("an FQDN object passes every site on its addresses") == 1
    assert "FQDN" not in text_of(made(SERVER), "perimeter365.conf")
