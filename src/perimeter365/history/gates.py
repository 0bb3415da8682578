"""Judges a new state of a cloud's list against the last good one: what is stranger than honest changes are is held.

    reason          what it is about                                                            at once    after a while
    shrink          names, or addresses of a family, that nothing in the list stands for        > 10 %     up to 30 %
    wildcard-gone   wildcards of required sets that nothing in the list stands for              any        up to 30 %
    set-gone        sets whose names, or addresses, are all gone from the list or their ports   any        up to 30 %
    demotion        required sets with entries that only sets stand for that are not            any        up to 30 %
    growth          new entries, or new space                                                   > 25 %     up to 400 %
    widening        wildcards or prefixes that take in listed ones, sets with new ports         any        up to 30 %
                    a set with more than 16 new ports                                           any        any
    flip-flop       an entry that has come or gone twice within 30 days, and does so again      any        any
    capacity        a device of the operator's that the list no longer fits on                  any        any

Growth is also judged against the state of 30 days ago (25 %) and of a year ago (126 %), shrinking against that of 30
days ago (30 %): many small steps are one large one. What `capacity` says comes from whoever knows the devices.

    [reason.code for reason in judge(before, after)]
        ['wildcard-gone']

What an entry stands for counts, not how it is spelled: `*.example.com` in place of ten names loses none of them.
The loss of IPv6 is counted in addresses; its growth in /32, the allocation that one holder has: inside of one that is
listed no new holder comes in, however large the number of addresses.

"At once" means that somebody has looked within `patience` (two weeks). Honest lists lose required wildcards and widen
prefixes too, a few times a year, so the longer nobody has looked, the more of that has gathered: what may go grows by
its own size every `patience`, what may come every `quarter`, and single entries are counted instead of all held.
Otherwise each first sync, whose last good state is the embedded one, would be held, and people would learn to accept
without looking. Looking and failing counts as looking, so who keeps upstream from us gains nothing by it. Time away is
by our own clock; nothing that upstream says about days changes it. docs/reliability.md has the figures.
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
"""How far back flip-flops, shrinking and growth are looked at; and growth once more."""

SHOWN = 20
"""Entries that a reason names."""

_HOLDER = 32
"""Length of the IPv6 prefix that one holder is given at least (RIPE-738 5.1, ARIN NRPM 6.5.2)."""

_Entry = tuple[int, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much may change at once, and how that grows."""

    shrink: float = 0.10
    """Share of names, or of a family's addresses, that may go."""
    growth: float = 0.25
    """Share of entries, or of space, that may come."""
    patience: timedelta = timedelta(days=14)
    """Up to here any single entry is held; each further such time adds `shrink` once more."""
    quarter: timedelta = timedelta(days=90)
    """Each such time adds `growth` once more."""
    most_shrink: float = 0.30
    """However long nobody has looked; the recorded lists lost 26 % in their worst year."""
    most_growth: float = 4.0
    ports: int = 16
    """New ports that a set may get while single entries are not held; ranges are not honest growth of a set."""

    def shrinks(self, away: timedelta) -> float:
        """The share that may go in a time."""
        return min(self.shrink * (1 + away / self.patience), self.most_shrink)

    def grows(self, away: timedelta) -> float:
        """The share that may come in a time."""
        return min(self.growth * (1 + away / self.quarter), self.most_growth)


def judge(
    old: State,
    new: State,
    recent: Sequence[State] = (),
    *,
    year: State | None = None,
    away: timedelta = timedelta(0),
    limits: Limits | None = None,
) -> tuple[Reason, ...]:
    """Why a state should wait for a person; () when it need not.

    Args:
        old: the last good state.
        new: what upstream says now, of the same cloud.
        recent: the good states of the last 30 days, oldest first; the first of them is the base of slow changes.
        year: the good state of a year ago, or the oldest there is since.
        away: how long nobody has looked at upstream.
        limits: other ones than the defaults.
    """
    limits, away = limits or Limits(), max(away, timedelta(0))
    before, after = _Listed(old), _Listed(new)
    reasons = list(_shrink(before, after, limits.shrinks(away)))
    reasons += _growth(before, after, limits.grows(away))
    month = recent[0] if recent else None
    slow = (
        (month, "30 days", limits.shrinks(max(away, WINDOW)), limits.grows(away)),
        (year, "a year", 1.0, limits.grows(max(away, YEAR))),
    )
    for base, time, lost, come in slow:
        if base and base.hash not in (old.hash, new.hash):
            known, since = {reason.code for reason in reasons}, f" since {base.version}, {time} back"
            back = _Listed(base)
            more = [*_shrink(back, after, lost, since), *_growth(back, after, come, since)]
            reasons += [reason for reason in more if reason.code not in known]
    share = 0.0 if away <= limits.patience else limits.shrinks(away)
    reasons += [*_wildcards(before, after, share), *_sets(before, after, share), *_demotion(before, after, share)]
    reasons += [*_widening(before, after, share), *_ports(before, after, share, limits.ports)]
    reasons += _flips([*recent, *(() if recent and recent[-1].hash == old.hash else (old,))], new)
    return tuple(sorted(reasons, key=lambda r: CODES.index(r.code)))


class _Listed:
    """A state, asked what its list as a whole stands for."""

    def __init__(self, state: State, sets: Iterable[EndpointSet] | None = None) -> None:
        self.sets = tuple(state.sets if sets is None else sets)
        self.state = state
        self.hosts = {host for s in self.sets for host in s.hosts}
        self._wild = [host for host in self.hosts if host.kind not in (EXACT, TEMPLATE)]
        self._parts: dict[tuple[PortSet, PortSet], _Listed] = {}

    @cached_property
    def prefixes(self) -> set[str]:
        """All prefixes as they are listed."""
        return {text for s in self.sets for text in s.listed}

    @cached_property
    def space(self) -> PrefixSet:
        """All addresses."""
        return PrefixSet.parse(self.prefixes)

    @cached_property
    def required(self) -> "_Listed":
        """The part of it that is required."""
        return _Listed(self.state, (s for s in self.sets if s.required))

    def at(self, other: EndpointSet) -> "_Listed":
        """The part of it that shares a port with a set; all of it for a set whose ports are not known."""
        tcp, udp = other.tcp, other.udp
        if not tcp and not udp:
            return self
        if (tcp, udp) not in self._parts:  # a list has some ten combinations of ports, and a hundred sets
            sets = (s for s in self.sets if s.tcp.meets(tcp) or s.udp.meets(udp))
            self._parts[tcp, udp] = _Listed(self.state, sets)
        return self._parts[tcp, udp]

    def wild(self) -> set[HostPattern]:
        """Its wildcards."""
        return set(self._wild)

    def has(self, host: HostPattern) -> bool:
        return host in self.hosts or any(wild.covers(host) for wild in self._wild)

    def lacks(self, hosts: Iterable[HostPattern]) -> list[HostPattern]:
        return sorted(host for host in hosts if not self.has(host))


def _shrink(old: _Listed, new: _Listed, limit: float, since: str = "") -> Iterator[Reason]:
    gone = new.lacks(old.hosts)
    if len(gone) > limit * len(old.hosts):
        yield _reason(SHRINK, f"{len(gone)} of {len(old.hosts)} names are gone{since}, more than {limit:.0%}", gone)
    lost = old.space - new.space
    for family in (4, 6):
        had = old.space.size(family)
        if lost.size(family) > limit * had:
            share = lost.size(family) / had
            what = f"{share:.1%} of the IPv{family} addresses are gone{since}, more than {limit:.0%}"
            yield _reason(SHRINK, what, lost.prefixes(family))


def _wildcards(old: _Listed, new: _Listed, share: float) -> Iterator[Reason]:
    wild = old.required.wild()
    gone = new.lacks(wild)
    if len(gone) > share * len(wild):
        yield _reason(WILDCARD_GONE, f"wildcards of required sets that are gone from the list: {len(gone)}", gone)


def _sets(old: _Listed, new: _Listed, share: float) -> Iterator[Reason]:
    gone = []
    for each in old.sets:
        left = new.at(each)
        names = bool(each.hosts) and not any(map(left.has, each.hosts))
        space = bool(each.prefixes) and not each.prefixes & left.space
        if names or space:
            what = " and ".join(["names"] * names + ["addresses"] * space)
            entries = [*each.hosts, *each.listed]
            gone.append(
                _reason(SET_GONE, f"all {what} of set {each.key} are gone from the list, or from its ports", entries)
            )
    if len(gone) > share * len(old.sets):
        yield from gone


def _demotion(old: _Listed, new: _Listed, share: float) -> Iterator[Reason]:
    was, is_ = old.required, new.required
    hosts = {host for host in is_.lacks(was.hosts) if new.has(host)}
    space = (was.space - is_.space) & new.space
    found = [s.key for s in was.sets if hosts.intersection(s.hosts) or s.prefixes & space]
    if len(found) > share * len(was.sets):
        yield _reason(DEMOTION, f"required sets with entries that are not required any more: {len(found)}", found)


def _growth(old: _Listed, new: _Listed, limit: float, since: str = "") -> Iterator[Reason]:
    coming = map(Prefix.parse, new.prefixes - old.prefixes)
    fresh = [*old.lacks(new.hosts), *sorted(p for p in coming if p not in old.space)]
    had, has = (len(x.hosts) + len(x.prefixes) for x in (old, new))
    if (more := max(len(fresh), has - had)) > limit * had:
        yield _reason(GROWTH, f"{more} entries came to {had}{since}, more than {limit:.0%}", fresh)
    opened = new.space - old.space
    if old.space.v4 and (share := opened.size(4) / old.space.size(4)) > limit:
        what = f"the IPv4 addresses grew by {share:.0%}{since}, more than {limit:.0%}"
        yield _reason(GROWTH, what, opened.prefixes(4))
    holders = _holders(old.space)
    if holders and (share := len(_holders(new.space) - holders) / len(holders)) > limit:
        what = f"the IPv6 allocations (/{_HOLDER}) grew by {share:.0%}{since}, more than {limit:.0%}"
        yield _reason(GROWTH, what, opened.prefixes(6))


def _holders(space: PrefixSet) -> set[int]:
    """The /32 of IPv6 that a space touches; those of a wide prefix up to a number that is too many anyway."""
    found: set[int] = set()
    for first, last in space.ranges(6):
        start, stop = first >> (128 - _HOLDER), (last >> (128 - _HOLDER)) + 1
        found.update(range(start, min(stop, start + 100_000)))
    return found


def _widening(old: _Listed, new: _Listed, share: float) -> Iterator[Reason]:
    fresh = old.lacks(new.wild())
    wider = [host for host in fresh if any(host.covers(other) for other in old.hosts)]
    if len(wider) > share * len(old.wild()):
        yield _reason(WIDENING, f"wildcards that stand for more than the names that they take in: {len(wider)}", wider)
    coming = [p for p in map(Prefix.parse, new.prefixes - old.prefixes) if p not in old.space]
    broad = sorted(p for p in coming if PrefixSet.of([p]) & old.space)
    if len(broad) > share * len(old.prefixes):
        yield _reason(WIDENING, f"prefixes that are wider than the ones that they take in: {len(broad)}", broad)


def _ports(old: _Listed, new: _Listed, share: float, most: int) -> Iterator[Reason]:
    """Sets with ports that they had not; a new set may have those of any listed one."""
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
            FLIP_FLOP, f"entries that came or went twice within {WINDOW.days} days, and do again: {len(found)}", found
        )


def _entries(state: State) -> frozenset[_Entry]:
    return frozenset((s.id, value) for s in state.sets for value in (*s.listed, *(h.text for h in s.hosts)))


def _reason(code: Code, message: str, entries: Iterable[object]) -> Reason:
    return Reason(code=code, message=message, entries=tuple(str(entry) for entry in [*entries][:SHOWN]))
