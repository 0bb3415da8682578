"""Sizes: how much a list loses and gains. They hold a whole step.

    reason   what it counts                                                        limit   at most
    shrink   removed names, or addresses of a family, that no other entry covers   > 15 %  30 %
    growth   added entries, or added address space                                 > 25 %  400 %

"limit" applies up to `patience` (two weeks) after the last look at upstream, and grows from then on up to "at most": that of
removals by its initial value with each `patience`, that of additions with each `quarter`. With a fixed limit each first
sync, which is compared with the embedded list, would be held.

Growth is also compared with the state of 30 days ago (25 %) and of a year ago (126 %), shrinkage with the state of 30 days
ago (30 %), so that many small steps count as one large one.

Removed IPv6 space is counted in addresses, added IPv6 space in /32, the smallest allocation of an operator: a longer prefix
within a listed /32 adds no other operator, whatever its number of addresses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from perimeter365.history.gates.coverage import Coverage
from perimeter365.history.gates.verdict import step_reason
from perimeter365.model.finding import Reason
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.quantity import quantity
from perimeter365.model.state import State

SHRINK: Final = "shrink"
GROWTH: Final = "growth"

WINDOW, YEAR = timedelta(days=30), timedelta(days=365)
"""The periods for the check of slow changes. Flip-flops and shrinkage are checked over the first one only."""

_ALLOCATION = 32
"""The length of the smallest IPv6 allocation to an operator (RIPE-738 5.1, ARIN NRPM 6.5.2)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GateLimits:
    """The limits of sizes.

    They grow with the time since the last look at upstream.
    """

    shrink: float = 0.15
    """The share of names, or of a family's addresses, that may be removed."""
    growth: float = 0.25
    """The share of entries, or of address space, that may be added."""
    patience: timedelta = timedelta(days=14)
    """Each such period adds `shrink` to the limit."""
    quarter: timedelta = timedelta(days=90)
    """Each such period adds `growth` to the limit."""
    most_shrink: float = 0.30
    """The highest limit of removals. In their worst year the recorded lists lost 26 %."""
    most_growth: float = 4.0
    """The highest limit of additions."""

    def shrink_limit(self, away: timedelta) -> float:
        """Return the share that may be removed after a time without contact."""
        return min(self.shrink * (1 + away / self.patience), self.most_shrink)

    def growth_limit(self, away: timedelta) -> float:
        """Return the share that may be added after a time without contact."""
        return min(self.growth * (1 + away / self.quarter), self.most_growth)


def sizes(
    before: Coverage,
    after: Coverage,
    recent: Sequence[State],
    year: State | None,
    away: timedelta,
    limits: GateLimits,
) -> list[Reason]:
    """Return the reasons to hold a step for its size (see `judge`)."""
    reasons = [*_shrink(before, after, limits.shrink_limit(away)), *_growth(before, after, limits.growth_limit(away))]
    slow = (
        (recent[0] if recent else None, "30 days", limits.shrink_limit(max(away, WINDOW)), limits.growth_limit(away)),
        (year, "a year", 1.0, limits.growth_limit(max(away, YEAR))),
    )
    for base, time, shrink, growth in slow:
        if base and base.hash not in (before.state.hash, after.state.hash):
            known, since = {reason.code for reason in reasons}, f" since {base.version}, {time} ago"
            back = Coverage(base)
            more = [*_shrink(back, after, shrink, since), *_growth(back, after, growth, since)]
            reasons += [reason for reason in more if reason.code not in known]
    return reasons


def _shrink(old: Coverage, new: Coverage, limit: float, since: str = "") -> Iterator[Reason]:
    gone = new.missing(old.hosts)
    if len(gone) > limit * len(old.hosts):
        many = f"{len(gone)} of {quantity(len(old.hosts), 'name')} {_were(len(gone))}"
        yield step_reason(SHRINK, f"{many} removed{since}, more than {limit:.0%}", gone)
    lost = old.space - new.space
    for family in (4, 6):
        had = old.space.size(family)
        if lost.size(family) > limit * had:
            share = lost.size(family) / had
            what = f"{share:.1%} of the IPv{family} addresses were removed{since}, more than {limit:.0%}"
            yield step_reason(SHRINK, what, lost.prefixes(family))


def _growth(old: Coverage, new: Coverage, limit: float, since: str = "") -> Iterator[Reason]:
    fresh = [*old.missing(new.hosts), *old.new_prefixes(new)]
    had, has = (len(x.hosts) + len(x.prefixes) for x in (old, new))
    if (more := max(len(fresh), has - had)) > limit * had:
        many = f"{quantity(more, 'entry')} {_were(more)} added to {had}"
        yield step_reason(GROWTH, f"{many}{since}, more than {limit:.0%}", fresh)
    opened = new.space - old.space
    if old.space.v4 and (share := opened.size(4) / old.space.size(4)) > limit:
        what = f"the IPv4 addresses grew by {share:.0%}{since}, more than {limit:.0%}"
        yield step_reason(GROWTH, what, opened.prefixes(4))
    allocations = _allocations(old.space)
    if allocations and (share := len(_allocations(new.space) - allocations) / len(allocations)) > limit:
        what = f"the IPv6 allocations (/{_ALLOCATION}) grew by {share:.0%}{since}, more than {limit:.0%}"
        yield step_reason(GROWTH, what, opened.prefixes(6))


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _allocations(space: PrefixSet) -> set[int]:
    """Return the IPv6 allocations (/32) that a space overlaps.

    At most 100,000 are returned for one range, which exceeds any limit.
    """
    found: set[int] = set()
    for first, last in space.ranges(6):
        start, stop = first >> (128 - _ALLOCATION), (last >> (128 - _ALLOCATION)) + 1
        found.update(range(start, min(stop, start + 100_000)))
    return found
