"""Interpreter of RouterOS scripts.

It supports variables, branches, loops, functions and values. Subclasses provide the tables. A script is untrusted
input: its call depth, its steps, its variables and the length of its texts are limited. Nothing outside the reader is
touched.

    :local a "x"; :local f do={ :return ($p . "y") }; [$f p=$a]         xy
    :foreach i in=[find] do={ set $i comment="z" }                      all entries of a table
    :if ([:len [find]] > 0) do={ } else={ }                             a branch
    :set a "z"                                                          changes a variable
"""

import re
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from perimeter365.audit.reader import MOST_DEPTH, ConfigurationReader
from perimeter365.audit.readers._script import Parser, Statement, Token, pairs
from perimeter365.errors import ConfigurationError

MOST_STEPS = 50_000_000
"""Maximum number of steps, about twenty seconds. Visiting a table entry is one step, a statement is `STATEMENT` steps."""
STATEMENT = 10
MOST_NAMES = 1000
LONGEST_TEXT = 65_536

Value = str | int | bool | list[int] | Token | None
"""Value of a command: a string, a number, a boolean, entries of a table, a function, or nothing."""
Scope = Mapping[str, Value]


class _Return(Exception):  # noqa: N818 (not an error)
    """Raised by `:return` to leave a function."""


class Script(ConfigurationReader):
    """A device that runs scripts.

    Commands that are not part of the language go to `table`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.menu = ""
        """The current menu, set by a line that consists of a path."""
        self._steps = self._depth = 0

    @abstractmethod
    def table(self, tokens: tuple[Token, ...], scope: Scope) -> Value:
        """Run a command of a table. Raises InputError."""

    def commands(self, text: str) -> Iterator[tuple[int, Callable[[], None]]]:
        """Yield the statements of a script, which share one scope."""
        parser, scope = Parser(text), dict[str, Value]()
        self.menu = ""
        while statement := parser.statement():
            yield statement.line, partial(self._take_one, statement, scope)

    def _take_one(self, statement: Statement, scope: dict[str, Value]) -> None:
        try:
            self._statement(statement, scope)
        except _Return:
            raise ConfigurationError(":return is outside a function") from None

    def step(self, count: int = 1) -> None:
        """Count steps. Raises ConfigurationError after `MOST_STEPS`."""
        self._steps += count
        if self._steps > MOST_STEPS:
            raise ConfigurationError(f"the script exceeds the limit of {MOST_STEPS} steps")

    def _run(self, block: Value, scope: dict[str, Value]) -> None:
        if not isinstance(block, Token) or block.kind != "block":
            raise ConfigurationError("a block { } is missing")
        for statement in block.statements:
            self._statement(statement, scope)

    def _statement(self, statement: Statement, scope: dict[str, Value]) -> Value:
        self.step(STATEMENT)
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise ConfigurationError(f"blocks, calls and commands are nested more than {MOST_DEPTH} deep")
        try:
            return self._do(statement, scope)
        finally:
            self._depth -= 1

    def _do(self, statement: Statement, scope: dict[str, Value]) -> Value:
        first, rest = statement.tokens[0], statement.tokens[1:]
        if first.kind == "variable":
            _, named = _arguments(rest, 0)
            return self._call(_variable(scope, first.text), {key: self.value(token, scope) for key, token in named.items()})
        match first.text if first.kind == "word" else "":
            case ":local":
                self._local(rest, scope)
                return None
            case ":set":
                (name, token), _ = _arguments(rest, 2)
                _variable(scope, name.text)  # it has to exist
                scope[name.text] = self.value(token, scope)
                return None
            case ":foreach":
                self._foreach(rest, scope)
                return None
            case ":if":
                (condition,), named = _arguments(rest, 1, "do", "else")
                truth = self.value(condition, scope)
                if not isinstance(truth, bool) or "do" not in named:
                    raise ConfigurationError(":if is supported only with a condition and do={ }")
                if branch := named.get("do" if truth else "else"):
                    self._run(branch, scope)
                return None
            case ":return":
                (token,), _ = _arguments(rest, 1)
                raise _Return(self.value(token, scope))
            case ":len":
                (token,), _ = _arguments(rest, 1)
                value = self.value(token, scope)
                return len(value) if isinstance(value, str | list) else len(str(value))
        return self.table(statement.tokens, scope)

    def _local(self, rest: tuple[Token, ...], scope: dict[str, Value]) -> None:
        if len(scope) >= MOST_NAMES:
            raise ConfigurationError(f"the script has more than {MOST_NAMES} variables")
        function = pairs(rest).get("do")
        (name, *others), _ = _arguments(rest, 1 if function else 2, "do")
        scope[name.text] = function or self.value(others[0], scope)

    def _foreach(self, rest: tuple[Token, ...], scope: dict[str, Value]) -> None:
        (name,), named = _arguments(rest, 1, "in", "do")
        entries = self.value(named.get("in"), scope)
        if not isinstance(entries, list) or "do" not in named:
            raise ConfigurationError(":foreach is supported only with entries from find and do={ }")
        for entry in entries:
            inner: dict[str, Value] = {**scope, name.text: [entry]}
            self._run(named.get("do"), inner)
            scope.update({key: inner[key] for key in scope if key != name.text})

    def _call(self, function: Value, arguments: dict[str, Value]) -> Value:
        try:
            self._run(function, arguments)
        except _Return as returned:
            found: Value = returned.args[0]
            return found
        return None

    def value(self, token: Token | None, scope: Scope) -> Value:
        """Evaluate a token. Raises ConfigurationError."""
        match token:
            case Token(kind="text"):
                return _short(re.sub(r"\$([A-Za-z0-9]+)", lambda found: value_text(_variable(scope, found[1])), token.text))
            case Token(kind="variable"):
                return _variable(scope, token.text)
            case Token(kind="command", statements=(statement,)):
                return self._statement(statement, dict(scope))
            case Token(kind="group", statements=(statement,)):
                return self._expression(statement.tokens, scope)
            case Token(kind="word"):
                return int(token.text) if token.text.isdecimal() and len(token.text) < 19 else token.text
        raise ConfigurationError("a value is missing")

    def _expression(self, tokens: tuple[Token, ...], scope: Scope) -> Value:
        if len(tokens) == 1:
            return self.value(tokens[0], scope)
        if len(tokens) != 3:
            raise ConfigurationError("the expression is not supported; expected VALUE OPERATOR VALUE")
        one, sign, other = self.value(tokens[0], scope), tokens[1].text, self.value(tokens[2], scope)
        if sign == ".":
            return _short(value_text(one) + value_text(other))
        if sign == "=":
            return one == other
        if sign == ">" and isinstance(one, int) and isinstance(other, int):
            return one > other
        raise ConfigurationError(f"the operator {sign[:20]!r} is not supported here")


def _variable(scope: Scope, name: str) -> Value:
    if name not in scope:
        raise ConfigurationError(f"the variable ${name[:60]} does not exist")
    return scope[name]


def _arguments(tokens: tuple[Token, ...], count: int, *keys: str) -> tuple[list[Token], dict[str, Token]]:
    """Split arguments into exactly `count` values and the `key=value` pairs by key.

    Only the given keys are accepted. Without keys and values (`count` 0), every key is.
    """
    values, named = [token for token in tokens if token.kind != "pair"], pairs(tokens)
    if len(values) < count:
        raise ConfigurationError("an argument is missing at the end")
    if len(values) > count or len(values) + len(named) < len(tokens) or any(t.sign not in ("", "=") for t in tokens):
        raise ConfigurationError("an extra argument is not supported here")
    if unknown := [key for key in named if key not in keys and (keys or count)]:
        raise ConfigurationError(f"{unknown[0][:60]}= is not supported here")
    return values, named


def value_text(value: Value) -> str:
    """Convert a value to text. Raises ConfigurationError for entries and functions."""
    if isinstance(value, str | int):
        return str(value)
    if value is None:
        return ""
    raise ConfigurationError("entries and functions cannot be converted to text")


def _short(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise ConfigurationError(f"a text of the script has more than {LONGEST_TEXT} characters")
    return text
