"""JSON form of the values that a store returns."""

from datetime import date

from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.store.entries import Interval, StoredVersion


def test_a_version_has_these_json_keys() -> None:
    version = StoredVersion(
        cloud=Cloud.DOD, version=Version("2030010600"), origin="recorded", recorded=date(2030, 1, 7), hash="abc"
    )
    assert version.to_dict() == {
        "cloud": "dod",
        "version": "2030010600",
        "origin": "recorded",
        "recorded": "2030-01-07",
        "hash": "abc",
    }
    assert version.day == "2030-01-07"


def test_a_version_without_a_recording_day_has_the_day_of_its_number() -> None:
    version = StoredVersion(cloud=Cloud.DOD, version=Version("2030010601"), origin="live", recorded=None, hash="abc")
    assert (version.day, version.to_dict()["recorded"]) == ("2030-01-06", None)


def test_an_interval_has_these_json_keys() -> None:
    interval = Interval(
        value="131.107.2.0/24", kind="prefix", cloud=Cloud.CHINA, endpoint_set=11, since=Version("2030010600"), until=None
    )
    assert interval.to_dict() == {
        "value": "131.107.2.0/24",
        "cloud": "china",
        "id": "ws/china/11",
        "from": "2030010600",
        "to": None,
    }
