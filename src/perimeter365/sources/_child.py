"""Runs a function of ours in a child process that may use only so much time and memory.

    >>> run("perimeter365.sources.learn_page", "read", b"...", seconds=10)
    b'{"form": "markdown", …'

For parsers of text that somebody else wrote: whatever the text does to them, the caller goes on. The child gets the
input on stdin and answers on stdout. On Windows only the wall clock limits it.
"""

import subprocess
import sys
from pathlib import Path

from perimeter365.errors import UpstreamDataError

CPU_SECONDS, MEMORY, LARGEST = 5, 256 * 1024 * 1024, 8 * 1024 * 1024
"""Limits of a child: seconds of CPU, bytes of address space, bytes of its answer."""

_PROGRAM = """
import sys
cpu, memory, root, module, name = sys.argv[1:]
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu), int(cpu)))
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except ImportError:
    pass
sys.path.insert(0, root)
from importlib import import_module
sys.stdout.buffer.write(getattr(import_module(module), name)(sys.stdin.buffer.read()))
"""


def run(
    module: str, name: str, data: bytes, *, what: str = "the text", seconds: float = 10, cpu: int = CPU_SECONDS,
    memory: int = MEMORY,
) -> bytes:  # fmt: skip
    """Call `module.name(data)` in a child process and return the bytes that it returns.

    Args:
        module: an importable module that needs nothing but the standard library and this package.
        name: a function of it, bytes to bytes.
        data: its input.
        what: what the input is, for messages.
        seconds: of wall clock.
        cpu: seconds of CPU.
        memory: bytes of address space.

    Raises:
        UpstreamDataError: the child ran past a limit or failed.
    """
    root = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-I", "-c", _PROGRAM, str(cpu), str(memory), root, module, name]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise UpstreamDataError(f"{what} took more than {seconds:g} seconds to read") from None
    if done.returncode < 0:
        raise UpstreamDataError(f"{what} took more than {cpu} seconds of CPU to read (signal {-done.returncode})")
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        reason = (
            f"more than {memory >> 20} MiB" if "MemoryError" in last else "".join(c for c in last if c.isprintable())[:200]
        )
        raise UpstreamDataError(f"{what} cannot be read: {reason}")
    if len(done.stdout) > LARGEST:
        raise UpstreamDataError(f"{what} gives more than {LARGEST} bytes of tokens")
    return done.stdout
