"""Parser of the RouterOS script language.

It supports what exports and rendered scripts use.

    :local NAME VALUE          :foreach NAME in=VALUE do={ }       $function key=value
    :local NAME do={ }         :if (EXPRESSION) do={ } else={ }    /path to table  add | set | remove | find | get
    :return VALUE              [ ] is the value of a command, "$name" is expanded in a text, . = > are operators

A statement ends at the end of its line, or with `;`. A backslash at the end of a line continues it. `#` begins a comment.
The nesting of blocks is limited. `_interpreter` executes the statements.

    >>> [[token.kind for token in statement.tokens] for statement in parse(':local f do={ :return "x" }; $f a=1')]
    [['word', 'word', 'pair'], ['variable', 'pair']]
    >>> parse('/ip [ find')
    Traceback (most recent call last):
    perimeter365.errors.ConfigurationError: line 1: ] is missing
"""

import re
from dataclasses import dataclass
from typing import Literal

from perimeter365.audit.reader import MOST_DEPTH
from perimeter365.errors import ConfigurationError

Kind = Literal["text", "variable", "command", "group", "block", "word", "pair"]
_SPACE = re.compile(r"(?:[ \t\r]|\\\r?\n)+")
_COMMENT = re.compile(r"#[^\n]*")
_TEXT = re.compile(r'"((?:[^"\\]|\\["\\]|\\\r?\n)*)"')  # "a \"b\"", not "a \24"
_ESCAPE = re.compile(r'\\(?:\r?\n[ \t]*|(["\\]))')
_VARIABLE = re.compile(r"\$([A-Za-z0-9]+)")
_WORD = re.compile(r"[^\s\"\[\]{}();=~$\\]+")
_BRACKETS: dict[str, tuple[str, Kind]] = {"[": ("]", "command"), "(": (")", "group"), "{": ("}", "block")}


@dataclass(frozen=True, slots=True)
class Statement:
    """A command with its arguments."""

    line: int
    tokens: "tuple[Token, ...]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """A part of a statement."""

    kind: Kind
    text: str = ""
    """Content of a text or word, name of a variable, or key of a pair."""
    statements: tuple[Statement, ...] = ()
    """Statements of a command, group or block."""
    sign: str = ""
    """Operator of a pair: = or ~."""
    value: "Token | None" = None
    """Value of a pair."""


class Parser:
    """Parser of a text, statement by statement."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.line = text, 0, 1
        self._depth = 0

    def refuse(self, reason: str) -> ConfigurationError:
        """Return an error with the current line."""
        return ConfigurationError(f"line {self.line}: {reason}", line=self.line)

    def _match(self, pattern: "re.Pattern[str]") -> "re.Match[str] | None":
        """Consume a match at the current position."""
        if match := pattern.match(self.text, self.at):
            self.at = match.end()
            self.line += match[0].count("\n")
        return match

    def statement(self, end: str = "", opened: int = 0) -> "Statement | None":
        """Return the next statement; None at the end of the text or block.

        Args:
            end: the closing bracket of the block; "" for the whole text.
            opened: the line on which the block begins, for errors.
        """
        tokens: list[Token] = []
        line = self.line
        while self.at < len(self.text):
            char = self.text[self.at]
            if end and char == end:
                break
            if char in "\n;":
                self.at += 1
                self.line += char == "\n"
                if tokens:
                    return Statement(line, tuple(tokens))
            elif not self._match(_SPACE) and not (char == "#" and not tokens and self._match(_COMMENT)):
                line = line if tokens else self.line
                tokens.append(self._token())
        if end and self.at == len(self.text):
            raise ConfigurationError(f"line {opened}: {end} is missing", line=opened)
        return Statement(line, tuple(tokens)) if tokens else None

    def _block(self, end: str) -> tuple[Statement, ...]:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise self.refuse(f"blocks are nested more than {MOST_DEPTH} deep")
        found, opened = [], self.line
        while statement := self.statement(end, opened):
            found.append(statement)
        self.at += 1
        self._depth -= 1
        return tuple(found)

    def _token(self) -> Token:
        char = self.text[self.at]
        if char in _BRACKETS:
            self.at += 1
            end, kind = _BRACKETS[char]
            return Token(kind=kind, statements=self._block(end))
        if char == '"':
            if not (match := self._match(_TEXT)):
                raise self.refuse("a text is not closed, or has an unsupported escape")
            return Token(kind="text", text=_ESCAPE.sub(lambda found: found[1] or "", match[1]))
        if char == "$":
            if not (match := self._match(_VARIABLE)):
                raise self.refuse("a name is missing after $")
            return Token(kind="variable", text=match[1])
        if not (match := self._match(_WORD)):
            if char not in "=~":
                raise self.refuse(f"{char!r} is out of place")
            self.at += 1
            return Token(kind="word", text=char)
        sign, after = self.text[self.at : self.at + 1], self.text[self.at + 1 : self.at + 2]
        if sign and sign in "=~" and after not in ("", " ", "\n", "\r"):
            self.at += 1
            if after in "=~":  # no value begins with an operator; this also prevents deep recursion on `a=b=c=…`
                raise self.refuse(f"{after!r} is out of place")
            return Token(kind="pair", text=match[0], sign=sign, value=self._value())
        return Token(kind="word", text=match[0])

    def _value(self) -> Token:
        """Return the token after = or ~. A word ends before the next operator."""
        if match := self._match(_WORD):
            return Token(kind="word", text=match[0])
        return self._token()


def parse(text: str) -> list[Statement]:
    """Return all statements of a text. Raises ConfigurationError."""
    parser, found = Parser(text), []
    while statement := parser.statement():
        found.append(statement)
    return found


def pairs(tokens: "tuple[Token, ...]") -> dict[str, Token]:
    """Return the values of `key=value` pairs by key."""
    return {token.text: token.value for token in tokens if token.kind == "pair" and token.value}
