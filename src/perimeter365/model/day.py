"""Days in the form YYYY-MM-DD.

>>> parse_day("20260802")
Traceback (most recent call last):
ValueError: '20260802' is not a day (YYYY-MM-DD)
"""

from datetime import date

OLD_AFTER_DAYS = 60
"""Days after which a list counts as old. Microsoft changes its lists about once a month."""


STALE_AFTER_DAYS = 7
"""Days after the last successful look at a followed cloud from which on its list counts as stale, by default."""

MAX_STALE_DAYS = 365


def parse_day(text: str) -> date:
    """Parse a day of the form YYYY-MM-DD. Raises ValueError with a message for users."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # fromisoformat also accepts 20300615 and 2030-W24-6
        raise ValueError(f"{text!r} is not a day (YYYY-MM-DD)")
    return day
