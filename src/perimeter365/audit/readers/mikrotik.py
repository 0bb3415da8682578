"""Reader of MikroTik RouterOS: address lists and filter rules of both families.

The text is an export or a script.

    /ip firewall address-list  add list=NAME address=PREFIX | HOST comment="…"
    /ip firewall filter        add chain=forward action=accept protocol=tcp dst-port=80,443
                                   src-address=PREFIX, dst-address=PREFIX, src-address-list=NAME, dst-address-list=NAME
                                   in-interface-list=NAME, out-interface-list=NAME, place-before=ENTRY
                               add chain=forward action=jump jump-target=m365
    /ipv6 firewall …           the same; `_script` describes the language, with set, remove, find and get

Rules of the chains forward and m365 (or m365 with an organization's prefix) are read, and jumps to the latter. The interface
lists are not compared. Rules that drop, other chains, fields and tables, regular expressions other than literals with ^, $,
(a)? and (a|b), and address ranges are not supported: each such statement or rule is reported.

https://help.mikrotik.com/docs/spaces/ROS/pages/48660574/Filter

    >>> reading = MikrotikReader.read('''
    ... /ip firewall address-list
    ... add address=10.0.0.0/8 list=lan
    ... /ip firewall filter
    ... add action=accept chain=forward protocol=tcp dst-port=443 src-address-list=lan dst-address=192.0.2.0/24
    ... '''.strip())
    >>> [(list(rule.source), str(rule.ports)) for rule in reading.rules]
    [([Prefix('10.0.0.0/8')], '443')]
    >>> for line in MikrotikReader.read("/ip firewall filter add chain=forward action=drop").unread:
    ...     print(line)
    line 1: only rules that accept are supported: /ip firewall filter add chain=forward action=drop
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import ClassVar

from perimeter365.audit.packets import AllowRule, Family, Protocol, RuleEnd, allow_rules, unite_ends
from perimeter365.audit.reader import NumberedRule
from perimeter365.audit.readers._interpreter import Scope, Script, Value, value_text
from perimeter365.audit.readers._script import Token
from perimeter365.audit.words import host_name
from perimeter365.errors import ConfigurationError, PrefixError
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix

FAMILIES: dict[Family, str] = {4: "/ip", 6: "/ipv6"}
FIELDS = {
    "address-list": frozenset(("list", "comment", "address")),
    "filter": frozenset((
        *("chain", "comment", "action", "protocol", "dst-port", "src-address", "dst-address", "jump-target"),
        *("src-address-list", "dst-address-list", "in-interface-list", "out-interface-list"),
    )),
}  # fmt: skip
TABLES = tuple(f"{family} firewall {table}" for family in FAMILIES.values() for table in FIELDS)
VERBS = ("add", "set", "remove", "find", "get")
CHAINS = re.compile(r"forward|m365(?:[a-z][a-z0-9]{0,7})?", re.ASCII)
"""Matches `forward`, `m365` and `m365fabrikam`, not `m365-x`."""
MOST_PORTS = 15
"""Maximum number of ports of a rule; both ends of a range count."""
_PATTERN = re.compile(r"\^?(?:\([\w .:/|-]+\)\??)?[\w .:/-]*\$?", re.ASCII)
"""Matches `^(old )?p365: ` and `^(drop|reject)$`, not `a*` or `(a)(b)`, so that no match takes long."""

Entry = dict[str, str]


class MikrotikReader(Script):
    """A simulated RouterOS router."""

    name = "mikrotik"
    title = "MikroTik RouterOS export or script"
    fields: ClassVar[Mapping[str, frozenset[str]]] = FIELDS

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, dict[int, Entry]] = {name: {} for name in TABLES}
        self._lines: dict[int, int] = {}
        self._listed: set[tuple[str, str, str]] = set()
        self._count = 0

    # -- the tables ----------------------------------------------------------------------------------------------

    def table(self, tokens: tuple[Token, ...], scope: Scope) -> Value:
        """Execute `/ip firewall filter add chain=m365 …`, or `add …` in the current menu."""
        words = [token.text for token in tokens if token.kind == "word"]
        path = " ".join(words[: next((n for n, word in enumerate(words) if word in VERBS), len(words))])
        table = path or str(scope.get("\0table", "")) or self.menu
        verb = words[path.count(" ") + 1 if path else 0 :]
        if not verb:
            self.menu = table  # also if it is not supported, so that later lines are not applied to the previous menu
        if table not in self.tables:
            raise ConfigurationError(f"the table {table[:60]!r} is not supported")
        if not verb:
            return None
        here = {**scope, "\0table": table}
        arguments = [t for t in tokens if t.kind not in ("word", "pair")]
        pairs = [t for t in tokens if t.kind == "pair"]
        place = next((t for t in pairs if verb[0] == "add" and (t.text, t.sign) == ("place-before", "=")), None)
        before = (self.value(place.value, here) or []) if place else None
        fields = [(t.text, t.sign, value_text(self.value(t.value, here))) for t in pairs if t is not place]
        known = self.fields[table.split()[-1]] | ({"dynamic"} if verb[0] == "find" else set())
        if unknown := [key for key, _, _ in fields if key not in known]:
            raise ConfigurationError(f"the field {unknown[0][:60]} of {table} is not supported")
        if len(verb) != (2 if verb[0] == "get" else 1) or len(arguments) != (verb[0] in ("set", "remove", "get")):
            raise ConfigurationError(f"these arguments of {verb[0]} are not supported")
        if verb[0] == "find":
            return self._find(table, fields)
        entry = {key: value for key, sign, value in fields if sign == "="}
        if len(entry) < len(fields) or (entry and verb[0] in ("remove", "get")):
            raise ConfigurationError(f"these fields of {verb[0]} are not supported")
        if verb[0] == "add":
            self._add(table, entry, before)
            return None
        numbers = self.value(arguments[0], here)
        if not isinstance(numbers, list):
            raise ConfigurationError(f"{verb[0]} is supported only with entries from find")
        if verb[0] == "get":
            return self.tables[table].get(numbers[0], {}).get(verb[1]) if numbers else None
        self._change(table, numbers, None if verb[0] == "remove" else entry)
        return None

    def _find(self, table: str, fields: list[tuple[str, str, str]]) -> list[int]:
        tests = [_test(*field) for field in fields]
        self.step(len(self.tables[table]))
        found = list(self.tables[table].items())
        for test in tests:
            found = [(number, entry) for number, entry in found if test(entry)]
        return [number for number, _ in found]

    def _add(self, table: str, entry: Entry, before: Value) -> None:
        if before is not None and not (isinstance(before, list) and len(before) == 1 and before[0] in self.tables[table]):
            raise ConfigurationError("place-before is supported only with one entry from find")
        if table.endswith("address-list"):
            key = (table, entry.get("list", ""), entry.get("address", ""))
            if key in self._listed:
                raise ConfigurationError("the list already has this entry")
            if not key[1] or not key[2]:
                raise ConfigurationError("an entry of an address list needs list and address")
            self._listed.add(key)
        self._count += 1
        here = self.tables[table]
        later = list(here)[list(here).index(before[0]) :] if isinstance(before, list) else []
        here[self._count] = entry
        for number in later:  # they go to the end, in their order
            here[number] = here.pop(number)
        self._lines[self._count] = self.number

    def _change(self, table: str, numbers: list[int], fields: Entry | None) -> None:
        """Set fields of entries, or remove them."""
        self.step(len(numbers))
        for number in numbers:
            entry = self.tables[table].get(number, {})
            self._listed.discard((table, entry.get("list", ""), entry.get("address", "")))
            if fields is None:
                self.tables[table].pop(number, None)
                continue
            entry.update(fields)
            if table.endswith("address-list"):
                self._listed.add((table, entry.get("list", ""), entry.get("address", "")))

    def state(self) -> object:
        """Return all tables."""
        return {name: sorted(tuple(sorted(e.items())) for e in table.values()) for name, table in self.tables.items()}

    # -- the rules -----------------------------------------------------------------------------------------------

    def policies(self) -> Iterator[NumberedRule]:
        """Yield the filter rules."""
        for family, menu in FAMILIES.items():
            lists: dict[str, list[str]] = {}
            for entry in self.tables[f"{menu} firewall address-list"].values():
                lists.setdefault(entry["list"], []).append(entry["address"])
            ends: dict[str, RuleEnd] = {}
            for number, rule in self.tables[f"{menu} firewall filter"].items():
                if not _jumps(rule):
                    yield self._lines[number], partial(_rules, rule, family, lists, ends)


def _jumps(rule: Entry) -> bool:
    """Return True for a jump of all packets from forward to a chain that is read."""
    known = rule.keys() <= {"chain", "action", "jump-target", "comment"} and rule.get("chain") == "forward"
    return known and rule.get("action") == "jump" and CHAINS.fullmatch(rule.get("jump-target", "")) is not None


def _rules(rule: Entry, family: Family, lists: dict[str, list[str]], ends: dict[str, RuleEnd]) -> Iterator[AllowRule]:
    if rule.get("action") != "accept":
        raise ConfigurationError("only rules that accept are supported")
    if not CHAINS.fullmatch(rule.get("chain", "")):
        raise ConfigurationError(f"the chain {rule.get('chain', '')[:60]!r} is not supported")
    protocol: Protocol = "tcp" if rule.get("protocol") == "tcp" else "udp"
    if rule.get("protocol") != protocol:
        raise ConfigurationError("only rules for tcp or udp are supported")
    ports = PortSet.parse(rule["dst-port"]) if "dst-port" in rule else PortSet.everything()
    if "dst-port" in rule and sum(1 + (first < last) for first, last in ports) > MOST_PORTS:
        raise ConfigurationError(f"the rule has more than {MOST_PORTS} ports")
    source, destination = (_end(rule, side, family, lists, ends) for side in ("src", "dst"))
    yield from allow_rules(protocol, source, destination, ports, (family,))


def _end(rule: Entry, side: str, family: Family, lists: dict[str, list[str]], ends: dict[str, RuleEnd]) -> RuleEnd:
    address, name = rule.get(f"{side}-address"), rule.get(f"{side}-address-list")
    if address is not None and name is not None:
        raise ConfigurationError(f"{side}-address and {side}-address-list in one rule are not supported")
    if address is not None:
        return RuleEnd.of(Prefix.parse(address))
    if name is None:
        return RuleEnd.any(family)
    if name not in ends:
        if not lists.get(name):
            raise ConfigurationError(f"the list {name[:80]!r} is empty")
        ends[name] = unite_ends(map(_member, lists[name]))
    return ends[name]


def _member(address: str) -> RuleEnd:
    """Return the addresses or name of an address list entry."""
    try:
        return RuleEnd.of(Prefix.parse(address))
    except PrefixError:
        return RuleEnd.named(host_name(address))


def _test(key: str, sign: str, value: str) -> Callable[[Entry], bool]:
    """Return a test whether a field of an entry equals a value (=) or contains it (~)."""
    default = "no" if key == "dynamic" else ""
    if sign == "=":
        return lambda entry: entry.get(key, default) == value
    if not _PATTERN.fullmatch(value):
        raise ConfigurationError(f"the regular expression {value[:60]!r} is not supported")
    expression = re.compile(value)
    return lambda entry: expression.search(entry.get(key, default)) is not None
