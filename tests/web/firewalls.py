r"""Models of firewalls that poll a list, written from what their vendors say of a server that fails.

    firewall = PanOs(most=50_000); firewall.poll(200, b"192.0.2.0/24\n"); firewall.allows      {"192.0.2.0/24"}

    PAN-OS      keeps its last list while the server cannot be reached or answers with an error; stops enforcing it after an
                authentication or TLS failure; hangs on an entry that it cannot read (CVE-2021-3048); ignores entries beyond
                its capacity
    FortiGate   keeps its cached list while the server cannot be reached or answers with an error; takes an empty list as one
                that matches nothing; ignores entries beyond its capacity without a word

`Perimeter` counts the minutes in which a firewall blocked what the lists in force need (cut), or allowed what no list that a
person let into force has (open).
"""

import ipaddress
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

Reply = tuple[int, bytes]
"""Status and body. Status 0: no connection; 495: TLS fails."""
UNREACHABLE, TLS_FAILED = 0, 495


class HungError(Exception):
    """The management plane hangs on an entry."""


@dataclass
class Firewall:
    """A firewall with one allow rule over one list."""

    most: int = 50_000
    """Its capacity in entries."""
    entries: tuple[str, ...] | None = None
    """Its copy of the list; None before the first download."""
    enforcing: bool = True
    ignored: int = 0
    """Entries beyond the capacity."""

    @property
    def allows(self) -> frozenset[str]:
        """What the rule lets through."""
        return frozenset(self.entries or ()) if self.enforcing else frozenset()

    def poll(self, reply: Reply) -> None:
        """Handle the answer to a download."""
        status, body = reply
        if status == 200:
            self.take(self.parse(body))
        else:
            self.fail(status)

    def take(self, entries: Iterable[str]) -> None:
        """Load a list."""
        found = tuple(entries)
        self.ignored = max(0, len(found) - self.most)
        self.entries, self.enforcing = found[: self.most], True

    def fail(self, status: int) -> None:
        """Handle an error: the copy stays."""

    def parse(self, body: bytes) -> Iterable[str]:
        """Read a list."""
        raise NotImplementedError


@dataclass
class PanOs(Firewall):
    """An external dynamic list of the type IP."""

    def fail(self, status: int) -> None:
        """Stop enforcing the list if the server does not prove itself, or does not take the password."""
        if status in (401, 403, 407, TLS_FAILED):
            self.enforcing = False

    def parse(self, body: bytes) -> Iterable[str]:
        """Read entries; a comment follows after a space."""
        for line in body.decode("ascii", "replace").splitlines():
            entry, _, comment = line.partition(" ")
            try:
                if comment and not comment.startswith("#"):
                    raise ValueError(line)
                yield str(ipaddress.ip_network(entry))
            except ValueError:
                raise HungError(line) from None


@dataclass
class FortiGate(Firewall):
    """An external resource of the type address. What is no address is skipped."""

    most: int = 131_072

    def parse(self, body: bytes) -> Iterable[str]:
        """Read entries."""
        for line in body.decode("ascii", "replace").splitlines():
            try:
                yield str(ipaddress.ip_network(line))
            except ValueError:
                continue


@dataclass
class Perimeter:
    """A firewall over time."""

    firewall: Firewall
    cut: list[str] = field(default_factory=list)
    """Minutes in which something needed was blocked: what."""
    open: list[str] = field(default_factory=list)
    """Minutes in which something else was allowed: what."""
    minutes: int = 0

    def minute(self, reply: Reply, needed: Collection[str], permitted: Collection[str]) -> None:
        """Poll once.

        Args:
            reply: what the server answers.
            needed: the entries that the list in force has.
            permitted: those, and the ones that wait for a person's word.
        """
        self.minutes += 1
        try:
            self.firewall.poll(reply)
        except HungError as error:
            self.cut.append(f"minute {self.minutes}: hangs on {error}")
            return
        if self.firewall.ignored:
            self.cut.append(f"minute {self.minutes}: ignores {self.firewall.ignored} entries")
        if missing := set(needed) - self.firewall.allows:
            self.cut.append(f"minute {self.minutes}: blocks {min(missing)}")
        if more := self.firewall.allows - set(permitted):
            self.open.append(f"minute {self.minutes}: allows {min(more)}")


CLOSED = "192.0.2.255/32"
"""An address that no machine has, which a closed list may hold (RFC 5737)."""
