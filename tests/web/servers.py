"""The service in a test: in this process, or as real server processes.

    with in_process(workspace) as client: client.get("/version").body       no socket; a new edition after `client.load()`
    with served("--store", place) as server: server.get("/version").body    `perimeter365 serve` on a free port of 127.0.0.1

Both clients have `get`, so a test can run against either.
"""

import asyncio
import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

from perimeter365.web.answer import Headers
from perimeter365.web.app import App
from perimeter365.web.service import Options, Service
from perimeter365.workspace import Workspace

CLIENT = "ClientRequestId=b10c5ed1-bad1-445f-b386-b919946339a7"
"""The parameter that the mirror demands."""

START = 30.0
"""Seconds that a process may take to its first answer on a busy machine."""

STOP = 15.0
"""Seconds that a process may take to stop."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a client received."""

    status: int
    headers: Mapping[str, str]
    """By name in lower case."""
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Client:
    """The application in this process."""

    def __init__(self, app: App, run: Callable[[Any], Any]) -> None:
        self.app = app
        self.service = app.service
        self.run = run
        """Runs a coroutine in the loop of the application."""

    def load(self) -> None:
        """Take up what is in force now."""
        self.run(self.service.load())

    def get(self, target: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> Reply:
        """Send a request; `target` is path and query as they are on the wire."""
        path, _, query = target.partition("?")
        fields = {name.lower(): value for name, value in (headers or {}).items()}
        scope = SimpleNamespace(method=method, path=unquote(path, errors="replace"), query_string=query, headers=fields)
        sent: list[Reply] = []

        def respond(status: int, headers: Headers, body: bytes = b"") -> None:
            sent.append(Reply(status=status, headers=dict(headers), body=body))

        proto = SimpleNamespace(response_empty=respond, response_bytes=respond)
        if not self.app.at_once(scope, proto):
            self.run(self.app(scope, proto))
        (reply,) = sent
        return reply


@contextmanager
def in_process(
    workspace: Workspace | None = None,
    options: Options | None = None,
    clock: Callable[[], datetime] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[Client]:
    """Yield a client of an application that has loaded its first edition. Nothing watches the store."""
    service = Service(workspace or Workspace(catalog="embedded"), options or Options(), clock, say)
    with asyncio.Runner() as runner:
        client = Client(App(service), runner.run)
        client.load()
        try:
            yield client
        finally:
            service.close()


def ask(
    connection: http.client.HTTPConnection, target: str, headers: Mapping[str, str] | None = None, *, method: str = "GET"
) -> Reply:
    """Send a request without Accept-Encoding, and close the connection."""
    given = headers or {}
    try:
        connection.putrequest(method, target, skip_host="host" in given, skip_accept_encoding=True)
        for name, value in given.items():
            connection.putheader(name, value)
        connection.endheaders()
        got = connection.getresponse()
        return Reply(status=got.status, headers={k.lower(): v for k, v in got.getheaders()}, body=got.read())
    finally:
        connection.close()


@dataclass(kw_only=True)
class Server:
    """A running `perimeter365 serve`."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path
    """What it writes to stderr."""
    connect: Callable[[], http.client.HTTPConnection] = field(repr=False)

    @property
    def url(self) -> str:
        """Base URL without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def err(self) -> str:
        """What it has written to stderr until now."""
        return self.log.read_text("utf-8", "replace")

    def get(self, target: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> Reply:
        """Send a request in a connection of its own."""
        return ask(self.connect(), target, headers, method=method)

    def workers(self) -> list[int]:
        """Return its worker processes."""
        parent = self.process.pid
        return [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]

    def memory(self) -> int:
        """Return the memory of its processes, in bytes (RSS)."""
        pages = (Path(f"/proc/{pid}/statm").read_text().split()[1] for pid in (self.process.pid, *self.workers()))
        return sum(map(int, pages)) * resource.getpagesize()

    def stop(self, with_signal: int = signal.SIGTERM, within: float = STOP) -> int:
        """End the process and return its exit code."""
        self.process.send_signal(with_signal)
        return self.process.wait(within)


@contextmanager
def served(*words: str, environment: Mapping[str, str] | None = None, files: int = 0) -> Iterator[Server]:
    """Run `perimeter365 serve WORDS` on a free port until it answers, and end it after the block.

    With `files`, it may open only so many. Fails with what it wrote to stderr, if it does not answer.
    """
    port = free_port()
    connect = partial(http.client.HTTPConnection, "127.0.0.1", port, timeout=STOP)
    with started("--bind", f"127.0.0.1:{port}", *words, environment=environment, files=files) as (process, log):
        server = Server(process=process, port=port, log=log, connect=connect)
        end = time.monotonic() + START
        while not _answers(server):
            assert process.poll() is None, f"serve ended with {process.returncode}: {server.err}"
            assert time.monotonic() < end, f"serve does not answer: {server.err}"
            time.sleep(0.02)
        yield server


@contextmanager
def started(
    *words: str, environment: Mapping[str, str] | None = None, files: int = 0
) -> "Iterator[tuple[subprocess.Popen[bytes], Path]]":
    """Start `perimeter365 serve WORDS` and yield it with the file of its stderr; end it after the block."""
    limit = ["prlimit", f"--nofile={files}:{files}"] if files else []
    with tempfile.NamedTemporaryFile(prefix="perimeter365-serve-", suffix=".log") as log:
        process = subprocess.Popen(
            [*limit, sys.executable, "-m", "perimeter365", "serve", *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
        try:
            yield process, Path(log.name)
        finally:
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(STOP)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)  # with its workers: the session is its own
                process.wait()
                raise


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _answers(server: Server) -> bool:
    try:
        return server.get("/healthz").status == 200
    except (OSError, http.client.HTTPException):
        return False
