"""`calendar`: on stdout or in a file, of all entries or of the entries of a plan."""

from datetime import date
from pathlib import Path

from icalendar import Calendar

from tests.cli.conftest import Cli


def days(data: str | bytes) -> dict[str, set[date]]:
    """Return the dates by the id in parentheses in the summary."""
    found: dict[str, set[date]] = {}
    for event in Calendar.from_ical(data).walk("VEVENT"):
        about = str(event["SUMMARY"]).partition("(")[2].partition(")")[0]
        found.setdefault(about, set()).add(event.decoded("DTSTART"))
    return found


def test_it_is_a_calendar(synced: Cli, tmp_path: Path) -> None:
    ran = synced("calendar")
    assert (ran.code, ran.out.splitlines()[0], ran.out.splitlines()[-1]) == (0, "BEGIN:VCALENDAR", "END:VCALENDAR")
    path = tmp_path / "days.ics"
    assert synced("calendar", "-o", str(path), "--grace", "0").code == 0
    assert path.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")


def test_both_kinds_of_dates_are_in_it(dated: Cli) -> None:
    assert days(dated("calendar", "--at", "2030-06-20").out) == {
        "worldwide/11": {date(2030, 7, 9)},  # removed on 10 June and kept for 30 days, until 9 July
        "worldwide/1": {date(2030, 7, 1)},
        "worldwide/47": {date(2030, 7, 9)},
    }
    assert days(dated("calendar", "--at", "2030-06-20", "--grace", "0").out) == {"worldwide/1": {date(2030, 7, 1)}}
    assert days(dated("calendar", "--at", "2030-07-10").out) == {}


def test_with_a_profile_only_entries_of_its_plan_are_in_it(dated: Cli, tmp_path: Path) -> None:
    profile = tmp_path / "teams.toml"
    profile.write_text(
        '[organization]\nclouds = ["worldwide"]\n[select]\nservice_areas = ["teams"]\ncategories = ["optimize"]\n'
        "[effective]\ngrace = 15\n"
    )
    assert days(dated("calendar", "--at", "2030-06-20", "--profile", str(profile)).out) == {
        "worldwide/11": {date(2030, 6, 24)}
    }
    longer = dated("calendar", "--at", "2030-06-20", "--profile", str(profile), "--grace", "20")
    assert days(longer.out) == {"worldwide/11": {date(2030, 6, 29)}}


def test_the_output_is_the_same_until_something_changes(dated: Cli, tmp_path: Path) -> None:
    a, b = tmp_path / "a.ics", tmp_path / "b.ics"
    assert dated("calendar", "--at", "2030-06-20", "-o", str(a)).code == 0
    assert dated("calendar", "--at", "2030-06-30", "-o", str(b)).code == 0
    assert a.read_bytes() == b.read_bytes()


def test_without_a_store_the_error_explains_how_to_get_one(cli: Cli) -> None:
    ran = cli("calendar")
    assert (ran.code, "perimeter365 sync" in ran.err) == (2, True)


def test_the_table_has_the_same_entries_for_a_person(dated: Cli) -> None:
    title, columns, *lines = dated("calendar", "--at", "2030-06-20", "--table").out.splitlines()
    assert (title, columns.split()) == ("Effective dates (3)", ["cloud", "id", "entry", "state"])
    assert {(line.split()[1], line.split("  ")[-1].strip()) for line in lines} == {
        ("ws/worldwide/1", "in use from 2030-07-01, opened already"),
        ("ws/worldwide/11", "kept until 2030-07-10"),
        ("ws/worldwide/47", "kept until 2030-07-10"),
    }
    assert dated("calendar", "--table", "-o", "x.ics").code == 2
