"""Reader of MikroTik RouterOS: address lists and filter rules of both families.

The text is an export or a script.

    /ip firewall address-list  add list=NAME address=PREFIX | HOST comment="…"
    /ip firewall filter        add chain=forward action=accept protocol=tcp dst-port=80,443
                                   src-address=PREFIX, dst-address=PREFIX, src-address-list=NAME, dst-address-list=NAME
    /ipv6 firewall …           the same; `_script` describes the language, with set, remove, find and get

Rules of the chains forward and m365 are read. Rules that drop or jump, other chains, fields and tables, regular expressions
other than a literal with optional ^ and $, and address ranges are not supported: each such statement or rule is reported.

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
from collections.abc import Callable, Iterator
from functools import partial

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
        *("chain", "comment", "action", "protocol", "dst-port", "src-address", "dst-address"),
        *("src-address-list", "dst-address-list"),
    )),
}  # fmt: skip
TABLES = tuple(f"{family} firewall {table}" for family in FAMILIES.values() for table in FIELDS)
VERBS = ("add", "set", "remove", "find", "get")
CHAINS = ("forward", "m365")
MOST_PORTS = 15
"""Maximum number of ports of a rule; both ends of a range count."""
_PATTERN = re.compile(r"(\^?)([\w .:/-]*)(\$?)", re.ASCII)

Entry = dict[str, str]


class MikrotikReader(Script):
    """A simulated RouterOS router."""

    name = "mikrotik"
    title = "MikroTik RouterOS export or script"

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
        fields = [(t.text, t.sign, value_text(self.value(t.value, here))) for t in tokens if t.kind == "pair"]
        known = FIELDS[table.split()[-1]] | ({"dynamic"} if verb[0] == "find" else set())
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
            self._add(table, entry)
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
        return [number for number, entry in self.tables[table].items() if all(test(entry) for test in tests)]

    def _add(self, table: str, entry: Entry) -> None:
        if table.endswith("address-list"):
            key = (table, entry.get("list", ""), entry.get("address", ""))
            if key in self._listed:
                raise ConfigurationError("the list already has this entry")
            if not key[1] or not key[2]:
                raise ConfigurationError("an entry of an address list needs list and address")
            self._listed.add(key)
        self._count += 1
        self.tables[table][self._count] = entry
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
                yield self._lines[number], partial(_rules, rule, family, lists, ends)


def _rules(rule: Entry, family: Family, lists: dict[str, list[str]], ends: dict[str, RuleEnd]) -> Iterator[AllowRule]:
    if rule.get("action") != "accept":
        raise ConfigurationError("only rules that accept are supported")
    if rule.get("chain") not in CHAINS:
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
    match = _PATTERN.fullmatch(value)
    if not match:
        raise ConfigurationError(f"the regular expression {value[:60]!r} is not supported")
    start, literal, end = match.groups()
    if start and end:
        return lambda entry: entry.get(key, default) == literal
    if start or end:
        return lambda entry: (str.startswith if start else str.endswith)(entry.get(key, default), literal)
    return lambda entry: literal in entry.get(key, default)
