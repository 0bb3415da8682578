"""Loads editions, watches the store, and keeps answers.

    service = Service(workspace, Options())
    await service.load()
    service.edition.day

A new edition is loaded beside the old one, the questions that were asked most are answered from it, and it replaces the old
one in one assignment. So an answer is made from one edition, and no device waits because the lists have changed. If the
store cannot be read, the last edition stays, and `problem` says why.

    made once         many requests for an answer that does not exist yet make it once, in a thread
    bounded           the answers that are kept (`web.answers`) or being made, and the time for which a request waits
    announced later   the version that is served is named when every process and cache has it (`web.announce`)
    without a store   the embedded lists are served. A store that exists and cannot be read is an error, and so is one that
                      is gone: the embedded lists never replace newer ones

The file is long because editions, the announcement and answers change one value, `Service.current`, in one event loop.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

from perimeter365.errors import Perimeter365Error, StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.day import STALE_AFTER_DAYS
from perimeter365.model.finding import printable
from perimeter365.model.freshness import CloudAge
from perimeter365.store.replicas import Replicas, Versions
from perimeter365.web.announce import Announcer, Timing, announced_edition
from perimeter365.web.answer import Answer
from perimeter365.web.answers import Kept
from perimeter365.web.edition import Edition, OutdatedError, inputs, load_edition
from perimeter365.web.room import Question, Room
from perimeter365.workspace import Workspace

OnStale = Literal["serve", "503"]

POLL = 1.0
"""Seconds between two looks at the store."""

WAKING_SECONDS = 10.0
"""Maximum seconds for which an answer waits for a look at the store, after the process was stopped or suspended."""

AGES = 10
"""Looks at the store between two looks at the ages, which need a query."""

AHEAD_SECONDS = 10.0
"""Seconds for which a new edition may wait for answers that are made ahead."""

AHEAD_ANSWERS = 300
"""The maximum number of answers that are made ahead."""

MAX_ANSWERS, MAX_BYTES = 1_000, 16 * 1024 * 1024
"""Bounds of the answers of one edition; half of the table (`web.answers`) has as many at most."""

MAX_TARGETS, MAX_TARGET = 5_000, 512
"""Bounds of the paths and queries whose answer is known without reading them: their number, and their length."""

MAKERS = 2
"""Threads that make answers. More would only compete with each other."""

MAX_WAITING = 64
"""The maximum number of answers, slow ones apart, that are being made or wait for a thread; further requests get 503."""

Key = tuple[Room[Any], Question]


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """How the service behaves."""

    profiles: str = ""
    """The folder of the profiles, `NAME.toml`; "" for none."""
    max_age: int = 300
    """How long caches may keep an answer, in seconds."""
    on_stale: OnStale = "serve"
    """What is answered while the lists are stale: the last ones, or 503."""
    stale_after: int = STALE_AFTER_DAYS
    """Days without a successful look after which the list of a cloud that is followed is stale."""
    patience: float = 20.0
    """Seconds for which a request waits for its answer; then it gets 503, and the answer is kept when it is made."""
    poll: float = POLL
    """Seconds between two looks at the store."""
    margin: float = Timing().margin
    """Seconds after the max-age in which an older answer may still turn up (`web.announce`)."""
    beat: float = Timing().beat
    """Seconds between two signs of life of a process."""
    silent: float = Timing().silent
    """Seconds without a sign of life after which a process does not count."""
    base: str = ""
    """URL of the service, for links in feeds; "" for links without a host."""
    wpad: str = ""
    """The profile of /wpad.dat for hosts that name none; "" for no profile."""
    instance: str = ""
    """Random name of this service in its answers, the same for all workers; "" for none."""

    @property
    def timing(self) -> Timing:
        """The times of the announcement."""
        return Timing(max_age=self.max_age, margin=self.margin, beat=self.beat, silent=self.silent)


class NoDataError(Exception):
    """There is no answer now; a later request may have one."""


@dataclass(kw_only=True)
class Ready:
    """An answer that is kept."""

    answer: Answer
    uses: int = 0
    """How often it was used."""


@dataclass(kw_only=True)
class Current:
    """What is served, and its answers."""

    edition: Edition
    named: Edition
    """The same up to the announced versions, for answers that name versions."""
    targets: Kept[tuple[str, str], Key] = field(default_factory=lambda: Kept(most=MAX_TARGETS))
    """Path and query -> room and question. It has no answers, which would stay in memory beyond their bounds."""
    answers: Kept[Key, Ready] = field(default_factory=lambda: Kept(most=MAX_ANSWERS, weight=MAX_BYTES, weigh=_weight))
    making: "dict[Key, asyncio.Task[Ready]]" = field(default_factory=dict)


class Service:
    """The state of one process of the service."""

    def __init__(
        self,
        workspace: Workspace,
        options: Options,
        clock: Callable[[], datetime] | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.workspace = workspace
        self.options = options
        self.problem = ""
        """Why the store cannot be read at the moment, without paths; "" if it can."""
        self.ages: tuple[CloudAge, ...] = ()
        """The age of each list."""
        self.current: Current | None = None
        """What is served; None before the first good data."""
        self._say = say
        self._clock = clock or (lambda: datetime.now(UTC))
        self._loading = asyncio.Lock()
        self._makers = ThreadPoolExecutor(MAKERS, "answers")
        self._slow_makers = ThreadPoolExecutor(MAKERS, "slow-answers")
        self._told = ""
        self._told_profiles: list[str] = []
        self.stored = False
        """Whether the lists came from a store."""
        self.announcer = Announcer(options.timing)
        self._rows: Replicas | None = None
        self._beats = ThreadPoolExecutor(1, "replicas")  # slow answers must not delay the signs of life
        self._waking: asyncio.Task[None] | None = None
        self._impatient = False
        self._told_rows = ""

    @property
    def edition(self) -> Edition | None:
        """The edition that is served; None before the first good data."""
        return self.current.edition if self.current else None

    @property
    def stale(self) -> tuple[Cloud, ...]:
        """The clouds whose lists are stale."""
        return tuple(age.cloud for age in self.ages if age.stale(self.options.stale_after))

    # -- editions ------------------------------------------------------------------------------------------------------

    async def load(self) -> None:
        """Take up what is in force, if that has changed. An error becomes `problem`."""
        async with self._loading:
            try:
                edition = await asyncio.to_thread(self._next, self.edition)
                if edition and self.edition is None:
                    edition = await self._first(edition)
                if edition:
                    await self._swap(edition)
            except (Perimeter365Error, OutdatedError) as error:
                self._report(error)
            else:
                self._report(None)

    async def _first(self, edition: Edition) -> Edition:
        """Return the edition with which the process starts.

        By then, the others can see that it does.
        """
        for _ in range(5):
            self.announcer.starting(_numbers(edition))
            self.announcer.alive()
            await self._look(beat=True)
            newer = await asyncio.to_thread(self._next, edition)
            if newer is None and not self.announcer.paused():
                return edition
            edition = newer or edition
        raise OutdatedError

    def _next(self, last: Edition | None) -> Edition | None:
        """Return the edition after another one; None if nothing has changed."""
        now, folder = self._clock().date(), self.options.profiles
        if self.stored and not self.workspace.lists_place:
            raise StoreError(f"{self.workspace.store_place}: the store is missing")
        if last and last.day == now and last.generation == inputs(self.workspace, folder):
            return None
        stored = bool(self.workspace.lists_place)
        options = self.options
        named = last.named if last else None
        edition = load_edition(
            self.workspace, folder=folder, day=now, max_age=options.max_age, base=options.base, last=named
        )
        self.stored = stored
        return edition

    async def _swap(self, edition: Edition) -> None:
        """Serve an edition, after the questions that were asked last are answered."""
        self.ages = await asyncio.to_thread(self._ages, edition)
        following = self._current(edition)
        if last := self.current:
            await self._answer_ahead(last, following)
        self.current = self._renamed(following)
        told = edition.named.details
        for line in told if told != self._told_profiles else ():
            self._say(line)
        self._told_profiles = told
        self.announcer.swapped(_numbers(edition))
        if not self.announcer.paused():
            await self._look(beat=True)

    async def _answer_ahead(self, last: Current, following: Current) -> None:
        used = sorted(last.answers.recent().items(), key=lambda each: (_is_slow(each[0][0]), -each[1].uses))
        keys = [key for key, ready in used if ready.uses][:AHEAD_ANSWERS]
        with suppress(TimeoutError):
            async with asyncio.timeout(AHEAD_SECONDS):
                for start in range(0, len(keys), MAKERS):
                    # Errors are left to the next request, which gets their reason.
                    tasks = [self._task(following, key) for key in keys[start : start + MAKERS]]
                    await asyncio.gather(*tasks, return_exceptions=True)

    def _report(self, error: Exception | None) -> None:
        """Set `problem`, and say it when it changes."""
        self.problem = _public(error) if error else ""
        told = printable(" ".join(str(error).split())) if error else ""
        if told != self._told:
            kept = "the last lists are served" if self.edition else "nothing is served"
            self._say(f"the store cannot be read, {kept}: {told}" if told else "the store can be read again")
        self._told = told

    async def watch(self) -> None:
        """Look at the store and at the other processes for ever."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._watch_lists())
                group.create_task(self._watch_processes(group))
        finally:
            stopping = asyncio.create_task(self._run(lambda: self.announcer.stop(self._replicas())))
            await asyncio.wait({stopping}, timeout=WAKING_SECONDS)
            self.close()

    def close(self) -> None:
        """Close the connections of the rows."""
        self._beats.shutdown(wait=False)
        if self._rows:
            self._rows.close()

    async def _watch_lists(self) -> None:
        looks = 0
        while True:
            await asyncio.sleep(self.options.poll)
            await self.load()
            looks += 1
            if looks % AGES == 0:
                await self.look_at_ages()

    async def look_at_ages(self) -> None:
        """Read the ages, which change while the lists stay the same."""
        if self.edition is None:
            return
        before = self.stale
        self.ages = await asyncio.to_thread(self._ages, self.edition)
        if self.stale != before:
            self.current = self._current(self.edition)  # the answers name the stale clouds

    def _ages(self, edition: Edition) -> tuple[CloudAge, ...]:
        """Return the ages.

        If the store cannot be read, they are those of the last look, counted until today.
        """
        today = self._clock().date()
        try:
            return self.workspace.ages(edition.catalog.versions, at=today)
        except Perimeter365Error:  # reported by `load`
            return tuple(CloudAge(age.cloud, age.version, age.seen, today) for age in self.ages)

    # -- the announcement ----------------------------------------------------------------------------------------------

    @property
    def named(self) -> Edition | None:
        """The edition that is served, up to the announced versions."""
        return self.current.named if self.current else None

    @property
    def paused(self) -> bool:
        """Whether the process has stood still, so that it must not answer before `awake`."""
        return self.current is not None and (self._waking is not None or self.announcer.paused())

    async def awake(self) -> None:
        """Look at the store after a pause. It ends after `WAKING_SECONDS` at most."""
        waking = self._wake()
        if not self._impatient:
            await asyncio.wait({waking}, timeout=WAKING_SECONDS)
            self._impatient = not waking.done()

    def _wake(self) -> "asyncio.Task[None]":
        if self._waking is None:
            self._waking, self._impatient = asyncio.create_task(self._catch_up()), False
        return self._waking

    async def _catch_up(self) -> None:
        try:
            while self.announcer.paused():  # also if it was stopped again in between
                since = self.announcer.now()
                await self._look(beat=True)
                await self.load()
                self.announcer.alive(since)
        finally:
            self._waking = None

    async def _watch_processes(self, group: asyncio.TaskGroup) -> None:
        looking: asyncio.Task[None] | None = None
        while True:
            if self.current and self.announcer.paused():
                self._wake()
            elif self.current:
                self.announcer.alive()  # also while a look takes long
                if looking is None or looking.done():
                    looking = group.create_task(self._look())
            await asyncio.sleep(self.options.poll)

    async def _look(self, *, beat: bool = False) -> None:
        """Write the row of this process if it is due, and take up what is announced."""
        await self._run(lambda: self.announcer.look(self._replicas(), beat=beat))
        problem = self.announcer.detail
        if problem != self._told_rows:
            self._say(problem or "new versions are announced again")
        self._told_rows = problem
        if self.current:
            self.current = self._renamed(self.current)

    async def _run(self, action: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._beats, action)

    def _replicas(self) -> Replicas | None:
        """Return the rows of the store; None without a store.

        One that is gone has had other processes.
        """
        place = self.workspace.lists_place
        if place and self._rows is None:
            self._rows = Replicas(place)
        return self._rows

    def _current(self, edition: Edition) -> Current:
        """Return what is served, without answers."""
        named = announced_edition(edition, self.announcer.announced)
        return Current(edition=edition.announcing(named.announced), named=named)

    def _renamed(self, current: Current) -> Current:
        """Return the same with what is announced now.

        If that has changed, it is without the answers that name versions.
        """
        following = self._current(current.edition)
        if following.named.announced == current.named.announced:
            return current
        for key, ready in current.answers.recent().items():
            if not key[1].announces:
                following.answers.put(key, ready)
        return following

    # -- answers -------------------------------------------------------------------------------------------------------

    def at_once(self, target: tuple[str, str]) -> Answer | None:
        """Return the answer to a path and query if it is known already.

        It may be called from any thread.
        """
        current = self.current
        if self.paused or current is None or (key := current.targets.get(target)) is None:
            return None
        if (found := current.answers.get(key)) is None:
            return None
        found.uses += 1
        return found.answer

    async def answer(self, room: Room[Any], question: Question, target: tuple[str, str] | None = None) -> Answer:
        """Answer a question from the edition.

        Args:
            room: the room of the question.
            question: the question.
            target: path and query that have this answer until something changes.

        Raises RefusedError, and NoDataError before the first good data, if the store cannot be read, or if the answer takes
        too long.
        """
        if self.paused:
            await self.awake()
        for _ in range(3):
            current, key = self.current, (room, question)
            if current is None:
                raise NoDataError(self.problem or "no lists have been loaded yet")
            if (ready := current.answers.get(key)) is None:
                try:
                    ready = await asyncio.wait_for(asyncio.shield(self._task(current, key)), self.options.patience)
                except TimeoutError:
                    raise NoDataError("the answer takes too long; it will be there later") from None
                except OutdatedError:
                    await self.load()
                    continue
            ready.uses += 1
            if target and len(target[0]) + len(target[1]) <= MAX_TARGET:
                current.targets.put(target, key)
            return ready.answer
        raise NoDataError("the lists change all the time")

    def _task(self, current: Current, key: Key) -> "asyncio.Task[Ready]":
        """Return the task that makes an answer; all who wait for it share one."""
        if (task := current.making.get(key)) is None:
            if sum(_is_slow(other[0]) == _is_slow(key[0]) for other in current.making) >= MAX_WAITING:
                raise NoDataError("too many answers are being made")
            task = current.making[key] = asyncio.create_task(self._make(current, key))
            task.add_done_callback(partial(_made, current, key))
        return task

    async def _make(self, current: Current, key: Key) -> Ready:
        loop = asyncio.get_running_loop()
        edition = current.named if key[1].announces else current.edition
        if not edition.clouds:
            raise NoDataError("no version has been announced yet")
        makers = self._slow_makers if _is_slow(key[0]) else self._makers
        ready = await loop.run_in_executor(makers, self._render, edition, *key)
        current.answers.put(key, ready)
        return ready

    def _render(self, edition: Edition, room: Room[Any], question: Question) -> Ready:
        clouds = clouds_of(room, question, edition)
        stale = [str(cloud) for cloud in self.stale if cloud in clouds]
        if stale and self.options.on_stale == "503":
            raise NoDataError(f"the lists of {', '.join(stale)} are stale")
        try:
            answer = room.answer(question, edition)
        except Perimeter365Error as error:
            raise NoDataError(_public(error)) from error
        extra = [("perimeter365-instance", self.options.instance)] if self.options.instance else []
        extra += [("perimeter365-stale", ", ".join(stale))] if stale else []
        answer = replace(answer, extra=(*answer.extra, *extra))
        answer.prepare()
        return Ready(answer=answer)


def _numbers(edition: Edition) -> Versions:
    return {cloud: served.number for cloud, served in edition.clouds.items()}


def _is_slow(room: Room[Any]) -> bool:
    return bool(getattr(room, "slow", False))


def clouds_of(room: Room[Any], question: Question, edition: Edition) -> tuple[Cloud, ...]:
    """Return the clouds on whose lists an answer depends.

    They are all clouds, unless the room has a method `clouds` that says less.
    """
    find = getattr(room, "clouds", None)
    return tuple(find(question, edition)) if find else tuple(edition.clouds)


def _made(current: Current, key: Key, task: "asyncio.Task[Ready]") -> None:
    current.making.pop(key, None)
    if not task.cancelled():
        task.exception()  # those who wait for the answer get it; nobody may be left


def _weight(ready: Ready) -> int:
    return ready.answer.weight


def _public(error: Exception) -> str:
    """Return the text of an error for everyone: without paths, hosts and values."""
    if isinstance(error, Perimeter365Error):
        return f"{error.title} ({error.code})"
    return "the lists change all the time"
