"""The prefix budget: cover addresses with few prefixes while admitting the fewest extra addresses. Exact.

A device that takes 20 routes cannot take 34 prefixes. Joining neighbors opens addresses that nobody needs; this
module finds the join that opens least, and says how much that is.

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

_NEVER = 1 << 140
"""More than any extra space: marks a node that no allow may hold."""
_WHOLE = -1
_NOTHING = PrefixSet()


@dataclass(frozen=True, kw_only=True, slots=True)
class Cover:
    """Prefixes that hold all that is needed, and how much they hold besides."""

    family: int
    needed: int
    """Addresses needed."""
    prefixes: tuple[Prefix, ...]
    """Ascending, disjoint."""
    extra: int
    """Addresses in `prefixes` that are not needed."""
    curve: tuple[tuple[int, int], ...]
    """(n, least extra with n prefixes), for n from the fewest possible to as many as were asked for."""

    @property
    def per_cent(self) -> float:
        """Extra space in per cent of what is needed."""
        return 100 * self.extra / self.needed if self.needed else 0.0


def cover(
    needed: PrefixSet,
    family: int,
    most: int | None = None,
    *,
    extra_space: float | None = None,
    bound: int = 0,
    avoid: PrefixSet = _NOTHING,
) -> Cover:
    """The cover of at most `most` prefixes with the least extra space, or the smallest within a share of extra space.

    Args:
        needed: what has to be covered; one family of it counts.
        family: 4 or 6.
        most: how many prefixes the device takes; None: as many as it needs.
        extra_space: per cent of the needed addresses that may be admitted besides; the fewest prefixes are sought.
        bound: no prefix of the cover may be shorter than this many bits, unless it is needed itself.
        avoid: addresses that no joined prefix may touch (private space and the like).

    Raises:
        LimitError: `most` prefixes are not enough within `bound`; says how many are.
    """
    leaves = list(needed.prefixes(family))
    total = needed.size(family)
    if not leaves:
        return Cover(family=family, needed=0, prefixes=(), extra=0, curve=((0, 0),))
    if most is not None and most < 1:
        raise LimitError("a cover needs at least one prefix", help="--max-prefixes takes 1 or more")
    ceiling = min(most or len(leaves), len(leaves))
    # A share of extra space is often reached with few prefixes: the table is grown only as far as that takes.
    size = ceiling if extra_space is None else min(64, ceiling)
    tree = _Tree(leaves, size, bound, avoid.bounds(family))
    while extra_space is not None and size < ceiling and tree.best[-1] * 100 > extra_space * total:
        size = min(4 * size, ceiling)
        tree = _Tree(leaves, size, bound, avoid.bounds(family))
    curve = tuple((k + 1, extra) for k, extra in enumerate(tree.best) if extra < _NEVER)
    if not curve:
        raise LimitError(
            f"{most} prefixes cannot cover what is needed within /{bound}",
            help=f"at least {_fewest(leaves, bound, avoid.bounds(family))} are needed; raise --max-prefixes",
        )
    count, extra = min(curve, key=lambda point: (point[1], point[0]))
    if extra_space is not None:
        allowed = [point for point in curve if point[1] * 100 <= extra_space * total]
        if not allowed:
            raise LimitError(f"{most} prefixes need more than {extra_space} % extra space", help="raise one of the two")
        count, extra = allowed[0]
    return Cover(family=family, needed=total, prefixes=tree.prefixes(count), extra=extra, curve=curve)


class _Tree:
    """The compressed trie of the leaves, with the tables of its root and the splits of all inner nodes."""

    def __init__(self, leaves: list[Prefix], most: int, bound: int, avoid: tuple[int, ...]) -> None:
        self.leaves = leaves
        self.family = leaves[0].family
        self.most = most
        self.bound = bound
        self.avoid = avoid
        # Nodes are numbered as they are made: leaves first, then inner nodes, the root last.
        self.nodes: list[Prefix] = list(leaves)
        self.sides: list[tuple[int, int]] = [(0, 0)] * len(leaves)
        self.splits: list[array[int]] = [array("i")] * len(leaves)
        self.best = self._build()

    def _build(self) -> list[int]:
        """Join neighbors from the longest common prefix to the shortest, on a stack; return the root's table."""
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
        # Index k - 1 holds k prefixes. A sum of two tables starts at two prefixes.
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
        # The table never rises: a node that is split into its two sides holds no more than before.
        self.nodes.append(node)
        self.sides.append((a, b))
        self.splits.append(split)
        return len(self.nodes) - 1, best, need

    def _allowed(self, node: Prefix) -> bool:
        if node.length < self.bound:
            return False
        return not any(a < node.last + 1 and node.first < b for a, b in zip(self.avoid[::2], self.avoid[1::2], strict=True))

    def prefixes(self, count: int) -> tuple[Prefix, ...]:
        """The cover of `count` prefixes, ascending."""
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
    """How many prefixes are needed at least when none may be shorter than the bound."""
    tree = _Tree(leaves, len(leaves), bound, avoid)
    return next(k + 1 for k, extra in enumerate(tree.best) if extra < _NEVER)
