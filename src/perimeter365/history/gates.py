"""Judges a new state of a cloud's list against the last good one: what is stranger than honest changes are is held.

    reason          what it is about                                                            at once    after a while
    shrink          names, or addresses of a family, that nothing in the list stands for        > 10 %     up to 50 %
    wildcard-gone   a wildcard of a required set that nothing in the list stands for            any        not judged
    set-gone        a set whose names, or whose addresses, are all gone from the list           any        not judged
    growth          new entries, or new space, also against the state of 30 days ago            > 25 %     up to 400 %
    widening        a wildcard or prefix that takes in listed ones, a new port of a set         any        not judged
    flip-flop       an entry that has come or gone twice within 30 days, and does so again      any        any

    >>> [reason.code for reason in judge(before, after)]
    ['wildcard-gone']

What an entry stands for counts, not how it is spelled: `*.example.com` in place of ten names loses none of them.
The loss of IPv6 is counted in addresses; its growth in /32, the allocation that one holder has: inside of one that is
listed no new holder comes in, however large the number of addresses.

"At once" means that somebody has looked just before. Honest lists lose required wildcards and widen prefixes too, a
few times a year, so the longer nobody has looked, the more of that has gathered: limits grow with the time away, by
their own size every `patience` (two weeks), and single entries are not judged beyond it. Otherwise each first sync,
whose last good state is the embedded one, would be held, and people would learn to accept without looking. Time away
is by our own clock; nothing that upstream says about days changes it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.host import EXACT, TEMPLATE, HostPattern
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.state import State

SHRINK, WILDCARD_GONE, SET_GONE = "shrink", "wildcard-gone", "set-gone"
GROWTH, WIDENING, FLIP_FLOP = "growth", "widening", "flip-flop"
CODES = (SHRINK, WILDCARD_GONE, SET_GONE, GROWTH, WIDENING, FLIP_FLOP)

WINDOW = timedelta(days=30)
"""How far back growth and flip-flops are looked at."""

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
    """Up to here single entries are judged; each further such time adds `shrink` and `growth` once more."""
    most_shrink: float = 0.50
    """However long nobody has looked."""
    most_growth: float = 4.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One thing that a person should look at."""

    code: str
    """One of `CODES`."""
    message: str
    """What, in one sentence, with value and limit."""
    entries: tuple[str, ...] = ()
    """The names, prefixes or sets meant, sorted; at most `SHOWN`."""

    def to_dict(self) -> dict[str, Any]:
        """For JSON, as a store keeps it with a held state."""
        return {"code": self.code, "message": self.message, "entries": list(self.entries)}


def judge(
    old: State,
    new: State,
    recent: Sequence[State] = (),
    *,
    away: timedelta = timedelta(0),
    limits: Limits | None = None,
) -> tuple[Reason, ...]:
    """Why a state should wait for a person; () when it need not.

    Args:
        old: the last good state.
        new: what upstream says now, of the same cloud.
        recent: the good states of the last 30 days, oldest first; the first of them is the base of slow growth.
        away: how long nobody has looked at upstream.
        limits: other ones than the defaults.
    """
    limits = limits or Limits()
    factor = 1 + max(away, timedelta(0)) / limits.patience
    before, after = _Listed(old), _Listed(new)
    reasons = list(_shrink(before, after, min(limits.shrink * factor, limits.most_shrink)))
    reasons += _growth(before, after, min(limits.growth * factor, limits.most_growth), "")
    if recent and recent[0].hash != old.hash and not any(r.code == GROWTH for r in reasons):
        base = f" since {recent[0].version}, {WINDOW.days} days back"
        reasons += _growth(_Listed(recent[0]), after, min(limits.growth * factor, limits.most_growth), base)
    if away <= limits.patience:
        reasons += [*_wildcards(before, after), *_sets(before, after), *_widening(before, after)]
    reasons += _flips([*recent, *(() if recent and recent[-1].hash == old.hash else (old,))], new)
    return tuple(sorted(reasons, key=lambda r: CODES.index(r.code)))


class _Listed:
    """A state, asked what its list as a whole stands for."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.hosts = {host for s in state.sets for host in s.hosts}
        self._wild = [host for host in self.hosts if host.kind not in (EXACT, TEMPLATE)]
        self.prefixes = {text for s in state.sets for text in s.listed}
        self.space = PrefixSet.parse(self.prefixes)

    def has(self, host: HostPattern) -> bool:
        return host in self.hosts or any(wild.covers(host) for wild in self._wild)

    def lacks(self, hosts: Iterable[HostPattern]) -> list[HostPattern]:
        return sorted(host for host in hosts if not self.has(host))


def _shrink(old: _Listed, new: _Listed, limit: float) -> Iterator[Reason]:
    gone = new.lacks(old.hosts)
    if len(gone) > limit * len(old.hosts):
        yield _reason(SHRINK, f"{len(gone)} of {len(old.hosts)} names are gone, more than {limit:.0%}", gone)
    lost = old.space - new.space
    for family in (4, 6):
        had = old.space.size(family)
        if lost.size(family) > limit * had:
            share = lost.size(family) / had
            what = f"{share:.1%} of the IPv{family} addresses are gone, more than {limit:.0%}"
            yield _reason(SHRINK, what, lost.prefixes(family))


def _wildcards(old: _Listed, new: _Listed) -> Iterator[Reason]:
    wild = {h for s in old.state.sets if s.required for h in s.hosts if h.kind not in (EXACT, TEMPLATE)}
    if gone := new.lacks(wild):
        yield _reason(WILDCARD_GONE, f"{len(gone)} wildcards of required sets are gone from the list", gone)


def _sets(old: _Listed, new: _Listed) -> Iterator[Reason]:
    for each in old.state.sets:
        names = bool(each.hosts) and len(new.lacks(each.hosts)) == len(each.hosts)
        space = bool(each.prefixes) and not each.prefixes & new.space
        if names or space:
            what = " and ".join(["names"] * names + ["addresses"] * space)
            yield _reason(SET_GONE, f"all {what} of set {each.key} are gone from the list", [*each.hosts, *each.listed])


def _growth(old: _Listed, new: _Listed, limit: float, since: str) -> Iterator[Reason]:
    fresh = [*old.lacks(new.hosts), *sorted(p for p in map(Prefix.parse, new.prefixes) if p not in old.space)]
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


def _widening(old: _Listed, new: _Listed) -> Iterator[Reason]:
    fresh = old.lacks(host for host in new.hosts if host.kind not in (EXACT, TEMPLATE))
    if wider := [host for host in fresh if any(host.covers(other) for other in old.hosts)]:
        yield _reason(WIDENING, f"{len(wider)} wildcards stand for more than the names that they take in", wider)
    coming = [p for p in map(Prefix.parse, new.prefixes - old.prefixes) if p not in old.space]
    if broad := sorted(p for p in coming if PrefixSet.of([p]) & old.space):
        yield _reason(WIDENING, f"{len(broad)} prefixes are wider than the ones that they take in", broad)
    before = old.state.by_id
    ports = [f"{s.key} {new_ports}" for s in new.state.sets if (new_ports := _ports(before.get(s.id), s))]
    if ports:
        yield _reason(WIDENING, f"{len(ports)} sets have new ports", ports)


def _ports(old: EndpointSet | None, new: EndpointSet) -> str:
    """`tcp 80,443 → 25,80,443` of a set that has ports which it had not; "" for others."""
    if old is None:
        return ""
    pairs = (("tcp", old.tcp, new.tcp), ("udp", old.udp, new.udp))
    return ", ".join(f"{name} {a or 'none'} → {b}" for name, a, b in pairs if not b <= a)


def _flips(past: Sequence[State], new: State) -> Iterator[Reason]:
    listed = [_entries(state) for state in (*past, new)]
    if len(listed) < 4:
        return
    turns: dict[_Entry, int] = {}
    for a, b in pairwise(listed[:-1]):
        for entry in a ^ b:
            turns[entry] = turns.get(entry, 0) + 1
    if found := sorted({value for number, value in listed[-2] ^ listed[-1] if turns.get((number, value), 0) >= 2}):
        yield _reason(FLIP_FLOP, f"{len(found)} entries have come or gone twice within {WINDOW.days} days", found)


def _entries(state: State) -> frozenset[_Entry]:
    return frozenset((s.id, value) for s in state.sets for value in (*s.listed, *(h.text for h in s.hosts)))


def _reason(code: str, message: str, entries: Iterable[object]) -> Reason:
    return Reason(code=code, message=message, entries=tuple(str(entry) for entry in [*entries][:SHOWN]))
