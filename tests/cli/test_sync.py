"""`sync`: exit codes, output, and the decisions about held states."""

import json
import signal
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import StoreError, UpstreamError
from perimeter365.follow.round import SyncJob
from perimeter365.follow.watch import StopSignal
from perimeter365.history.sync import Outcome
from perimeter365.model.cloud import OPERATED, Cloud
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.sources.witness import embedded_witness
from tests.cli.conftest import Cli
from tests.history.upstream import MemoryUpstream

# Apprise imports a module that Python 3.13 removes.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def known(cloud: Cloud, version: str = "2026081000", without: int = 0) -> State:
    sets = [s for s in embedded().endpoint_sets(cloud) if s.id < 9000]
    return State(cloud=cloud, version=Version(version), origin="live", sets=tuple(sets[without:]))


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> MemoryUpstream:
    made = MemoryUpstream()
    take: Callable[..., MemoryUpstream] = lambda *_, **__: made  # noqa: E731
    monkeypatch.setattr("perimeter365.follow.round.WebService", take)
    return made


def test_0_when_all_is_up_to_date(cli: Cli, source: MemoryUpstream) -> None:
    source.publish(*map(known, OPERATED))
    ran = cli("sync", "--json")
    assert ran.code == 0, ran.err
    assert [o["status"] for o in json.loads(ran.out)] == ["committed"] * len(OPERATED)
    assert "worldwide: committed 2026081000" in ran.err
    assert [o["status"] for o in json.loads(cli("sync", "--json").out)] == ["unchanged"] * len(OPERATED)


def test_3_when_upstream_fails_and_the_others_are_up_to_date(cli: Cli, source: MemoryUpstream) -> None:
    source.publish(known(Cloud.CHINA))
    source.states[Cloud.WORLDWIDE] = UpstreamError("503 from endpoints.office.com")
    ran = cli("sync", "--cloud", "worldwide", "--cloud", "china")
    assert ran.code == 3
    assert "P365-UPSTREAM: 503 from endpoints.office.com; the last good list is in force" in ran.err
    assert "china: committed" in ran.err


def test_4_when_a_state_is_held_until_it_is_admitted(cli: Cli, source: MemoryUpstream) -> None:
    source.publish(known(Cloud.WORLDWIDE))
    cli("sync", "--cloud", "worldwide")
    source.publish(known(Cloud.WORLDWIDE, "2026090100", without=15))
    ran = cli("sync", "--cloud", "worldwide")
    assert ran.code == 4
    assert "shrink: " in ran.err
    assert "perimeter365 held admit 1, or held reject 1" in ran.err
    listed = cli("held")
    assert (listed.code, "1  worldwide 2026090100" in listed.out) == (4, True)
    assert json.loads(cli("held", "list", "--json").out)[0]["reasons"][0]["code"] == "shrink"
    admitted = cli("held", "admit", "1", "--json")
    assert (admitted.code, json.loads(admitted.out)[0]["status"]) == (0, "committed")
    assert cli("held").code == 0
    assert cli("held", "admit", "1").code == 2


def test_the_earlier_options_still_decide(cli: Cli, source: MemoryUpstream) -> None:
    source.publish(known(Cloud.WORLDWIDE))
    cli("sync", "--cloud", "worldwide")
    for number, version, word in ((1, "2026090100", "--reject"), (2, "2026090200", "--accept")):
        source.publish(known(Cloud.WORLDWIDE, version, without=14 + number))
        assert cli("sync", "--cloud", "worldwide").code == 4
        assert json.loads(cli("sync", "--held", "--json").out)[0]["id"] == number
        assert cli("sync", word, str(number)).code == 0
        assert cli("sync", "--held").code == 0
    assert cli("versions").out.count("2026090100") == 0
    assert cli("versions").out.count("2026090200") == 1
    help = cli("sync", "--help").out
    assert not [word for word in ("--accept", "--reject", "--held", "--watch", "--healthy") if word in help]


def test_a_rejected_state_is_not_held_again(cli: Cli, source: MemoryUpstream) -> None:
    source.publish(known(Cloud.WORLDWIDE))
    cli("sync", "--cloud", "worldwide")
    source.publish(known(Cloud.WORLDWIDE, "2026090100", without=15))
    assert cli("sync", "--cloud", "worldwide").code == 4
    assert "2026090100 was rejected" in cli("held", "reject", "1").err
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
        ["--from", ""],
        ["--base-url", " "],
        ["--from", "https://user:hunter2@example.com/"],
        ["--notify", "nosuch://hunter2@example.com"],
        ["--notify-file", "nosuch.txt"],
        ["--profile", "nosuch.toml"],
    ],
)
def test_2_for_invalid_usage(words: list[str], cli: Cli, source: MemoryUpstream) -> None:
    ran = cli("sync", *words)
    assert ran.code == 2
    assert "hunter2" not in ran.err
    assert source.requests == []


@pytest.mark.parametrize(
    ("words", "message", "step"),
    [
        (["--interval", "90"], "--interval is an option of `watch`", "`perimeter365 watch` syncs"),
        (["--held", "--from", "x"], "--from has no effect with --held", "use `perimeter365 held list`"),
        (["--held", "--base-url", "x"], "--base-url has no effect with --held", "use `perimeter365 held list`"),
    ],
)
def test_an_option_without_effect_is_a_warning_with_the_next_step(
    words: list[str], message: str, step: str, cli: Cli, source: MemoryUpstream
) -> None:
    source.publish(known(Cloud.WORLDWIDE))
    assert cli("sync", "--cloud", "worldwide").code == 0
    source.publish(known(Cloud.WORLDWIDE))
    ran = cli("sync", *words, *([] if "--held" in words else ["--cloud", "worldwide"]))
    assert ran.code == 0
    assert f"warning: {message}; {step}" in ran.err


@pytest.mark.parametrize("words", [["--cloud", "worldwide", "--dry-run"], ["--held"]])
def test_shared_options_are_accepted_in_each_mode(
    words: list[str], cli: Cli, source: MemoryUpstream, tmp_path: Path
) -> None:
    source.publish(known(Cloud.WORLDWIDE))
    shared = ["--store", str(tmp_path / "other.sqlite"), "--quiet", "--color", "never"]
    assert cli("sync", "--cloud", "worldwide", *shared).code == 0
    assert cli("sync", *words, *shared).code == 0


def test_a_failed_sync_is_reported_with_quiet_too(cli: Cli, source: MemoryUpstream) -> None:
    source.publish(known(Cloud.WORLDWIDE))
    assert cli("sync", "--cloud", "worldwide", "--quiet").err == ""
    ran = cli("sync", "--cloud", "gcchigh", "--quiet")
    assert ran.code != 0
    assert "gcchigh: failed" in ran.err


def test_a_held_state_is_reported_with_quiet_too(cli: Cli, source: MemoryUpstream) -> None:
    source.publish(known(Cloud.WORLDWIDE))
    cli("sync", "--cloud", "worldwide")
    source.publish(known(Cloud.WORLDWIDE, "2026090100", without=15))
    ran = cli("sync", "--cloud", "worldwide", "--quiet")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.startswith("worldwide: held 2026090100")
    assert "perimeter365 held admit 1, or held reject 1" in ran.err
    listed = cli("held", "--quiet")
    assert (listed.code, listed.out.startswith("1  worldwide 2026090100")) == (4, True)


def test_environment_variables_without_effect_are_accepted(
    cli: Cli, source: MemoryUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERIMETER365_SYNC_INTERVAL", "90")
    source.publish(known(Cloud.WORLDWIDE))
    assert cli("sync", "--cloud", "worldwide").code == 0
    assert cli("sync", "--held").code == 0


def test_a_rejected_state_is_one_json_document(cli: Cli, source: MemoryUpstream) -> None:
    source.publish(known(Cloud.WORLDWIDE))
    cli("sync", "--cloud", "worldwide")
    source.publish(known(Cloud.WORLDWIDE, "2026090100", without=15))
    cli("sync", "--cloud", "worldwide")
    (waiting,) = json.loads(cli("held", "--json").out)
    assert json.loads(cli("held", "reject", "1", "--json").out) == {**waiting, "resolved": "rejected"}


def test_a_dry_run_shows_the_changes_and_stores_nothing(cli: Cli, source: MemoryUpstream, tmp_path: Path) -> None:
    source.publish(known(Cloud.WORLDWIDE, "2026090100", without=15))
    ran = cli("sync", "--cloud", "worldwide", "--dry-run")
    assert ran.code == 4
    assert "worldwide: would be held 2026090100: " in ran.err
    assert "shrink: " in ran.err
    assert "--accept" not in ran.err
    assert ran.out.startswith("worldwide 2026080200 → 2026090100: ")
    (printed,) = json.loads(cli("sync", "--cloud", "worldwide", "--dry-run", "--json").out)
    assert (printed["status"], printed["diff"]["counts"]["changes"]) == ("held", printed["counts"]["changes"])
    assert [p.name for p in tmp_path.iterdir()] == []


def test_a_newer_witness_is_read_and_a_problem_with_it_is_a_note(
    cli: Cli, source: MemoryUpstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.publish(known(Cloud.CHINA))
    public = embedded_witness().sources[0]
    lines = ["Prefix,Type", *(f"{prefix},Block" for prefix in public.own)]
    newer = f"MSFT_PublicIPs_{public.day + timedelta(days=7):%Y%m%d}.csv"
    (tmp_path / newer).write_text("\n".join([*lines, "9.9.0.0/16,Block"]))
    ran = cli("sync", "--cloud", "china", "--witness", "missing_20270101.csv", "--witness", newer)
    assert ran.code == 0
    assert "note: witness: missing_20270101.csv: the file does not exist; the one in use stays" in ran.err
    assert f"note: witness: {newer} of " in ran.err
    assert "is in use: 1 prefix (9.9.0.0/16) more, none fewer" in ran.err
    monkeypatch.setenv("PERIMETER365_WITNESS", "first.csv second.csv")
    ran = cli("sync", "--cloud", "china")
    assert (ran.code, ran.err.count("the name has no day")) == (0, 2)
    assert "witness" not in cli("sync", "--cloud", "china", "--dry-run").err
    ran = cli("sync", "--witness", "ftp://mirror.example/x.csv")
    assert (ran.code, "witness: 'ftp://mirror.example/x.csv' is not an address" in ran.err) == (2, True)


def test_feeds_are_written_after_a_sync(cli: Cli, source: MemoryUpstream, tmp_path: Path) -> None:
    source.publish(known(Cloud.WORLDWIDE))
    assert "wrote" not in cli("sync", "--cloud", "worldwide", "--feeds", "feeds").err, "a first version has no changes"
    source.publish(known(Cloud.WORLDWIDE, "2026090100", without=1))
    assert cli("sync", "--cloud", "worldwide", "--feeds", "feeds").code == 4
    assert "wrote feeds/worldwide.atom" in cli("held", "admit", "1", "--feeds", "feeds").err
    assert {p.name for p in (tmp_path / "feeds").iterdir()} == {"worldwide.atom", "worldwide.json"}
    assert "wrote" not in cli("sync", "--cloud", "worldwide", "--feeds", "feeds").err


def test_a_world_readable_file_of_addresses_is_a_warning(
    cli: Cli, source: MemoryUpstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    file = tmp_path / "notify.txt"
    file.write_text("# operations\n\njson://user:hunter2@127.0.0.1:1/x\n")
    source.publish(known(Cloud.WORLDWIDE, "2026090100", without=15))
    file.chmod(0o644)
    ran = cli("sync", "--cloud", "worldwide", "--notify-file", "notify.txt")
    assert ran.code == 4, "a held state takes precedence over a failed notification"
    assert "warning: notify.txt is readable by all users; run `chmod 600 notify.txt`" in ran.err
    assert (
        "warning: target 1 (json): no connection; 1 notification not delivered; `perimeter365 notify` tries again" in ran.err
    )
    file.chmod(0o600)
    assert cli("held", "reject", "1").code == 0
    ran = cli("sync", "--cloud", "worldwide", "--notify-file", "notify.txt")
    assert ran.code == 3
    assert "readable" not in ran.err
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


def test_the_health_file_can_be_checked(cli: Cli, tmp_path: Path) -> None:
    for words in (("watch", "--healthy"), ("sync", "--healthy")):
        ran = cli(*words, "--health", "health.json")
        assert (ran.code, ran.out) == (1, "health.json does not exist\n")
        assert cli(*words).code == 2


@pytest.mark.parametrize("command", [("watch",), ("sync", "--watch")])
@pytest.mark.parametrize("error", [StoreError("the database is away"), OSError(5, "Input/output error", "store")])
def test_a_watcher_survives_a_store_that_cannot_be_read(
    error: Exception,
    command: tuple[str, ...],
    cli: Cli,
    source: MemoryUpstream,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, rounds = SyncJob.run, iter((1, 2))

    def run(job: SyncJob, *words: Any) -> Sequence[Outcome]:
        if next(rounds) == 1:
            raise error
        return real(job, *words)

    def next_round(stop: StopSignal, seconds: float) -> bool:
        stop.received = stop.received or (signal.SIGTERM if waits else None)
        waits.append(seconds)
        return len(waits) > 1

    waits: list[float] = []
    monkeypatch.setattr(SyncJob, "run", run)
    monkeypatch.setattr(StopSignal, "wait", lambda stop, seconds: seconds < 60 and next_round(stop, seconds))
    source.publish(known(Cloud.CHINA))
    ran = cli(*command, "--cloud", "china", "--health", "health.json")
    assert ran.code == 0, ran.err
    assert "china: failed" in ran.err
    assert "china: committed" in ran.err
    assert json.loads((tmp_path / "health.json").read_text("utf-8"))["clouds"]["china"]["status"] == "committed"
