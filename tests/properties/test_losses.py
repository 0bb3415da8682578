"""Nothing is lost silently: files contain each part of a requirement, or a loss.

Each requirement is rendered separately. The files are read without knowledge of the format, as tokens: addresses in every
notation, names, port numbers. (The tests of a target check the meaning of its format with the program of its proof.) The
capabilities of a target define the requirements that it supports: flows by direction, sites, records. The tests check

    outside end                 each prefix, or each name; one is sufficient if it describes the same service
    our end, ports, paths       if the device matches them
    every direction             rendered, or dropped as a whole

Conversely, the files contain no address that is not in the plan, no part of a flow that is dropped as a whole, and no rule
for any address except for a requirement without a source or destination.

(Over 400 lines, because the readers of all formats and the checks belong together.)
"""

import html
import io
import re
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perimeter365.model.cloud import CLOUDS
from perimeter365.model.host import EXACT, SUFFIX, HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty, PlanRecord, PlanSite
from perimeter365.targets import RenderResult, Style, render, targets
from perimeter365.targets._bases.hosts import expression
from perimeter365.targets.target import DROPPED, LossDetail
from tests.targets import tokens
from tests.targets.netfilter import by_hand, flow, plan_of
from tests.targets.values import example_options

WIDEST: Mapping[str, dict[str, str]] = {
    **{name: {"categories": "all"} for name in ("azure-udr", "bird", "frr", "linux-routes", "openvpn", "windows-vpnv2")},
    "wireguard": {"categories": "all"},
    "anyconnect": {"categories": "all", "names": "on"},
    "globalprotect": {"categories": "all", "names": "on"},
    "pac": {"mode": "all"},
    "paloalto-edl": {"domain": "on", "split": "requirement"},
    "paloalto-set": {"names": "category"},
    "tls-bypass": {"categories": "all", "syntax": "squid"},
    "cilium-networkpolicy": {"version": "1.18", "levels": "1"},
    "windows-firewall": {"local": "any"},
}
"""Options of a second render, for targets whose defaults omit requirements or use another form."""
VARIANTS: list[tuple[str, dict[str, str]]] = [(name, example_options(name)) for name in targets] + [
    (n, {**example_options(n), **o}) for n, o in WIDEST.items() if n in targets
]
each_target = pytest.mark.parametrize(
    ("name", "options"), VARIANTS, ids=[f"{n}{'-widest' if o else ''}" for n, o in VARIANTS]
)
EXAMPLES = PrefixSet.parse(["192.0.2.1", "192.0.2.53", "198.51.100.7", "2001:db8::1", "1.0.0.0"])
"""Examples of options (next hops, resolvers, a VPN server), and a version that looks like an address (ARM templates)."""
BOTH_ENDS = ("firewall", "cloud")
"""Kinds of targets that are packet filters if they support ports."""

DOMAINS = ("anyconnect", "bind-rpz", "cisco-si-feed", "dnsmasq", "squid", "tls-bypass", "trusted-sites-reg", "unbound")
"""Targets whose entries are domains with all subdomains, so that no entry is below another."""

_OCTETS = r"(?:\d{1,3}\.){3}\d{1,3}"
_FOUR = re.compile(rf"(?<![\w.]){_OCTETS}(?:/\d{{1,2}}(?!\d)|[ ]{_OCTETS})?(?![\w.]*\w)")
_SIX = re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:/\d{1,3})?(?![\w:])")
_NAME = re.compile(r"[a-z0-9_*][a-z0-9_*-]*(?:\.[a-z0-9_*-]+)*\.[a-z][a-z0-9-]+")


# -- content of files ---------------------------------------------------------------------------------------------


def texts(made: RenderResult) -> Iterator[str]:
    """Yield all text in the artifacts."""
    for artifact in made.artifacts:
        content = artifact.content
        if artifact.name.endswith(".tgz"):
            with tarfile.open(fileobj=io.BytesIO(content)) as bundle:
                yield from (opened.read().decode() for m in bundle.getmembers() if (opened := bundle.extractfile(m)))
        elif artifact.name.endswith(".parquet"):
            import pyarrow.parquet as pq

            yield str(pq.read_table(io.BytesIO(content)).to_pylist())
        elif artifact.name.endswith(".mmdb"):
            import maxminddb

            with tempfile.NamedTemporaryFile() as file:
                Path(file.name).write_bytes(content)
                with maxminddb.open_database(file.name) as reader:
                    yield "\n".join(f"{network} {record}" for network, record in reader)
        elif content.startswith(b"\xff\xfe"):
            yield content.decode("utf-16")
        elif content.startswith(b"PReg"):
            yield content[8:].decode("utf-16-le").replace("\0", " ")
        else:
            text = tokens.values(content.decode("utf-8-sig"))
            yield html.unescape(text) if artifact.name.endswith((".html", ".xml")) else text


def without_comments(text: str) -> str:
    """Remove lines that are comments in any of the formats."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(("#", "!", "//", ";", "<!--", '"//"'))]
    return "\n".join(lines)


def addresses(text: str) -> PrefixSet:
    """Return the addresses in a text, in any notation."""
    found = []
    text = tokens.SIZED.sub(r"\1/\2", text)
    for word in _FOUR.findall(text):
        address, _, mask = word.partition(" ")
        try:
            if mask:
                bits = sum(int(octet).bit_count() for octet in mask.split("."))
                found.append(Prefix.parse(f"{address}/{bits}"))
            elif not word.startswith("255."):
                found.append(Prefix.parse(word))
        except ValueError:
            continue
    for word in _SIX.findall(text):
        try:
            found.append(Prefix.parse(word))
        except ValueError:
            continue
    return PrefixSet.of(found)


class FileContent:
    """The content of the files of one render."""

    def __init__(self, made: RenderResult) -> None:
        self.text = "\n".join(texts(made))
        self.plain = self.text.replace("\\\\.", ".").replace("\\.", ".")
        self.domains = made.target in DOMAINS
        self.complement = made.target == "wireguard"

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(re.findall(r"(?<![\w.])\d{1,5}(?![\w.]*\.\d|\w)", self.text.replace("_", " ")))

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(_NAME.findall(self.plain))

    @cached_property
    def addresses(self) -> PrefixSet:
        found = addresses(self.text)
        return found.complement() if self.complement else found

    def host(self, host: HostPattern) -> bool:
        """Return True if the files contain a name, with any star, or its domain."""
        if host.kind in (EXACT, SUFFIX):
            domain = host.apex
            if re.search(rf"(?<![a-z0-9-]){re.escape(domain)}(?![a-z0-9.-]*[a-z0-9])", self.plain):
                return True
            labels = domain.split(".")
            above = (".".join(labels[n:]) for n in range(1, len(labels) - 1))
            return self.domains and any({name, f"*.{name}"} & self.names for name in above)
        if self.domains and f"*.{host.domain}" in self.names:
            return True
        return host.text in self.plain or expression(host).lstrip("^").removeprefix(".*") in self.text.replace("\\\\", "\\")

    def ports(self, ports: PortSet) -> bool:
        """Return True if the numbers of all port ranges are in the files."""
        return all({str(first), str(last)} <= self.numbers for first, last in ports)


# -- parts of a requirement ---------------------------------------------------------------------------------------


def missing_parts(name: str, which: Plan, made: RenderResult, content: FileContent) -> list[str]:
    """Return the parts of a one-flow plan that are in neither the files nor a loss."""
    (one,) = which.flows
    can, losses = targets[name].capabilities, made.details
    if not made.report.includes(one):
        there = content.addresses & (one.theirs.prefixes if one.theirs else PrefixSet())
        told = [] if sum(made.outside.values()) == 1 else ["not for the target, and not counted"]
        return told + ([f"outside of the scope, but {there} is in the files"] if there else [])
    whole = [loss for loss in losses if loss.kind == DROPPED and loss.subject == "all"]
    end = one.theirs
    outside = end.prefixes if end else PrefixSet()
    if whole:
        there = content.addresses & outside
        return [f"dropped as a whole, but {there} is in the files"] if there else []
    if end is not None and end.anyone:
        return [] if one.id in content.text else ["one end is any address, and the id is not in the files"]
    both = can.ports and targets[name].kind in BOTH_ENDS
    found = list(_ports(can.ports, one, content, losses))
    if end is not None:
        found += _outside(end, one, content, losses, both)
    if both:
        found += _our_end(name, one, content, losses)
        if one.path and not can.paths and not _lost(losses, ",".join(one.path)):
            found.append(f"path {one.path}")
    return found


def _outside(
    end: PlanParty, one: PlanFlow, content: FileContent, losses: Iterable[LossDetail], one_family: bool
) -> list[str]:
    """Return the missing names and addresses of the outside end.

    `one_family`: a rule needs both ends in one IP version.
    """
    by_address = []
    for family in (4, 6):
        wanted = end.prefixes.family(family)
        missing = wanted - content.addresses
        meets = not one_family or one.ours.prefixes.family(family)
        if missing and meets and not _lost(losses, f"ipv{family}"):
            by_address.append(f"{missing} of {end.role}")
    names = [host.text for host in end.hosts if not (content.host(host) or _lost(losses, host.text))]
    by_address += [f"{name}, which has no address" for name in names if name in {h.text for h in end.unaddressed}]
    if end.hosts and not names:
        return []
    return by_address


def _our_end(name: str, one: PlanFlow, content: FileContent, losses: Iterable[LossDetail]) -> Iterator[str]:
    ends = (one.source, one.destination) if one.direction == "internal" else (one.ours,)
    for end in ends:
        if end.role in content.text and (targets[name].kind == "cloud" and "networkpolicy" in name):
            continue  # pods are selected by label
        for family in (4, 6):
            opposite = one.destination if end is one.source else one.source
            named = one.direction == "outbound" and any(map(content.host, opposite.unaddressed))
            shared = opposite.anyone or opposite.prefixes.family(family) or named
            missing = end.prefixes.family(family) - content.addresses
            if missing and shared and not _lost(losses, f"ipv{family}") and not _lost(losses, f"addresses of {end.role}"):
                yield f"{missing} of {end.role}"


def _ports(matches: bool, one: PlanFlow, content: FileContent, losses: Iterable[LossDetail]) -> Iterator[str]:
    for protocol, ports in (("tcp", one.tcp), ("udp", one.udp)):
        words = f"{protocol} {ports}"
        named = [found[1] for loss in losses if (found := re.fullmatch(rf"{protocol} ([0-9,-]+)", loss.subject))]
        if (
            matches
            and not content.ports(ports - PortSet.parse(",".join(named)))
            and not any(words in f"{loss.subject} {loss.message}" for loss in losses)
        ):
            yield words


def _lost(losses: Iterable[LossDetail], subject: str) -> bool:
    """Return True if a loss names the value."""
    return any(subject in (loss.subject, *loss.subject.split(",")) or f" {subject}" in f" {loss.subject}" for loss in losses)


# -- flows ---------------------------------------------------------------------------------------------------------


@cache
def everything() -> Plan:
    """Plan all clouds, scenarios and areas, with several addresses for each role."""
    return plan_of(*CLOUDS)


def shape(one: PlanFlow) -> object:
    """Return the properties of a flow that targets distinguish."""
    end = one.theirs or one.destination
    kinds = tuple(sorted({h.kind for h in end.hosts})), tuple(sorted({h.kind for h in end.unaddressed}))
    has = (bool(end.prefixes.v4), bool(end.prefixes.v6), end.anyone, bool(one.tcp), bool(one.udp), bool(one.path))
    return one.direction, kinds, has, one.category, one.tls_inspection, one.source.role in ("client", "mobile-device")


@cache
def single_flow_plans(every: bool = False) -> tuple[Plan, ...]:
    """Return plans with one flow each: every flow, or one of each shape."""
    which = everything()
    chosen = list(which.flows) if every else list({shape(f): f for f in which.flows}.values())
    return tuple(replace(which, flows=(f,), sites=(), records=(), warnings=()) for f in chosen)


def check(name: str, options: Mapping[str, str], which: Plan) -> tuple[RenderResult, FileContent]:
    """Render a plan with one flow, and check its content and losses."""
    made = render(which, name, Style(options=options))
    content = FileContent(made)
    (one,) = which.flows
    assert not missing_parts(name, which, made, content), f"{one.id} {one.cloud}"
    if not (one.source.anyone or one.destination.anyone):
        allowed = one.source.prefixes | one.destination.prefixes | EXAMPLES
        assert not content.addresses - allowed, f"{one.id}: not in the plan"
    return made, content


@each_target
def test_each_kind_of_flow_is_rendered_or_lost_alone_and_with_others(name: str, options: dict[str, str]) -> None:
    """Shared groups, sets and lists contain each flow, and no loss hides another."""
    assert len(single_flow_plans()) > 40
    several = replace(everything(), flows=tuple(f for p in single_flow_plans() for f in p.flows), sites=(), records=())
    together = render(several, name, Style(options=options, limits=dict.fromkeys(targets[name].limits, 10**9)))
    combined = FileContent(together)
    for which in single_flow_plans():
        (one,) = which.flows
        made, content = check(name, options, which)
        # For WireGuard, `addresses` is the complement of the line, for all flows together
        assert not content.addresses - combined.addresses, one.id
        hidden = [h.text for h in (one.theirs.hosts if one.theirs else ()) if content.host(h) and not combined.host(h)]
        assert not hidden, one.id
        assert not about(made) - about(together), one.id


def about(made: RenderResult) -> set[tuple[str, str, str, str]]:
    """Return the subjects of losses.

    The set of a resolver is for the widest domain, which other flows may have. Only a flow that is alone can leave a target
    without any entry.
    """
    details = [loss for loss in made.details if loss.code != "nothing-selected"]
    return {(loss.id, loss.cloud, loss.kind, re.sub("^set of .*", "set", loss.subject)) for loss in details}


@pytest.mark.torture
@each_target
def test_each_flow_is_rendered_or_lost(name: str, options: dict[str, str]) -> None:
    for which in single_flow_plans(every=True):
        check(name, options, which)


HOSTS = ("aka.ms", "*.sharepoint.com", "*cdn.onenote.net", "autodiscover.*.onmicrosoft.com", "contoso.sharepoint.com")
some_hosts = st.lists(st.sampled_from(HOSTS), max_size=3, unique=True).map(lambda n: tuple(map(HostPattern, sorted(n))))
some_prefixes = st.lists(
    st.sampled_from(["52.96.0.0/14", "40.96.0.1", "131.253.33.214/31", "2603:1006::/40", "2620:1ec:4::152"]), max_size=3
).map(PrefixSet.parse)
own_prefixes = st.lists(st.sampled_from(["10.9.0.0/16", "203.0.113.7", "2001:db8:c::/48"]), max_size=3).map(PrefixSet.parse)
some_ports = st.sampled_from(["", "443", "80,443", "3478-3481", "25,143,50000-59999"])


@st.composite
def outsiders(draw: st.DrawFn) -> PlanParty:
    """Generate an outside end: any address, or names and addresses."""
    if draw(st.integers(0, 9)) == 0:
        return PlanParty(role="internet")
    hosts, prefixes = draw(some_hosts), draw(some_prefixes)
    bare = tuple(h for h in hosts if not prefixes or draw(st.booleans()))
    return PlanParty(role="exchange-online", hosts=hosts, prefixes=prefixes, unaddressed=bare)


@st.composite
def flows(draw: st.DrawFn) -> PlanFlow:
    """Generate a flow of any form."""
    own = PlanParty(role=draw(st.sampled_from(["client", "mrs-proxy"])), prefixes=draw(own_prefixes))
    direction = draw(st.sampled_from(["outbound", "outbound", "inbound", "internal"]))
    if direction == "internal":
        other = PlanParty(role="domain-controller", prefixes=PrefixSet.parse(["10.20.0.0/30", "2001:db8:d::/64"]))
    else:
        other = draw(outsiders())
    ends = (other, own) if direction == "inbound" else (own, other)
    made = flow("row/6/any-form", *ends, tcp=draw(some_ports), udp=draw(some_ports))
    return replace(
        made,
        path=draw(st.sampled_from([(), (), ("/EWS/mrsproxy.svc",)])) if direction != "internal" else (),
        category=draw(st.sampled_from(["optimize", "allow", "default", None])),
        tls_inspection=draw(st.sampled_from(["off", "unset"])),
    )


@each_target
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(one=flows())
def test_a_flow_of_any_form_is_rendered_or_lost(name: str, options: dict[str, str], one: PlanFlow) -> None:
    check(name, options, by_hand(one))


@pytest.mark.torture
@each_target
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(one=flows())
def test_any_more_flows_are_rendered_or_lost(name: str, options: dict[str, str], one: PlanFlow) -> None:
    check(name, options, by_hand(one))


# -- any address ---------------------------------------------------------------------------------------------------

OPEN: Mapping[str, str] = {
    "aerleon": r"^  - name: .*\n    comment: .*\n(?!    source-address: .*\n    destination-address: )",
    "azure-firewall": r'(?:source|destination)_addresses": \[\s*"\*"',
    "azure-nsg": r'"(?:source|destination)_address_prefix": "\*"',
    "cilium-networkpolicy": r"Entities:",
    "cisco-asa": r"permit (?!icmp)\w+ .*\bany[46]",
    "cisco-ios": r"permit (?!icmp|tcp any any established).*\bany\b",
    "fortigate": r'set (?:src|dst)addr6? "all"',
    "ipset": r"^-A P365-FORWARD -p (?:tcp|udp) (?!.* src .* dst )",
    "iptables": r"^-A P365-FORWARD (?!.*(?:-s |-j P365-S-)).*-p (?:tcp|udp) ",
    "juniper-srx": r"address any-ipv",
    "kubernetes-networkpolicy": r"^ +- ports:",
    "mikrotik": r"filter add chain=(?!forward )(?!.*src-address-list=.*dst-address-list=)",
    "nftables": r"^\t\t(?!.*saddr.*daddr).* dport .*accept",
    "paloalto-set": r"(?:source|destination) any$",
    "windows-firewall": r"New-NetFirewallRule (?!.*-LocalAddress .*-RemoteAddress )",
}
"""Target -> pattern of a rule in which one end is any address."""
INSIDE = PlanParty(role="exchange-server", prefixes=PrefixSet.parse(["203.0.113.7", "203.0.113.16/30", "2001:db8:c::/48"]))
SENDERS = PlanParty(role="exchange-online", prefixes=PrefixSet.parse(["52.96.0.0/14", "40.96.0.1", "2603:1006::/40"]))
"""Two or more addresses each, so that chains, groups and lists are rendered."""


def lost(name: str, which: Plan) -> tuple[LossDetail, ...]:
    return render(which, name, Style(options=example_options(name))).details


def opened(name: str, which: Plan) -> list[str]:
    made = render(which, name, Style(options=example_options(name)))
    return re.findall(OPEN[name], without_comments("\n".join(texts(made))), re.MULTILINE)


@pytest.mark.parametrize("name", OPEN)
def test_a_rule_has_any_address_only_for_a_requirement_without_that_end(name: str) -> None:
    out = flow("row/6/out", INSIDE, SENDERS, tcp="25,443", udp="443")
    closed = by_hand(flow("row/6/in", SENDERS, INSIDE, tcp="443"), out)
    assert opened(name, by_hand(flow("row/6/in", PlanParty(role="internet"), INSIDE, tcp="443")))
    assert not opened(name, closed)


@pytest.mark.parametrize("name", OPEN)
def test_an_end_without_addresses_is_never_any_address(name: str) -> None:
    """Ends without addresses, with names only, or with different IP versions."""
    unset, named = PlanParty(role="sbc"), HostPattern("*.um.outlook.com")
    six = PlanParty(role="sbc", prefixes=PrefixSet.parse(["2001:db8:c::/48"]))
    four = PlanParty(role="teams", prefixes=PrefixSet.parse(["52.112.0.0/14"]))
    ends = [
        (PlanParty(role="teams"), INSIDE),
        (PlanParty(role="teams", hosts=(named,), unaddressed=(named,)), INSIDE),
        (SENDERS, unset),
        (unset, SENDERS),
        (INSIDE, PlanParty(role="teams")),
        (four, six),
        (six, four),
    ]
    for number, (source, destination) in enumerate(ends):
        which = by_hand(flow(f"row/6/{number}", source, destination, tcp="443", udp="3478"))
        assert not opened(name, which), number
        if "networkpolicy" not in name:  # pods are selected by label
            made = render(which, name, Style(options=example_options(name)))
            lost = any(loss.kind == DROPPED and loss.subject == "all" for loss in made.details)
            assert lost or not made.report.includes(which.flows[0]), number


# -- sites and records ---------------------------------------------------------------------------------------------


def of_sites(*sites: PlanSite) -> Plan:
    return replace(everything(), flows=(), sites=sites, records=(), warnings=())


@each_target
def test_each_site_is_rendered_or_lost(name: str, options: dict[str, str]) -> None:
    if not targets[name].capabilities.sites:
        return
    for site in everything().sites:
        kinds = [replace(site, zone=zone, cookies=cookies) for zone in ("trusted", "intranet") for cookies in (False, True)]
        made = {(s.zone, s.cookies): render(of_sites(s), name, Style(options=options)) for s in kinds}
        for one, rendered in made.items():
            lost = [loss.subject for loss in rendered.details]
            assert FileContent(rendered).host(site.host) or site.host.text in lost, (site.id, one)
            others = [other for key, other in made.items() if key != one]
            assert all((rendered.artifacts, rendered.details) != (o.artifacts, o.details) for o in others), (site.id, one)


@each_target
def test_each_record_is_rendered_or_lost(name: str, options: dict[str, str]) -> None:
    if not targets[name].capabilities.records:
        return
    zones = {r.zone: r for r in everything().records if r.zone}
    for record in everything().records:
        which = replace(of_sites(), records=(record, *(r for z, r in zones.items() if z and r != record)))
        made = render(which, name, Style(options=options))
        lost = any(loss.id == record.id and loss.subject == f"{record.name} {record.type}" for loss in made.details)
        assert lost or not made.report.includes(record) or _value(record) in FileContent(made).text, record


def _value(record: PlanRecord) -> str:
    """Return the part of the value of a record that is the same in every format."""
    return record.value.split()[-1].removesuffix(".")
