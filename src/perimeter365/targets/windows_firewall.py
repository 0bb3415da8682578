"""Windows Defender Firewall: PowerShell scripts for the machines of each role.

Output: a script for each role whose machines can run Windows, such as `client.ps1` or `exchange-server.ps1`: an outbound
rule for connections that the role opens, an inbound rule for those that it accepts, all in the group `perimeter365 <role>`,
with the requirement's id in the description.

    New-NetFirewallRule @store -Group $group -Name 'm365-ws-worldwide-11-udp-out-0a271a17' -Direction Outbound ...

Vendor page: New-NetFirewallRule at learn.microsoft.com.
Supported: the machine's own addresses, as the profile has them for the role, the other end's addresses, protocol and ports.
Behind a NAT the own addresses are those inside. An end that is anyone is omitted, with a note in the description.
Not supported: host names (those without an address are losses) and URL paths. Windows allows all outbound traffic unless the
outbound default of a profile is Block: only then do outbound rules have an effect. For machines without fixed addresses,
`local=any` omits their own addresses, with a loss. Phones, load balancers, session border controllers and PSTN gateways have
no script.
A script adds missing rules, then removes the rules of its group that are not in the plan, and changes no other rule and no
default. It can be run at any time, for instance every night, and an interrupted run is completed by the next one. Names end
with a checksum of the rule, so a changed rule has a new name, and rules that stay are present at all times. A role that is
not in the plan has a script, too, which removes the rules of earlier plans: a machine that runs the script of its role
needs nothing else when the role leaves the plan. A machine that loses a role needs the removal. With -PolicyStore
DOMAIN/GPO (with a backslash in place of the slash) a script writes to a group policy object; use one for each role.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from zlib import crc32

from perimeter365.model.role import OUR_ROLES
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases import acl, objects
from perimeter365.targets.life import Manual, model, tried
from perimeter365.targets.since import ConfigChange, ConfigItem, difference
from perimeter365.targets.target import WIDENED, Artifact, LossDetail, Option

OUT, IN = ("Outbound", "source", "destination"), ("Inbound", "destination", "source")
"""Direction from the machine's view, its own end of the flow, and the other end."""
OTHER_MACHINES = ("mobile-device", "load-balancer", "sbc", "pstn-gateway")
"""Roles whose machines do not run Windows."""
WINDOWS_ROLES = tuple(role for role in OUR_ROLES if role not in OTHER_MACHINES)
LONGEST_NAME = 255
"""Characters of a rule's name; MS-FASP 2.2.37 allows 511 (wszRuleId)."""


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
    manual = Manual(
        where="Windows PowerShell of each machine, as administrator, with the script of each of its roles",
        install=("powershell -ExecutionPolicy Bypass -File {role}.ps1",),
        changes=("powershell -ExecutionPolicy Bypass -File changes-{role}.ps1",),
        remove=("Get-NetFirewallRule | Where-Object Group -like '{group} *' | Remove-NetFirewallRule",),
        first="run it on one machine; no script changes the default of a direction, or a rule of another group",
    )
    tried = tried(model("Windows PowerShell 5.1"))
    extension = "ps1"
    role = "client"
    """The role whose script is being written."""

    def words(self) -> Mapping[str, str]:
        """Return the options, the role, and the start of the groups' names."""
        return {**super().words(), "role": self.role, "group": self.own_name("perimeter365")}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the script of each role, and the changes if there is an earlier render."""
        new = self.files(plan)
        for self.role in WINDOWS_ROLES:
            items = new.get(self.role, ())
            note = () if items else ("No rule: it removes the rules of earlier plans.",)
            lines = [*self.header(plan, *note), *self.opening(self.role), *self.whole(self.role, items)]
            yield self.text(f"{self.role}.ps1", lines, entries=len(items))
        if earlier := self.earlier():
            old = type(self)(earlier.style).files(earlier.plan)
            since = earlier.plan.title().removeprefix(f"{earlier.plan.organization}: ")
            for self.role in sorted({*old, *new}):
                added, removed = difference(old.get(self.role, ()), new.get(self.role, ()))
                counts = f"{len(added)} to add, then {len(removed)} to remove."
                head = self.header(plan, f"Changes since {since}:", counts, load="changes")
                lines = [*head, *self.opening(self.role), *self.lines(added, removed)]
                yield self.text(f"changes-{self.role}.ps1", lines, entries=len(added) + len(removed))
        self.role = type(self).role

    def check_empty(self, plan: Plan, details: Iterable[LossDetail]) -> None:
        """Raise EmptyArtifactError if all scripts would only remove rules."""
        super().check_empty(replace(plan, flows=tuple(filter(_is_here, plan.flows))), details)

    def items(self, plan: Plan) -> Iterator[ConfigItem]:
        """Yield all rules; `files` returns them by role."""
        for some in self.files(plan).values():
            yield from some

    def files(self, plan: Plan) -> Mapping[str, Sequence[ConfigItem]]:
        """Return the rules by the role of the machines."""
        found: dict[str, dict[ConfigItem, None]] = {}
        for flow in plan.flows:
            if not _is_here(flow):
                self.leave_unselected(flow)
        here = replace(plan, flows=tuple(filter(_is_here, plan.flows)))
        for flow, rules in objects.rules_by_flow(self.rules(here)):
            for direction, own, other in (OUT, IN):
                end = flow.source if own == "source" else flow.destination
                if not end.ours or end.role in OTHER_MACHINES:
                    continue
                for protocol in dict.fromkeys(rule.protocol for rule in rules):
                    words = self._words([rule for rule in rules if rule.protocol == protocol], own, other)
                    body = f"-Direction {direction} -Action Allow {' '.join(words)}"
                    item = self._item(end.role, flow, rules[0], f"{protocol}-{direction[:-5]}", body)
                    found.setdefault(end.role, {})[item] = None
                if self.option("local") == "any":
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
        """Return a rule for the machines of a role, named after its content.

        A name is unique on a machine that has several roles, too.
        """
        label = f"-DisplayName 'Microsoft 365 {flow.id}' -Description '{acl.rule_comment(rule, 200)}'"
        tail = f"-{tail.lower()}-{crc32(f'{role} {label} {body}'.encode()):08x}"
        name = objects.shorten(f"{self.start}{acl.flow_name(flow)}", LONGEST_NAME - len(tail)) + tail
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


def _is_here(flow: PlanFlow) -> bool:
    """Return whether a machine at an end of a flow can run Windows."""
    return any(end.ours and end.role not in OTHER_MACHINES for end in (flow.source, flow.destination))


def _list(words: Sequence[str]) -> str:
    return ",".join(f"'{word}'" for word in words)
