"""Base class of the configuration readers: limits, line numbers, and unread lines.

A reader simulates a device: it executes a configuration command by command, keeps the state that the device would keep, and
lists the packets that its rules permit. It guesses nothing. An unknown command is an error with its line number, or, in
`ConfigurationReader.read`, an entry of `ReadResult.unread`:

    class Panos(ConfigurationReader):
        def feed(self, line): …          executes one line; raises InputError
        def policies(self): …            yields the line number of each rule and a function that returns its allow rules

    >>> print(UnreadLine(number=7, text="frobnicate", reason="the line is not supported"))
    line 7: the line is not supported: frobnicate
    >>> check_limits("x" * (LONGEST_LINE + 1))
    Traceback (most recent call last):
    perimeter365.errors.ConfigurationError: line 1 has 1000001 characters, more than the limit of 1000000
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from perimeter365.audit.packets import AllowRule
from perimeter365.errors import ConfigurationError, InputError

MOST_CHARACTERS = 50_000_000
"""Maximum size of a text. The largest configuration that perimeter365 renders has two million characters."""
MOST_LINES = 1_000_000
LONGEST_LINE = 1_000_000
"""Maximum length of a line in characters: Windows scripts have thousands of addresses on one line."""
MOST_DEPTH = 20
"""Maximum nesting of blocks."""
_SHOWN = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadLine:
    """A line that was not understood, so its effect is unknown."""

    number: int
    """Line number, from 1."""
    text: str
    """The first 100 characters of the line, with unprintable characters escaped."""
    reason: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.reason}: {self.text}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadResult:
    """The result of reading a configuration."""

    rules: tuple[AllowRule, ...]
    """The allow rules. They are certain only if `complete`: an unread line may permit more, or less."""
    unread: tuple[UnreadLine, ...]
    """The lines that were not understood, by number."""
    lines: int
    """Number of lines of the configuration."""

    @property
    def complete(self) -> bool:
        """Whether every line was read."""
        return not self.unread


NumberedRule = tuple[int, Callable[[], Iterable[AllowRule]]]
"""(line number of a rule, function that returns its allow rules or raises InputError)."""


class ConfigurationReader(ABC):
    """A simulated device that executes configurations.

    `load` may be called several times, as on a device.
    """

    name: ClassVar[str]
    """Name in `readers`, e.g. `cisco-asa`."""
    title: ClassVar[str]
    """Description of the configuration language in a few words."""

    def __init__(self) -> None:
        self.number = 0
        """The number of the current line."""

    @classmethod
    def read(cls, text: str) -> ReadResult:
        """Read a configuration as far as possible.

        The lines that were not understood are listed in the result.

        Raises:
            ConfigurationError: the text exceeds a limit. Nothing was read.
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
        return ReadResult(rules=tuple(rules), unread=ordered, lines=len(lines))

    def load(self, text: str) -> None:
        """Execute a configuration.

        Raises:
            ConfigurationError: a line is not understood. Later lines are not executed.
        """
        self._take(text, _refuse)

    def rules(self) -> list[AllowRule]:
        """Return the allow rules.

        Raises:
            ConfigurationError: a rule is not understood; the error names the first one.
        """
        return self._made(_refuse)

    def _made(self, report: Callable[[int, InputError], None]) -> list[AllowRule]:
        found: list[AllowRule] = []
        for number, packets in self.policies():
            try:
                made = list(packets())
                if not made:
                    raise ConfigurationError("the rule permits nothing: its ends have no address family in common")
                found += made
            except InputError as error:
                report(number, error)
        return found

    def commands(self, text: str) -> Iterator[tuple[int, Callable[[], None]]]:
        """Yield the commands of a text with their line numbers.

        By default, each line is a command.

        Raises:
            ConfigurationError: the text cannot be parsed further; the error has the line number.
        """
        for number, line in enumerate(text_lines(text), 1):
            yield number, partial(self.feed, line)

    def feed(self, line: str) -> None:
        """Execute one line. Raises InputError."""
        self.load(line)

    def finish(self) -> None:  # noqa: B027 (most texts cannot end too early)
        """Handle the end of a text. Raises InputError if a block is still open."""

    @abstractmethod
    def policies(self) -> Iterator[NumberedRule]:
        """Yield the active rules, in order."""

    @abstractmethod
    def state(self) -> object:
        """Return the whole state of the device, for comparisons.

        It does not depend on the order of commands.
        """

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
                report(error.line, ConfigurationError(f"{rest}; the rest of the text was not read", line=error.line))
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
    """Split a text at LF or CRLF, as editors number lines.

    Other Unicode line separators do not count.
    """
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def check_limits(text: str) -> None:
    """Raise ConfigurationError if a text exceeds the limits of a configuration."""
    if len(text) > MOST_CHARACTERS:
        raise ConfigurationError(f"the text has {len(text)} characters, more than the limit of {MOST_CHARACTERS}")
    lines = text_lines(text)
    if len(lines) > MOST_LINES:
        raise ConfigurationError(f"the text has {len(lines)} lines, more than the limit of {MOST_LINES}")
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            message = f"line {number} has {len(line)} characters, more than the limit of {LONGEST_LINE}"
            raise ConfigurationError(message, line=number)
