"""Palo Alto Networks PAN-OS: external dynamic lists (EDL) that the firewall fetches by itself.

Makes lists of addresses (`…-ip.txt`) and of URLs (`…-url.txt`), with `domain=on` of domains (`…-domain.txt`), and
`index.txt`: a name for each list's object and, requirement by requirement, what a rule over it has to say of direction,
ends, ports and paths. Service areas share lists by category, every other scenario has its own, in each direction.

    ip       13.107.6.152/31 # ws/worldwide/1       a subnet is one entry; behind the space stands a comment
    url      outlook.office.com/                    that host, every path; the slash ends the name
             *.outlook.com/                         one or more labels in front; never outlook.com itself
             autodiscover.*.onmicrosoft.com/        one or more whole labels
             aka.ms/hybridwizard                    that path and what is below
    domain   outlook.office.com, *.outlook.com      a star only in front

What it says: outside ends by host, path and address. (Without the slash example.com would match example.com.evil.tld,
too; PAN-OS adds it by itself only from 10.2 on.) Ports, our side and our servers' paths belong to the rule. What it
cannot say: a star within a label (`*cdn.onenote.net`) is dropped, or opened as `*.onenote.net/` with --allow-widen.
Paths are seen only where TLS is decrypted. URL lists match HTTP and TLS, never UDP. Sources have no names.

Install: put the folder on a web server, add an object for each list you use (Objects > External Dynamic Lists), name it
in a rule: ip as source (inbound) or destination (outbound), url as URL category. Leave "Automatically expand to include
subdomains" off. Update: render again; the firewall fetches as often as its object says. It keeps its copy while the
server is down, but stops enforcing a list when authentication fails.

A firewall takes 30 lists and, in all of them, 50,000 addresses (PA-5000, PA-7000: 150,000), 50,000 URLs and 50,000
domains, and skips the rest, so more is refused here. `split` makes fewer lists (`all`: everything outbound is one) or
more (`scenario`, `requirement`); the index tells where one rule over a list allows more than each of its requirements.
Numbers: docs.paloaltonetworks.com/pan-os/7-1/pan-os-web-interface-help/objects/objects-external-dynamic-lists.html;
newer models show theirs as List Capacities.
"""

import re
from collections.abc import Iterator

from perimeter365.model.host import EXACT, INNER, SUFFIX
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.acl import unique_name
from perimeter365.targets._bases.list import SPLITS, Group, groups, index_lines
from perimeter365.targets.target import DROPPED, NARROWED, Artifact, Capabilities, Option, Target

OBJECT, ENTRY = 32, 255  # the longest name of an EDL object, the longest entry of a list
_SEPARATOR = re.compile(r"[./?&=;+]")
_SHORT = {"worldwide": "ww", "gcchigh": "gcch", "china": "cn", "germany": "de", "outbound": "out"}
_SHORT |= {"inbound": "in", "optimize": "opt", "allow": "alw", "default": "def", "other": "", "domain": "dns"}


class PaloaltoEdl(Target):
    """Lists for PAN-OS, and what the rules over them have to say."""

    name = "paloalto-edl"
    title = "PAN-OS external dynamic lists"
    kind = "feed"
    vendor_page = (
        "https://docs.paloaltonetworks.com/network-security/security-policy/administration/objects/"
        "external-dynamic-lists/formatting-guidelines-for-an-external-dynamic-list"
    )
    proof = "second opinion"
    proof_detail = "a reader of the vendor's rules matches the same hosts, paths and addresses as the plan"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX, INNER), directions=("outbound", "inbound"), paths=True)
    limits = {"lists": 30, "ip_entries": 50_000, "url_entries": 50_000, "domain_entries": 50_000}
    options = {
        "split": Option(default="category", choices=SPLITS, help="what shares a list, finest first"),
        "domain": Option(default="off", choices=("off", "on"), help="for Anti-Spyware profiles"),
    }

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """The lists that hold anything, and the index."""
        made = [(g, *each) for g in groups(plan, self.option("split")) for each in self._lists(g)]
        index: list[tuple[Group, str]] = []
        names: list[str] = []
        for group, kind, lines in made:
            yield self.text(f"{group.name}-{kind}.txt", lines, entries=len(lines))
            names.append(object_name(group, kind, names))
            index.append((group, f"{group.name}-{kind}.txt {names[-1]} {kind} {len(lines)}"))
        for flow in plan.flows:
            if flow.theirs is None:
                self.lose(flow, DROPPED, "all", "lists hold outside ends; this has none", "write a rule")
        self.hold("lists", len(made), "the plan", help=f"take another split ({' > '.join(SPLITS)})")
        for each in ("ip", "url", "domain"):
            self.hold(f"{each}_entries", sum(len(n) for _, kind, n in made if kind == each), "the plan")
        head = self.header(plan, "Each list: file, object, type, entries; then what a rule over it says.")
        yield self.text("index.txt", [*head, *index_lines(plan, index)], entries=len(made))

    def _lists(self, group: Group) -> Iterator[tuple[str, list[str]]]:
        """The lists of a group that hold anything: kind and lines."""
        addresses = [f"{prefix} # {' '.join(ids)}" for prefix, ids in group.reasons().items()]
        urls: set[str] = set()
        domains: set[str] = set()
        for flow in group.flows:
            self._see(flow)
            if flow.direction == "outbound":
                urls.update(self._urls(flow))
                domains.update(self._domains(flow) if self.option("domain") == "on" else ())
        for kind, lines in (("ip", addresses), ("url", sorted(urls)), ("domain", sorted(domains))):
            if lines:
                yield kind, lines

    def _see(self, flow: PlanFlow) -> None:
        """Note what is lost of the flow as a whole."""
        named = flow.theirs is not None and flow.theirs.hosts and flow.direction == "outbound"
        if flow.theirs and not flow.theirs.prefixes and not named:
            self.lose(flow, DROPPED, "all", "no address known; sources have no names", "ask the vendor")
        elif flow.theirs and not flow.theirs.prefixes and flow.udp:
            self.lose(flow, NARROWED, f"udp {flow.udp}", "URL lists hold HTTP and TLS", "use FQDN objects")
        for host in flow.theirs.unaddressed if flow.theirs and flow.theirs.prefixes else ():
            if not named:
                self.lose(flow, NARROWED, host.text, "no address known; sources have no names", "ask the vendor")
            elif flow.udp:
                subject = f"{host} udp {flow.udp}"
                self.lose(flow, NARROWED, subject, "it is in URL lists alone, which hold HTTP and TLS", "use FQDN objects")
        if flow.direction == "outbound" and flow.path and str(flow.tcp) != "80":
            reason = "paths are seen only where TLS is decrypted"
            self.lose(flow, NARROWED, ",".join(flow.path), reason, "decrypt it, or allow the whole host")

    def _urls(self, flow: PlanFlow) -> Iterator[str]:
        for host in flow.destination.hosts:
            for said in self.express(flow, host, "a star has to be a whole token"):
                for entry in [f"{said}{path}" for path in flow.path or ("/",)]:
                    if sayable(entry):
                        yield entry
                    else:
                        self.lose(flow, DROPPED, entry, f"not whole tokens, or more than {ENTRY} characters")

    def _domains(self, flow: PlanFlow) -> Iterator[str]:
        for host in flow.destination.hosts:
            for said in self.express(flow, host, "a star has to be a whole token"):
                if said.kind in (EXACT, SUFFIX):
                    yield said.text
                else:
                    reason = "a domain list takes a star only in front; the URL list has it"
                    self.lose(flow, NARROWED, said.text, reason)


def sayable(entry: str) -> bool:
    """Does PAN-OS take this entry of a URL list?"""
    return len(entry) <= ENTRY and all(part == "*" or "*" not in part for part in _SEPARATOR.split(entry))


def object_name(group: Group, kind: str, taken: list[str]) -> str:
    """A name for a list's object: `m365-ww-07-exchange-hybrid-in-ip`."""
    first = group.flows[0]
    row = f"{first.row:02}" if first.row and group.scenario == first.scenario else ""
    base = ["m365", _SHORT.get(group.cloud, group.cloud), row, group.scenario.removeprefix("m365")]
    tail = ["", *filter(None, (_SHORT.get(word, word) for word in (group.direction, group.category, kind)))]
    return unique_name("-".join(filter(None, base)), taken, OBJECT, "-".join(tail))
