"""A function in a child process with limits."""

import sys

import pytest

from perimeter365.errors import UpstreamDataError
from perimeter365.sources._child import run


def test_bytes_go_in_and_come_out() -> None:
    assert run("binascii", "hexlify", b"ab") == b"6162"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits only the wall clock")
def test_a_child_that_runs_past_its_limits_is_ended() -> None:
    with pytest.raises(UpstreamDataError, match="seconds"):
        run("builtins", "eval", b"[i for i in iter(int, 1)]", cpu=1, seconds=5, memory=1 << 32)
    with pytest.raises(UpstreamDataError, match=r"MiB|cannot be read"):
        run("builtins", "eval", b"b'x' * 10**9")


def test_wall_clock_counts() -> None:
    with pytest.raises(UpstreamDataError, match=r"more than 0\.5 seconds"):
        run("builtins", "eval", b"__import__('time').sleep(9)", seconds=0.5)
