"""Machines with Windows: the lines of our PowerShell scripts, and the rules that they leave."""

import re

from tests.targets.readers import Refused
from tests.targets.readers.packets import EVERYTHING, Allow, Range, addresses, ports

IGNORED = (
    "param([string] $PolicyStore = 'PersistentStore')",
    "$ErrorActionPreference = 'Stop'",
    "$store = @{ PolicyStore = $PolicyStore }",
)
HAVE = "$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })"
SWEEP = "$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }"
NEW = re.compile(
    r"if \(\$have -notcontains '([a-z0-9-]+)'\) "
    r"\{ New-NetFirewallRule @store -Group \$group -Name '([a-z0-9-]+)' ([^|{}$`]*) \| Out-Null \}"
)
REMOVE = re.compile(r"if \(\$have -contains '([a-z0-9-]+)'\) \{ Remove-NetFirewallRule @store -Name '([a-z0-9-]+)' \}")
PARAMETER = re.compile(r"-([A-Za-z]+) ('[^']*'(?:,'[^']*')*|[A-Za-z]+)(?: |$)")
KNOWN = {
    *("DisplayName", "Description", "Direction", "Action", "Protocol", "LocalPort", "RemotePort"),
    *("LocalAddress", "RemoteAddress"),
}


class Windows:
    """The rules of a policy store, by name."""

    def __init__(self) -> None:
        self.rules: dict[str, dict[str, list[str]]] = {}
        self._group = ""
        self._have: set[str] = set()
        self._keep: list[str] = []
        self._listing = False

    def load(self, text: str) -> None:
        """Run a script."""
        for line in text.splitlines():
            self.feed(line)

    def feed(self, line: str) -> None:
        """Run a line."""
        if line.startswith("#") or line in IGNORED:
            return
        if self._listing:
            self._listing = line != ")"
            if self._listing:
                self._keep.append(line.strip().rstrip(",").strip("'"))
        elif line in (HAVE, "$keep = @(", SWEEP):
            self._fixed(line)
        elif match := re.fullmatch(r"\$group = '([a-z0-9 -]+)'", line):
            self._group = match[1]
        elif match := NEW.fullmatch(line):
            self._new(match[1], match[2], match[3])
        elif (match := REMOVE.fullmatch(line)) and match[1] == match[2]:
            if match[1] in self._have:
                del self.rules[match[1]]
        else:
            raise Refused(line)

    def _fixed(self, line: str) -> None:
        if line == HAVE:
            self._have = {name for name, rule in self.rules.items() if rule["Group"] == [self._group]}
        elif line == SWEEP:
            for name in self._have - set(self._keep):
                del self.rules[name]
        else:
            self._keep, self._listing = [], True

    def _new(self, asked: str, name: str, words: str) -> None:
        found = {key: [w.strip("'") for w in value.split("','")] for key, value in PARAMETER.findall(words)}
        if asked != name or "".join(m[0] for m in PARAMETER.finditer(words)) != words or set(found) - KNOWN:
            raise Refused(words)
        if name in self._have:
            return
        if name in self.rules:
            raise Refused(f"{name} exists")
        self.rules[name] = {**found, "Group": [self._group]}

    def state(self) -> object:
        """All rules."""
        return self.rules

    def allows(self, direction: str) -> list[Allow]:
        """What rules of a direction let pass, `Outbound` or `Inbound`, from the end that opens the connection."""
        found = []
        for rule in self.rules.values():
            if rule["Direction"] == [direction]:
                assert rule["Action"] == ["Allow"]
                own, other = "Local", "Remote"
                source, destination = (own, other) if direction == "Outbound" else (other, own)
                numbers = ports(",".join(rule[f"{destination}Port"]))
                for family in (4, 6):
                    ends = [self._end(rule.get(f"{end}Address"), family) for end in (source, destination)]
                    if all(ends):
                        found.append(Allow(family, rule["Protocol"][0].lower(), ends[0], ends[1], numbers))
        return found

    def _end(self, words: list[str] | None, family: int) -> tuple[Range, ...]:
        return EVERYTHING[family] if words is None else addresses(words, family)
