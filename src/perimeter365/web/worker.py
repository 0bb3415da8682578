"""One worker process: granian's HTTP server on a shared socket.

The other workers use the same socket.

granian runs applications in an event loop, and starts a task for each request. Most answers of this service exist already,
so `_Scheduler` asks for them where the request arrives, without a task. That is 1.6 times as fast, and answers that exist
do not wait for those that are being made. It uses names of granian 2.8 that are not part of its documented interface;
`tests/web/test_worker.py` fails if another version has changed them.

    limits    granian accepts a connection only while fewer than `connections` are open, so it never runs out of files
              a request must have arrived within `HEADER_SECONDS`, whatever it sends; a connection that waits for longer ends
              a client that does not read ends after `UNREAD_SECONDS` (`listen`)
              the head of a request has at most `HEADER_BYTES`
"""

import asyncio
import errno
import logging
import resource
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perimeter365.model.finding import printable
from perimeter365.web.tls import memory_file

if TYPE_CHECKING:
    from perimeter365.web.app import App
    from perimeter365.web.tls import ServerCertificate

HEADER_SECONDS = 10
"""Seconds within which the head of a request must have arrived, counted from the connection or the last answer."""

HEADER_BYTES = 32 * 1024
"""The maximum size of the head of a request."""

UNREAD_SECONDS = 30
"""Seconds after which a connection ends whose client does not read."""

BACKLOG = 4_096
"""Connections that the system keeps until a worker accepts them."""

CONNECTIONS = 16_384
"""The maximum number of open connections of a worker; fewer if the process may open fewer files."""

RESERVED_FILES = 64
"""Files that a worker needs for other things than connections."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises OSError."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit both.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def listen_unix(path: str) -> socket.socket:
    """Return a listening Unix socket; a file that a dead process has left is replaced.

    Raises OSError.
    """
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        try:
            listener.bind(path)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or not _abandoned(path):
                raise
            Path(path).unlink()
            listener.bind(path)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _abandoned(path: str) -> bool:
    """Return True if a path is a socket that nobody listens on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        try:
            client.connect(path)
        except ConnectionRefusedError:
            return Path(path).is_socket()
        except OSError:
            return False
        return False


def connections() -> int:
    """Return how many connections a worker may have.

    The limit of open files is raised as far as it goes.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + RESERVED_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else max(1, min(CONNECTIONS, soft - RESERVED_FILES))


def run(
    app: "App",
    listener: socket.socket,
    certificate: "ServerCertificate | None",
    *,
    ready: Callable[[], None],
    parent: int,
    wanted: Callable[[], bool] = lambda: True,
) -> None:
    """Serve until SIGTERM, or until the parent process has ended.

    Args:
        app: the application.
        listener: a listening socket, TCP or Unix.
        certificate: certificate and key; None for plain HTTP.
        ready: called when requests are answered.
        parent: the read end of a pipe whose other end only the parent process holds.
        wanted: asked once the application has started; if it returns False, nothing is answered.
    """
    import granian._granian as native  # its stubs are older than its classes
    from granian.http import HTTP1Settings

    server: Any = native
    _log_warnings()
    sys.setswitchinterval(0.001)  # an answer that exists waits at most this long for each one that is being made
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    stop, stopped = server.WorkerSignal(), asyncio.Event()
    stop.add_cb(partial(loop.call_soon_threadsafe, stopped.set))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the parent, too, which ends its workers
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_reader(parent, partial(_parent_ended, loop, parent, stop))
    loop.run_until_complete(app.start())
    if not wanted():
        loop.run_until_complete(app.stop())
        return
    unix = listener.family == socket.AF_UNIX
    # As files in memory: what was checked is what is used. They stay open, since granian reads them in another thread.
    chain, key = (memory_file(certificate.chain), memory_file(certificate.key)) if certificate else (None, None)
    worker = server.RSGIWorker(
        1,
        (None, server.SocketHolder(listener.fileno(), unix, BACKLOG)),
        None,
        backpressure=connections(),
        http_mode="1",
        http1_opts=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=HEADER_BYTES),
        ssl_enabled=certificate is not None,
        ssl_cert=chain,
        ssl_key=key,
        ssl_protocol_min="tls1.2",  # devices of 2018 know no newer one
        ssl_crl=[],
        metrics=(None, None),
    )
    serve = worker.serve_str_uds if unix else worker.serve_str
    serve(_scheduler(app, loop), loop, stop)
    ready()
    loop.run_until_complete(stopped.wait())
    loop.run_until_complete(app.stop())


def _scheduler(app: "App", loop: asyncio.AbstractEventLoop) -> Any:
    """Return what granian calls with each request, in a thread of its own."""
    from granian._granian import CallbackScheduler

    async def cold(watcher: Any) -> None:
        try:
            await app(watcher.scope, watcher.proto)
        finally:
            watcher.done()  # 500 if nothing was sent

    def start(watcher: Any) -> None:
        watcher.taskref(loop.create_task(cold(watcher)))

    def schedule(watcher: Any) -> None:
        if app.at_once(watcher.scope, watcher.proto):
            watcher.done()
        else:
            loop.call_soon_threadsafe(start, watcher)

    class Scheduler(CallbackScheduler):  # type: ignore[misc, unused-ignore]
        """Calls `schedule`."""

        __slots__ = ()

        def __init__(self, *_: Any) -> None:
            super().__init__()
            self._schedule_fn = schedule

    return Scheduler(loop, None, None, None, None)


def _parent_ended(loop: asyncio.AbstractEventLoop, parent: int, stop: Any) -> None:
    loop.remove_reader(parent)
    stop.set()


def _log_warnings() -> None:
    """Print granian's warnings as the other lines of `serve`."""
    logger, handler = logging.getLogger("_granian"), logging.StreamHandler()
    handler.setFormatter(_Line())
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.WARNING)


class _Line(logging.Formatter):
    """`serve: text`, in one line that is printable."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return f"serve: {printable(' '.join(record.getMessage().split()))}"
