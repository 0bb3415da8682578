"""Syncs until somebody ends it, and says in a health file how that goes.

    {"interval": 3600, "written": "2030-06-01T12:00:00+00:00",
     "clouds": {"worldwide": {"status": "committed", "version": "2030053100", "success": "2030-06-01T12:00:00+00:00"}}}

    problems(path, now)
        ('worldwide: the last success is 3 hours old, more than twice the interval of 1 hour',)

    >>> problems(Path("/nowhere/health.json"), datetime.now(UTC))
    ('health.json is not there',)

A file that is missing, damaged or old is a problem too, so a watcher that died is one. Nothing of upstream's text
gets into the file. It is replaced as a whole, so whoever reads it never sees half of one.

SIGTERM and SIGINT end a watcher: at once while it waits or fetches, else behind the step that it is in. Either way the
store holds all of a change or nothing of it.
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

from perimeter365.atomic import replace
from perimeter365.errors import InputError
from perimeter365.history.sync import FAILED, Outcome
from perimeter365.model.decode import decode, fields, instant, mapping, natural, optional, or_none, parse_json, string

INTERVAL = timedelta(hours=1)
"""The shortest that the web service asks for."""

JITTER = 0.1
"""Share of the interval by which a round may be late, so that not everybody asks at the full hour."""

MINUTE = 60.0
"""Seconds from one look at what is due between two rounds to the next."""

_SLICE = 0.2
"""Seconds after which a wait looks whether it is to end; a handler that sets a lock could wait for itself."""


class StoppedError(BaseException):
    """Somebody wants the end while a step runs that may be left; no `Exception`, so that nobody takes it for a failure."""


class Stop:
    """Whether a signal has asked for the end. As a context it takes SIGTERM and SIGINT; the second SIGINT is Ctrl-C."""

    def __init__(self) -> None:
        self.by: signal.Signals | None = None
        """The first signal that came."""
        self._may_leave = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGTERM, signal.SIGINT):
            self._before[number] = signal.signal(number, self._came)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _came(self, number: int, frame: FrameType | None) -> None:
        again, self.by = self.by is not None, self.by or signal.Signals(number)
        if again and number == signal.SIGINT:
            raise KeyboardInterrupt
        if self._may_leave:
            raise StoppedError

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """What runs inside may be left at any instant. Raises StoppedError when the end is asked for, now or meanwhile."""
        self._may_leave = True
        try:
            if self.by:
                raise StoppedError
            yield
        finally:
            self._may_leave = False

    def wait(self, seconds: float) -> bool:
        """Wait; True as soon as the end is asked for."""
        end = time.monotonic() + seconds
        while not self.by and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _SLICE))
        return self.by is not None


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
    """Sync, write the health file, wait, and so on; returns the last whole round's outcomes.

    Args:
        once: one sync; it does not raise for what upstream does. StoppedError ends the watch.
        health: the file; None for none.
        interval: between the beginnings of two waits.
        rounds: how many; None for no end.
        clock: gives the instant, with a time zone; None for the system's.
        wait: waits a number of seconds; True ends the watch (`Stop.wait`).
        between: called about each minute of a wait.

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
            write(health, outcomes, interval, clock())
        if number == rounds or _waited(interval.total_seconds() * (1 + SystemRandom().uniform(0, JITTER)), wait, between):
            break
    return outcomes


def _waited(seconds: float, wait: Callable[[float], bool | None], between: Callable[[], None] | None) -> bool:
    """Wait, looking in between; True when the end was asked for."""
    while between and seconds > MINUTE:
        if wait(MINUTE):
            return True
        seconds -= MINUTE
        between()
    return bool(wait(seconds))


def write(path: Path, outcomes: Sequence[Outcome], interval: timedelta, now: datetime) -> None:
    """Replace the health file. A cloud that failed keeps the success that it had.

    Args:
        path: the file; its folder is made.
        outcomes: of the sync that was just done.
        interval: from one sync to the next; what is older than twice of it counts as stale.
        now: with a time zone.

    Raises:
        OSError: it cannot be written.
    """
    before: Mapping[str, Any] = {}
    with suppress(OSError, InputError):
        before = _read(path)["clouds"]
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
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, json.dumps(body, indent=2).encode("utf-8"))


def problems(path: Path, now: datetime) -> tuple[str, ...]:
    """Why a watcher is not healthy; () when it is. Stale is what is older than twice the interval."""
    try:
        data = _read(path)
        interval, written = timedelta(seconds=data["interval"]), data["written"]
        found = [] if now - written <= 2 * interval else [f"nothing was written for {_age(now - written)}"]
        if written - now > interval:
            found.append(f"it was written {_age(written - now)} from now; is the clock right?")
        if not data["clouds"]:
            found.append("no cloud is followed")
        for cloud, each in data["clouds"].items():
            if not each["success"]:
                found.append(f"{cloud}: never synced")
            elif (age := now - each["success"]) > 2 * interval:
                limit = f"more than twice the interval of {_age(interval)}"
                found.append(f"{cloud}: the last success is {_age(age)} old, {limit}")
    except FileNotFoundError:
        return (f"{path.name} is not there",)
    except (OSError, InputError):
        return (f"{path.name} is damaged",)
    return tuple(found)


def _read(path: Path) -> Mapping[str, Any]:
    """What a health file says. Raises OSError or InputError."""
    return decode("", _HEALTH, parse_json(path.read_bytes()))


_CLOUD = partial(fields, status=string, version=string, success=or_none(instant), error=optional(or_none(string), None))
_HEALTH = partial(fields, interval=natural, written=instant, clouds=mapping(_CLOUD))


def _age(age: timedelta) -> str:
    hours = age / timedelta(hours=1)
    number, unit = (hours, "hour") if hours >= 1 else (hours * 60, "minute")
    return f"{number:.0f} {unit}{'' if round(number) == 1 else 's'}"
