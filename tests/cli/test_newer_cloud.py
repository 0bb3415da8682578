"""A cloud that is newer than this release, from the report of `sync` to a plan."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.model.version import Version
from tests.cli.conftest import Cli
from tests.cli.test_sync import known
from tests.history.upstream import MemoryUpstream
from tests.model.samples import endpoint_set

NEWLAND = Cloud.named("newland")


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> MemoryUpstream:
    made = MemoryUpstream()
    take: Callable[..., MemoryUpstream] = lambda *_, **__: made  # noqa: E731
    monkeypatch.setattr("perimeter365.follow.round.WebService", take)
    sets = (endpoint_set(1, cloud=NEWLAND),)
    made.publish(known(Cloud.WORLDWIDE), State(cloud=NEWLAND, version=Version("2026110100"), origin="live", sets=sets))
    return made


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text('[organization]\nclouds = ["newland"]\n[roles]\nclient = ["10.0.0.0/8"]\n', "utf-8")
    return path


def test_sync_reports_it_and_says_how_to_follow_it(cli: Cli, source: MemoryUpstream) -> None:
    ran = cli("sync", "--json")
    assert ran.code == 0
    assert {o["cloud"]: o["status"] for o in json.loads(ran.out)}["newland"] == "available"
    assert "newland: available 2026110100" in ran.err
    assert "`perimeter365 sync --cloud newland` follows it" in ran.err


def test_it_can_be_followed_and_planned_without_a_release(cli: Cli, source: MemoryUpstream, own: Path) -> None:
    assert "unknown cloud 'newland'" in cli("plan", str(own)).err
    assert cli("versions", "--cloud", "newland").code == 2
    assert cli("sync", "--cloud", "NewLand").code == 0
    plan = json.loads(cli("plan", str(own), "--format", "json").out)
    assert plan["catalog"] == {"newland": {"version": "2026110100", "origin": "live"}}
    assert [flow["id"] for flow in plan["flows"]] == ["ws/newland/1"]
    assert [v["cloud"] for v in json.loads(cli("versions", "--cloud", "newland", "--json").out)] == ["newland"]
    assert cli("render", "nftables", "--profile", str(own), "-o", "out").code == 0
    assert "ws/newland/1" in Path("out/nftables/perimeter365.nft").read_text("utf-8")
    assert "ws/newland/1" in cli("show", "ws/newland/1").out
    assert "ws/newland/1" in cli("lookup", "131.107.113.1", "--cloud", "newland").out
    assert cli("sync", "--json").code == 0, "followed from now on"
    assert cli("export", "carried").code == 0
    assert cli("sync", "--from", "carried", "--store", "other.sqlite", "--cloud", "newland").code == 0


@pytest.mark.parametrize("command", ["sync", "plan"])
def test_a_wrong_name_is_refused_with_the_nearest(command: str, cli: Cli, source: MemoryUpstream, own: Path) -> None:
    assert cli("sync", "--cloud", "newland").code == 0
    own.write_text('[organization]\nclouds = ["newlamd"]\n', "utf-8")
    ran = cli("sync", "--cloud", "newlamd") if command == "sync" else cli("plan", str(own))
    assert ran.code == 2
    assert "did you mean 'newland'" in ran.err
