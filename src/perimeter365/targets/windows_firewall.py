"""Windows Defender Firewall: PowerShell scripts for the machines of each role.

Output: a script for each of the organization's roles in the plan, such as `client.ps1` or `exchange-server.ps1`: an outbound
rule for connections that the role opens, an inbound rule for those that it accepts, all in the group `perimeter365 <role>`,
with the requirement's id in the description.

    New-NetFirewallRule @store -Group $group -Name 'm365-ws-worldwide-11-udp-out-0a271a17' -Direction Outbound ...

Vendor page: New-NetFirewallRule at learn.microsoft.com.
Supported: the machine's own addresses, as the profile has them for the role, the other end's addresses, protocol and ports.
An end that is anyone is omitted, with a note in the description.
Not supported: host names (those without an address are losses) and URL paths. Windows allows all outbound traffic unless the
outbound default of a profile is Block: only then do outbound rules have an effect. For machines without fixed addresses,
`local=any` omits their own addresses, with a loss.
Install: run the script of a role on each of its machines, as administrator, or once with -PolicyStore <domain>/<GPO> (with a
backslash in place of the slash) to create the rules in a group policy object. It can be run again at any time, for instance
every night: it adds missing rules, then removes rules of the group that are not in the plan. Names end with a checksum of
the rule, so a changed rule has a new name, and rules that stay are present at all times.
Update: run the new script, or render with --since and run `changes-<role>.ps1`, which is shorter.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from zlib import crc32

from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases import acl, objects
from perimeter365.targets.since import ConfigChange, ConfigItem
from perimeter365.targets.target import WIDENED, Option

OUT, IN = ("Outbound", "source", "destination"), ("Inbound", "destination", "source")
"""Direction from the machine's view, its own end of the flow, and the other end."""


class WindowsFirewall(objects.ObjectTarget):
    """Firewall rules of Windows machines."""

    name = "windows-firewall"
    title = "Windows Defender Firewall"
    vendor_page = "https://learn.microsoft.com/en-us/powershell/module/netsecurity/new-netfirewallrule"
    by_role = True
    proof = "second opinion"
    proof_detail = "read back, the scripts' commands allow the packets of the plan at each end, also after a second run"
    limits = MappingProxyType({"addresses": 1_000})
    options = MappingProxyType(
        {"local": Option(default="plan", choices=("plan", "any"), help="any: omit the machines' own addresses")}
    )
    extension = "ps1"
    load = "powershell -ExecutionPolicy Bypass -File {}"

    def items(self, plan: Plan) -> Iterator[ConfigItem]:
        """Yield all rules; `files` returns them by role."""
        for some in self.files(plan).values():
            yield from some

    def files(self, plan: Plan) -> Mapping[str, Sequence[ConfigItem]]:
        """Return the rules by the role of the machines."""
        found: dict[str, dict[ConfigItem, None]] = {}
        for flow, rules in objects.rules_by_flow(self.rules(plan)):
            for direction, own, other in (OUT, IN):
                end = flow.source if own == "source" else flow.destination
                for protocol in dict.fromkeys(rule.protocol for rule in rules if end.ours):
                    words = self._words([rule for rule in rules if rule.protocol == protocol], own, other)
                    body = f"-Direction {direction} -Action Allow {' '.join(words)}"
                    found.setdefault(end.role, {})[
                        self._item(end.role, flow, rules[0], f"{protocol}-{direction[:-5]}", body)
                    ] = None
                if end.ours and self.option("local") == "any":
                    self.report_loss(flow, WIDENED, "machine-wide", subject=f"addresses of {end.role}")
        return {role: tuple(found[role]) for role in sorted(found)}

    def _words(self, rules: list[acl.Rule], own: str, other: str) -> Iterator[str]:
        """Yield the parameters of a rule for both families, whose addresses never mix."""
        yield f"-Protocol {rules[0].protocol.upper()}"
        yield f"-{'Remote' if own == 'source' else 'Local'}Port {_list(acl.port_words(rules[0].ports))}"
        for place, end in (("Local", own), ("Remote", other)):
            addresses = [str(prefix) for rule in rules for prefix in rule.prefixes(end)]
            self.check_limit("addresses", len(addresses), f"a rule of {rules[0].flow.id}")
            if addresses and (place == "Remote" or self.option("local") == "plan"):
                yield f"-{place}Address {_list(addresses)}"

    def _item(self, role: str, flow: PlanFlow, rule: acl.Rule, tail: str, body: str) -> ConfigItem:
        """Return a rule for the machines of a role."""
        label = f"-DisplayName 'Microsoft 365 {flow.id}' -Description '{acl.rule_comment(rule, 200)}'"
        digits = crc32(f"{label} {body}".encode())
        name = f"{self.start}{acl.flow_name(flow)}-{tail.lower()}-{digits:08x}"
        return ConfigItem(kind=role, name=name, parts=(f"{label} {body}",))

    def opening(self, name: str) -> list[str]:
        """Return the parameters of the script, and the existing rules."""
        return [
            "param([string] $PolicyStore = 'PersistentStore')",
            "$ErrorActionPreference = 'Stop'",
            "$store = @{ PolicyStore = $PolicyStore }",
            f"$group = '{self.own_name('perimeter365')} {name}'",
            "$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })",
        ]

    def whole(self, name: str, items: Sequence[ConfigItem]) -> Iterator[str]:
        """Yield the full script: add missing rules, then remove other rules of the group."""
        yield from super().whole(name, items)
        yield "$keep = @("
        yield from (f"    '{item.name}'{',' if item is not items[-1] else ''}" for item in items)
        yield ")"
        yield "$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }"

    def add(self, change: ConfigChange) -> Iterator[str]:
        """Yield the command that adds a rule unless it exists."""
        item = change.item
        rule = f"New-NetFirewallRule @store -Group $group -Name '{item.name}' {item.parts[0]} | Out-Null"
        yield f"if ($have -notcontains '{item.name}') {{ {rule} }}"

    def remove(self, change: ConfigChange) -> Iterator[str]:
        """Yield the command that removes a rule if it exists."""
        name = change.item.name
        yield f"if ($have -contains '{name}') {{ Remove-NetFirewallRule @store -Name '{name}' }}"


def _list(words: Sequence[str]) -> str:
    return ",".join(f"'{word}'" for word in words)
