"""P4 measured where it cannot be shared with a test runner: a process of its own against an upstream of its own."""

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
from perimeter365.model.cloud import Cloud
from perimeter365.net.fetch import Limits
from perimeter365.sources.embedded import embedded
from perimeter365.sources.web_service import WebService
from perimeter365.store.store import Store
from tests.reliability import promises
from tests.reliability.scene import Stage

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "endless", "gzip-bomb", "header-flood", "header-long", "many-encodings", "depth", "million-digit-number",
    "too-many-sets", "host-254-characters", "prefix-long", "prefix-parts-over-sets",
)  # fmt: skip
"""Cases that cost a careless reader memory or processor."""
SLOW = ("drip", "drip-head", "silence", "continue-forever", "503", "cut")
"""Cases that cost time: tried with the real time-outs by `make torture` alone."""


@pytest.fixture
def upstream() -> Iterator[str]:
    """The lying upstream as a program; its address."""
    command = [sys.executable, "-m", "tests.upstream"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.stdin.close()
        server.wait(20)


def measured(url: str, folder: Path, seconds: float, cases: Sequence[str]) -> list[dict[str, Any]]:
    """What the child says of each case."""
    command = [sys.executable, "-m", "tests.reliability.child", "bounds", url, str(folder), str(seconds), *cases]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_heavy_answers_stay_within_the_bounds(upstream: str, template: Path, tmp_path: Path) -> None:
    """The most memory only grows, so the last one is that of all of them in one process."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    said = measured(upstream, tmp_path, 10, HEAVY)
    assert [each["case"] for each in said] == list(HEAVY)
    for each in said:
        assert promises.bounded(each["wall"], each["processor"], each["memory"]) == [], each
        assert (each["status"], each["code"], each["kept"]) == ("failed", 3, True), each


@pytest.mark.alone
def test_clouds_that_drip_share_the_time_of_one_sync(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a request may take: all of them together have the deadline, and each cloud its part."""
    monkeypatch.setattr(module, "DEADLINE", 4.0)
    stage.lying.case = "drip"
    service = WebService(stage.lying.url, folder=stage.folder / "web", limits=Limits(deadline=60, connect=5, read=5))
    clouds = [cloud for cloud in Cloud if not cloud.closed]
    started = time.monotonic()
    with Store(stage.place, clock=lambda: stage.now) as store:
        outcomes = module.sync(store, service, clouds, base=embedded())
    assert time.monotonic() - started < 30, "without the deadline these are four minutes"
    assert [outcome.error.code for outcome in outcomes if outcome.error] == ["P365-TIMEOUT"] * len(clouds)


@pytest.mark.torture
@pytest.mark.parametrize("case", SLOW)
def test_slow_answers_stay_within_the_real_bounds(upstream: str, template: Path, tmp_path: Path, case: str) -> None:
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    (each,) = measured(upstream, tmp_path, 60, [case])
    assert promises.bounded(each["wall"] - 1, each["processor"], each["memory"]) == [], each  # a second for the store
    assert (each["status"], each["kept"]) == ("failed", True)
