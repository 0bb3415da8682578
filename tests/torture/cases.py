"""Changes of a store in atomic steps, and the valid states after a fault.

    first        creates the store and syncs               update       syncs the next version, with its records
    two-clouds   syncs two clouds, each a change           held         syncs a list that is held
    accept       accepts a held state                      import       adds recorded states: rebuilds all intervals
    deliver      sends two notifications in sequence

Each run is identical (the clock is fixed), so the valid states are known completely: for each
subset of the steps, the dump after undisturbed execution.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any, cast

from perimeter365.history.sync import COMMITTED, FAILED, HELD, UNCHANGED, accept, sync
from perimeter365.history.tell.notify import deliver
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import LIVE, RECORDED, State
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.store.entries import Notification
from perimeter365.store.store import Store
from perimeter365.wire.read import parse_endpoints
from tests.history.upstream import MemoryUpstream
from tests.torture import dump
from tests.torture.dump import Dump, of
from tests.upstream.bodies import Items, encode, honest

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
FIRST = 2026080200
KEPT = 3
"""Number of versions for which a synthetic entry stays."""
PLACE = 1
"""Position of the set with the synthetic entries: the addresses of the first one are sources of inbound traffic."""

W, C = Cloud.WORLDWIDE, Cloud.CHINA


def opened(place: str) -> Store:
    """Open the store with the clock at noon of 1 September 2026."""
    return Store(place, clock=lambda: NOW)


def version(number: int) -> str:
    """Return the number-th version; FIRST is the version of the embedded list."""
    return str(FIRST + number)


def items(number: int, cloud: Cloud = W) -> Items:
    """Return the number-th list: the embedded one with a few changing synthetic entries, which no gate holds."""
    found = honest(cloud)
    for n in range(max(1, number - KEPT + 1), number + 1):
        found[PLACE].setdefault("urls", []).append(f"n{n}.torture.msn.com")
        found[PLACE].setdefault("ips", []).append(f"48.{160 + n // 65536}.{n // 256 % 256}.{n % 256}/32")
    return found


@lru_cache(maxsize=8)
def state(number: int, cloud: Cloud = W) -> State:
    """Return the number-th list as a State."""
    sets = parse_endpoints(encode(items(number, cloud)).decode(), cloud)
    return State(cloud=cloud, version=Version(version(number)), origin=LIVE, sets=sets)


def record(number: int, cloud: Cloud = W) -> ChangeRecord:
    """Return the change records of the number-th version."""
    return ChangeRecord(
        id=number,
        endpoint_set=state(0, cloud).sets[PLACE].id,
        disposition="Change",
        impact="AddedUrl",
        version=Version(version(number)),
        effective=date(2026, 10, 1),
        added_hosts=(f"n{number}.torture.msn.com",),
    )


def synced(store: Store, number: int, cloud: Cloud = W) -> str:
    """Sync one cloud completely. Raises the error of the outcome."""
    source = MemoryUpstream(states={cloud: state(number, cloud)}, records={cloud: [record(number, cloud)] if number else []})
    (outcome,) = sync(store, source, [cloud], base=embedded())
    if outcome.error:
        raise outcome.error
    return outcome.status


def attempt(place: str) -> None:
    """Leave a store as a sync leaves it that ends while it waits for upstream: with the time of the attempt."""
    with opened(place) as store:
        (outcome,) = sync(store, MemoryUpstream(), [W], base=embedded())
    assert outcome.status == FAILED


def shrunk() -> State:
    """Return a list that is held as a whole, since half of its sets are missing."""
    return replace(state(2), sets=state(2).sets[: len(state(2).sets) // 2])


Step = Callable[[Store], object]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A change of a store."""

    name: str
    steps: Sequence[Step]
    """Steps, each an atomic change, independent of the others."""
    before: Sequence[Step] | None = ()
    """Function that prepares the store; None for no store."""
    alike: bool = False
    """Each step performs the next pending change, so only the number of steps counts."""
    blind: tuple[str, ...] = ()
    """Columns that may differ between runs."""

    def prepare(self, place: str) -> None:
        """Create the store on which the steps run."""
        if self.before is not None:
            with opened(place) as store:
                for step in self.before:
                    step(store)

    def legal(self, place: Callable[[], str]) -> "Legal":
        """Determine the valid states by executing the steps.

        Args:
            place: gives a new place for a store each time.
        """
        numbers = range(len(self.steps))
        sizes = range(len(self.steps) + 1)
        subsets = [tuple(numbers[:n]) for n in sizes] if self.alike else [s for n in sizes for s in combinations(numbers, n)]
        made = []
        for subset in subsets:
            at = place()
            self.prepare(at)
            for number in subset:
                with opened(at) as store:
                    self.steps[number](store)
            made.append((frozenset(subset), self.seen(at)))
        if self.before is None:  # a new store may still be empty
            at = place()
            opened(at).close()
            made.insert(1, (frozenset(), self.seen(at)))
            at = place()
            attempt(at)
            made.insert(2, (frozenset(), self.seen(at)))
        return made

    def seen(self, place: str) -> Dump:
        """Return the store's content without the columns that may differ."""
        return dump.blinded(of(place), self.blind)

    def judge(self, place: str, legal: "Legal", acknowledged: Iterable[int]) -> Iterator[str]:
        """Return problems of the store after a fault; [] if there are none."""
        acknowledged = set(acknowledged)
        yield from dump.integrity(place)
        found = self.seen(place)
        done = [steps for steps, state in legal if state == found]
        if not done:
            nearest = min((dump.differences(state, found) for _, state in legal), key=len)
            yield f"neither the old nor the new state: {nearest}"
        elif not any(len(s) >= len(acknowledged) if self.alike else acknowledged <= s for s in done):
            yield f"acknowledged {sorted(acknowledged)}, but done is {sorted(done[0])}"
        sent = sent_from(place)
        for row in found.get("p365_outbox", ()):
            if row["delivered"] and row["id"] not in sent:
                yield f"notification {row['id']} counts as delivered, and was not sent"

    def finish(self, place: str) -> None:
        """Execute the remaining steps undisturbed."""
        for step in self.steps:
            with opened(place) as store:
                step(store)


Legal = Sequence[tuple[frozenset[int], Dump]]
"""(executed steps, dump after them); the first has no steps, the last all of them."""


class _OneAtATime:
    """A store that returns only its oldest notification."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def pending(self) -> Sequence[Notification]:
        return self._store.pending()[:1]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def _deliver(store: Store) -> None:
    """Deliver the oldest notification to a file next to the store."""
    (first, *_) = store.pending() or (None,)
    if first is None:
        return

    def send(_url: str, _title: str, _body: str) -> bool:
        with _sent(store.place).open("a") as file:
            file.write(f"{first.id}\n")
        return True

    deliver(cast(Store, _OneAtATime(store)), ["json://localhost"], send=send)
    if any(each.id == first.id for each in store.pending()):
        raise OSError("it was not delivered")


def sent_from(place: str) -> set[int]:
    """Return the numbers of the delivered notifications."""
    file = _sent(place)
    return {int(line) for line in file.read_text().split()} if file.exists() else set()


def _sent(place: str) -> Path:
    return Path(f"{place}.sent") if not place.startswith("postgresql://") else Path("/nowhere")


def _accept(store: Store) -> None:
    for held in store.held():
        accept(store, held.id, base=embedded())


def _import(store: Store) -> None:
    states = [
        replace(state(n), origin=RECORDED, version=Version(f"202601{n:02}00"), recorded=date(2026, 1, n)) for n in (4, 5, 6)
    ]
    store.add(states)


def _hold(store: Store) -> None:
    (outcome,) = sync(store, MemoryUpstream(states={W: shrunk()}), [W], base=embedded())
    if outcome.error:
        raise outcome.error
    assert outcome.status == HELD


def _to(number: int, cloud: Cloud = W) -> Step:
    def step(store: Store) -> None:
        assert synced(store, number, cloud) in (COMMITTED, UNCHANGED)

    return step


CASES: Mapping[str, Case] = {
    case.name: case
    for case in (
        Case(name="first", before=None, steps=[_to(1)]),
        Case(name="update", before=[_to(0), _to(1)], steps=[_to(2)]),
        Case(name="two-clouds", before=[_to(1), _to(1, C)], steps=[_to(2), _to(2, C)], blind=("id",)),
        Case(name="held", before=[_to(1)], steps=[_hold]),
        Case(name="accept", before=[_to(1), _hold], steps=[_accept]),
        Case(name="import", before=[_to(1)], steps=[_import]),
        Case(name="deliver", before=[_to(1), _to(2)], steps=[_deliver] * 2, alike=True, blind=("attempts", "problem")),
    )
}
