"""Reader of Windows Defender Firewall, for rendered PowerShell scripts.

It reads the lines that create and remove rules.

    $group = 'NAME'
    if ($have -notcontains 'RULE') { New-NetFirewallRule @store -Group $group -Name 'RULE' PARAMETERS | Out-Null }
    if ($have -contains 'RULE') { Remove-NetFirewallRule @store -Name 'RULE' }
    $have = …, $keep = @( … ), $have | … | Remove-NetFirewallRule …     exactly as rendered

    PARAMETERS: -DisplayName -Description -Direction -Action -Protocol -LocalPort -RemotePort -LocalAddress -RemoteAddress,
    each with one word or with strings in single quotes; a missing address means any.

PowerShell is a full programming language, so any other line is reported. The machine itself is one end of each connection,
so rules are read by direction, `Outbound` or `Inbound`.

https://learn.microsoft.com/en-us/powershell/module/netsecurity/new-netfirewallrule

    >>> parameters = "-Direction Outbound -Action Allow -Protocol TCP -RemotePort '80','443' -RemoteAddress '192.0.2.0/24'"
    >>> new = "New-NetFirewallRule @store -Group $group -Name 'web'"
    >>> reading = WindowsFirewallReader.read(f"if ($have -notcontains 'web') {{ {new} {parameters} | Out-Null }}")
    >>> [(str(rule.ports), list(rule.destination)) for rule in reading.rules]
    [('80,443', [Prefix('192.0.2.0/24')])]
    >>> for line in WindowsFirewallReader.read("Remove-NetFirewallRule -All").unread:
    ...     print(line)
    line 1: the line is not supported: Remove-NetFirewallRule -All
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from perimeter365.audit.packets import AllowRule, RuleEnd, allow_rules
from perimeter365.audit.reader import ConfigurationReader, NumberedRule
from perimeter365.errors import ConfigurationError
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet

IGNORED = frozenset((
    "param([string] $PolicyStore = 'PersistentStore')",
    "$ErrorActionPreference = 'Stop'",
    "$store = @{ PolicyStore = $PolicyStore }",
))  # fmt: skip
HAVE = "$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })"
KEEP = "$keep = @("
SWEEP = "$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }"
# Matches   if ($have -notcontains 'a') { New-NetFirewallRule @store -Group $group -Name 'a' -Action Allow | Out-Null }
# but not   if ($have -notcontains 'a') { New-NetFirewallRule @store -Group $group -Name 'a' -Action (f) | iex }
_NEW = re.compile(
    r"if \(\$have -notcontains '([A-Za-z0-9-]+)'\) "
    r"\{ New-NetFirewallRule @store -Group \$group -Name '([A-Za-z0-9-]+)' ([^|{}$`]*) \| Out-Null \}"
)
# Matches   if ($have -contains 'a') { Remove-NetFirewallRule @store -Name 'a' }
# but not   if ($have -contains 'a') { Remove-NetFirewallRule @store -All }
_REMOVE = re.compile(
    r"if \(\$have -contains '([A-Za-z0-9-]+)'\) \{ Remove-NetFirewallRule @store -Name '([A-Za-z0-9-]+)' \}"
)
_GROUP = re.compile(r"\$group = '([A-Za-z0-9 -]+)'")
_KEPT = re.compile(r"\s*'([A-Za-z0-9-]+)',?")
# Matches `-Protocol TCP` and `-RemotePort '80','443'`, not `-RemotePort 80`.
_PARAMETER = re.compile(r"-([A-Za-z]+) ('[^']*'(?:,'[^']*')*|[A-Za-z]+)(?: |$)")
PARAMETERS = frozenset((
    *("DisplayName", "Description", "Direction", "Action", "Protocol", "LocalPort", "RemotePort"),
    *("LocalAddress", "RemoteAddress"),
))  # fmt: skip
DIRECTIONS = ("Outbound", "Inbound")

Rule = dict[str, list[str]]


class WindowsFirewallReader(ConfigurationReader):
    """The rules of a policy store, by name."""

    name = "windows-firewall"
    title = "Windows Defender Firewall, rendered PowerShell scripts"

    def __init__(self) -> None:
        super().__init__()
        self.policy_store: dict[str, Rule] = {}
        """Rule name -> parameters and their values."""
        self._lines: dict[str, int] = {}
        self._group = ""
        self._have: set[str] = set()
        self._keep: set[str] | None = None
        self._open = False

    def feed(self, line: str) -> None:
        """Execute one line."""
        line = line.rstrip()
        if not line or line.startswith("#") or line in IGNORED:
            return
        if self._open:
            self._list(line)
        elif line == HAVE:
            self._have = {name for name, rule in self.policy_store.items() if rule["Group"] == [self._group]}
        elif line == KEEP:
            self._keep, self._open = set(), True
        elif line == SWEEP:
            if self._keep is None:
                raise ConfigurationError("$keep is not defined")
            for name in self._have - self._keep:
                self.policy_store.pop(name, None)
        elif match := _GROUP.fullmatch(line):
            self._group = match[1]
        elif match := _NEW.fullmatch(line):
            self._new(match[1], match[2], match[3])
        elif (match := _REMOVE.fullmatch(line)) and match[1] == match[2]:
            if match[1] in self._have:
                self.policy_store.pop(match[1], None)
        else:
            raise ConfigurationError("the line is not supported")

    def finish(self) -> None:
        """Report $keep as an error if it is still open.

        Raises:
            ConfigurationError: $keep is open, in which case PowerShell would not run any of the script.
        """
        was_open, self._open = self._open, False
        if was_open:
            raise ConfigurationError("$keep is open at the end of the text")

    def _list(self, line: str) -> None:
        """Parse a line of $keep."""
        self._open = line != ")"
        if self._open:
            if not (match := _KEPT.fullmatch(line)):
                raise ConfigurationError("the line is not a name of $keep")
            if self._keep is not None:
                self._keep.add(match[1])

    def _new(self, tested: str, name: str, words: str) -> None:
        found = list(_PARAMETER.finditer(words))
        rule = {match[1]: [value.strip("'") for value in match[2].split("','")] for match in found}
        if tested != name or "".join(match[0] for match in found) != words or len(rule) != len(found):
            raise ConfigurationError("the parameters are not supported")
        if unknown := rule.keys() - PARAMETERS:
            raise ConfigurationError(f"the parameter -{min(unknown)} is not supported")
        if name in self._have:
            return
        if name in self.policy_store:
            raise ConfigurationError(f"the rule {name} already exists")
        self.policy_store[name] = {**rule, "Group": [self._group]}
        self._lines[name] = self.number

    def state(self) -> object:
        """Return all rules."""
        return self.policy_store

    def policies(self, directions: Iterable[str] = DIRECTIONS) -> Iterator[NumberedRule]:
        """Yield the rules of the given directions."""
        others = [[direction] for direction in DIRECTIONS if direction not in frozenset(directions)]
        for name, rule in self.policy_store.items():
            if rule.get("Direction") not in others:
                yield self._lines.get(name, 0), partial(_rules, rule)


def _rules(rule: Rule) -> Iterator[AllowRule]:
    if rule.get("Action") != ["Allow"]:
        raise ConfigurationError("only rules that allow are supported")
    own, other = "Local", "Remote"
    source, destination = (own, other) if _one(rule, "Direction", DIRECTIONS) == "Outbound" else (other, own)
    if f"{source}Port" in rule:
        raise ConfigurationError("source ports are not supported")
    protocol = _one(rule, "Protocol", ("TCP", "UDP"))
    numbers = rule.get(f"{destination}Port")
    ports = PortSet.everything() if numbers is None else PortSet.parse(",".join(numbers))
    ends = [_end(rule.get(f"{end}Address")) for end in (source, destination)]
    yield from allow_rules("tcp" if protocol == "TCP" else "udp", ends[0], ends[1], ports)


def _one(rule: Rule, key: str, allowed: tuple[str, ...]) -> str:
    value = rule.get(key, [])
    if len(value) != 1 or value[0] not in allowed:
        raise ConfigurationError(f"-{key} is not supported with this value; expected {' or '.join(allowed)}")
    return value[0]


def _end(words: list[str] | None) -> RuleEnd:
    return RuleEnd.any() if words is None else RuleEnd(addresses=PrefixSet.parse(words))
