"""The days that matter, as iCalendar (RFC 5545): additions that come into use, removals whose grace time ends.

    >>> to_ical({Cloud.WORLDWIDE: effective(store, Cloud.WORLDWIDE, today)}, now).decode()[:15]
    'BEGIN:VCALENDAR'

One all-day event for each set, day and kind. Its UID stays the same from one writing to the next, so a calendar that
subscribes to the file changes its events instead of doubling them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby

from icalendar import Calendar, Event

from perimeter365.history.effective import Effective, Entry
from perimeter365.model.cloud import Cloud

SHOWN = 50
"""Entries that an event names."""

_WORDS = {
    "add": ("comes into use", "come into use"),
    "remove": ("ends its grace time", "end their grace time"),
}


def to_ical(found: Mapping[Cloud, Effective], now: datetime) -> bytes:
    """The calendar of some clouds.

    Args:
        found: what is in use today, by cloud.
        now: when it is written, with a time zone.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//perimeter365//perimeter365//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Microsoft 365 endpoints")
    for cloud, each in sorted(found.items()):
        for event in (*_events(cloud, "add", each.announced, each), *_events(cloud, "remove", each.kept, each)):
            event.add("dtstamp", now)
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(cloud: Cloud, what: str, entries: Sequence[Entry], found: Effective) -> Iterator[Event]:
    sets = found.state.by_id
    for (day, number), group in groupby(entries, key=lambda e: (e.day, e.endpoint_set)):
        values = [entry.value for entry in group]
        area = f", {sets[number].area}" if number in sets else ""
        one, many = _WORDS[what]
        does = f"1 entry {one}" if len(values) == 1 else f"{len(values)} entries {many}"
        event = Event()
        event.add("uid", f"{sha256(f'{cloud.value}/{number}/{what}/{day}'.encode()).hexdigest()[:32]}@perimeter365")
        event.add("summary", f"Microsoft 365 ({cloud}/{number}{area}): {does}")
        rest = [f"… and {len(values) - SHOWN} more"] if len(values) > SHOWN else []
        event.add("description", "\n".join([*values[:SHOWN], *rest]))
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        yield event
