"""A model of the configuration mode of an SRX.

    device = Junos(ADMIN)                    what the administrator has committed
    device.files["perimeter365.set"] = ...   the file in the home folder
    device.type("load set perimeter365.set")
    device.type("commit check")              raises RefusedError

Commands change the candidate configuration; only a commit changes what passes (`permits`). The rules of the model, and where
they are from:

- A commit checks the candidate, and a failed one changes nothing. `commit confirmed` is undone after some minutes unless
  `commit` follows.
  https://www.juniper.net/documentation/us/en/software/junos/cli/topics/topic-map/junos-configuration-commit.html
- `load set` executes commands of the configuration mode, line by line. A line that fails is an error of the load, which goes
  on; `delete` of what does not exist is a warning.
  https://www.juniper.net/techpubs/en_US/junos14.1/topics/example/junos-software-config-file-loading.html
- New policies go to the end of their pair of zones; `insert` moves them. The first policy that matches decides, and the last
  one denies everything.
  https://juniper.net/documentation/us/en/software/junos/security-policies/topics/topic-map/security-reordering-policies.html
- `wildcard delete PATH IDENTIFIER EXPRESSION` deletes the objects whose names match.
  https://juniper.net/documentation/en_US/junos12.3/topics/reference/command-summary/wildcard.html
- "Zone specific address books are not allowed when there are global address books defined": the commit fails.
  https://rtodto.net/address-books-explained/
- Addresses and address sets of one book have distinct names; a policy takes its sources from the book of its source zone,
  and its destinations from that of the other one. A policy needs addresses, applications and an action.
  https://juniper.net/documentation/software/junos-security/junos-security10.2/junos-security-swconfig-security/topic-41199.html
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import partial

from perimeter365.audit.packets import AllowRule
from perimeter365.audit.reader import NumberedRule
from perimeter365.audit.readers._setlines import Path
from perimeter365.audit.readers.juniper_srx import BOOK, KINDS, JuniperSrxReader
from perimeter365.audit.words import quoted_words
from perimeter365.errors import InputError

LONGEST = 63
"""Characters of a name of an address, address set, application or policy."""
_ADMIN = (
    ("system", "services", "ssh"),
    ("security", "zones", "security-zone", r"\S+", "interfaces", r"\S+"),
    ("security", "policies", "from-zone", r"\S+", "to-zone", r"\S+", "policy", r"\S+", "then", "deny"),
)


class RefusedError(Exception):
    """The device refused a command."""


class Candidate(JuniperSrxReader):
    """A configuration: what the reader knows, and what an administrator has besides."""

    def check(self, path: Path) -> None:
        """Accept zones, services and policies that deny."""
        for form in _ADMIN:
            if len(form) == len(path) and all(re.fullmatch(one, word) for one, word in zip(form, path, strict=True)):
                return
        super().check(path)

    def pairs(self) -> Iterator[Path]:
        """Yield the paths of the policies of each pair of zones."""
        start = ("security", "policies", "from-zone")
        for one, below in self.node(*start).below.items():
            for other in below.below["to-zone"].below:
                yield (*start, one, "to-zone", other, "policy")

    def policies(self) -> Iterator[NumberedRule]:
        """Yield the policies that permit, down to the first one of their zones that denies everything."""
        for pair in self.pairs():
            for name, node in self.node(*pair).below.items():
                if "deny" in node.below["then"].below:
                    assert all(
                        self.values(*pair, name, "match", f"{end}-address") == ["any"] for end in ("source", "destination")
                    )
                    assert self.values(*pair, name, "match", "application") == ["any"]
                    break
                yield node.number, partial(self._rules, (*pair, name), {})

    def faults(self) -> Iterator[str]:
        """Yield the reasons why a commit fails."""
        zones = self.node("security", "zones", "security-zone").below
        books = {zone: (*BOOK[:1], "zones", "security-zone", zone, "address-book") for zone in zones}
        of_zones = {zone: book for zone, book in books.items() if self.node(*book).below}
        if of_zones and self.node(*BOOK).below:
            yield "Zone specific address books are not allowed when there are global address books defined"
        for book in (BOOK, *of_zones.values()):
            yield from self._book_faults(book)
        for name, node in self.node("applications", "application").below.items():
            if "protocol" not in node.below or len(name) > LONGEST:
                yield f"application {name}"
        for pair in self.pairs():
            for zone in pair[3], pair[5]:
                if zone not in zones:
                    yield f"zone {zone} is not defined"
            for name in self.node(*pair).below:
                yield from self._policy_faults((*pair, name), of_zones)

    def _book_faults(self, book: Path) -> Iterator[str]:
        names = {kind: self.node(*book, kind).below for kind in KINDS}
        both = names["address"].keys() & names["address-set"].keys()
        long = [name for kind in KINDS for name in names[kind] if len(name) > LONGEST]
        yield from (f"name {name}" for name in (*both, *long))
        for name in names["address-set"]:
            for kind in KINDS:
                for member in self.values(*book, "address-set", name, kind):
                    if member not in names[kind]:
                        yield f"address-set {name}: {kind} {member} is not defined"
        yield from (f"address {name} has no value" for name, node in names["address"].items() if not node.below)

    def _policy_faults(self, policy: Path, of_zones: Mapping[str, Path]) -> Iterator[str]:
        name = policy[-1]
        if not self.values(*policy, "then") or len(name) > LONGEST:
            yield f"policy {name}: missing mandatory statement: then"
        for end, zone in ("source", policy[3]), ("destination", policy[5]):
            found = self.values(*policy, "match", f"{end}-address")
            if not found:
                yield f"policy {name}: missing mandatory statement: {end}-address"
            for address in found:
                places = [*filter(None, [of_zones.get(zone)]), BOOK]
                if not address.startswith("any") and not any(
                    address in self.node(*book, kind).below for book in places for kind in KINDS
                ):
                    yield f"policy {name}: {end}-address {address} is not in the address book"
        found = self.values(*policy, "match", "application")
        if not found:
            yield f"policy {name}: missing mandatory statement: application"
        for application in found:
            if application != "any" and application not in self.node("applications", "application").below:
                yield f"policy {name}: application {application} is not defined"


class Junos:
    """A device with a candidate and a committed configuration."""

    def __init__(self, admin: str) -> None:
        self.files: dict[str, str] = {}
        self.errors: list[str] = []
        """Errors of loads: the lines that were not executed."""
        self.warnings: list[str] = []
        self._history: list[Candidate] = [Candidate()]
        self.candidate = Candidate()
        self.candidate.load(admin)
        self.type("commit")

    @property
    def committed(self) -> Candidate:
        """The configuration in force."""
        return self._history[-1]

    def permits(self) -> list[AllowRule]:
        """Return the packets that pass."""
        return self.committed.rules()

    def state(self) -> object:
        """Return the configuration in force, with the order of its policies."""
        return [list(self.committed.node(*pair).below) for pair in self.committed.pairs()], self.committed.state()

    def type(self, line: str) -> None:
        """Execute a command of the configuration mode. Raises RefusedError."""
        match line.split():
            case ["load", "set", name]:
                if name not in self.files:
                    raise RefusedError(f"cannot open {name}")
                for each in self.files[name].splitlines():
                    self._edit(each)
            case ["show", "|", "compare"]:
                pass
            case ["commit", "check"]:
                self._check()
            case ["commit", "confirmed", minutes] if minutes.isdecimal():
                self._check()
                self._history = [*self._history[:1], deepcopy(self.candidate)]
            case ["commit"]:
                self._check()
                self._history = [deepcopy(self.candidate)]
            case ["rollback", "0"]:
                self.candidate = deepcopy(self.committed)
            case ["wildcard", "delete", *path, expression]:
                self._delete(tuple(path), expression.strip('"'))
            case _:
                raise RefusedError(f"unknown command: {line}")

    def wait(self) -> None:
        """Let the time of `commit confirmed` pass."""
        self._history = self._history[:1]
        self.candidate = deepcopy(self.committed)

    def follow(self, lines: tuple[str, ...], stop_after: int | None = None) -> None:
        """Execute the lines of a manual, the first ones only if `stop_after` is given."""
        for line in lines[:stop_after]:
            self.type(line)

    def _edit(self, line: str) -> None:
        if not line.strip() or line.startswith("#"):
            return
        verb, *path = quoted_words(line)
        if verb == "delete" and not self.candidate.contains(tuple(path)):
            self.warnings.append(f"statement not found: {line}")
            return
        try:
            self.candidate.feed(line)
        except InputError as error:
            self.errors.append(f"{line}: {error.message}")

    def _delete(self, path: Path, expression: str) -> None:
        found = [name for name in self.candidate.node(*path).below if re.search(expression, name)]
        for name in found:
            self.candidate.feed(" ".join(("delete", *path, name)))

    def _check(self) -> None:
        if faults := list(self.candidate.faults()):
            raise RefusedError("; ".join(faults[:5]))
