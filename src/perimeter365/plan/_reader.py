"""Check the values of a profile, and record each problem with its place.

`ProfileReader` has what all parts of a profile need; `_read` and `_read_choices` read the parts.
"""

import json
from collections.abc import Callable, Sized
from dataclasses import dataclass, field
from typing import Any

from perimeter365.model.scenario import canonical
from perimeter365.plan import _toml
from perimeter365.plan._check import InvalidValueError
from perimeter365.plan._problem import Problem

TEXT, FLAG, TEXTS = "a string in quotes", "true or false", "a list of strings"
NUMBER = "a number of days"
DAYS = "a number of days, or a table of them by category"
_EMPTY = {
    "clouds": ("clouds is empty: a profile needs at least one cloud", 'write clouds = ["worldwide"]'),
    "categories": ("categories is empty: no endpoint set would be selected", "to select none, write service_areas = []"),
}
"""Messages for lists that must not be empty."""
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (str, "a string"),
    (int, "a number"),
    (float, "a number"),
    (list, "a list"),
    (dict, "a table"),
)


MAX_PROBLEMS = 1000
"""The maximum number of problems. Each costs the time to find its line and a similar name."""

MAX_ITEMS = 10_000
"""The maximum length of a list. Artifacts repeat roles and domains in each rule, and devices have limits far below it."""


class TooManyProblemsError(Exception):
    """The profile has more than `MAX_PROBLEMS` problems."""


@dataclass
class ProfileReader:
    """A document, and the problems of its values that were found so far."""

    document: _toml.Document
    file: str
    problems: list[Problem] = field(default_factory=list)

    def attempt(self, path: _toml.Path, check: Callable[[Any], Any], value: object, *, key: bool = False) -> Any:
        """Return the checked value, or record the problem and return None.

        With `key`, the place is that of the key.
        """
        try:
            return check(value)
        except InvalidValueError as error:
            self.add_error(path, error, self.document.key_span(path) if key else None)
            return None

    def problem_at(self, path: _toml.Path, *, key: bool = False) -> Problem:
        """Return a problem without a message at a place, for later errors."""
        span = self.document.key_span(path) if key else self.document.span(path)
        return problem_of(self.document.text, self.file, span, InvalidValueError("bad-value", ""))

    def is_short(self, path: _toml.Path, value: Sized, most: int = MAX_ITEMS, why: str = "") -> bool:
        """Return True if a list or table has at most `most` entries.

        Otherwise, record a problem.
        """
        if len(value) <= most:
            return True
        name = ".".join(map(str, path))
        self.add_problem(path, "bad-value", f"{name} has {len(value)} entries, more than {most}, the limit", why)
        return False

    def items(
        self, path: _toml.Path, value: object, check: Callable[[str], Any], most: int = MAX_ITEMS, why: str = ""
    ) -> list[Any]:
        """Return the valid items of a list of at most `most` strings, without duplicates."""
        key = str(path[-1])
        if not isinstance(value, list):
            help = f"write {key} = [{json.dumps(value, ensure_ascii=False)}]" if isinstance(value, str) else ""
            self.add_problem(path, "wrong-type", f"{key} is {kind_of(value)}, not {TEXTS}", help)
            return []
        if not self.is_short(path, value, most, why):
            return []
        if not value and key in _EMPTY:
            self.add_problem(path, "bad-value", *_EMPTY[key])
        found: list[Any] = []
        first: dict[object, int] = {}
        for i, item in enumerate(value):
            try:
                if not isinstance(item, str):
                    raise InvalidValueError("wrong-type", f"{key} contains {kind_of(item)}, not {TEXT}")
                entry = check(item)
            except InvalidValueError as error:
                self.add_error((*path, i), error)
                continue
            key_of_entry = canonical(entry) if isinstance(entry, str) else entry
            if key_of_entry in first:
                line, _ = self.document.place(self.document.span((*path, first[key_of_entry])).start)
                self.add_problem((*path, i), "duplicate", f"{item!r} is listed twice", f"it is also on line {line}")
            else:
                first[key_of_entry] = i
                found.append(entry)
        return found

    def is_table(self, name: str, value: object) -> bool:
        """Return True if the value is a table; else record a problem."""
        if not isinstance(value, dict):
            error = InvalidValueError("wrong-type", f"{name} is {kind_of(value)}, not a table", f"write [{name}]")
            self.add_error((name,), error, self.document.key_span((name,)))
        return isinstance(value, dict)

    def add_problem(self, path: _toml.Path, code: str, message: str, help: str = "") -> None:
        """Record a problem of a value."""
        self.add_error(path, InvalidValueError(code, message, help))

    def add_error(self, path: _toml.Path, error: InvalidValueError, span: _toml.Span | None = None) -> None:
        """Record an error at the place of its value, or at another span."""
        if len(self.problems) >= MAX_PROBLEMS:
            raise TooManyProblemsError
        span = span or self.document.span(path)
        self.problems.append(problem_of(self.document.text, self.file, span, error))


def kind_of(value: object) -> str:
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "a date or time")


def problem_of(text: str, file: str, span: _toml.Span, error: InvalidValueError) -> Problem:
    line, column = _toml.place(text, span.start)
    start, end = span.start - column + 1, text.find("\n", span.start)
    source = (text[start:end] if end >= 0 else text[start:]).removesuffix("\r")
    return Problem(
        code=error.code,
        file=file,
        line=line,
        column=column,
        message=error.message,
        remedy=error.help,
        allowed=error.allowed,
        source_line=source,
        length=max(1, min(span.end - span.start, len(source) - column + 1)),
    )
