"""Run the service: worker processes, and a parent that keeps them.

All use one listening socket.

    serve(Serving(), say=print)      returns the exit code when a signal has ended it

    the parent    holds the socket, and no data. It replaces a worker that has ended, and all of them when the files of the
                  certificate change or SIGHUP arrives: a new worker answers before the old one stops, and connections
                  wait in the socket that all have, so none is refused
    a worker      granian and the application (`web.worker`), with its own copy of the lists. While the store cannot be read,
                  a new worker has no lists. It never replaces one that has them, and does not answer beside one

Signals are only received in `_Parent.run`, at one place, so that none interrupts a step. The file is long because the life
of a worker is one state machine.
"""

import errno
import os
import secrets
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from mmap import mmap
from pathlib import Path

from perimeter365.errors import InputError, MissingExtraError, Perimeter365Error
from perimeter365.model.finding import printable
from perimeter365.store.fingerprint import fingerprint
from perimeter365.web.service import Options
from perimeter365.web.tls import ServerCertificate, load_certificate
from perimeter365.workspace import Workspace

START_SECONDS = 60.0
"""Seconds that a worker may take until it answers."""

STOP_SECONDS = 10.0
"""Seconds that a worker may take to finish its answers; then it is killed."""

POLL = 1.0
"""Seconds between two looks at the files of the certificate."""

PAUSES = (0.0, 1.0, 2.0, 5.0, 10.0)
"""Seconds before a worker that has ended is replaced: the first time, and so on; the last one from then on."""

_EXAMPLE_ID = "b10c5ed1-bad1-445f-b386-b919946339a7"
"""A client's GUID, which the web service requires; it is that of Microsoft's examples."""

WITHOUT_LISTS = "\0"
"""What a worker writes instead of a greeting if it has no lists and another one has."""

_BIND_HELP = {
    errno.EADDRINUSE: "stop that program (`ss -ltnp` lists it), or choose another port with --bind",
    errno.EADDRNOTAVAIL: "--bind needs an address of this machine; `ip -brief address` lists them",
    errno.EACCES: "a port below 1024 needs root or CAP_NET_BIND_SERVICE, a Unix socket a folder that can be written",
    errno.ENOENT: "create the folder of the Unix socket first",
}
"""What to do if the service cannot listen, by the error of the system."""

_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD}

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Serving:
    """Where and how to serve."""

    bind: str = "127.0.0.1:8365"
    """HOST:PORT or unix:PATH."""
    public: bool = False
    """Whether another address than a loopback address may be used."""
    workers: int = 1
    chain: Path | None = None
    """File of the certificate and its chain; None for plain HTTP."""
    key: Path | None = None
    workspace: Workspace = field(default_factory=Workspace)
    options: Options = field(default_factory=Options)


def serve(serving: Serving, say: Say) -> int:
    """Serve until SIGTERM (0) or SIGINT (130), and return the exit code.

    Args:
        serving: where and how.
        say: prints a line for the operator.

    Raises:
        MissingExtraError: granian is not installed.
        InputError: the address, the certificate or its key cannot be used.
        Perimeter365Error: the first worker has ended before it could answer.
    """
    try:
        import granian  # noqa: F401  (workers use it)
    except ImportError as error:
        raise MissingExtraError("the service", "serve", error) from error
    certificate = load_certificate(serving.chain, serving.key) if serving.chain and serving.key else None
    listener, place = _listener(serving)
    named = replace(serving, options=replace(serving.options, instance=serving.options.instance or secrets.token_hex(8)))
    try:
        return _Parent(named, listener, place, certificate, say).run()
    finally:
        listener.close()
        if serving.bind.startswith("unix:"):
            Path(place).unlink(missing_ok=True)


def split_bind(bind: str) -> tuple[str, int]:
    """Return host and port of HOST:PORT. Raises InputError."""
    host, colon, port = bind.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65_536):
        raise InputError(
            f"{bind!r} is not HOST:PORT or unix:PATH",
            help="examples: 127.0.0.1:8365, [::1]:8365, unix:/run/perimeter365/http.sock",
        )
    return host.removeprefix("[").removesuffix("]"), int(port)


def _listener(serving: Serving) -> tuple[socket.socket, str]:
    """Return the listening socket, and its address as people write it."""
    from perimeter365.web.worker import listen, listen_unix

    bind = serving.bind
    try:
        if bind.startswith("unix:"):
            path = bind.removeprefix("unix:")
            return listen_unix(path), path
        host, port = split_bind(bind)
        address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4]
        if not (serving.public or ip_address(str(address[0]).partition("%")[0]).is_loopback):
            raise InputError(
                f"{host} is not a loopback address, and this version has no access control",
                help="--public serves everyone who can reach the address; or put a web server in front that checks access",
            )
        listener = listen(host, port)
    except OSError as error:
        reason = "another program uses it" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
        raise InputError(f"cannot listen on {bind}: {reason}", help=_BIND_HELP.get(error.errno or 0, "")) from error
    host, port = listener.getsockname()[:2]
    return listener, f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@dataclass(kw_only=True)
class _Worker:
    pid: int
    born: float
    lists: mmap
    """One byte, shared with the process: 1 when it has lists."""
    failures: int = 0
    """How often its predecessors have ended by themselves."""


class _Parent:
    def __init__(
        self, serving: Serving, listener: socket.socket, place: str, certificate: ServerCertificate | None, say: Say
    ) -> None:
        self.serving = serving
        self.listener = listener
        self.place = place
        self.certificate = certificate
        self.say = say
        self.workers: dict[int, _Worker] = {}
        """Number of the worker -> the process."""
        self.due: dict[int, tuple[float, int]] = {}
        """Number of a worker that has ended -> when it is replaced, and how often it has failed."""
        self.leaving: dict[int, float] = {}
        """Process that was told to stop -> when it is killed."""
        self.outdated: dict[int, float] = {}
        """Number of a worker that a new one shall replace -> when that is tried."""
        self.seen = self._files()
        self.told = ""
        self.alive = os.pipe()  # only the parent holds the second end; workers see its end

    def run(self) -> int:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            return self._run()
        finally:
            self._stop()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            for end in self.alive:
                os.close(end)

    def _run(self) -> int:
        self._note_certificate()
        for number in range(self.serving.workers):
            if not self._start(number, 0, first=number == 0):
                if _pending():
                    break
                if number:
                    continue  # it is tried again
                raise Perimeter365Error("a worker ended before it could answer", help="the lines above say why")
        while True:
            got = signal.sigtimedwait(_SIGNALS, POLL)
            number = got.si_signo if got else 0
            if number in (signal.SIGTERM, signal.SIGINT):
                return 130 if number == signal.SIGINT else 0
            self._reap()
            self._renew(forced=number == signal.SIGHUP)
            now = time.monotonic()
            for each in [each for each, (at, _) in self.due.items() if at <= now]:
                self._start(each, self.due.pop(each)[1])
            for each in [each for each, at in self.outdated.items() if at <= now and each in self.workers]:
                self._start(each, 0)

    # -- workers -----------------------------------------------------------------------------------------------------

    def _start(self, number: int, failures: int, *, first: bool = False) -> bool:
        """Start a worker in place of the one with this number.

        That one is told to stop when the new one answers.
        """
        beside = any(worker.lists[0] for worker in self.workers.values())
        reading, writing = os.pipe()
        lists = mmap(-1, 1)
        if (pid := os.fork()) == 0:
            os.close(reading)
            self._child(writing, lists, beside=beside)
        os.close(writing)
        greeting = _read_greeting(reading)
        os.close(reading)
        if not greeting:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        if not greeting or greeting == WITHOUT_LISTS:
            if greeting:
                self.leaving[pid] = time.monotonic() + STOP_SECONDS
                self.say("a new worker has no lists and does not start; the workers that have lists stay")
            if number in self.workers:
                self.outdated[number] = time.monotonic() + PAUSES[-1]
            else:
                self.due[number] = time.monotonic() + PAUSES[min(failures + 1, len(PAUSES) - 1)], failures + 1
            return False
        if old := self.workers.get(number):
            self._end(old.pid)
        self.outdated.pop(number, None)
        self.workers[number] = _Worker(pid=pid, born=time.monotonic(), lists=lists, failures=failures)
        if first:
            self._greet(greeting)
        return True

    def _child(self, ready: int, lists: mmap, *, beside: bool) -> None:
        """Run a worker; does not return.

        Args:
            ready: end of a pipe to which the worker writes when it answers.
            lists: set to 1 when the worker has lists.
            beside: another worker has lists, so without any this one must not answer.
        """
        code = 70
        try:
            os.close(self.alive[1])
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            from perimeter365.web.app import App
            from perimeter365.web.service import Service
            from perimeter365.web.worker import run

            service = Service(self.serving.workspace, self.serving.options, say=self.say)
            app = App(service, certificate=self.certificate_state, loaded=lambda: lists.__setitem__(0, 1))

            def wanted() -> bool:
                if beside and not lists[0]:
                    _write(ready, WITHOUT_LISTS)
                    return False
                return True

            run(
                app,
                self.listener,
                self.certificate,
                ready=lambda: _write(ready, app.greeting()),
                parent=self.alive[0],
                wanted=wanted,
            )
            code = 0
        except Exception as error:  # noqa: BLE001 (the process ends here)
            self.say(f"a worker has ended: {type(error).__name__}: {printable(' '.join(str(error).split()))}")
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _end(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        self.leaving[pid] = time.monotonic() + STOP_SECONDS

    def _reap(self) -> None:
        """Take note of processes that have ended, and kill those that do not stop."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                self.leaving.clear()
                break
            if not pid:
                break
            if self.leaving.pop(pid, None) is None:
                self._lost(pid, status)
        for pid, at in self.leaving.items():
            if at <= time.monotonic():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def _lost(self, pid: int, status: int) -> None:
        for number, worker in list(self.workers.items()):
            if worker.pid == pid:
                del self.workers[number]
                failures = worker.failures + 1 if time.monotonic() - worker.born < 60 else 0
                pause = PAUSES[min(failures, len(PAUSES) - 1)]
                self.due[number] = time.monotonic() + pause, failures
                code = os.waitstatus_to_exitcode(status)
                why = f"signal {-code}" if code < 0 else f"exit code {code}"
                self.say(f"worker {number + 1} has ended ({why}); it is replaced")

    def _stop(self) -> None:
        for worker in self.workers.values():
            self._end(worker.pid)
        self.workers.clear()
        while self.leaving:
            self._reap()
            time.sleep(0.01)

    # -- what is said ------------------------------------------------------------------------------------------------

    def _greet(self, greeting: str) -> None:
        unix = self.serving.bind.startswith("unix:")
        scheme = "https" if self.certificate else "http"
        self.say(f"serving at {'unix:' if unix else f'{scheme}://'}{self.place}, as process {os.getpid()}")
        for line in greeting.splitlines():
            self.say(line)
        url = f"{scheme}://{'localhost' if unix else self.place}/version?ClientRequestId={_EXAMPLE_ID}"
        self.say(f"try: curl {f'--unix-socket {self.place} ' if unix else ''}'{url}'")

    # -- the certificate ---------------------------------------------------------------------------------------------

    def _files(self) -> str:
        paths = self.serving.chain, self.serving.key
        return " ".join(fingerprint(str(path)) for path in paths if path)

    def _renew(self, *, forced: bool) -> None:
        """Replace the workers if the certificate has changed, or on SIGHUP."""
        files = self._files()
        if files == self.seen and not forced:
            return
        self.seen = files
        if self.serving.chain and self.serving.key:
            try:
                self.certificate = load_certificate(self.serving.chain, self.serving.key)
            except InputError as error:
                if self.told != error.message:
                    self.say(f"the new certificate is not used, the old one stays: {error.message}")
                self.told = error.message
                if not forced:
                    return
            else:
                self.told = ""
                self.say("the certificate was read again")
                self._note_certificate()
        for number in list(self.workers):
            if not self._start(number, 0):
                break  # the others would fail, too
        else:
            return
        self.outdated |= dict.fromkeys(self.workers, time.monotonic() + PAUSES[-1])

    def _note_certificate(self) -> None:
        if self.certificate and (note := self.certificate.note(datetime.now(UTC))):
            self.say(note)
        if self.certificate and not self.certificate.whole:
            self.say("the certificate has no chain: devices that do not know its issuer refuse it")

    def certificate_state(self) -> str:
        """Return what is wrong with the certificate.

        That includes its end within 30 days; "" for nothing.
        """
        if not (self.certificate and self.serving.chain and self.serving.key):
            return ""
        if note := self.certificate.note(datetime.now(UTC)):
            return note
        try:
            load_certificate(self.serving.chain, self.serving.key)
        except InputError:
            return "the files of the certificate have changed and cannot be used"
        return ""


def _pending() -> bool:
    """Return True if a signal waits that ends the service."""
    return bool(signal.sigpending() & {signal.SIGTERM, signal.SIGINT})


def _read_greeting(reading: int) -> str:
    """Return what a worker writes when it answers.

    "" if it ends before, takes too long, or is not needed any more.
    """
    end = time.monotonic() + START_SECONDS
    while not _pending() and (left := end - time.monotonic()) > 0:
        if select.select([reading], [], [], min(left, 0.1))[0]:
            return os.read(reading, 65_536).decode()
    return ""


def _write(writing: int, text: str) -> None:
    os.write(writing, (text or "\n").encode()[:4_096])
    os.close(writing)
