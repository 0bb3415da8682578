r"""When a version is announced: after every process, and every cache, has it.

Clients ask /version, store the number, and fetch the list then. If they fetch an older list, they miss the change. So a
process serves a new list at once, and names its number later, in /version, /changes and RSS:

    whatever version a client reads from any process, also through caches, all that it fetches afterwards from any process,
    also through caches, is of that version or a newer one

A process is a worker of a replica. Each of them has a row in the database of the store (`store.replicas`):

    served      what it serves. It only grows, as the numbers do (`web.versions`).
    settled     the newest number for which it is true that, for the time `keep`, it has served this number or a newer one.
                No cache has an older answer of this process any more. The time is that of its own clock.
    announced   what it has announced

    announced = for each cloud, the lowest `settled` of all rows that count
    A row counts while its process may serve, or a cache may have an answer of it: until `silent` + `keep` after its last
    sign of life, or until `keep` after it has stopped.

`keep` is the max-age of answers and a margin, which covers

    60 s    an answer that is on its way: nginx waits 60 s for one by default (proxy_read_timeout), and counts the max-age
            from its arrival, in whole seconds
    10 s    a process that looks at the store, but whose row is not counted: it cannot be written, or rule 4

Rules; `tests/web/test_announce.py` shows what happens without them:

1.  A process has a row before it answers. It looks at the store, writes the row, and looks again: if the store has not
    changed, any process that has a newer version reads this row before it announces that. All this has to take less time
    than rule 4 allows.
2.  Before the first answer nothing of this process is in a cache, so what it serves is settled. The first process of all
    announces at once. One that starts again is kept back by its own old row, and by those of the others.
3.  What any process has announced is true for ever, so the others may announce it too, as soon as they serve it. So numbers
    do not fall when a process starts again.
4.  The others may not count a process that was stopped or suspended. If it stood still for more than a third of `silent`, it
    first writes its row, then looks at the store, and answers then. An answer waits for that for some seconds at most.
5.  A process that cannot read the rows, or whose row cannot be written, announces nothing new, and goes on serving. The
    second half is caution: the others do not count it, so it must not lead them.
6.  A version is never named by a process that serves an older one.
7.  A cloud of which a row that counts has no version is not named at all until it has one.

What is left: /changes names a version together with /version, so a client that asks for /version first can get older change
records from a cache; its lists are right. A process that cannot reach the database of the others for longer than `silent`
serves its last lists (a list that is old is better than none), and is not counted. It reports the problem: a load balancer
has to take it out. A virtual machine whose clocks stood still while it was suspended answers as before until its next look,
a second later. The database's clock must not jump forward by more than `silent`.

Without a store, no process knows of the others. The embedded lists never change. A folder of facts is announced by each
process `keep` after it has served it. This is the same promise, as long as all workers read the folder: they look every
second, and the margin is longer. A process that is started within `keep` after a change of the folder announces too early.
"""

import os
import re
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import Protocol

from perimeter365.errors import Perimeter365Error
from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.store.replicas import Replica, Versions
from perimeter365.web.edition import Edition

ALWAYS = float("-inf")
"""The time before the first answer of a process."""


def elapsed() -> float:
    """Return the seconds since the machine was started.

    Those in which it was suspended count where the system has them.
    """
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """The times of the rules, in seconds."""

    max_age: float = 300
    """How long caches may keep an answer."""
    margin: float = 70
    """How much longer an older answer may turn up (see the docstring of the module)."""
    beat: float = 10
    """Between two signs of life of a process."""
    silent: float = 30
    """Without a sign of life for this time, a process does not count as one that serves."""

    @property
    def keep(self) -> float:
        """How long caches may have an answer after a process has replaced it."""
        return self.max_age + self.margin

    @property
    def lease(self) -> float:
        """How long a process may have stood still, in seconds.

        After less it still answers without a look at the store.
        """
        return self.silent / 3


class Rows(Protocol):
    """The rows of all processes: `store.replicas.Replicas`."""

    def beat(self, replica: Replica) -> None:
        """Write the row of a process."""

    def rows(self) -> Sequence[Replica]:
        """Return all rows."""


class Announcer:
    """What one process has served since when, and what it may announce.

    `starting` and `swapped` are called with what the process serves, `look` from time to time.
    """

    def __init__(self, timing: Timing, *, clock: Callable[[], float] = elapsed, name: str = "") -> None:
        self.timing = timing
        self.id = name or _name()
        self.announced: Versions = {}
        """The versions that this process may name."""
        self.problem = ""
        """Why nothing new is announced, without paths; "" if it can be."""
        self.detail = ""
        """The same with all that is known, for the operator."""
        self.waiting: tuple[str, ...] = ()
        """The processes for which an announcement waits."""
        self._clock = clock
        self._steps: dict[Cloud, list[tuple[float, Version]]] = {}
        """What was served, and since when: all that may be in a cache, oldest first."""
        self._alive = ALWAYS
        """When the process ran last."""
        self._written: tuple[float, Replica] | None = None
        """When the last successful one began, and the row."""
        self._unwritten: Perimeter365Error | None = None
        """Why the last attempt failed; None if it did not."""

    # -- what is served -------------------------------------------------------------------------------------------

    def starting(self, numbers: Versions) -> None:
        """Take note of what the process is going to serve, before its first answer."""
        self._steps = {cloud: [(ALWAYS, number)] for cloud, number in numbers.items()}

    def swapped(self, numbers: Versions) -> None:
        """Take note of what the process has begun to serve."""
        now = self._clock()
        steps = {}
        for cloud, number in numbers.items():
            last = self._steps.get(cloud, [])
            steps[cloud] = last if last and last[-1][1] == number else [*self._recent(last, now), (now, number)]
        self._steps = steps

    @property
    def served(self) -> Versions:
        """The versions that the process serves."""
        return {cloud: steps[-1][1] for cloud, steps in self._steps.items()}

    @property
    def settled(self) -> Versions:
        """The newest versions than which no cache has an older one of this process."""
        now = self._clock()
        recent = {cloud: self._recent(steps, now) for cloud, steps in self._steps.items()}
        return {
            cloud: min(number for _, number in steps)
            for cloud, steps in recent.items()
            if steps[0][0] <= now - self.timing.keep
        }

    def _recent(self, steps: list[tuple[float, Version]], now: float) -> list[tuple[float, Version]]:
        """Return the steps of which a cache may have an answer, and the one before them."""
        first = max((i for i, (since, _) in enumerate(steps) if since <= now - self.timing.keep), default=0)
        return steps[first:]

    # -- the other processes ----------------------------------------------------------------------------------------

    def now(self) -> float:
        """Return the time by the clock of the process, in seconds."""
        return self._clock()

    def alive(self, since: float | None = None) -> None:
        """Take note that the process runs.

        Args:
            since: when it began to write its row and to look at the store, at a start and after a pause; None for now.
        """
        self._alive = self._clock() if since is None else since

    def paused(self) -> bool:
        """Return True if the process has stood still.

        The others may not count it any more.
        """
        return self._clock() - self._alive > self.timing.lease

    def look(self, rows: Rows | None, *, beat: bool = False) -> None:
        """Write the row if it is due, read the others, and announce what can be announced.

        Args:
            rows: the rows of the store; None without a store.
            beat: write the row in any case.
        """
        began = self._clock()
        own = Replica(id=self.id, keep=self.timing.keep, served=self.served, settled=self.settled, announced=self.announced)
        if rows is None:
            self.problem, self.detail, self._unwritten, self._written = "", "", None, None
            self._announce(own, ())
            return
        if beat or self._due(own, began):
            self._unwritten = _failure(lambda: rows.beat(own))
            if not self._unwritten:
                self._written = began, own
        self._report(self._unwritten)
        if own.served == self.announced or (self._unwritten and self.announced):
            self.waiting = ()
            return
        found: list[Replica] = []
        if unread := _failure(lambda: found.extend(rows.rows())):
            self._report(self._unwritten or unread)
        else:
            self._announce(own, [each for each in found if each.id != self.id])

    def stop(self, rows: Rows | None) -> None:
        """Say that the process serves no more. Its answers stay in caches."""
        if rows is not None and self._written is not None:
            own = replace(self._written[1], settled=self.settled, stopped=True)
            self._report(_failure(lambda: rows.beat(own)))

    def _due(self, own: Replica, now: float) -> bool:
        """Return True if the row has to be written again."""
        if self._unwritten or self._written is None:
            return True
        since, last = self._written
        return last != own or now - since >= self.timing.beat

    def _report(self, error: Perimeter365Error | None) -> None:
        what = "new versions are not announced: the rows of the processes cannot be used"
        self.problem = f"{what}: {error.title} ({error.code})" if error else ""
        self.detail = f"{what}: {error}" if error else ""

    def _announce(self, own: Replica, others: Sequence[Replica]) -> None:
        counted = [each for each in others if self._counts(each)]
        announced = {}
        for cloud, served in own.served.items():
            known = [each.announced[cloud] for each in (own, *others) if cloud in each.announced]
            settled = [each.settled.get(cloud) for each in (own, *counted)]
            lowest = [min(filter(None, settled))] if all(settled) else []
            if found := [*known, *lowest]:
                announced[cloud] = min(max(found), served)
        self.announced = announced
        missing = {cloud: number for cloud, number in own.served.items() if announced.get(cloud) != number}
        late = [each for each in (own, *counted) if any(each.settled.get(c, "") < n for c, n in missing.items())]
        self.waiting = tuple(sorted(each.id for each in late))

    def _counts(self, row: Replica) -> bool:
        """Return True if a process counts.

        It may still serve, or a cache may have an answer of it.
        """
        return row.age <= row.keep + (0 if row.stopped else self.timing.silent)


def announced_edition(edition: Edition, announced: Mapping[Cloud, Version]) -> Edition:
    """Return what an edition has up to the announced versions.

    It is for the answers that name versions.

    The lists themselves (`sets`) are those in force. A cloud without an announced version is left out.
    """
    found = {}
    for cloud, served in edition.clouds.items():
        if cloud in announced and served.versions[0].number <= announced[cloud]:
            found[cloud] = served.until(announced[cloud])
    return replace(edition, clouds=found, announced={cloud: served.number for cloud, served in found.items()})


def _failure(action: Callable[[], None]) -> Perimeter365Error | None:
    """Return the error of an action; None if it has none."""
    try:
        action()
    except Perimeter365Error as error:
        return error
    return None


def _name() -> str:
    host = re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname())[:40]
    return f"{host or 'host'}-{os.getpid()}-{token_hex(8)}"
