"""Writer of the web service's RSS feed of versions.

    element        content
    guid           the version, which is no address
    link           /changes of that version alone, with the GUID of Microsoft's documentation
    title          VERSION - INSTANCE
    description    the counts of `history.diff`, in the words that clients take them from
    pubDate        `Tue, 29 Aug 2023 23:51:24 Z`

In a feed of several instances the guid is the title, since instances may have the same version.

`feedgenerator` is not used: it writes the elements in another order and dates with `+0000`, and its items need a link that
is an address.

Source: one item of 2023-08-29, quoted in https://github.com/MicrosoftDocs/microsoft-365-docs/issues/12757;
https://www.rssboard.org/rss-specification
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from perimeter365.model.change import CHANGE, ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.wire.names import ATTRIBUTES

CLIENT = "b10c5ed1-bad1-445f-b386-b919946339a7"
"""The ClientRequestId of links: the one of Microsoft's documentation. A client's own would be visible to others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionItem:
    """A version in a feed."""

    cloud: Cloud
    version: Version
    at: datetime
    """When it came into force."""
    records: Sequence[ChangeRecord]
    """Its change records; () for the first version."""


def versions(items: Iterable[VersionItem], *, base: str, title: str, single: bool) -> bytes:
    """Return a feed.

    Args:
        items: the versions, newest first.
        base: URL of the service without a slash at its end; "" for links that are relative to the feed.
        title: the title of the feed.
        single: whether all items are of one instance.
    """
    items = tuple(items)
    rss = Element("rss", version="2.0")
    channel = SubElement(rss, "channel")
    _add(channel, "title", title)
    _add(channel, "link", f"{base}/version")
    _add(channel, "description", "Versions of the lists of IP addresses and URLs of Microsoft 365, and what they change.")
    if items:
        _add(channel, "lastBuildDate", _date(max(item.at for item in items)))
    for item in items:
        made = SubElement(channel, "item")
        name = f"{item.version} - {item.cloud.folder}"
        _add(made, "guid", item.version if single else name).set("isPermaLink", "false")
        query = f"singleVersion=true&clientRequestId={CLIENT}"
        _add(made, "link", f"{base}/changes/{item.cloud.folder}/{item.version}?{query}")
        _add(made, "title", name)
        _add(made, "description", description(item.version, item.records))
        _add(made, "pubDate", _date(item.at))
    body: bytes = tostring(rss, encoding="utf-8", xml_declaration=True)
    return body


def description(version: Version, records: Sequence[ChangeRecord]) -> str:
    """Return the description of a version with these change records."""
    return (
        f"Version {version} includes {len(records)} changes. "
        f"IPs: {sum(len(r.added_prefixes) for r in records)} added and "
        f"{sum(len(r.removed_prefixes) for r in records)} removed. "
        f"URLs: {sum(len(r.added_hosts) for r in records)} added and {sum(len(r.removed_hosts) for r in records)} removed. "
        f"{sum(map(_attributes, records))} other attributes changed."
    )


def _attributes(record: ChangeRecord) -> int:
    """Return the number of changed attributes.

    A new or removed set counts all, also those that are not stored.
    """
    return len({*record.previous, *record.current}) if record.disposition == CHANGE else len(ATTRIBUTES)


def _add(parent: Element, name: str, text: str) -> Element:
    made = SubElement(parent, name)
    made.text = text
    return made


def _date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True).replace("GMT", "Z")
