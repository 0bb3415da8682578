"""Windows PowerShell on a machine with a firewall and a name resolution policy table.

    machine = Windows()
    machine.files["client.ps1"] = script
    machine.follow(target.commands("install"))       carries out the lines of a manual
    machine.stores[LOCAL]                            name of a rule -> its parameters

It executes the part of the language that rendered scripts use, and reports everything else as an error. Commands have the
parameters of Microsoft's pages, given by their full names; an unknown parameter, a missing or a wrong value is an error.

    Get-, New-, Remove-NetFirewallRule                  learn.microsoft.com/powershell/module/netsecurity/…
    Get-, Add-, Set-, Remove-DnsClientNrptRule          learn.microsoft.com/powershell/module/dnsclient/…
    Get-VpnConnection, Add-VpnConnectionRoute           learn.microsoft.com/powershell/module/vpnclient/…
    Where-Object, ForEach-Object, Out-Null, Test-Path, Write-Warning

What the model takes from these pages and from about_Comparison_Operators, about_Pipelines and about_Splatting: comparisons
ignore case; a pipeline passes the elements of arrays one by one; the name of a firewall rule is unique in its policy store;
a rule that does not exist cannot be removed; errors of commands stop a script only with $ErrorActionPreference = 'Stop'.
Names have at most 511 characters, and LocalPort and RemotePort need TCP or UDP (MS-FASP 2.2.37); no text contains `|`, which
separates the fields of a stored rule (MS-GPFAS 2.2.2.19).
Rules of a GPO are not those of the machine; while a machine has NRPT rules by group policy, its own have no effect
(learn.microsoft.com, "The NRPT", dn593632). The pages do not say whether a namespace can have two rules: here it can.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

LOCAL = "PersistentStore"
POLICY = r"HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient\DnsPolicyConfig"
"""Key with the NRPT rules of group policies."""


class PowerShellError(Exception):
    """A script that PowerShell refuses, or an error that ends it."""


class StoppedError(Exception):
    """The script was stopped from outside, after a number of changes."""


COMMON = ("ErrorAction", "WarningAction", "Verbose", "Debug", "ErrorVariable", "OutVariable")


@dataclass(frozen=True)
class Syntax:
    """The parameters of a command; `!` after a name = it has no value, `*` = it has to be given."""

    names: frozenset[str]
    switches: frozenset[str]
    required: frozenset[str]
    position: tuple[str, ...]
    """Parameters that may be given without their name."""


def syntax(words: str, *position: str) -> Syntax:
    """Make the syntax of a command from a line of its page."""
    found = [*words.split(), *COMMON]
    names = {word.strip("!*") for word in found}
    ends = {end: {w.strip("!*") for w in found if w.endswith(end)} for end in "!*"}
    return Syntax(frozenset(names), frozenset(ends["!"]), frozenset(ends["*"]), position)


_CIM = "CimSession ThrottleLimit AsJob! "
_RULE = (
    "PolicyStore GPOSession Name DisplayName* Description Group Enabled Profile Platform Direction Action "
    "EdgeTraversalPolicy LooseSourceMapping LocalOnlyMapping Owner LocalAddress RemoteAddress Protocol LocalPort RemotePort "
    "IcmpType DynamicTarget Program Package Service InterfaceAlias InterfaceType LocalUser RemoteUser RemoteMachine "
    "Authentication Encryption OverrideBlockRules WhatIf! Confirm! "
)
_QUERY = "Name DisplayName Description DisplayGroup Group Enabled Direction Action All! PolicyStore TracePolicyStore! "
_NRPT = (
    "GpoName DANameServers DAIPsecEncryptionType DAProxyServerName DnsSecIPsecEncryptionType NameServers NameEncoding "
    "Server DAProxyType IPsecTrustAuthority Comment DisplayName PassThru! WhatIf! Confirm! "
)
SYNTAX = {
    "New-NetFirewallRule": syntax(_RULE + _CIM),
    "Get-NetFirewallRule": syntax(_QUERY + _CIM, "Name"),
    "Remove-NetFirewallRule": syntax(_QUERY + _CIM + "GPOSession InputObject PassThru! WhatIf! Confirm!", "Name"),
    "Add-DnsClientNrptRule": syntax(
        _NRPT + _CIM + "Namespace* DAIPsecRequired! DnsSecEnable! DnsSecIPsecRequired! DnsSecValidationRequired! DAEnable!",
        "Namespace",
    ),
    "Set-DnsClientNrptRule": syntax(
        _NRPT + _CIM + "Name* Namespace DAIPsecRequired DnsSecEnable DnsSecIPsecRequired DnsSecValidationRequired DAEnable",
        "Name",
    ),
    "Get-DnsClientNrptRule": syntax(_CIM + "Name GpoName Server", "Name"),
    "Remove-DnsClientNrptRule": syntax(_CIM + "GpoName Name* PassThru! Server Force! WhatIf! Confirm!", "Name"),
    "Get-VpnConnection": syntax(_CIM + "Name AllUserConnection!", "Name"),
    "Add-VpnConnectionRoute": syntax(
        _CIM + "ConnectionName* DestinationPrefix* RouteMetric PassThru! AllUserConnection! WhatIf! Confirm!",
        *("ConnectionName", "DestinationPrefix"),
    ),
    "Out-Null": syntax("InputObject"),
    "Test-Path": syntax("Path LiteralPath", "Path"),
    "Write-Warning": syntax("Message*", "Message"),
}

# -- the language --------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"(?P<space>[ \t]+|`\n|\#[^\n]*)"
    r"|(?P<end>\n|;)"
    r"|(?P<text>'(?:[^']|'')*')"
    r'|(?P<format>"(?:[^"`]|`.)*")'
    r"|(?P<cast>\[[a-z]+\](?= ?\$))"
    r"|(?P<variable>\$(?:[A-Za-z_][A-Za-z0-9_]*))"
    r"|(?P<splat>@[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<open>@\(|@\{|\$\(|\(|\{|\[)"
    r"|(?P<close>[)}\]])"
    r"|(?P<member>\.(?=[A-Za-z]))"
    r"|(?P<sign>[|,=])"
    r"|(?P<dash>-[A-Za-z]+)"
    r"|(?P<word>[A-Za-z0-9_*?:\\./%-]+)"
)
OPERATORS = ("-eq", "-ne", "-contains", "-notcontains", "-like", "-notlike", "-and", "-or")


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    joined: bool
    """Whether it follows the token before it without a space."""


def tokens(text: str) -> list[Token]:
    """Split a script into tokens."""
    found: list[Token] = []
    at, joined = 0, False
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise PowerShellError(f"unexpected {text[at : at + 20]!r}")
        at = match.end()
        kind = str(match.lastgroup)
        if kind != "space":
            found.append(Token(kind, match[0], joined))
        joined = kind not in ("space", "end")
    return found


@dataclass
class Parser:
    """Parser of a script: it returns the statements as nested tuples."""

    tokens: list[Token]
    at: int = 0

    def peek(self, *texts: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].text.lower() in texts

    def kind(self) -> str:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else ""

    def take(self, text: str = "") -> Token:
        if self.at == len(self.tokens) or (text and not self.peek(text)):
            seen = self.tokens[self.at].text if self.at < len(self.tokens) else "the end"
            raise PowerShellError(f"expected {text or 'more'}, not {seen!r}")
        self.at += 1
        return self.tokens[self.at - 1]

    def skip(self) -> None:
        while self.kind() == "end":
            self.at += 1

    def statements(self, close: str = "") -> list[Any]:
        found = []
        self.skip()
        while self.at < len(self.tokens) and not (close and self.peek(close)):
            found.append(self.statement())
            more = self.at < len(self.tokens) and self.kind() != "end" and not (close and self.peek(close))
            if more and found[-1][0] not in ("if", "foreach", "param"):
                raise PowerShellError(f"unexpected {self.tokens[self.at].text!r}")
            self.skip()
        if close:
            self.take(close)
        return found

    def block(self) -> list[Any]:
        self.skip()
        self.take("{")
        return self.statements("}")

    def statement(self) -> Any:
        if self.peek("param"):
            return self.parameters()
        if self.peek("if"):
            return self.condition()
        if self.peek("foreach"):
            self.take()
            self.take("(")
            name = self.take().text[1:]
            self.take("in")
            values = self.pipeline()
            self.take(")")
            return "foreach", name, values, self.block()
        if self.kind() == "variable" and self.at + 1 < len(self.tokens) and self.tokens[self.at + 1].text == "=":
            name = self.take().text[1:]
            self.take("=")
            return "set", name, self.pipeline()
        return "run", self.pipeline()

    def parameters(self) -> Any:
        self.take()
        self.take("(")
        found = []
        self.skip()
        while not self.peek(")"):
            kind = self.take().text if self.kind() == "cast" else ""
            if kind not in ("", "[string]"):
                raise PowerShellError(f"the type {kind} is not supported")
            name = self.take().text[1:]
            value = None
            if self.peek("="):
                self.take()
                value = self.expression()
            found.append((name, value))
            if self.peek(","):
                self.take()
            self.skip()
        self.take(")")
        return "param", found

    def condition(self) -> Any:
        branches, other = [], []
        self.take("if")
        while True:
            self.take("(")
            test = self.pipeline()
            self.take(")")
            branches.append((test, self.block()))
            before = self.at
            self.skip()
            if self.peek("elseif"):
                self.take()
            elif self.peek("else"):
                self.take()
                other = self.block()
                break
            else:
                self.at = before
                break
        return "if", branches, other

    def pipeline(self) -> Any:
        parts = [self.element()]
        while self.peek("|"):
            self.take()
            self.skip()
            parts.append(self.element())
        return "pipe", parts

    def element(self) -> Any:
        if self.kind() == "word" and not self.tokens[self.at].text[0].isdigit():
            return self.command()
        return self.expression()

    def command(self) -> Any:
        words: list[tuple[str, Any]] = []
        name = self.take().text
        while self.at < len(self.tokens) and self.kind() not in ("end", "close") and not self.peek("|"):
            token = self.tokens[self.at]
            if token.kind == "dash":
                words.append(("name", self.take().text[1:]))
            elif token.kind == "splat":
                words.append(("splat", self.take().text[1:]))
            elif token.text == "{":
                words.append(("block", self.block()))
            elif token.kind == "word":
                words.append(("value", ("text", self.take().text)))
            else:
                words.append(("value", self.array()))
        return "command", name, words

    def expression(self) -> Any:
        left = self.array()
        while self.kind() == "dash" and self.tokens[self.at].text.lower() in OPERATORS:
            operator = self.take().text.lower()
            left = "binary", operator, left, self.array()
        return left

    def array(self) -> Any:
        found = [self.unary()]
        while self.peek(","):
            self.take()
            self.skip()
            found.append(self.unary())
        return found[0] if len(found) == 1 else ("array", [("run", ("pipe", [each])) for each in found])

    def unary(self) -> Any:
        if self.peek("-not"):
            self.take()
            return "not", self.unary()
        value = self.primary()
        while self.at < len(self.tokens) and self.tokens[self.at].joined and self.kind() in ("member", "open"):
            if self.kind() == "member":
                self.take()
                value = "member", value, self.take().text
            elif self.peek("["):
                self.take()
                value = "index", value, int(self.take().text)
                self.take("]")
            else:
                raise PowerShellError("methods are not supported")
        return value

    def primary(self) -> Any:
        token = self.take()
        if token.kind == "text":
            return "text", token.text[1:-1].replace("''", "'")
        if token.kind == "format":
            return "format", token.text[1:-1]
        if token.kind == "variable":
            return "variable", token.text[1:]
        if token.kind == "word" and token.text.isdigit():
            return "number", int(token.text)
        if token.text in ("(", "$("):
            value = self.pipeline()
            self.skip()
            self.take(")")
            return value
        if token.text == "@(":
            return "array", self.statements(")")
        if token.text == "@{":
            return "table", self.table()
        raise PowerShellError(f"unexpected {token.text!r}")

    def table(self) -> list[tuple[str, Any]]:
        found = []
        self.skip()
        while not self.peek("}"):
            key = self.take().text
            self.take("=")
            found.append((key, self.expression()))
            self.skip()
        self.take("}")
        return found


class Thing(dict[str, Any]):
    """An object with properties, whose names ignore case."""

    def get_property(self, name: str) -> Any:
        return next((value for key, value in self.items() if key.lower() == name.lower()), None)


# -- the machine ---------------------------------------------------------------------------------------------------------


@dataclass
class Windows:
    """A machine, and the group policy objects that its administrator can write."""

    files: dict[str, str] = field(default_factory=dict)
    stores: dict[str, dict[str, Thing]] = field(default_factory=lambda: {LOCAL: {}})
    """Firewall rules by policy store and name."""
    nrpt: dict[str, dict[str, Thing]] = field(default_factory=lambda: {"": {}})
    """NRPT rules by group policy object ("" = the machine) and name."""
    by_policy: bool = False
    """Whether the machine has NRPT rules by group policy."""
    vpn: dict[str, list[str]] = field(default_factory=dict)
    """Routes by name of a VPN connection."""
    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """Errors that did not end their script."""
    changes: int = 0
    stop_after: int | None = None
    """The number of changes after which a script is stopped; None = never."""
    watch: "Callable[[Windows], None] | None" = None
    """Called after each change."""
    _variables: dict[str, Any] = field(default_factory=dict)
    _made: int = 0

    def follow(self, lines: Iterable[str]) -> None:
        """Carry out the lines of a manual; those for a person are skipped. Raises PowerShellError."""
        for line in lines:
            if line.startswith("# "):
                continue
            if match := re.fullmatch(r"powershell -ExecutionPolicy Bypass -File (\S+)((?: -\w+ \S+)*)", line):
                words = match[2].split()
                given = dict(zip((word[1:] for word in words[::2]), words[1::2], strict=True))
                if match[1] not in self.files:
                    raise PowerShellError(f"the file {match[1]} does not exist")
                self.run(self.files[match[1]], **given)
            else:
                self.run(line)

    def run(self, script: str, **given: str) -> None:
        """Run a script with parameters. Raises PowerShellError, and StoppedError."""
        self._variables = {"null": None, "true": True, "false": False}
        parser = Parser(tokens(script))
        self._execute(parser.statements(), given)

    def _execute(self, statements: list[Any], given: dict[str, str] | None = None) -> list[Any]:
        out: list[Any] = []
        for statement in statements:
            match statement:
                case ("param", parameters):
                    left = dict(given or {})
                    for name, value in parameters:
                        words = left.pop(name, None)
                        self._variables[name.lower()] = words if words is not None else self._value(value) if value else ""
                    if left:
                        raise PowerShellError(f"the script has no parameter {', '.join(left)}")
                case ("set", name, value):
                    self._variables[name.lower()] = self._value(value)
                case ("if", branches, other):
                    chosen = next((block for test, block in branches if _true(self._value(test))), other)
                    out += self._execute(chosen)
                case ("foreach", name, values, block):
                    for each in _list(self._value(values)):
                        self._variables[name.lower()] = each
                        out += self._execute(block)
                case ("run", pipe):
                    out += _list(self._value(pipe))
        return out

    def _value(self, node: Any) -> Any:
        match node:
            case ("text" | "number", value):
                return value
            case ("format", text):
                return re.sub(r"\$\(([^()]*)\)|\$([A-Za-z_]\w*)", self._inner, text)
            case ("variable", name):
                return self._variables.get(name.lower())
            case ("array", statements):
                return self._execute(statements)
            case ("table", pairs):
                return Thing({key: self._value(value) for key, value in pairs})
            case ("not", value):
                return not _true(self._value(value))
            case ("member", value, name):
                return self._member(self._value(value), name)
            case ("index", value, number):
                values = _list(self._value(value))
                return values[number] if number < len(values) else None
            case ("binary", operator, left, right):
                return _compare(operator, self._value(left), lambda: self._value(right))
            case ("pipe", parts):
                return self._pipe(parts)
        raise PowerShellError(f"{node} is not supported")

    def _inner(self, match: "re.Match[str]") -> str:
        node = Parser(tokens(match[1] or f"${match[2]}")).expression()
        return " ".join(map(str, _list(self._value(node))))

    def _member(self, value: Any, name: str) -> Any:
        if name.lower() in ("count", "length"):
            return len(_list(value))
        if isinstance(value, list):
            return _one([self._member(each, name) for each in value])
        return value.get_property(name) if isinstance(value, Thing) else None

    def _pipe(self, parts: list[Any]) -> Any:
        if len(parts) == 1 and parts[0][0] != "command":
            return self._value(parts[0])
        flow: list[Any] | None = None
        for part in parts:
            if part[0] == "command":
                flow = list(self._command(part[1], part[2], flow))
            elif flow is None:
                flow = _list(self._value(part))
            else:
                raise PowerShellError("an expression is only allowed as the first element of a pipeline")
        return _one(flow or [])

    def _command(self, name: str, words: list[Any], flow: list[Any] | None) -> Iterator[Any]:
        if name in ("Where-Object", "ForEach-Object"):
            yield from self._filter(name, words, flow or [])
            return
        if name not in SYNTAX:
            raise PowerShellError(f"the command {name} is not known")
        given = self._bind(name, SYNTAX[name], words)
        action = getattr(self, "_" + name.replace("-", "_").lower())
        try:
            if flow is None or name == "Out-Null":
                yield from action(given)
            else:
                for each in flow:
                    yield from action(_piped(name, SYNTAX[name], given, each))
        except _CommandError as error:
            if str(self._variables.get("erroractionpreference") or "").lower() == "stop":
                raise PowerShellError(f"{name}: {error}") from error
            self.errors.append(f"{name}: {error}")

    def _filter(self, name: str, words: list[Any], flow: list[Any]) -> Iterator[Any]:
        keeps = name == "Where-Object"
        for each in flow:
            saved = self._variables.get("_")
            self._variables["_"] = each
            if len(words) == 1 and words[0][0] == "block":
                found = self._execute(words[0][1])
            elif len(words) == 1 and not keeps:
                found = _list(self._member(each, self._value(words[0][1])))
            elif len(words) == 3 and keeps and words[1][0] == "name":
                left = self._member(each, self._value(words[0][1]))
                found = _list(_compare(f"-{words[1][1].lower()}", left, lambda: self._value(words[2][1])))
            else:
                raise PowerShellError(f"{name} is not supported in this form")
            self._variables["_"] = saved
            if keeps:
                yield from [each] if _true(_one(found)) else []
            else:
                yield from found

    def _bind(self, name: str, known: Syntax, words: list[Any]) -> Thing:
        given, position, at = Thing(), list(known.position), 0
        while at < len(words):
            kind, value = words[at]
            at += 1
            if kind == "splat":
                table = self._variables.get(value.lower())
                for key, each in (table or {}).items():
                    self._give(name, known, given, key, each)
            elif kind == "name":
                word = next((k for k in known.names if k.lower() == value.lower()), value)
                if word in known.switches:
                    self._give(name, known, given, word, True)
                else:
                    if at == len(words) or words[at][0] != "value":
                        raise PowerShellError(
                            f"{name}: a value is missing for -{value}" if word in known.names else _no(name, value)
                        )
                    self._give(name, known, given, word, self._value(words[at][1]))
                    at += 1
            elif kind == "value" and position:
                self._give(name, known, given, position.pop(0), self._value(value))
            else:
                raise PowerShellError(f"{name}: a positional parameter cannot be found")
        return given

    def _give(self, name: str, known: Syntax, given: Thing, key: str, value: Any) -> None:
        word = next((k for k in known.names if k.lower() == key.lower()), None)
        if word is None:
            raise PowerShellError(_no(name, key))
        if word in given:
            raise PowerShellError(f"{name}: -{word} is given twice")
        given[word] = value

    def _changed(self) -> None:
        self.changes += 1
        if self.watch:
            self.watch(self)
        if self.stop_after is not None and self.changes >= self.stop_after:
            raise StoppedError

    # -- firewall

    def _store(self, given: Thing) -> dict[str, Thing]:
        name = given.get("PolicyStore") or LOCAL
        if name != LOCAL and "\\" not in name:
            raise _CommandError(f"{name} is not a policy store")
        return self.stores.setdefault(name, {})

    def _get_netfirewallrule(self, given: Thing) -> Iterator[Any]:
        store = self._store(given)
        if "Name" in given:
            missing = [name for name in _list(given["Name"]) if _find(store, name) is None]
            if missing:
                raise _CommandError(f"no rule has the name {missing[0]}")
            yield from [store[str(_find(store, name))] for name in _list(given["Name"])]
            return
        if set(given) - {"All", "PolicyStore"}:
            raise PowerShellError("this query is not supported")
        yield from list(store.values())

    def _new_netfirewallrule(self, given: Thing) -> Iterator[Any]:
        _required("New-NetFirewallRule", given)
        store = self._store(given)
        rule = Thing({"Direction": "Inbound", "Action": "Allow", "Enabled": "True", "Group": None, **given})
        self._made += 1
        name = rule.setdefault("Name", f"{{{self._made:032x}}}")
        _check_rule(rule)
        if _find(store, name) is not None:
            raise _CommandError(f"a rule with the name {name} already exists")
        rule["PolicyStore"] = given.get("PolicyStore") or LOCAL
        store[name] = rule
        self._changed()
        yield rule

    def _remove_netfirewallrule(self, given: Thing) -> Iterator[Any]:
        if "InputObject" in given:
            given = Thing({"Name": given["InputObject"]["Name"], "PolicyStore": given["InputObject"]["PolicyStore"]})
        if set(given) - {"Name", "PolicyStore"}:
            raise PowerShellError("this removal is not supported")
        store = self._store(given)
        if "Name" not in given:
            store.clear()
            self._changed()
        for name in _list(given.get("Name")):
            key = _find(store, name)
            if key is None:
                raise _CommandError(f"no rule has the name {name}")
            del store[key]
            self._changed()
        yield from ()

    # -- name resolution policy table

    def _table(self, given: Thing) -> dict[str, Thing]:
        if given.get("Server") and not given.get("GpoName"):
            raise _CommandError("-Server needs -GpoName")
        return self.nrpt.setdefault(given.get("GpoName") or "", {})

    def _get_dnsclientnrptrule(self, given: Thing) -> Iterator[Any]:
        table = self._table(given)
        yield from list(table.values()) if "Name" not in given else [table[n] for n in _list(given["Name"]) if n in table]

    def _add_dnsclientnrptrule(self, given: Thing) -> Iterator[Any]:
        _required("Add-DnsClientNrptRule", given)
        _check_servers(given)
        table = self._table(given)
        self._made += 1
        name = f"{{{self._made:032x}}}"
        table[name] = Thing(
            {"Comment": None, "NameServers": [], **given, "Name": name, "Namespace": _list(given["Namespace"])}
        )
        table[name]["NameServers"] = _list(table[name]["NameServers"])
        self._changed()
        yield from ()

    def _set_dnsclientnrptrule(self, given: Thing) -> Iterator[Any]:
        _required("Set-DnsClientNrptRule", given)
        _check_servers(given)
        rule = self._table(given).get(given["Name"])
        if rule is None:
            raise _CommandError(f"no rule has the name {given['Name']}")
        rule.update(
            {key: _list(v) if key in ("Namespace", "NameServers") else v for key, v in given.items() if key != "GpoName"}
        )
        self._changed()
        yield from ()

    def _remove_dnsclientnrptrule(self, given: Thing) -> Iterator[Any]:
        _required("Remove-DnsClientNrptRule", given)
        if "Force" not in given:
            raise PowerShellError("Remove-DnsClientNrptRule asks for confirmation without -Force")
        table = self._table(given)
        if given["Name"] not in table:
            raise _CommandError(f"no rule has the name {given['Name']}")
        del table[given["Name"]]
        self._changed()
        yield from ()

    # -- VPN connections

    def _get_vpnconnection(self, given: Thing) -> Iterator[Any]:
        for name, routes in self.vpn.items():
            if name in _list(given.get("Name", name)):
                yield Thing({"Name": name, "Routes": [Thing({"DestinationPrefix": route}) for route in routes]})

    def _add_vpnconnectionroute(self, given: Thing) -> Iterator[Any]:
        _required("Add-VpnConnectionRoute", given)
        self.vpn[given["ConnectionName"]].append(given["DestinationPrefix"])
        self._changed()
        yield from ()

    # -- others

    def _out_null(self, given: Thing) -> Iterator[Any]:
        yield from ()

    def _test_path(self, given: Thing) -> Iterator[Any]:
        path = given.get("LiteralPath") or given.get("Path")
        if path != POLICY:
            raise PowerShellError(f"nothing is known of {path}")
        yield self.by_policy

    def _write_warning(self, given: Thing) -> Iterator[Any]:
        self.warnings.append(given["Message"])
        yield from ()


class _CommandError(Exception):
    """An error of a command that ends a script only with $ErrorActionPreference = 'Stop'."""


def _no(name: str, key: str) -> str:
    return f"{name}: a parameter cannot be found that matches the name {key!r}"


def _required(name: str, given: Thing) -> None:
    for key in sorted(SYNTAX[name].required):
        if key not in given or given[key] in (None, "", []):
            raise PowerShellError(f"{name}: -{key} has no value")


def _piped(name: str, known: Syntax, given: Thing, value: Any) -> Thing:
    """Bind an object of a pipeline: by value, or by the property that a parameter is named after."""
    if name == "Remove-NetFirewallRule" and isinstance(value, Thing):
        return Thing({**given, "InputObject": value})
    if name == "Remove-DnsClientNrptRule" and isinstance(value, Thing):
        return Thing({"Name": value["Name"], **given})
    raise PowerShellError(f"{name}: the input object cannot be bound")


def _find(store: dict[str, Thing], name: Any) -> str | None:
    return next((key for key in store if key.lower() == str(name).lower()), None)


def _list(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, list) else [value]


def _one(values: list[Any]) -> Any:
    return None if not values else values[0] if len(values) == 1 else values


def _true(value: Any) -> bool:
    if isinstance(value, list):
        return _true(value[0]) if len(value) == 1 else bool(value)
    return bool(value)


def _same(left: Any, right: Any) -> bool:
    return str(left).lower() == str(right).lower() if isinstance(left, str) or isinstance(right, str) else left == right


def _compare(operator: str, left: Any, right: Callable[[], Any]) -> Any:
    """Compare as PowerShell does: an array on the left is filtered, texts are equal whatever their case."""
    if operator in ("-and", "-or"):
        return _true(left) and _true(right()) if operator == "-and" else _true(left) or _true(right())
    other = right()
    if operator in ("-contains", "-notcontains"):
        return any(_same(each, other) for each in _list(left)) == (operator == "-contains")
    tests: dict[str, Callable[[Any], bool]] = {
        "-eq": lambda value: _same(value, other),
        "-ne": lambda value: not _same(value, other),
        "-like": lambda value: fnmatchcase(str(value or "").lower(), str(other).lower()),
        "-notlike": lambda value: not fnmatchcase(str(value or "").lower(), str(other).lower()),
    }
    if operator not in tests:
        raise PowerShellError(f"the operator {operator} is not known")
    return [each for each in left if tests[operator](each)] if isinstance(left, list) else tests[operator](left)


ACCEPTED = {
    "Direction": ("Inbound", "Outbound"),
    "Action": ("NotConfigured", "Allow", "Block"),
    "Enabled": ("True", "False"),
}
PROTOCOLS = ("TCP", "UDP", "ICMPv4", "ICMPv6", "Any")


def _check_rule(rule: Thing) -> None:
    """Check the values of a firewall rule as its page and MS-FASP 2.2.37 describe them."""
    for key, words in ACCEPTED.items():
        if rule[key] not in words:
            raise PowerShellError(f"New-NetFirewallRule: {rule[key]!r} is not a value of -{key}")
    for key, most in (("Name", 511), ("DisplayName", 10_000), ("Description", 10_000), ("Group", 10_000)):
        text = str(rule.get(key) or "")
        if len(text) > most or "|" in text:
            raise _CommandError(f"-{key} is not valid: {text[:40]}")
    if str(rule["DisplayName"]).lower() == "all":
        raise _CommandError("-DisplayName cannot be All")
    protocol = rule.get("Protocol", "Any")
    if protocol not in PROTOCOLS and not str(protocol).isdigit():
        raise _CommandError(f"{protocol} is not a protocol")
    _check_ends(rule, protocol)


def _check_ends(rule: Thing, protocol: str) -> None:
    for key in ("LocalPort", "RemotePort"):
        if key in rule and protocol not in ("TCP", "UDP"):
            raise _CommandError(f"-{key} needs TCP or UDP")
        for text in _list(rule.get(key)):
            first, _, last = str(text).partition("-")
            if not (first.isdigit() and (last or first).isdigit() and 0 <= int(first) <= int(last or first) <= 65535):
                raise _CommandError(f"{text} is not a port")
    for key in ("LocalAddress", "RemoteAddress"):
        if key in rule and not _list(rule[key]):
            raise _CommandError(f"-{key} has no value")
        for text in _list(rule.get(key)):
            try:
                ipaddress.ip_network(text)
            except ValueError:
                raise _CommandError(f"{text} is not an address") from None


def _check_servers(given: Thing) -> None:
    for text in _list(given.get("NameServers")):
        try:
            ipaddress.ip_address(text)
        except ValueError:
            raise _CommandError(f"{text} is not the address of a server") from None
