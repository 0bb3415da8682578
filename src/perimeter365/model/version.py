"""The version of a list of the web service: ten digits YYYYMMDDNN, a day and a number within it.

>>> version = Version("2026080201")
>>> version.day, version > Version("2026080200"), f"{version}"
(datetime.date(2026, 8, 2), True, '2026080201')
>>> Version("0000000000").day               # before every version: change records since the beginning
>>> Version.published("9999999999")         # a version from the service
Traceback (most recent call last):
perimeter365.errors.InputError: '9999999999' is not a version (YYYYMMDDNN)

It is a string otherwise: in JSON, SQL and CSV, as a key, and in its order, which is chronological. The versions of other
sources (the date of the page, the change number of Azure's service tags) are not of this type.

Source: https://learn.microsoft.com/en-us/microsoft-365/enterprise/microsoft-365-ip-web-service
"""

from datetime import date

from perimeter365.errors import InputError

TYPE_CHECKING = False  # as in `perimeter365.store.connection`
if TYPE_CHECKING:
    from typing import Self

_FIRST_YEAR = 2018
"""The web service began in June 2018."""


class Version(str):
    """Ten digits. A recorded list of unknown version has its recording date and `00`."""

    __slots__ = ()

    def __new__(cls, text: str) -> "Self":
        """Create a version from ten digits. Raises InputError."""
        if not cls.fits(text):
            raise InputError(f"{text[:40]!r} is not a version of ten digits")
        return super().__new__(cls, text)

    @classmethod
    def published(cls, text: str) -> "Self":
        """Create a version that begins with a date of 2018 or later, as the service's do. Raises InputError."""
        if cls.fits(text) and (day := cls(text).day) and day.year >= _FIRST_YEAR:
            return cls(text)
        raise InputError(f"{text[:40]!r} is not a version (YYYYMMDDNN)")

    @staticmethod
    def fits(text: str) -> bool:
        """Return True if a text has ten digits, where a day or a file name is possible too."""
        return text.isascii() and text.isdigit() and len(text) == 10

    @property
    def day(self) -> date | None:
        """The date with which it begins; None if that is not a date (`0000000000`, `9999999999`)."""
        try:
            return date(int(self[:4]), int(self[4:6]), int(self[6:8]))
        except ValueError:
            return None

    @property
    def iso(self) -> str:
        """Its first eight digits as YYYY-MM-DD, even if that is not a date. For sorting among dates."""
        return f"{self[:4]}-{self[4:6]}-{self[6:8]}"


BEGINNING = Version("0000000000")
"""Sorts before every version."""
