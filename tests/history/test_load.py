"""Import of folders with recorded lists."""

import shutil
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from perimeter365.errors import InputError
from perimeter365.history.load import cloud_of, latest_day, read_recorded_list, read_recorded_lists
from perimeter365.model.cloud import Cloud
from perimeter365.store.store import Store
from tests.history import oracle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(oracle.SERIES, tmp_path / "series"))


def test_file_names_give_version_day_and_cloud(folder: Path) -> None:
    states, skipped = read_recorded_lists(folder)
    assert {(s.cloud, s.version, s.recorded, s.origin) for s in states} == {
        (Cloud.WORLDWIDE, "2030010600", date(2030, 1, 6), "recorded"),
        (Cloud.WORLDWIDE, "2030020300", date(2030, 2, 3), "recorded"),
        (Cloud.WORLDWIDE, "2030030300", date(2030, 3, 3), "recorded"),
        (Cloud.WORLDWIDE, "2030040700", date(2030, 4, 7), "recorded"),
        (Cloud.WORLDWIDE, "2030050500", date(2030, 5, 5), "recorded"),
        (Cloud.CHINA, "2030020100", None, "recorded"),
        (Cloud.CHINA, "2030042900", None, "recorded"),
    }
    assert [path.name for path in skipped] == ["notes.json"]


def test_a_folder_is_imported_once(store: Store, folder: Path) -> None:
    states, _ = read_recorded_lists(folder)
    assert len(states) == 7
    assert (store.add(states), store.add(read_recorded_lists(folder)[0])) == (7, 0)


def test_files_without_a_cloud_have_the_given_one(folder: Path) -> None:
    states, _ = read_recorded_lists(folder, Cloud.DOD)
    assert {s.cloud for s in states} == {Cloud.DOD, Cloud.CHINA}


@pytest.mark.parametrize(
    ("name", "cloud"), [("USGovDoD", Cloud.DOD), ("usgovgcchigh", Cloud.GCCHIGH), ("germany", Cloud.GERMANY)]
)
def test_a_folder_may_name_its_cloud_both_ways(name: str, cloud: Cloud, tmp_path: Path) -> None:
    assert cloud_of(tmp_path / name / "more" / "2030010100.json") is cloud
    assert cloud_of(tmp_path / name / "more" / "2030010100.json", tmp_path / name / "more") is None


BAD = {
    "010-2030-06-01.json": "<html><body>503 Service Unavailable</body></html>",
    "011-2030-06-02.json": "[]",
    "012-2030-06-03.json": '[{"id": 1, "serviceArea": "Exchange"}]',
    "013-2030-02-31.json": (oracle.SERIES / "001-2030-01-06.json").read_text("utf-8"),
    "2030060500.json": '{"id": 1}',
}


def test_one_bad_file_keeps_all_out_and_every_bad_one_is_named(store: Store, folder: Path) -> None:
    for name, text in BAD.items():
        (folder / name).write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        store.add(read_recorded_lists(folder)[0])
    assert caught.value.exit_code == 2
    assert all(name in caught.value.message for name in BAD)
    assert store.versions() == ()


def test_days_in_the_future_are_refused_whatever_names_them(folder: Path) -> None:
    """The last lists of the series are of 5 May 2030, in a name, and of 29 April 2030, in a version."""
    assert len(read_recorded_lists(folder, latest=date(2030, 5, 5))[0]) == 7
    with pytest.raises(InputError) as caught:
        read_recorded_lists(folder, latest=date(2030, 4, 28))
    assert [line.rpartition("/")[2] for line in caught.value.message.splitlines()] == [
        "005-2030-05-05.json: 2030-05-05 is in the future; correct the name of the file, or the clock of this machine",
        "2030042900.json: 2030-04-29 is in the future; correct the name of the file, or the clock of this machine",
    ]


def test_a_version_without_a_day_is_refused(folder: Path) -> None:
    (folder / "001-2030-01-06.json").rename(folder / "9999999999.json")
    with pytest.raises(InputError, match="9999999999 does not begin with a day"):
        read_recorded_lists(folder, latest=date(2030, 6, 1))


def test_the_last_day_is_tomorrow() -> None:
    assert latest_day(datetime(2030, 5, 5, 23, 0, tzinfo=UTC)) == date(2030, 5, 6)
    assert latest_day(datetime(2030, 5, 5, 23, 0, tzinfo=timezone(-timedelta(hours=5)))) == date(2030, 5, 7)


def test_a_file_that_is_far_too_large_is_not_read(folder: Path) -> None:
    with (folder / "2030060500.json").open("wb") as file:
        file.truncate(9 * 1024 * 1024)
    with pytest.raises(InputError, match="more than"):
        read_recorded_lists(folder)


def test_a_folder_without_lists_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text("{}")
    with pytest.raises(InputError, match="has no recorded list"):
        read_recorded_lists(tmp_path)
    with pytest.raises(InputError, match="is not a folder"):
        read_recorded_lists(tmp_path / "nowhere")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"2030010100\.json: the file does not exist"):
        read_recorded_list(tmp_path / "2030010100.json", Cloud.WORLDWIDE)


def test_the_true_versions_and_the_recordings_make_one_history(store: Store) -> None:
    for name in ("docs-series", "history"):
        store.add(read_recorded_lists(oracle.reference(name))[0])
    files = {path.stem for path in oracle.reference("docs-series", "Worldwide").glob("*.json")}
    expected = sorted(files | {version for version, _ in oracle.series(oracle.reference("history"))})
    assert [v.version for v in store.versions(Cloud.WORLDWIDE)] == expected
    for cloud in (Cloud.DOD, Cloud.GCCHIGH, Cloud.CHINA, Cloud.GERMANY_2021):
        folder = oracle.reference("docs-series", cloud.instance or "Germany")
        lists = [(path.stem, oracle.read(path)) for path in sorted(folder.glob("*.json"))]
        assert [v.version for v in store.versions(cloud)] == [version for version, _ in lists]
        for value in sorted(oracle.values(lists))[::7]:
            found = {(i.endpoint_set, i.since, i.until) for i in store.history(value) if i.cloud is cloud}
            assert found == oracle.stretches(lists, value), (cloud, value)
    assert store.problems() == ()


def test_a_page_that_was_stored_as_data_is_not_taken_for_a_list(tmp_path: Path) -> None:
    page = oracle.reference("latest", "http503-body-2023-05-21.html")
    shutil.copy(page, tmp_path / "027-2023-05-21.json")
    with pytest.raises(InputError, match="027-2023-05-21"):
        read_recorded_lists(tmp_path)
