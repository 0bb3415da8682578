"""A function in a child process with limits: both ways in which there can be one."""

import os
import sys
import threading

import pytest

from perimeter365.errors import UpstreamDataError
from perimeter365.sources import _child
from perimeter365.sources._child import run

LINUX = sys.platform == "linux"


@pytest.fixture(params=["spawn", pytest.param("fork", marks=pytest.mark.skipif(not LINUX, reason="forks are for Linux"))])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(_child, "alone", lambda: request.param == "fork")
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_bytes_go_in_and_come_out() -> None:
    assert run("binascii", "hexlify", b"ab") == b"6162"
    assert run("builtins", "bytes", b"x" * 1_000_000) == b"x" * 1_000_000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits only the wall clock")
@pytest.mark.usefixtures("way")
def test_a_child_that_runs_past_its_limits_is_ended() -> None:
    with pytest.raises(UpstreamDataError, match="seconds"):
        run("builtins", "eval", b"[i for i in iter(int, 1)]", cpu=1, seconds=20, memory=1 << 32)
    with pytest.raises(UpstreamDataError, match="more than 256 MiB"):
        run("builtins", "eval", b"b'x' * 10**9")


@pytest.mark.usefixtures("way")
def test_wall_clock_counts() -> None:
    with pytest.raises(UpstreamDataError, match=r"more than 0\.5 seconds"):
        run("builtins", "eval", b"__import__('time').sleep(9)", seconds=0.5)


@pytest.mark.usefixtures("way")
def test_an_error_and_an_endless_answer_are_told() -> None:
    with pytest.raises(UpstreamDataError, match="cannot be read: AttributeError"):
        run("builtins", "eval", b"[].x")
    with pytest.raises(UpstreamDataError, match="more than 8388608 bytes"):
        run("builtins", "bytes", b"x" * (_child.LARGEST + 1))
    with pytest.raises(UpstreamDataError, match=r"ended by signal 11|seconds of CPU"):
        run("builtins", "eval", b"__import__('os').kill(__import__('os').getpid(), 11)")


@pytest.mark.skipif(not LINUX, reason="forks are for Linux")
@pytest.mark.parametrize("attempt", [b"open('/etc/passwd')", b"__import__('_socket').socket()", b"__import__('os').pipe()"])
def test_a_fork_can_open_neither_file_nor_socket(attempt: bytes) -> None:
    code, _, reason = _child.fork("builtins", "eval", attempt, 10, 5, _child.MEMORY)
    assert code == 1
    assert "Too many open files" in reason


@pytest.mark.skipif(not LINUX, reason="forks are for Linux")
def test_a_fork_has_nothing_open_but_the_way_back() -> None:
    code, answer, _ = _child.fork(__name__, "open_numbers", b"", 10, 5, _child.MEMORY)
    assert code == 0
    assert len(answer.split()) == 1


def open_numbers(_: bytes) -> bytes:
    """The numbers of the open files of this process."""
    found = []
    for number in range(256):
        try:
            os.fstat(number)
        except OSError:
            continue
        found.append(str(number))
    return " ".join(found).encode()


@pytest.mark.skipif(not LINUX, reason="forks are for Linux")
def test_a_process_with_several_threads_is_not_forked() -> None:
    end = threading.Event()
    thread = threading.Thread(target=end.wait, daemon=True)
    thread.start()
    try:
        assert not _child.alone()
        assert run("binascii", "hexlify", b"ab") == b"6162"
    finally:
        end.set()
        thread.join()


@pytest.mark.skipif(not LINUX, reason="forks are for Linux")
def test_forks_leave_no_process_and_no_file_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    fork = os.fork

    def noted() -> int:
        pid = fork()
        started.append(pid)
        return pid

    monkeypatch.setattr(os, "fork", noted)
    before = open_numbers(b"")
    for _ in range(20):
        _child.fork("binascii", "hexlify", b"ab", 10, 5, _child.MEMORY)
    assert open_numbers(b"") == before
    assert len(started) == 20
    for pid in started:
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
