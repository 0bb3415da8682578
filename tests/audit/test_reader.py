"""Base class of the readers: line numbers, reports, limits."""

from collections.abc import Iterator

import pytest

from perimeter365.audit import reader as module
from perimeter365.audit.packets import AllowRule
from perimeter365.audit.reader import ConfigurationReader, NumberedRule, check_limits, text_lines
from perimeter365.errors import ConfigurationError, InputError, PortError

RULE = AllowRule.of("tcp", source=["10.0.0.0/8"], destination=["192.0.2.0/24"], ports="443")


class Toy(ConfigurationReader):
    """A line is `allow`, `later` (a rule that cannot be read), or an error."""

    name = "toy"
    title = "a toy"

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[tuple[int, str]] = []

    def feed(self, line: str) -> None:
        if line not in ("allow", "later"):
            raise PortError(f"{line} is not known", help="write allow")
        self.taken.append((self.number, line))

    def policies(self) -> Iterator[NumberedRule]:
        for number, line in self.taken:
            yield number, self._good if line == "allow" else self._bad

    def _good(self) -> list[AllowRule]:
        return [RULE]

    def _bad(self) -> list[AllowRule]:
        raise InputError("the rule is for later")

    def state(self) -> object:
        return self.taken


def test_supported_lines_are_read_and_others_reported_in_order() -> None:
    reading = Toy.read("later\nallow\nwhat\nallow\n")
    assert reading.rules == (RULE, RULE)
    assert [(line.number, line.text) for line in reading.unread] == [(1, "later"), (3, "what")]
    assert [line.reason for line in reading.unread] == ["the rule is for later", "what is not known"]
    assert (reading.lines, reading.complete) == (4, False)
    assert Toy.read("allow").complete


def test_loading_stops_at_the_first_line_that_cannot_be_read() -> None:
    device = Toy()
    with pytest.raises(ConfigurationError, match=r"^line 2: what is not known$") as caught:
        device.load("allow\nwhat\nallow\n")
    assert (caught.value.line, caught.value.help) == (2, "write allow")
    assert isinstance(caught.value.__cause__, PortError)
    assert device.state() == [(1, "allow")]


def test_a_rule_that_cannot_be_read_is_an_error_with_the_line_that_made_it() -> None:
    device = Toy()
    device.load("allow\n")
    assert device.rules() == [RULE]
    device.load("later\n")
    with pytest.raises(ConfigurationError, match=r"^line 1: the rule is for later$"):
        device.rules()


def test_other_exceptions_are_not_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect of a reader must not look like an unread line."""

    def feed(self: Toy, line: str) -> None:
        raise KeyError(line)

    monkeypatch.setattr(Toy, "feed", feed)
    with pytest.raises(KeyError):
        Toy.read("allow\n")


def test_lines_are_numbered_as_in_an_editor() -> None:
    assert text_lines("a\r\nb\x0bc\u2028d\n\ne") == ["a", "b\x0bc\u2028d", "", "e"]
    assert text_lines("a\n") == ["a"]
    assert text_lines("") == []


def test_the_text_of_an_unread_line_is_short_and_printable() -> None:
    (line,) = Toy.read("\x1b[31m\u202e" + "x" * 500).unread
    assert line.text.startswith("\\x1b[31m\\u202exxx")
    assert len(line.text) < 120


@pytest.mark.parametrize(
    ("limit", "most", "text", "reason"),
    [
        ("MOST_CHARACTERS", 5, "allow\n", "6 characters, more than the limit of 5"),
        ("MOST_LINES", 1, "a\nb", "2 lines, more than the limit of 1"),
        ("LONGEST_LINE", 2, "a\nabc", "line 2 has 3 characters, more than the limit of 2"),
    ],
)
def test_each_limit_is_named(limit: str, most: int, text: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check_limits(text)
    monkeypatch.setattr(module, limit, most)
    with pytest.raises(ConfigurationError, match=reason):
        check_limits(text)
    monkeypatch.setattr(module, limit, most + 1)
    check_limits(text)
