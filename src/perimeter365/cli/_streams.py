r"""Standard output and error without control characters.

Arguments, files and stores may contain some.

    >>> import io, sys
    >>> stream = PlainStream(io.StringIO())
    >>> print("no file \x1b]0;title\x07\u202e", file=stream)
    >>> with stream.styled():
    ...     print("\033[1mTitle\033[0m", file=stream)
    >>> stream.getvalue()
    'no file �]0;title��\n\x1b[1mTitle\x1b[0m\n'

`main` puts one around each stream, so no message, table or error has to care. Only `styled` passes what is written: its few
callers write escape sequences of their own, around text that `printable` has returned. Bytes are not text: artifacts and
scripts are written to `buffer`. JSON has escapes instead (`\u001b`).
"""

from contextlib import contextmanager

TYPE_CHECKING = False  # as in `perimeter365.cli`
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, TextIO


class PlainStream:
    """A text stream whose control characters are replaced, apart from line feeds."""

    def __init__(self, stream: "TextIO") -> None:
        self._stream = stream
        self._styled = False

    def write(self, text: str) -> int:
        """Write a text. Raises TypeError for bytes."""
        if not self._styled and not text.replace("\n", "").isprintable():
            from perimeter365.model.finding import printable  # imported here: almost no text needs it

            text = "\n".join(map(printable, text.split("\n")))
        return self._stream.write(text)

    def writelines(self, lines: "Iterable[str]") -> None:
        """Write texts."""
        for line in lines:
            self.write(line)

    @contextmanager
    def styled(self) -> "Iterator[None]":
        """Pass the text inside the block as it is."""
        self._styled = True
        try:
            yield
        finally:
            self._styled = False

    def __getattr__(self, name: str) -> "Any":
        return getattr(self._stream, name)


def print_styled(text: str, stream: "TextIO", end: str = "\n") -> None:
    """Print a text with escape sequences, whose other parts are printable."""
    if isinstance(stream, PlainStream):
        with stream.styled():
            print(text, end=end, file=stream, flush=True)
    else:
        print(text, end=end, file=stream, flush=True)
