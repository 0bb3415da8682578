"""Loads editions, watches the store, and keeps answers.

    service = Service(workspace, Options())
    await service.load()
    service.edition.day

A new edition is loaded beside the old one and replaces it in one assignment: an answer is made from one of them. If the
store cannot be read, the last edition stays, and `problem` says why.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from perimeter365.errors import Perimeter365Error
from perimeter365.web.answer import Answer
from perimeter365.web.edition import Edition, OutdatedError, inputs, load_edition
from perimeter365.web.room import Question, Room
from perimeter365.workspace import Workspace

OnStale = Literal["serve", "503"]

POLL = 1.0
"""Seconds between two looks at the store."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """How the service behaves."""

    profiles: str = ""
    """The folder of the profiles, `NAME.toml`; "" for none."""
    max_age: int = 300
    """How long caches may keep an answer, in seconds."""
    on_stale: OnStale = "serve"
    """What is answered while the lists are stale: the last ones, or 503."""


class NoDataError(Exception):
    """Nothing can be served yet."""


class Service:
    """The state of one process of the service."""

    def __init__(self, workspace: Workspace, options: Options, clock: Callable[[], datetime] | None = None) -> None:
        self.workspace = workspace
        self.options = options
        self.edition: Edition | None = None
        """What is served; None before the first good data."""
        self.problem = ""
        """Why the store cannot be read at the moment; "" if it can."""
        self._clock = clock or (lambda: datetime.now(UTC))
        self._answers: dict[tuple[Room[Any], Question], Answer] = {}
        self._loading = asyncio.Lock()

    async def load(self) -> None:
        """Take up what is in force, if that has changed. An error becomes `problem`."""
        async with self._loading:
            try:
                edition = await asyncio.to_thread(self._next)
            except (Perimeter365Error, OutdatedError) as error:
                self.problem = str(error) or "the store changes all the time"
                return
            self.problem = ""
            if edition:
                self.edition = edition
                self._answers = {}

    def _next(self) -> Edition | None:
        """Return the next edition; None if nothing has changed."""
        now, last, folder = self._clock().date(), self.edition, self.options.profiles
        if last and last.day == now and last.generation == inputs(self.workspace, folder):
            return None
        return load_edition(self.workspace, folder=folder, day=now, max_age=self.options.max_age)

    async def watch(self) -> None:
        """Look at the store for ever."""
        while True:
            await self.load()
            await asyncio.sleep(POLL)

    async def answer(self, room: Room[Any], question: Question) -> Answer:
        """Answer a question from the edition.

        Raises RefusedError, and NoDataError before the first good data, or if the store cannot be read.
        """
        for _ in range(3):
            edition, key = self.edition, (room, question)
            if edition is None:
                raise NoDataError(self.problem or "no lists have been loaded yet")
            if found := self._answers.get(key):
                return found
            answers = self._answers
            try:
                made = await asyncio.to_thread(room.answer, question, edition)
            except OutdatedError:
                await self.load()
                continue
            answers[key] = made
            return made
        raise NoDataError("the lists change all the time")
