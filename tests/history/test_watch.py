"""The watcher and its health file (P8)."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from perimeter365.errors import UpstreamError
from perimeter365.history.sync import Outcome
from perimeter365.history.watch import problems, watch, write
from perimeter365.model.cloud import Cloud

NOW = datetime(2030, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GOOD = Outcome(cloud=Cloud.WORLDWIDE, status="committed", version="2030053100")
BAD = Outcome(cloud=Cloud.WORLDWIDE, status="failed", error=UpstreamError("secret text of upstream"))


def test_it_goes_on_with_jitter(tmp_path: Path) -> None:
    waits: list[float] = []
    rounds = iter([[GOOD], [BAD], [GOOD]])
    last = watch(lambda: next(rounds), tmp_path / "health.json", rounds=3, clock=lambda: NOW, sleep=waits.append)
    assert last == [GOOD]
    assert len(waits) == 2
    assert all(3600 <= wait <= 3960 for wait in waits)
    assert len(set(waits)) == 2


def test_p8_a_failure_keeps_the_last_success_and_goes_stale(tmp_path: Path) -> None:
    path = tmp_path / "health.json"
    write(path, [GOOD], HOUR, NOW)
    assert problems(path, NOW + 2 * HOUR) == ()
    write(path, [BAD], HOUR, NOW + 2 * HOUR)
    assert problems(path, NOW + 2 * HOUR) == ()
    write(path, [BAD], HOUR, NOW + 3 * HOUR)
    assert problems(path, NOW + 3 * HOUR) == (
        "worldwide: the last success is 3 hours old, more than twice the interval of 1 hour",
    )
    assert "secret" not in path.read_text("utf-8")
    assert json.loads(path.read_text("utf-8"))["clouds"]["worldwide"]["version"] == "2030053100"


def test_p8_a_watcher_that_died_or_never_succeeded_is_not_healthy(tmp_path: Path) -> None:
    path = tmp_path / "health.json"
    assert problems(path, NOW) == ("health.json is not there",)
    write(path, [BAD], HOUR, NOW)
    assert problems(path, NOW) == ("worldwide: never synced",)
    write(path, [GOOD], HOUR, NOW)
    assert problems(path, NOW + 5 * HOUR)[0] == "nothing was written for 5 hours"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"interval": "x"}', '{"interval": 1, "written": 3, "clouds": {}}'])
def test_a_damaged_file_is_said_and_replaced(text: str, tmp_path: Path) -> None:
    path = tmp_path / "health.json"
    path.write_text(text, "utf-8")
    assert problems(path, NOW) == ("health.json is damaged",)
    write(path, [GOOD], HOUR, NOW)
    assert problems(path, NOW) == ()
    assert [p.name for p in tmp_path.iterdir()] == ["health.json"]
