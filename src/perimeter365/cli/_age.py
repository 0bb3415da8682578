"""How old a catalog is, and the note about it."""

import sys
from collections.abc import Mapping
from datetime import date

from perimeter365.model.day import OLD
from perimeter365.model.version import Version

CLOSED = "germany"


def age(version: str, today: date | None = None) -> int | None:
    """Days since a version (YYYYMMDDNN); None when it holds no date."""
    day = Version(version).day
    return ((today or date.today()) - day).days if day else None  # noqa: DTZ011 (days, not instants)


def note_age(versions: Mapping[str, str], *, quiet: bool) -> None:
    """Say on stderr when the newest list of a catalog is old. A closed cloud's is always."""
    days = [days for cloud, version in versions.items() if cloud != CLOSED and (days := age(version)) is not None]
    if not quiet and days and min(days) > OLD:
        print(f"note: the catalog is {min(days)} days old; `perimeter365 sync` brings a newer one", file=sys.stderr)
