"""Sync at intervals until a signal arrives, and keep a health file.

    {"interval": 3600, "written": "2030-06-01T12:00:00+00:00",
     "clouds": {"worldwide": {"status": "committed", "version": "2030053100", "success": "2030-06-01T12:00:00+00:00"}}}

    health_problems(path, now)
        ('worldwide: the last success is 3 hours old, more than twice the interval of 1 hour',)

    >>> health_problems(Path("/nowhere/health.json"), datetime.now(UTC))
    ('health.json does not exist',)

A missing, damaged or old file is a problem too, so a watcher that died is detected. The file contains no text from
upstream. It is replaced atomically, so a reader never sees part of one.

SIGTERM and SIGINT stop a watcher: immediately while it waits or fetches, otherwise after the current step. In both cases
a change of the store is either complete or not made at all.
"""

import json
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import SystemRandom
from types import FrameType
from typing import Any, Self

from perimeter365.atomic import make_folder, replace
from perimeter365.errors import InputError
from perimeter365.history.sync import FAILED, Outcome
from perimeter365.intake import read_optional
from perimeter365.model.decode import decode, fields, instant, mapping, natural, optional, or_none, parse_json, string

MAX_BYTES = 1_000_000
"""The maximum size of a health file; one of all clouds has 2,000 bytes."""

INTERVAL = timedelta(hours=1)
"""Default interval: the shortest that Microsoft recommends for the web service."""

JITTER = 0.1
"""Maximum delay of a round as a share of the interval, so that installations do not all ask at the full hour."""

MINUTE = 60.0
"""Seconds between two checks for due work while waiting for the next round."""

_SLICE = 0.2
"""Seconds between two checks for a signal. Polling, because a handler that sets a threading.Event can deadlock."""


class StoppedError(BaseException):
    """A signal arrived in an interruptible step.

    It is not an `Exception`, so that no handler treats it as a failure.
    """


class StopSignal:
    """Stop flag set by SIGTERM and SIGINT while used as a context manager.

    A SIGINT after the first signal raises KeyboardInterrupt.
    """

    def __init__(self) -> None:
        self.received: signal.Signals | None = None
        """The first signal that arrived."""
        self._interruptible = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGTERM, signal.SIGINT):
            self._before[number] = signal.signal(number, self._came)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _came(self, number: int, frame: FrameType | None) -> None:
        again, self.received = self.received is not None, self.received or signal.Signals(number)
        if again and number == signal.SIGINT:
            raise KeyboardInterrupt
        if self._interruptible:
            raise StoppedError

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Allow a signal to interrupt the block.

        Raises:
            StoppedError: a signal arrives, or has arrived before.
        """
        self._interruptible = True
        try:
            if self.received:
                raise StoppedError
            yield
        finally:
            self._interruptible = False

    def wait(self, seconds: float) -> bool:
        """Wait a number of seconds. Return True at once if a signal arrives."""
        end = time.monotonic() + seconds
        while not self.received and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _SLICE))
        return self.received is not None


def watch(
    once: Callable[[], Sequence[Outcome]],
    health: Path | None = None,
    *,
    interval: timedelta = INTERVAL,
    rounds: int | None = None,
    clock: Callable[[], datetime] | None = None,
    wait: Callable[[float], bool | None] = time.sleep,
    between: Callable[[], None] | None = None,
) -> Sequence[Outcome]:
    """Sync, write the health file and wait, repeatedly.

    Returns the outcomes of the last complete round.

    Args:
        once: runs one sync. Failures of upstream are outcomes; StoppedError ends the watch.
        health: the health file; None to write none.
        interval: time to wait between two rounds, plus up to `JITTER`.
        rounds: number of rounds; None for no limit.
        clock: returns the current time, with a time zone; None for the system clock.
        wait: waits a number of seconds; True ends the watch (`StopSignal.wait`).
        between: called about once a minute while waiting.

    Raises:
        OSError: the health file cannot be written.
    """
    clock = clock or (lambda: datetime.now(UTC))
    outcomes: Sequence[Outcome] = ()
    for number in count(1):
        try:
            outcomes = once()
        except StoppedError:
            break
        if health:
            write_health(health, outcomes, interval, clock())
        if number == rounds or _waited(interval.total_seconds() * (1 + SystemRandom().uniform(0, JITTER)), wait, between):
            break
    return outcomes


def _waited(seconds: float, wait: Callable[[float], bool | None], between: Callable[[], None] | None) -> bool:
    """Wait, calling `between` once a minute. Return True if the watch is to end."""
    while between and seconds > MINUTE:
        if wait(MINUTE):
            return True
        seconds -= MINUTE
        between()
    return bool(wait(seconds))


def write_health(path: Path, outcomes: Sequence[Outcome], interval: timedelta, now: datetime) -> None:
    """Replace the health file. A cloud that failed keeps the time of its last success.

    Args:
        path: the file; its folder is created if missing.
        outcomes: the outcomes of the latest sync.
        interval: time between syncs; a success older than twice the interval is stale.
        now: the current time, with a time zone.

    Raises:
        OSError: the file cannot be written.
    """
    before: Mapping[str, Any] = {}
    with suppress(InputError, _DamagedError):
        before = (_read(path) or {}).get("clouds", {})
    clouds = {}
    for outcome in outcomes:
        old = before.get(outcome.cloud.value, {})
        success = old.get("success") if outcome.status == FAILED else now
        clouds[outcome.cloud.value] = {
            "status": outcome.status,
            "version": outcome.version or old.get("version", ""),
            "success": success.isoformat(timespec="seconds") if success else None,
            "error": outcome.error.code if outcome.error else None,
        }
    body = {
        "interval": int(interval.total_seconds()),
        "written": now.isoformat(timespec="seconds"),
        "clouds": clouds,
    }
    make_folder(path.parent)
    replace(path, json.dumps(body, indent=2).encode("utf-8"))


class _DamagedError(Exception):
    """The content of a health file is not valid."""


def health_problems(path: Path, now: datetime) -> tuple[str, ...]:
    """Return why a watcher is not healthy; () if it is healthy.

    A success older than twice the interval is stale.
    """
    try:
        data = _read(path)
        if data is None:
            return (f"{path.name} does not exist",)
        interval, written = timedelta(seconds=data["interval"]), data["written"]
        found = [] if now - written <= 2 * interval else [f"nothing was written for {_age(now - written)}"]
        if written - now > interval:
            found.append(f"it was written {_age(written - now)} in the future; check the system clock")
        if not data["clouds"]:
            found.append("no cloud is followed")
        for cloud, each in data["clouds"].items():
            if not each["success"]:
                found.append(f"{cloud}: never synced")
            elif (age := now - each["success"]) > 2 * interval:
                limit = f"more than twice the interval of {_age(interval)}"
                found.append(f"{cloud}: the last success is {_age(age)} old, {limit}")
    except _DamagedError:
        return (f"{path.name} is damaged",)
    except InputError as error:
        return (f"{path.name}: {error.message}",)
    return tuple(found)


def _read(path: Path) -> Mapping[str, Any] | None:
    """Read a health file; None if it does not exist.

    Raises InputError if it cannot be read, and _DamagedError if it is not a health file.
    """
    content = read_optional(path, most=MAX_BYTES, place="")
    try:
        return None if content is None else decode("", _HEALTH, parse_json(content))
    except InputError as error:
        raise _DamagedError from error


_CLOUD = partial(fields, status=string, version=string, success=or_none(instant), error=optional(or_none(string), None))
_HEALTH = partial(fields, interval=natural, written=instant, clouds=mapping(_CLOUD))


def _age(age: timedelta) -> str:
    hours = age / timedelta(hours=1)
    number, unit = (hours, "hour") if hours >= 1 else (hours * 60, "minute")
    return f"{number:.0f} {unit}{'' if round(number) == 1 else 's'}"
