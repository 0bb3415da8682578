"""A shell in network and mount namespaces of its own, in which the lines of a manual are carried out.

    with Shell(folder) as shell:
        shell.follow(target.commands("install"))
        shell.run("nft list ruleset")

Everything that runs there ends with it. The loopback interface is up; other interfaces have to be made.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

from tests.consumers import isolated, need


class FailedError(Exception):
    """A command of a manual failed. The text is the command, its exit code, and its output."""


class Shell:
    """A root shell of a new network and mount namespace, in a work folder."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        folders = os.pathsep.join(["/usr/local/sbin", "/usr/sbin", "/sbin", os.environ.get("PATH", "")])
        self._environment = {**os.environ, "PATH": folders, **(environment or {})}
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Shell":
        need("namespaces")
        self._holder = subprocess.Popen(
            isolated("sh", "-c", "echo; exec cat"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._holder.stdout is not None
        self._holder.stdout.readline()
        self._flags = ["-t", str(self._holder.pid), "-n", "-m", *(["-U", "--preserve-credentials"] if os.geteuid() else [])]
        self.run("ip link set lo up")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for pid in self._pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for program in self._started:
            program.wait()
        self._holder.kill()
        self._holder.communicate()

    def _pids(self) -> list[int]:
        """Return the processes in the namespace, except the one that holds it."""
        mine = Path(f"/proc/{self._holder.pid}/ns/net").readlink()
        found = []
        for path in Path("/proc").glob("[0-9]*/ns/net"):
            try:
                if path.readlink() == mine and (pid := int(path.parts[2])) != self._holder.pid:
                    found.append(pid)
            except OSError:
                continue
        return found

    def _command(self, line: str) -> list[str]:
        return ["nsenter", *self._flags, f"--wd={self.folder}", "--", "bash", "-o", "pipefail", "-c", line]

    def attempt(self, line: str, timeout: float = 120) -> "subprocess.CompletedProcess[str]":
        """Run a line and return its result, whatever it is."""
        return subprocess.run(
            self._command(line), cwd=self.folder, env=self._environment, capture_output=True, text=True, timeout=timeout,
            check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def run(self, line: str, timeout: float = 120) -> str:
        """Run a line and return its output. Raises FailedError."""
        done = self.attempt(line, timeout)
        if done.returncode:
            raise FailedError(f"`{line}` ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def follow(self, lines: Iterable[str], stop_after: int | None = None) -> None:
        """Carry out the lines of a manual, one after the other; those for a person are skipped. Raises FailedError.

        Args:
            lines: from `Target.commands`.
            stop_after: the number of commands after which a person is interrupted; None = never.
        """
        for line in [line for line in lines if not line.startswith("# ")][:stop_after]:
            self.run(line)

    def start(self, line: str) -> "subprocess.Popen[bytes]":
        """Start a program in the background. It ends with the shell."""
        quiet = subprocess.DEVNULL
        words = self._command(f"exec {line}")
        program = subprocess.Popen(words, cwd=self.folder, env=self._environment, stdin=quiet, stdout=quiet, stderr=quiet)
        self._started.append(program)
        return program

    def wait(self, line: str, seconds: float = 20) -> str:
        """Run a line until it succeeds, and return its output. Raises FailedError after some time."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.run(line)
            except FailedError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
