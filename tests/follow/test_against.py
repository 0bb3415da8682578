"""A plan against another profile or version: which plans are compared."""

from datetime import date
from pathlib import Path

import pytest

from perimeter365.errors import InputError, ProfileError, UnknownNameError
from perimeter365.follow.against import plan_against
from perimeter365.model.cloud import Cloud
from perimeter365.plan.profile import parse_profile
from perimeter365.store.store import Store
from perimeter365.workspace import Workspace
from tests.cli.dated import GONE, PROFILE, sync_moved, sync_twice


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "data"))
    sync_twice()
    return Workspace()


def test_a_version_is_compared_as_microsoft_published_it(store: Workspace) -> None:
    found = plan_against(store, parse_profile(PROFILE), "2030060100", at=date(2030, 6, 12))
    assert (found.old.dates, found.new.dates) == ((), ())
    media = next(c for c in found.diff.flows if c.flow.id == "ws/worldwide/11")
    assert [str(p) for p in media.opened] == [GONE]
    assert {c.flow.id for c in found.diff.flows if c.before is None} == {"ws/worldwide/47"}


def test_the_same_profile_changes_nothing(store: Workspace, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(PROFILE)
    found = plan_against(store, parse_profile(PROFILE), str(tmp_path / "p.toml"))
    assert not found.diff
    assert found.to_dict()["from"] == found.to_dict()["to"]


def test_a_list_of_another_cloud_is_an_error(store: Workspace) -> None:
    china = parse_profile(PROFILE.replace("worldwide", "china"))
    with pytest.raises(InputError, match="no list of china"):
        plan_against(store, china, "2030060100")
    assert plan_against(store, china, "embedded").new.versions.keys() == {Cloud.CHINA}


def test_an_unknown_version_and_an_invalid_profile_are_errors(store: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError):
        plan_against(store, parse_profile(PROFILE), "2020010100")
    (tmp_path / "p.toml").write_text("clouds = 1")
    with pytest.raises(ProfileError):
        plan_against(store, parse_profile(PROFILE), str(tmp_path / "p.toml"))


def test_a_version_or_profile_that_leaves_nothing_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "data"))
    sync_moved()
    workspace, ours = Workspace(), parse_profile(PROFILE)
    assert plan_against(workspace, ours, "2030060100").emptied == (), "from nothing to something"
    with Store() as store:
        store.pin(Cloud.WORLDWIDE, "2030060100")
    found = plan_against(workspace, ours, "2030061000")
    assert "44 more" not in found.emptied[0]
    assert "worldwide/31, worldwide/32, worldwide/35 and 3 more moved from sharepoint to intune" in found.emptied[0]
    assert found.to_dict()["emptied"] == list(found.emptied)
    (tmp_path / "p.toml").write_text(PROFILE.replace("[select]", "[select]\nservice_areas = []"))
    (text,) = plan_against(workspace, ours, str(tmp_path / "p.toml")).emptied
    assert "[select] has service_areas none" in text
