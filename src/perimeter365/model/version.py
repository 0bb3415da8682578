"""The version of a list of the web service: ten digits YYYYMMDDNN, the day and the number of the publication on it.

>>> version = Version("2026080201")
>>> version.day, version > Version("2026080200"), f"{version}"
(datetime.date(2026, 8, 2), True, '2026080201')
>>> Version("0000000000").day               # before every version: change records since the beginning
>>> Version.published("9999999999")         # what a service says
Traceback (most recent call last):
perimeter365.errors.InputError: '9999999999' is not a version (YYYYMMDDNN)

It is a text in every other respect: in JSON, SQL and CSV, as a key, in the order, which is that of time. The versions of
other sources (a day of the page, the change number of Azure's service tags) are other things and have no type of their own.

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
    """Ten digits. Those of a recorded list of unknown version are its recording date and `00`."""

    __slots__ = ()

    def __new__(cls, text: str) -> "Self":
        """Take a text of ten digits. Raises InputError."""
        if not cls.fits(text):
            raise InputError(f"{text[:40]!r} is not a version of ten digits")
        return super().__new__(cls, text)

    @classmethod
    def published(cls, text: str) -> "Self":
        """Take a version that the service can have published: it begins with a day from 2018 on. Raises InputError."""
        if cls.fits(text) and (day := cls(text).day) and day.year >= _FIRST_YEAR:
            return cls(text)
        raise InputError(f"{text[:40]!r} is not a version (YYYYMMDDNN)")

    @staticmethod
    def fits(text: str) -> bool:
        """Whether a text has ten digits, where it may also be something else, such as a day or the name of a file."""
        return text.isascii() and text.isdigit() and len(text) == 10

    @property
    def day(self) -> date | None:
        """The day with which it begins; None if it begins with none (`0000000000`, `9999999999`)."""
        try:
            return date(int(self[:4]), int(self[4:6]), int(self[6:8]))
        except ValueError:
            return None

    @property
    def iso(self) -> str:
        """Its first eight digits as YYYY-MM-DD, even if there is no such day: for the order among days."""
        return f"{self[:4]}-{self[4:6]}-{self[6:8]}"


BEGINNING = Version("0000000000")
"""Before every version."""
