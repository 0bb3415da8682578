"""Network namespaces: create them, run programs in them, remove them.

Root uses plain `ip netns`. Other users do the same in a user namespace (`unshare -Urnm`) that a helper process
keeps open and every command enters, which needs no privileges.

Processes are found with `ip netns pids` and ended; namespaces are removed by name. The next run removes the
namespaces of a run that was killed: their names contain its process id.
"""

import contextlib
import itertools
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PREFIX = "perimeter365"
SYSTEM_PATH = os.pathsep.join(["/usr/sbin", "/sbin", os.environ.get("PATH", "")])
"""PATH with the folders of administration programs, for all users."""

_count = itertools.count(1)


class LabError(Exception):
    """The laboratory failed, or a request is invalid; not a verdict."""


class LabUnavailable(LabError):  # noqa: N818 - a state, not an error
    """Network namespaces cannot be created by this user on this machine."""


def _failure(argv: Sequence[str], code: int, output: str) -> str:
    return f"`{' '.join(argv)}` ended with {code}: {output.strip() or 'no output'}"


class Namespaces:
    """Temporary named network namespaces.

    `with Namespaces("inside", "router") as spaces:` — the names are local; the system names are unique. `nested`
    creates them in a user namespace; default: unless root.
    """

    def __init__(self, *names: str, nested: bool | None = None) -> None:
        run = f"{PREFIX}-{os.getpid()}-{next(_count)}"
        self._full = {name: f"{run}-{name}" for name in names}
        self._nested = os.geteuid() != 0 if nested is None else nested
        self._holder: subprocess.Popen[str] | None = None
        self._children: list[subprocess.Popen[str]] = []
        self._environment = {**os.environ, "PATH": SYSTEM_PATH}

    def __enter__(self) -> "Namespaces":
        try:
            if self._nested:
                self._open_user_namespace()
            else:
                self._sweep()
            self.ip("".join(f"netns add {full}\n" for full in self._full.values()))
            for name in self._full:
                self.ip("link set lo up\n", name)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open_user_namespace(self) -> None:
        """Start a process that keeps the namespaces open until its stdin closes."""
        script = "mount -t tmpfs tmpfs /run && echo ready && exec cat"
        argv = ["unshare", "-Urnm", "sh", "-c", script]
        pipe = subprocess.PIPE
        self._holder = subprocess.Popen(argv, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        assert self._holder.stdout is not None
        if self._holder.stdout.readline() != "ready\n":
            _out, err = self._holder.communicate(timeout=10)
            raise LabUnavailable(_failure(argv, self._holder.returncode, err))

    def _sweep(self) -> None:
        """Remove the namespaces of test runs that no longer exist."""
        folder = Path("/run/netns")
        for entry in folder.iterdir() if folder.is_dir() else ():
            if (match := re.match(rf"{PREFIX}-(\d+)-", entry.name)) and not Path("/proc", match[1]).exists():
                self._call(["ip", "netns", "del", entry.name], None, 10)

    def _enter(self, argv: Sequence[str]) -> list[str]:
        if self._holder is None:
            return list(argv)
        return ["nsenter", "-t", str(self._holder.pid), "-U", "-m", "-n", "--preserve-credentials", *argv]

    def _inside(self, name: str, argv: Sequence[str]) -> list[str]:
        return self._enter(["ip", "netns", "exec", self._full[name], *argv])

    def _call(self, argv: Sequence[str], text: str | None, timeout: float) -> "subprocess.CompletedProcess[str]":
        try:
            return subprocess.run(
                argv,
                input=text or "",
                capture_output=True,
                text=True,
                timeout=timeout,
                env=self._environment,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise LabError(str(error)) from error

    def name_of(self, name: str) -> str:
        """Return the system name of a namespace."""
        return self._full[name]

    def ip(self, batch: str, name: str = "") -> None:
        """Run commands with `ip -batch`, in a namespace if one is given."""
        where = ["-n", self._full[name]] if name else []
        argv = self._enter(["ip", *where, "-batch", "-"])
        done = self._call(argv, batch, 30)
        if done.returncode:
            kind = LabError if name else LabUnavailable
            raise kind(_failure([*argv, batch], done.returncode, done.stderr))

    def run(self, name: str, *argv: str, text: str | None = None, timeout: float = 60) -> str:
        """Run a program in a namespace and return its output.

        Raises `LabError` with its output if it fails.
        """
        done = self._call(self._inside(name, argv), text, timeout)
        if done.returncode:
            raise LabError(_failure(argv, done.returncode, done.stderr + done.stdout))
        return done.stdout

    def start(self, name: str, *argv: str) -> "subprocess.Popen[str]":
        """Start a program that runs until the namespaces close; its streams are pipes."""
        pipe = subprocess.PIPE
        child = subprocess.Popen(
            self._inside(name, argv), stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=self._environment
        )
        self._children.append(child)
        return child

    def close(self) -> None:
        """End every process in the namespaces and remove them. Safe to call twice."""
        for child in self._children:
            if child.stdin:
                with contextlib.suppress(OSError):
                    child.stdin.close()
        self._end_processes()
        for child in self._children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=5)
            for stream in (child.stdout, child.stderr):
                if stream:
                    stream.close()
        self._children.clear()
        for full in self._full.values():
            with contextlib.suppress(LabError):
                self._call(self._enter(["ip", "netns", "del", full]), None, 10)
        if self._holder:
            self._holder.kill()
            self._holder.communicate(timeout=10)
            self._holder = None

    def _pids(self) -> list[int]:
        """Return the processes in the namespaces."""
        for child in self._children:
            child.poll()  # reap ended processes; otherwise they stay listed
        found: list[int] = []
        for full in self._full.values():
            with contextlib.suppress(LabError, ValueError):
                listed = self._call(self._enter(["ip", "netns", "pids", full]), None, 10).stdout
                found += [int(word) for word in listed.split()]
        return found

    def _end_processes(self) -> None:
        """Wait for processes to end after their stdin; then send SIGTERM, then SIGKILL."""
        for number in (0, signal.SIGTERM, signal.SIGKILL):
            for pid in self._pids() if number else ():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            deadline = time.monotonic() + 0.5
            while self._pids():
                if time.monotonic() > deadline:
                    break
                time.sleep(0.01)
            else:
                return


class Agent:
    """The running `agent.py` of a namespace."""

    def __init__(self, spaces: Namespaces, name: str) -> None:
        program = Path(__file__).with_name("agent.py")
        self._name = name
        self._number = 0
        self._process = spaces.start(name, sys.executable, "-I", "-S", str(program))

    def ask(self, request: Mapping[str, Any], *, timeout: float = 30) -> dict[str, Any]:
        """Send a request and wait at most `timeout` seconds for the answer.

        Raises `LabError`.
        """
        self.send(request)
        return self.answer(timeout=timeout)

    def send(self, request: Mapping[str, Any]) -> None:
        """Send one request; call `answer` before the next one. Raises `LabError`."""
        assert self._process.stdin is not None
        self._number += 1
        try:
            self._process.stdin.write(json.dumps({**request, "number": self._number}) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._death() from None

    def answer(self, *, timeout: float) -> dict[str, Any]:
        """Return the answer to the last request.

        Raises `LabError` after `timeout` seconds.
        """
        stdout = self._process.stdout
        assert stdout is not None
        # One answer line per request, so the buffer cannot contain an earlier answer.
        if not select.select([stdout], [], [], timeout)[0]:
            raise LabError(f"the agent in {self._name} did not answer within {timeout} s")
        line = stdout.readline()
        if not line:
            raise self._death()
        answer: dict[str, Any] = json.loads(line)
        if answer["number"] != self._number:
            raise LabError(f"the agent in {self._name} answered an earlier request: it was too slow")
        if "error" in answer:
            raise LabError(f"{self._name}: {answer['error']}")
        return answer

    def _death(self) -> LabError:
        assert self._process.stderr is not None
        return LabError(f"the agent in {self._name} has ended: {self._process.stderr.read()}")
