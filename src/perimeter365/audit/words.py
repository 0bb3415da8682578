"""Words of a configuration line, converted to addresses, names and ports.

>>> str(netmask("10.0.0.0", "255.0.0.0")), str(wildcard("10.0.0.0", "0.255.255.255"))
('10.0.0.0/8', '10.0.0.0/8')
>>> words = WordStream("permit tcp")
>>> words.expect("permit", "deny"), words.rest
('permit', 'tcp')
>>> words.expect("ip")
Traceback (most recent call last):
perimeter365.errors.ConfigurationError: 'tcp' is not supported here; expected ip
>>> netmask("10.0.0.0", "255.0.255.0")
Traceback (most recent call last):
perimeter365.errors.ConfigurationError: 10.0.0.0 255.0.255.0 is not an IPv4 address with a contiguous mask
"""

import re
import shlex
from collections.abc import Iterable

from perimeter365.errors import ConfigurationError
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix

_PLAIN = re.compile(r"[^ \t\r\n'\"\\]+")
"""Matches each word of a line without quotes and backslashes, as `shlex` splits it."""
_HOST = re.compile(r"(?:\*|[a-z0-9_*-]+)(?:\.[a-z0-9_*-]+)*")  # `*.a-b.example`, not `a..b` or `a b`


class WordStream:
    """The words of a line, consumed one at a time."""

    def __init__(self, line: str | Iterable[str]) -> None:
        self._words = line.split() if isinstance(line, str) else list(line)
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._words)

    @property
    def next(self) -> str:
        """The next word, without consuming it; "" at the end."""
        return self._words[self._at] if self else ""

    @property
    def rest(self) -> str:
        """All remaining words."""
        return " ".join(self._words[self._at :])

    def take(self, what: str) -> str:
        """Consume and return any word.

        `what` describes it in the error at the end of the line.
        """
        if not self:
            raise ConfigurationError(f"{what} is missing at the end")
        self._at += 1
        return self._words[self._at - 1]

    def expect(self, *allowed: str) -> str:
        """Consume and return one of the allowed words.

        Raises:
            ConfigurationError: the next word is another one, or there is none.
        """
        word = self.take(" or ".join(allowed))
        if word not in allowed:
            raise ConfigurationError(f"{word[:100]!r} is not supported here; expected {' or '.join(allowed)}")
        return word

    def end(self) -> None:
        """Raise ConfigurationError if there are more words."""
        if self:
            raise ConfigurationError(f"{self.rest[:100]!r} at the end of the line is not supported")


def quoted_words(line: str) -> list[str]:
    """Split a line at blanks, with quotes as in a shell.

    Raises:
        ConfigurationError: a quote is not closed.
    """
    if not any(sign in line for sign in "'\"\\"):
        return _PLAIN.findall(line)  # most lines, without the state machine of shlex, which reads character by character
    try:
        return shlex.split(line)
    except ValueError as error:
        raise ConfigurationError(f"the quoting of the line is not valid: {error}") from None


def netmask(address: str, mask: str) -> Prefix:
    """Convert an address and a netmask to a prefix: `10.0.0.0 255.0.0.0`.

    Raises:
        InputError: the address or the mask is not valid.
    """
    return _masked(address, mask, Prefix.parse(mask).first ^ 0xFFFFFFFF)


def wildcard(address: str, mask: str) -> Prefix:
    """Convert an address and a wildcard mask to a prefix.

    An example is `10.0.0.0 0.255.255.255`.

    Raises:
        InputError: the address or the mask is not valid.
    """
    return _masked(address, mask, Prefix.parse(mask).first)


def _masked(address: str, mask: str, free: int) -> Prefix:
    if "/" in address + mask or ":" in address + mask or free & (free + 1):
        raise ConfigurationError(f"{address} {mask} is not an IPv4 address with a contiguous mask")
    return Prefix.parse(f"{address}/{32 - free.bit_length()}")


def host_name(text: str) -> str:
    """Return a host name in lower case.

    Stars are kept as on the device.

    Raises:
        ConfigurationError: the name is not valid.
    """
    name = text.lower().removesuffix(".")
    if len(name) > 253 or not _HOST.fullmatch(name) or name.rpartition(".")[2].isdecimal():
        raise ConfigurationError(f"{text[:100]!r} is not a host name")
    return name


def port_range(first: str, last: str | None = None) -> PortSet:
    """Return one port, or a range of ports. Raises PortError."""
    return PortSet.parse(first if last is None else f"{first}-{last}")
