"""Days along a line, for pictures: how far along a day lies, in which column of a terminal, and where to write dates.

>>> axis = Axis(date(2024, 1, 1), date(2024, 12, 31), columns=12)
>>> axis.column(date(2024, 7, 1))
5
>>> [(day.isoformat(), text) for day, text in axis.ticks(3)]
[('2024-01-01', '2024-01'), ('2024-07-01', '2024-07')]
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

FULL, BOTH, NOT, UNKNOWN = range(4)
LISTED = "█▒· "
"""A character for each of these."""
LISTED_ASCII = "#+. "

_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 600, 12_000)
"""Distances of dates on an axis."""


@dataclass(frozen=True, slots=True)
class Axis:
    """From one day to another, on a line of so many columns."""

    first: date
    last: date
    columns: int = 60

    def share(self, day: date) -> float:
        """How far along a day is, from 0 to 1; one half when there is only one day."""
        span = (self.last - self.first).days
        return min(max((day - self.first).days / span, 0.0), 1.0) if span else 0.5

    def column(self, day: date) -> int:
        """The column of a day, from 0."""
        return round(self.share(day) * (self.columns - 1))

    def ticks(self, most: int) -> list[tuple[date, str]]:
        """Up to so many first days of months or years with what to write there; of a short time its two ends."""
        months = next((m for m in _MONTHS if len(list(self._every(m))) <= most), _MONTHS[-1])
        days = list(self._every(months))
        if len(days) < 2:
            days = [self.first, *([self.last] if self.last != self.first and most > 1 else [])]
            return [(day, day.isoformat()) for day in days]
        return [(day, f"{day.year:04}" if months >= 12 else f"{day.year:04}-{day.month:02}") for day in days]

    def _every(self, months: int) -> Iterator[date]:
        number = -(-(self.first.year * 12 + self.first.month - 1) // months) * months
        while number < (self.last.year + 1) * 12 and number // 12 <= date.max.year:
            day = date(number // 12, number % 12 + 1, 1)
            if self.first <= day <= self.last:
                yield day
            number += months

    def line(self) -> str:
        """The dates, each above its column."""
        found = [" "] * self.columns
        free = 0
        for day, words in self.ticks(max(self.columns // 9, 2)):
            at = min(self.column(day), max(self.columns - len(words), 0))
            if at >= free:
                found[at : at + len(words)] = words
                free = at + len(words) + 1
        return "".join(found)[: max(self.columns, 10)].rstrip()

    def listed(self, known: Iterable[date], stretches: Iterable[tuple[date, date | None]], glyphs: str = LISTED) -> str:
        """A character a column: was something listed at its end? Or did it come and go, or go and come, within it?

        Args:
            known: days of the versions.
            stretches: (first day on which it was listed, first day on which it was not any more, or None).
            glyphs: for listed, both within the column, not listed, and a column before all versions.
        """
        stretches = tuple(stretches)
        at: dict[int, list[date]] = {}
        for day in sorted({*known, *(day for stretch in stretches for day in stretch if day)}):
            at.setdefault(self.column(day), []).append(day)
        kind, drawn = UNKNOWN, []
        for column in range(self.columns):
            kinds = [FULL if any(a <= d and (b is None or d < b) for a, b in stretches) else NOT for d in at.get(column, ())]
            changes = sum(a != b for a, b in pairwise([kind] * (kind != UNKNOWN) + kinds))
            kind = kinds[-1] if kinds else kind
            drawn.append(BOTH if changes > 1 else kind)
        return "".join(glyphs[kind] for kind in drawn)
