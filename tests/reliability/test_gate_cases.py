"""Every gate, over HTTP into a real store, with all promises: changes above a limit are held, below it committed.

The thresholds themselves, to one entry, are tried in `tests/history/test_gates.py`.
"""

from collections.abc import Callable, Mapping

import pytest

from perimeter365.history.gates import CAPACITY, CODES, FLIP_FLOP
from perimeter365.history.sync import COMMITTED, HELD, accept
from perimeter365.model.finding import Reason
from perimeter365.model.host import EXACT, HostPattern
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


def _with(key: str, *more: str) -> Change:
    return lambda items: items[0].update({key: [*items[0].get(key, []), *more]})


def _lonely(items: Items) -> Mapping[str, object]:
    """Return a set that is not required and whose names no other entry covers."""

    def alone(item: Mapping[str, object]) -> bool:
        others = [HostPattern(url) for other in items if other is not item for url in other.get("urls", [])]
        return all(not any(o.covers(HostPattern(url)) for o in others) for url in item["urls"])  # type: ignore[attr-defined]

    return next(item for item in items if not item["required"] and item.get("urls") and alone(item))


def _wider(items: Items) -> str:
    """Return a wildcard one level above a listed name that no entry covers."""
    listed = [HostPattern(url) for item in items for url in item.get("urls", [])]
    for host in listed:
        labels = host.text.split(".")
        if host.kind == EXACT and len(labels) > 3 and host.text != NEWS:
            wide = HostPattern("*." + ".".join(labels[1:]))
            if not any(other.covers(wide) for other in listed):
                return wide.text
    raise AssertionError("no such name")


ABOVE: Mapping[str, tuple[str, Change]] = {
    "shrink-names": ("shrink", lambda items: items.__delitem__(slice(0, 15))),
    "shrink-space": ("shrink", _without("40.96.0.0/13", "52.96.0.0/14")),
    "wildcard-gone": ("wildcard-gone", _without("*.cloud.microsoft")),
    "set-gone": ("set-gone", lambda items: items.remove(_lonely(items))),  # type: ignore[arg-type]
    "demotion": ("demotion", lambda items: items[0].update(required=False)),
    "growth-entries": ("growth", _with("urls", *(f"g{n}.growth.example.com" for n in range(100)))),
    "growth-space": ("growth", _with("ips", "20.0.0.0/10")),
    "widening-wildcard": ("widening", lambda items: _with("urls", _wider(items))(items)),
    "widening-prefix": ("widening", _with("ips", "13.107.6.0/24")),
    "widening-port": ("widening", lambda items: items[0].update(tcpPorts="80,443,8443")),
    "widening-port-of-a-new-set": ("widening", lambda items: items.append({**items[0], "id": 999, "tcpPorts": "22"})),
}
"""Case -> (expected reason, change of the list)."""

BELOW: Mapping[str, Change] = {
    "shrink-names": _without("outlook.office.com"),
    "wildcard-that-something-stands-for": _without("*.protection.outlook.com"),
    "growth-entries": _with("urls", *(f"g{n}.growth.example.com" for n in range(40))),
    "growth-space": _with("ips", "20.0.0.0/14"),
    "new-wildcard": _with("urls", "*.new.example.com"),
    "new-set": lambda items: items.append({**items[0], "id": 999, "urls": ["set.new.example.com"]}),
    "other-order": lambda items: items.reverse(),
}


@pytest.mark.parametrize("case", ABOVE)
def test_a_change_above_a_limit_is_held(stage: Stage, case: str) -> None:
    code, change = ABOVE[case]
    items = with_news(W)
    change(items)
    stage.faulty.lists[W] = items
    played = stage.play()
    assert played.problems() == []
    assert (played.outcome.status, played.outcome.exit_code) == (HELD, 4)
    assert code in [reason["code"] for reason in played.outcome.to_dict()["reasons"]]


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
    _with("urls", "blink.example.com")(on)
    assert [_round(stage, items) for items in (off, on, off)] == [COMMITTED] * 3
    assert _round(stage, on) == HELD
    with Store(stage.place) as store:
        assert [reason.code for reason in store.held()[0].reasons] == [FLIP_FLOP]


def test_a_list_that_exceeds_a_device_limit_is_held(stage: Stage) -> None:
    """The caller of the sync provides the capacity check."""

    def full(state: State) -> list[Reason]:
        listed = [host.text for s in state.sets for host in s.hosts]
        return [Reason(code=CAPACITY, message="edge-1: one entry too many", entries=(NEWS,))] if NEWS in listed else []

    played = stage.play(capacity=lambda state: full(state) if state.cloud is W else [])
    assert played.problems() == []
    assert [reason["code"] for reason in played.outcome.to_dict()["reasons"]] == [CAPACITY]


def test_a_person_accepts_or_rejects_a_held_list(stage: Stage) -> None:
    """An accepted list is committed, and a rejected one is not held again."""
    _, change = ABOVE["wildcard-gone"]
    items = with_news(W)
    change(items)
    assert _round(stage, items) == HELD
    with Store(stage.place, clock=lambda: stage.now) as store:
        accept(store, store.held()[0].id, base=embedded())
        head = store.head(W)
        assert head is not None
        assert "*.cloud.microsoft" not in {host.text for s in head.sets for host in s.hosts}


def test_every_gate_has_a_case() -> None:
    assert {code for code, _ in ABOVE.values()} | {FLIP_FLOP, CAPACITY} == set(CODES)
