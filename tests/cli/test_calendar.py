"""`calendar`: on stdout or in a file."""

from pathlib import Path

from tests.cli.conftest import Cli


def test_it_is_a_calendar(synced: Cli, tmp_path: Path) -> None:
    ran = synced("calendar")
    assert (ran.code, ran.out.splitlines()[0], ran.out.splitlines()[-1]) == (0, "BEGIN:VCALENDAR", "END:VCALENDAR")
    path = tmp_path / "days.ics"
    assert synced("calendar", "-o", str(path), "--grace", "0").code == 0
    assert path.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")


def test_without_a_store_it_says_how_to_get_one(cli: Cli) -> None:
    ran = cli("calendar")
    assert (ran.code, "perimeter365 sync" in ran.err) == (2, True)
