"""The calendar, parsed again and checked against the grammar of RFC 5545."""

import re
from datetime import UTC, date, datetime

from icalendar import Calendar, Component

from perimeter365.history.remaining import ListedEntries
from perimeter365.history.tell.calendar import to_ical
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import AHEAD, KEPT, WAITING, EntryDate, EntryState
from perimeter365.model.host import HostPattern
from tests.history.test_diff import endpoint_set

STAMPS = {Cloud.WORLDWIDE: date(2030, 6, 10), Cloud.CHINA: date(2030, 5, 1)}


def entry(
    value: str, day: date, state: EntryState, about: str = "ws/worldwide/1", cloud: Cloud = Cloud.WORLDWIDE
) -> EntryDate:
    return EntryDate(day=day, cloud=cloud, id=about, value=value, state=state)


FOUND = [
    *(entry(f"n{n:02}.example.com", date(2030, 7, 1), AHEAD) for n in range(60)),
    entry("old.example.com", date(2030, 7, 10), KEPT, "ws/worldwide/9"),
    entry("old.example.com", date(2030, 7, 10), KEPT, "row/16/teams"),
    entry("new.example.cn", date(2030, 8, 1), WAITING, "ws/china/3", Cloud.CHINA),
]


def events(data: bytes) -> list[Component]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


def test_additions_are_on_their_first_day_and_what_is_kept_on_its_last() -> None:
    found = events(to_ical(FOUND, stamps=STAMPS))
    assert [(e.decoded("DTSTART"), e.decoded("DTEND"), str(e["SUMMARY"])) for e in found] == [
        (date(2030, 7, 1), date(2030, 7, 2), "Microsoft 365 (worldwide/1): 60 entries come into use"),
        (date(2030, 7, 9), date(2030, 7, 10), "Microsoft 365 (worldwide, row/16/teams): 1 entry is kept for the last day"),
        (date(2030, 7, 9), date(2030, 7, 10), "Microsoft 365 (worldwide/9): 1 entry is kept for the last day"),
        (date(2030, 8, 1), date(2030, 8, 2), "Microsoft 365 (china/3): 1 entry comes into use"),
    ]
    assert str(found[0]["DESCRIPTION"]).endswith("n49.example.com\n… and 10 more")
    assert str(found[1]["DESCRIPTION"]) == "old.example.com"


def test_a_kept_entry_that_another_set_has_is_marked() -> None:
    def described(cloud: Cloud) -> str:
        listed = ListedEntries([endpoint_set(2, hosts=(HostPattern("*.example.com"),))])
        found = [e for e in events(to_ical(FOUND, stamps=STAMPS, listed={cloud: listed})) if "kept" in str(e["SUMMARY"])]
        return "|".join(str(e["DESCRIPTION"]) for e in found)

    note = "old.example.com (still covered by *.example.com (worldwide/2))"
    assert described(Cloud.WORLDWIDE) == f"{note}|{note}"
    assert described(Cloud.CHINA) == "old.example.com|old.example.com"


def test_the_same_dates_are_the_same_bytes_in_any_order() -> None:
    data = to_ical(FOUND, stamps=STAMPS)
    assert to_ical([*reversed(FOUND), FOUND[0]], stamps=STAMPS) == data
    stamps = {e.decoded("DTSTAMP") for e in events(data)}
    assert stamps == {datetime(2030, 6, 10, tzinfo=UTC), datetime(2030, 5, 1, tzinfo=UTC)}, (
        "the days of the lists, not the current time"
    )


def test_an_event_keeps_its_identity_when_its_entries_or_their_state_change() -> None:
    def uids(*found: EntryDate) -> set[str]:
        return {str(e["UID"]) for e in events(to_ical(found, stamps=STAMPS))}

    assert len(uids(*FOUND)) == 4
    assert uids(FOUND[0]) == uids(*FOUND[:60])
    assert uids(entry("x.example.com", date(2030, 7, 1), WAITING)) == uids(FOUND[0])
    assert uids(entry("x.example.com", date(2030, 7, 1), KEPT)).isdisjoint(uids(FOUND[0]))


def test_its_lines_are_those_of_rfc_5545() -> None:
    data = to_ical(FOUND, stamps=STAMPS)
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines), "3.1"
    unfolded = data.decode().replace("\r\n ", "").split("\r\n")
    for block in "\n".join(unfolded).split("BEGIN:VEVENT")[1:]:
        for name in ("UID:", "DTSTAMP:", "DTSTART;VALUE=DATE:"):  # 3.6.1 and 3.8.2.4
            assert len(re.findall(f"^{name}", block, re.MULTILINE)) == 1
    assert {"VERSION:2.0", "PRODID:-//perimeter365//perimeter365//EN"} <= set(unfolded)  # 3.6


def test_the_last_day_there_is_is_an_event_too() -> None:
    (event,) = events(to_ical([entry("x.example.com", date.max, AHEAD)], stamps=STAMPS))
    assert event.decoded("DTSTART") == date(9999, 12, 31)


def test_no_dates_are_an_empty_calendar() -> None:
    assert events(to_ical([], stamps={})) == []


def test_free_text_is_escaped_and_has_no_control_characters() -> None:
    """RFC 5545 3.3.11: TEXT has no control characters, and commas, semicolons, backslashes and line feeds are escaped."""
    hostile = "a\r\nEND:VEVENT\x1b]0;b\x07;c,d\\e\u202e\x85"
    data = to_ical([entry(hostile, date(2030, 7, 1), AHEAD, about="row/1/x\r\nBEGIN:VALARM")], stamps=STAMPS)
    text = data.decode("utf-8").replace("\r\n ", "")
    assert re.findall(r"^(?:BEGIN|END):.*", text, re.MULTILINE) == [
        f"{word}\r" for word in ("BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR")
    ]
    assert all(c.isprintable() or c in "\r\n" for c in text)
    assert text.count("\r") == text.count("\n") == len(text.splitlines())
    (event,) = events(data)
    assert str(event["DESCRIPTION"]).count("\N{REPLACEMENT CHARACTER}") == 6
