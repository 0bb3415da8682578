"""What a request asks for, before a room has read it.

>>> request = Request(path="/Endpoints/Worldwide/", query="ClientRequestId=%7Bb1%7D&NoIPv6&format=csv")
>>> request.parts, request.pairs
(('Endpoints', 'Worldwide'), (('ClientRequestId', '{b1}'), ('NoIPv6', ''), ('format', 'csv')))

Sizes are limited before anything is parsed: a path or a query that is longer is refused.
"""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, unquote

from perimeter365.errors import InputError

MAX_PATH = 1_024
"""The maximum length of a path in bytes."""

MAX_QUERY = 4_096
"""The maximum length of a query in bytes."""

MAX_PAIRS = 64
"""The maximum number of parameters."""


class RefusedError(Exception):
    """A request that is answered with a status of 400 or more and a line of text."""

    def __init__(self, status: int, text: str, *, allow: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.allow = allow
        """The value of the header Allow, for status 405."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """Path and query of a request, with percent-encoding."""

    path: str
    query: str = ""
    host: str = ""
    """The value of the header Host."""

    def __post_init__(self) -> None:
        if len(self.path) > MAX_PATH or len(self.query) > MAX_QUERY:
            raise RefusedError(414, f"The path is limited to {MAX_PATH} bytes, the query to {MAX_QUERY}.")

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The segments of the path, decoded; empty ones are left out."""
        parts = tuple(unquote(part, errors="replace") for part in self.path.split("/") if part)
        if any(not part.isprintable() or "/" in part or part in (".", "..") for part in parts):
            raise RefusedError(400, "The path is not valid.")
        return parts

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The parameters in the order of the query, decoded; a bare name has the value ""."""
        try:
            found = parse_qsl(self.query, keep_blank_values=True, max_num_fields=MAX_PAIRS, errors="replace")
        except ValueError:
            raise RefusedError(400, f"There are more than {MAX_PAIRS} parameters.") from None
        return tuple(found)

    def value(self, name: str) -> str | None:
        """Return the last value of a parameter; None if it is absent.

        Its name is compared without case.
        """
        found = [value for key, value in self.pairs if key.strip().lower() == name.lower()]
        return found[-1].strip() if found else None


def refused(error: InputError) -> RefusedError:
    """Return the refusal of a value that is not valid."""
    return RefusedError(400, f"{error.message}.")
