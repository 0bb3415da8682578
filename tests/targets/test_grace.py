"""A set that changes its category or service area: what each target had chosen by the former one stays for the grace time.

Two lists are synced, on 1 and 10 June 2030. All targets are rendered with every value of the options that choose by
category, from the list before, from the list after, and on a day of the grace time.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from perimeter365.history.effective import effective_catalog
from perimeter365.model.area import Area
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import CATEGORIES, Category
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import Version
from perimeter365.plan.aggregate import Budget, aggregate
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import Profile, RoleHosts
from perimeter365.store.store import Store
from perimeter365.targets import RenderResult, Style, render, targets
from tests.history.lists import made
from tests.targets.values import example_options

W = Cloud.WORLDWIDE
HOST, NETWORK = "moved-name.example.com", "20.99.0.0/16"
CHOICES = {"all", "optimize", "needed", "category"}
"""Values of the options by which targets choose flows or name lists."""

MOVES: dict[str, tuple[tuple[Area, Category], tuple[Area, Category]]] = {
    "optimize to default": (("exchange", "optimize"), ("exchange", "default")),
    "default to optimize": (("exchange", "default"), ("exchange", "optimize")),
    "exchange to teams": (("exchange", "allow"), ("teams", "allow")),
}


def of(form: tuple[Area, Category], endpoint_set: EndpointSet) -> EndpointSet:
    return replace(endpoint_set, area=form[0], category=form[1])


def profile() -> Profile:
    return Profile(clouds=(W,), roles={"client": RoleHosts(prefixes=PrefixSet.parse(["10.0.0.0/8"]))})


def plans(folder: Path, old: tuple[Area, Category], new: tuple[Area, Category]) -> Iterator[Plan]:
    """Yield the plans of 9 June, of 9 July, of 10 July, and of the second list without any grace time."""
    stay = [
        of(("exchange", category), made(number, [f"stay{number}.example.com"], [f"20.{number}.0.0/16"]))
        for number, category in enumerate(CATEGORIES[::2], 1)
    ]
    place = str(folder / "s.sqlite")
    with Store(place) as store:
        for day, form in ((date(2030, 6, 1), old), (date(2030, 6, 10), new)):
            sets = (*stay, of(form, made(9, [HOST], [NETWORK])))
            state = State(cloud=W, version=Version(f"{day:%Y%m%d}00"), origin=LIVE, sets=sets, recorded=day)
            store.commit(state)
            if form is old:
                yield make_plan(effective_catalog(place, profile(), at=date(2030, 6, 9)), profile())
    none = dict.fromkeys(("optimize", "allow", "default"), 0)
    for day, grace in ((date(2030, 7, 9), None), (date(2030, 7, 10), None), (date(2030, 6, 11), none)):
        yield make_plan(effective_catalog(place, profile(), at=day, grace=grace), profile())


def styles(name: str) -> Iterator[Style]:
    """Yield the styles of a target: its defaults, and each value by which it chooses."""
    yield Style(options=example_options(name), allow_empty=True)
    for key, option in targets[name].options.items():
        for value in (
            option.choices if CHOICES.intersection(option.choices) and option.choices != ("exact", "category") else ()
        ):
            edl = {"edl": "https://lists.example"} if "edl" in targets[name].options else {}
            yield Style(options={**example_options(name), **edl, key: value}, allow_empty=True)


TOKENS = {HOST: HOST.partition(".")[0], NETWORK: NETWORK.partition("/")[0]}
"""What the files of all devices have of the set's name and network."""


def places(rendered: RenderResult) -> set[tuple[str, str]]:
    """Return the files, or lists of a JSON file, with the name or the network of the set."""
    found = set()
    for artifact in rendered.artifacts:
        text = artifact.content.decode("latin-1")
        for place, part in (
            json_lists(artifact.name, json.loads(text)) if artifact.name.endswith(".json") else [(artifact.name, text)]
        ):
            found |= {(place, what) for what, token in TOKENS.items() if token in part}
    return found


def json_lists(place: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield the strings of a JSON document, each with the keys and names that lead to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from json_lists(f"{place}/{value.get('name', '')}/{key}", inner)
    elif isinstance(value, list):
        for inner in value:
            yield from json_lists(place, inner)
    elif isinstance(value, str):
        yield place, value


def lines(rendered: RenderResult) -> list[str]:
    """Return the lines of all files without comments."""
    found = (line for a in rendered.artifacts for line in a.content.decode("latin-1").splitlines())
    return [line for line in found if line and not line.startswith("#")]


@pytest.mark.parametrize("move", MOVES)
def test_what_targets_choose_stays_until_its_day_and_begins_at_once(move: str, tmp_path: Path) -> None:
    before, during, ended, plain = plans(tmp_path, *MOVES[move])
    (flow,) = [f for f in during.flows if f.id == "ws/worldwide/9"]
    old, new = MOVES[move]
    assert (flow.classifications, flow.tls_inspection) == ((new, old), "off")
    assert [d.text for d in during.dates] == ["kept until 2030-07-10"]
    assert ended == plain
    missing = []
    chosen = set()
    for name in targets:
        for style in styles(name):
            had, has, gets = (render(plan, name, style) for plan in (before, during, plain))
            missing += [(name, dict(style.options), *place) for place in (places(had) | places(gets)) - places(has)]
            chosen |= {name} if places(had) != places(gets) else set()
    assert not missing
    assert {"text", "zscaler-url-category", "paloalto-edl", "aws-prefix-list", "checkpoint-gdc"} <= chosen
    if "optimize" in move:
        assert {"pac", "linux-routes", "tls-bypass", "azure-udr", "windows-vpnv2"} <= chosen


def test_the_complement_of_a_tunnel_leaves_it_out_until_its_day(tmp_path: Path) -> None:
    before, during, ended, _ = plans(tmp_path, *MOVES["optimize to default"])
    had, has, later = (
        lines(render(plan, "wireguard", Style(options=example_options("wireguard")))) for plan in (before, during, ended)
    )
    assert had == has != later


def test_a_rule_uses_the_list_of_the_present_category_which_has_all_of_the_flow(tmp_path: Path) -> None:
    _, during, _, _ = plans(tmp_path, *MOVES["optimize to default"])
    made = render(during, "paloalto-set", Style(options={"edl": "https://lists.example"})).artifacts
    (file,) = [a.content.decode() for a in made if a.name == "perimeter365.set"]
    used = set(re.findall(r"m365-ws-worldwide-9 destination (\S+)", file))
    lists = dict(re.findall(r"external-list (\S+) type ip url \S+/(\S+)", file))
    assert [lists[name] for name in used if name in lists] == ["worldwide-m365-outbound-default-ip.txt"]


def test_a_next_hop_is_needed_for_the_routes_of_a_former_category(tmp_path: Path) -> None:
    before, during, ended, _ = plans(tmp_path, *MOVES["optimize to default"])
    only = [replace(p, flows=tuple(f for f in p.flows if f.id == "ws/worldwide/9")) for p in (before, during, ended)]
    assert [[*targets["linux-routes"]().needed(plan)] for plan in only] == [["gateway4"], ["gateway4"], []]


@pytest.mark.parametrize("move", ["optimize to default", "default to optimize"])
def test_lookup_tables_have_the_higher_category_until_the_day(move: str, tmp_path: Path) -> None:
    _, during, ended, _ = plans(tmp_path, *MOVES[move])
    for plan, category in ((during, "optimize"), (ended, MOVES[move][1][1])):
        (row,) = {line for line in lines(render(plan, "splunk-lookup")) if line.strip('"').startswith(NETWORK)}
        assert row.replace('"', "").split(",")[1] == category


def test_a_budget_spends_each_address_once_although_it_is_in_two_lists(tmp_path: Path) -> None:
    before, during, _, _ = plans(tmp_path, *MOVES["optimize to default"])
    budget = Budget(most=2)
    had_cost, has_cost = ([(c.flow.id, c.extra) for c in aggregate(plan, budget)[1]] for plan in (before, during))
    assert had_cost == has_cost
    style = Style(options={"split": "category"}, budget=budget)
    had, has = ({a.name: a.content for a in render(p, "paloalto-edl", style).artifacts} for p in (before, during))
    lists = [f"worldwide-m365-outbound-{category}-ip.txt" for category in ("optimize", "default")]
    assert b"ws/worldwide/9" in had[lists[0]]
    assert all(b"ws/worldwide/9" in has[name] for name in lists)
