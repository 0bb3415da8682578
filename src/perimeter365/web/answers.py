"""Answers that are kept while nothing changes, within bounds.

Two tables: from what a request says (path and query, as they are) to its question, and from a question to its answer. Many
requests have the same question, because clients add a ClientRequestId.

Each table has two halves. What is new goes into the young one; when that is full, it becomes the old one, and what was old
is forgotten, except for what was asked for in the meantime. So requests with arbitrary queries cannot use more memory than
the bounds, and cannot push out an answer that is asked for regularly.

Lookups can come from another thread than changes. Each step is one operation of a dict; two changes at the same moment can
lose an entry, which is made again.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """A bounded table.

    >>> kept = Kept[str, int](most=2)
    >>> for key in "abc":
    ...     kept.put(key, 1)
    ...     _ = kept.get("a")
    >>> sorted(key for key in "abc" if kept.get(key))
    ['a', 'b', 'c']
    """

    def __init__(self, *, most: int, weight: int = 0, weigh: Callable[[V], int] = lambda _: 0) -> None:
        """Create a table.

        Args:
            most: the maximum number of entries of each half.
            weight: the maximum weight of each half; 0 for no such bound.
            weigh: returns the weight of a value.
        """
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}
        self._most, self._weight, self._weigh = most, weight, weigh
        self._load = 0

    def get(self, key: K) -> V | None:
        """Return the value of a key, or None."""
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.put(key, found)
        return found

    def put(self, key: K, value: V) -> None:
        """Keep a value."""
        added = self._weigh(value)
        if len(self._young) >= self._most or (self._weight and self._load + added > self._weight):
            self._old, self._young, self._load = self._young, {}, 0
        self._young[key] = value
        self._load += added

    def recent(self) -> dict[K, V]:
        """Return all entries; those that were used last come last."""
        old, young = self._old.copy(), self._young.copy()  # each copy is one step, unlike a union of keys that compare
        return {**old, **young}

    def __len__(self) -> int:
        """Return the number of entries; one that is in both halves counts twice."""
        return len(self._young) + len(self._old)
