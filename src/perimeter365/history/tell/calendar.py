"""Effective dates as iCalendar (RFC 5545).

The events are the first day of additions and the last day of kept entries.

    >>> old = EntryDate(cloud=Cloud.DOD, id="ws/dod/72", value="old.example.com", state=KEPT, day=date(2030, 7, 1))
    >>> text = to_ical([old], stamps={Cloud.DOD: date(2030, 6, 1)}).decode()      # also Plan.dates, Effective.dates()
    >>> text[:15], text.count("BEGIN:VEVENT")
    ('BEGIN:VCALENDAR', 1)

Each requirement, day and kind of change has one all-day event. Its UID does not change when the file is written again, so a
calendar that subscribes to the file updates the event instead of adding another. DTSTAMP is the day of the list in force,
not the time of writing, so equal dates give equal bytes.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from itertools import groupby
from types import MappingProxyType

from icalendar import Calendar, Event

from perimeter365.history.remaining import ListedEntries
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import HOST, KEPT, PREFIX, EntryDate
from perimeter365.model.finding import printable
from perimeter365.model.ids import in_set, set_part

SHOWN = 50
"""The maximum number of entries in an event."""

_WORDS = {
    "add": ("comes into use", "come into use"),
    "remove": ("is kept for the last day", "are kept for the last day"),
}


def to_ical(
    dates: Iterable[EntryDate],
    *,
    stamps: Mapping[Cloud, date],
    listed: Mapping[Cloud, ListedEntries] = MappingProxyType({}),
) -> bytes:
    """Return a calendar of effective dates.

    Args:
        dates: the dates of requirements, or of endpoint sets by the ids of their flows, in any order.
        stamps: the day of each cloud's list.
        listed: the entries of each cloud's list; a kept entry that another set still has is marked.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//perimeter365//perimeter365//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Microsoft 365 endpoints")
    for event in _events(dates, stamps, listed):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _what(entry: EntryDate) -> str:
    return "remove" if entry.state == KEPT else "add"


def _described(entry: EntryDate, listed: ListedEntries | None) -> str:
    if entry.state != KEPT or listed is None or entry.kind not in (HOST, PREFIX):
        return entry.value
    still = listed.still(entry.kind, entry.value)
    return f"{entry.value} ({still.text})" if still else entry.value


def _events(
    dates: Iterable[EntryDate], stamps: Mapping[Cloud, date], listed: Mapping[Cloud, ListedEntries]
) -> Iterator[Event]:
    by_event = sorted(set(dates), key=lambda e: (e.cloud, _what(e), e.day, e.id, e.value))
    for (cloud, what, day, about), group in groupby(by_event, key=lambda e: (e.cloud, _what(e), e.day, e.id)):
        values = [_described(entry, listed.get(cloud)) for entry in group]
        one, many = _WORDS[what]
        does = f"1 entry {one}" if len(values) == 1 else f"{len(values)} entries {many}"
        name = set_part(about) if in_set(about) else f"{cloud}, {about}"
        rest = [f"… and {len(values) - SHOWN} more"] if len(values) > SHOWN else []
        shown = day - timedelta(days=1) if what == "remove" else day
        event = Event()
        event.add("uid", f"{sha256(f'{cloud.value}/{about}/{what}/{day}'.encode()).hexdigest()[:32]}@perimeter365")
        event.add("dtstamp", datetime.combine(stamps[cloud], time(), UTC))
        event.add("summary", printable(f"Microsoft 365 ({name}): {does}"))
        event.add("description", "\n".join(map(printable, [*values[:SHOWN], *rest])))
        event.add("dtstart", shown)
        if shown < date.max:  # an event without DTEND lasts one day (RFC 5545 3.6.1); upstream may announce 9999-12-31
            event.add("dtend", shown + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        yield event
