"""Problems of a profile, with their place, as text for a terminal.

    contoso.toml:12:1: unknown role 'mrs-prxoy'
      12 | mrs-prxoy = ["203.0.113.10"]
         | ^^^^^^^^^
      help: did you mean 'mrs-proxy'?
      allowed: client, mobile-device, admin-workstation, …

Lines and columns count from 1, columns in characters, as in editors.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from perimeter365.model.finding import Finding, printable

PROBLEMS: Mapping[str, str] = {
    "unreadable": "the file does not exist, is not a file, is too large or is not UTF-8",
    "syntax": "the text is not TOML",
    "unknown-key": "the key or table does not exist; a typing error must not become a missing rule",
    "unknown-name": "the role, scenario, cloud, service area or category does not exist",
    "wrong-type": "the value has the wrong type",
    "missing": "a required value is missing",
    "duplicate": "an entry is listed twice",
    "bad-value": "the value is not valid for the key",
    "never": "no rule may open the address",
}
"""The meaning of each code of a problem."""

_WIDTH = 100
"""The maximum width of a source line in columns; a longer line is cut around the mark."""
_LONGEST = 400
"""The maximum length of a message in characters, since a value can be as long as its file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem(Finding):
    """A problem of a profile, with its place. Its code is a key of `PROBLEMS`."""

    file: str
    line: int
    """From 1; 0 if the problem is the file as a whole."""
    column: int
    """In characters, from 1; 0 with line 0."""
    allowed: tuple[str, ...] = ()
    """For an unknown name: the known names."""
    source_line: str = ""
    """The line of the file."""
    length: int = 1
    """The number of characters to mark, from `column` on."""

    def __str__(self) -> str:
        """Return the problem for a terminal.

        Characters that could move the cursor, hide text or reverse it are replaced.
        """
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
        """Return the source line, cut if it is long, and the line of carets below it."""
        start = self.column - 1
        left = max(0, start - _WIDTH // 2) if len(self.source_line) > _WIDTH else 0
        text = self.source_line[left : left + _WIDTH]
        before, marked = text[: start - left], text[start - left : start - left + max(1, self.length)]
        head, tail = ("…" if left else ""), ("…" if left + _WIDTH < len(self.source_line) else "")
        mark = " " * (len(head) + _columns(before)) + "^" * max(1, _columns(marked))
        return head + printable(text) + tail, mark


def _columns(text: str) -> int:
    """Return the width of a harmless text on a terminal in columns."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
