"""`sync`: exit codes, what is said, and the decisions about held states."""

import json
import signal
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

import pytest

from perimeter365.cli import sync
from perimeter365.cli._settings import Settings
from perimeter365.cli._sync import Announced, Asked, Progress
from perimeter365.errors import StoreError, UpstreamError
from perimeter365.history.storage.store import Store
from perimeter365.history.sync import Outcome
from perimeter365.history.watch import Stop
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.sources.embedded import embedded
from tests.cli.conftest import Cli
from tests.history.upstream import Memory

# Apprise's own import of a module that Python 3.13 drops.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def known(cloud: Cloud, version: str = "2026081000", without: int = 0) -> State:
    sets = [s for s in embedded().endpoint_sets(cloud) if s.id < 9000]
    return State(cloud=cloud, version=version, origin="live", sets=tuple(sets[without:]))


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Memory:
    made = Memory()
    take: Callable[..., Memory] = lambda *_: made  # noqa: E731
    monkeypatch.setattr(sync, "upstream", take)
    return made


def test_0_when_all_is_up_to_date(cli: Cli, source: Memory) -> None:
    source.say(*(known(cloud) for cloud in Cloud if not cloud.closed))
    ran = cli("sync", "--json")
    assert ran.code == 0, ran.err
    assert [o["status"] for o in json.loads(ran.out)] == ["committed"] * 4
    assert "worldwide: committed 2026081000" in ran.err
    assert [o["status"] for o in json.loads(cli("sync", "--json").out)] == ["unchanged"] * 4


def test_3_when_upstream_fails_and_the_others_are_up_to_date(cli: Cli, source: Memory) -> None:
    source.say(known(Cloud.CHINA))
    source.states[Cloud.WORLDWIDE] = UpstreamError("503 from endpoints.office.com")
    ran = cli("sync", "--cloud", "worldwide", "--cloud", "china")
    assert ran.code == 3
    assert "P365-UPSTREAM: 503 from endpoints.office.com; the last good list is in force" in ran.err
    assert "china: committed" in ran.err


def test_4_when_a_state_is_held_until_it_is_accepted(cli: Cli, source: Memory) -> None:
    source.say(known(Cloud.WORLDWIDE))
    cli("sync", "--cloud", "worldwide")
    source.say(known(Cloud.WORLDWIDE, "2026090100", without=15))
    ran = cli("sync", "--cloud", "worldwide")
    assert ran.code == 4
    assert "shrink: " in ran.err
    assert "perimeter365 sync --accept 1, or --reject 1" in ran.err
    listed = cli("sync", "--held")
    assert (listed.code, "1  worldwide 2026090100" in listed.out) == (4, True)
    assert json.loads(cli("sync", "--held", "--json").out)[0]["reasons"][0]["code"] == "shrink"
    assert cli("sync", "--accept", "1").code == 0
    assert cli("sync", "--held").code == 0
    assert cli("sync", "--accept", "1").code == 2


def test_a_rejected_state_does_not_come_again(cli: Cli, source: Memory) -> None:
    source.say(known(Cloud.WORLDWIDE))
    cli("sync", "--cloud", "worldwide")
    source.say(known(Cloud.WORLDWIDE, "2026090100", without=15))
    assert cli("sync", "--cloud", "worldwide").code == 4
    assert cli("sync", "--reject", "1").code == 0
    assert cli("sync", "--cloud", "worldwide").code == 0
    assert cli("versions").out.count("2026090100") == 0


@pytest.mark.parametrize(
    "words",
    [
        ["--accept", "1", "--reject", "1"],
        ["--health", "x"],
        ["--healthy"],
        ["--interval", "5"],
        ["--accept", "7"],
        ["--cloud", "mars"],
        ["--dry-run", "--watch"],
        ["--from", "x", "--base-url", "https://example.com"],
        ["--from", "https://user:hunter2@example.com/"],
        ["--notify", "nosuch://hunter2@example.com"],
        ["--notify-file", "nosuch.txt"],
        ["--profile", "nosuch.toml"],
    ],
)
def test_2_for_wrong_usage(words: list[str], cli: Cli, source: Memory) -> None:
    ran = cli("sync", *words)
    assert ran.code == 2
    assert "hunter2" not in ran.err
    assert source.asked == []


def test_a_dry_run_shows_what_would_be_and_keeps_nothing(cli: Cli, source: Memory, tmp_path: Path) -> None:
    source.say(known(Cloud.WORLDWIDE, "2026090100", without=15))
    ran = cli("sync", "--cloud", "worldwide", "--dry-run")
    assert ran.code == 4
    assert "worldwide: would be held 2026090100: " in ran.err
    assert "shrink: " in ran.err
    assert "--accept" not in ran.err
    assert ran.out.startswith("worldwide 2026080200 → 2026090100: ")
    (said,) = json.loads(cli("sync", "--cloud", "worldwide", "--dry-run", "--json").out)
    assert (said["status"], said["diff"]["counts"]["changes"]) == ("held", said["counts"]["changes"])
    assert [p.name for p in tmp_path.iterdir()] == []


def test_feeds_are_written_behind_a_sync(cli: Cli, source: Memory, tmp_path: Path) -> None:
    source.say(known(Cloud.WORLDWIDE))
    assert "wrote" not in cli("sync", "--cloud", "worldwide", "--feeds", "feeds").err, "one version is no news"
    source.say(known(Cloud.WORLDWIDE, "2026090100", without=1))
    assert cli("sync", "--cloud", "worldwide", "--feeds", "feeds").code == 4
    assert "wrote feeds/worldwide.atom" in cli("sync", "--accept", "1", "--feeds", "feeds").err
    assert {p.name for p in (tmp_path / "feeds").iterdir()} == {"worldwide.atom", "worldwide.json"}
    assert "wrote" not in cli("sync", "--cloud", "worldwide", "--feeds", "feeds").err


def test_addresses_come_from_a_file_that_others_should_not_read(
    cli: Cli, source: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    file = tmp_path / "notify.txt"
    file.write_text("# ours\n\njson://user:hunter2@127.0.0.1:1/x\n")
    source.say(known(Cloud.WORLDWIDE, "2026090100", without=15))
    file.chmod(0o644)
    ran = cli("sync", "--cloud", "worldwide", "--notify-file", "notify.txt")
    assert ran.code == 4, "that a state is held says more than that nobody could be told"
    assert "warning: everybody can read notify.txt" in ran.err
    assert "warning: target 1 (json): no connection; 1 stays; `perimeter365 notify` tries again" in ran.err
    file.chmod(0o600)
    assert cli("sync", "--reject", "1").code == 0
    ran = cli("sync", "--cloud", "worldwide", "--notify-file", "notify.txt")
    assert ran.code == 3
    assert "everybody" not in ran.err
    assert "hunter2" not in ran.err + ran.out


def test_the_settings_do_not_show_addresses(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERIMETER365_NOTIFY", "json://user:hunter2@example.com json://b.example.com")
    ran = cli("config", "show", "--json")
    shown = {s["setting"]: s for s in json.loads(ran.out)}
    assert "hunter2" not in ran.out + ran.err
    for name in ("sync.notify", "notify.to"):
        assert shown[name] == {
            "setting": name,
            "value": "(not shown)",
            "from": "env",
            "variable": "PERIMETER365_NOTIFY",
        }
    assert shown["sync.from"]["variable"] == "PERIMETER365_SYNC_FROM"
    assert shown["sync.cloud"]["variable"] == "PERIMETER365_SYNC_CLOUD"


def test_the_health_file_can_be_asked(cli: Cli, tmp_path: Path) -> None:
    ran = cli("sync", "--healthy", "--health", "health.json")
    assert (ran.code, ran.out) == (1, "health.json is not there\n")


@pytest.mark.parametrize("error", [StoreError("the database is away"), OSError(5, "Input/output error", "store")])
def test_a_watcher_outlives_a_store_that_cannot_be_read(
    error: Exception, cli: Cli, source: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, rounds = Asked.once, iter((1, 2))

    def once(asked: Asked, store: Store) -> Sequence[Outcome]:
        if next(rounds) == 1:
            raise error
        return real(asked, store)

    def next_round(stop: Stop, seconds: float) -> bool:
        stop.by = stop.by or (signal.SIGTERM if waits else None)
        waits.append(seconds)
        return len(waits) > 1

    waits: list[float] = []
    monkeypatch.setattr(Asked, "once", once)
    monkeypatch.setattr(Asked, "due", lambda *_: None)
    monkeypatch.setattr(Stop, "wait", lambda stop, seconds: seconds < 60 and next_round(stop, seconds))
    source.say(known(Cloud.CHINA))
    ran = cli("sync", "--watch", "--cloud", "china", "--health", "health.json")
    assert ran.code == 0, ran.err
    assert "china: failed" in ran.err
    assert "china: committed" in ran.err
    assert json.loads((tmp_path / "health.json").read_text("utf-8"))["clouds"]["china"]["status"] == "committed"


def test_progress_is_one_line_of_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    source = Memory()
    source.say(known(Cloud.CHINA))
    for terminal, quiet, kind in (
        (True, False, "xterm"),
        (False, False, "xterm"),
        (True, True, "xterm"),
        (True, False, "dumb"),
    ):
        monkeypatch.setenv("TERM", kind)
        monkeypatch.setattr("sys.stderr.isatty", lambda terminal=terminal: terminal, raising=False)
        progress = Progress(Settings(quiet=quiet))
        announced = Announced(source, progress, nullcontext)
        announced.hurry(60)
        announced.version(Cloud.CHINA)
        announced.state(Cloud.CHINA)
        announced.changes(Cloud.CHINA, "2026081000")
        progress.clear()
        err = capsys.readouterr().err
        if terminal and not quiet and kind != "dumb":
            assert err.startswith("\r\033[Kchina: asking for the version\r\033[Kchina: reading the list\r\033[K")
            assert err.endswith("\r\033[K")
        else:
            assert err == ""
