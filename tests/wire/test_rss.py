"""The RSS feed of versions: the form of Microsoft's item, read back with a feed reader."""

import re
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser  # type: ignore[import-untyped]
import pytest

from perimeter365.history.changes import pair_records
from perimeter365.history.diff import diff
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import RECORDED, State
from perimeter365.model.version import Version
from perimeter365.wire import read, rss
from tests.history.oracle import reference

W = Cloud.WORLDWIDE
AT = datetime(2023, 8, 29, 23, 51, 24, tzinfo=UTC)
VERSION = Version("2023082900")


def change(number: int, **rest: Any) -> ChangeRecord:
    return ChangeRecord(id=number, endpoint_set=number, version=VERSION, **{"disposition": "Change", **rest})


SWAP = {"added_prefixes": ("2001:db8:1::/48",), "removed_prefixes": ("2001:db8:2::/48",)}
RECORDS = [
    *(change(number, **SWAP) for number in (11, 12, 13, 22)),
    change(72, disposition="Remove", removed_hosts=("a.example.com",), previous={"tcpPorts": "443"}),
]
"""Of the form of 2023082900: four sets swap a prefix, one goes."""


def feed(*, base: str = "https://endpoints.office.com", single: bool = True) -> bytes:
    item = rss.VersionItem(cloud=W, version=VERSION, at=AT, records=RECORDS)
    return rss.versions([item], base=base, title="a & b", single=single)


def test_an_item_is_microsofts_to_the_letter() -> None:
    wanted = reference("latest", "rss-item-2023082900.xml").read_text("utf-8")
    item = re.sub(r">\s+<", "><", wanted[wanted.index("<item>") :].strip())
    assert item in feed().decode()
    built = re.search(r"<lastBuildDate>.*</lastBuildDate>", wanted)
    assert built
    assert built[0] in feed().decode()


def test_the_counts_of_the_recorded_lists_are_those_that_microsoft_published() -> None:
    names = ("029-2023-08-06.json", "030-2023-09-03.json")
    lists = [
        State(cloud=W, version=Version(name[4:14].replace("-", "") + "00"), origin=RECORDED,
              sets=read.parse_endpoints(reference("history", name).read_bytes(), W))
        for name in names
    ]  # fmt: skip
    wanted = re.search(r"<description>(.*)</description>", reference("latest", "rss-item-2023082900.xml").read_text("utf-8"))
    assert wanted
    assert rss.description(VERSION, tuple(pair_records(lists[0], lists[1]))) == wanted[1]
    counts = diff(lists[0], lists[1]).counts
    assert (counts.changes, counts.attributes) == (5, 7)


def test_a_feed_reader_reads_it() -> None:
    found = feedparser.parse(feed())
    assert not found.bozo
    assert found.feed.title == "a & b"
    (entry,) = found.entries
    assert (entry.id, entry.guidislink, entry.title) == (VERSION, False, "2023082900 - Worldwide")
    assert entry.published_parsed[:6] == struct_time((2023, 8, 29, 23, 51, 24, 1, 241, 0))[:6]
    query = "singleVersion=true&clientRequestId=b10c5ed1-bad1-445f-b386-b919946339a7"
    assert entry.link == f"https://endpoints.office.com/changes/Worldwide/2023082900?{query}"


def test_in_a_feed_of_several_instances_a_guid_names_the_instance() -> None:
    assert feedparser.parse(feed(single=False)).entries[0].id == "2023082900 - Worldwide"


@pytest.mark.parametrize("base", ["https://a.example/?x=1&y=<b>", ""])
def test_text_is_escaped(base: str) -> None:
    found = feedparser.parse(feed(base=base))
    assert not found.bozo
    assert found.entries[0].link.startswith(f"{base}/changes/Worldwide/2023082900")


def test_a_feed_without_versions_is_valid() -> None:
    found = feedparser.parse(rss.versions([], base="", title="none", single=True))
    assert not found.bozo
    assert found.entries == []
