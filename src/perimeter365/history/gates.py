"""Gates: checks of a new list against the last good one for suspicious changes.

    reason          what it counts                                                              limit      at most
    shrink          removed names, or addresses of a family, that no other entry covers         > 10 %     30 %
    wildcard-gone   removed wildcards of required sets that no other entry covers               any        30 %
    set-gone        sets whose names or addresses are all removed, or left on other ports only  any        30 %
    demotion        required sets with entries that only sets that are not required cover       any        30 %
    growth          added entries, or added address space                                       > 25 %     400 %
    widening        wildcards or prefixes that contain listed ones, sets with new ports         any        30 %
                    a set with more than 16 new ports                                           any        any
    flip-flop       entries that were added or removed for the third time within 30 days        any        any
    capacity        devices of the operator that the list no longer fits on                     any        any

"limit" applies up to `patience` (two weeks) after the last contact with upstream. It then grows up to "at most".

Growth is also compared with the state of 30 days ago (25 %) and of a year ago (126 %), shrinkage with the state of 30 days
ago (30 %), so that many small steps count as one large one. The caller finds the reasons with the code `capacity`.

    [reason.code for reason in check_gates(before, after)]
        ['wildcard-gone']

Entries are compared by what they cover: `*.example.com` in place of ten names removes none of them. Removed IPv6 space is
counted in addresses, added IPv6 space in /32, the smallest allocation of an operator: a longer prefix within a listed /32
adds no other operator, whatever its number of addresses.

Limits depend on the time since the last contact with upstream, because regular changes accumulate: Microsoft removes
required wildcards and widens prefixes a few times a year. The limit of removals grows by its initial value with each
`patience`, that of additions with each `quarter`. After `patience`, a share of single entries is allowed instead of none.
With fixed limits every first sync, which is compared with the embedded list, would be held, and operators would get used
to accepting without a check. Failed attempts count as contact, so an attacker who blocks the connection does not raise the
limits. The time is measured by the local clock; dates from upstream have no influence. docs/reliability.md has the figures.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, reduce
from itertools import pairwise
from operator import or_
from typing import Final, Literal, get_args

from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.finding import Reason
from perimeter365.model.host import EXACT, TEMPLATE, HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.quantity import quantity
from perimeter365.model.state import State

Code = Literal["shrink", "wildcard-gone", "set-gone", "demotion", "growth", "widening", "flip-flop", "capacity"]
CODES: tuple[Code, ...] = get_args(Code)
SHRINK: Final = "shrink"
WILDCARD_GONE: Final = "wildcard-gone"
SET_GONE: Final = "set-gone"
DEMOTION: Final = "demotion"
GROWTH: Final = "growth"
WIDENING: Final = "widening"
FLIP_FLOP: Final = "flip-flop"
CAPACITY: Final = "capacity"

WINDOW, YEAR = timedelta(days=30), timedelta(days=365)
"""The periods for the check of slow changes. Flip-flops and shrinkage are checked over the first one only."""

SHOWN = 20
"""The maximum number of entries of a reason."""

_ALLOCATION = 32
"""The length of the smallest IPv6 allocation to an operator (RIPE-738 5.1, ARIN NRPM 6.5.2)."""

_Entry = tuple[int, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class GateLimits:
    """The limits of the gates, and how they grow with the time since the last contact."""

    shrink: float = 0.10
    """The share of names, or of a family's addresses, that may be removed."""
    growth: float = 0.25
    """The share of entries, or of address space, that may be added."""
    patience: timedelta = timedelta(days=14)
    """The time up to which any single entry is held. Each such period adds `shrink` to the limit."""
    quarter: timedelta = timedelta(days=90)
    """Each such period adds `growth` to the limit."""
    most_shrink: float = 0.30
    """The highest limit of removals. In their worst year the recorded lists lost 26 %."""
    most_growth: float = 4.0
    """The highest limit of additions."""
    ports: int = 16
    """The number of new ports of one set that is always held if exceeded. Regular changes do not add port ranges."""

    def shrink_limit(self, away: timedelta) -> float:
        """Return the share that may be removed after a time without contact."""
        return min(self.shrink * (1 + away / self.patience), self.most_shrink)

    def growth_limit(self, away: timedelta) -> float:
        """Return the share that may be added after a time without contact."""
        return min(self.growth * (1 + away / self.quarter), self.most_growth)


def check_gates(
    old: State,
    new: State,
    recent: Sequence[State] = (),
    *,
    year: State | None = None,
    away: timedelta = timedelta(0),
    limits: GateLimits | None = None,
) -> tuple[Reason, ...]:
    """Return the reasons to hold a new state; () if it passes all gates.

    Args:
        old: the last good state.
        new: the new state of the same cloud.
        recent: the good states of the last 30 days, oldest first. Slow changes are measured from the first one.
        year: the good state of a year ago, or the oldest one since then.
        away: the time since the last contact with upstream.
        limits: None for the default limits.
    """
    limits, away = limits or GateLimits(), max(away, timedelta(0))
    before, after = _Coverage(old), _Coverage(new)
    reasons = list(_shrink(before, after, limits.shrink_limit(away)))
    reasons += _growth(before, after, limits.growth_limit(away))
    month = recent[0] if recent else None
    slow = (
        (month, "30 days", limits.shrink_limit(max(away, WINDOW)), limits.growth_limit(away)),
        (year, "a year", 1.0, limits.growth_limit(max(away, YEAR))),
    )
    for base, time, shrink, growth in slow:
        if base and base.hash not in (old.hash, new.hash):
            known, since = {reason.code for reason in reasons}, f" since {base.version}, {time} ago"
            back = _Coverage(base)
            more = [*_shrink(back, after, shrink, since), *_growth(back, after, growth, since)]
            reasons += [reason for reason in more if reason.code not in known]
    share = 0.0 if away <= limits.patience else limits.shrink_limit(away)
    reasons += [*_wildcards(before, after, share), *_sets(before, after, share), *_demotion(before, after, share)]
    reasons += [*_widening(before, after, share), *_ports(before, after, share, limits.ports)]
    reasons += _flips([*recent, *(() if recent and recent[-1].hash == old.hash else (old,))], new)
    return tuple(sorted(reasons, key=lambda r: CODES.index(r.code)))


class _Coverage:
    """The names and addresses that a list covers as a whole."""

    def __init__(self, state: State, sets: Iterable[EndpointSet] | None = None) -> None:
        self.sets = tuple(state.sets if sets is None else sets)
        self.state = state
        self.hosts = {host for s in self.sets for host in s.hosts}
        self._wild = [host for host in self.hosts if host.kind not in (EXACT, TEMPLATE)]
        self._parts: dict[tuple[PortSet, PortSet], _Coverage] = {}

    @cached_property
    def prefixes(self) -> set[str]:
        """All prefixes as listed."""
        return {text for s in self.sets for text in s.listed}

    @cached_property
    def space(self) -> PrefixSet:
        """All addresses."""
        return PrefixSet.parse(self.prefixes)

    @cached_property
    def required(self) -> "_Coverage":
        """The coverage of the required sets."""
        return _Coverage(self.state, (s for s in self.sets if s.required))

    def at(self, other: EndpointSet) -> "_Coverage":
        """Return the coverage of the sets that share a port with `other`.

        If `other` has no ports, it is the coverage of all sets.
        """
        tcp, udp = other.tcp, other.udp
        if not tcp and not udp:
            return self
        if (tcp, udp) not in self._parts:  # a list has about ten combinations of ports in a hundred sets
            sets = (s for s in self.sets if s.tcp.overlaps(tcp) or s.udp.overlaps(udp))
            self._parts[tcp, udp] = _Coverage(self.state, sets)
        return self._parts[tcp, udp]

    def wild(self) -> set[HostPattern]:
        """Return the wildcards."""
        return set(self._wild)

    def has(self, host: HostPattern) -> bool:
        return host in self.hosts or any(wild.covers(host) for wild in self._wild)

    def missing(self, hosts: Iterable[HostPattern]) -> list[HostPattern]:
        return sorted(host for host in hosts if not self.has(host))


def _shrink(old: _Coverage, new: _Coverage, limit: float, since: str = "") -> Iterator[Reason]:
    gone = new.missing(old.hosts)
    if len(gone) > limit * len(old.hosts):
        yield _reason(
            SHRINK,
            f"{len(gone)} of {quantity(len(old.hosts), 'name')} {_were(len(gone))} removed{since}, more than {limit:.0%}",
            gone,
        )
    lost = old.space - new.space
    for family in (4, 6):
        had = old.space.size(family)
        if lost.size(family) > limit * had:
            share = lost.size(family) / had
            what = f"{share:.1%} of the IPv{family} addresses were removed{since}, more than {limit:.0%}"
            yield _reason(SHRINK, what, lost.prefixes(family))


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _wildcards(old: _Coverage, new: _Coverage, share: float) -> Iterator[Reason]:
    wild = old.required.wild()
    gone = new.missing(wild)
    if len(gone) > share * len(wild):
        yield _reason(WILDCARD_GONE, f"wildcards of required sets that were removed from the list: {len(gone)}", gone)


def _sets(old: _Coverage, new: _Coverage, share: float) -> Iterator[Reason]:
    gone = []
    for each in old.sets:
        left = new.at(each)
        names = bool(each.hosts) and not any(map(left.has, each.hosts))
        space = bool(each.prefixes) and not each.prefixes & left.space
        if names or space:
            what = " and ".join(["names"] * names + ["addresses"] * space)
            entries = [*each.hosts, *each.listed]
            gone.append(
                _reason(SET_GONE, f"all {what} of set {each.key} were removed from the list or from its ports", entries)
            )
    if len(gone) > share * len(old.sets):
        yield from gone


def _demotion(old: _Coverage, new: _Coverage, share: float) -> Iterator[Reason]:
    was, is_ = old.required, new.required
    hosts = {host for host in is_.missing(was.hosts) if new.has(host)}
    space = (was.space - is_.space) & new.space
    found = [s.key for s in was.sets if hosts.intersection(s.hosts) or s.prefixes & space]
    if len(found) > share * len(was.sets):
        yield _reason(DEMOTION, f"required sets with entries that are not required any more: {len(found)}", found)


def _growth(old: _Coverage, new: _Coverage, limit: float, since: str = "") -> Iterator[Reason]:
    coming = map(Prefix.parse, new.prefixes - old.prefixes)
    fresh = [*old.missing(new.hosts), *sorted(p for p in coming if p not in old.space)]
    had, has = (len(x.hosts) + len(x.prefixes) for x in (old, new))
    if (more := max(len(fresh), has - had)) > limit * had:
        yield _reason(GROWTH, f"{quantity(more, 'entry')} {_were(more)} added to {had}{since}, more than {limit:.0%}", fresh)
    opened = new.space - old.space
    if old.space.v4 and (share := opened.size(4) / old.space.size(4)) > limit:
        what = f"the IPv4 addresses grew by {share:.0%}{since}, more than {limit:.0%}"
        yield _reason(GROWTH, what, opened.prefixes(4))
    allocations = _allocations(old.space)
    if allocations and (share := len(_allocations(new.space) - allocations) / len(allocations)) > limit:
        what = f"the IPv6 allocations (/{_ALLOCATION}) grew by {share:.0%}{since}, more than {limit:.0%}"
        yield _reason(GROWTH, what, opened.prefixes(6))


def _allocations(space: PrefixSet) -> set[int]:
    """Return the IPv6 allocations (/32) that a space overlaps.

    At most 100,000 are returned for one range, which exceeds any limit.
    """
    found: set[int] = set()
    for first, last in space.ranges(6):
        start, stop = first >> (128 - _ALLOCATION), (last >> (128 - _ALLOCATION)) + 1
        found.update(range(start, min(stop, start + 100_000)))
    return found


def _widening(old: _Coverage, new: _Coverage, share: float) -> Iterator[Reason]:
    fresh = old.missing(new.wild())
    wider = [host for host in fresh if any(host.covers(other) for other in old.hosts)]
    if len(wider) > share * len(old.wild()):
        yield _reason(WIDENING, f"new wildcards that contain listed names: {len(wider)}", wider)
    coming = [p for p in map(Prefix.parse, new.prefixes - old.prefixes) if p not in old.space]
    broad = sorted(p for p in coming if PrefixSet.of([p]) & old.space)
    if len(broad) > share * len(old.prefixes):
        yield _reason(WIDENING, f"new prefixes that contain listed ones: {len(broad)}", broad)


def _ports(old: _Coverage, new: _Coverage, share: float, most: int) -> Iterator[Reason]:
    """Yield a reason for sets with new ports.

    A new set may have the ports of any listed set.
    """
    by_id = old.state.by_id
    anywhere = (reduce(or_, (s.tcp for s in old.sets), PortSet()), reduce(or_, (s.udp for s in old.sets), PortSet()))
    found: list[str] = []
    many = False
    for each in new.sets:
        known = by_id.get(each.id)
        had = (known.tcp, known.udp) if known else anywhere
        more = [(name, a, b) for name, a, b in zip(("tcp", "udp"), had, (each.tcp, each.udp), strict=True) if not b <= a]
        if more:
            found.append(", ".join(f"{each.key} {name} {a or 'none'} → {b}" for name, a, b in more))
            many = many or any(len(a | b) - len(a) > most for _, a, b in more)
    if many or len(found) > share * len(old.sets):
        yield _reason(WIDENING, f"sets with new ports: {len(found)}", found)


def _flips(past: Sequence[State], new: State) -> Iterator[Reason]:
    listed = [_entries(state) for state in (*past, new)]
    if len(listed) < 4:
        return
    turns: dict[_Entry, int] = {}
    for a, b in pairwise(listed[:-1]):
        for entry in a ^ b:
            turns[entry] = turns.get(entry, 0) + 1
    if found := sorted({value for number, value in listed[-2] ^ listed[-1] if turns.get((number, value), 0) >= 2}):
        yield _reason(
            FLIP_FLOP, f"entries added or removed for the third time within {WINDOW.days} days: {len(found)}", found
        )


def _entries(state: State) -> frozenset[_Entry]:
    return frozenset((s.id, value) for s in state.sets for value in (*s.listed, *(h.text for h in s.hosts)))


def _reason(code: Code, message: str, entries: Iterable[object]) -> Reason:
    return Reason(code=code, message=message, entries=tuple(str(entry) for entry in [*entries][:SHOWN]))
