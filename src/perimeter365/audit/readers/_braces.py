"""Parser of configurations in braces into the paths of `set` lines.

`show configuration` of Junos prints this form.

security { policies { default-policy deny-all; } }       security policies default-policy deny-all
source-address [ a b ];                                  source-address a, source-address b
then { deny { } }                                        then deny
/* comment */  # comment  replace: TAG                   nothing, and TAG without `replace:`

>>> list(statements('a { b "c d"; e [ f g ]; }'))
[(1, ('a', 'b', 'c d')), (1, ('a', 'e', 'f')), (1, ('a', 'e', 'g'))]
>>> list(statements("a { b"))
Traceback (most recent call last):
perimeter365.errors.ConfigurationError: line 1: a block or statement is not closed
"""

import re
from collections.abc import Callable, Iterator

from perimeter365.audit.reader import MOST_DEPTH
from perimeter365.errors import ConfigurationError

Path = tuple[str, ...]

_TOKEN = re.compile(
    r"""(?P<newline>\n)
    | (?P<space>[ \t\r]+ | \#[^\n]* | /\*(?:[^*]|\*(?!/))*\*/)  # white space and comments
    | "(?P<quoted>[^"\n]*)"
    | (?P<sign>[{};\[\]])
    | (?P<word>[^\s{};\[\]"]+)
    """,
    re.VERBOSE,
)


def tokens(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield (line, kind, text) of each token. Kinds are sign, word and quoted."""
    at, line = 0, 1
    while at < len(text):
        # Fail at the first unclosed comment: continuing would scan the rest of the text once per comment.
        if text.startswith("/*", at) and text.find("*/", at + 2) < 0:
            raise ConfigurationError(f"line {line}: a comment is not closed", line=line)
        match = _TOKEN.match(text, at)
        if not match:
            raise ConfigurationError(f"line {line}: a quoted text is not closed", line=line)
        kind = match.lastgroup or ""
        if kind not in ("newline", "space"):
            yield line, kind, match[kind]
        line += match[0].count("\n")
        at = match.end()


def statements(text: str) -> Iterator[tuple[int, Path]]:
    """Yield the path of each statement with the line on which it ends.

    Raises:
        ConfigurationError: the text cannot be parsed.
    """
    blocks, line = _Blocks(), 1
    for line, kind, part in tokens(text):
        if kind == "sign":
            try:
                yield from ((line, path) for path in blocks.signs[part]())
            except ConfigurationError as error:
                raise ConfigurationError(f"line {line}: {error.message}", line=line) from None
        else:
            blocks.word(part)
    if not blocks.complete:
        raise ConfigurationError(f"line {line}: a block or statement is not closed", line=line)


class _Blocks:
    """The open blocks and the current statement."""

    def __init__(self) -> None:
        self._open: list[Path] = []
        self._empty = False
        self._words: list[str] = []
        self._list: list[str] | None = None
        self.signs: dict[str, Callable[[], list[Path]]] = {
            "{": self._begin,
            "}": self._end,
            ";": self._statement,
            "[": self._begin_list,
            "]": self._end_list,
        }

    @property
    def complete(self) -> bool:
        """Whether all blocks and statements are closed."""
        return not self._open and not self._words and self._list is None

    def word(self, part: str) -> None:
        """Add a word to the current statement or list."""
        if self._list is not None:
            self._list.append(part)
        elif part != "replace:":
            self._words.append(part)

    def _take(self, *last: str) -> Path:
        """Return the path of the current statement."""
        return (*(word for block in self._open for word in block), *self._words, *last)

    def _begin(self) -> list[Path]:
        if self._list is not None or not self._words:
            raise ConfigurationError("'{' is out of place")
        if len(self._open) == MOST_DEPTH:
            raise ConfigurationError(f"blocks are nested more than {MOST_DEPTH} deep")
        self._open.append(tuple(self._words))
        self._words, self._empty = [], True
        return []

    def _end(self) -> list[Path]:
        if self._list is not None or self._words or not self._open:
            raise ConfigurationError("'}' is out of place")
        found = [self._take()] if self._empty else []
        self._open.pop()
        self._empty = False
        return found

    def _statement(self) -> list[Path]:
        if self._list is not None:
            raise ConfigurationError("';' is out of place")
        found = [self._take()] if self._words else []
        self._words, self._empty = [], self._empty and not found
        return found

    def _begin_list(self) -> list[Path]:
        if self._list is not None or not self._words:
            raise ConfigurationError("'[' is out of place")
        self._list = []
        return []

    def _end_list(self) -> list[Path]:
        if self._list is None:
            raise ConfigurationError("']' is out of place")
        if not self._list:
            raise ConfigurationError("'[ ]' is empty")
        found = [self._take(part) for part in self._list]
        self._list, self._words, self._empty = None, [], False
        return found
