"""Runs a function of ours in a child process that may use only so much time and memory.

    >>> run("base64", "b64encode", b"text")
    b'dGV4dA=='

For parsers of text that somebody else wrote: whatever the text does to them, the caller goes on. The child answers
through one pipe, and that is all that is open in it.

    where                               child               CPU  memory  files and sockets   wall clock
    Linux, a process with one thread    a fork, 5 ms        yes  yes     none can be opened  yes
    other POSIX, or several threads     a new interpreter   yes  yes     none written        yes
    Windows                             a new interpreter   no   no      no                  yes

A fork is left to Linux: elsewhere system libraries do not survive one, and with several threads no program is sure to.
The limits hold a parser that runs away. They are no sandbox for code of a stranger, which nothing here runs.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from perimeter365.errors import UpstreamDataError

CPU_SECONDS, MEMORY, LARGEST = 5, 256 * 1024 * 1024, 8 * 1024 * 1024
"""Limits of a child: seconds of CPU, bytes of address space (a fork: beyond what it began with), bytes of its answer."""

_GOOD, _BAD, _FULL = b"+", b"-", b"!"
"""The first byte of a fork's answer: the bytes follow, the reason follows, memory ran out."""

_PROGRAM = """
import sys
cpu, memory, root, module, name = sys.argv[1:]
sys.path.insert(0, root)
from importlib import import_module
function = getattr(import_module(module), name)
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu), int(cpu)))
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except ImportError:
    pass
sys.stdout.buffer.write(function(sys.stdin.buffer.read()))
"""


def run(
    module: str, name: str, data: bytes, *, what: str = "the text", seconds: float = 10, cpu: int = CPU_SECONDS,
    memory: int = MEMORY,
) -> bytes:  # fmt: skip
    """Call `module.name(data)` in a child process and return the bytes that it returns.

    Args:
        module: an importable module that needs nothing but the standard library and this package, and imports all that
            it needs at once: the function can open no file.
        name: a function of it, bytes to bytes.
        data: its input.
        what: what the input is, for messages.
        seconds: of wall clock.
        cpu: seconds of CPU.
        memory: bytes of address space.

    Raises:
        UpstreamDataError: the child ran past a limit or failed.
    """
    way = fork if alone() else spawn
    code, answer, reason = way(module, name, data, seconds, cpu, memory)
    if code is None:
        raise UpstreamDataError(f"{what} took more than {seconds:g} seconds to read")
    if code < 0:
        if -code in (9, 24):  # SIGKILL and SIGXCPU, which Windows has not
            raise UpstreamDataError(f"{what} took more than {cpu} seconds of CPU to read (signal {-code})")
        raise UpstreamDataError(f"{what} cannot be read: its reader ended by signal {-code}")
    if code:
        shown = "".join(c for c in reason if c.isprintable())[:200].removeprefix(f"{UpstreamDataError.__name__}: ")
        if "MemoryError" in reason:
            shown = f"more than {memory >> 20} MiB"
        raise UpstreamDataError(f"{what} cannot be read: {shown}")
    if len(answer) > LARGEST:
        raise UpstreamDataError(f"{what} gives more than {LARGEST} bytes of tokens")
    return answer


def alone() -> bool:
    """Is this a process on Linux with one thread, of Python or of any library, so that it can be forked?"""
    try:
        return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 (names alone)
    except OSError:
        return False


Outcome = tuple[int | None, bytes, str]
"""Exit code (None: past the wall clock, negative: by a signal), answer, last line of what went wrong."""


def spawn(module: str, name: str, data: bytes, seconds: float, cpu: int, memory: int) -> Outcome:
    """As `run`, in a new interpreter, isolated from the environment and from what is installed."""
    root = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-I", "-S", "-c", _PROGRAM, str(cpu), str(memory), root, module, name]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return None, b"", ""
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]


def fork(module: str, name: str, data: bytes, seconds: float, cpu: int, memory: int) -> Outcome:
    """As `run`, in a copy of this process."""
    function = getattr(import_module(module), name)
    source, sink = os.pipe()
    pid = os.fork()
    if not pid:
        _child(function, data, sink, cpu, memory)
    os.close(sink)
    try:
        answer = _all(source, time.monotonic() + seconds)
    finally:
        os.close(source)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)  # it has answered, or it will not any more
        _, status = os.waitpid(pid, 0)
    if answer is None:
        return None, b"", ""
    if answer[:1] == _GOOD:
        return 0, answer[1:], ""
    if answer[:1] in (_BAD, _FULL):
        return 1, b"", answer[1:].decode("utf-8", "replace")
    return os.waitstatus_to_exitcode(status) or 1, b"", "it ended without an answer"


def _child(function: object, data: bytes, sink: int, cpu: int, memory: int) -> NoReturn:
    """What the copy does: gives up all that it has of its parent but the memory, reads, answers, ends."""
    code = 1
    try:
        for end in (signal.SIGINT, signal.SIGTERM):
            signal.signal(end, signal.SIG_DFL)
        for number in map(int, os.listdir("/proc/self/fd")):  # noqa: PTH208 (nothing may be imported here)
            if number != sink:
                with contextlib.suppress(OSError):
                    os.close(number)
        _limit(cpu, memory)
        try:
            answer = _GOOD + function(data)  # type: ignore[operator]
        except MemoryError:
            answer = _FULL + b"MemoryError"
        except BaseException as error:  # noqa: BLE001 (its end is the end of the process)
            answer = _BAD + f"{type(error).__name__}: {error}"[:400].encode("utf-8", "replace")
        while answer:
            answer = answer[os.write(sink, answer) :]
        code = 0
    finally:
        os._exit(code)


def _limit(cpu: int, memory: int) -> None:
    import resource

    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 (nothing may be imported here)
        pages = int(file.read().split()[0])
    begun = pages * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_AS, (begun + memory, begun + memory))
    for each in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NOFILE):
        resource.setrlimit(each, (0, 0))


def _all(source: int, end: float) -> bytes | None:
    """What comes until the other end closes; None past the time."""
    found = bytearray()
    while len(found) <= LARGEST + 1:
        left = end - time.monotonic()
        if left <= 0 or not select.select([source], [], [], left)[0]:
            return None
        piece = os.read(source, 1 << 16)
        if not piece:
            break
        found += piece
    return bytes(found)
