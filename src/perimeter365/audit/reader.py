"""What the readers of configurations share: limits, line numbers, and what could not be read.

A reader is a small device: it takes a configuration command by command, keeps what the device would keep, and tells which
packets its rules let pass. It guesses nothing. What it does not know is an error with the number of the line, or, in
`Reader.read`, one of the lines that `Reading.unread` names:

    class Panos(Reader):
        def feed(self, line): …          one line; raises InputError
        def policies(self): …            the line of each rule, and what makes its packets

    >>> print(UnreadLine(number=7, text="frobnicate", reason="the line is not read"))
    line 7: the line is not read: frobnicate
    >>> check_limits("x" * (LONGEST_LINE + 1))
    Traceback (most recent call last):
    perimeter365.errors.ConfigurationError: line 1 has 1000001 characters, more than 1000000
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from perimeter365.audit.packets import AllowRule
from perimeter365.errors import ConfigurationError, InputError

MOST_CHARACTERS = 50_000_000
"""Of a text. The largest configuration that we make has two million."""
MOST_LINES = 1_000_000
LONGEST_LINE = 1_000_000
"""Of one line, in characters: Windows writes thousands of addresses into one."""
MOST_DEPTH = 20
"""How deep blocks may lie in each other."""
_SHOWN = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadLine:
    """A line that was not understood, so that what it does is not known."""

    number: int
    """From 1."""
    text: str
    """Its first 100 characters, what is not printable escaped."""
    reason: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.reason}: {self.text}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a configuration says."""

    rules: tuple[AllowRule, ...]
    """What its rules let pass. For certain only if `complete`: an unread line may close, or open, more."""
    unread: tuple[UnreadLine, ...]
    """Each line that was not understood, by number."""
    lines: int
    """How many lines it has."""

    @property
    def complete(self) -> bool:
        """Whether every line was read."""
        return not self.unread


Policy = tuple[int, Callable[[], Iterable[AllowRule]]]
"""The number of a rule's line, and what makes the packets that it lets pass; raises InputError."""


class Reader(ABC):
    """A device that takes a configuration. One is for one device: `load` may be called several times."""

    name: ClassVar[str]
    """As in `readers`, e.g. `cisco-asa`."""
    title: ClassVar[str]
    """What it reads, in a few words."""

    def __init__(self) -> None:
        self.number = 0
        """The number of the line that is being read."""

    @classmethod
    def read(cls, text: str) -> Reading:
        """Read all of a configuration that can be read, and say which lines cannot.

        Raises:
            ConfigurationError: the text is past the limits, so that nothing was read.
        """
        reader, lines = cls(), text_lines(text)
        unread: dict[int, UnreadLine] = {}

        def report(number: int, error: InputError) -> None:
            if number not in unread:
                shown = lines[number - 1][:_SHOWN] if 0 < number <= len(lines) else ""
                unread[number] = UnreadLine(number=number, text=ascii(shown)[1:-1], reason=error.message)

        reader._take(text, report)
        rules = reader._made(report)
        ordered = tuple(unread[number] for number in sorted(unread))
        return Reading(rules=tuple(rules), unread=ordered, lines=len(lines))

    def load(self, text: str) -> None:
        """Take a whole configuration. Raises ConfigurationError at the first line that cannot be read."""
        self._take(text, _refuse)

    def rules(self) -> list[AllowRule]:
        """What the rules let pass. Raises ConfigurationError at the first rule that cannot be read."""
        return self._made(_refuse)

    def _made(self, report: Callable[[int, InputError], None]) -> list[AllowRule]:
        found: list[AllowRule] = []
        for number, packets in self.policies():
            try:
                made = list(packets())
                if not made:
                    raise ConfigurationError("the rule lets nothing pass: its ends have no family of addresses in common")
                found += made
            except InputError as error:
                report(number, error)
        return found

    def commands(self, text: str) -> Iterator[tuple[int, Callable[[], None]]]:
        """The commands of a text with the numbers of their lines; by default each line is one.

        Raises:
            ConfigurationError: with its line, where the text cannot be taken apart any further.
        """
        for number, line in enumerate(text_lines(text), 1):
            yield number, partial(self.feed, line)

    def feed(self, line: str) -> None:
        """Take one line. Raises InputError."""
        self.load(line)

    def finish(self) -> None:  # noqa: B027 (most texts cannot end too early)
        """Take the end of a text. Raises InputError if something is open that it should have closed."""

    @abstractmethod
    def policies(self) -> Iterator[Policy]:
        """The rules that are in force, in order."""

    @abstractmethod
    def state(self) -> object:
        """All that the device holds, the same whatever the order of commands was; for comparisons."""

    def _take(self, text: str, report: Callable[[int, InputError], None]) -> None:
        check_limits(text)
        commands = self.commands(text)
        while True:
            try:
                self.number, take = next(commands)
            except StopIteration:
                break
            except ConfigurationError as error:
                rest = error.message.removeprefix(f"line {error.line}: ")
                report(error.line, ConfigurationError(f"{rest}; nothing after it is read", line=error.line))
                return
            try:
                take()
            except InputError as error:
                report(self.number, error)
        try:
            self.finish()
        except InputError as error:
            report(self.number, error)


def _refuse(number: int, error: InputError) -> None:
    raise ConfigurationError(f"line {number}: {error.message}", line=number, help=error.help) from error


def text_lines(text: str) -> list[str]:
    """The lines of a text, as an editor numbers them: other separators of Unicode do not begin a line."""
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def check_limits(text: str) -> None:
    """Raise ConfigurationError if a text is longer than any configuration."""
    if len(text) > MOST_CHARACTERS:
        raise ConfigurationError(f"the text has {len(text)} characters, more than the {MOST_CHARACTERS} that are read")
    lines = text_lines(text)
    if len(lines) > MOST_LINES:
        raise ConfigurationError(f"the text has {len(lines)} lines, more than the {MOST_LINES} that are read")
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            raise ConfigurationError(f"line {number} has {len(line)} characters, more than {LONGEST_LINE}", line=number)
