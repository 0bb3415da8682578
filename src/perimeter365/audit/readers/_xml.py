"""Parser of PAN-OS configurations in XML into the paths of `set` lines.

There is one path for each leaf element. An `entry` element becomes its name, a `member` element its text. Document
types are rejected, which excludes entity expansion.

    >>> list(paths('<address><entry name="lan"><ip-netmask>10.0.0.0/8</ip-netmask></entry></address>'))
    [(1, ('address', 'lan', 'ip-netmask', '10.0.0.0/8'))]
    >>> list(paths("<a><b></a>"))
    Traceback (most recent call last):
    perimeter365.errors.ConfigurationError: line 1: mismatched tag
"""

from xml.parsers import expat

from perimeter365.audit.reader import MOST_DEPTH
from perimeter365.errors import ConfigurationError

MOST_LEAVES = 1_000_000
"""Maximum number of leaf elements. The line limit does not bound them, since a line can have any number."""


def paths(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Return the path of each leaf element with the line on which it ends.

    Raises:
        ConfigurationError: the text cannot be parsed.
    """
    return _Paths().parse(text)


class _Paths:
    """Expat handlers for one text."""

    def __init__(self) -> None:
        self.found: list[tuple[int, tuple[str, ...]]] = []
        self._open: list[str] = []
        self._text: list[str] = []
        self._leaf = False
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text.append

    def parse(self, text: str) -> list[tuple[int, tuple[str, ...]]]:
        try:
            self._parser.Parse(text.encode("utf-8", "replace"), True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise ConfigurationError(f"line {error.lineno}: {reason}", line=error.lineno) from None
        return self.found

    def _refuse(self, reason: str) -> ConfigurationError:
        line = self._parser.CurrentLineNumber
        return ConfigurationError(f"line {line}: {reason}", line=line)

    def _doctype(self, *_: object) -> None:
        raise self._refuse("document types are not supported")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) == MOST_DEPTH:
            raise self._refuse(f"elements are nested more than {MOST_DEPTH} deep")
        self._open.append(attributes.get("name", "") if tag == "entry" else "" if tag == "member" else tag)
        self._text.clear()
        self._leaf = True

    def _end(self, _: str) -> None:
        if self._leaf:
            if len(self.found) == MOST_LEAVES:
                raise self._refuse(f"there are more than {MOST_LEAVES} values")
            words = (*self._open, "".join(self._text).strip())
            self.found.append((self._parser.CurrentLineNumber, tuple(word for word in words if word)))
        self._leaf = False
        self._text.clear()
        self._open.pop()
