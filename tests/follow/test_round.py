"""Sync rounds from Python, with a custom reporter."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from perimeter365.errors import HeldError, InputError, OutputError, Perimeter365Error, UnknownNameError, UpstreamError
from perimeter365.follow.round import Reporter, RoundReport, SyncJob, admit, make_source, scratch_folder
from perimeter365.follow.watch import StopSignal
from perimeter365.history.sync import ABSENT, AVAILABLE, COMMITTED, HELD, Outcome
from perimeter365.history.tell.notify import Delivery
from perimeter365.model.cloud import OPERATED, Cloud
from perimeter365.model.host import HostPattern
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.plan.profile import parse_profile
from perimeter365.sources.embedded import embedded
from perimeter365.sources.files import FileSource
from perimeter365.sources.web_service import WebService
from perimeter365.store.store import Store
from tests.history.upstream import MemoryUpstream
from tests.model.samples import endpoint_set


def known(version: str = "2026081000", without: int = 0) -> State:
    sets = [s for s in embedded().endpoint_sets(Cloud.CHINA) if s.id < 9000]
    return State(cloud=Cloud.CHINA, version=Version(version), origin="live", sets=tuple(sets[without:]))


class Recorder(Reporter):
    """Records all reports."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.statuses: list[str] = []
        self.all: list[Outcome] = []
        self.feeds: list[Path] = []
        self.problems: list[Perimeter365Error | OSError] = []
        self.notes: list[str] = []

    def progress(self, text: str) -> None:
        self.steps.append(text)

    def outcomes(self, outcomes: Sequence[Outcome]) -> None:
        self.statuses += [outcome.status for outcome in outcomes]
        self.all += outcomes

    def finished(self, report: RoundReport) -> None:
        self.feeds += report.feeds

    def note(self, text: str) -> None:
        self.notes.append(text)

    def problem(self, error: Perimeter365Error | OSError) -> None:
        self.problems.append(error)


@pytest.fixture
def source() -> MemoryUpstream:
    made = MemoryUpstream()
    made.publish(known())
    return made


@pytest.fixture
def local(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "s.sqlite"))


def test_a_round_reports_each_step_and_the_outcomes(local: Store, source: MemoryUpstream) -> None:
    heard = Recorder()
    with local:
        outcomes = SyncJob(source=lambda: source, clouds=[Cloud.CHINA]).run(local, heard)
    assert [outcome.status for outcome in outcomes] == heard.statuses == [COMMITTED]
    assert heard.steps[0] == "china: asking for the version"
    assert heard.steps[-1] == ""


def test_without_a_reporter_nothing_is_printed(
    local: Store, source: MemoryUpstream, capsys: pytest.CaptureFixture[str]
) -> None:
    with local:
        SyncJob(source=lambda: source, clouds=[Cloud.CHINA]).run(local)
    assert capsys.readouterr() == ("", "")


def test_a_held_state_is_admitted(local: Store, source: MemoryUpstream) -> None:
    job, heard = SyncJob(source=lambda: source, clouds=[Cloud.CHINA]), Recorder()
    with local:
        job.run(local)
        source.publish(known("2026090100", without=8))
        (held,) = job.run(local, heard)
        assert held.status == HELD
        assert held.held
        assert admit(local, held.held.id, heard).status == COMMITTED
        with pytest.raises(InputError):
            admit(local, held.held.id)
    assert heard.statuses == [HELD, COMMITTED]


def test_a_list_that_empties_a_plan_is_not_admitted(local: Store, source: MemoryUpstream) -> None:
    job, whole = SyncJob(source=lambda: source, clouds=[Cloud.CHINA]), known("2026090100")
    moved = tuple(replace(s, area="common") if s.area == "sharepoint" else s for s in whole.sets)
    profile = parse_profile('[organization]\nname = "X"\nclouds = ["china"]\n[select]\nservice_areas = ["sharepoint"]\n')
    with local:
        job.run(local)
        source.publish(replace(whole, sets=moved))
        (held,) = job.run(local)
        assert held.held
        with pytest.raises(HeldError, match="X"):
            admit(local, held.held.id, profiles=[profile])
        assert local.held() == (held.held,)
        assert admit(local, held.held.id).exit_code == 0


def test_an_error_after_a_round_is_reported_and_the_rounds_continue(
    local: Store, source: MemoryUpstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "feeds").write_text("a file where a folder belongs")
    rounds = iter((False, True))
    monkeypatch.setattr(StopSignal, "wait", lambda stop, seconds: seconds < 60 and next(rounds))
    heard, stop = Recorder(), StopSignal()
    job = SyncJob(source=lambda: source, clouds=[Cloud.CHINA], feeds=tmp_path / "feeds")
    with local:
        job.run(local)
        source.publish(known("2026090100", without=0))
        job.run_rounds(local, stop, heard, interval=timedelta(minutes=2), health=tmp_path / "health.json")
    assert len(heard.statuses) == 2
    assert len(heard.problems) == 2
    assert all(isinstance(each, OutputError | OSError) for each in heard.problems)
    assert (tmp_path / "health.json").exists()


def test_notifications_are_delivered_even_if_feeds_fail(
    local: Store, source: MemoryUpstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "feeds").write_text("a file where a folder belongs")
    sent: list[Sequence[str]] = []

    def deliver(store: Store, urls: Sequence[str], **_: object) -> Delivery:
        sent.append(urls)
        return Delivery(delivered=1)

    monkeypatch.setattr("perimeter365.history.tell.notify.deliver", deliver)
    job = SyncJob(source=lambda: source, clouds=[Cloud.CHINA], feeds=tmp_path / "feeds", urls=["json://127.0.0.1:1"])
    with local:
        job.run(local)
        source.publish(known("2026090100", without=1))
        job.run(local)
        with pytest.raises((OutputError, OSError)):
            job.publish(local)
    assert sent == [["json://127.0.0.1:1"]]


def test_a_source_is_a_folder_or_the_web_service(tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").touch()
    assert isinstance(make_source(str(tmp_path), None)(), FileSource)
    make = make_source(None, "https://mirror.test", tmp_path)
    service = make()
    assert isinstance(service, WebService)
    assert service.base_url == "https://mirror.test"
    assert make() is service, "it remembers Retry-After"
    with pytest.raises(InputError):
        make_source("https://user:word@example.com/", None)


def test_a_scratch_folder_copies_the_stored_answers_and_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    own = tmp_path / "perimeter365"
    (own / "answers").mkdir(parents=True)
    (own / "answers" / "a.json").write_text("{}")
    (own / "client-id").write_text("x")
    with scratch_folder() as folder:
        assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*")) == [
            "answers",
            "answers/a.json",
            "client-id",
        ]
        (folder / "answers" / "a.json").write_text("changed")
    assert not folder.exists()
    assert (own / "answers" / "a.json").read_text() == "{}"


# -- instances that are newer than this release ---------------------------------------------------------------------------

NEWLAND = Cloud.named("newland")


def first_of(cloud: Cloud, version: str = "2026110100") -> State:
    sets = (endpoint_set(1, cloud=cloud),)
    return State(cloud=cloud, version=Version(version), origin="live", sets=sets)


def test_a_new_instance_is_reported_and_not_followed(local: Store, source: MemoryUpstream) -> None:
    source.publish(first_of(NEWLAND))
    heard = Recorder()
    with local:
        outcomes = SyncJob(source=lambda: source).run(local, heard)
        assert [(o.cloud, o.status) for o in outcomes] == [(Cloud.CHINA, COMMITTED)]
        found = {o.cloud: o for o in heard.all if o.status == AVAILABLE}
        assert set(found) == {NEWLAND}
        assert (found[NEWLAND].version, found[NEWLAND].exit_code) == ("2026110100", 0)
        assert "`perimeter365 sync --cloud newland` follows it" in found[NEWLAND].notes[0]
        assert {o.cloud for o in heard.all if o.status == ABSENT} == {*OPERATED} - {Cloud.CHINA}
        assert local.clouds() == (Cloud.CHINA,)


def test_a_new_instance_that_was_asked_for_is_followed_from_then_on(local: Store, source: MemoryUpstream) -> None:
    source.publish(first_of(NEWLAND))
    with local:
        (outcome,) = SyncJob(source=lambda: source, clouds=[NEWLAND]).run(local)
        assert (outcome.status, outcome.version) == (COMMITTED, "2026110100")
        assert "was compared with nothing" in outcome.notes[0]
        more = endpoint_set(2, cloud=NEWLAND)
        source.publish(replace(first_of(NEWLAND, "2026110200"), sets=(*first_of(NEWLAND).sets, more)))
        outcomes = SyncJob(source=lambda: source).run(local)
        assert {o.cloud: o.version for o in outcomes}[NEWLAND] == "2026110200"
        assert local.catalog(embedded()).versions[NEWLAND].version == "2026110200"
        assert local.problems() == ()


def test_the_list_of_a_followed_instance_passes_the_gates(local: Store, source: MemoryUpstream) -> None:
    source.publish(first_of(NEWLAND))
    job = SyncJob(source=lambda: source, clouds=[NEWLAND])
    with local:
        job.run(local)
        wide = endpoint_set(1, cloud=NEWLAND, hosts=tuple(HostPattern(f"{c}.example.com") for c in "abcdefgh"))
        source.publish(State(cloud=NEWLAND, version=Version("2026110200"), origin="live", sets=(wide,)))
        (outcome,) = job.run(local)
        assert outcome.status == HELD


@pytest.mark.parametrize("name", ["mars", "chyna"])
def test_a_name_that_upstream_does_not_have_is_an_error(name: str, local: Store, source: MemoryUpstream) -> None:
    with local, pytest.raises(UnknownNameError, match=f"'{name}' is not a cloud") as caught:
        SyncJob(source=lambda: source, clouds=[Cloud.named(name)]).run(local)
    assert ("'china'" in str(caught.value.help)) is (name == "chyna")


def test_an_unusual_name_of_an_instance_is_reported(local: Store, source: MemoryUpstream) -> None:
    heard = Recorder()
    source.others = {"DoD": "2026110100"}
    with local:
        SyncJob(source=lambda: source).run(local, heard)
    (found,) = [o for o in heard.all if o.status == AVAILABLE]
    assert "an instance DoD, which needs a newer release" in found.notes[0]


def test_without_a_list_of_instances_all_operated_clouds_are_synced(local: Store, source: MemoryUpstream) -> None:
    heard = Recorder()
    source.others = UpstreamError("503 from endpoints.office.com")
    with local:
        outcomes = SyncJob(source=lambda: source).run(local, heard)
    assert tuple(o.cloud for o in outcomes) == OPERATED
    assert heard.problems == [source.others]
