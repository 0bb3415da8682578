import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365 import Workspace, load_catalog
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.web.edition import ServedCloud, load_edition
from perimeter365.web.row_versions import REVISIONS, numbered, revision, rows_digest, with_rows
from perimeter365.web.versions import ServedVersion, after

WW = Cloud.WORLDWIDE


def served(*versions: tuple[str, str | None]) -> ServedCloud:
    """Return a cloud from pairs of the mirror's number and the time at which it came into force."""
    found = [
        ServedVersion(number=Version(n), upstream=Version(n), hash=n, at=datetime.fromisoformat(f"{at}Z") if at else None)
        for n, at in versions
    ]
    return ServedCloud(cloud=WW, versions=tuple(found), sets=())


def numbers(cloud: ServedCloud) -> list[str]:
    return [each.number for each in cloud.versions]


NOON = datetime(2026, 10, 15, 12, tzinfo=UTC)


def test_the_numbers_are_those_of_the_table_in_the_docstring() -> None:
    list_, admitted, newer = (
        ("2026100100", "2026-10-01T08:00"),
        ("2026100101", "2026-10-20T08:00"),
        ("2026110100", "2026-11-01T08:00"),
    )
    assert [numbered(served(list_), count, None)[0].number for count in (0, 1)] == ["2026100100", "2026100101"]
    after = [numbered(served(list_, *more), 1, NOON)[0].number for more in ((), (admitted,), (admitted, newer))]
    assert after == ["2026101551", "2026101552", "2026110101"]


def test_without_a_change_the_versions_are_those_of_the_mirror() -> None:
    cloud = served(("2026080200", None), ("2026100100", "2026-10-01T08:00"), ("2026100101", "2026-10-20T08:00"))
    assert numbered(cloud, 0, None)[0].versions == cloud.versions


def test_a_number_after_the_last_one_of_a_day_is_of_the_next_day() -> None:
    assert numbered(served(("2026123199", None)), 2, None)[0].number == "2027010101"


def test_the_digest_of_the_rows_is_the_last_revision() -> None:
    rows = tuple(load_catalog("embedded").rows.values())
    assert rows_digest(rows) == REVISIONS[-1], "the rows have changed: add their digest at the end of REVISIONS"
    assert REVISIONS[0] == "9124cc7fa95af096", "revisions are never taken away"
    assert revision(rows) == len(REVISIONS) - 1
    other = replace(rows[5], flows=(replace(rows[5].flows[0], required=True),))
    assert revision((*rows[:5], other, *rows[6:])) == len(REVISIONS)


@given(events=st.lists(st.tuples(st.sampled_from("LAPR"), st.integers(0, 1439)), min_size=1, max_size=12))
def test_every_change_on_a_day_of_its_own_has_a_higher_number(events: list[tuple[str, int]]) -> None:
    versions = [("2026010100", "2026-01-01T00:00")]
    count, edited = 0, None
    last = numbered(served(*versions), count, edited)[0].number
    for day, (what, minute) in enumerate(events, 2):
        at = datetime(2026, 1, day, tzinfo=UTC) + timedelta(minutes=minute)
        stamp = f"{at:%Y-%m-%dT%H:%M}"
        if what == "L":  # a list of the day before
            versions.append((f"{at - timedelta(days=1):%Y%m%d}50", stamp))
        elif what == "A":
            versions.append((after(Version(versions[-1][0])), stamp))
        elif what == "P":
            edited = at
        else:
            count += 1
        versions = [v for i, v in enumerate(versions) if i == 0 or v[0] > versions[i - 1][0]]
        if versions[-1][1] != stamp and what in "LA":
            continue
        cloud, latest = numbered(served(*versions), count, edited)
        assert cloud.number > last
        assert numbers(cloud) == sorted(set(numbers(cloud)))
        assert latest[Version(versions[-1][0])] == cloud.number
        last = cloud.number


def test_records_have_the_number_of_their_list_and_an_old_announcement_stays_old() -> None:
    cloud = served(("2026100100", "2026-10-01T08:00"), ("2026110100", "2026-11-01T08:00"))
    record = ChangeRecord(id=1, endpoint_set=1, disposition="Change", version=Version("2026110100"))
    found, latest = numbered(replace(cloud, records=(record,)), 2, NOON)
    assert [each.version for each in found.records] == ["2026110102"]
    assert latest == {"2026100100": "2026101552", "2026110100": "2026110102"}


def test_a_list_that_is_announced_after_a_change_of_the_profile_has_a_number_of_its_own() -> None:
    first, second = ("2026100100", "2026-10-01T08:00"), ("2026101500", "2026-10-15T11:58")
    announced = numbered(served(first), 0, NOON)[0].number  # the second one is served already, and not named
    assert numbered(served(first, second), 0, NOON)[0].number > announced


def test_last_modified_moves_with_the_rows_and_with_the_profile() -> None:
    cloud = served(("2026080200", None))
    assert numbered(cloud, 1, None)[0].modified == cloud.modified + timedelta(seconds=1)
    assert numbered(cloud, 1, NOON)[0].modified == NOON


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "contoso.toml").write_text('[organization]\nclouds = ["worldwide", "china"]\n')
    return tmp_path


def test_a_profile_has_its_clouds_alone_and_the_day_of_its_file(folder: Path) -> None:
    day = datetime.now(UTC).date()
    edition = load_edition(Workspace(catalog="embedded"), folder=str(folder))
    found = with_rows(edition, profile="contoso")
    assert list(found.clouds) == [Cloud.WORLDWIDE, Cloud.CHINA]
    assert found.latest(WW)[:8] in {f"{day:%Y%m%d}", f"{date.today():%Y%m%d}"}  # noqa: DTZ011


def test_an_old_file_that_is_copied_into_place_counts_from_its_copy(folder: Path) -> None:
    os.utime(folder / "contoso.toml", (0, 0))
    edition = load_edition(Workspace(catalog="embedded"), folder=str(folder))
    assert with_rows(edition, profile="contoso").latest(WW) > edition.latest(WW)


def test_the_rows_of_this_release_have_the_numbers_of_the_mirror_as_long_as_they_have_not_changed() -> None:
    edition = load_edition(Workspace(catalog="embedded"))
    count = len(REVISIONS) - 1
    assert {c: int(edition.latest(c)) + count for c in edition.clouds} == {
        c: int(with_rows(edition).latest(c)) for c in edition.clouds
    }
