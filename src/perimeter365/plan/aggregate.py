"""Aggregation of outbound destinations, for devices with room for few prefixes.

All outbound destinations of the plan are covered together (`plan.budget`), so that neighboring prefixes of different sets
can share one. Each flow then has the prefixes of the cover that it needs, and a cost: the additional addresses in them.
Inbound sources stay exact, since they are allowed to connect to the organization.
"""

from dataclasses import dataclass, replace

from perimeter365.errors import LimitError, OptionError
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.quantity import quantity
from perimeter365.model.special import PRIVATE, SHORTEST_PREFIX, UNROUTABLE
from perimeter365.plan.budget import Cover, cover
from perimeter365.plan.plan import Plan, PlanFlow


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """A limit on the number of prefixes, or on the extra space."""

    most: int | None = None
    """Prefixes per family, or of both families if `jointly`; None for no limit."""
    extra_space: float | None = None
    """Percentage of Microsoft's needed addresses, per family; the smallest number of prefixes within it is used."""
    jointly: bool = False
    """True if `most` applies to IPv4 and IPv6 together; the split then has the least sum of both shares of extra space."""

    def __post_init__(self) -> None:
        if self.most is None and self.extra_space is None:
            raise OptionError("a budget needs a number of prefixes or a percentage of extra space")
        if self.most is not None and self.most < 1:
            raise OptionError(f"{self.most} is not a valid number of prefixes", help="use --max-prefixes with 1 or more")
        if self.extra_space is not None and not 0 <= self.extra_space <= 1_000_000:
            raise OptionError(f"{self.extra_space} is not a percentage of extra space from 0 to 1000000")


@dataclass(frozen=True, kw_only=True, slots=True)
class BudgetCost:
    """The cost of a budget for one flow: the additional addresses that are open."""

    flow: PlanFlow
    family: int
    extra: int
    """Number of additional addresses."""
    needed: int

    def __str__(self) -> str:
        extra = quantity(self.extra, f"extra IPv{self.family} address")
        return f"{extra}, {_share(self.extra, self.needed)} of what is needed"


def destinations(plan: Plan, *, microsoft: bool = False) -> PrefixSet:
    """Return the union of the plan's outbound destinations.

    With `microsoft`, those of third parties are left out. Apple publishes 17.0.0.0/8 as a whole: a percentage of a sum with
    that in it would allow almost any extra space.
    """
    found = PrefixSet()
    for flow in plan.flows:
        if flow.direction == "outbound" and not (microsoft and flow.destination.third_party):
            found |= flow.destination.prefixes
    return found


def covers(needed: PrefixSet, budget: Budget, base: PrefixSet | None = None) -> tuple[Cover, ...]:
    """Return the cover of each family that has addresses.

    Args:
        needed: the addresses to cover.
        budget: the limit.
        base: the addresses that a percentage refers to; None for the needed ones.

    Raises:
        LimitError: the budget cannot be met.
    """
    base = needed if base is None else base
    families = [family for family in (4, 6) if needed.bounds(family)]
    if budget.jointly and budget.most is not None and len(families) == 2:
        return _jointly(needed, budget.most)
    return tuple(
        cover(
            needed,
            f,
            budget.most,
            extra_space=budget.extra_space,
            base=base.size(f),
            bound=SHORTEST_PREFIX[f],
            avoid=UNROUTABLE | PRIVATE,
        )
        for f in families
    )


def aggregate(plan: Plan, budget: Budget) -> tuple[Plan, tuple[BudgetCost, ...]]:
    """Return the plan under a budget, and the cost for each flow.

    Only outbound destinations are covered.

    Raises LimitError if the budget cannot be met without opening addresses on the never-list.
    """
    joined = [p for c in covers(destinations(plan), budget, destinations(plan, microsoft=True)) for p in c.prefixes]
    flows, costs = [], []
    for flow in plan.flows:
        needed = flow.destination.prefixes
        if flow.direction != "outbound" or not needed:
            flows.append(flow)
            continue
        mine = PrefixSet.of(p for p in joined if needed.overlaps(p))
        costs += [
            BudgetCost(flow=flow, family=family, extra=extra, needed=needed.size(family))
            for family in (4, 6)
            if (extra := mine.size(family) - needed.size(family))
        ]
        flows.append(replace(flow, destination=replace(flow.destination, prefixes=mine)))
    return replace(plan, flows=tuple(flows)), tuple(costs)


def _jointly(needed: PrefixSet, most: int) -> tuple[Cover, ...]:
    """Split `most` between the families, with the least sum of shares of extra space."""
    tables = []
    for family in (4, 6):
        table = cover(needed, family, most, bound=SHORTEST_PREFIX[family], avoid=UNROUTABLE | PRIVATE).curve
        tables.append((dict(table), needed.size(family)))
    (four, need4), (six, need6) = tables
    # extra4 / need4 + extra6 / need6, without fractions
    choices = [
        (e4 * need6 + e6 * need4, n4 + n6, n4, n6) for n4, e4 in four.items() for n6, e6 in six.items() if n4 + n6 <= most
    ]
    if not choices:
        raise LimitError(f"{quantity(most, 'prefix')} cannot cover both families", help="raise --max-prefixes")
    _, _, n4, n6 = min(choices)
    return tuple(cover(needed, f, n, bound=SHORTEST_PREFIX[f], avoid=UNROUTABLE | PRIVATE) for f, n in ((4, n4), (6, n6)))


def _share(extra: int, needed: int) -> str:
    return f"{100 * extra / needed:.3g} %" if needed else "all"
