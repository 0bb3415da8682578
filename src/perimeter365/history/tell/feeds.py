"""Atom (RFC 4287) and JSON Feed 1.1 files of the committed versions.

Each cloud has one pair of files:

    worldwide.atom, worldwide.json, china.atom …

    write_feeds(store, Path("/srv/feeds"))
        (PosixPath('/srv/feeds/worldwide.atom'), PosixPath('/srv/feeds/worldwide.json'))

The id of an item consists of cloud and version, so a feed reader shows each version once. Equal stores give equal bytes,
and a file that would not change is not written. The content is plain text without control characters: data from upstream is
never markup. Summaries have the type `text`, so a feed reader shows `<b>` and does not interpret it.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any

from perimeter365.atomic import make_folder, replace
from perimeter365.history.diff import diff, summary
from perimeter365.history.report import report_text
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import LIVE
from perimeter365.store.reader import Reader

LENGTH = 50
"""The maximum number of versions in a feed, the newest ones."""

HOME = "https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges"
"""The page that a feed links to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedItem:
    """One version in a feed."""

    id: str
    title: str
    text: str
    day: date

    def __post_init__(self) -> None:
        for name in ("id", "title", "text"):
            # XML 1.0 has no escape for most control characters (https://www.w3.org/TR/xml/#charsets).
            text = "".join(c for c in getattr(self, name) if c.isprintable() or c in "\t\n")
            object.__setattr__(self, name, text)


def feed_items(store: Reader, cloud: Cloud, length: int = LENGTH) -> tuple[FeedItem, ...]:
    """Return the items of the newest synced versions of a cloud, newest first.

    The first synced version has no item, because there is nothing to compare it with.
    """
    with store.reading():
        live = [v for v in store.versions(cloud) if v.origin == LIVE][-(length + 1) :]
        effective = store.effective(cloud)
        states = (store.state(cloud, v.version) for v in live)
        found = [(diff(old, new, effective), new.day) for old, new in pairwise(states)]
    made = [
        FeedItem(
            id=f"tag:perimeter365,2026:{cloud.value}/{each.new}",
            title=f"{cloud.title} {each.new}: {summary(each) if each else 'no difference'}",
            text=report_text([each]),
            day=day,
        )
        for each, day in found
    ]
    return tuple(reversed(made))


def to_atom(cloud: Cloud, entries: Iterable[FeedItem]) -> str:
    """Return the items as an Atom feed."""
    from feedgenerator import Atom1Feed  # type: ignore[import-untyped]

    class TextFeed(Atom1Feed):  # type: ignore[misc]
        """A feed whose summaries are text; those of the base class are HTML."""

        def add_item_elements(self, handler: Any, item: Any) -> None:
            super().add_item_elements(handler, {**item, "description": None})
            handler.addQuickElement("summary", item["description"], {"type": "text"})

    feed = TextFeed(
        title=f"Microsoft 365 endpoints: {cloud.title}",
        link=HOME,
        description="What changed from version to version",
        feed_guid=f"tag:perimeter365,2026:{cloud.value}",
        language="en",
    )
    for item in entries:
        feed.add_item(
            title=item.title,
            link=HOME,
            description=item.text,
            unique_id=item.id,
            updateddate=_midnight(item.day),
            author_name="perimeter365",
        )
    return str(feed.writeString("utf-8"))


def to_json_feed(cloud: Cloud, entries: Iterable[FeedItem]) -> str:
    """Return the items as a JSON Feed (https://www.jsonfeed.org/version/1.1/)."""
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"Microsoft 365 endpoints: {cloud.title}",
        "home_page_url": HOME,
        "language": "en",
        "authors": [{"name": "perimeter365"}],
        "items": [
            {
                "id": item.id,
                "title": item.title,
                "content_text": item.text,
                "date_published": _midnight(item.day).isoformat(),
            }
            for item in entries
        ],
    }
    return json.dumps(data, indent=2) + "\n"


def write_feeds(store: Reader, folder: Path) -> tuple[Path, ...]:
    """Write the feeds of every synced cloud.

    New files can be read by all users, whatever the umask: a web server serves them. Return the files that changed. Raises
    OSError.
    """
    make_folder(folder, public=True)
    return tuple(_written(store, folder))


def _written(store: Reader, folder: Path) -> Iterator[Path]:
    for cloud in store.clouds():
        entries = feed_items(store, cloud)
        if not entries:
            continue
        for suffix, text in (("atom", to_atom(cloud, entries)), ("json", to_json_feed(cloud, entries))):
            path = folder / f"{cloud.value}.{suffix}"
            if replace(path, text.encode("utf-8"), public=True):
                yield path


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
