"""Stored plans are parsed without loss, and errors have their place."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.errors import InputError
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import decode, parse_json
from perimeter365.model.effective import EntryDate
from perimeter365.plan.stored import parse_plan, plan_dict
from tests.targets import cases


@pytest.mark.parametrize("case", cases.CASES)
def test_a_plan_is_read_back_exactly(case: str) -> None:
    plan = cases.plan(case)
    again = decode("plan", parse_plan, parse_json(json.dumps(plan_dict(plan)).encode()))
    assert again == plan
    assert again.to_json() == plan.to_json()
    assert list(again.versions) == list(plan.versions)


def test_it_is_the_json_of_the_plan_with_additions() -> None:
    plan = cases.plan("small")
    stored = plan_dict(plan)
    for flow in stored["flows"]:
        for end in ("source", "destination"):
            flow[end].pop("unaddressed")
    for record in stored["records"]:
        record.pop("zone")
    assert stored == plan.to_dict()


DATES = (
    EntryDate(day=date(2030, 7, 1), cloud=Cloud.WORLDWIDE, id="ws/worldwide/11", value="192.0.2.0/24", state="kept"),
    EntryDate(day=date(2030, 8, 1), cloud=Cloud.WORLDWIDE, id="row/6/mrs-proxy", value="*.example.com", state="waiting"),
    EntryDate(day=date(2030, 8, 2), cloud=Cloud.WORLDWIDE, id="ws/worldwide/11", value="udp 50000-59999", state="kept"),
    EntryDate(day=date(2030, 8, 2), cloud=Cloud.WORLDWIDE, id="ws/worldwide/11", value="category default", state="kept"),
)


def test_dates_are_read_back_too() -> None:
    first, *flows = cases.plan("small").flows
    plan = replace(
        cases.plan("small"), dates=DATES, flows=(replace(first, former=(("exchange", None), ("teams", "allow"))), *flows)
    )
    again = decode("plan", parse_plan, parse_json(json.dumps(plan_dict(plan)).encode()))
    assert again.dates == DATES
    assert again == plan


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("state", "gone", r"plan.dates\[1\].state"),
        ("day", "2030-02-30", r"plan.dates\[1\].day"),
        ("value", "a b", r"plan.dates\[1\].value"),
        ("value", "tcp 443\nset", r"plan.dates\[1\].value"),
        ("id", "x", r"plan.dates\[1\].id"),
        ("cloud", "Mars", r"plan.dates\[1\].cloud"),
        ("more", 1, r"plan.dates\[1\]: unknown key 'more'; known keys are cloud, day, id, state, value"),
    ],
)
def test_an_invalid_date_is_rejected_with_its_place(key: str, value: object, message: str) -> None:
    whole = plan_dict(replace(cases.plan("small"), dates=DATES))
    whole["dates"][1][key] = value
    with pytest.raises(InputError, match=message):
        decode("plan", parse_plan, whole)


def stored() -> Any:
    """Return a stored plan for tests to damage."""
    return json.loads(json.dumps(plan_dict(cases.plan("small"))))


def put(*path: Any, value: Any) -> Callable[[Any], None]:
    """Return a function that puts a value at a place."""

    def spoil(plan: Any) -> None:
        for step in path[:-1]:
            plan = plan[step]
        plan[path[-1]] = value

    return spoil


SPOILED: dict[str, tuple[Callable[[Any], None], str]] = {
    "unknown key": (put("extra", value=1), "plan: unknown key 'extra'; known keys are catalog, "),
    "missing key": (lambda plan: plan.pop("flows"), "plan: 'flows' is missing"),
    "no list": (put("flows", value={}), "plan.flows: expected a list, got an object"),
    "no object": (put("flows", 3, value=[]), r"plan.flows\[3\]: expected an object, got a list"),
    "host bits": (
        put("flows", 2, "source", "prefixes", value=["10.0.0.1/8"]),
        r"plan.flows\[2\].source.prefixes: .* host bits",
    ),
    "zone id": (put("flows", 2, "source", "prefixes", value=["fe80::1%eth0"]), r"plan.flows\[2\].source.prefixes\[0\]"),
    "a host with a quote": (put("flows", 2, "source", "hosts", value=['a.example.com"']), r"source.hosts\[0\]"),
    "an id with a line break": (put("flows", 0, "id", value="row/6/x\nset"), r"plan.flows\[0\].id"),
    "an incomplete id": (put("flows", 0, "id", value="row/6/"), r"plan.flows\[0\].id"),
    "a scenario with a space": (put("flows", 0, "scenario", value="a b"), r"plan.flows\[0\].scenario"),
    "an unknown cloud": (put("flows", 0, "cloud", value="Mars"), r"plan.flows\[0\].cloud"),
    "an unknown role": (
        put("flows", 0, "source", "role", value="king"),
        r"plan.flows\[0\].source: 'king' is not a role",
    ),
    "anyone with addresses": (
        put("flows", 0, "source", value={"role": "internet", "hosts": [], "prefixes": ["10.0.0.0/8"], "unaddressed": []}),
        "is anyone",
    ),
    "a port too high": (put("flows", 0, "tcp", value="70000"), r"plan.flows\[0\].tcp: '70000' is not a port"),
    "a port in words": (put("flows", 0, "tcp", value="https"), r"plan.flows\[0\].tcp"),
    "a path with a quote": (put("flows", 0, "path", value='/a"b'), r"plan.flows\[0\].path"),
    "a number instead of true or false": (put("flows", 0, "required", value=1), r"plan.flows\[0\].required"),
    "the row of another id": (put("flows", 0, "row", value=25), r"plan.flows\[0\]: 25 is not the row of"),
    "an unknown set": (put("flows", 0, "sets", value=["Mars/1"]), r"plan.flows\[0\].sets\[0\]: 'Mars/1' is not"),
    "true as a row": (put("flows", 0, "row", value=True), r"plan.flows\[0\].row"),
    "a day that does not exist": (put("flows", 0, "retired", value="2020-13-01"), r"plan.flows\[0\].retired"),
    "an unknown direction": (put("flows", 0, "direction", value="sideways"), r"plan.flows\[0\].direction"),
    "evidence without https": (put("flows", 0, "evidence", 0, "document", value="file:///etc/passwd"), r"evidence\[0\]"),
    "a lone surrogate": (put("organization", value="\ud800"), "plan.organization"),
    "a control character": (put("flows", 0, "condition", value="a\x1bb"), r"plan.flows\[0\].condition"),
    "a version that is not a number": (put("catalog", "worldwide", "version", value="newest"), "plan.catalog.worldwide"),
    "a profile that is no hash": (put("profile", value="x" * 12), "plan.profile"),
    "a record with a quote": (put("records", 0, "value", value='0 "x"'), r"plan.records\[0\].value"),
    "a warning of no code": (put("warnings", 0, "code", value="x"), r"plan.warnings\[0\]"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_what_is_wrong_is_refused_with_its_place(name: str) -> None:
    spoil, words = SPOILED[name]
    plan = stored()
    spoil(plan)
    with pytest.raises(InputError, match=words):
        decode("plan", parse_plan, plan)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON, st.data())
def test_any_invalid_value_is_an_input_error(value: object, data: st.DataObject) -> None:
    """With any value in any place, parsing returns a plan or raises InputError."""
    plan = stored()
    part = plan
    while True:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(part[key], dict | list) or not part[key] or data.draw(st.booleans()):
            part[key] = value
            break
        part = part[key]
    with suppress(InputError):
        decode("plan", parse_plan, plan)
