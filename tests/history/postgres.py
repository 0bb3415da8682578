"""A PostgreSQL server for the tests, on a Unix socket in a temporary folder.

    with Server() as server:
        url = server.database()                  a new empty database

PostgreSQL refuses to run as root, so root runs it as the user `postgres`, which Debian's package creates.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psycopg

from tests.consumers import need

STARTS = 30.0
"""The time limit of a start in seconds."""

_shared: list["Server"] = []


@contextmanager
def shared() -> Iterator["Server"]:
    """The server of this process. The first user starts it, the last one stops it."""
    if not _shared:
        _shared.append(Server().__enter__())
    server = _shared[0]
    server.users += 1
    try:
        yield server
    finally:
        server.users -= 1
        if not server.users:
            _shared.clear()
            server.__exit__()


class Server:
    """A database cluster in a temporary folder. `stop` and `start` keep its data; the end of `with` removes it."""

    def __init__(self, base: str = "/tmp", *, fsync: bool = False) -> None:
        self.fsync = fsync
        self.programs = need("postgresql")
        self.folder = Path(tempfile.mkdtemp(prefix="p365-pg-", dir=base))
        self.process: subprocess.Popen[bytes] | None = None
        self.count = 0
        self.users = 0
        """The number of users of `shared`."""
        self.free: list[str] = []
        """URLs of databases that can be used again."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        made = ["--auth=trust", "--username=p365", "--encoding=UTF8", "--locale=C", "--no-sync"]
        self._run("initdb", "--pgdata", str(self.folder / "data"), *made)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGQUIT)  # SIGINT would first write all data to disk, which is removed next
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        words = ["-D", str(self.folder / "data"), "-k", str(self.folder), "-c", "listen_addresses="]
        words += ["-c", f"fsync={'on' if self.fsync else 'off'}"]
        # fsync matters only after a loss of power, not after a killed process. It makes each new database and the stop of
        # the server wait for the disk.
        log = (self.folder / "log").open("ab")
        with log:
            self.process = subprocess.Popen(self._as_user("postgres", *words), stdout=log, stderr=log)
        end = time.monotonic() + STARTS
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT for a clean shutdown, SIGQUIT to simulate a crash."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait(STARTS)
            self.process = None

    def url(self, database: str) -> str:
        return f"postgresql://p365@/{database}?host={self.folder}"

    def database(self) -> str:
        """Return the URL of an empty database, a new or a released one."""
        if self.free:
            return self._emptied(self.free.pop())
        self.count += 1
        name = f"store{self.count}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def give_back(self, url: str) -> None:
        """Release a database for reuse. A new one needs 8 MB and ten times as long as emptying an old one."""
        self.free.append(url)

    def _emptied(self, url: str) -> str:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return url

    def _as_user(self, program: str, *words: str) -> list[str]:
        command = [str(self.programs / program), *words]
        if os.geteuid() != 0:
            return command
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", *command]

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(self._as_user(program, *words), check=True, capture_output=True, cwd="/")
