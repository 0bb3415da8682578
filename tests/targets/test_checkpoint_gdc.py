"""Generic Data Center files: addresses of groups under constant ids."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render
from tests.targets.packets import EVERY, collapsed, flows, plan

BY_SCENARIO = Style(options={"split": "scenario"})


def objects(which: Plan) -> dict[str, dict[str, Any]]:
    document = json.loads(
        next(a.content for a in render(which, "checkpoint-gdc", BY_SCENARIO).artifacts if a.name == "m365.json")
    )
    assert set(document) == {"version", "description", "objects"}
    assert document["version"] == "1.0"
    assert all(set(each) == {"name", "id", "description", "ranges"} for each in document["objects"])
    return {each["name"]: each for each in document["objects"]}


@pytest.mark.parametrize("case", EVERY)
def test_each_object_has_exactly_its_groups_addresses(case: str) -> None:
    wanted: dict[str, list[str]] = {}
    for f in flows(plan(case)):
        if f["direction"] != "internal":
            outside = f["source" if f["direction"] == "inbound" else "destination"]
            if outside["prefixes"]:
                group = f"m365-{f['cloud']}-{f['scenario']}-{f['direction']}-{f['category'] or 'other'}"
                wanted.setdefault(group, []).extend(outside["prefixes"])
    made = objects(plan(case))
    assert set(made) == set(wanted)
    for name, each in made.items():
        assert each["ranges"] == collapsed(wanted[name])
        assert UUID(each["id"]).version == 5
    assert len({each["id"] for each in made.values()}) == len(made)


def test_an_object_keeps_its_id_when_its_addresses_change() -> None:
    before = objects(plan("contoso"))
    changed = []
    for f in plan("contoso").flows:
        new = (
            replace(f.destination, prefixes=PrefixSet.parse(["52.112.0.0/16"]))
            if f.id == "ws/worldwide/11"
            else f.destination
        )
        changed.append(replace(f, destination=new))
    after = objects(replace(plan("contoso"), flows=tuple(changed), profile_hash="f" * 12))
    name = "m365-worldwide-teams-outbound-optimize"
    assert before[name]["ranges"] != after[name]["ranges"]
    assert {n: each["id"] for n, each in before.items()} == {n: each["id"] for n, each in after.items()}


def test_ids_never_change() -> None:
    """Rules on gateways depend on them: a change here breaks every installation."""
    assert objects(plan("contoso"))["m365-worldwide-teams-outbound-optimize"]["id"] == "860a3355-aa2c-54bd-9691-7ef027ff7929"


def test_a_host_that_is_not_in_the_ranges_is_a_loss() -> None:
    lost = {(x.id, x.subject) for x in render(plan("contoso"), "checkpoint-gdc").details}
    for f in plan("contoso").flows:
        if f.theirs and not f.theirs.anyone and f.theirs.hosts:
            assert (f.id, "all") in lost or all((f.id, h.text) in lost for h in f.theirs.unaddressed)
