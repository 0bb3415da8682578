"""Export and import of lists for networks without internet access, with an upstream over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from perimeter365.atomic import replace
from perimeter365.errors import InputError, UpstreamError
from perimeter365.follow import carry
from perimeter365.follow.carry import export, import_older, with_older_lists
from perimeter365.history.reference import of_catalog
from perimeter365.history.sync import FAILED, UNCHANGED, Outcome, accept, sync
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.state import State
from perimeter365.sources.embedded import embedded
from perimeter365.sources.files import SUMS, FileSource
from perimeter365.sources.web_service import WebService
from perimeter365.store.store import Store
from perimeter365.wire import write
from perimeter365.wire.read import parse_endpoints
from tests.history.script import EMBEDDED, ScriptedUpstream

W, C = Cloud.WORLDWIDE, Cloud.CHINA
NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)
GUID = "b10c5ed1-bad1-445f-b386-b919946339a7"


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedUpstream]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ScriptedUpstream() as server:
        yield server


@pytest.fixture
def connected(upstream: ScriptedUpstream, tmp_path: Path) -> Iterator[Store]:
    """A SQLite store that has synced four versions of two clouds."""
    with following(str(tmp_path / "connected.sqlite"), upstream, tmp_path) as store:
        yield store


@contextmanager
def following(place: str, upstream: ScriptedUpstream, tmp_path: Path) -> Iterator[Store]:
    with Store(place, clock=lambda: NOW) as store:

        def follow() -> None:
            service = WebService(upstream.url, client_id=GUID, folder=tmp_path / f"web{len(upstream.log)}")
            assert {o.status for o in sync(store, service, [W, C], base=embedded())} <= {"committed", "unchanged"}

        follow()
        upstream.add(W, "2026090100", "one.carry.msn.com", "48.160.0.0/24")
        follow()
        upstream.add(W, "2026091500", "two.carry.msn.com", "48.160.1.0/24", effective="20261101")
        upstream.add(C, "2026091600", "three.carry.msn.com", "48.160.2.0/24")
        follow()
        yield store


def facts(store: Store) -> object:
    """The lists of a store, without their origin."""
    return {
        cloud: (
            [(v.version, v.hash) for v in store.versions(cloud)],
            [store.state(cloud, v.version).body for v in store.versions(cloud)],
            store.records(cloud),
            store.effective(cloud),
            [force.version for force in store.in_force() if force.cloud is cloud],
        )
        for cloud in (W, C)
    }


def accepted(folder: Path) -> dict[Cloud, str]:
    """The newest versions of a folder; {} if it is rejected."""
    try:
        return {cloud: FileSource(folder).version(cloud) for cloud in (W, C)}
    except UpstreamError:
        return {}


def imported(folder: Path, place: str) -> Store:
    """A store that has imported a folder."""
    store = Store(place, clock=lambda: NOW)
    source = FileSource(folder)
    assert [o.status for o in sync(store, source, source.clouds, base=embedded())] == ["committed", "committed"]
    for cloud in source.clouds:
        import_older(store, source, cloud)
    return store


def test_an_imported_store_equals_the_exported_one(place: str, upstream: ScriptedUpstream, tmp_path: Path) -> None:
    with following(place, upstream, tmp_path) as connected:
        done = export(connected, tmp_path / "out")
        assert done.to_dict() == {"lists": {"worldwide": 3, "china": 2}, "written": 8, "unchanged": 0, "removed": 0}
        _compare(connected, tmp_path)


def _compare(connected: Store, tmp_path: Path) -> None:
    with imported(tmp_path / "out", str(tmp_path / "air.sqlite")) as store:
        assert facts(store) == facts(connected)
        assert len(store.records(W)) == 2
        assert {day.isoformat() for day in store.effective(W).values()} == {"2026-10-01", "2026-11-01"}
        assert import_older(store, FileSource(tmp_path / "out"), W) == 0


def test_a_postponed_effective_date_is_the_same_on_both_sides(upstream: ScriptedUpstream, tmp_path: Path) -> None:
    """The connected store received the two records in two syncs, the other one receives both in one import."""
    with following(str(tmp_path / "connected.sqlite"), upstream, tmp_path) as connected:
        record = {**upstream.records[W][-1], "id": 2000, "version": "2026092000"}
        record["add"] = {**record["add"], "effectiveDate": "20261224"}
        upstream.publish(W, "2026092000", [*upstream.lists[W][:-1], {**upstream.lists[W][-1], "notes": "x"}], record)
        service = WebService(upstream.url, client_id=GUID, folder=tmp_path / "web")
        assert sync(connected, service, [W], base=embedded())[0].error is None
        assert connected.effective(W)[record["endpointSetId"], "two.carry.msn.com"] == date(2026, 12, 24)
        export(connected, tmp_path / "out")
        with imported(tmp_path / "out", str(tmp_path / "air.sqlite")) as store:
            assert store.effective(W) == connected.effective(W)


def test_the_same_store_gives_the_same_bytes(connected: Store, tmp_path: Path) -> None:
    export(connected, tmp_path / "a")
    export(connected, tmp_path / "b")
    files = {p.relative_to(tmp_path / "a"): p.read_bytes() for p in (tmp_path / "a").rglob("*") if p.is_file()}
    assert files == {p.relative_to(tmp_path / "b"): p.read_bytes() for p in (tmp_path / "b").rglob("*") if p.is_file()}
    stamps = {p: p.stat().st_mtime_ns for p in (tmp_path / "a").rglob("*") if p.is_file()}
    again = export(connected, tmp_path / "a")
    assert (again.written, again.unchanged, again.removed) == (0, 8, 0)
    assert stamps == {p: p.stat().st_mtime_ns for p in stamps}
    few = export(connected, tmp_path / "a", [W], last=1)
    assert (few.lists, few.removed) == ({W: 1}, 5)
    assert {p.name for p in (tmp_path / "a").iterdir()} == {"Worldwide", SUMS}
    assert FileSource(tmp_path / "a").versions(W) == ("2026091500",)


def test_a_pinned_version_is_the_newest_in_the_export(connected: Store, tmp_path: Path) -> None:
    connected.pin(W, "2026090100")
    export(connected, tmp_path / "out")
    source = FileSource(tmp_path / "out")
    assert source.versions(W) == ("2026080200", "2026090100")
    assert [r.version for r in source.changes(W, "0000000000")] == ["2026090100"]


def test_gates_hold_an_imported_state_until_a_person_decides(
    connected: Store, upstream: ScriptedUpstream, tmp_path: Path
) -> None:
    export(connected, tmp_path / "out")
    with imported(tmp_path / "out", str(tmp_path / "air.sqlite")) as air:
        upstream.publish(W, "2026092000", upstream.lists[W][10:])
        service = WebService(upstream.url, client_id=GUID, folder=tmp_path / "web")
        (held,) = sync(connected, service, [W], base=embedded())
        assert held.held
        assert export(connected, tmp_path / "out").written == 0
        accept(connected, held.held.id, base=embedded())
        export(connected, tmp_path / "out")
        before = air.head(W)
        (there,) = sync(air, FileSource(tmp_path / "out"), [W], base=embedded())
        assert there.status == "held"
        assert there.held
        assert air.head(W) == before
        accept(air, there.held.id, base=embedded())
        assert air.head(W) == connected.head(W)


def test_an_older_folder_is_rejected(connected: Store, tmp_path: Path) -> None:
    export(connected, tmp_path / "new")
    connected.pin(W, "2026090100")
    export(connected, tmp_path / "old")
    with imported(tmp_path / "new", str(tmp_path / "air.sqlite")) as air:
        before = facts(air)
        outcome = sync(air, FileSource(tmp_path / "old"), [W], base=embedded())[0]
        assert outcome.error
        assert "upstream went back from version 2026091500 to 2026090100" in outcome.error.message
        assert facts(air) == before


def test_a_damaged_folder_changes_nothing(connected: Store, tmp_path: Path) -> None:
    export(connected, tmp_path / "out")
    with imported(tmp_path / "out", str(tmp_path / "air.sqlite")) as air:
        before, waiting = facts(air), air.pending()
        path = tmp_path / "out" / "China" / "2026091600.json"
        path.write_bytes(path.read_bytes().replace(b"443", b"445", 1))
        for outcome in sync(air, FileSource(tmp_path / "out"), [W, C], base=embedded()):
            assert outcome.status == "failed"
            assert outcome.exit_code == 3
            assert outcome.error
            assert "China/2026091600.json does not match its sum in SHA256SUMS" in outcome.error.message
        assert (facts(air), air.pending()) == (before, waiting)


def test_an_incomplete_export_is_rejected_or_the_old_one(
    connected: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second export fails at each of its files in turn."""
    for at in range(1, 9):
        folder = tmp_path / f"out{at}"
        connected.pin(W, "2026090100")
        connected.pin(C, EMBEDDED[C])
        export(connected, folder)
        connected.unpin(W)
        connected.unpin(C)
        calls = iter(range(1, 100))

        def failing(path: Path, data: bytes, *, staging: Path, at: int = at, calls: Iterator[int] = calls) -> bool:
            if next(calls) == at:
                raise OSError(28, "No space left on device")
            return replace(path, data, staging=staging)

        monkeypatch.setattr(carry, "replace", failing)
        with pytest.raises(OSError, match="No space left"):
            export(connected, folder)
        monkeypatch.setattr(carry, "replace", replace)
        assert accepted(folder) in ({W: "2026090100", C: EMBEDDED[C]}, {})
        export(connected, folder)
        assert FileSource(folder).version(W) == "2026091500"
        assert {p.name for p in folder.iterdir()} == {"Worldwide", "China", SUMS}


def test_files_that_are_not_part_of_an_export_are_never_removed(connected: Store, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match=r"thesis\.txt is not part of an export"):
        export(connected, tmp_path / "home")
    assert [p.name for p in (tmp_path / "home").iterdir()] == ["thesis.txt"]
    (tmp_path / "git" / ".git").mkdir(parents=True)
    (tmp_path / "git" / ".git" / "config").write_text("[core]\n")
    export(connected, tmp_path / "git")
    assert FileSource(tmp_path / "git").version(C) == "2026091600"
    assert (tmp_path / "git" / ".git" / "config").read_text() == "[core]\n"
    with pytest.raises(InputError, match="is not a folder"):
        export(connected, tmp_path / "home" / "thesis.txt")


def test_without_a_sync_there_is_nothing_to_export(tmp_path: Path, recorded: tuple[State, ...]) -> None:
    with Store(str(tmp_path / "s.sqlite")) as store:
        store.add(recorded)
        with pytest.raises(InputError, match="nothing was synced"):
            export(store, tmp_path / "out")
        with pytest.raises(InputError, match="china was never synced"):
            export(store, tmp_path / "out", [C])
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_written_list_reads_back_as_the_same_state(cloud: Cloud) -> None:
    state = of_catalog(embedded(), cloud)
    read = State(cloud=cloud, version=state.version, origin="live", sets=parse_endpoints(write.endpoints(state.sets), cloud))
    assert read.hash == state.hash


def test_an_error_in_older_lists_is_a_note_and_not_a_failure(connected: Store, tmp_path: Path) -> None:
    export(connected, tmp_path / "out")
    fine = Outcome(cloud=W, status=UNCHANGED)
    assert with_older_lists(connected, FileSource(tmp_path / "out"), [fine]) == (fine,)
    (tmp_path / "out" / SUMS).unlink()
    failed = Outcome(cloud=C, status=FAILED, error=UpstreamError("it was damaged before"))
    noted, same = with_older_lists(connected, FileSource(tmp_path / "out"), [fine, failed])
    assert (noted.status, noted.error, same) == (UNCHANGED, None, failed)
    (note,) = noted.notes
    assert note.startswith("older lists were not imported: ")
    assert SUMS in note


def test_only_a_folder_has_older_lists(connected: Store, upstream: ScriptedUpstream, tmp_path: Path) -> None:
    asked = len(upstream.log)
    outcome = Outcome(cloud=W, status=UNCHANGED)
    assert with_older_lists(connected, WebService(upstream.url, folder=tmp_path / "web"), [outcome]) == (outcome,)
    assert len(upstream.log) == asked
