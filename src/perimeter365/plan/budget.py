"""The prefix budget: few prefixes with the fewest extra addresses.

A device that supports 20 routes cannot hold 34 prefixes. Joining neighbors opens addresses that are not needed; this
module finds the cover that opens the fewest, and their number. The result is exact.

The needed prefixes are the leaves of a binary tree in which every inner node is the smallest prefix over its
two parts (a path-compressed trie). For a node, `best[k]` is the least extra space with k prefixes: one prefix is the
node itself; k of them are split between its two sides in the best way. Joining the two sides' tables costs the product
of their lengths, at most leaves × k over the whole tree; one byte pair a node and k remembers the split.

    >>> needed = PrefixSet.parse(["192.0.2.0/26", "192.0.2.128/26", "198.51.100.0/24"])
    >>> cover(needed, 4, 2).extra
    128
"""

from array import array
from dataclasses import dataclass

from perimeter365.errors import LimitError
from perimeter365.model.prefix import WIDTH, Prefix, PrefixSet
from perimeter365.model.quantity import quantity

_NEVER = 1 << 140
"""More than any extra space: marks a node that no rule may allow."""
_WHOLE = -1
_NOTHING = PrefixSet()


@dataclass(frozen=True, kw_only=True, slots=True)
class Cover:
    """Prefixes that contain all needed addresses, and their extra addresses."""

    family: int
    needed: int
    """The number of needed addresses."""
    prefixes: tuple[Prefix, ...]
    """Ascending, disjoint."""
    extra: int
    """The number of addresses in `prefixes` that are not needed."""
    curve: tuple[tuple[int, int], ...]
    """(n, fewest extra addresses with n prefixes), from the smallest possible n to the requested one."""

    @property
    def per_cent(self) -> float:
        """The extra space in percent of the needed addresses."""
        return 100 * self.extra / self.needed if self.needed else 0.0


def cover(
    needed: PrefixSet,
    family: int,
    most: int | None = None,
    *,
    extra_space: float | None = None,
    base: int | None = None,
    bound: int = 0,
    avoid: PrefixSet = _NOTHING,
) -> Cover:
    """Find the cover with the least extra space, or with the fewest prefixes.

    Args:
        needed: the addresses to cover; those of the other family are ignored.
        family: 4 or 6.
        most: the largest number of prefixes; None for no limit.
        extra_space: the limit of the extra space, in percent of `base`; with it, the cover has the fewest prefixes within
            this limit.
        base: the number of addresses that the percentage refers to; None for the needed ones.
        bound: the shortest length of a joined prefix. Needed prefixes may be shorter.
        avoid: addresses that no joined prefix may contain, such as private space.

    Raises:
        LimitError: `most` prefixes are not enough; the message has the number that is.
    """
    leaves = list(needed.prefixes(family))
    total = needed.size(family)
    if not leaves:
        return Cover(family=family, needed=0, prefixes=(), extra=0, curve=((0, 0),))
    if most is not None and most < 1:
        raise LimitError("a cover needs at least one prefix", help="use --max-prefixes with 1 or more")
    ceiling = min(most or len(leaves), len(leaves))
    # A few prefixes are often enough for a share of extra space, so the table starts small and grows as needed.
    size = ceiling if extra_space is None else min(64, ceiling)
    tree = _Tree(leaves, size, bound, avoid.bounds(family))
    base = total if base is None else base
    while extra_space is not None and size < ceiling and tree.best[-1] * 100 > extra_space * base:
        size = min(4 * size, ceiling)
        tree = _Tree(leaves, size, bound, avoid.bounds(family))
    curve = tuple((k + 1, extra) for k, extra in enumerate(tree.best) if extra < _NEVER)
    if not curve:
        raise LimitError(
            f"{quantity(ceiling, 'prefix')} cannot cover the needed addresses within /{bound}",
            help=f"at least {_fewest(leaves, bound, avoid.bounds(family))} are needed; raise --max-prefixes",
        )
    count, extra = min(curve, key=lambda point: (point[1], point[0]))
    if extra_space is not None:
        allowed = [point for point in curve if point[1] * 100 <= extra_space * base]
        if not allowed:
            need = f"{quantity(ceiling, 'prefix')} {'needs' if ceiling == 1 else 'need'}"
            raise LimitError(f"{need} more than {extra_space} % extra space", help="raise one of the two")
        count, extra = allowed[0]
    return Cover(family=family, needed=total, prefixes=tree.prefixes(count), extra=extra, curve=curve)


class _Tree:
    """The compressed trie of the leaves, with the splits of the inner nodes."""

    def __init__(self, leaves: list[Prefix], most: int, bound: int, avoid: tuple[int, ...]) -> None:
        self.leaves = leaves
        self.family = leaves[0].family
        self.most = most
        self.bound = bound
        self.avoid = avoid
        # Nodes are numbered in the order of their creation: leaves, inner nodes, root.
        self.nodes: list[Prefix] = list(leaves)
        self.sides: list[tuple[int, int]] = [(0, 0)] * len(leaves)
        self.splits: list[array[int]] = [array("i")] * len(leaves)
        self.best = self._build()

    def _build(self) -> list[int]:
        """Join neighbors, longest common prefix first; return the root's table."""
        width = WIDTH[self.family]
        stack: list[tuple[int, list[int], int]] = []  # (node, table, needed addresses)
        shared: list[int] = []  # length of the common prefix between neighbors on the stack

        def join() -> None:
            right, left = stack.pop(), stack.pop()
            length = shared.pop()
            first = self.nodes[left[0]].first >> (width - length) << (width - length)
            stack.append(self._join(left, right, Prefix(self.family, first, length)))

        for i, leaf in enumerate(self.leaves):
            if stack:
                length = width - (self.leaves[i - 1].first ^ leaf.first).bit_length()
                while shared and shared[-1] > length:
                    join()
                shared.append(length)
            stack.append((i, [0], leaf.size))
        while shared:
            join()
        return stack[0][1]

    def _join(
        self, left: tuple[int, list[int], int], right: tuple[int, list[int], int], node: Prefix
    ) -> tuple[int, list[int], int]:
        (a, low, need_a), (b, high, need_b) = left, right
        need = need_a + need_b
        # Index k - 1 is for k prefixes. The sum of two tables starts at two prefixes.
        best = [node.size - need if self._allowed(node) else _NEVER]
        split = array("i", [_WHOLE])
        count = min(self.most, len(low) + len(high))
        best += [_NEVER * 2] * (count - 1)
        split.extend([0] * (count - 1))
        for i, extra in enumerate(low):
            for k, other in enumerate(high[: count - i - 1], i + 1):
                if extra + other < best[k]:
                    best[k] = extra + other
                    split[k] = i
        # The table is non-increasing: splitting a node into its two sides adds no addresses.
        self.nodes.append(node)
        self.sides.append((a, b))
        self.splits.append(split)
        return len(self.nodes) - 1, best, need

    def _allowed(self, node: Prefix) -> bool:
        if node.length < self.bound:
            return False
        return not any(a < node.last + 1 and node.first < b for a, b in zip(self.avoid[::2], self.avoid[1::2], strict=True))

    def prefixes(self, count: int) -> tuple[Prefix, ...]:
        """Return the cover of `count` prefixes, ascending."""
        found: list[Prefix] = []
        todo = [(len(self.nodes) - 1, count - 1)]
        while todo:
            node, k = todo.pop()
            if node < len(self.leaves) or self.splits[node][k] == _WHOLE:
                found.append(self.nodes[node])
                continue
            i = self.splits[node][k]
            a, b = self.sides[node]
            todo += [(b, k - i - 1), (a, i)]
        return tuple(found)


def _fewest(leaves: list[Prefix], bound: int, avoid: tuple[int, ...]) -> int:
    """Return the fewest prefixes of a cover without a prefix shorter than the bound."""
    tree = _Tree(leaves, len(leaves), bound, avoid)
    return next(k + 1 for k, extra in enumerate(tree.best) if extra < _NEVER)
