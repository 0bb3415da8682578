"""Days as a person writes them.

>>> parse_day("20260802")
Traceback (most recent call last):
ValueError: '20260802' is not a day (YYYY-MM-DD)
"""

from datetime import date

OLD = 60
"""Days after which a list is called old. Microsoft changes its lists about once a month."""


def parse_day(text: str) -> date:
    """The day that a text of the form YYYY-MM-DD means. Raises ValueError, in words."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # Python reads 20300615 and 2030-W24-6 too
        raise ValueError(f"{text!r} is not a day (YYYY-MM-DD)")
    return day
