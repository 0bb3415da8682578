"""A time axis: the position of a day, its column, and the dates to write.

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

LISTED, BOTH, NOT_LISTED, UNKNOWN = range(4)
GLYPHS = "█▒· "
"""The characters of these four states."""
GLYPHS_ASCII = "#+. "
"""The same in ASCII."""

_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 600, 12_000)
"""Possible distances between two dates of an axis, in months."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A time axis from the first to the last day, `columns` characters wide."""

    first: date
    last: date
    columns: int = 60

    def share(self, day: date) -> float:
        """Return the position of a day from 0 to 1; 0.5 if the axis has only one day."""
        span = (self.last - self.first).days
        return min(max((day - self.first).days / span, 0.0), 1.0) if span else 0.5

    def column(self, day: date) -> int:
        """Return the column of a day, counted from 0."""
        return round(self.share(day) * (self.columns - 1))

    def ticks(self, most: int) -> list[tuple[date, str]]:
        """Return at most `most` dates with their labels: first days of months or years.

        A period that contains fewer than two of them has its first and last day instead.
        """
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
        """Return a line of text with each date above its column."""
        found = [" "] * self.columns
        free = 0
        for day, words in self.ticks(max(self.columns // 9, 2)):
            at = min(self.column(day), max(self.columns - len(words), 0))
            if at >= free:
                found[at : at + len(words)] = words
                free = at + len(words) + 1
        return "".join(found)[: max(self.columns, 10)].rstrip()

    def listed(self, known: Iterable[date], stretches: Iterable[tuple[date, date | None]], glyphs: str = GLYPHS) -> str:
        """Return one character for each column: was a value listed at its end?

        A column in which the value was both added and removed has a character of its own.

        Args:
            known: the days of the versions.
            stretches: (first day with the value, first day without it or None).
            glyphs: characters for listed, both, not listed, and a column before the first version.
        """
        stretches = tuple(stretches)
        at: dict[int, list[date]] = {}
        for day in sorted({*known, *(day for stretch in stretches for day in stretch if day)}):
            at.setdefault(self.column(day), []).append(day)
        kind, drawn = UNKNOWN, []
        for column in range(self.columns):
            days = at.get(column, ())
            kinds = [LISTED if any(a <= d and (b is None or d < b) for a, b in stretches) else NOT_LISTED for d in days]
            changes = sum(a != b for a, b in pairwise([kind] * (kind != UNKNOWN) + kinds))
            kind = kinds[-1] if kinds else kind
            drawn.append(BOTH if changes > 1 else kind)
        return "".join(glyphs[kind] for kind in drawn)
