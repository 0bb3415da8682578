"""Every gate, over HTTP into a real store, with all promises: changes above a limit are held, below it committed.

The thresholds themselves, to one entry, are tried in `tests/history/gates`.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from perimeter365.history.gates import CODES
from perimeter365.history.sync import COMMITTED, HELD, accept
from perimeter365.model.finding import Reason
from perimeter365.model.state import State
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from tests.reliability.promises import W
from tests.reliability.scene import NEWS, Stage, with_news
from tests.upstream.bodies import Items

Change = Callable[[Items], object]


def _without(*gone: str) -> Change:
    def change(items: Items) -> None:
        for item in items:
            for key in ("urls", "ips"):
                if key in item:
                    item[key] = [value for value in item[key] if value not in gone]
        items[:] = [item for item in items if item.get("urls") or item.get("ips")]

    return change


def _by_id(items: Items) -> Mapping[int, dict[str, Any]]:
    return {item["id"]: item for item in items}


def _swap(items: Items, one: int, other: int) -> None:
    found = _by_id(items)
    found[one]["id"], found[other]["id"] = other, one
    items.sort(key=lambda item: item["id"])


def _move(items: Items, url: str, source: int, target: int) -> None:
    found = _by_id(items)
    found[source]["urls"] = [each for each in found[source]["urls"] if each != url]
    found[target]["urls"] = [*found[target]["urls"], url]


def _new_set(items: Items, **changed: Any) -> dict[str, Any]:
    made = {**items[0], "id": 999, "urls": ["set.new.msn.com"], "ips": None, **changed}
    return {key: value for key, value in made.items() if value is not None}


def _with(key: str, *more: str) -> Change:
    return lambda items: items[0].update({key: [*items[0].get(key, []), *more]})


WHOLE: Mapping[str, tuple[str, Change]] = {
    "shrink-names": ("shrink", lambda items: items.__delitem__(slice(0, 20))),
    "shrink-space": ("shrink", _without("40.96.0.0/13", "52.96.0.0/14", "13.107.128.0/22", "52.112.0.0/14")),
    "growth-entries": ("growth", _with("urls", *(f"g{n}.growth.msn.com" for n in range(160)))),
    "growth-space": ("growth", _with("ips", "20.0.0.0/10")),
    "identity-swap": ("identity", lambda items: _swap(items, 1, 31)),
}
"""Case -> (expected reason to hold the list, change of the list)."""

ALONE: Mapping[str, tuple[str, str, Change]] = {
    "wildcard-gone": ("wildcard-gone", "184:-*.cloud.microsoft", _without("*.cloud.microsoft")),
    "set-gone": ("set-gone", "64:set", lambda items: items.remove(_by_id(items)[64])),
    "demotion": ("demotion", "1:required", lambda items: _by_id(items)[1].update(required=False)),
    "widening-wildcard": ("widening", "1:*.live.com", _with("urls", "*.live.com")),
    "widening-prefix": ("widening", "1:13.107.6.0/24", _with("ips", "13.107.6.0/24")),
    "new-ports": ("new-ports", "1:ports", lambda items: _by_id(items)[1].update(tcpPorts="80,443,8443")),
    "new-ports-of-a-new-set": ("new-ports", "999:set", lambda items: items.append(_new_set(items, tcpPorts="22"))),
    "ports-gone": ("ports-gone", "1:ports", lambda items: _by_id(items)[1].update(tcpPorts="80")),
    "no-ports": ("no-ports", "999:set", lambda items: items.append(_new_set(items, tcpPorts=None, udpPorts=None))),
    "category": ("category", "31:category", lambda items: _by_id(items)[31].update(category="Default")),
    "area": ("area", "31:area", lambda items: _by_id(items)[31].update(serviceArea="MEM")),
    "moved": ("moved", "1:*.sharepoint.com", lambda items: _move(items, "*.sharepoint.com", 31, 1)),
    "new-domain": ("new-domain", "1:cdn.test-domain.net", _with("urls", "cdn.test-domain.net")),
    "look-alike": ("look-alike", "1:login.micros0ft.com", _with("urls", "login.micros0ft.com")),
    "discovery-name": ("discovery-name", "1:wpad.msn.com", _with("urls", "wpad.msn.com")),
    "shared-domain": ("shared-domain", "1:*.github.io", _with("urls", "*.github.io")),
    "foreign-address": ("foreign-address", "1:8.8.8.0/24", _with("ips", "8.8.8.0/24")),
    "rented-address": ("rented-address", "46:20.50.0.0/24", lambda items: _by_id(items)[46]["ips"].append("20.50.0.0/24")),
    "inbound": ("inbound", "1:20.1.0.0/16", _with("ips", "20.1.0.0/16")),
}
"""Case -> (expected reason to hold an entry, its id, change of the list)."""

BELOW: Mapping[str, Change] = {
    "shrink-names": _without("outlook.office.com"),
    "wildcard-that-something-stands-for": _without("*.protection.outlook.com"),
    "growth-entries": _with("urls", *(f"g{n}.growth.msn.com" for n in range(40))),
    "growth-space": lambda items: _by_id(items)[46]["ips"].append("48.160.0.0/13"),
    "new-wildcard": _with("urls", "*.new.msn.com"),
    "new-set": lambda items: items.append({**items[0], "id": 999, "urls": ["set.new.msn.com"], "ips": []}),
    "other-order": lambda items: items.reverse(),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_change_above_a_limit_holds_the_list(stage: Stage, case: str) -> None:
    code, change = WHOLE[case]
    items = with_news(W)
    change(items)
    stage.faulty.lists[W] = items
    played = stage.play()
    assert played.problems() == []
    assert (played.outcome.status, played.outcome.exit_code) == (HELD, 4)
    assert code in [reason["code"] for reason in played.outcome.to_dict()["reasons"]]


@pytest.mark.parametrize("case", ALONE)
def test_a_suspicious_entry_is_held_alone(stage: Stage, case: str) -> None:
    """The news of the list comes into force, and the change does not."""
    code, number, change = ALONE[case]
    items = with_news(W)
    change(items)
    stage.faulty.lists[W] = items
    played = stage.play()
    assert played.problems(good=True) == []
    assert (played.outcome.status, played.outcome.exit_code) == (COMMITTED, 4)
    assert played.outcome.held is not None
    found = {entry.id: {reason.code for reason in entry.reasons} for entry in played.outcome.held.entries}
    assert code in found[number]
    with Store(stage.place) as store:
        newest, published = store.newest(W), store.published(W)
        assert newest is not None
        assert published is not None
        assert newest.hash != published.hash
        assert NEWS in {host.text for s in newest.sets for host in s.hosts}


@pytest.mark.parametrize("case", BELOW)
def test_a_change_below_a_limit_is_committed(stage: Stage, case: str) -> None:
    items = with_news(W)
    BELOW[case](items)
    stage.faulty.lists[W] = items
    assert stage.play().problems(good=True) == []


def _round(stage: Stage, items: Items) -> str:
    """Play the next version, one hour later."""
    stage.go_on(hours=1)
    stage.faulty.version = str(int(stage.faulty.version) + 1)
    stage.faulty.lists[W] = items
    played = stage.play()
    assert played.problems(good=played.outcome.status == COMMITTED) == []
    return played.outcome.status


def test_a_flip_flop_is_held_after_two_turns(stage: Stage) -> None:
    on, off = with_news(W), with_news(W)
    _with("urls", "blink.msn.com")(on)
    assert [_round(stage, items) for items in (off, on, off)] == [COMMITTED] * 3
    _with("urls", "more.msn.com")(on)
    assert _round(stage, on) == COMMITTED
    with Store(stage.place) as store:
        (entry,) = store.held()[0].entries
        assert (entry.id, entry.reasons[0].code) == ("1:blink.msn.com", "flip-flop")


def test_a_list_that_exceeds_a_device_limit_is_held(stage: Stage) -> None:
    """The caller of the sync provides the capacity check."""

    def full(state: State) -> list[Reason]:
        listed = [host.text for s in state.sets for host in s.hosts]
        return [Reason(code="capacity", message="edge-1: one entry too many", entries=(NEWS,))] if NEWS in listed else []

    played = stage.play(capacity=lambda state: full(state) if state.cloud is W else [])
    assert played.problems() == []
    assert [reason["code"] for reason in played.outcome.to_dict()["reasons"]] == ["capacity"]


def test_a_person_accepts_or_rejects_a_held_list(stage: Stage) -> None:
    """An accepted list is committed, and a rejected one is not held again."""
    *_, change = ALONE["wildcard-gone"]
    items = with_news(W)
    change(items)
    assert _round(stage, items) == COMMITTED
    with Store(stage.place, clock=lambda: stage.now) as store:
        accept(store, store.held()[0].id, base=embedded())
        head = store.head(W)
        assert head is not None
        assert "*.cloud.microsoft" not in {host.text for s in head.sets for host in s.hosts}


OTHERS = {"flip-flop", "capacity", "empty-plan", "version", "rewritten", "unknown-word", "reused-id"}
"""Codes with tests of their own: above, in `test_upstream_cases.py` and in tests/follow."""


def test_every_gate_has_a_case() -> None:
    assert {code for code, _ in WHOLE.values()} | {code for code, *_ in ALONE.values()} | OTHERS == set(CODES)
