"""Processes that write into a store until they are killed, or a number of times.

    writer = Writer(place, Cloud.WORLDWIDE)
    writer.first()                          the version that it committed first
    writer.kill()
    writer.said()                           the versions whose commits returned

A writer commits the small series' states over and over, each under the next free version of the cloud and with a
notification that names it, and says a version when its commit has returned. It is forked from a process that has imported
everything, so that it begins within milliseconds; where there is no fork it takes as long as a program.
"""

import itertools
import multiprocessing
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from perimeter365.history.load import read
from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.store.store import Store
from tests.history.oracle import SERIES

FIRST = 2031010100
LIMIT = 100.0
"""Seconds that a writer may take, on a machine that is busy."""

_METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
_forks: Any = multiprocessing.get_context(_METHOD)
if isinstance(_forks, multiprocessing.context.ForkServerContext):
    _forks.set_forkserver_preload([__name__])


class Writer:
    """One process that writes."""

    def __init__(self, place: str, cloud: Cloud, times: int | None = None) -> None:
        self._ear, mouth = _forks.Pipe(duplex=False)
        self._process = _forks.Process(target=write, args=(place, cloud, times, mouth), daemon=True)
        self._process.start()
        mouth.close()  # so that the pipe ends with the process
        self._said: list[str] = []

    @property
    def running(self) -> bool:
        """Is it still there?"""
        return bool(self._process.is_alive())

    def first(self) -> str:
        """Wait for its next commit; the version."""
        assert self._ear.poll(LIMIT)
        self._said.append(self._ear.recv())
        return self._said[-1]

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def said(self) -> list[str]:
        """Wait until it has ended; all versions that it said."""
        with suppress(EOFError):
            while True:
                self.first()
        self._process.join(LIMIT)
        self._ear.close()
        return self._said

    @property
    def code(self) -> int | None:
        """How it ended: 0, or the number of a signal, negative."""
        code: int | None = self._process.exitcode
        return code


def write(place: str, cloud: Cloud, times: int | None, mouth: Connection) -> None:
    """What the process does."""
    states, _ = read(SERIES)
    several = sorted((s for s in states if s.cloud is Cloud.WORLDWIDE), key=lambda s: s.version)
    with Store(place) as store:
        for _ in itertools.count() if times is None else range(times):
            with store.writing():
                number = len(store.versions(cloud))
                state = several[number % len(several)]
                version = str(FIRST + number)
                sets = tuple(replace(s, cloud=cloud) for s in state.sets)
                own = replace(state, cloud=cloud, version=Version(version), recorded=None, sets=sets)
                store.commit(own, outbox=[("committed", {"cloud": cloud.value, "version": version})])
            mouth.send(version)
