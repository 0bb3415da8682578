"""The age of a catalog, and the note about an old one."""

import sys
from collections.abc import Mapping
from datetime import date

from perimeter365.model.day import OLD_AFTER_DAYS
from perimeter365.model.version import Version

CLOSED = "germany"


def age(version: str, today: date | None = None) -> int | None:
    """Return the days since a version (YYYYMMDDNN); None if it has no date."""
    day = Version(version).day
    return ((today or date.today()) - day).days if day else None  # noqa: DTZ011 (whole days only)


def note_age(versions: Mapping[str, str], *, quiet: bool) -> None:
    """Print a note on stderr if the newest list of a catalog is old.

    Closed clouds do not count: their lists are never updated.
    """
    days = [days for cloud, version in versions.items() if cloud != CLOSED and (days := age(version)) is not None]
    if not quiet and days and min(days) > OLD_AFTER_DAYS:
        print(f"note: the catalog is {min(days)} days old; `perimeter365 sync` fetches a newer one", file=sys.stderr)
