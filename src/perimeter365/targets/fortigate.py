"""FortiGate (FortiOS 6.4 and later): objects and policies as CLI commands.

Output: `perimeter365.conf`: an address object for each prefix, an FQDN object for each name without published address,
groups of them by role and requirement, services, and a policy for each requirement (its id is the comment) and IP family.
`remove.conf` deletes all of it. With --since also `changes.conf`, and `remove-earlier.conf` for what only the earlier render
has.

    config firewall addrgrp
        edit "m365-ws-worldwide-11-v4-51ba5e5c"
            set member "m365-52.112.0.0_14" "m365-52.122.0.0_15"

Objects are named after their content (a group ends with a hash of it) and never change; policies do. So after each command
of `changes.conf` everything that both plans need passes, and nothing that neither needs. It can be interrupted, and loaded
again from the start: FortiOS then refuses to delete, or to use, what is already gone.
Numbers of policies are derived from their names, and kept from one render into a folder to the next. They are in the million
that starts at `first_policy`: each organization on a device (`prefix`) needs its own, and no policy of yours may be there.
Vendor pages at docs.fortinet.com: "Subcommands", "Text strings" (a name has at most 79 characters), "Policy names" (unique
in a VDOM) and "Using wildcard FQDN addresses in firewall policies".
Supported: both ends by address, destinations also by exact name and `*.name`, ports, all three directions. An end that is
anyone is `all`, with a note in the comment.
Not supported: other wildcards (`*cdn.onenote.net`, `a.*.b`; use --observed to list the names in use), URL paths, and sources
by name. A wildcard FQDN object learns from DNS responses that pass the FortiGate: clients must not use other paths or DNS
over HTTPS. An address of a name can be shared with other sites (CDN): they pass as well.
NAT: outbound IPv4 policies translate their sources to the address of the outgoing interface if one of them is private
(`nat=auto`). A server that is published by a virtual IP is reached by that object only: `vip=mrs-proxy=VIP-MRS` names it for
a role. With central NAT, set `nat=no` and `vip=central`: policies then have the inner addresses.
`inside` and `outside` are interfaces or zones. Limits are of the smallest models; see Fortinet's Maximum Values Table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType

from perimeter365.model.host import EXACT, SUFFIX, HostPattern
from perimeter365.model.requirement import DIRECTIONS
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import acl, numbered, objects
from perimeter365.targets._bases.fortios import POLICY
from perimeter365.targets.life import model, tried
from perimeter365.targets.since import ConfigItem
from perimeter365.targets.target import Capabilities, Option

NAME, POLICY_NAME, COMMENT = 79, 35, 1023
HASH = 8
"""Digits of the hash at the end of the name of a group."""
SIX = {4: "", 6: "6"}


class Fortigate(numbered.NumberedTarget):
    """Objects and policies of a FortiGate."""

    name = "fortigate"
    title = "FortiGate"
    vendor_page = "https://docs.fortinet.com/document/fortigate/7.4.0/administration-guide/627485"
    proof = "second opinion"
    proof_detail = "read back, its commands and aerleon's FortiGate policies allow the same packets"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX), ports=True, directions=DIRECTIONS)
    limits = MappingProxyType({"policies": 5_000, "addresses": 5_000, "groups": 2_500, "group_members": 600})
    options = MappingProxyType(
        {
            "inside": Option(default="internal", help="internal interface or zone, or any", check=objects.is_word),
            "outside": Option(default="wan1", help="interface or zone of the internet, or any", check=objects.is_word),
            **numbered.OPTIONS,
        }
    )
    tried = tried(model("FortiOS 7.4"))
    host_reason = "a wildcard FQDN object supports a wildcard as the first label only"

    def items(self, plan: Plan) -> Iterator[ConfigItem]:
        """Yield addresses (IPv6 in separate tables), groups, services and policies."""
        rules = list(self.rules(plan))
        made: list[ConfigItem] = []
        books: dict[int, tuple[objects.AddressBook, dict[str, str]]] = {}
        for family, six in SIX.items():
            mine = [rule for rule in rules if rule.family == family]
            mine = [replace(rule, destination=None) if self.virtual_ips(rule) else rule for rule in mine]
            books[family] = objects.AddressBook(mine, NAME - 1 - HASH, six, self.start), {}
            made += self._addresses(*books[family], six)
        made += sorted(dict.fromkeys(self._policies(rules, books)), key=lambda item: item.kind == POLICY)
        for limit, word in {"policies": " policy", "addresses": " address", "groups": " addrgrp"}.items():
            self.check_limit(limit, sum(word in item.kind for item in made), "the plan")
        yield from made

    def _addresses(self, book: objects.AddressBook, names: dict[str, str], six: str) -> Iterator[ConfigItem]:
        """Yield the addresses and groups, and note the full name of each group."""
        for member, name in book.objects.items():
            if isinstance(member, HostPattern):
                parts = ["type fqdn", f'fqdn "{member}"']
            else:
                parts = [f"ip6 {member}" if six else f"subnet {objects.mask(member)}"]
            yield ConfigItem(kind=f"firewall address{six}", name=name, parts=tuple(parts))
        for name, members in book.groups():
            self.check_limit("group_members", len(members), name)
            parts = [f'member "{book.objects[member]}"' for member in members]
            names[name] = f"{name}-{sha256(' '.join(parts).encode()).hexdigest()[:HASH]}"
            yield ConfigItem(kind=f"firewall addrgrp{six}", name=names[name], parts=tuple(parts))

    def _policies(
        self, rules: list[acl.Rule], books: Mapping[int, tuple[objects.AddressBook, Mapping[str, str]]]
    ) -> Iterator[ConfigItem]:
        """Yield a policy for each flow and family, after its service."""
        inside, outside = self.option("inside"), self.option("outside")
        for flow, some in objects.rules_by_flow(rules, families=True):
            rule, family = some[0], some[0].family
            book, names = books[family]
            ports = {each.protocol: each.ports for each in some}
            service = objects.service_name(NAME, self.start, **ports)
            words = tuple(f"{protocol}-portrange {' '.join(acl.port_words(these))}" for protocol, these in ports.items())
            yield ConfigItem(kind="firewall service custom", name=service, parts=words)
            name = objects.shorten(f"{self.start}{acl.flow_name(flow)}-v{family}", POLICY_NAME)
            self.kept[name] = self.number(name)
            source, destinations = book.source(rule, "all"), self.virtual_ips(rule) or book.destinations(rule, "all")
            fields = [
                f'name "{name}"',
                f'srcintf "{outside if flow.direction == "inbound" else inside}"',
                f'dstintf "{outside if flow.direction == "outbound" else inside}"',
                f'srcaddr{SIX[family]} "{names.get(source, source)}"',
                *(f'dstaddr{SIX[family]} "{names.get(each, each)}"' for each in destinations),
                "action accept",
                'schedule "always"',
                f'service "{service}"',
                f'comments "{acl.rule_comment(rule, COMMENT)}"',
                *self.more_fields(rule),
            ]
            yield ConfigItem(kind=POLICY, name=str(self.kept[name]), parts=tuple(fields))
