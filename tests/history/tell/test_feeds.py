"""The feed files, parsed by other programs."""

import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import feedparser  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.history.tell import feeds
from perimeter365.history.tell.feeds import LENGTH, FeedItem, feed_items, to_atom, to_json_feed, write_feeds
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.store.store import Store

ATOM = "{http://www.w3.org/2005/Atom}"


def filled(store: Store, recorded: tuple[State, ...]) -> None:
    for state in recorded:
        store.commit(state)


def test_each_version_is_one_item_newest_first(store: Store, recorded: tuple[State, ...], tmp_path: Path) -> None:
    filled(store, recorded)
    found = feed_items(store, Cloud.WORLDWIDE)
    assert [item.id.rpartition("/")[2] for item in found] == [s.version for s in reversed(recorded[1:])]
    assert feed_items(store, Cloud.WORLDWIDE, 2) == found[:2]
    atom, feed = write_feeds(store, tmp_path)
    root = ElementTree.fromstring(atom.read_bytes())
    entries = root.findall(f"{ATOM}entry")
    assert [e.findtext(f"{ATOM}id") for e in entries] == [item.id for item in found]
    assert all(e.findtext(f"{ATOM}updated") for e in entries)
    data = json.loads(feed.read_text("utf-8"))
    assert data["version"] == "https://jsonfeed.org/version/1.1"
    assert [i["id"] for i in data["items"]] == [item.id for item in found]
    assert data["items"][0]["content_text"] == found[0].text


def test_an_item_says_what_is_still_in_use(store: Store, recorded: tuple[State, ...]) -> None:
    filled(store, recorded[:3])
    text = feed_items(store, Cloud.WORLDWIDE)[0].text
    # the third list of the series: cdn.example.net moved, two halves were merged, set 72 is gone
    assert "- cdn.example.net  (moved to worldwide/1)" in text
    assert "- 131.107.100.0/25  (still covered by 131.107.100.0/24 (worldwide/1), so nothing closes)" in text
    assert "Microsoft has stopped using 1 entry of worldwide: *.old.example.net." in text


def test_a_feed_reader_reads_it_without_a_complaint(store: Store, recorded: tuple[State, ...], tmp_path: Path) -> None:
    filled(store, recorded)
    atom, _ = write_feeds(store, tmp_path)
    read = feedparser.parse(atom.read_bytes())
    found = feed_items(store, Cloud.WORLDWIDE)
    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.id == "tag:perimeter365,2026:worldwide"
    assert [(e.id, e.title, e.summary) for e in read.entries] == [(i.id, i.title, i.text.strip()) for i in found]
    assert [date(*e.updated_parsed[:3]) for e in read.entries] == [i.day for i in found]


def test_an_id_does_not_change_when_versions_are_added(store: Store, recorded: tuple[State, ...]) -> None:
    filled(store, recorded[:3])
    before = feed_items(store, Cloud.WORLDWIDE)
    filled(store, recorded[3:])
    assert feed_items(store, Cloud.WORLDWIDE)[-len(before) :] == before


def test_the_number_of_items_is_bounded(store: Store, recorded: tuple[State, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    assert LENGTH == 50
    monkeypatch.setattr(feeds.feed_items, "__defaults__", (2,))
    filled(store, recorded)
    assert len(feed_items(store, Cloud.WORLDWIDE)) == 2


def test_nothing_is_written_twice(store: Store, recorded: tuple[State, ...], tmp_path: Path) -> None:
    filled(store, recorded)
    folder = tmp_path / "feeds"
    written = write_feeds(store, folder)
    stamps = [path.stat().st_mtime_ns for path in written]
    assert write_feeds(store, folder) == ()
    assert [path.stat().st_mtime_ns for path in written] == stamps
    assert sorted(p.name for p in folder.iterdir()) == ["worldwide.atom", "worldwide.json"]


def test_without_syncs_there_is_no_feed(store: Store, recorded: tuple[State, ...], tmp_path: Path) -> None:
    store.add(recorded)
    assert write_feeds(store, tmp_path / "feeds") == ()


@given(st.text(st.characters(), max_size=50))
def test_both_feeds_are_valid_for_any_text(text: str) -> None:
    """Lists cannot contain such characters; if one did, it must not make the feed unreadable."""
    item = FeedItem(id="tag:x,2026:1", title=text, text=f"a{text}\x00\x1b\ud800\ufffe]]><b>&amp;", day=date(2030, 6, 1))
    root = ElementTree.fromstring(to_atom(Cloud.DOD, [item]).encode("utf-8"))
    assert (root.findtext(f"{ATOM}entry/{ATOM}title") or "") == item.title
    (summary,) = root.iter(f"{ATOM}summary")
    assert (summary.text, summary.get("type")) == (item.text, "text")  # RFC 4287 3.1.1: never HTML
    assert all(c.isprintable() or c in "\t\n" for c in item.title + item.text)
    assert item.text.endswith("]]><b>&amp;")
    data = json.loads(to_json_feed(Cloud.DOD, [item]).encode("utf-8"))
    assert data["items"][0]["content_text"] == item.text
