"""The version of a list of the web service, ten digits YYYYMMDDNN.

>>> version = Version("2026080201")
>>> version.day, version > Version("2026080200"), f"{version}"
(datetime.date(2026, 8, 2), True, '2026080201')
>>> Version("0000000000").day               # lower than every version; its day is None
>>> Version.published("9999999999")
Traceback (most recent call last):
perimeter365.errors.InputError: '9999999999' is not a version (YYYYMMDDNN)

In every other respect a version is a str: in JSON, SQL and CSV, as a key, and in comparisons, whose order is the order in
time. Versions of other sources (the hash of the page, the change number of Azure's service tags) do not use this type.

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
    """A version of ten digits.

    A recorded list of unknown version has its recording date and `00`.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> "Self":
        """Check that the text has ten digits. Raises InputError."""
        if not cls.fits(text):
            raise InputError(f"{text[:40]!r} is not a version of ten digits")
        return super().__new__(cls, text)

    @classmethod
    def published(cls, text: str) -> "Self":
        """Parse a version of the service, which begins with a day in 2018 or later.

        Raises InputError.
        """
        if cls.fits(text) and (day := cls(text).day) and day.year >= _FIRST_YEAR:
            return cls(text)
        raise InputError(f"{text[:40]!r} is not a version (YYYYMMDDNN)")

    @staticmethod
    def fits(text: str) -> bool:
        """Return True if a text is a version of ten digits."""
        return text.isascii() and text.isdigit() and len(text) == 10

    @property
    def day(self) -> date | None:
        """The day of the version, or None if its first eight digits are not a date."""
        try:
            return date(int(self[:4]), int(self[4:6]), int(self[6:8]))
        except ValueError:
            return None

    @property
    def iso(self) -> str:
        """The first eight digits as YYYY-MM-DD, even if they are not a valid date."""
        return f"{self[:4]}-{self[4:6]}-{self[6:8]}"


BEGINNING = Version("0000000000")
"""Lower than every published version."""
