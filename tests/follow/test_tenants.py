"""The tenants of a folder: lists that are not in force, announced entries, and many profiles."""

from datetime import date
from pathlib import Path

import pytest

from perimeter365.errors import InputError
from perimeter365.follow import tenants as module
from perimeter365.follow.tenants import tenants
from perimeter365.model.cloud import Cloud
from perimeter365.store.store import Store
from perimeter365.workspace import Workspace
from tests.cli.conftest import Cli, cli
from tests.cli.dated import GONE, NEW, PROFILE, sync_moved, sync_twice

__all__ = ["cli"]

TODAY = date(2030, 6, 12)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "tenants"
    made.mkdir()
    (made / "a.toml").write_text(PROFILE)
    return made


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "data"))
    sync_twice()
    return Workspace()


def test_announced_entries_are_counted_with_the_first_day(store: Workspace, folder: Path) -> None:
    (tenant,) = tenants(store, folder, at=TODAY)
    assert (tenant.announced, tenant.first) == (1, date(2030, 7, 1))
    assert tenant.oldest is not None
    assert str(tenant.oldest.cloud) == "worldwide"
    assert {*tenant.to_dict()["ages"]} == {str(cloud) for cloud in tenant.versions}
    assert tenant.changes == ()


def test_a_list_that_a_pin_keeps_out_of_force_is_compared(store: Workspace, folder: Path) -> None:
    with Store() as opened:
        opened.pin(Cloud.WORLDWIDE, "2030060100")
    (tenant,) = tenants(store, folder, at=TODAY)
    assert tenant.coming == {Cloud.WORLDWIDE: "2030061000 not in force"}
    text = " ".join(tenant.changes)
    assert f"closes 1 prefix for Teams media (ws/worldwide/11): {GONE}" in text
    assert f"(ws/worldwide/1): {NEW}" in text


def test_many_profiles_in_several_processes_are_the_same_lines(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        text = PROFILE.replace("mailbox-migration", "federation-sts") if number % 2 else PROFILE
        (folder / f"t{number}.toml").write_text(text)
    (folder / "z.toml").write_text("clouds = 1")
    alone = tenants(Workspace(catalog="embedded"), folder)
    monkeypatch.setattr(module, "ALONE", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    done: list[tuple[int, int]] = []
    together = tenants(Workspace(catalog="embedded"), folder, progress=lambda number, of: done.append((number, of)))
    assert [t.to_dict() for t in together] == [t.to_dict() for t in alone]
    assert done == [(n, 8) for n in range(1, 9)]
    assert together[0].file == "z.toml"
    assert [len(t.decisions) for t in together[1:]] == sorted((len(t.decisions) for t in together[1:]), reverse=True)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        tenants(Workspace(catalog="embedded"), tmp_path / "none")


def test_a_list_that_would_leave_a_tenant_nothing_is_an_error(cli: Cli, folder: Path) -> None:
    sync_moved()
    (folder / "0.toml").write_text(PROFILE.replace("worldwide", "china"))
    with Store() as opened:
        opened.pin(Cloud.WORLDWIDE, "2030060100")
    first, second = tenants(Workspace(), folder)
    assert (first.file, len(first.emptied), second.emptied) == ("a.toml", 1, ())
    for words in ((str(folder),), (str(folder / "a.toml"), "--against", "2030061000"), (str(folder), "--format", "json")):
        ran = cli("plan", *words)
        assert ran.code == 2
        assert "error[P365-EMPTYPLAN]: " in ran.err
        assert "no outbound flow in worldwide any more" in ran.err
        assert ran.out, "what changes is printed first"
