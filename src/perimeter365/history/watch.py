"""Syncs forever, and says in a health file how that goes.

    {"interval": 3600, "written": "2030-06-01T12:00:00+00:00",
     "clouds": {"worldwide": {"status": "committed", "version": "2030053100", "success": "2030-06-01T12:00:00+00:00"}}}

    >>> problems(path, now)
    ('worldwide: the last success is 3 hours old, more than twice the interval of 1 hour',)

A file that is missing, damaged or old is a problem too, so a watcher that died is one. Nothing of upstream's text
gets into the file. It is replaced as a whole, so whoever reads it never sees half of one.
"""

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import SystemRandom
from typing import Any

from perimeter365.history.sync import FAILED, Outcome

INTERVAL = timedelta(hours=1)
"""The shortest that the web service asks for."""

JITTER = 0.1
"""Share of the interval by which a round may be late, so that not everybody asks at the full hour."""


def watch(
    once: Callable[[], Sequence[Outcome]],
    health: Path | None = None,
    *,
    interval: timedelta = INTERVAL,
    rounds: int | None = None,
    clock: Callable[[], datetime] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Sequence[Outcome]:
    """Sync, write the health file, wait, and so on; returns the last round's outcomes.

    Args:
        once: one sync; it does not raise for what upstream does.
        health: the file; None for none.
        interval: between the beginnings of two waits.
        rounds: how many; None for no end.
        clock: gives the instant, with a time zone; None for the system's.
        sleep: waits a number of seconds.

    Raises:
        OSError: the health file cannot be written.
    """
    clock = clock or (lambda: datetime.now(UTC))
    outcomes: Sequence[Outcome] = ()
    for number in count(1):
        outcomes = once()
        if health:
            write(health, outcomes, interval, clock())
        if number == rounds:
            break
        sleep(interval.total_seconds() * (1 + SystemRandom().uniform(0, JITTER)))
    return outcomes


def write(path: Path, outcomes: Sequence[Outcome], interval: timedelta, now: datetime) -> None:
    """Replace the health file. A cloud that failed keeps the success that it had. Raises OSError."""
    before = _read(path)
    clouds = {}
    for outcome in outcomes:
        old = before.get(outcome.cloud.value, {})
        success = old.get("success") if outcome.status == FAILED else now.isoformat(timespec="seconds")
        clouds[outcome.cloud.value] = {
            "status": outcome.status,
            "version": outcome.version or old.get("version", ""),
            "success": success,
            "error": outcome.error.code if outcome.error else None,
        }
    body = {
        "interval": int(interval.total_seconds()),
        "written": now.isoformat(timespec="seconds"),
        "clouds": clouds,
    }
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with new.open("w", encoding="utf-8") as file:
            json.dump(body, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def problems(path: Path, now: datetime) -> tuple[str, ...]:
    """Why a watcher is not healthy; () when it is. Stale is what is older than twice the interval."""
    try:
        data = json.loads(path.read_text("utf-8"))
        interval = timedelta(seconds=data["interval"])
        written = datetime.fromisoformat(data["written"])
        found = [] if now - written <= 2 * interval else [f"nothing was written for {_age(now - written)}"]
        for cloud, each in data["clouds"].items():
            if not each["success"]:
                found.append(f"{cloud}: never synced")
            elif (age := now - datetime.fromisoformat(each["success"])) > 2 * interval:
                limit = f"more than twice the interval of {_age(interval)}"
                found.append(f"{cloud}: the last success is {_age(age)} old, {limit}")
    except FileNotFoundError:
        return (f"{path.name} is not there",)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return (f"{path.name} is damaged",)
    return tuple(found)


def _read(path: Path) -> Mapping[str, Any]:
    """What the file said of each cloud; {} when it is missing or damaged."""
    try:
        clouds = json.loads(path.read_text("utf-8"))["clouds"]
        return {name: dict(each) for name, each in clouds.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _age(age: timedelta) -> str:
    hours = age / timedelta(hours=1)
    number, unit = (hours, "hour") if hours >= 1 else (hours * 60, "minute")
    return f"{number:.0f} {unit}{'' if round(number) == 1 else 's'}"
