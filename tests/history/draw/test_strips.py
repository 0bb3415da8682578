"""Lines of text that show when values were listed."""

from perimeter365.history.draw.strips import strips
from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.store.entries import Interval, StoredVersion


def interval(since: str, until: str | None, cloud: Cloud = Cloud.DOD) -> Interval:
    return Interval(
        value="a.example.com",
        kind="host",
        cloud=cloud,
        endpoint_set=1,
        since=Version(since),
        until=Version(until) if until else None,
    )


def version(text: str, cloud: Cloud = Cloud.DOD) -> StoredVersion:
    return StoredVersion(cloud=cloud, version=Version(text), origin="recorded", recorded=None, hash="0")


VERSIONS = [version(f"203001{day:02}00") for day in range(1, 11)]


def test_a_value_has_one_line_a_set_with_all_its_stretches() -> None:
    found = [interval("2030010100", "2030010400"), interval("2030010800", None)]
    lines = strips(found, VERSIONS, width=13 + 8 + 6 + 10, blocks=False)
    assert lines[1:] == ["  a.example.com  ws/dod/1  ###....###"]
    (shown,) = strips(found, VERSIONS, width=13 + 8 + 6 + 10)[1:]
    assert shown.endswith("███····███")


def test_clouds_share_the_line_of_time_but_not_their_versions() -> None:
    china = [version("2030010600", Cloud.CHINA)]
    found = [interval("2030010100", None), interval("2030010600", None, Cloud.CHINA)]
    lines = strips(found, [*VERSIONS, *china], width=13 + 10 + 6 + 10, blocks=False)
    assert [line[-10:] for line in lines[1:]] == ["##########", "     #####"]


def test_nothing_found_has_no_lines() -> None:
    assert strips([], VERSIONS) == []
