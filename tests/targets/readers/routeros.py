"""A MikroTik router: enough of RouterOS' script language to run what we write, and the tables it works on.

:local NAME VALUE          :foreach NAME in=VALUE do={ }       $function key=value
:local NAME do={ }         :if (EXPRESSION) do={ } else={ }    /path to table  add | set | remove | find | get
:return VALUE              [ ] is the value of a command, "$name" stands in a text, . = > work on values
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.targets.readers import Refused
from tests.targets.readers.packets import EVERYTHING, Allow, Range, addresses, ports

TABLES = [f"/{ip} firewall {table}" for ip in ("ip", "ipv6") for table in ("address-list", "filter")]
FIELDS = {
    "address-list": {"list", "comment", "address"},
    "filter": {"chain", "comment", "action", "protocol", "dst-port", "src-address-list", "dst-address-list"},
}
_WORD = re.compile(r"[^\s\"\[\]{}();=~$]+")

Token = tuple[str, Any]
"""(kind, value): text, variable, command, group, block, word, pair (key, sign, token)."""


class _Return(Exception):  # noqa: N818 - no error
    pass


class _Parser:
    """Text to statements, each a list of tokens."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def statements(self, end: str = "") -> list[list[Token]]:
        found: list[list[Token]] = [[]]
        while self.at < len(self.text):
            char = self.text[self.at]
            if end and char == end:
                self.at += 1
                return [statement for statement in found if statement]
            if char in "\n;":
                self.at += 1
                found.append([])
            elif char in " \t":
                self.at += 1
            elif char == "#" and not found[-1]:
                self.at = self.text.index("\n", self.at)
            else:
                found[-1].append(self.token())
        if end:
            raise Refused(f"{end} is missing")
        return [statement for statement in found if statement]

    def token(self) -> Token:
        char = self.text[self.at]
        if char == '"':
            match = re.compile(r'"([^"\\]*)"').match(self.text, self.at)
            if not match:
                raise Refused("a text does not end")
            self.at = match.end()
            return ("text", match[1])
        for opening, closing, kind in (("[", "]", "command"), ("(", ")", "group"), ("{", "}", "block")):
            if char == opening:
                self.at += 1
                return (kind, self.statements(closing))
        if char == "$":
            match = re.compile(r"\$([A-Za-z0-9]+)").match(self.text, self.at)
            if not match:
                raise Refused("no name behind $")
            self.at = match.end()
            return ("variable", match[1])
        match = _WORD.match(self.text, self.at)
        if not match:
            self.at += 1
            return ("word", char)
        self.at = match.end()
        sign = self.text[self.at : self.at + 1]
        if sign in ("=", "~") and self.text[self.at + 1 : self.at + 2] not in (" ", ""):
            self.at += 1
            return ("pair", (match[0], sign, self.token()))
        return ("word", match[0])


class RouterOs:
    """Address lists and filters of both families."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[int, dict[str, str]]] = {name: {} for name in TABLES}
        self._count = 0

    def load(self, text: str) -> None:
        """`/import`: one script with one scope."""
        self._run(_Parser(text).statements(), {})

    def steps(self, text: str) -> Iterator[None]:
        """As `load`, statement by statement."""
        scope: dict[str, Any] = {}
        for statement in _Parser(text).statements():
            self._statement(statement, scope)
            yield

    def feed(self, line: str) -> None:
        """One line, as on the terminal."""
        self.load(line + "\n")

    def _run(self, statements: list[list[Token]], scope: dict[str, Any]) -> None:
        for statement in statements:
            self._statement(statement, scope)

    def _statement(self, tokens: list[Token], scope: dict[str, Any]) -> Any:
        (kind, value), rest = tokens[0], tokens[1:]
        pairs = {token[1][0]: token[1][2] for token in rest if token[0] == "pair"}
        if kind == "variable":
            return self._call(scope[value], {key: self._value(token, scope) for key, token in pairs.items()})
        if value == ":local":
            name = rest[0][1]
            scope[name] = pairs["do"] if "do" in pairs else self._value(rest[1], scope)
            return None
        if value == ":foreach":
            for item in self._value(pairs["in"], scope):
                self._run(pairs["do"][1], {**scope, rest[0][1]: [item]})
            return None
        if value == ":if":
            branch = pairs.get("do" if self._value(rest[0], scope) else "else")
            if branch:
                self._run(branch[1], scope)
            return None
        if value == ":return":
            raise _Return(self._value(rest[0], scope))
        if value == ":len":
            return len(self._value(rest[0], scope))
        return self._table(tokens, scope)

    def _call(self, function: Token, arguments: Mapping[str, Any]) -> Any:
        try:
            self._run(function[1], dict(arguments))
        except _Return as returned:
            return returned.args[0]
        return None

    def _value(self, token: Token, scope: Mapping[str, Any]) -> Any:
        kind, value = token
        if kind == "text":
            return re.sub(r"\$([A-Za-z0-9]+)", lambda m: str(scope[m[1]]), value)
        if kind == "variable":
            return scope[value]
        if kind == "command":
            return self._statement(value[0], dict(scope))
        if kind == "group":
            return self._expression(value[0], scope)
        if kind == "block":
            raise Refused("a block is no value")
        return int(value) if value.isdigit() else value

    def _expression(self, tokens: list[Token], scope: Mapping[str, Any]) -> Any:
        if len(tokens) == 1:
            return self._value(tokens[0], scope)
        left, (_, sign), right = tokens
        one, other = self._value(left, scope), self._value(right, scope)
        if sign == ".":
            return one + other
        if sign not in ("=", ">"):
            raise Refused(f"operator {sign}")
        return one == other if sign == "=" else one > other

    def _table(self, tokens: list[Token], scope: Mapping[str, Any]) -> Any:
        """`/ip firewall filter add chain=m365 ...`, or, within [], `find ...` of the table before it."""
        words = []
        while tokens and tokens[0][0] == "word":
            words.append(tokens[0][1])
            tokens = tokens[1:]
        name, verb = " ".join(words[:-1]) or scope.get("here", ""), words[-1]
        if verb not in ("add", "set", "remove", "find", "get"):  # get NUMBER FIELD
            name, verb, tokens = " ".join(words[:-2]), words[-2], [("word", words[-1]), *tokens]
        if name not in self.tables:
            raise Refused(f"there is no {name}")
        here = {**scope, "here": name}
        table, kind = self.tables[name], name.split()[-1]
        fields = [(t[1][0], t[1][1], str(self._value(t[1][2], here))) for t in tokens if t[0] == "pair"]
        if unknown := {key for key, _, _ in fields} - FIELDS[kind] - ({"dynamic"} if verb == "find" else set()):
            raise Refused(f"{name} has no {unknown}")
        if verb == "find":
            return [number for number, entry in table.items() if all(_holds({**entry, "dynamic": "no"}, f) for f in fields)]
        if verb == "add":
            entry = {key: value for key, _, value in fields}
            if kind == "address-list" and any(
                (e["list"], e["address"]) == (entry["list"], entry["address"]) for e in table.values()
            ):
                raise Refused("failure: already have such entry")
            self._count += 1
            table[self._count] = entry
            return None
        numbers = self._value(tokens[0], here)
        if verb == "get":
            (number,) = numbers
            return table[number][tokens[1][1]]
        for number in numbers:
            if verb == "remove":
                del table[number]
            else:
                table[number].update({key: value for key, _, value in fields})
        return None

    def state(self) -> object:
        """All that it holds, whatever the order."""
        return {name: sorted(tuple(sorted(e.items())) for e in table.values()) for name, table in self.tables.items()}

    def allows(self) -> list[Allow]:
        """What the chain m365 accepts."""
        found = []
        for family, ip in ((4, "ip"), (6, "ipv6")):
            for rule in self.tables[f"/{ip} firewall filter"].values():
                assert (rule["chain"], rule["action"]) == ("m365", "accept")
                numbers = ports(rule["dst-port"])
                if sum(1 + (first < last) for first, last in numbers) > 15:
                    raise Refused("more than 15 ports")
                source, none = self._end(rule.get("src-address-list"), family)
                destination, hosts = self._end(rule.get("dst-address-list"), family)
                assert not none
                found.append(Allow(family, rule["protocol"], source, destination, numbers, hosts))
        return found

    def _end(self, name: str | None, family: int) -> tuple[tuple[Range, ...], frozenset[str]]:
        if name is None:
            return EVERYTHING[family], frozenset()
        table = self.tables[f"/{'ip' if family == 4 else 'ipv6'} firewall address-list"]
        members = [entry["address"] for entry in table.values() if entry["list"] == name]
        if not members:
            raise Refused(f"the list {name} is empty")
        hosts = {member for member in members if not re.fullmatch(r"[0-9./]+|[0-9a-f:]+/\d+", member)}
        return addresses([member for member in members if member not in hosts], family), frozenset(hosts)


def _holds(entry: Mapping[str, str], field: tuple[str, str, str]) -> bool:
    key, sign, value = field
    return entry.get(key, "") == value if sign == "=" else re.search(value, entry.get(key, "")) is not None
