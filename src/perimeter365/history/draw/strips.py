r"""Lines of text that show when values were listed, for `history VALUE`.

    print(*strips(store.history("2603:1063::/38")[:2], store.versions(), width=70), sep="\n")

                                               2020       2022       2024       2026
      2603:1063::/38  ws/worldwide/11  ·······················██····█████████████████

This module is separate from `history.draw.picture`, whose imports would take longer than the answer.
"""

from collections.abc import Sequence
from datetime import date

from perimeter365.history.draw._axis import GLYPHS, GLYPHS_ASCII, Axis
from perimeter365.store.entries import Interval, StoredVersion


def strips(
    found: Sequence[Interval], versions: Sequence[StoredVersion], width: int = 100, *, blocks: bool = True
) -> list[str]:
    """Return one line of text for each value and set.

    A line shows all intervals in which the set listed the value.

    Args:
        found: intervals of one or more clouds; their order is kept.
        versions: the versions of the store.
        width: the width of the terminal.
        blocks: use block characters; False for ASCII.
    """
    together: dict[tuple[str, str], list[Interval]] = {}
    for each in found:
        together.setdefault((each.value, each.id), []).append(each)
    days = {(v.cloud, v.version): _parsed(v.day) for v in versions}
    known = [day for (cloud, _), day in days.items() if any(each.cloud is cloud for each in found)]
    if not known:
        return []
    rooms = [max(len(key[i]) for key in together) for i in (0, 1)]
    axis = Axis(min(known), max(known), max(width - sum(rooms) - 6, 10))
    lines = [f"{'':{sum(rooms) + 6}}{axis.line()}".rstrip()]
    for (value, identity), group in together.items():
        own = [day for (cloud, _), day in days.items() if cloud is group[0].cloud]
        stretches = [(days[e.cloud, e.since], days[e.cloud, e.until] if e.until else None) for e in group]
        cells = axis.listed(own, stretches, GLYPHS if blocks else GLYPHS_ASCII)
        lines.append(f"  {value:{rooms[0]}}  {identity:{rooms[1]}}  {cells}".rstrip())
    return lines


def _parsed(day: str) -> date:
    """Return the day of a stored version; 1970-01-01 if it has no valid day."""
    try:
        return date.fromisoformat(day)
    except ValueError:
        return date(1970, 1, 1)
