"""An installation looked at: what is not well is found."""

import json
import os
import sqlite3
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import disk_usage
from typing import Any

import pytest

from perimeter365.follow import doctor
from perimeter365.follow.doctor import exit_code, installation
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Reason
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.sources.diagnosis import FAIL, OK, WARN, Diagnosis
from perimeter365.store.place import store_exists
from perimeter365.store.store import Store

NOW = datetime(2030, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("PERIMETER365_STORE", "PERIMETER365_CATALOG"):
        monkeypatch.delenv(name, raising=False)


def looked_at(**more: Any) -> dict[str, Diagnosis]:
    """What is found, with the lists of the store in force if there is one, as for a `Workspace` of it."""
    store = more.get("store")
    there = store if store and store_exists(store) else None
    return {finding.id: finding for finding in installation(**{"now": NOW, "catalog": there, **more})}


def test_ids_are_stable_and_unique() -> None:
    found = installation(now=NOW)
    ids = [finding.id for finding in found]
    assert len(set(ids)) == len(ids)
    assert set(ids) == {
        *(f"runtime.{name}" for name in ("python", "sqlite", "openssl", "urllib3", "libraries")),
        *(f"extras.{name}" for name in ("mmdb", "notify", "parquet", "postgres")),
        *("path.data", "path.store", "catalog.age", "sync"),
        *(f"catalog.{cloud}" for cloud in Cloud),
    }


@pytest.mark.parametrize(
    ("version", "verdict"),
    [((3, 11, 13), WARN), ((3, 11, 14), OK), ((3, 12, 11), WARN), ((3, 13, 5), WARN), ((3, 13, 6), OK), ((3, 14, 0), OK)],
)
def test_a_python_with_the_quadratic_parser_is_named(
    version: tuple[int, int, int], verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    assert looked_at()["runtime.python"].verdict == verdict


@pytest.mark.parametrize(("version", "verdict"), [("2.6.2", FAIL), ("2.6.3", OK), ("2.10.0", OK), ("3.0", OK)])
def test_a_urllib3_that_expands_without_bound_is_named(version: str, verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = doctor.installed
    monkeypatch.setattr(doctor, "installed", lambda name: version if name == "urllib3" else real(name))
    found = looked_at()["runtime.urllib3"]
    assert (found.verdict, bool(found.remedy)) == (verdict, verdict == FAIL)


def test_what_is_missing_or_old_of_an_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    have = {"maxminddb": "2.6", "mmdb-writer": "", "netaddr": "1.2.9"}
    monkeypatch.setattr(doctor, "installed", lambda name: have.get(name, ""))
    found = looked_at()
    assert (
        found["extras.mmdb"].message == "maxminddb 2.6, netaddr 1.2.9; missing: mmdb-writer; netaddr 1.2.9 is older than 1.3"
    )
    assert found["extras.mmdb"].verdict == WARN
    assert (found["extras.parquet"].message, found["extras.parquet"].verdict) == ("not installed", OK)
    for extra in ("notify", "postgres"):
        assert (found[f"extras.{extra}"].message, found[f"extras.{extra}"].verdict) == ("not installed", OK)
        assert found[f"extras.{extra}"].remedy.startswith(f"pip install 'perimeter365[{extra}]' for ")


def test_a_library_that_every_installation_needs_and_is_missing_or_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = doctor.installed
    assert looked_at()["runtime.libraries"].verdict == OK
    monkeypatch.setattr(doctor, "installed", lambda name: "9.9" if name == "rich" else real(name))
    found = looked_at()["runtime.libraries"]
    assert (found.verdict, "rich 9.9 is older than 13.9" in found.message) == (WARN, True)
    monkeypatch.setattr(doctor, "installed", lambda name: "" if name == "truststore" else real(name))
    found = looked_at()["runtime.libraries"]
    assert (found.verdict, "missing: truststore" in found.message) == (FAIL, True)
    assert found.remedy == "pip install --upgrade perimeter365"


def test_a_disk_that_is_full_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "disk_usage", lambda path: disk_usage(path)._replace(free=1024))
    found = looked_at()["path.data"]
    assert (found.verdict, found.limit) == (WARN, "100 MB free")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "perimeter365").write_text("a file is in the way")
    found = looked_at()
    assert (found["path.data"].verdict, found["path.store"].verdict) == (FAIL, FAIL)
    assert found["path.data"].remedy


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_folder_that_others_may_write_is_told(tmp_path: Path) -> None:
    (tmp_path / "perimeter365").mkdir()
    (tmp_path / "perimeter365").chmod(0o777)
    assert "others may write there" in looked_at()["path.data"].message
    (tmp_path / "perimeter365").chmod(0o755)
    assert looked_at()["path.data"].verdict == OK


def test_constraints_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "bound.toml").write_text("shortest4 = 4")
    found = looked_at(constraints=str(tmp_path / "bound.toml"))["path.constraints"]
    assert (found.verdict, "shortest4" in found.message) == (FAIL, True)
    (tmp_path / "bound.toml").write_text("shortest4 = 12")
    assert looked_at(constraints=str(tmp_path / "bound.toml"))["path.constraints"].verdict == OK


def test_before_the_first_sync_that_is_said() -> None:
    assert (looked_at()["sync"].verdict, "never" in looked_at()["sync"].message) == (WARN, True)


def test_what_was_synced_when_is_said_for_each_cloud(place: str, recorded: tuple[State, ...]) -> None:
    with Store(place, clock=lambda: NOW) as store:
        store.commit(recorded[0])
        for cloud, days in ((Cloud.WORLDWIDE, 1), (Cloud.CHINA, 8)):
            store.set_note(f"sync.seen.{cloud}", (NOW - timedelta(days=days)).isoformat())
    found = looked_at(store=place)
    assert found["sync.worldwide"].message == "last success 2030-05-31 12:00 UTC"
    assert found["sync.worldwide"].verdict == OK
    assert (found["sync.china"].verdict, found["sync.china"].limit) == (WARN, "7 days since the last success")
    assert (found["sync.dod"].message, found["store"].message) == ("never", "holds together")
    assert found["catalog.worldwide"].message.startswith(f"{recorded[0].version}, live, ")
    assert (found["sync.held"].message, found["sync.notifications"].message) == ("none", "0 wait")


def test_held_states_pins_and_notifications_in_vain_are_said(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    place = str(tmp_path / "store.sqlite")
    with Store(place, clock=lambda: NOW) as store:
        store.commit(recorded[0], outbox=[("committed", {})])
        store.commit(recorded[1])
        store.pin(Cloud.WORLDWIDE, recorded[0].version)
        held = store.hold(recorded[2], [Reason(code="shrink", message=what) for what in ("names", "space")])
    with sqlite3.connect(place) as connection:
        connection.execute("UPDATE p365_outbox SET attempts = 3, problem = 'refused'")
    connection.close()
    found = looked_at(store=place)
    assert found["sync.held"].message == f"{held.id}: worldwide {recorded[2].version} (shrink)"
    assert (found["sync.held"].verdict, found["sync.held"].code) == (WARN, "P365-HELD")
    assert found["sync.worldwide"].verdict == WARN
    assert f"{recorded[0].version} is pinned" in found["sync.worldwide"].message
    assert found["sync.notifications"].message == "1 wait, 1 of them were tried in vain"


def test_a_store_that_does_not_hold_together_is_told(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    place = tmp_path / "store.sqlite"
    with Store(str(place), clock=lambda: NOW) as store:
        store.commit(recorded[0])
    with sqlite3.connect(place) as connection:
        connection.execute("DELETE FROM p365_intervals WHERE 1")
    connection.close()
    found = looked_at(store=str(place))["store"]
    assert (found.verdict, found.code) == (FAIL, "P365-STORE")
    place.write_bytes(b"something else")
    found = looked_at(store=str(place))["store"]
    assert (found.verdict, "is not a SQLite database" in found.message) == (FAIL, True)
    assert looked_at(store=str(place))["catalog"].code == "P365-STORE"


def test_the_health_of_a_watcher_is_told(tmp_path: Path) -> None:
    path = tmp_path / "health.json"
    assert looked_at(health=path)["sync.watch"].message == "health.json is not there"
    clouds = {"worldwide": {"status": "unchanged", "version": "", "success": NOW.isoformat()}}
    path.write_text(json.dumps({"interval": 3600, "written": NOW.isoformat(), "clouds": clouds}))
    assert looked_at(health=path)["sync.watch"].verdict == OK
    late = looked_at(health=path, now=NOW + timedelta(hours=3))["sync.watch"]
    assert (late.verdict, late.limit) == (FAIL, "twice the interval")


@pytest.mark.parametrize(
    ("failing", "code"), [((), 0), (("network.answer",), 3), (("store",), 1), (("network.dns", "path.data"), 1)]
)
def test_the_exit_code_says_whether_something_fails_and_where(failing: tuple[str, ...], code: int) -> None:
    findings = [
        Diagnosis(id="sync.held", message="", verdict=WARN),
        *(Diagnosis(id=id, message="", verdict=FAIL) for id in failing),
    ]
    assert exit_code(findings) == code


def test_a_live_version_of_the_future_is_no_defect(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    place = str(tmp_path / "store.sqlite")
    with Store(place, clock=lambda: NOW) as store:
        store.commit(replace(recorded[0], version=Version("2030060200")))
    assert looked_at(store=place)["catalog.age"].verdict == OK


def test_a_version_without_a_day_has_no_age(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    place = str(tmp_path / "store.sqlite")
    with Store(place, clock=lambda: NOW) as store:
        store.commit(replace(recorded[0], version=Version("9999999999")))
    assert looked_at(store=place)["catalog.worldwide"].message == "9999999999, live"
