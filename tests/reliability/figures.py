"""Results of the gates on the recorded history: with the whole sync at each state's day, and step by step.

    python -m tests.reliability.figures         the tables of docs/reliability.md, as Markdown

A step is a recorded state and its predecessor in the same cloud and series. What is held is admitted, as by a person,
and the history continues from there.

Every witness is cut to what was published before the day of a step: the lists of all clouds that were recorded earlier, and
the public ranges of files with an earlier day. A witness from the future would know what the step brings.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

from perimeter365.history.gates import CODES, ENTRY_CODES, STEP_CODES, WINDOW, YEAR, GateLimits, Verdict, Witness, judge
from perimeter365.history.gates.witness import domains, inbound_sources, references
from perimeter365.history.sync import Outcome, accept, sync
from perimeter365.model.cloud import Cloud
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.state import LIVE, State
from perimeter365.sources.embedded import embedded
from perimeter365.sources.witness import embedded_witness
from perimeter365.store.store import Store
from tests.history.recorded import recorded
from tests.history.upstream import MemoryUpstream

SHRINKS = (0.05, 0.10, 0.15, 0.20)
"""Limits of removals that the documentation compares."""


def witness_before(day: date, cloud: Cloud, *, future: bool = False) -> Witness:
    """Return what was published before a day.

    Args:
        day: the day.
        cloud: the cloud whose lists are judged.
        future: use the public ranges of today, for comparison.
    """
    names, space = _listed_before(day)
    series = [group for group in recorded() if group[0].cloud is cloud]
    numbers = {s.id for group in series for state in group if state.day < day for s in state.sets}
    ranges = embedded_witness() if future else embedded_witness().on(day - timedelta(days=1))
    return Witness(
        domains=names,
        space=space | ranges.space(cloud) if ranges else space,
        rented=ranges.rented(cloud) - space if ranges else PrefixSet(),
        inbound=inbound_sources(embedded(), cloud),
        references=references(embedded(), cloud),
        numbers=frozenset(numbers),
    )


@cache
def _listed_before(day: date) -> tuple[frozenset[str], PrefixSet]:
    names: set[str] = set()
    space: list[str] = []
    for state in (state for group in recorded() for state in group if state.day < day):
        for each in state.sets:
            names.update(host.text for host in each.hosts)
            space.extend(each.listed)
    return domains(names), PrefixSet.parse(space)


@dataclass(frozen=True, eq=False)
class Step:
    """A recorded state and its predecessor."""

    old: State
    new: State
    past: Sequence[State]

    @property
    def days(self) -> int:
        """Days between the two recordings."""
        return (self.new.day - self.old.day).days

    def verdict(self, limits: GateLimits | None = None, *, away: timedelta | None = None, future: bool = False) -> Verdict:
        """Return what is held, if the last sync was at the previous recording, or `away` earlier."""
        return _verdict(self, limits, timedelta(days=self.days) if away is None else away, future)


@cache
def _verdict(step: Step, limits: GateLimits | None, away: timedelta, future: bool) -> Verdict:
    recent = [s for s in step.past if step.new.day - s.day <= WINDOW] or [step.old]
    year = next((s for s in step.past if step.new.day - s.day <= YEAR), step.old)
    witness = witness_before(step.new.day, step.new.cloud, future=future)
    return judge(step.old, step.new, witness, recent, year=year, away=away, limits=limits)


@cache
def steps() -> tuple[Step, ...]:
    """Return all steps in order of their days."""
    found = [Step(old, new, group[: at + 1]) for group in recorded() for at, (old, new) in enumerate(pairwise(group))]
    return tuple(sorted(found, key=lambda step: (step.new.day, step.new.cloud, step.new.version)))


def through_sync(folder: Path) -> Iterator[tuple[State, Outcome]]:
    """Yield each recorded state except the first of a series, and the outcome of a sync on its day."""
    for number, group in enumerate(recorded()):
        now = _noon(group[0])
        with Store(str(folder / f"{number}.sqlite"), clock=lambda: now) as store:  # noqa: B023 (`now` changes on purpose)
            store.commit(replace(group[0], origin=LIVE, recorded=now.date()))
            source = MemoryUpstream()
            for state in group[1:]:
                now = _noon(state)
                source.publish(replace(state, origin=LIVE, recorded=None))

                def witness(_: object, cloud: Cloud, day: date = state.day) -> Witness:
                    return witness_before(day, cloud)

                (outcome,) = sync(store, source, [state.cloud], base=embedded(), witness=witness)
                yield state, outcome
                if outcome.held:
                    accept(store, outcome.held.id, base=embedded())


def _noon(state: State) -> datetime:
    return datetime.combine(state.day, time(12), UTC)


HOUR = timedelta(hours=1)


def whole(limits: GateLimits | None = None, *, away: timedelta | None = None) -> int:
    """Return the number of steps that are held as a whole."""
    return sum(bool(step.verdict(limits, away=away).step) for step in steps())


def by_code(found: Sequence[Step], *, future: bool = False) -> Counter[str]:
    """Return code -> number of steps that it holds in whole or in part, if the last look was one hour ago."""
    return Counter(code for step in found for code in step.verdict(away=HOUR, future=future).codes)


def tables() -> str:
    """Return the tables as Markdown."""
    count = len(steps())
    ours = [step for step in steps() if step.new.cloud is Cloud.WORLDWIDE and step.past[0].day.year == 2020]
    waiting = [step for step in steps() if step.verdict(away=HOUR).entries]
    ours_waiting = [step for step in ours if step in waiting]
    entries = sum(len(step.verdict(away=HOUR).entries) for step in waiting)
    lines = [
        f"| recorded steps | {count} |",
        "| --- | --- |",
        f"| held as a whole, judged at the recorded times | {_share(whole())} |",
        f"| held as a whole, each judged as if the last look was one hour ago | {_share(whole(away=HOUR))} |",
        f"| with held entries, as if the last look was one hour ago | {_share(len(waiting))}, {entries} entries |",
        f"| of these, Worldwide, {ours[0].old.day:%Y} to {ours[-1].new.day:%Y} | {len(ours_waiting)} of {len(ours)} |",
        f"| median number of days between two recordings | {sorted(step.days for step in steps())[count // 2]} |",
        "",
        f"| reason | of {count} steps | of {len(ours)} of Worldwide |",
        "| --- | --- | --- |",
    ]
    every, of_ours = by_code(steps()), by_code(ours)
    lines += [f"| `{code}` | {every[code]} | {of_ours[code]} |" for code in (*STEP_CODES, *ENTRY_CODES) if code in CODES]
    later, later_ours = by_code(steps(), future=True), by_code(ours, future=True)
    for code in ("foreign-address", "rented-address"):
        lines.append(f"| `{code}`, with the public ranges of today | {later[code]} | {later_ours[code]} |")
    lines += ["", "| limit of `shrink` | held as a whole, one hour after the last look |", "| --- | --- |"]
    for share in SHRINKS:
        lines.append(f"| {share:.0%} | {_share(whole(GateLimits(shrink=share), away=HOUR))} |")
    return "\n".join(lines) + "\n"


def _share(number: int) -> str:
    return f"{number} ({number / len(steps()):.1%})"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        found = list(through_sync(Path(folder)))
    sys.stdout.write(tables())
    held = [f"{state.cloud} {state.version}" for state, outcome in found if outcome.held and outcome.held.whole]
    sys.stdout.write(f"\nthrough the sync {len(held)} of {len(found)} are held as a whole: {'; '.join(held)}\n")
