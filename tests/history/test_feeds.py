"""The feed files, read back."""

import json
from pathlib import Path
from xml.etree import ElementTree

from perimeter365.history.feeds import items, write_feeds
from perimeter365.history.store import Store
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State

ATOM = "{http://www.w3.org/2005/Atom}"


def filled(store: Store, recorded: tuple[State, ...]) -> None:
    for state in recorded:
        store.commit(state)


def test_each_version_is_one_item_newest_first(store: Store, recorded: tuple[State, ...], tmp_path: Path) -> None:
    filled(store, recorded)
    found = items(store, Cloud.WORLDWIDE)
    assert [item.id.rpartition("/")[2] for item in found] == [s.version for s in reversed(recorded[1:])]
    assert items(store, Cloud.WORLDWIDE, 2) == found[:2]
    atom, feed = write_feeds(store, tmp_path)
    root = ElementTree.fromstring(atom.read_bytes())
    entries = root.findall(f"{ATOM}entry")
    assert [e.findtext(f"{ATOM}id") for e in entries] == [item.id for item in found]
    assert all(e.findtext(f"{ATOM}updated") for e in entries)
    data = json.loads(feed.read_text("utf-8"))
    assert data["version"] == "https://jsonfeed.org/version/1.1"
    assert [i["id"] for i in data["items"]] == [item.id for item in found]
    assert data["items"][0]["content_text"] == found[0].text


def test_nothing_is_written_twice(store: Store, recorded: tuple[State, ...], tmp_path: Path) -> None:
    filled(store, recorded)
    assert len(write_feeds(store, tmp_path)) == 2
    assert write_feeds(store, tmp_path) == ()
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix != ".sqlite") == ["worldwide.atom", "worldwide.json"]


def test_without_syncs_there_is_no_feed(store: Store, recorded: tuple[State, ...], tmp_path: Path) -> None:
    store.add(recorded)
    assert write_feeds(store, tmp_path / "feeds") == ()
