"""Results of the gates on the recorded history: with the whole sync at each state's day, and with other limits.

    python -m tests.reliability.figures         the tables of docs/reliability.md, as Markdown

A step is a recorded state and its predecessor in the same cloud and series. A held state is accepted, as by a
person, and the history continues from there.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

from perimeter365.history.gates import WINDOW, YEAR, GateLimits, check_gates
from perimeter365.history.sync import HELD, accept, sync
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import LIVE, State
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from tests.history.recorded import recorded
from tests.history.upstream import MemoryUpstream

PATIENCES = (7, 14, 21, 28)


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

    def codes(self, limits: GateLimits | None = None, *, away: timedelta | None = None) -> list[str]:
        """Return the reasons for holding it, if the last sync was at the previous recording, or `away` earlier."""
        return list(_codes(self, limits, timedelta(days=self.days) if away is None else away))


@cache
def _codes(step: Step, limits: GateLimits | None, away: timedelta) -> tuple[str, ...]:
    recent = [s for s in step.past if step.new.day - s.day <= WINDOW] or [step.old]
    year = next((s for s in step.past if step.new.day - s.day <= YEAR), step.old)
    return tuple(r.code for r in check_gates(step.old, step.new, recent, year=year, away=away, limits=limits))


@cache
def steps() -> tuple[Step, ...]:
    """Return all steps in order of their days."""
    found = [Step(old, new, group[: at + 1]) for group in recorded() for at, (old, new) in enumerate(pairwise(group))]
    return tuple(sorted(found, key=lambda step: (step.new.day, step.new.cloud, step.new.version)))


def through_sync(folder: Path) -> Iterator[tuple[State, str, tuple[str, ...]]]:
    """Yield each recorded state except the first of a series, its sync status on its day, and the reasons."""
    for number, group in enumerate(recorded()):
        now = _noon(group[0])
        with Store(str(folder / f"{number}.sqlite"), clock=lambda: now) as store:  # noqa: B023 (`now` changes on purpose)
            store.commit(replace(group[0], origin=LIVE, recorded=now.date()))
            source = MemoryUpstream()
            for state in group[1:]:
                now = _noon(state)
                source.publish(replace(state, origin=LIVE, recorded=None))
                (outcome,) = sync(store, source, [state.cloud], base=embedded())
                held = outcome.held
                yield state, outcome.status, tuple(r.code for r in held.reasons) if held else ()
                if held and outcome.status == HELD:
                    accept(store, held.id, base=embedded())


def _noon(state: State) -> datetime:
    return datetime.combine(state.day, time(12), UTC)


def halves(limits: GateLimits | None = None) -> tuple[int, int]:
    """Return the number of held steps in the older and in the newer half."""
    held = [bool(step.codes(limits)) for step in steps()]
    return sum(held[: len(held) // 2]), sum(held[len(held) // 2 :])


def tables() -> str:
    """Return the tables as Markdown."""
    count = len(steps())
    half = count // 2
    lines = [
        f"| `patience` | held of the older {half} steps | held of the newer {count - half} |",
        "| --- | --- | --- |",
    ]
    for days in PATIENCES:
        older, newer = halves(GateLimits(patience=timedelta(days=days)))
        lines.append(f"| {days} days | {older} ({older / half:.1%}) | {newer} ({newer / (count - half):.1%}) |")
    often = [step for step in steps() if step.codes(away=timedelta(0))]
    ours = [step for step in steps() if step.new.cloud is Cloud.WORLDWIDE and step.past[0].day.year == 2020]
    since, until = ours[0].old.day, ours[-1].new.day
    asked = sum(bool(step.codes(away=timedelta(0))) for step in ours)
    lines += [
        "",
        f"| recorded steps | {count} |",
        "| --- | --- |",
        f"| held when judged at the recorded times | {sum(halves())} ({sum(halves()) / count:.1%}) |",
        f"| held when each is judged as if the last look was one hour ago | {len(often)} ({len(often) / count:.0%}) |",
        f"| of these, Worldwide, {since:%Y} to {until:%Y} | {asked} of {len(ours)} |",
        f"| median number of days between two recordings | {sorted(step.days for step in steps())[count // 2]} |",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        found = list(through_sync(Path(folder)))
    sys.stdout.write(tables())
    held = [f"{state.cloud} {state.version} ({', '.join(why)})" for state, status, why in found if status == HELD]
    sys.stdout.write(f"\nthrough the sync {len(held)} of {len(found)} are held: {'; '.join(held)}\n")
