"""Aerleon's generators: the headers of their filters, and the terms of rules.

>>> headers("srx", "m365")[0]
('outbound', 'from-zone trust to-zone untrust mixed')
>>> headers("cisco", "m365fabrikam")
[('both', 'm365fabrikam mixed')]
"""

from collections.abc import Mapping

from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.targets._bases.acl import Rule, rule_comment

BOTH: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(["juniper", "msmpc", "cisco", "arista", "arista_tp", "nsxv", "nsxt"], ("m365 mixed",)),
    **dict.fromkeys(["openconfig", "sonic", "packetfilter", "ciscoxr"], ("m365 mixed",)),
    **dict.fromkeys(["brocade", "cisconx"], ("m365 extended", "m365-v6 inet6")),
    **dict.fromkeys(["ipset", "iptables", "speedway"], ("FORWARD DROP inet", "FORWARD DROP inet6")),
    **dict.fromkeys(["aruba", "ciscoasa", "pcap"], ("m365",)),
    "nftables": ("mixed forward DROP",),
    "nvueapi": ("m365 ipv4", "m365-v6 ipv6"),
    "nokiasrl": ("mixed",),
    "proxmox": ("cluster FORWARD",),
    "juniperevo": ("m365 mixed ingress",),
    "srxlo": ("m365 inet6",),
    "windows_advfirewall": ("out inet", "out inet6"),
}
"""Generators with both ends, with the headers of their filters: one filter, or one per family."""
ONE = {"gce": "default {} mixed", "gcp_hf": "m365 {} 2000 mixed", "k8s": "m365 {}"}
"""Generators with the external end only, and one direction per filter."""
FAMILY = {"aruba": 4, "ciscoasa": 4, "srxlo": 6}
"""Generators that render a single family."""
DENIED = frozenset({"arista", "brocade", "cisco", "cisconx", "ciscoxr"})
"""Generators of access lists that permit everything while they have no entry."""
STATELESS = DENIED | {"juniper", "juniperevo", "nokiasrl"}
"""Generators of filters that keep no state: they refuse the answers to what they permit."""
LAST = (
    {"name": "icmp", "protocol": "icmpv6", "icmp-type": "neighbor-solicit neighbor-advertisement packet-too-big"}
    | {"action": "accept"},
    {"name": "rest", "comment": "everything else", "action": "deny"},
)
"""The last terms of such a list. An explicit deny also refuses what an IPv6 list otherwise permits: neighbor discovery."""
SHORT = frozenset({"ipset", "iptables", "speedway"})
"""Generators for iptables, where terms are chains with names of at most 24 characters."""
ZONED = {
    "fortigate": "from-zone {} to-zone {}",
    "paloalto": "from-zone {} to-zone {} mixed",
    "srx": "from-zone {} to-zone {} mixed",
}
"""Generators of policies between two zones, with the header for a pair."""
ZONES: Mapping[str, tuple[str, str]] = {
    "outbound": ("trust", "untrust"),
    "inbound": ("untrust", "trust"),
    "internal": ("trust", "trust"),
}
ENDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("both", *ZONES), ("source", "destination")),
    "egress": ("destination",),
    "ingress": ("source",),
}
"""Kinds of terms: which ends they have."""
GENERATORS = sorted({*BOTH, *ZONED, *ONE})


def headers(generator: str, own: str) -> list[tuple[str, str]]:
    """Return the filters of a generator: the kind of terms and the header of each."""
    found = [("both", words.replace("m365", own)) for words in BOTH.get(generator, ())]
    if generator in ZONED:
        found = [(direction, ZONED[generator].format(*pair)) for direction, pair in ZONES.items()]
    if generator in ONE:
        found = [(kind, ONE[generator].format(kind.upper()).replace("m365", own)) for kind in ("egress", "ingress")]
    return found


def of_kind(kind: str, rules: list[Rule]) -> list[Rule]:
    """Return the rules that a kind of terms is for."""
    if kind == "egress":
        return [rule for rule in rules if rule.flow.direction == "outbound" and rule.destination]
    if kind == "ingress":
        return [rule for rule in rules if rule.flow.direction == "inbound" and rule.source]
    return [rule for rule in rules if kind in ("both", rule.flow.direction)]


def term(
    rule: Rule, name: str, groups: dict[PrefixSet, str], services: dict[tuple[str, PortSet], str], ends: tuple[str, ...]
) -> dict[str, object]:
    """Return a term with the given ends."""
    sides = {"source": rule.source, "destination": rule.destination}
    named = {f"{end}-address": groups[side] for end in ends if (side := sides[end]) is not None}
    how = {"destination-port": services[rule.protocol, rule.ports], "protocol": rule.protocol, "action": "accept"}
    return {"name": name, "comment": rule_comment(rule, 200), **named, **how}
