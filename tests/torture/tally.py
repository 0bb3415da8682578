"""Counters of trials and violations, the table at the end of a run, and the file that `make torture` writes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FIGURES = Path(__file__).resolve().parents[2] / "out" / "torture.json"


@dataclass
class Tally:
    """Trials and violations by (case, fault)."""

    tried: dict[tuple[str, str], int] = field(default_factory=dict)
    watched: int = 0
    """Number of trials with a concurrent reader."""
    violations: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Seeds and other notes for the end of the run."""

    def count(self, what: str, fault: str, found: list[str]) -> None:
        """Count a trial and its violations."""
        self.tried[what, fault] = self.tried.get((what, fault), 0) + 1
        self.violations += [f"{what}, {fault}: {each}" for each in found]

    def table(self) -> Iterator[str]:
        """Return the table of cases × faults, with totals."""
        faults = list(dict.fromkeys(fault for _, fault in self.tried))
        whats = list(dict.fromkeys(what for what, _ in self.tried))
        wide = max((len(what) for what in whats), default=0)
        yield " ".join([" " * wide, *faults])
        for what in [*whats, "sum"]:
            row = [sum(n for (w, f), n in self.tried.items() if f == fault and what in (w, "sum")) for fault in faults]
            yield " ".join([what.ljust(wide), *(f"{n or '':>{len(f)}}" for n, f in zip(row, faults, strict=True))])
        yield f"{sum(self.tried.values())} tried, {self.watched} with a concurrent reader, {len(self.violations)} violations"
        yield from self.notes
        yield from self.violations[:50]

    def write(self, path: Path = FIGURES) -> None:
        """Write the counters to a file."""
        path.parent.mkdir(exist_ok=True)
        tried = [{"what": what, "fault": fault, "tried": n} for (what, fault), n in self.tried.items()]
        figures = {"tried": tried, "watched": self.watched, "violations": self.violations, "notes": self.notes}
        path.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


TALLY = Tally()
"""The counters of this run."""
