"""The words of a line: taken one by one, and read as addresses, names and ports.

>>> str(netmask("10.0.0.0", "255.0.0.0")), str(wildcard("10.0.0.0", "0.255.255.255"))
('10.0.0.0/8', '10.0.0.0/8')
>>> words = Words("permit tcp")
>>> words.expect("permit", "deny"), words.rest
('permit', 'tcp')
>>> words.expect("ip")
Traceback (most recent call last):
perimeter365.errors.ConfigurationError: 'tcp' is read here only as ip
>>> netmask("10.0.0.0", "255.0.255.0")
Traceback (most recent call last):
perimeter365.errors.ConfigurationError: 10.0.0.0 255.0.255.0 is not an IPv4 address with a mask
"""

import re
import shlex
from collections.abc import Iterable

from perimeter365.errors import ConfigurationError
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix

_HOST = re.compile(r"(?:\*|[a-z0-9_*-]+)(?:\.[a-z0-9_*-]+)*")  # `*.a-b.example`, not `a..b` or `a b`


class Words:
    """The words of a line, taken one by one from the front."""

    def __init__(self, line: str | Iterable[str]) -> None:
        self._words = line.split() if isinstance(line, str) else list(line)
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._words)

    @property
    def next(self) -> str:
        """The word that `take` would take; "" at the end."""
        return self._words[self._at] if self else ""

    @property
    def rest(self) -> str:
        """All that was not taken."""
        return " ".join(self._words[self._at :])

    def take(self, what: str) -> str:
        """Take a word that may be anything; `what` names it in the error."""
        if not self:
            raise ConfigurationError(f"{what} is missing at the end")
        self._at += 1
        return self._words[self._at - 1]

    def expect(self, *allowed: str) -> str:
        """Take one of these words."""
        word = self.take(" or ".join(allowed))
        if word not in allowed:
            raise ConfigurationError(f"{word[:100]!r} is read here only as {' or '.join(allowed)}")
        return word

    def end(self) -> None:
        """Raise ConfigurationError if there are words left over."""
        if self:
            raise ConfigurationError(f"{self.rest[:100]!r} at the end is not read")


def quoted_words(line: str) -> list[str]:
    """The words of a line with quotes around some, as in a shell. Raises ConfigurationError for a quote that is open."""
    try:
        return shlex.split(line)
    except ValueError as error:
        raise ConfigurationError(f"the line does not end as it began: {error}") from None


def netmask(address: str, mask: str) -> Prefix:
    """The prefix of an address and a net mask: `10.0.0.0 255.0.0.0`. Raises InputError."""
    return _masked(address, mask, Prefix.parse(mask).first ^ 0xFFFFFFFF)


def wildcard(address: str, mask: str) -> Prefix:
    """The prefix of an address and a wildcard mask: `10.0.0.0 0.255.255.255`. Raises InputError."""
    return _masked(address, mask, Prefix.parse(mask).first)


def _masked(address: str, mask: str, free: int) -> Prefix:
    if "/" in address + mask or ":" in address + mask or free & (free + 1):
        raise ConfigurationError(f"{address} {mask} is not an IPv4 address with a mask")
    return Prefix.parse(f"{address}/{32 - free.bit_length()}")


def host_name(text: str) -> str:
    """A destination by name, in lower case; stars stand as the device has them. Raises ConfigurationError."""
    name = text.lower().removesuffix(".")
    if len(name) > 253 or not _HOST.fullmatch(name) or name.rpartition(".")[2].isdecimal():
        raise ConfigurationError(f"{text[:100]!r} is not a host name")
    return name


def port_range(first: str, last: str | None = None) -> PortSet:
    """Ports from one number to another. Raises PortError."""
    return PortSet.parse(first if last is None else f"{first}-{last}")
