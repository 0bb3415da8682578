"""The calendar, read back."""

from datetime import UTC, date, datetime

from icalendar import Calendar

from perimeter365.history.calendar import to_ical
from perimeter365.history.effective import Effective, Entry
from perimeter365.model.cloud import Cloud
from tests.history.test_gates import base

NOW = datetime(2030, 6, 15, 12, tzinfo=UTC)
FOUND = Effective(
    state=base(),
    kept=(Entry(day=date(2030, 7, 9), endpoint_set=9, kind="host", value="old.example.com"),),
    announced=tuple(Entry(day=date(2030, 7, 1), endpoint_set=1, kind="host", value=f"n{n}.example.com") for n in range(60)),
)


def test_each_set_and_day_is_one_event() -> None:
    events = Calendar.from_ical(to_ical({Cloud.WORLDWIDE: FOUND}, NOW)).walk("VEVENT")
    assert [(e.decoded("DTSTART"), e.decoded("DTEND")) for e in events] == [
        (date(2030, 7, 1), date(2030, 7, 2)),
        (date(2030, 7, 9), date(2030, 7, 10)),
    ]
    assert str(events[0]["SUMMARY"]) == "Microsoft 365 (worldwide/1, common): 60 entries come into use"
    assert str(events[0]["DESCRIPTION"]).endswith("n49.example.com\n… and 10 more")
    assert str(events[1]["SUMMARY"]) == "Microsoft 365 (worldwide/9): 1 entry ends its grace time"


def test_written_again_events_keep_their_identity() -> None:
    def uids(hour: int) -> list[str]:
        data = to_ical({Cloud.WORLDWIDE: FOUND}, NOW.replace(hour=hour))
        return [str(e["UID"]) for e in Calendar.from_ical(data).walk("VEVENT")]

    assert uids(1) == uids(2)
    assert len(set(uids(1))) == 2
