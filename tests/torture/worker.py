"""The program that changes a store and is killed: `python -m tests.torture.worker FD`, started by `Workers`.

It imports all modules once and then forks a child for each job. A job therefore takes milliseconds, and each one starts
with the same memory (the same order of sets, the same calls). The child sends `ready` and waits for `go`, so that strace
can attach first. It then runs the steps of a case, each with a newly opened store, and sends the number of each step when
the step has returned: the acknowledgement. It also sends the exceptions of steps. The socket is closed when the child ends.
"""

import contextlib
import ctypes
import functools
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from tests.torture.cases import Step

ROOT = Path(__file__).resolve().parents[2]
FOREVER = "forever"
"""Name of the job that syncs consecutive versions until it is killed."""

LIMIT = 60.0
"""Maximum seconds of a job (promise P4)."""

PR_SET_PTRACER, ANY = 0x59616D61, ctypes.c_ulong(-1)


@dataclass(kw_only=True)
class Job:
    """A running child."""

    pid: int
    socket: socket.socket
    backend: int
    """Its server process on PostgreSQL; 0 with a file."""
    said: list[str] = field(default_factory=list)

    def go(self) -> None:
        """Start the job."""
        self.socket.sendall(b"go\n")

    def first_word(self) -> None:
        """Wait until it has sent a message or has ended."""
        self.socket.settimeout(LIMIT)
        self.socket.recv(1, socket.MSG_PEEK)

    def kill(self) -> None:
        """Kill it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> "Job":
        """Wait for its end and collect its messages in `said`. Kills a slow job and raises TimeoutError."""
        self.socket.settimeout(LIMIT)
        data = b""
        try:
            while more := self._more():
                data += more
        except TimeoutError:
            self.kill()
            raise
        finally:
            self.socket.close()
        self.said = data.decode().splitlines()
        return self

    def _more(self) -> bytes:
        with contextlib.suppress(ConnectionResetError):
            return self.socket.recv(65536)
        return b""

    @property
    def acknowledged(self) -> list[int]:
        """Numbers of the acknowledged steps or versions. An incomplete message does not count."""
        return [int(line.split()[1]) for line in self.said if line.startswith("done ") and line.endswith(".")]


class Workers:
    """A program that forks children, one at a time; a context manager."""

    def __init__(self) -> None:
        mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        command = [sys.executable, "-m", "tests.torture.worker", str(its.fileno())]
        env = {**os.environ, "PYTHONHASHSEED": "0"}
        self._process = subprocess.Popen(command, cwd=ROOT, pass_fds=[its.fileno()], env=env)
        its.close()
        self._socket = mine
        self._lines = mine.makefile("r")
        self._working = False

    def start(self, what: str, place: str) -> Job:
        """Fork a child for a job; it waits for `go`. The previous child has to have ended.

        Args:
            what: a case's name, or FOREVER.
            place: of the store.
        """
        self._reap()
        mine, its = socket.socketpair()
        socket.send_fds(self._socket, [json.dumps([what, place]).encode()], [its.fileno()])
        its.close()
        pid = int(self._lines.readline())
        self._working = True
        word, _, backend = mine.recv(100).decode().strip().partition(" ")
        if word != "ready":
            raise RuntimeError("the worker did not come up")
        return Job(pid=pid, socket=mine, backend=int(backend))

    def _reap(self) -> None:
        """Wait until the last child has ended and its locks are released."""
        if self._working:
            self._lines.readline()
            self._working = False

    def run(self, what: str, place: str) -> Job:
        """Run a whole job undisturbed."""
        job = self.start(what, place)
        job.go()
        return job.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._socket.close()
        self._lines.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _main(control: socket.socket) -> None:
    _warm()
    while True:
        data, fds = b"", list[int]()
        with contextlib.suppress(ConnectionResetError):
            data, fds, _, _ = socket.recv_fds(control, 65536, 1)
        if not data:
            return
        what, place = json.loads(data)
        child = os.fork()
        if not child:
            control.close()
            with socket.socket(fileno=fds[0]) as said:
                _child(said, what, place)
            os._exit(0)
        os.close(fds[0])
        with contextlib.suppress(BrokenPipeError):
            control.sendall(f"{child}\n".encode())
            os.waitpid(child, 0)
            control.sendall(b"gone\n")


def _warm() -> None:
    """Import all modules of a job and fill the caches, so that children need not."""
    import tempfile

    from tests.torture.cases import CASES, state

    with tempfile.TemporaryDirectory() as folder:
        for name, case in CASES.items():
            place = f"{folder}/{name}.sqlite"
            case.prepare(place)
            case.finish(place)
    state.cache_clear()


def _child(said: socket.socket, what: str, place: str) -> None:
    from perimeter365.errors import Perimeter365Error
    from tests.torture.cases import CASES, opened, synced

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANY, 0, 0, 0)  # strace is not the parent process
    kept, backend = None, 0
    if place.startswith("postgresql://"):
        kept = opened(place)  # a single connection, so that its server process is known
        with kept._database.reading() as connection:
            backend = int(connection.select("SELECT pg_backend_pid() AS pid")[0]["pid"])
    said.sendall(f"ready {backend}\n".encode())
    if not said.recv(3):
        return

    steps: Iterable[tuple[int, Step]] = enumerate(CASES[what].steps if what != FOREVER else ())
    if what == FOREVER:
        with opened(place) as store:
            first = len(store.versions())
        steps = ((number, functools.partial(synced, number=number)) for number in itertools.count(first))
    for number, step in steps:
        try:
            if kept:
                step(kept)
            else:
                with opened(place) as store:
                    step(store)
            said.sendall(f"done {number} .\n".encode())
        except (Perimeter365Error, OSError) as error:
            said.sendall(f"failed {number} {type(error).__name__}: {str(error)[:300]}\n".encode())
            if what == FOREVER:
                return
        except Exception as error:  # noqa: BLE001 (reported to the parent)
            said.sendall(f"raised {number} {type(error).__name__}: {str(error)[:300]}\n".encode())
            return


if __name__ == "__main__":
    _main(socket.socket(fileno=int(sys.argv[1])))
