"""Diagnosis of an installation: each problem has a finding."""

import json
import os
import sqlite3
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from shutil import disk_usage
from typing import Any

import pytest

from perimeter365.follow import doctor
from perimeter365.follow.doctor import check_installation, exit_code
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.finding import Reason
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.sources.diagnosis import FAIL, OK, WARN, Diagnosis
from perimeter365.sources.witness import NOTE, embedded_witness, to_text
from perimeter365.store.place import store_exists
from perimeter365.store.store import Store

NOW = datetime(2030, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("PERIMETER365_STORE", "PERIMETER365_CATALOG"):
        monkeypatch.delenv(name, raising=False)


def findings_of(**more: Any) -> dict[str, Diagnosis]:
    """Diagnosiss by id, with the lists in force of the store if it exists, as for a `Workspace` of it."""
    store = more.get("store")
    there = store if store and store_exists(store) else None
    return {finding.id: finding for finding in check_installation(**{"now": NOW, "catalog": there, **more})}


def test_ids_are_stable_and_unique() -> None:
    found = check_installation(now=NOW)
    ids = [finding.id for finding in found]
    assert len(set(ids)) == len(ids)
    assert set(ids) == {
        *(f"runtime.{name}" for name in ("python", "sqlite", "openssl", "urllib3", "libraries")),
        *(f"extras.{name}" for name in ("mmdb", "notify", "parquet", "postgres", "serve")),
        *("path.data", "path.store", "sync"),
        *(f"catalog.{cloud}" for cloud in CLOUDS),
        "witness",
    }


@pytest.mark.parametrize(
    ("version", "verdict"),
    [((3, 11, 13), WARN), ((3, 11, 14), OK), ((3, 12, 11), WARN), ((3, 13, 5), WARN), ((3, 13, 6), OK), ((3, 14, 0), OK)],
)
def test_a_python_with_the_quadratic_html_parser_is_reported(
    version: tuple[int, int, int], verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    assert findings_of()["runtime.python"].verdict == verdict


@pytest.mark.parametrize(("version", "verdict"), [("2.6.2", FAIL), ("2.6.3", OK), ("2.10.0", OK), ("3.0", OK)])
def test_a_urllib3_that_decompresses_without_limit_is_reported(
    version: str, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = doctor.installed_version
    monkeypatch.setattr(doctor, "installed_version", lambda name: version if name == "urllib3" else real(name))
    found = findings_of()["runtime.urllib3"]
    assert (found.verdict, bool(found.remedy)) == (verdict, verdict == FAIL)


def test_missing_and_outdated_libraries_of_an_extra_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    have = {"maxminddb": "2.6", "mmdb-writer": "", "netaddr": "1.2.9"}
    monkeypatch.setattr(doctor, "installed_version", lambda name: have.get(name, ""))
    found = findings_of()
    assert (
        found["extras.mmdb"].message == "maxminddb 2.6, netaddr 1.2.9; missing: mmdb-writer; netaddr 1.2.9 is older than 1.3"
    )
    assert found["extras.mmdb"].verdict == WARN
    assert (found["extras.parquet"].message, found["extras.parquet"].verdict) == ("not installed", OK)
    for extra in ("notify", "postgres"):
        assert (found[f"extras.{extra}"].message, found[f"extras.{extra}"].verdict) == ("not installed", OK)
        assert found[f"extras.{extra}"].remedy.startswith(f"pip install 'perimeter365[{extra}]' for ")


def test_missing_and_outdated_required_libraries_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    real = doctor.installed_version
    assert findings_of()["runtime.libraries"].verdict == OK
    monkeypatch.setattr(doctor, "installed_version", lambda name: "9.9" if name == "rich" else real(name))
    found = findings_of()["runtime.libraries"]
    assert (found.verdict, "rich 9.9 is older than 13.9" in found.message) == (WARN, True)
    monkeypatch.setattr(doctor, "installed_version", lambda name: "" if name == "truststore" else real(name))
    found = findings_of()["runtime.libraries"]
    assert (found.verdict, "missing: truststore" in found.message) == (FAIL, True)
    assert found.remedy == "pip install --upgrade perimeter365"


def test_a_full_disk_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "disk_usage", lambda path: disk_usage(path)._replace(free=1024))
    found = findings_of()["path.data"]
    assert (found.verdict, found.limit) == (WARN, "100 MB free")


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "perimeter365").write_text("a file is in the way")
    found = findings_of()
    assert (found["path.data"].verdict, found["path.store"].verdict) == (FAIL, FAIL)
    assert found["path.data"].remedy


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_folder_that_other_users_can_write_is_reported(tmp_path: Path) -> None:
    (tmp_path / "perimeter365").mkdir()
    (tmp_path / "perimeter365").chmod(0o777)
    assert "writable by other users" in findings_of()["path.data"].message
    (tmp_path / "perimeter365").chmod(0o755)
    assert findings_of()["path.data"].verdict == OK


def test_invalid_constraints_are_reported(tmp_path: Path) -> None:
    (tmp_path / "bound.toml").write_text("shortest4 = 4")
    found = findings_of(constraints=str(tmp_path / "bound.toml"))["path.constraints"]
    assert (found.verdict, "shortest4" in found.message) == (FAIL, True)
    (tmp_path / "bound.toml").write_text("shortest4 = 12")
    assert findings_of(constraints=str(tmp_path / "bound.toml"))["path.constraints"].verdict == OK


@pytest.mark.parametrize(("age", "verdict"), [(0, OK), (120, OK), (121, WARN)])
def test_an_old_witness_is_reported_with_the_pages_of_newer_files(age: int, verdict: str) -> None:
    day = embedded_witness().day
    found = findings_of(now=datetime.combine(day, time(12), UTC) + timedelta(days=age))["witness"]
    assert found.message.startswith(f"{day}, embedded (PublicIPs {day}, Public 2025-11-17, ")
    assert found.verdict == verdict
    for number in (53602, 56519, 57063, 57062):
        assert (f"https://www.microsoft.com/download/details.aspx?id={number}" in found.remedy) is (verdict == WARN)


def test_a_refreshed_witness_and_a_damaged_one_are_reported(tmp_path: Path) -> None:
    place = str(tmp_path / "store.sqlite")
    public = embedded_witness().sources[0]
    with Store(place) as store:
        store.set_note(NOTE, to_text([replace(public, day=date(2027, 1, 1))]))
    assert findings_of(store=place)["witness"].message.startswith("2027-01-01, refreshed (")
    with Store(place) as store:
        store.set_note(NOTE, "[")
    found = findings_of(store=place)["witness"]
    assert (found.verdict, found.code) == (FAIL, "P365-STORE")
    assert "`perimeter365 sync --witness FILE`" in found.remedy


def test_a_missing_store_is_reported_as_never_synced() -> None:
    assert (findings_of()["sync"].verdict, "never" in findings_of()["sync"].message) == (WARN, True)


def test_the_last_success_of_each_cloud_is_reported(place: str, recorded: tuple[State, ...]) -> None:
    with Store(place, clock=lambda: NOW) as store:
        store.commit(recorded[0])
        for cloud, days in ((Cloud.WORLDWIDE, 1), (Cloud.CHINA, 8)):
            store.set_note(f"sync.seen.{cloud}", (NOW - timedelta(days=days)).isoformat())
    found = findings_of(store=place)
    assert found["sync.worldwide"].message == "last success 2030-05-31 12:00 UTC"
    assert found["sync.worldwide"].verdict == OK
    assert (found["sync.china"].verdict, found["sync.china"].limit) == (WARN, "7 days since the last success")
    assert found["store"].message == "consistent"
    assert "sync.dod" not in found, "nobody has to follow each cloud"
    assert {id for id in found if id.startswith("catalog.")} == {"catalog.worldwide", "catalog.germany-2021"}
    chosen = findings_of(store=place, clouds=[Cloud.DOD, Cloud.WORLDWIDE])
    assert (chosen["sync.dod"].verdict, chosen["sync.dod"].message) == (WARN, "never: the embedded list is in force")
    assert (chosen["catalog.dod"].verdict, "sync.china" in chosen) == (WARN, False)
    assert findings_of(store=place, clouds=[Cloud.CHINA], stale=8)["sync.china"].verdict == OK
    assert found["catalog.worldwide"].message.startswith(f"{recorded[0].version}, live, ")
    assert (found["sync.held"].message, found["sync.notifications"].message) == ("none", "0 pending")


def test_held_states_pins_and_failed_notifications_are_reported(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    place = str(tmp_path / "store.sqlite")
    with Store(place, clock=lambda: NOW) as store:
        store.commit(recorded[0], outbox=[("committed", {})])
        store.commit(recorded[1])
        store.pin(Cloud.WORLDWIDE, recorded[0].version)
        held = store.add_held(recorded[2], [Reason(code="shrink", message=what) for what in ("names", "space")])
        for _ in range(3):
            store.mark_undelivered(store.pending()[0].id, "refused")
    found = findings_of(store=place)
    assert found["sync.held"].message == f"{held.id}: the list of worldwide {recorded[2].version} (shrink)"
    assert (found["sync.held"].verdict, found["sync.held"].code) == (WARN, "P365-HELD")
    assert found["sync.worldwide"].verdict == WARN
    assert f"{recorded[0].version} is pinned" in found["sync.worldwide"].message
    assert found["sync.notifications"].message == "1 pending, 1 of them failed before"


def test_an_inconsistent_store_is_reported(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    place = tmp_path / "store.sqlite"
    with Store(str(place), clock=lambda: NOW) as store:
        store.commit(recorded[0])
    with sqlite3.connect(place) as connection:
        connection.execute("DELETE FROM p365_intervals WHERE 1")
    connection.close()
    found = findings_of(store=str(place))["store"]
    assert (found.verdict, found.code) == (FAIL, "P365-STORE")
    place.write_bytes(b"something else")
    found = findings_of(store=str(place))["store"]
    assert (found.verdict, "is not a SQLite database" in found.message) == (FAIL, True)
    assert findings_of(store=str(place))["catalog"].code == "P365-STORE"


def test_a_head_that_points_nowhere_is_reported(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    place = tmp_path / "store.sqlite"
    with Store(str(place), clock=lambda: NOW) as store:
        store.commit(recorded[0])
    with sqlite3.connect(place) as connection:
        connection.execute("UPDATE p365_heads SET version = '2030010700'")
        connection.execute("DELETE FROM p365_notes WHERE key = 'seal'")
    connection.close()
    found = findings_of(store=str(place), catalog=str(place))
    for name in ("store", "catalog"):
        assert (found[name].verdict, "worldwide, 2030010700, is not stored" in found[name].message) == (FAIL, True)
    assert "perimeter365 pin VERSION --cloud worldwide" in found["catalog"].remedy


def test_the_health_of_a_watcher_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "health.json"
    assert findings_of(health=path)["sync.watch"].message == "health.json does not exist"
    clouds = {"worldwide": {"status": "unchanged", "version": "", "success": NOW.isoformat()}}
    path.write_text(json.dumps({"interval": 3600, "written": NOW.isoformat(), "clouds": clouds}))
    assert findings_of(health=path)["sync.watch"].verdict == OK
    late = findings_of(health=path, now=NOW + timedelta(hours=3))["sync.watch"]
    assert (late.verdict, late.limit) == (FAIL, "twice the interval")


@pytest.mark.parametrize(
    ("failing", "code"), [((), 0), (("network.answer",), 3), (("store",), 1), (("network.dns", "path.data"), 1)]
)
def test_the_exit_code_depends_on_the_failing_groups(failing: tuple[str, ...], code: int) -> None:
    findings = [
        Diagnosis(id="sync.held", message="", verdict=WARN),
        *(Diagnosis(id=id, message="", verdict=FAIL) for id in failing),
    ]
    assert exit_code(findings) == code


def test_a_live_version_in_the_future_is_not_an_error(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    place = str(tmp_path / "store.sqlite")
    with Store(place, clock=lambda: NOW) as store:
        store.commit(replace(recorded[0], version=Version("2030060200")))
    assert findings_of(store=place)["catalog.worldwide"].verdict == OK


def test_a_version_without_a_day_has_no_age(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    place = str(tmp_path / "store.sqlite")
    with Store(place, clock=lambda: NOW) as store:
        store.commit(replace(recorded[0], version=Version("9999999999")))
    assert findings_of(store=place)["catalog.worldwide"].message == "9999999999, live"
