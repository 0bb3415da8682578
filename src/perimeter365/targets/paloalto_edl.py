"""Palo Alto Networks PAN-OS: external dynamic lists (EDL).

Output: lists of addresses (`…-ip.txt`) and URLs (`…-url.txt`), with `domain=on` also of domains (`…-domain.txt`), and
`index.txt`: the name of each list's object and, for each requirement, the direction, ends, ports and paths of the rule for
it. Service areas share lists by category; every other scenario has its own lists, for each direction.

    ip       13.107.6.152/31 # ws/worldwide/1       a subnet is one entry; a comment follows after the space
    url      outlook.office.com/                    this host, all paths; the slash ends the name
             *.outlook.com/                         one or more labels before it; never outlook.com itself
             autodiscover.*.onmicrosoft.com/        one or more whole labels
             aka.ms/hybridwizard                    this path, and everything below it
    domain   outlook.office.com, *.outlook.com      a wildcard only at the start

Supported: external ends by host, path (option `paths`) and address. Without its slash, example.com would also match
example.com.evil.tld; PAN-OS adds it from 10.2 on. Ports, the organization's end and its servers' paths belong to the rule.
Not supported: a wildcard within a label (`*cdn.onenote.net`), which is dropped, or widened to `*.onenote.net/` with
--allow-widen. Paths are only seen where TLS is decrypted. URL lists match HTTP and TLS, never UDP, nor SMTP, IMAP and POP.
Sources cannot be names. The firewall fetches at the interval of the object. It keeps its copy while it cannot fetch a list,
so a list that the plan no longer needs is closed first (option `gone`). It stops enforcing a list if authentication fails.
A firewall supports 30 lists with, in total, 50,000 addresses (PA-5000, PA-7000: 150,000), 50,000 URLs and 50,000 domains,
and ignores the rest, so more are rejected here. `split` gives fewer lists (`all`: one group for everything outbound of all
scenarios) or more (`ports`, `requirement`); the index marks lists where one rule allows more than each requirement.
Vendor page: docs.paloaltonetworks.com/pan-os/7-1/pan-os-web-interface-help/objects/objects-external-dynamic-lists.html;
newer models show their numbers as List Capacities.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from perimeter365.model.cloud import CLOUDS
from perimeter365.model.host import EXACT, INNER, SUFFIX
from perimeter365.model.ports import PortSet
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.acl import unique_name
from perimeter365.targets._bases.feed import (
    FEED_OPTIONS,
    FETCHED,
    PATHS,
    PUBLISH,
    SPLIT,
    WITHDRAW,
    Content,
    FeedTarget,
    closed_lines,
)
from perimeter365.targets._bases.list import Group, coarser_splits, groups, index_lines
from perimeter365.targets._bases.ports import report_mixed_ports
from perimeter365.targets.life import Manual
from perimeter365.targets.target import DROPPED, NARROWED, Artifact, Capabilities, Option

OBJECT, ENTRY = 32, 255  # maximum length of the name of an EDL object, and of an entry
_SEPARATOR = re.compile(r"[./?&=;+]")
_SHORT = {cloud.value: cloud.abbreviation for cloud in CLOUDS} | {"outbound": "out"}
_SHORT |= {"inbound": "in", "optimize": "opt", "allow": "alw", "default": "def", "other": "", "domain": "dns"}

_HTTP = "URL lists match HTTP and TLS only"
_WEB = PortSet([(80, 80), (443, 443)])
_CONTENT: dict[str, Content] = {"ip": "addresses", "url": "urls", "domain": "names"}


class PaloaltoEdl(FeedTarget):
    """External dynamic lists of PAN-OS."""

    name = "paloalto-edl"
    title = "PAN-OS external dynamic lists"
    vendor_page = (
        "https://docs.paloaltonetworks.com/network-security/security-policy/administration/objects/"
        "external-dynamic-lists/formatting-guidelines-for-an-external-dynamic-list"
    )
    comments = "utf-8"  # only index.txt has comments
    proof = "second opinion"
    proof_detail = "read back with the vendor's matching rules, the hosts, paths and addresses are those of the plan"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX, INNER), directions=("outbound", "inbound"), paths=True)
    own_names = True
    limits = {"lists": 30, "ip_entries": 50_000, "url_entries": 50_000, "domain_entries": 50_000}
    options = {
        "split": replace(SPLIT, default="category"),
        "paths": PATHS,
        **FEED_OPTIONS,
        "domain": Option(default="off", choices=("off", "on"), help="on: also domain lists, for Anti-Spyware profiles"),
    }
    manual = Manual(
        where="the web server that the firewalls read, in the folder of the files",
        install=(
            *PUBLISH,
            "# on the firewall, for each list that you use: Objects > External Dynamic Lists > Add, name and type of",
            '# index.txt, without "Automatically expand to include subdomains"; ip is source (inbound) or destination',
            "# (outbound) of a rule, url its URL category; commit",
        ),
        update=PUBLISH,
        remove=("# on the firewall: remove the rules, then the objects, and commit", WITHDRAW),
    )
    tried = FETCHED

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the lists that are not empty, and the index."""
        made = [(g, *each) for g in groups(plan, self.option("split")) for each in self._lists(g)]
        index: list[tuple[Group, str]] = []
        names: list[str] = []
        for group, kind, lines in made:
            yield from self.list_of(f"{group.name}-{kind}.txt", _CONTENT[kind], lines)
            self.announce(group, [f"{group.name}-{kind}.txt"])
            names.append(object_name(group, kind, names, self.own_name("m365")))
            index.append((group, f"{group.name}-{kind}.txt {names[-1]} {kind} {len(lines)}"))
        yield from (closed := list(self.closed(plan)))
        fewer = self.fewer(closed, coarser_splits(self.option("split")))
        self.check_limit("lists", len(made) + len(closed), "the plan", help=fewer)
        for each in ("ip", "url", "domain"):
            self.check_limit(f"{each}_entries", sum(len(n) for _, kind, n in made if kind == each), "the plan")
        head = self.header(plan, "Each list: file, object, type, entries; then what a rule over it says.", load=None)
        lines = [*head, *index_lines(plan, index), *closed_lines(each.name for each in closed)]
        yield self.text("index.txt", lines, entries=len(made))

    def _lists(self, group: Group) -> Iterator[tuple[str, list[str]]]:
        """Yield kind and lines of the lists of a group that are not empty."""
        addresses = [f"{prefix} # {' '.join(ids)}" for prefix, ids in group.requirements_by_prefix().items()]
        urls: set[str] = set()
        domains: set[str] = set()
        for flow in group.flows:
            self._report_flow(flow)
            if flow.direction == "outbound":
                urls.update(self._urls(flow))
                domains.update(self._domains(flow) if self.option("domain") == "on" else ())
        report_mixed_ports(self, group.name, [f for f in group.flows if f.theirs and f.theirs.prefixes])
        report_mixed_ports(self, group.name, [f for f in group.flows if f.direction == "outbound" and f.destination.hosts])
        for kind, lines in (("ip", addresses), ("url", sorted(urls)), ("domain", sorted(domains))):
            if lines:
                yield kind, lines

    def _report_flow(self, flow: PlanFlow) -> None:
        """Report the losses of a flow as a whole."""
        named = flow.theirs is not None and flow.theirs.hosts and flow.direction == "outbound"
        if flow.theirs and not flow.theirs.prefixes and not named:
            self.report_loss(flow, DROPPED, "unaddressed-sources" if flow.theirs.hosts else "unknown-end")
        elif flow.theirs and not flow.theirs.prefixes and flow.udp:
            self.report_loss(flow, NARROWED, "tcp-only", _HTTP, "use FQDN objects", protocol="udp")
        bare = flow.theirs.unaddressed if flow.theirs else ()
        if named and bare and flow.tcp and not flow.tcp & _WEB:
            for host in bare:
                self.report_loss(flow, NARROWED, "tcp-only", _HTTP, "use FQDN objects", host=host, protocol="tcp")
        for host in bare if flow.theirs and flow.theirs.prefixes else ():
            if not named:
                self.report_loss(flow, NARROWED, "unaddressed-sources", host=host)
            elif flow.udp:
                self.report_loss(flow, NARROWED, "tcp-only", _HTTP, "use FQDN objects", host=host, protocol="udp")

    def _urls(self, flow: PlanFlow) -> Iterator[str]:
        paths = self.paths(flow) or ("/",)
        for host in flow.destination.hosts:
            for pattern in self.express(flow, host, "a wildcard must be a whole label"):
                for entry in [f"{pattern}{path}" for path in paths]:
                    if is_valid_entry(entry):
                        yield entry
                    else:
                        reason = f"the entry has a wildcard in a token, or more than {ENTRY} characters"
                        self.report_loss(flow, DROPPED, "wildcard-form", reason, subject=entry, host=host)

    def _domains(self, flow: PlanFlow) -> Iterator[str]:
        for host in flow.destination.hosts:
            for pattern in self.express(flow, host, "a wildcard must be a whole label"):
                if pattern.kind in (EXACT, SUFFIX):
                    yield pattern.text
                else:
                    reason = "a domain list supports a wildcard only at the start; the URL list has this name"
                    self.report_loss(flow, NARROWED, "wildcard-form", reason, "", subject=f"{pattern} in a domain list")


def is_valid_entry(entry: str) -> bool:
    """Return whether PAN-OS supports an entry of a URL list."""
    return len(entry) <= ENTRY and all(part == "*" or "*" not in part for part in _SEPARATOR.split(entry))


def object_name(group: Group, kind: str, taken: list[str], start: str = "m365") -> str:
    """Return a name for a list's object: `m365-ww-07-exchange-hybrid-in-ip`."""
    first = group.flows[0]
    row = f"{first.row:02}" if first.row and group.scenario == first.scenario else ""
    base = [start, _SHORT.get(group.cloud, group.cloud), row, group.scenario.removeprefix("m365")]
    tail = ["", *filter(None, (_SHORT.get(word, word) for word in (group.direction, group.category, kind)))]
    return unique_name("-".join(filter(None, base)), taken, OBJECT, "-".join(tail))
