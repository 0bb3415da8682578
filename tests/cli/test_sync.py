"""`sync`: exit codes, what is said, and the decisions about held states."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from perimeter365.cli import sync
from perimeter365.errors import UpstreamError
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.sources.embedded import embedded
from tests.cli.conftest import Cli
from tests.history.upstream import Memory


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
    [["--accept", "1", "--reject", "1"], ["--health", "x"], ["--interval", "5"], ["--accept", "7"], ["--cloud", "mars"]],
)
def test_2_for_wrong_usage(words: list[str], cli: Cli, source: Memory) -> None:
    assert cli("sync", *words).code == 2


def test_a_watcher_is_ended_by_an_interrupt(
    cli: Cli, source: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(seconds: float) -> None:
        assert seconds >= 3600
        raise KeyboardInterrupt

    monkeypatch.setattr(
        "perimeter365.history.watch.watch.__kwdefaults__",
        {
            "interval": None,
            "rounds": None,
            "clock": None,
            "sleep": interrupted,
        },
    )
    source.say(known(Cloud.CHINA))
    ran = cli("sync", "--watch", "--cloud", "china", "--health", str(tmp_path / "health.json"))
    assert ran.code == 130
    assert json.loads((tmp_path / "health.json").read_text("utf-8"))["clouds"]["china"]["status"] == "committed"
