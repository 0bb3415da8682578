"""Laws on the cases ipv6-off, required-only and nothing-selected.

Their files are only in the ledger. What a file opens is read by `tokens`, whatever its format is, so that a new target needs
no edit here. Each law is also tested with files that break it.
"""

import re
from collections.abc import Iterable
from functools import cache

import pytest

from perimeter365.audit.packets import AllowRule, cuts
from perimeter365.targets import Artifact, RenderResult, Style, targets
from tests.targets import tokens
from tests.targets.cases import CASES, made, plan, without_commands
from tests.targets.devices import STARS, given, let_pass
from tests.targets.tokens import Network
from tests.targets.values import example_options

TUNNEL = ("wireguard",)
"""Targets that list what goes through the tunnel: they open all other addresses."""
BELOW = ("cisco-si-feed", "dnsmasq", "unbound")
"""Targets whose plain names include all names below them."""
NOT_OPENED = {
    "1.0.0.0/32": "the contentVersion of an ARM template",
    "192.0.2.53/32": "the resolver that names are asked of, by default",
}
"""Text that looks like an address, in files that open nothing."""
NOT_OPENING = {
    "ct state established,related accept": "answers to what was let pass",
    "-A P365-FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT": "the same",
    "icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept": (
        "no link has IPv6 without them, and the hop limit keeps them on it"
    ),
    **{
        f"-A P365-FORWARD -p ipv6-icmp -m icmp6 --icmpv6-type {kind} -m hl --hl-eq 255 -j ACCEPT": "the same"
        for kind in range(133, 137)
    },
    'if ((dot < 0 || name.charCodeAt(name.length - 1) < 58) && inside(name)) return "DIRECT";': "our own network",
    "allow-query { none; };": "a statement that closes",
    "allow-transfer { none; };": "the same",
    'return "DIRECT";': "after the loop that only a name of the file leaves",
}
"""Lines that allow something, in files that open nothing, with the reason."""
COMMENTS = ("//", "! ", "# ", '"Besides: ', '"First: ')
ALWAYS = re.compile(
    r"All 0 requirements are in it|pass-through-agent| permit (?:icmp6? .*|tcp any any established)$|\bdeny ipv?6? any any$",
    re.ASCII,
)
"""The head of files, a role, and what the lists of Cisco devices always have: packet-too-big, answers, the last entry."""

DISCOVERY = re.compile(r"protocol: icmpv6\n +icmp-type: .*\n +action: accept$", re.ASCII | re.MULTILINE)
"""The term of aerleon for neighbor discovery and packet-too-big, which is always there."""

every_target = pytest.mark.parametrize("name", targets)


def opened_networks(name: str, rendered: RenderResult) -> set[Network]:
    """The addresses that a target opens."""
    listed = {network for a in rendered.artifacts for network in tokens.networks(tokens.text(a.content))}
    if name not in TUNNEL:
        return listed
    return {
        network
        for family in (4, 6)
        for gap in gaps(tokens.ranges(listed, family), (1 << (32 if family == 4 else 128)) - 1)
        for network in tokens.spanned([gap], family)
    }


def gaps(ranges: Iterable[tuple[int, int]], last: int) -> Iterable[tuple[int, int]]:
    """The gaps between ranges, from 0 to the last value."""
    start = 0
    for low, high in ranges:
        if start < low:
            yield start, low - 1
        start = high + 1
    if start <= last:
        yield start, last


def host_names(rendered: RenderResult) -> set[str]:
    """The names in the files of a target."""
    its = Style(options=example_options(rendered.target))
    said = (without_commands(rendered.target, its, tokens.text(a.content)) for a in rendered.artifacts)
    return {name for text in said for name in tokens.names(text)} - {"losses.json"}  # named by headers


def packets(name: str, rendered: RenderResult) -> list[list[AllowRule]]:
    """What the device of a target allows, if there is a reader for it."""
    texts = {a.name: tokens.text(a.content) for a in rendered.artifacts}
    return let_pass(name, given(name, texts)) if name in STARS else []


# -- the laws ------------------------------------------------------------------------------------------------------


def ipv6_addresses(name: str, rendered: RenderResult) -> list[str]:
    """The IPv6 addresses that are opened."""
    return sorted(str(network) for network in opened_networks(name, rendered) if network.version == 6)


def additions(name: str, rendered: RenderResult, whole: RenderResult) -> list[str]:
    """What is opened that the whole does not open: addresses, names, packets."""
    known = host_names(whole)
    extra = [str(network) for network in tokens.beyond(opened_networks(name, rendered), opened_networks(name, whole))]
    extra += [each for each in host_names(rendered) if not known & {each, *covering(each, plain=name in BELOW)}]
    for mine, theirs in zip(packets(name, rendered), packets(name, whole), strict=True):
        extra += map(str, cuts(mine, mine, theirs))
    return sorted(extra)


def covering(name: str, *, plain: bool) -> Iterable[str]:
    """The patterns that include a name, as targets write them."""
    while "." in name:
        name = name.partition(".")[2]
        yield from (f"*.{name}", f".{name}", *([name] if plain else []))


@cache
def known_names() -> frozenset[str]:
    """The names in the plans of all cases, and suffixes such as `.sharepoint.com`."""
    plans = [plan(case) for case in CASES]
    hosts = {
        host.text for each in plans for flow in each.flows for end in (flow.source, flow.destination) for host in end.hosts
    }
    hosts |= {site.host.text for each in plans for site in each.sites}
    hosts |= {record.name for each in plans for record in each.records}
    return frozenset(hosts | {pattern for host in hosts for pattern in covering(host, plain=False)})


def openings(name: str, rendered: RenderResult) -> list[str]:
    """What is opened: addresses, wildcards, names, lines that allow, packets."""
    texts = [DISCOVERY.sub("", tokens.text(a.content)) for a in rendered.artifacts]
    lines = [line for text in texts for line in tokens.passing(text)]
    return [
        *({str(network) for network in opened_networks(name, rendered)} - set(NOT_OPENED)),
        *(each for each in host_names(rendered) if each in known_names() or "*" in each),
        *(line for line in lines if not (line in NOT_OPENING or line.startswith(COMMENTS) or ALWAYS.search(line))),
        *(str(allow) for allows in packets(name, rendered) for allow in allows),
    ]


@every_target
def test_with_ipv6_off_no_file_has_an_address_of_it(name: str) -> None:
    if rendered := made("ipv6-off", name):
        assert ipv6_addresses(name, rendered) == []


@every_target
def test_required_only_opens_nothing_more_than_the_whole(name: str) -> None:
    rendered, whole = made("required-only", name), made("required-only", name, without="required_only = true")
    if rendered and whole:
        assert additions(name, rendered, whole) == []


@every_target
def test_a_profile_that_selects_nothing_opens_nothing(name: str) -> None:
    rendered = made("nothing-selected", name)
    assert rendered
    assert openings(name, rendered) == []


# -- violations of the laws ------------------------------------------------------------------------------------------------


def test_ipv6_that_is_not_off_is_found_in_every_target_that_writes_it() -> None:
    def is_found(name: str) -> bool:
        rendered = made("ipv6-off", name, without="ipv6 = false")
        return rendered is not None and ipv6_addresses(name, rendered) != []

    able = {name: target.capabilities for name, target in targets.items()}
    assert [n for n, can in able.items() if can.addresses and 6 in can.families and not is_found(n)] == []


def test_what_another_profile_opens_is_found_in_every_target() -> None:
    """China has other addresses and names.

    Only the case of all scenarios has sites and records.
    """

    def is_found(name: str, case: str) -> bool:
        other, whole = made(case, name), made("required-only", name, without="required_only = true")
        return other is not None and whole is not None and additions(name, other, whole) != []

    assert [name for name in targets if not is_found(name, "china") and not is_found(name, "all-scenarios")] == []


def test_packets_to_another_port_are_found_where_addresses_are_the_same() -> None:
    def asa(port: int) -> RenderResult:
        text = f"""object-group network all-v4
 network-object host 13.107.6.152
object-group service web tcp
 port-object eq {port}
access-list P365-OUTBOUND extended permit tcp any4 object-group all-v4 object-group web
"""
        artifact = Artifact(name="perimeter365.cfg", content=text.encode(), entries=1)
        return RenderResult(target="cisco-asa", artifacts=(artifact,), losses=())

    assert additions("cisco-asa", asa(443), asa(443)) == []
    assert len(additions("cisco-asa", asa(80), asa(443))) == 1


def test_what_is_open_is_found_in_every_target() -> None:
    def is_found(name: str, case: str) -> bool:
        rendered = made(case, name)
        return rendered is not None and openings(name, rendered) != []

    assert [name for name in targets if not is_found(name, "small") and not is_found(name, "all-scenarios")] == []
    assert [name for name in STARS if not any(packets(name, rendered) if (rendered := made("small", name)) else ())] == []


HOLES = (
    "access-list P365-OUTBOUND extended permit ip any any",
    " permit tcp any any eq 443",
    "-A P365-FORWARD -j ACCEPT",
    "-A P365-FORWARD -p tcp -j ACCEPT",
    ":FORWARD ACCEPT [0:0]",
    "type filter hook forward priority filter; policy accept;",
    "\t\taccept",
    "\t\ttcp dport 443 counter accept",
    "ct state established,related,new accept",
    "http_access allow all",
    'if (word == "@" || word == "*") return "DIRECT";',
    '"office.com":"*"',
    '        "access": "Allow",',
    '        set dstaddr "all"',
    "        set action accept",
    "set security policies from-zone trust to-zone untrust policy p then permit",
    "set rulebase security rules p action allow",
    "/ip firewall filter add chain=m365 action=accept",
    "New-NetFirewallRule -Name 'p' -Direction Outbound -Action Allow",
    "  egress:\n    - {}",
    "    - toEntities:\n        - all",
    "    action: accept",
    "* CNAME rpz-passthru.",
    "*.com",
    ".sharepoint.com",
    "0.0.0.0/0",
    "::/0",
    "ip route 0.0.0.0/0 192.0.2.1",
    "route 52.96.0.0 255.252.0.0 net_gateway",
    "add m365-client-v4 13.107.6.152",
    "13.107.6.152-13.107.6.153",
)
"""Lines of many targets that open something unneeded."""


def test_a_line_that_opens_something_is_found() -> None:
    missed = []
    for hole in HOLES:
        artifact = Artifact(name="file", content=f"# a comment\n{hole}\n".encode(), entries=0)
        if not openings("text", RenderResult(target="text", artifacts=(artifact,), losses=())):
            missed.append(hole)
    assert missed == []


@pytest.mark.parametrize(
    ("line", "gap"),
    [
        ("0.0.0.0/1, ::/0", ["128.0.0.0/1"]),
        ("0.0.0.0/0, 8000::/1", ["::/1"]),
        ("0.0.0.0/0", ["::/0"]),
        (
            "0.0.0.0/5, 8.0.0.0/6, 12.0.0.0/8, 14.0.0.0/7, 16.0.0.0/4, 32.0.0.0/3, 64.0.0.0/2, 128.0.0.0/1, ::/0",
            ["13.0.0.0/8"],
        ),
    ],
)
def test_what_is_not_in_the_tunnel_is_opened(line: str, gap: list[str]) -> None:
    artifact = Artifact(name="allowed-ips.conf", content=f"AllowedIPs = {line}\n".encode(), entries=0)
    assert openings("wireguard", RenderResult(target="wireguard", artifacts=(artifact,), losses=())) == gap


ADDRESSES = {
    "permit tcp 10.0.0.0 255.0.0.0 host 192.0.2.1 eq 443": ["10.0.0.0/8", "192.0.2.1/32"],
    "permit ip 10.0.0.0 0.0.0.255 any": ["10.0.0.0/24"],
    "ip route 10.1.0.0/16 192.0.2.1 tag 365": ["10.1.0.0/16", "192.0.2.1/32"],
    "server=/aka.ms/192.0.2.53": ["192.0.2.53/32"],
    '"address": "10.0.0.0/31",': ["10.0.0.0/31"],
    "10.0.0.4-10.0.0.9, 2001:db8::-2001:db8::1": ["10.0.0.4/30", "10.0.0.8/31", "2001:db8::/127"],
    "<Address>2001:db8::</Address>\n  <PrefixSize>32</PrefixSize>": ["2001:db8::/32"],
    "[2001:db8::1]:443, fe80::1%eth0, (::ffff:192.0.2.1)": ["2001:db8::1/128", "::ffff:c000:201/128", "fe80::1/128"],
    "route 2001:DB8:C::/48 via 2001:db8::1; nat64 64:ff9b::": ["2001:db8::1/128", "2001:db8:c::/48", "64:ff9b::/128"],
    "the default ::/0, or :: alone; C:: alone": ["::/0", "::/128", "c::/128"],
    "from 10.0.0.1. To 2001:db8::1:": ["10.0.0.1/32", "2001:db8::1/128"],
    "00:1a:2b:3c:4d:5e 12:30:45 2026-08-02T12:30:45 12:30 dead:beef face::cafe::1 AWS::EC2::VPC C::name": [],
    "m365-10.0.0.0_8 m365-13.107.6.152-31 m365-2001-db8-c--_48 1.2.3 1.2.3.4.5 300.0.0.1": [],
    "of no such length: 10.0.0.0/33 2001:db8::/129": ["10.0.0.0/32", "2001:db8::/128"],
    "ws/worldwide/11 443,80-90 tcp:443 0:0 k8s:app https://learn.microsoft.com/a:b": [],
}
NAMES = {
    "*.outlook.com autodiscover.*.onmicrosoft.com *cdn.onenote.net .live.com AKA.MS.": {
        "*.outlook.com",
        "autodiscover.*.onmicrosoft.com",
        "*cdn.onenote.net",
        ".live.com",
        "aka.ms",
    },
    r"^aka\.ms$ https://a-b.contoso.com/x 10.0.0.1 user@contoso.com 1.2.3.4.5": {"aka.ms", "a-b.contoso.com"},
    '"office.com":"@ outlook *.x",': {"office.com", "outlook.office.com", "*.x.office.com"},
}


def test_addresses_are_distinguished_from_similar_text() -> None:
    read = {text: sorted(str(network) for network in tokens.networks(text)) for text in ADDRESSES}
    assert read == {text: sorted(wanted) for text, wanted in ADDRESSES.items()}


def test_names_are_distinguished_from_similar_text() -> None:
    assert {text: tokens.names(text) for text in NAMES} == NAMES


def test_only_the_unchanged_style_and_script_of_a_page_are_not_read() -> None:
    style, script = tokens.PAGE_PARTS
    assert "{" in style
    assert 'split("::")' in script
    page = f"<style>{style}</style><td>192.0.2.7</td><script>{script}</script>"
    assert openings("report", html(page)) == ["192.0.2.7/32"]
    assert "192.0.2.8/32" in openings("report", html(page.replace(script, f"{script}// 192.0.2.8")))
    changed = html(page.replace(script, script.replace("const", "let", 1)))
    assert "::/128" in openings("report", changed)


def html(page: str) -> RenderResult:
    artifact = Artifact(name="report.html", content=page.encode(), entries=0)
    return RenderResult(target="report", artifacts=(artifact,), losses=())


def test_what_cannot_be_read_is_an_error() -> None:
    with pytest.raises(UnicodeDecodeError):
        tokens.text(b"\x89PNG\r\n\x1a\n\x00\xff")
