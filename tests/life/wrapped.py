"""Artifacts of firewalls as FWShift reads them: with the zones, interfaces and bound lists that a device has besides.

    wrap("cisco-asa", {"perimeter365.cfg": ...})     one configuration, or one for each IP version

The surroundings say what the manual says: an access list is bound to its interface, a chain is jumped to, and what nothing
permits is refused.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.consumers.fwshift import Configuration
from tests.life.models.routeros import RouterOs

Files = Mapping[str, str]
ZONES = """
set security zones security-zone trust interfaces ge-0/0/0.0
set security zones security-zone untrust interfaces ge-0/0/1.0
"""
ASA = """ASA Version 9.18(1)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 198.51.100.1 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.0.0.1 255.0.0.0
same-security-traffic permit intra-interface
{}
access-group P365-OUTBOUND in interface inside
access-group P365-INBOUND in interface outside
"""
IOS = """version 17.9
{}
interface GigabitEthernet1
 ip address 10.0.0.1 255.0.0.0
 ipv6 address 2001:db8:c::1/48
 ip access-group P365-OUTBOUND in
 ipv6 traffic-filter P365-OUTBOUND-V6 in
interface GigabitEthernet2
 ip address 198.51.100.1 255.255.255.0
 ipv6 address 2001:db8:ffff::1/48
 ip access-group P365-INBOUND in
 ipv6 traffic-filter P365-INBOUND-V6 in
"""
INTRAZONE = "set rulebase default-security-rules rules intrazone-default action deny\n"
"""By default, PAN-OS permits what stays in a zone, whatever its rules are."""


def junos(files: Files) -> list[Configuration]:
    """Wrap commands of an SRX."""
    return [Configuration(format="junos", text=ZONES + files["perimeter365.set"])]


def panos(files: Files) -> list[Configuration]:
    """Wrap commands of PAN-OS."""
    return [Configuration(format="panos", text=INTRAZONE + files["perimeter365.set"])]


def fortios(files: Files) -> list[Configuration]:
    """Wrap commands of FortiOS."""
    return [Configuration(format="fortios", text=files["perimeter365.conf"], zones=("internal", "wan1"))]


def asa(files: Files) -> list[Configuration]:
    """Wrap commands of an ASA: its lists are bound, and in their order, as `show running-config` prints them."""
    lists: dict[str, list[str]] = {}
    others = []
    for line in files["perimeter365.cfg"].splitlines():
        if found := re.fullmatch(r"(access-list (\S+)) (?:line (\d+) )?(.*)", line):
            entries = lists.setdefault(found[2], [])
            entries.insert(int(found[3]) - 1 if found[3] else len(entries), f"{found[1]} {found[4]}")
        else:
            others.append(line)
    text = "\n".join([*others, *(entry for entries in lists.values() for entry in entries)])
    return [Configuration(format="asa", text=ASA.format(text), zones=("inside", "outside"))]


def ios(files: Files) -> list[Configuration]:
    """Wrap commands of IOS: its lists are bound, and in their order, as `show running-config` prints them."""
    lists: dict[str, dict[int, str]] = {}
    others, entries = [], None
    for line in files["perimeter365.cfg"].splitlines():
        if re.fullmatch(r"(?:ip access-list extended|ipv6 access-list) \S+", line):
            entries = lists.setdefault(line, {})
        elif entries is not None and (found := re.fullmatch(r" (?:sequence )?(\d+)? ?((?:permit|deny|remark) .*)", line)):
            entries[int(found[1]) if found[1] else 1 << 32] = f" {found[2]}"  # the deny without a number is the last one
        elif not line.lstrip().startswith(("!", "ip access-list resequence")):
            others.append(line)
            entries = None
    text = "\n".join([*others, *(line for name, some in lists.items() for line in (name, *(some[n] for n in sorted(some))))])
    return [Configuration(format="ios", text=IOS.format(text), zones=("GigabitEthernet1", "GigabitEthernet2"))]


def routeros(files: Files) -> list[Configuration]:
    """Export what the scripts make of a router that refuses the rest: FWShift reads exports, not scripts."""
    router = RouterOs("\n".join(f"{menu} firewall filter add chain=forward action=drop" for menu in ("/ip", "/ipv6")))
    for name in ("perimeter365.rsc", "jump.rsc"):
        router.load(files[name])
    lines = ["# 2030-01-01 by RouterOS 7.16", "/interface list", "add name=WAN", "add name=LAN", "/interface list member"]
    lines += ["add interface=ether1 list=WAN", "add interface=ether2 list=LAN"]
    for menu, entries in router.tables.items():
        lines.append(menu)
        lines += ["add " + " ".join(f'{key}="{value}"' for key, value in entry.items()) for entry in entries.values()]
    return [Configuration(format="routeros", text="\n".join(lines), zones=("LAN", "WAN"))]


def nftables(files: Files) -> list[Configuration]:
    """Leave out the neighbor discovery, whose hop limit FWShift does not compare."""
    lines = [line for line in files["perimeter365.nft"].splitlines() if "icmpv6 type" not in line]
    return [Configuration(format="nftables", text="\n".join(lines))]


def iptables(files: Files) -> list[Configuration]:
    """Return the rules of IPv4, and those of IPv6 without neighbor discovery, with the jump of the manual.

    FWShift takes a file for one of IPv6 if a comment mentions ip6tables.
    """
    jump = ["*filter", ":FORWARD DROP [0:0]", "-A FORWARD -j P365-FORWARD"]
    texts = []
    for name in ("rules.v4", "rules.v6"):
        lines = files[name].splitlines()
        rules = [line for line in lines if not re.match(r"#|\*filter$|.* -p (?:ipv6-icmp|icmpv6) ", line)]
        rules = [re.sub(r"^-F (\S+)$", r":\1 - [0:0]", line) for line in rules]
        texts.append("\n".join([*jump, *rules]) + "\n")
    return [Configuration(format=name, text=text) for name, text in zip(("iptables", "ip6tables"), texts, strict=True)]


def nsg(files: Files) -> list[Configuration]:
    """Return the network security group of the template, with rules that refuse the rest."""
    resources = json.loads(files["m365-nsg.arm.json"])["resources"]
    rules = [{"name": re.sub(r".*'/|'\)]", "", each["name"]), "properties": each["properties"]} for each in _flat(resources)]
    refuse = {"access": "Deny", "protocol": "*", "sourcePortRange": "*", "destinationPortRange": "*", "priority": 4096}
    refuse |= {"sourceAddressPrefix": "*", "destinationAddressPrefix": "*"}
    rules += [{"name": f"refuse-{way}", "properties": {**refuse, "direction": way}} for way in ("Inbound", "Outbound")]
    group = {"name": "nsg", "type": "Microsoft.Network/networkSecurityGroups", "properties": {"securityRules": rules}}
    return [Configuration(format="azure", text=json.dumps([group]), zones=("nsg", "outside"))]


def _flat(resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rules of a template, also those of nested ones."""
    found = []
    for each in resources:
        inner = each.get("properties", {}).get("template", {}).get("resources")
        found += _flat(inner) if inner else [each]
    return found


def nsg_terraform(files: Files) -> list[Configuration]:
    """Return the rules as Terraform shows them in a plan, in a group with rules that refuse the rest."""
    rules = dict(json.loads(files["m365-nsg.tf.json"])["resource"]["azurerm_network_security_rule"])
    refuse = {"access": "Deny", "protocol": "*", "source_port_range": "*", "destination_port_range": "*", "priority": 4096}
    refuse |= {"source_address_prefix": "*", "destination_address_prefix": "*"}
    for way in ("Inbound", "Outbound"):
        rules[f"refuse_{way.lower()}"] = {"name": f"refuse-{way}", **refuse, "direction": way}
    kind = "azurerm_network_security_rule"
    values = {
        name: {**rule, "network_security_group_name": "nsg", "resource_group_name": "g"} for name, rule in rules.items()
    }
    shown = [_shown(kind, name, value) for name, value in values.items()]
    shown.append(
        _shown("azurerm_network_security_group", "nsg", {"name": "nsg", "resource_group_name": "g", "location": "x"})
    )
    text = json.dumps({"format_version": "1.0", "values": {"root_module": {"resources": shown}}})
    return [Configuration(format="terraform-azure", text=text, zones=("nsg", "outside"))]


def _shown(kind: str, name: str, values: dict[str, Any]) -> dict[str, Any]:
    provider = kind.partition("_")[0]
    head = {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name, "schema_version": 0}
    return {**head, "provider_name": f"registry.terraform.io/hashicorp/{provider}", "values": values}


WRAPS: Mapping[str, tuple[str, Callable[[Files], list[Configuration]]]] = {
    "paloalto-set": ("paloalto-set", panos),
    "fortigate": ("fortigate", fortios),
    "cisco-asa": ("cisco-asa", asa),
    "cisco-ios": ("cisco-ios", ios),
    "mikrotik": ("mikrotik", routeros),
    "nftables": ("nftables", nftables),
    "iptables": ("iptables", iptables),
    "azure-nsg": ("azure-nsg", nsg),
    "azure-nsg, terraform": ("azure-nsg", nsg_terraform),
}
"""What is compared with the SRX -> the target, and how its files are wrapped."""


def prefix_lists(resources: Mapping[str, Any], machine: tuple[str, str]) -> Configuration:
    """Return prefix lists in a security group of one machine, as Terraform shows them: TCP port 443 to each list.

    Args:
        resources: the resources of the file for Terraform.
        machine: the addresses of the machine.
    """
    four, six = (address.partition("/")[0] for address in machine)
    shown = [
        _shown("aws_vpc", "v", {"id": "vpc-1", "cidr_block": "10.0.0.0/16", "ipv6_cidr_block": "2001:db8:c::/56"}),
        _shown(
            "aws_subnet",
            "s",
            {"id": "subnet-1", "vpc_id": "vpc-1", "cidr_block": "10.0.0.0/24", "ipv6_cidr_block": "2001:db8:c::/64"},
        ),
        _shown("aws_security_group", "g", {"id": "sg-1", "name": "sg", "vpc_id": "vpc-1", "ingress": [], "egress": []}),
        _shown(
            "aws_network_interface",
            "e",
            {
                "id": "eni-1",
                "subnet_id": "subnet-1",
                "private_ips": [four],
                "ipv6_addresses": [six],
                "security_groups": ["sg-1"],
            },
        ),
    ]
    for number, (name, values) in enumerate(resources["aws_ec2_managed_prefix_list"].items()):
        rule = {"id": f"sgr-{number}", "security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": 443, "to_port": 443}
        shown.append(_shown("aws_ec2_managed_prefix_list", name, {"id": f"pl-{number}", **values}))
        shown.append(_shown("aws_vpc_security_group_egress_rule", f"r{number}", {**rule, "prefix_list_id": f"pl-{number}"}))
    text = json.dumps({"format_version": "1.0", "values": {"root_module": {"resources": shown}}})
    return Configuration(format="terraform-aws", text=text, zones=("sg", "outside"))
