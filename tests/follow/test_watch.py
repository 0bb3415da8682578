"""The watcher and its health file (P8)."""

import json
import os
import signal
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from perimeter365.errors import UpstreamError
from perimeter365.follow.watch import MINUTE, StoppedError, StopSignal, health_problems, watch, write_health
from perimeter365.history.sync import Outcome
from perimeter365.model.cloud import Cloud

NOW = datetime(2030, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GOOD = Outcome(cloud=Cloud.WORLDWIDE, status="committed", version="2030053100")
BAD = Outcome(cloud=Cloud.WORLDWIDE, status="failed", error=UpstreamError("secret text of upstream"))


def test_rounds_repeat_with_jitter(tmp_path: Path) -> None:
    waits: list[float] = []
    rounds = iter([[GOOD], [BAD], [GOOD]])
    last = watch(lambda: next(rounds), tmp_path / "health.json", rounds=3, clock=lambda: NOW, wait=waits.append)
    assert last == [GOOD]
    assert len(waits) == 2
    assert all(3600 <= wait <= 3960 for wait in waits)
    assert len(set(waits)) == 2


def test_due_work_is_checked_once_a_minute_between_rounds() -> None:
    waits: list[float] = []
    looks: list[int] = []
    watch(lambda: [GOOD], rounds=2, wait=waits.append, between=lambda: looks.append(len(waits)))
    assert 3600 <= sum(waits) <= 3960
    assert waits[:-1] == [MINUTE] * (len(waits) - 1)
    assert looks == list(range(1, len(waits)))


def test_a_watch_ends_if_waiting_returns_true() -> None:
    rounds: list[int] = []

    def once() -> Sequence[Outcome]:
        rounds.append(1)
        return [GOOD]

    assert watch(once, wait=lambda _: True) == [GOOD]
    assert watch(once, wait=lambda _: True, between=lambda: None) == [GOOD]
    assert len(rounds) == 2


def test_an_interrupted_round_is_not_reported(tmp_path: Path) -> None:
    def left() -> Sequence[Outcome]:
        raise StoppedError

    assert watch(left, tmp_path / "health.json") == ()
    assert list(tmp_path.iterdir()) == []


def interrupted(number: signal.Signals) -> None:
    """Wait long enough for a signal to arrive."""
    threading.Timer(0.1, os.kill, (os.getpid(), number)).start()
    threading.Event().wait(60)
    pytest.fail("the wait was not interrupted")


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.alone
def test_a_signal_ends_a_wait_and_an_interruptible_step_but_no_other_step(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with StopSignal() as stop:
        os.kill(os.getpid(), number)
        assert stop.received == number  # the current step continues
        assert stop.wait(1000)
        with pytest.raises(StoppedError), stop.interruptible():
            pytest.fail("the step must not begin")
    with StopSignal() as stop, pytest.raises(StoppedError), stop.interruptible():
        interrupted(number)
    with StopSignal() as stop:
        threading.Timer(0.1, os.kill, (os.getpid(), number)).start()
        start = time.monotonic()
        assert stop.wait(100)
        assert time.monotonic() - start < 60
    assert signal.getsignal(number) is before


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_a_second_interrupt_raises_keyboard_interrupt() -> None:
    with StopSignal():
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            interrupted(signal.SIGINT)


def test_p8_a_failure_keeps_the_last_success_until_it_is_stale(tmp_path: Path) -> None:
    path = tmp_path / "health.json"
    write_health(path, [GOOD], HOUR, NOW)
    assert health_problems(path, NOW + 2 * HOUR) == ()
    write_health(path, [BAD], HOUR, NOW + 2 * HOUR)
    assert health_problems(path, NOW + 2 * HOUR) == ()
    write_health(path, [BAD], HOUR, NOW + 3 * HOUR)
    assert health_problems(path, NOW + 3 * HOUR) == (
        "worldwide: the last success is 3 hours old, more than twice the interval of 1 hour",
    )
    assert "secret" not in path.read_text("utf-8")
    assert json.loads(path.read_text("utf-8"))["clouds"]["worldwide"]["version"] == "2030053100"


def test_p8_a_watcher_that_died_or_never_succeeded_is_not_healthy(tmp_path: Path) -> None:
    path = tmp_path / "run" / "health.json"
    assert health_problems(path, NOW) == ("health.json does not exist",)
    write_health(path, [BAD], HOUR, NOW)
    assert health_problems(path, NOW) == ("worldwide: never synced",)
    write_health(path, [GOOD], HOUR, NOW)
    assert health_problems(path, NOW + 5 * HOUR)[0] == "nothing was written for 5 hours"


def test_a_file_from_the_future_or_without_clouds_is_not_healthy(tmp_path: Path) -> None:
    """A clock that was set back must not hide a watcher that died."""
    path = tmp_path / "health.json"
    write_health(path, [GOOD], HOUR, NOW + 48 * HOUR)
    assert health_problems(path, NOW) == ("it was written 48 hours in the future; check the system clock",)
    write_health(path, [], HOUR, NOW)
    assert health_problems(path, NOW) == ("no cloud is followed",)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"interval": "x"}', '{"interval": 1, "written": 3, "clouds": {}}'])
def test_a_damaged_file_is_reported_and_replaced(text: str, tmp_path: Path) -> None:
    path = tmp_path / "health.json"
    path.write_text(text, "utf-8")
    assert health_problems(path, NOW) == ("health.json is damaged",)
    write_health(path, [GOOD], HOUR, NOW)
    assert health_problems(path, NOW) == ()
    assert [p.name for p in tmp_path.iterdir()] == ["health.json"]
