"""`perimeter365 publish`: output and exit codes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from perimeter365.web.phases import MARGIN
from tests.cli.conftest import Cli


class StoppedClock:
    """A clock of `publish` that only moves while it sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moved = 0.0
        start, clock = datetime.now(UTC), self

        class Stopped(datetime):
            """The class of the time in the modules under test."""

            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
                return start + timedelta(seconds=clock.moved)

        monkeypatch.setattr("perimeter365.cli.publish.datetime", Stopped)
        monkeypatch.setattr("perimeter365.web.publish.utc_now", Stopped.now)
        monkeypatch.setattr("perimeter365.cli.publish.time.sleep", self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.moved += seconds


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish the mirror of the smallest clouds only."""
    from perimeter365.web import publish as module
    from perimeter365.web.paths import published_paths

    def paths(*words: object) -> object:
        return (each for each in published_paths(*words) if "france" in each.file or each.file.startswith("version"))  # type: ignore[arg-type]

    monkeypatch.setattr(module, "published_paths", paths)


@pytest.mark.usefixtures("few")
def test_a_first_run_writes_and_a_second_one_says_that_nothing_changed(cli: Cli, tmp_path: Path) -> None:
    ran = cli("publish", "out")
    assert ran.code == 0, ran.err
    assert "reload nginx" in ran.err
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [".perimeter365.json", "current", "generations", "nginx-server.conf", "nginx.conf"]
    again = cli("publish", "out")
    assert (again.code, again.out) == (0, "")
    assert again.err.startswith("unchanged: all ")
    assert len(list((tmp_path / "out/generations").iterdir())) == 1


@pytest.mark.usefixtures("few")
def test_a_dry_run_writes_nothing(cli: Cli, tmp_path: Path) -> None:
    ran = cli("publish", "out", "--dry-run")
    assert ran.code == 0, ran.err
    assert "(nothing was written)" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("few")
def test_the_report_as_json_has_the_versions_and_the_time_of_the_next_run(cli: Cli, tmp_path: Path) -> None:
    report = json.loads(cli("publish", "out", "--json").out)
    assert report["written"]
    assert report["announced"]["worldwide"] == "2026080200"
    assert (report["pending"], report["next_run"]) == ({}, None)
    manifest = json.loads((tmp_path / "out/current/manifest.json").read_text("utf-8"))
    assert len(manifest["files"]) == report["files"]
    assert manifest["generation"] == report["generation"]


@pytest.mark.usefixtures("few")
def test_a_new_list_is_published_now_and_announced_later(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from perimeter365.model.cloud import Cloud
    from perimeter365.model.ids import SYNTHETIC_ID
    from perimeter365.model.state import LIVE, State
    from perimeter365.model.version import Version
    from perimeter365.sources.embedded import embedded
    from perimeter365.store.store import Store

    clock = StoppedClock(monkeypatch)
    assert cli("publish", "out", "--max-age", "1").code == 0
    sets = tuple(s for s in embedded().endpoint_sets(Cloud.FRANCE) if s.id < SYNTHETIC_ID)
    more = (*sets, replace(sets[-1], id=sets[-1].id + 1))
    with Store() as store:
        store.commit(State(cloud=Cloud.FRANCE, version=Version("2026090100"), origin=LIVE, sets=more))
    waiting = cli("publish", "out", "--max-age", "1")
    assert "france: 2026090100 published, 2025082100 announced" in waiting.err
    assert "run it again after" in waiting.err
    current = tmp_path / "out/current"
    assert json.loads((current / "version/france.json").read_text("utf-8"))["latest"] == "2025082100"
    assert len(json.loads((current / "endpoints/france.json").read_text("utf-8"))) == len(more)
    done = cli("publish", "out", "--max-age", "1", "--wait")
    assert done.code == 0, done.err
    assert 1 < clock.moved <= 1 + MARGIN.total_seconds()
    assert json.loads((current / "version/france.json").read_text("utf-8"))["latest"] == "2026090100"


@pytest.mark.usefixtures("few")
def test_a_folder_with_other_files_ends_with_exit_code_2(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/index.html").write_text("mine", "utf-8")
    ran = cli("publish", "out")
    assert ran.code == 2
    assert "is not a publication" in ran.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["index.html"]
