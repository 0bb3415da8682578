r"""Draws when values were listed, as lines of characters: what `history VALUE` shows below its table.

    print(*strips(store.history("2603:1063::/38")[:2], store.versions(), width=70), sep="\n")

                                               2020       2022       2024       2026
      2603:1063::/38  ws/worldwide/11  ·······················██····█████████████████

Apart from `history.picture`, whose imports would take longer than the answer.
"""

from collections.abc import Sequence
from datetime import date

from perimeter365.history.draw._axis import LISTED, LISTED_ASCII, Axis
from perimeter365.store.entries import Interval, StoredVersion


def strips(
    found: Sequence[Interval], versions: Sequence[StoredVersion], width: int = 100, *, blocks: bool = True
) -> list[str]:
    """When each value was listed by each set, as lines of characters: one line for all stretches of both.

    Args:
        found: stretches, of one or more clouds; their order is kept.
        versions: those of the store.
        width: of the terminal.
        blocks: can it show `█`? Otherwise the lines are ASCII.
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
        cells = axis.listed(own, stretches, LISTED if blocks else LISTED_ASCII)
        lines.append(f"  {value:{rooms[0]}}  {identity:{rooms[1]}}  {cells}".rstrip())
    return lines


def _parsed(day: str) -> date:
    """A stored version's day; the first of all for a version that holds none."""
    try:
        return date.fromisoformat(day)
    except ValueError:
        return date(1970, 1, 1)
