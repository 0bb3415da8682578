"""Findings: one shape in JSON and in order, whatever is reported."""

import json
from typing import Any

import pytest

from perimeter365.model.finding import Finding, Reason, printable
from perimeter365.plan.plan import PlanWarning
from perimeter365.sources.crosscheck import PrefixCheck
from perimeter365.sources.diagnosis import Diagnosis
from perimeter365.targets import Loss, LossDetail

KEYS: dict[type[Finding], str] = {
    PlanWarning: "code id message level remedy accepted",
    Loss: "level reason kind message remedy ids subjects clouds category required scenario said_by accepted",
    LossDetail: "id cloud kind subject reason message remedy part",
    Reason: "code message entries",
    Diagnosis: "id verdict value limit remedy code",
    PrefixCheck: "owner cloud prefix tags public sources",
}
"""The keys of the JSON of each kind, as the documentation and the artifacts have them."""


@pytest.mark.parametrize("kind", KEYS, ids=lambda kind: kind.__name__)
def test_the_json_has_its_keys_in_their_order(kind: type[Finding]) -> None:
    assert " ".join(kind.keys) == KEYS[kind]
    assert all(hasattr(kind, name) for name in kind.keys.values())


def loss(**changes: Any) -> LossDetail:
    made: dict[str, Any] = {
        "code": "family",
        "kind": "dropped",
        "id": "row/6",
        "message": "no",
        "remedy": "do",
        "cloud": "dod",
        "subject": "all",
    }
    return LossDetail(**(made | changes))


def test_losses_sort_by_requirement_cloud_and_kind() -> None:
    given = [loss(id="row/7"), loss(kind="widened"), loss(cloud="china", kind="widened"), loss()]
    assert sorted(given, key=type(given[0]).sort_key()) == [given[2], given[3], given[1], given[0]]


def test_equal_losses_are_one() -> None:
    assert (loss().kind, loss().reason, loss().message) == ("dropped", "family", "no")
    assert len({loss(), loss()}) == 1


def test_a_finding_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        loss().code = "limit"  # type: ignore[misc]


def test_a_reason_comes_back_from_its_json() -> None:
    reason = Reason(code="growth", message="2 came", entries=("a.example", "*.b.example"))
    assert Reason.from_dict(json.loads(json.dumps(reason.to_dict()))) == reason
    assert Reason.from_dict({"code": "growth"}) == Reason(code="growth", message="")


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"code": 1, "message": "", "entries": []},
        {"code": "growth", "message": None, "entries": []},
        {"code": "growth", "message": "", "entries": "a.example"},
        {"code": "growth", "message": "", "entries": [1]},
    ],
)
def test_anything_else_is_not_a_reason(value: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not the reason"):
        Reason.from_dict(value)


def test_harmless_keeps_what_is_printable() -> None:
    assert printable("Ünïcödé 漢字 😀") == "Ünïcödé 漢字 😀"
    assert printable("a\tb") == "a b"
