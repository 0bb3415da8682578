"""One mistake in a profile, with its place, and how it is shown.

    contoso.toml:12:1: unknown role 'mrs-prxoy'
      12 | mrs-prxoy = ["203.0.113.10"]
         | ^^^^^^^^^
      help: did you mean 'mrs-proxy'?
      allowed: client, mobile-device, admin-workstation, …

Line and column count from 1, the column in characters, as editors do.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from perimeter365.model.finding import Finding, printable

PROBLEMS: Mapping[str, str] = {
    "unreadable": "the file does not exist, is no file, is too large or is not UTF-8",
    "syntax": "the text is not TOML",
    "unknown-key": "no such key or table; a typing mistake must not become a missing rule",
    "unknown-name": "no such role, scenario, cloud, service area or category",
    "wrong-type": "a value of another kind is needed",
    "missing": "a value that every profile has to have",
    "duplicate": "the same entry twice in one list",
    "bad-value": "the value is not what the key is for",
    "never": "an address that no rule may open",
}
"""The codes of problems, and what each means."""

_WIDTH = 100
"""Columns of a source line that are shown; a longer one is cut around its mark."""
_LONGEST = 400
"""Characters of a message that are shown: a value can be as long as its file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem(Finding):
    """A mistake in a profile, with its place; its code is a key of `PROBLEMS`."""

    file: str
    line: int
    """From 1; 0 when the problem is the file as a whole."""
    column: int
    """In characters, from 1; 0 with line 0."""
    allowed: tuple[str, ...] = ()
    """For a name that does not exist: those that do."""
    source_line: str = ""
    """The line itself, as it stands in the file."""
    length: int = 1
    """How many characters of it are meant, from `column` on."""

    def __str__(self) -> str:
        """All of it for a terminal: no character of the file can move the cursor, hide text or turn it around."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        message = self.message if len(self.message) <= _LONGEST else self.message[:_LONGEST] + "…"
        shown = [f"{printable(place)}: {printable(message)}"]
        if self.line:
            text, mark = self._marked()
            number = str(self.line)
            shown += [f"  {number} | {text}".rstrip(), f"  {' ' * len(number)} | {mark}"]
        if self.remedy:
            shown.append(f"  help: {printable(self.remedy[:_LONGEST])}")
        if self.allowed:
            shown.append(f"  allowed: {', '.join(self.allowed)}")
        return "\n".join(shown)

    def _marked(self) -> tuple[str, str]:
        """The source line, cut where it is long, and the line of carets under it."""
        start = self.column - 1
        left = max(0, start - _WIDTH // 2) if len(self.source_line) > _WIDTH else 0
        text = self.source_line[left : left + _WIDTH]
        before, meant = text[: start - left], text[start - left : start - left + max(1, self.length)]
        head, tail = ("…" if left else ""), ("…" if left + _WIDTH < len(self.source_line) else "")
        mark = " " * (len(head) + _columns(before)) + "^" * max(1, _columns(meant))
        return head + printable(text) + tail, mark


def _columns(text: str) -> int:
    """How many columns a terminal gives the text once it is harmless."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
