"""Make one system call of a process fail, or kill the process at it, with strace.

    with recording(job.pid) as calls: ...                               a clean run, and what it did to files, in order
    with injected(job.pid, "fdatasync", 3, "EIO once") as calls: ...    the third one fails

One name of a call at a time, counted from the moment at which strace takes hold of the process. strace kills a process
before the call that it names, so the kill at number N + 1 is the one behind number N.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import consumers
from tests.consumers import need

DURABLE = (
    *("pwrite64", "write", "pwritev", "writev", "fsync", "fdatasync", "sync_file_range", "ftruncate", "fallocate"),
    *("openat", "mkdir", "link", "rename", "unlink", "rmdir", "symlink", "chmod", "fchmod", "fchown", "utimensat"),
)
"""Linux system calls that change the disk; `openat` only if it creates a file."""

FAULTS = {
    "KILL": "signal=KILL:when={n}",
    "EIO once": "error=EIO:when={n}",
    "EIO sticky": "error=EIO:when={n}+",
    "ENOSPC once": "error=ENOSPC:when={n}",
    "ENOSPC sticky": "error=ENOSPC:when={n}+",
}

_LINE = re.compile(r"^(?:\d+ +)?([a-z0-9_]+)\((.*)")
_PATHS = re.compile(r'<(/[^>]*)>|"(/[^"]*)"')


@dataclass(frozen=True)
class Call:
    """A system call of a run."""

    name: str
    number: int
    """Number among the calls of its name, from 1."""
    words: str
    """The rest of strace's line."""

    @property
    def paths(self) -> list[str]:
        """Files that it names, directly or by descriptors."""
        return [one or other for one, other in _PATHS.findall(self.words)]

    def durable(self, folder: str) -> bool:
        """Return True if it changes something below a folder."""
        changes = self.name != "openat" or "O_CREAT" in self.words
        return changes and any(path.startswith(folder) for path in self.paths)


@contextmanager
def attached(pid: int, *words: str) -> Iterator[list[Call]]:
    """Trace a process until it ends. The list is filled when the block is left."""
    seen: list[Call] = []
    with tempfile.TemporaryDirectory(prefix="p365-strace-") as folder:
        log = Path(folder) / "log"
        command = [str(need("strace")), "-f", "-y", "-s", "0", "-o", str(log), *words, "-p", str(pid)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            said = process.stderr.readline()
            if "attached" not in said:
                reason = f"strace cannot trace here: {said.strip()}"
                if consumers.mode == "required":
                    raise RuntimeError(reason)
                pytest.skip(reason)
            yield seen
            process.wait(60)
        seen += read_log(log)


def started(
    command: list[str], env: Mapping[str, str], *words: str
) -> tuple["subprocess.CompletedProcess[str]", list[Call]]:
    """Run a whole program under strace and return its calls."""
    with tempfile.TemporaryDirectory(prefix="p365-strace-") as folder:
        log = Path(folder) / "log"
        under = [str(need("strace")), "-f", "-y", "-s", "0", "--seccomp-bpf", "-o", str(log), *words, "--", *command]
        done = subprocess.run(under, env=dict(env), capture_output=True, text=True, timeout=120)
        return done, read_log(log)


def recording(pid: int) -> AbstractContextManager[list[Call]]:
    """Trace all durable calls of a process."""
    return attached(pid, "-e", f"trace={','.join(DURABLE)}")


def injected(pid: int, name: str, number: int, fault: str) -> AbstractContextManager[list[Call]]:
    """Inject a fault of `FAULTS` at the number-th call of a name."""
    inject = f"inject={name}:{FAULTS[fault].format(n=number)}"
    return attached(pid, "-e", f"trace={name}", "-e", inject)


def read_log(log: Path) -> list[Call]:
    """Yield the numbered calls of a log."""
    counts: dict[str, int] = {}
    found = []
    for line in log.read_text("utf-8", "replace").splitlines():
        if match := _LINE.match(line):
            name, words = match.groups()
            counts[name] = counts.get(name, 0) + 1
            found.append(Call(name, counts[name], words))
    return found
