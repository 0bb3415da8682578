"""Reader of Juniper SRX: address books, applications and zone policies.

The text consists of `set` lines or is in braces.

    security address-book global address NAME PREFIX | dns-name HOST
    security address-book global address-set NAME address NAME | address-set NAME
    security zones security-zone ZONE address-book …        the same, for the policies of a zone
    applications application NAME [term NAME] protocol tcp | destination-port P-Q
    applications application-set NAME application NAME
    security policies from-zone A to-zone B policy NAME match source-address | destination-address | application NAME
                                                        then permit, description TEXT

`any`, `any-ipv4` and `any-ipv6` are every address. Deny policies, predefined applications (`junos-https`), address books
that are attached to zones, and everything else are not supported: each such line is reported.

https://juniper.net/documentation/software/junos-security/junos-security10.2/junos-security-swconfig-security/topic-41200.html

    >>> reading = JuniperSrxReader.read('''
    ... set security address-book global address lan 10.0.0.0/8
    ... set security address-book global address-set inside address lan
    ... set applications application web protocol tcp
    ... set applications application web destination-port 443
    ... set security policies from-zone trust to-zone untrust policy out match source-address inside
    ... set security policies from-zone trust to-zone untrust policy out match destination-address any-ipv4
    ... set security policies from-zone trust to-zone untrust policy out match application web
    ... set security policies from-zone trust to-zone untrust policy out then permit
    ... '''.strip())
    >>> [(list(rule.source), str(rule.ports)) for rule in reading.rules]
    [([Prefix('10.0.0.0/8')], '443')]
    >>> for line in JuniperSrxReader.read("system { host-name gate; }").unread:
    ...     print(line)
    line 1: system host-name gate is not supported: system { host-name gate; }
"""

import re
from collections.abc import Callable, Iterator
from functools import partial

from perimeter365.audit.packets import AllowRule, Protocol, RuleEnd, allow_rules, unite_ends
from perimeter365.audit.reader import MOST_DEPTH, NumberedRule
from perimeter365.audit.readers._braces import statements
from perimeter365.audit.readers._setlines import Path, Tree, matches
from perimeter365.audit.words import host_name
from perimeter365.errors import ConfigurationError
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix

BOOK = ("security", "address-book", "global")
KINDS = ("address", "address-set")
_NAME, _ANY = r"[A-Za-z0-9._-]{1,63}", r"\S{1,255}"
_POLICY = ("security", "policies", "from-zone", _NAME, "to-zone", _NAME, "policy", _NAME)
_ZONE = ("security", "zones", "security-zone", _NAME, "address-book")
FORMS = (
    *((*book, "address", _NAME, r"[0-9a-fA-F.:]+/\d+") for book in (BOOK, _ZONE)),
    *((*book, "address", _NAME, "dns-name", r"[a-z0-9.-]+") for book in (BOOK, _ZONE)),
    *((*book, "address-set", _NAME, "address|address-set", _ANY) for book in (BOOK, _ZONE)),
    ("applications", "application", _NAME, "protocol", "tcp|udp"),
    ("applications", "application", _NAME, "destination-port", r"\d+(?:-\d+)?"),
    ("applications", "application", _NAME, "term", _NAME, "protocol", "tcp|udp"),
    ("applications", "application", _NAME, "term", _NAME, "destination-port", r"\d+(?:-\d+)?"),
    ("applications", "application-set", _NAME, "application", _NAME),
    (*_POLICY, "match", "source-address|destination-address|application", _ANY),
    (*_POLICY, "then", "permit"),
    (*_POLICY, "description", r".{1,255}"),
)
"""Supported paths: one regular expression per word."""


class JuniperSrxReader(Tree):
    """A simulated SRX."""

    name = "juniper-srx"
    title = "Juniper SRX configuration, as set lines or in braces"
    single = frozenset(("description", "protocol", "destination-port"))

    def commands(self, text: str) -> Iterator[tuple[int, Callable[[], None]]]:
        """Yield lines, or statements in braces.

        The text is read as lines if the first line that is not a comment begins with `set` or `delete`.
        """
        first = re.search(r"^(?!\s*(?:#|/\*|\*/|\$)).*\S.*", text, re.MULTILINE)
        if first is None or first[0].split()[0] in ("set", "delete") or "{" not in text:
            yield from super().commands(text)
        else:
            yield from ((number, partial(self.set_path, path)) for number, path in statements(text))

    def set_path(self, path: Path) -> None:
        """Execute `set` with a path.

        A term with protocol and port on one line counts as two paths.
        """
        if path[0] == "applications" and path[3:4] == ("term",) and len(path) == 9:
            super().set_path((*path[:5], *path[5:7]))
            super().set_path((*path[:5], *path[7:9]))
        else:
            self.check(path)
            book = len(BOOK) if path[: len(BOOK)] == BOOK else len(_ZONE)
            present = self.node(*path[: book + 2]).below if path[book : book + 1] == ("address",) else {}
            if present and not self.contains(path):
                raise ConfigurationError(f"{path[book + 1]} already has an address, which this one would replace")
            self.grow(path)

    def check(self, path: Path) -> None:
        """Raise ConfigurationError for an unsupported path."""
        if not any(matches(path, form) for form in FORMS):
            raise ConfigurationError(f"{' '.join(path)[:100]} is not supported")

    def policies(self) -> Iterator[NumberedRule]:
        """Yield the policies of all zone pairs."""
        start = ("security", "policies", "from-zone")
        ends: dict[tuple[str, str], RuleEnd] = {}
        for one, below in self.node(*start).below.items():
            for other in below.below["to-zone"].below:
                pair = (*start, one, "to-zone", other, "policy")
                for name, node in self.node(*pair).below.items():
                    yield node.number, partial(self._rules, (*pair, name), ends)

    def _rules(self, policy: Path, ends: dict[tuple[str, str], RuleEnd]) -> Iterator[AllowRule]:
        if self.values(*policy, "then") != ["permit"]:
            raise ConfigurationError(f"policy {policy[-1]} has no supported action")
        source, destination = (
            unite_ends(self._end(zone, name, ends, 0) for name in self._names(policy, f"{end}-address"))
            for end, zone in (("source", policy[3]), ("destination", policy[5]))
        )
        for name in self._names(policy, "application"):
            for protocol, ports in self._application(name):
                yield from allow_rules(protocol, source, destination, ports)

    def _names(self, policy: Path, key: str) -> list[str]:
        if not (found := self.values(*policy, "match", key)):
            raise ConfigurationError(f"policy {policy[-1]} has no {key}")
        return found

    def _end(self, zone: str, name: str, ends: dict[tuple[str, str], RuleEnd], depth: int) -> RuleEnd:
        """Return the addresses of a name in the address book of a zone, or the global one."""
        if name in ("any", "any-ipv4", "any-ipv6"):
            return RuleEnd.any() if name == "any" else RuleEnd.any(4) if name == "any-ipv4" else RuleEnd.any(6)
        if depth > MOST_DEPTH:
            raise ConfigurationError(f"address sets are nested more than {MOST_DEPTH} deep")
        if (zone, name) not in ends:
            own = (*_ZONE[:3], zone, _ZONE[4])
            book = next((b for b in (own, BOOK) if any(name in self.node(*b, kind).below for kind in KINDS)), BOOK)
            members = self.node(*book, "address-set", name)
            found = [self._end(zone, member, ends, depth + 1) for node in members.below.values() for member in node.below]
            for word, node in self.node(*book, "address", name).below.items():
                found += (
                    [RuleEnd.named(host_name(host)) for host in node.below]
                    if node.below
                    else [RuleEnd.of(Prefix.parse(word))]
                )
            if members.below and self.node(*book, "address", name).below:
                raise ConfigurationError(f"{name[:80]} is both an address and an address set")
            if not found:
                raise ConfigurationError(f"{name[:80]} is not in the address book")
            ends[zone, name] = unite_ends(found)
        return ends[zone, name]

    def _application(self, name: str) -> list[tuple[Protocol, PortSet]]:
        if name == "any":
            return [("tcp", PortSet.everything()), ("udp", PortSet.everything())]
        if members := self.values("applications", "application-set", name, "application"):
            return [each for member in members for each in self._one(member)]
        return self._one(name)

    def _one(self, name: str) -> list[tuple[Protocol, PortSet]]:
        start = ("applications", "application", name)
        if not self.node(*start).below:
            raise ConfigurationError(f"the application {name[:80]} is not defined in the text")
        if (named := self.node(*start).below).keys() > {"term"}:
            raise ConfigurationError(f"the application {name[:80]} combines {' and '.join(named)}")
        terms: list[Path] = [(*start, "term", term) for term in self.node(*start, "term").below] or [start]
        return [
            (
                "tcp" if self.value(*term, "protocol") == "tcp" else "udp",
                PortSet.parse(self.value(*term, "destination-port")),
            )
            for term in terms
        ]
