"""Processes that write to a store until they are killed, or a number of times.

    writer = Writer(place, Cloud.WORLDWIDE)
    writer.next_commit()                    wait for the next commit; its version
    writer.kill()
    writer.committed()                      the versions whose commits returned

A writer commits the states of the small series repeatedly, each with the next free version of the cloud and a notification
that names it, and reports a version when its commit has returned. It is forked from a process that has imported all modules,
so that it starts within milliseconds; on systems without fork it starts as slowly as a program.
"""

import itertools
import multiprocessing
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from perimeter365.history.load import read_recorded_lists
from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.store.store import Store
from tests.history.oracle import SERIES

FIRST = 2031010100
LIMIT = 100.0
"""The time limit of a writer in seconds, long enough for a busy machine."""

_METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
_forks: Any = multiprocessing.get_context(_METHOD)
if isinstance(_forks, multiprocessing.context.ForkServerContext):
    _forks.set_forkserver_preload([__name__])


class Writer:
    """A process that writes to a store."""

    def __init__(self, place: str, cloud: Cloud, times: int | None = None) -> None:
        self._reader, writer = _forks.Pipe(duplex=False)
        self._process = _forks.Process(target=write, args=(place, cloud, times, writer), daemon=True)
        self._process.start()
        writer.close()  # so that the pipe is closed when the process ends
        self._committed: list[str] = []

    @property
    def running(self) -> bool:
        """True if the process has not ended."""
        return bool(self._process.is_alive())

    def next_commit(self) -> str:
        """Wait for the next commit and return its version."""
        assert self._reader.poll(LIMIT)
        self._committed.append(self._reader.recv())
        return self._committed[-1]

    def kill(self) -> None:
        """Kill the process."""
        self._process.kill()

    def committed(self) -> list[str]:
        """Wait for the end of the process and return the versions of all commits."""
        with suppress(EOFError):
            while True:
                self.next_commit()
        self._process.join(LIMIT)
        self._reader.close()
        return self._committed

    @property
    def code(self) -> int | None:
        """The exit code: 0, or the negative number of a signal."""
        code: int | None = self._process.exitcode
        return code


def write(place: str, cloud: Cloud, times: int | None, writer: Connection) -> None:
    """Write to the store; the code of the process."""
    states, _ = read_recorded_lists(SERIES)
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
            writer.send(version)
