"""Ids of requirements, endpoint sets and rows.

    form                 type             names
    ws/worldwide/11      RequirementId    the flow of an endpoint set of the web service
    row/6/mrs-proxy      RequirementId    a requirement of a row of the page
    dns/mx               RequirementId    a requirement of the page's DNS scope
    worldwide/11         SetKey           an endpoint set
    row/6                str              a row of the page

    >>> RequirementId("row/6/mrs-proxy").row
    6
    >>> RequirementId("ws/worldwide/11").set_key
    'worldwide/11'
    >>> SetKey("worldwide/11").number
    11
    >>> RequirementId("row/26/x")
    Traceback (most recent call last):
    perimeter365.errors.CatalogError: 'row/26/x' is not the id of a requirement

Ids are strings: they sort, print and serialize as strings, and `natural` is the sort key for display. The form of an id is
checked here; a catalog knows whether it exists, and `model.cloud` which clouds there are. `in_set`, `set_id` and
`set_number` do not check their argument, since `lookup` calls them hundreds of times at each start.
"""

import re

from perimeter365.errors import CatalogError

TYPE_CHECKING = False  # type checkers take this name as true; importing `typing` would double the start of `lookup`
if TYPE_CHECKING:
    from typing import Self

SYNTHETIC_ID = 9000
"""The first number of synthetic sets, which the web service does not list (Intune's)."""

MAX_SET_NUMBER = 999_999
"""The largest number of an endpoint set."""

_WEB_SERVICE, _ROW = "ws/", "row/"
CLOUD_NAME = r"(?!(?:ws|row|dns)(?![a-z0-9-]))[a-z][a-z0-9-]{0,30}"
"""The form of a cloud's name. Matches `worldwide` and `germany-2021`, not `row`, with which other ids begin."""

_NUMBER = "[1-9]|1[0-9]|2[0-5]"
_SET = rf"{CLOUD_NAME}/[1-9][0-9]{{0,5}}"
_REQUIREMENT = rf"ws/{_SET}|row/(?:{_NUMBER})/[a-z0-9-]+|dns/[a-z0-9-]+"
# `re` compiles them on first use: `lookup` does not need them.


class SetKey(str):
    """The key of an endpoint set: `worldwide/11`. Raises CatalogError for other text."""

    __slots__ = ()

    def __new__(cls, text: str) -> "Self":
        """Check the text."""
        if not re.fullmatch(_SET, text, re.ASCII):
            raise CatalogError(f"{text!r} is not the key of an endpoint set")
        return super().__new__(cls, text)

    @classmethod
    def of(cls, cloud: object, number: int) -> "Self":
        """Return the key of a set by its number in a cloud, or in the cloud with a name."""
        return cls(f"{cloud}/{number}")

    @property
    def cloud(self) -> str:
        """The name of the cloud: `worldwide`."""
        return self.partition("/")[0]

    @property
    def number(self) -> int:
        """Microsoft's number of the set; from 9000 on, the number of a synthetic set."""
        return int(self.partition("/")[2])

    @property
    def requirement_id(self) -> "RequirementId":
        """The id of the set's flow: `ws/worldwide/11`."""
        return RequirementId(f"{_WEB_SERVICE}{self}")


class RequirementId(str):
    """The id of a requirement. Raises CatalogError for other text."""

    __slots__ = ()

    def __new__(cls, text: str) -> "Self":
        """Check the text."""
        if not is_requirement_id(text):
            raise CatalogError(f"{text!r} is not the id of a requirement")
        return super().__new__(cls, text)

    @property
    def scope(self) -> str:
        """The part before the last slash: `ws/worldwide`, `row/6` or `dns`."""
        return self.rpartition("/")[0]

    @property
    def row(self) -> int | None:
        """The number of the row; None for the web service and DNS."""
        return row_number(self.scope)

    @property
    def set_key(self) -> SetKey | None:
        """The key of the endpoint set; None for a requirement of a row or of DNS."""
        return SetKey(self.removeprefix(_WEB_SERVICE)) if in_set(self) else None


def in_set(text: str) -> bool:
    """Return True if the text starts like the id of an endpoint set's flow."""
    return text.startswith(_WEB_SERVICE)


def in_row(text: str) -> bool:
    """Return True if the text starts like the id of a row or of its requirement."""
    return text.startswith(_ROW)


def set_id(cloud: object, number: int) -> str:
    """Return the id of an endpoint set's flow, unchecked: `ws/worldwide/11`."""
    return f"{_WEB_SERVICE}{cloud}/{number}"


def set_part(text: str) -> str:
    """Return the text after `ws/`, which is the key of the set in the id of its flow."""
    return text.removeprefix(_WEB_SERVICE)


def set_number(text: str) -> int:
    """Return the number in the id of an endpoint set's flow: 11 for `ws/worldwide/11`."""
    return int(text.rpartition("/")[2])


def row_id(number: int) -> str:
    """Return the id of a row: `row/6`."""
    return f"{_ROW}{number}"


def row_number(text: str) -> int | None:
    """Return the number in the id of a row; None if the text is not the id of a row."""
    found = re.fullmatch(rf"row/({_NUMBER})", text, re.ASCII)
    return int(found[1]) if found else None


def is_requirement_id(text: str) -> bool:
    """Return True if the text has the form of the id of a requirement."""
    return re.fullmatch(_REQUIREMENT, text, re.ASCII) is not None


def natural(text: str) -> list[tuple[bool, int, str]]:
    """Return a sort key that puts `row/6` before `row/10`, for any text."""
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in text.split("/")]
