"""P4 measured in a separate process with a separate upstream."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from perimeter365.history import sync as module
from perimeter365.model.cloud import CLOUDS
from perimeter365.net.fetch import FetchLimits
from perimeter365.sources.embedded import embedded
from perimeter365.sources.web_service import WebService
from perimeter365.store.store import Store
from tests.reliability import promises
from tests.reliability.scene import Stage

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "endless", "gzip-bomb", "header-flood", "header-long", "many-encodings", "depth", "million-digit-number",
    "too-many-sets", "too-many-values", "chunks-of-one-byte", "trailers-without-end",
    "host-254-characters", "prefix-long", "prefix-parts-over-sets",
)  # fmt: skip
"""Cases that cost a careless client memory or processor time."""
SLOW = ("drip", "drip-head", "silence", "continue-forever", "503", "cut")
"""Cases that cost time. Only `make torture` runs them with the default time-outs."""


@pytest.fixture
def upstream() -> Iterator[str]:
    """The URL of the faulty upstream, running as a program."""
    command = [sys.executable, "-m", "tests.upstream"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.stdin.close()
        server.wait(20)


def measured(url: str, folder: Path, seconds: float, cases: Sequence[str]) -> list[dict[str, Any]]:
    """Run the child and return its result for each case."""
    command = [sys.executable, "-m", "tests.reliability.child", "bounds", url, str(folder), str(seconds), *cases]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_heavy_responses_stay_within_the_limits(upstream: str, template: Path, tmp_path: Path) -> None:
    """Peak memory only grows, so the last value covers all cases of the process."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    said = measured(upstream, tmp_path, 10, HEAVY)
    assert [each["case"] for each in said] == list(HEAVY)
    for each in said:
        assert promises.bounded(each["wall"], each["processor"], each["memory"]) == [], each
        assert (each["status"], each["code"], each["kept"]) == ("failed", 3, True), each


@pytest.mark.alone
def test_slow_clouds_share_the_time_of_one_sync(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """All requests together have one deadline, and each cloud has a share of it."""
    monkeypatch.setattr(module, "DEADLINE", 4.0)
    stage.faulty.case = "drip"
    service = WebService(stage.faulty.url, folder=stage.folder / "web", limits=FetchLimits(deadline=60, connect=5, read=5))
    clouds = [cloud for cloud in CLOUDS if not cloud.closed]
    started = time.monotonic()
    with Store(stage.place, clock=lambda: stage.now) as store:
        outcomes = module.sync(store, service, clouds, base=embedded())
    assert time.monotonic() - started < 30, "without the deadline this takes four minutes"
    assert [outcome.error.code for outcome in outcomes if outcome.error] == ["P365-TIMEOUT"] * len(clouds)


@pytest.mark.torture
@pytest.mark.parametrize("case", SLOW)
def test_slow_responses_stay_within_the_default_limits(upstream: str, template: Path, tmp_path: Path, case: str) -> None:
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    (each,) = measured(upstream, tmp_path, 60, [case])
    assert promises.bounded(each["wall"] - 1, each["processor"], each["memory"]) == [], each  # one second for the store
    assert (each["status"], each["kept"]) == ("failed", True)
