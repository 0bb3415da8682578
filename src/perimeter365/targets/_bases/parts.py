"""What stays from one render to the next.

These are the numbers of rules, the parts of long lists, and the sizes of lists.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain

from perimeter365.errors import OptionError

_SIGNS = re.compile(r"[^a-z0-9]")
"""The characters of an address that a key of kept numbers does not have."""
_LARGE = 50
"""The number of entries from which the part of each entry is remembered, before there is a second part."""


def divided(
    name: str, entries: Iterable[str], room: int, earlier: Mapping[str, int]
) -> tuple[dict[int, list[str]], dict[str, int]]:
    """Divide a list into parts, so that no entry moves from one part to another.

    Args:
        name: the list.
        entries: its entries.
        room: the maximum number of entries in a part.
        earlier: the numbers of the earlier render.

    Returns:
        The entries of each part, and the numbers to keep for the next render.
    """
    entries = list(entries)
    keys = {entry: f"{name}_{_SIGNS.sub('-', entry)}" for entry in entries}
    place = {entry: earlier[key] for entry, key in keys.items() if key in earlier}
    if len(entries) <= min(_LARGE, room) and not place:
        return {1: entries}, {}
    filled = Counter(place.values())
    at = 1
    for entry in entries:
        if entry not in place:
            while filled[at] >= room:
                at += 1
            place[entry] = at
            filled[at] += 1
    parts: dict[int, list[str]] = {}
    for entry in entries:
        parts.setdefault(place[entry], []).append(entry)
    return dict(sorted(parts.items())), {keys[entry]: part for entry, part in place.items()}


def size_for(entries: int, step: int, most: int, before: int) -> int:
    """Return the size of a list with a number of entries.

    It is a multiple of a step, or the size before, if that is sufficient.
    """
    return min(max(-(-entries // step) * step, before, entries), max(most, entries))


def stable_numbers(
    names: Iterable[str], numbers: range, earlier: Mapping[str, int]
) -> tuple[dict[str, int], dict[str, int]]:
    """Number rules so that those of the earlier render keep their numbers.

    New rules get numbers that no rule had there, every second number first. The numbers of rules that are gone stay
    reserved, because an update may be rendered several times before it is loaded. They are given up when few numbers are
    left. Raises OptionError if there are too few.

    Args:
        names: the rules.
        numbers: the possible numbers.
        earlier: the numbers of the earlier render.

    Returns:
        The numbers of the rules, and those to keep for the next render.
    """
    names = list(names)
    found = {name: earlier[name] for name in names if earlier.get(name) in numbers}
    taken = set(earlier.values())
    free = [n for n in chain(numbers[::2], numbers[1::2]) if n not in taken]
    new = [name for name in names if name not in found]
    if len(new) > len(free):
        raise OptionError(
            f"{len(new)} new rules need priorities from {numbers[0]} on, and {len(free)} are free up to {numbers[-1]}",
            help="use a lower first_priority",
        )
    found |= dict(zip(new, free, strict=False))
    return found, {**earlier, **found} if len(free) - len(new) > len(numbers) // 4 else dict(found)
