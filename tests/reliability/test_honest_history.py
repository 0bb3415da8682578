"""The recorded history through the real sync, and long series of cycles of which a fifth are faulty."""

import gc
import os
import random
import tracemalloc
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from perimeter365.errors import RateLimitedError, UpstreamDataError, UpstreamTimeoutError
from perimeter365.history.gates import GateLimits, without_held
from perimeter365.history.sync import COMMITTED, FAILED, HELD, UNCHANGED, accept, sync
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from perimeter365.wire.read import parse_endpoints
from tests.history.recorded import flap
from tests.history.upstream import MemoryUpstream
from tests.reliability import figures
from tests.reliability.promises import MEMORY, W
from tests.torture import dump
from tests.upstream.bodies import encode, grown, honest

ROOT = Path(__file__).resolve().parents[2]


def test_at_most_one_percent_of_the_recorded_states_is_held_as_a_whole(folder: Path) -> None:
    found = list(figures.through_sync(folder))
    held = [f"{state.cloud} {state.version}" for state, outcome in found if outcome.held and outcome.held.whole]
    assert len(found) > 110
    assert {outcome.status for _, outcome in found} <= {COMMITTED, HELD, UNCHANGED}
    assert len(held) <= len(found) * 0.01, held


def test_at_most_five_percent_would_be_held_as_a_whole_by_somebody_who_looks_daily() -> None:
    assert figures.whole() <= len(figures.steps()) * 0.01
    assert figures.whole(away=timedelta(hours=1)) <= len(figures.steps()) * 0.05


def test_the_limit_of_removals_is_the_smallest_that_holds_at_most_five_percent() -> None:
    held = {share: figures.whole(GateLimits(shrink=share), away=timedelta(hours=1)) for share in figures.SHRINKS}
    chosen = min(share for share, count in held.items() if count <= len(figures.steps()) * 0.05)
    assert GateLimits().shrink == chosen


def test_a_witness_of_the_past_does_not_know_a_name_or_address_that_a_step_brings() -> None:
    """A witness from the future would pass everything that is new."""
    new = [step for step in figures.steps() if "new-domain" in step.verdict(away=timedelta(hours=1)).codes]
    assert len(new) > 10
    for step in new:
        known = figures.witness_before(step.new.day, step.new.cloud).domains
        later = figures.witness_before(step.new.day + timedelta(days=1), step.new.cloud).domains
        assert later - known


def test_the_flap_of_july_2026_loses_nothing_at_any_distance() -> None:
    """However long the last sync ago, the three names stay in force."""
    before, during, _ = flap()
    for days in (0, 14, 400):
        verdict = figures.Step(before, during, [before]).verdict(away=timedelta(days=days))
        kept = without_held(before, during, verdict.entries)
        assert {h for s in before.sets for h in s.hosts} == {h for s in kept.sets for h in s.hosts}


def test_the_documented_tables_match_the_history() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    for table in figures.tables().split("\n\n"):
        assert table.strip() in page, figures.tables()


def _state(version: str, cycle: int) -> State:
    return State(cloud=W, version=Version(version), origin=LIVE, sets=parse_endpoints(encode(grown(honest(W), cycle)), W))


@pytest.mark.parametrize(("hours", "share"), [(1, 0.25), (24, 1.27)])
def test_growth_of_two_in_five_hundred_a_cycle_for_a_thousand_cycles(folder: Path, hours: int, share: float) -> None:
    """0.4 % a cycle: hourly growth is held at 25 % in 30 days, daily growth at 126 % in a year."""
    now = datetime(2026, 8, 3, 0, tzinfo=UTC)
    first = sum(len(s.hosts) + len(s.listed) for s in _state("2026080200", 0).sets)
    with Store(str(folder / "store.sqlite"), clock=lambda: now) as store:
        source = MemoryUpstream()
        held = None
        for cycle in range(1000):
            if cycle % 10 == 0 or 50 < cycle < 60:  # every tenth cycle has ten times the growth: only the sum counts
                source.publish(_state(f"{now:%Y%m%d%H}", cycle))
                (outcome,) = sync(store, source, [W], base=embedded())
                assert outcome.status in (COMMITTED, UNCHANGED, HELD), outcome
                if held := outcome.held:
                    break
            now += timedelta(hours=hours)
        assert held is not None
        assert {reason.code for reason in held.reasons} == {"growth"}
        head = store.head(W)
        assert head is not None
        have = sum(len(s.hosts) + len(s.listed) for s in head.sets)
        assert first < have <= first * (1 + share)


def soak(place: str, cycles: int, seed: int) -> tuple[Counter[str], list[int]]:
    """Cycles with a clock of their own, a fifth of them faulty; checks after each what has to hold.

    Returns:
        How often each thing came of it, and the memory in bytes at ten instants.
    """
    dice = random.Random(seed)
    now = datetime(2026, 8, 20, tzinfo=UTC)
    source, counts, memory = MemoryUpstream(), Counter[str](), []
    number, good = 0, _state("2026080300", 0)
    pool = [_state("2026080300", 0), _state("2026080300", 1), _state("2026080300", 2)]
    short = replace(pool[0], sets=pool[0].sets[20:])
    with Store(place, clock=lambda: now) as store:
        source.publish(good)
        sync(store, source, [W], base=embedded())
        for cycle in range(cycles):
            now += timedelta(minutes=60 + dice.randrange(7))
            if not cycle % max(cycles // 10, 1):
                memory.append(_memory())
            faulty = dice.random() < 0.2
            if not faulty and dice.random() < 0.05:
                number += 1
                good = replace(pool[number % 2], version=Version(f"{now:%Y%m%d}{number % 100:02}"))
            source.publish(good)
            source.versions.clear()
            if faulty:
                _commit_a_fault(source, dice, good, short, now)
            before = store.in_force()
            (outcome,) = sync(store, source, [W], base=embedded())
            counts[outcome.status] += 1
            if faulty:
                assert outcome.status in (FAILED, HELD), outcome
                assert store.in_force() == before
            elif outcome.held:  # alternating lists become a flip-flop, which a person admits
                assert {r.code for e in outcome.held.entries for r in e.reasons} <= {"flip-flop", "new-domain"}
                accept(store, outcome.held.id, base=embedded())
            if not faulty:
                assert [force.version for force in store.in_force()] == [good.version]
            if dice.random() < 0.1:
                assert len(store.held()) <= 2
                for told in store.pending():
                    store.mark_delivered(told.id)
    return counts, memory


def _commit_a_fault(source: MemoryUpstream, dice: random.Random, good: State, short: State, now: datetime) -> None:
    later = f"{now:%Y%m%d}99"
    match dice.randrange(6):
        case 0:
            source.states[W] = UpstreamTimeoutError("no whole answer")
        case 1:
            source.states[W] = RateLimitedError("wait an hour", retry_after=3600)
        case 2:
            source.states[W] = UpstreamDataError("[0].ips[0]: 10.0.0.0/8 is private space")
        case 3:
            source.versions[W] = "2018063000"
        case 4:
            source.versions[W] = "9999999999"
        case _:
            source.publish(replace(short, version=Version(later)))


def _memory() -> int:
    """Return the bytes of Python objects; 0 without `tracemalloc`."""
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


@pytest.mark.parametrize(("cycles", "seed"), [(100, 365), (500, 365), (500, 366)])
def test_hundreds_of_cycles_of_which_a_fifth_are_faulty(folder: Path, cycles: int, seed: int) -> None:
    """Three weeks of hourly cycles, twice; `make torture` runs more."""
    counts, _ = soak(str(folder / "store.sqlite"), cycles, seed)
    assert counts[FAILED] > cycles // 10
    assert counts[HELD] > cycles // 150
    assert counts[COMMITTED] > cycles // 100
    assert counts[UNCHANGED] > cycles // 2
    left = dump.of(str(folder / "store.sqlite"))
    assert dump.integrity(str(folder / "store.sqlite")) == []
    assert dump.wrong(left) == []


@pytest.mark.torture
def test_many_cycles_do_not_grow(folder: Path) -> None:
    """10⁴ cycles, or SOAK_CYCLES: objects grow by less than 1 MiB per 10⁴ cycles, the process by less than P4."""
    held = held_memory()
    cycles = int(os.environ.get("SOAK_CYCLES") or 10_000)
    tracemalloc.start()
    try:
        counts, memory = soak(str(folder / "store.sqlite"), cycles, seed=1)
    finally:
        tracemalloc.stop()
    assert sum(counts.values()) == cycles
    warm = memory[len(memory) // 2 :]
    assert (warm[-1] - warm[0]) / (cycles * 0.4) * 10_000 < 1024 * 1024, memory
    assert held_memory() - held < MEMORY


def held_memory() -> int:
    """Return the current memory of this process in bytes, including that of earlier tests."""
    return int(Path("/proc/self/status").read_text("ascii").partition("VmRSS:")[2].split()[0]) * 1024
