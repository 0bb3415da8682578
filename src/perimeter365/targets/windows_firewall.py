"""Windows Defender Firewall: the rules of each role's own machines, as PowerShell scripts.

Makes a script for each of our roles that stands at an end of a requirement, such as `client.ps1` or `exchange-server.ps1`:
an outbound rule for what the role opens, an inbound rule for what is opened to it, all in the group `perimeter365 <role>`,
with the requirement's id in the description. Vendor page: New-NetFirewallRule at learn.microsoft.com.

    New-NetFirewallRule @store -Group $group -Name 'm365-ws-worldwide-11-udp-out-0a271a17' -Direction Outbound ...

What it says: the machine's own addresses, as the profile gives them to the role, the other end's addresses, protocol and
ports; an end that a requirement leaves open is not named, and the description says so. What it cannot say: host names
(losses name those without an address) and URL paths. Windows lets out everything unless a profile's outbound default is
Block: only then do outbound rules matter. For machines that roam, `local=any` leaves out their own addresses, with a loss.

Install: run a role's script on each of its machines, as administrator, or once with -PolicyStore <domain>/<GPO>, its slash a
backslash, to have the rules in a group policy object. It may run as often as you like, also every night: it adds what is
missing, and then removes what is in the group and not in the plan. A name ends in digits made of what the rule says, so a
changed rule is a new one, and nothing that stays is ever gone. Update: run the new script, or render with --since and run
`changes-<role>.ps1`, which is shorter.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from zlib import crc32

from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases import acl, objects
from perimeter365.targets.since import Change, Item
from perimeter365.targets.target import WIDENED, Option

OUT, IN = ("Outbound", "source", "destination"), ("Inbound", "destination", "source")
"""A direction as the machine sees it, its own end of the flow, and the other end."""


class WindowsFirewall(objects.ObjectTarget):
    """The plan as rules of the machines at its ends."""

    name = "windows-firewall"
    title = "Windows Defender Firewall"
    vendor_page = "https://learn.microsoft.com/en-us/powershell/module/netsecurity/new-netfirewallrule"
    proof = "second opinion"
    proof_detail = "a reader of the scripts' commands allows at each end the packets of the plan, again after a second run"
    limits = MappingProxyType({"addresses": 1_000})
    options = MappingProxyType(
        {"local": Option(default="plan", choices=("plan", "any"), help="any: do not name the machines' own addresses")}
    )
    extension = "ps1"
    load = "powershell -ExecutionPolicy Bypass -File {}"

    def items(self, plan: Plan) -> Iterator[Item]:
        """All rules; `files` has them by role."""
        for some in self.files(plan).values():
            yield from some

    def files(self, plan: Plan) -> Mapping[str, Sequence[Item]]:
        """The rules by the role whose machines they are for."""
        found: dict[str, dict[Item, None]] = {}
        for flow, rules in objects.by_flow(self.rules(plan)):
            for direction, own, other in (OUT, IN):
                end = flow.source if own == "source" else flow.destination
                for protocol in dict.fromkeys(rule.protocol for rule in rules if end.ours):
                    words = self._words([rule for rule in rules if rule.protocol == protocol], own, other)
                    body = f"-Direction {direction} -Action Allow {' '.join(words)}"
                    found.setdefault(end.role, {})[_item(end.role, flow, rules[0], f"{protocol}-{direction[:-5]}", body)] = (
                        None
                    )
                if end.ours and self.option("local") == "any":
                    reason = "the rule holds for whatever address a machine has"
                    self.lose(flow, WIDENED, f"addresses of {end.role}", reason)
        return {role: tuple(found[role]) for role in sorted(found)}

    def _words(self, rules: list[acl.Rule], own: str, other: str) -> Iterator[str]:
        """Both families in one rule: an address of one never meets an address of the other."""
        yield f"-Protocol {rules[0].protocol.upper()}"
        yield f"-{'Remote' if own == 'source' else 'Local'}Port {_list(acl.port_words(rules[0].ports))}"
        for place, end in (("Local", own), ("Remote", other)):
            addresses = [str(prefix) for rule in rules for prefix in rule.prefixes(end)]
            self.hold("addresses", len(addresses), f"a rule of {rules[0].flow.id}")
            if addresses and (place == "Remote" or self.option("local") == "plan"):
                yield f"-{place}Address {_list(addresses)}"

    def opening(self, name: str) -> list[str]:
        """Where the rules go."""
        return [
            "param([string] $PolicyStore = 'PersistentStore')",
            "$ErrorActionPreference = 'Stop'",
            "$store = @{ PolicyStore = $PolicyStore }",
            f"$group = 'perimeter365 {name}'",
            "$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })",
        ]

    def whole(self, name: str, items: Sequence[Item]) -> Iterator[str]:
        """Add what is missing, then remove what is in the group and not in the plan."""
        yield from super().whole(name, items)
        yield "$keep = @("
        yield from (f"    '{item.name}'{',' if item is not items[-1] else ''}" for item in items)
        yield ")"
        yield "$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }"

    def add(self, change: Change) -> Iterator[str]:
        """A rule that is there already is the same one."""
        item = change.item
        rule = f"New-NetFirewallRule @store -Group $group -Name '{item.name}' {item.parts[0]} | Out-Null"
        yield f"if ($have -notcontains '{item.name}') {{ {rule} }}"

    def remove(self, change: Change) -> Iterator[str]:
        """A rule that is not there is not missed."""
        name = change.item.name
        yield f"if ($have -contains '{name}') {{ Remove-NetFirewallRule @store -Name '{name}' }}"


def _item(role: str, flow: PlanFlow, rule: acl.Rule, tail: str, body: str) -> Item:
    """A rule of the machines of a role."""
    label = f"-DisplayName 'Microsoft 365 {flow.id}' -Description '{acl.rule_comment(rule, 200)}'"
    digits = crc32(f"{label} {body}".encode())
    return Item(kind=role, name=f"m365-{acl.flow_name(flow)}-{tail.lower()}-{digits:08x}", parts=(f"{label} {body}",))


def _list(words: Sequence[str]) -> str:
    return ",".join(f"'{word}'" for word in words)
