"""Changes since an earlier render give the same result as the full file."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from perimeter365.audit.packets import cuts, differences
from perimeter365.audit.readers import readers
from perimeter365.errors import InputError, OptionError
from perimeter365.plan.aggregate import Budget
from perimeter365.plan.observed import parse_observed
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.targets import Style, render, targets
from perimeter365.targets._bases.acl import AclTarget
from perimeter365.targets.since import ConfigItem, difference, load_render
from perimeter365.targets.target import EarlierRender
from perimeter365.targets.write import SAVED_PLAN, write
from tests.targets import cases
from tests.targets.devices import given, let_pass
from tests.targets.netfilter import by_hand, case, files, flow, limits, party

DIFFER = sorted(name for name in targets if issubclass(cls := targets[name], AclTarget) and cls.supports_since)
WHOLE = {
    "aerleon": "a policy, from which aerleon makes whole access lists",
}
"""Firewalls whose files replace the whole configuration, so that no part of an earlier one remains."""


def since(old: Plan, new: Plan, target: str, **options: str) -> dict[str, str]:
    """A target's files by name, changes included."""
    same = Style(options=options, limits=limits(new, target))
    style = replace(same, since=EarlierRender(plan=old, style=same))
    return {a.name: a.content.decode() for a in render(new, target, style).artifacts}


def test_every_firewall_supports_changes_or_is_replaced_as_a_whole() -> None:
    firewalls = {name for name in targets if targets[name].kind == "firewall"}
    assert firewalls == {*DIFFER, *WHOLE}


# -- differences -----------------------------------------------------------------------------------------------------

NAMES = st.sampled_from("abcdef")
ITEMS = st.dictionaries(NAMES, st.lists(st.integers(0, 5), unique=True, max_size=4), max_size=6).map(
    lambda found: [ConfigItem(kind="group", name=name, parts=tuple(map(str, parts))) for name, parts in found.items()]
)


def apply(held: dict[str, set[str]], before: list[ConfigItem], after: list[ConfigItem]) -> dict[str, set[str]]:
    """Return the items after the additions, and apply the removals to `held`."""
    added, removed = difference(before, after)
    for change in added:
        assert change.whole == (change.item.name not in held)
        held.setdefault(change.item.name, set()).update(change.parts)
    between = {name: set(parts) for name, parts in held.items()}
    for change in removed:
        assert set(change.parts) <= held[change.item.name]
        held[change.item.name] -= set(change.parts)
        if change.whole:
            assert not held.pop(change.item.name)
    return between


@examples(ITEMS, ITEMS)
def test_additions_then_removals_give_the_required_items(before: list[ConfigItem], after: list[ConfigItem]) -> None:
    held = {item.name: set(item.parts) for item in before}
    between = apply(held, before, after)
    assert held == {item.name: set(item.parts) for item in after}
    for items in (before, after):
        assert all(set(item.parts) <= between[item.name] for item in items)


def test_referenced_items_are_added_first_and_removed_last() -> None:
    before = [ConfigItem(kind="group", name="a"), ConfigItem(kind="rule", name="r")]
    after = [ConfigItem(kind="group", name="b"), ConfigItem(kind="rule", name="s")]
    added, removed = difference(before, after)
    assert [change.item.name for change in added] == ["b", "s"]
    assert [change.item.name for change in removed] == ["r", "a"]
    assert difference(before, before) == ([], [])


def test_an_item_whose_parts_all_change_stays() -> None:
    before, after = [ConfigItem(kind="group", name="a", parts=("1",))], [ConfigItem(kind="group", name="a", parts=("2",))]
    ((added,), (removed,)) = difference(before, after)
    assert (added.parts, added.whole, removed.parts, removed.whole) == (("2",), False, ("1",), False)


# -- devices ---------------------------------------------------------------------------------------------------------

PAIRS = [
    ("contoso", "everything-worldwide"),
    ("everything-worldwide", "ipv6-off"),
    ("everything-china", "everything-everywhere"),
    ("awkward", "contoso"),
    ("contoso", "nothing-selected"),
    ("nothing-selected", "awkward"),
]
SIMULATED = pytest.mark.parametrize("target", readers)
IN_TWO_PARTS = pytest.mark.parametrize("target", [name for name in readers if name != "fortigate"])
"""Devices that are given the additions, then the removals. A FortiGate never has both: tests/life/test_fortigate.py."""


@SIMULATED
@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_old_file_and_the_changes_give_the_same_result_as_the_new_file(target: str, old: str, new: str) -> None:
    device = given(target, files(case(old), target))
    made = since(case(old), case(new), target)
    given(target, made, changes=True, device=device)
    fresh = given(target, made)
    assert device.state() == fresh.state()
    for ours, theirs in zip(let_pass(target, device), let_pass(target, fresh), strict=True):
        assert differences(ours, theirs) == []


@pytest.mark.parametrize("target", DIFFER)
def test_changes_do_not_alter_the_full_file(target: str) -> None:
    made = since(case("contoso"), case("ipv6-off"), target)
    whole = files(case("ipv6-off"), target)
    assert {name: made[name] for name in whole} == whole
    assert all(name.startswith(("changes", "remove-earlier", "about-changes")) for name in made.keys() - whole.keys())
    assert len(made) > len(whole)


@pytest.mark.parametrize("target", DIFFER)
def test_without_a_change_the_changes_are_empty(target: str) -> None:
    rendered = render(case("contoso"), target, Style(since=EarlierRender(plan=case("contoso"), style=Style())))
    found = [artifact for artifact in rendered.artifacts if artifact.name.startswith("changes")]
    assert found
    assert sum(artifact.entries for artifact in found) == 0


CLIENT = ("10.0.0.0/24", "10.9.0.0/16", "2001:db8:c::/48")
EXCHANGE = ("40.96.0.0/13", "52.96.0.0/14", "2603:1006::/40")


def before_and_after() -> tuple[Plan, Plan]:
    """Two plans with many kinds of changes between them."""
    client, servers = party("client", *CLIENT), party("exchange-server", "203.0.113.10", "203.0.113.11")
    online = party("exchange-online", *EXCHANGE)
    before = by_hand(
        flow("ws/worldwide/1", client, online, tcp="80,443"),
        flow("ws/worldwide/2", client, online, tcp="143,993"),
        flow("row/6/in", online, servers, tcp="443"),
        flow("row/6/gone", servers, party("azure", "20.0.0.0/24"), tcp="443"),
        flow("row/6/anyone", PlanParty(role="internet"), servers, tcp="25"),
    )
    client, servers = party("client", *CLIENT[1:], "10.0.0.0/25"), party("exchange-server", "203.0.113.11", "203.0.113.12")
    online = party("exchange-online", "40.96.0.0/14", "40.100.0.0/15", "52.96.0.0/14", "2603:1006::/40", "2603:1016::/36")
    after = by_hand(
        flow("ws/worldwide/1", client, online, tcp="443", udp="443"),
        flow("ws/worldwide/2", client, online, tcp="993"),
        flow("ws/worldwide/3", client, party("teams", "52.112.0.0/14"), udp="3478-3481"),
        flow("row/6/in", online, servers, tcp="443"),
        flow("row/6/anyone", party("exchange-online-protection", "40.92.0.0/15"), servers, tcp="25"),
    )
    return before, after


LOOK = {"fortigate": r"    (next|delete)|end", "cisco-asa": "", "cisco-ios": "", "mikrotik": "", "windows-firewall": ""}
"""Lines after which a device applies the commands before them; other devices apply all of them at the commit."""


@SIMULATED
def test_what_both_plans_need_passes_after_every_command(target: str) -> None:
    old, new = before_and_after()
    device = given(target, files(old, target))
    first = let_pass(target, device)
    made = since(old, new, target)
    last = let_pass(target, given(target, made))
    assert any(differences(one, other) for one, other in zip(first, last, strict=True))
    looked = 0
    for line in [line for name in sorted(made) if name.startswith("changes") for line in made[name].splitlines()]:
        device.feed(line)
        if re.match(LOOK.get(target, "^$"), line):
            looked += 1
            for one, other, now in zip(first, last, let_pass(target, device), strict=True):
                assert cuts(one, other, now) == [], line
    assert (looked > 20) == (target in LOOK)
    assert device.state() == given(target, made).state()


@IN_TWO_PARTS
def test_between_additions_and_removals_both_plans_are_open(target: str) -> None:
    """The same as on a device that has only committed the additions."""
    old, new = before_and_after()
    device = given(target, files(old, target))
    first, made = let_pass(target, device), since(old, new, target)
    last = let_pass(target, given(target, made))
    for name in sorted(name for name in made if name.startswith("changes")):
        lines = made[name].splitlines()
        stop = next(n for n, line in enumerate(lines) if REMOVES.match(line))
        while stop and re.match(r"config|object-group|ip|    edit", lines[stop - 1]):
            stop -= 1  # the start of the block of the first removal
        device.load("\n".join(lines[:stop]))
    for one, other, now in zip(first, last, let_pass(target, device), strict=True):
        assert cuts(other, other, now) == []
        assert cuts(one, one, now) == []


REMOVES = re.compile(r"(no | no |delete |    delete |        unselect |\S.* remove \[|if \(\$have -contains)")


@IN_TWO_PARTS
@pytest.mark.parametrize(("old", "new"), PAIRS[:2])
def test_removals_follow_all_additions(target: str, old: str, new: str) -> None:
    for name, text in since(case(old), case(new), target).items():
        if name.startswith("changes"):
            lines = text.splitlines()
            removes = [n for n, line in enumerate(lines) if REMOVES.match(line)]
            adds = [
                n
                for n, line in enumerate(lines)
                if re.match(r"set |\S.*extended permit| permit |        (set|append) |:if|if \(\$have -not", line)
            ]
            adds = [n for n in adds if n not in removes and not lines[n].startswith("no ")]
            assert not (adds and removes) or max(adds) < min(removes)


PREFIXES = st.lists(
    st.sampled_from(["10.0.0.0/9", "10.128.0.0/9", "10.1.0.0/16", "10.1.0.1", "2001:db8::/33", "2001:db8:8000::/33"]),
    min_size=1,
    max_size=4,
    unique=True,
)
THEIRS = st.lists(
    st.sampled_from(["40.96.0.0/14", "40.100.0.0/14", "40.96.0.0/16", "52.0.0.1", "2603:1000::/25", "2603:1080::/25"]),
    min_size=1,
    max_size=4,
    unique=True,
)
PORTS = st.sampled_from(["443", "80,443", "1-100", "25", "143,587,993-995"])


@st.composite
def flows(draw: st.DrawFn) -> PlanFlow:
    """A flow with few different values, so that names and groups coincide."""
    number = draw(st.integers(1, 4))
    ours, theirs = party(draw(st.sampled_from(["client", "sbc"])), *draw(PREFIXES)), party("exchange-online", *draw(THEIRS))
    id = f"{draw(st.sampled_from(['ws/worldwide/', 'row/6/x']))}{number}"
    source, destination = (ours, theirs) if id.startswith("ws") or draw(st.booleans()) else (theirs, ours)
    return flow(id, source, destination, tcp=draw(PORTS), udp=draw(st.sampled_from(["", "443", "3478-3481"])))


PLANS = st.lists(flows(), max_size=5, unique_by=lambda f: f.id).map(lambda some: by_hand(*some))


@SIMULATED
@settings(max_examples=40)
@examples(old=PLANS, new=PLANS)
def test_from_any_plan_to_any_other(target: str, old: Plan, new: Plan) -> None:
    device = given(target, files(old, target))
    made = since(old, new, target)
    given(target, made, changes=True, device=device)
    assert device.state() == given(target, made).state()


# -- saved and loaded -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", DIFFER)
def test_an_earlier_render_is_loaded_as_it_was(target: str, tmp_path: Path) -> None:
    rendered = render(case("contoso"), target)
    write([rendered], tmp_path)
    earlier = load_render(tmp_path, targets[target])
    assert earlier.plan == replace(case("contoso"), settings={})
    assert earlier.style == Style(allow_empty=True, kept=rendered.kept)


def test_options_limits_widening_and_observed_names_are_saved(tmp_path: Path) -> None:
    style = Style(
        options={"inside": "lan"},
        limits={"policies": 9_000},
        allow_widen=True,
        observed=parse_observed("a-cdn.onenote.net 7 2026-11-20\nother.example.com\n"),
    )
    write([render(cases.plan("small"), "fortigate", style)], tmp_path)
    kept = load_render(tmp_path, targets["fortigate"]).style
    assert (kept.options, kept.limits, kept.allow_widen) == (style.options, style.limits, True)
    assert kept.observed
    assert [h.text for h in kept.observed.names] == ["a-cdn.onenote.net"]


def test_the_plan_is_saved_as_rendered_under_a_budget(tmp_path: Path) -> None:
    write([render(case("contoso"), "nftables", Style(budget=Budget(most=20)))], tmp_path)
    assert load_render(tmp_path, targets["nftables"]).plan != case("contoso")


def test_changes_are_relative_to_the_last_render(tmp_path: Path) -> None:
    """The next render, over the first, has the changes, and the one after it has none."""
    write([render(case("contoso"), "cisco-asa")], tmp_path)
    write([render(case("ipv6-off"), "cisco-asa", Style(since=load_render(tmp_path, targets["cisco-asa"])))], tmp_path)
    changes = (tmp_path / "cisco-asa" / "changes.cfg").read_text()
    assert changes == since(case("contoso"), case("ipv6-off"), "cisco-asa")["changes.cfg"]
    third = render(case("ipv6-off"), "cisco-asa", Style(since=load_render(tmp_path, targets["cisco-asa"])))
    assert {a.name: a.entries for a in third.artifacts}["changes.cfg"] == 0
    write([render(case("ipv6-off"), "cisco-asa")], tmp_path)
    assert not (tmp_path / "cisco-asa" / "changes.cfg").exists()


def test_a_target_without_changes_saves_no_plan(tmp_path: Path) -> None:
    write([render(cases.plan("small"), name) for name in ("text", "fortigate")], tmp_path)
    assert not (tmp_path / "text" / SAVED_PLAN).exists()
    assert (tmp_path / "fortigate" / SAVED_PLAN).exists()


def test_without_an_earlier_render_since_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no earlier render") as caught:
        load_render(tmp_path, targets["nftables"])
    assert "without --since" in caught.value.help


def test_a_modified_file_is_an_error(tmp_path: Path) -> None:
    write([render(case("contoso"), "nftables")], tmp_path)
    path = tmp_path / "nftables" / "perimeter365.nft"
    path.write_text(path.read_text() + "# mine\n")
    with pytest.raises(InputError, match=r"does not match plan\.json"):
        load_render(tmp_path, targets["nftables"])
    path.unlink()
    with pytest.raises(InputError, match=r"does not match plan\.json"):
        load_render(tmp_path, targets["nftables"])


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("target", "iptables", "target: 'iptables' is not a string of the expected form"),
        ("made_by", "nobody", "made_by"),
        ("options", {"refuse": 3}, "options.refuse"),
        ("options", [], "options"),
        ("limits", {"x": -1}, "limits.x"),
        ("observed", ["*.example.com", 3], r"observed\[1\]"),
        ("observed", ["a b"], "observed|plan.json"),
        ("allow_widen", "yes", "allow_widen"),
        ("plan", {}, "plan"),
        ("more", 1, "unknown key 'more'"),
    ],
)
def test_a_damaged_plan_is_an_error_with_its_path(key: str, value: object, words: str, tmp_path: Path) -> None:
    write([render(cases.plan("small"), "nftables")], tmp_path)
    path = tmp_path / "nftables" / SAVED_PLAN
    path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
    with pytest.raises(InputError, match=words) as caught:
        load_render(tmp_path, targets["nftables"])
    assert str(path) in caught.value.message


@pytest.mark.parametrize("target", [name for name in DIFFER if targets[name].options])
def test_other_options_than_before_are_an_error(target: str) -> None:
    key, option = next(iter(targets[target].options.items()))
    other = option.choices[-1] if option.choices else "other"
    style = Style(options={key: other}, since=EarlierRender(plan=case("contoso"), style=Style()))
    with pytest.raises(OptionError, match=f"{target}: {key} is .*, but was .* in the earlier render"):
        render(case("contoso"), target, style)


def test_a_changed_category_is_a_changed_comment(tmp_path: Path) -> None:
    plan = case("contoso")
    other = replace(plan, flows=tuple(replace(f, category="default" if f.category else None) for f in plan.flows))
    for target in readers:
        device = given(target, files(plan, target))
        made = since(plan, other, target)
        given(target, made, changes=True, device=device)
        assert device.state() == given(target, made).state(), target
