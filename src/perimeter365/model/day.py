"""Days as texts name them: the one in a version, and the one that a person writes.

>>> version_day("2026080200"), version_day("9999999999")
(datetime.date(2026, 8, 2), None)
>>> parse_day("20260802")
Traceback (most recent call last):
ValueError: '20260802' is not a day (YYYY-MM-DD)
"""

from datetime import date

OLD = 60
"""Days after which a list is called old. Microsoft changes its lists about once a month."""


def version_day(version: str) -> date | None:
    """The day with which a version (YYYYMMDDNN) begins; None when it begins with none."""
    try:
        return date(int(version[:4]), int(version[4:6]), int(version[6:8]))
    except ValueError:
        return None


def parse_day(text: str) -> date:
    """The day that a text of the form YYYY-MM-DD means. Raises ValueError, in words."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # Python reads 20300615 and 2030-W24-6 too
        raise ValueError(f"{text!r} is not a day (YYYY-MM-DD)")
    return day
