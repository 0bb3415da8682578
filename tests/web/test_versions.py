"""The number under which a list is served grows whenever its content changes, and is Microsoft's whenever it can be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from perimeter365.errors import UnknownNameError
from perimeter365.model.cloud import Cloud
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.model.state import RECORDED, State
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.store.entries import ForcedVersion, StoredVersion
from perimeter365.store.store import Store
from perimeter365.web.edition import load_edition
from perimeter365.web.versions import ServedVersion, after, served_versions
from perimeter365.workspace import Workspace
from tests.history.lists import made, state

W = Cloud.WORLDWIDE
EMBEDDED = Version(embedded().versions[W].version)
SETS = tuple(s for s in embedded().endpoint_sets(W) if s.id < SYNTHETIC_ID)
CONTENTS = [SETS, *((made(1, [f"{name}.example.com"]),) for name in "abc")]
"""What may be published; the first is the embedded list."""

VERSIONS = ["2026073100", EMBEDDED, *(f"{int(EMBEDDED) + n}" for n in (1, 2)), "2026090100", "2026090101", "2026090199"]
START = datetime(2026, 10, 1, tzinfo=UTC)


@dataclass
class Mirror:
    """A store, and what a client of the mirror has seen since the beginning."""

    store: Store
    place: str
    clock: list[datetime]
    seen: list[tuple[str, str, datetime]] = field(default_factory=list)
    """Number, hash and time of the list after each step."""

    def look(self) -> None:
        """Fetch the list as a process that starts now."""
        served = load_edition(Workspace(store=self.place)).clouds[W]
        content = State(cloud=W, version=EMBEDDED, origin=RECORDED, sets=served.sets).hash
        assert served.versions[-1].hash == content
        numbers = [each.number for each in served.versions]
        assert numbers == sorted(set(numbers))
        self.seen.append((served.number, content, served.modified))

    def step(self, action: str, version: str, content: int) -> str:
        """Do something to the store; return the version that Microsoft published, or "" if it was not that."""
        self.clock[0] += timedelta(hours=1)
        listed = state(*CONTENTS[content], version=version)
        if action == "publish":
            self.store.commit(listed, replace_content=True)
            return version
        if action == "import":
            known = {each.version for each in self.store.versions(W)}
            if version not in known:
                self.store.add([State(cloud=W, version=listed.version, origin=RECORDED, sets=listed.sets)])
        try:
            if action == "pin":
                self.store.pin(W, version)
            if action == "rollback":
                self.store.rollback(W)
        except UnknownNameError:
            pass  # there is no such version
        if action == "unpin":
            self.store.unpin(W)
        return ""


@contextmanager
def mirror() -> Iterator[Mirror]:
    with TemporaryDirectory() as folder:
        place, clock = str(Path(folder, "store.sqlite")), [START]
        with Store(place, clock=lambda: clock[0]) as store:
            yield Mirror(store, place, clock)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["publish", "publish", "import", "pin", "unpin", "rollback"]),
        st.sampled_from(VERSIONS),
        st.integers(0, len(CONTENTS) - 1),
    ),
    max_size=7,
)


class Clients:
    """What clients have that fetch the list again only when something about it is new."""

    def __init__(self) -> None:
        self.higher = self.other = self.newer = ("", "")
        """Clients that compare with >, with !=, and those that send If-Modified-Since: what they compare, and their list."""

    def poll(self, number: str, content: str, modified: datetime) -> None:
        at = f"{modified:%Y%m%d%H%M%S}"
        self.higher = (number, content) if number > self.higher[0] else self.higher
        self.other = (number, content) if number != self.other[0] else self.other
        self.newer = (at, content) if at > self.newer[0] else self.newer
        assert content == self.higher[1] == self.other[1] == self.newer[1]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example([("publish", "2026073100", 0), ("publish", EMBEDDED, 1)])
@example([("import", "2026073100", 1), ("pin", "2026073100", 0), ("unpin", EMBEDDED, 0), ("publish", "2026090100", 2)])
@example(
    [("publish", "2026090100", 1), ("publish", "2026090100", 2), ("rollback", EMBEDDED, 0), ("publish", "2026090101", 3)]
)
@given(STEPS)
def test_whatever_happens_to_a_store_no_client_misses_it(steps: list[tuple[str, str, int]]) -> None:
    with mirror() as mirrored:
        clients = Clients()
        contents: dict[str, str] = {}
        mirrored.look()
        clients.poll(*mirrored.seen[-1])
        for action, version, content in steps:
            published = mirrored.step(action, version, content)
            mirrored.look()
            number, has, _ = mirrored.seen[-1]
            clients.poll(*mirrored.seen[-1])
            assert contents.setdefault(number, has) == has, "a number stands for two lists"
            if published > max(each[0] for each in mirrored.seen[:-1]) and not _pinned(mirrored):
                assert number == published


def _pinned(mirrored: Mirror) -> bool:
    return any(each.pinned for each in mirrored.store.in_force())


def test_a_list_that_returns_after_the_embedded_one_has_a_number_of_its_own() -> None:
    with mirror() as mirrored:
        mirrored.step("import", "2026073100", 1)
        for action in ("pin", "unpin", "pin", "unpin"):
            mirrored.step(action, "2026073100", 1)
            mirrored.look()
        assert [number for number, _, _ in mirrored.seen] == [f"{int(EMBEDDED) + n}" for n in (1, 2, 3, 4)]


STORED, OTHER = "a" * 64, "b" * 64


def _forced(*found: tuple[str, str]) -> list[ForcedVersion]:
    return [
        ForcedVersion(cloud=W, version=Version(version), hash=content, at=f"2026-10-{n:02}T00:00:00+00:00", id=n)
        for n, (version, content) in enumerate(found, 1)
    ]


def test_the_table_of_the_module() -> None:
    held, whole, newer = "c" * 64, "d" * 64, "e" * 64
    forced = _forced(
        ("2026100100", STORED), ("2026110100", held), ("2026110100", whole), ("2026100100", STORED), ("2026120100", newer)
    )
    numbers = [each.number for each in served_versions([], forced)]
    assert numbers == ["2026100100", "2026110100", "2026110101", "2026110102", "2026120100"]


def test_lists_that_were_recorded_before_the_first_one_in_force_are_part_of_the_past() -> None:
    stored = [
        StoredVersion(cloud=W, version=Version(v), origin="recorded", recorded=None, hash=STORED)
        for v in ("2018080200", "2026093000", "2026110100")
    ]
    found = served_versions(stored, _forced(("2026100100", OTHER)))
    assert [each.number for each in found] == ["2018080200", "2026093000", "2026100100"]
    assert found[0].since == datetime(2018, 8, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("embedded", "content", "numbers"),
    [
        ("2026090100", OTHER, ["2026090100", "2026100100"]),  # served until the first sync
        ("2026093000", STORED, ["2026093000", "2026100100"]),
        ("2026100100", STORED, ["2026100100"]),
        ("2026100100", OTHER, ["2026100100"]),  # of this day's end: it cannot have been served before
        ("2026110100", OTHER, ["2026100100"]),  # of a later release
    ],
)
def test_the_embedded_list_is_part_of_the_past_if_it_was_served(embedded: str, content: str, numbers: list[str]) -> None:
    first = ServedVersion(number=Version(embedded), upstream=Version(embedded), hash=content, at=None)
    forced = _forced(("2026100100", STORED))
    if embedded == "2026100100" and content == OTHER:
        forced = [ForcedVersion(cloud=W, version=Version("2026100100"), hash=STORED, at="2026-09-30T12:00:00+00:00", id=1)]
    assert [each.number for each in served_versions([], forced, first)] == numbers


def test_a_number_of_the_recording_day_does_not_hide_a_first_list_with_a_lower_one() -> None:
    first = ServedVersion(number=Version("2026100200"), upstream=Version("2026100200"), hash=OTHER, at=None)
    forced = [ForcedVersion(cloud=W, version=Version("2026100100"), hash=STORED, at="2026-10-05T00:00:00+00:00", id=1)]
    assert [each.number for each in served_versions([], forced, first)] == ["2026100200", "2026100201"]


def test_times_grow_although_a_clock_went_back_or_stood_still() -> None:
    forced = [
        ForcedVersion(cloud=W, version=Version("2026100100"), hash=STORED, at="2026-10-05T00:00:00+00:00", id=1),
        ForcedVersion(cloud=W, version=Version("2026100200"), hash=OTHER, at="2026-10-01T00:00:00+00:00", id=2),
        ForcedVersion(cloud=W, version=Version("2026100100"), hash=STORED, at="2026-10-01T00:00:00+00:00", id=3),
    ]
    at = [each.since for each in served_versions([], forced)]
    assert at == [datetime(2026, 10, 5, 0, 0, n, tzinfo=UTC) for n in range(3)]


@pytest.mark.parametrize(
    ("version", "following"),
    [("2026110100", "2026110101"), ("2026123199", "2027010100"), ("2028022899", "2028022900"), ("0000000099", "0000000100")],
)
def test_the_next_number_has_a_day(version: str, following: str) -> None:
    assert after(Version(version)) == following
