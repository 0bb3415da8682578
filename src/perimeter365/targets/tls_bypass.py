"""TLS inspection: the names whose TLS must not be broken, in the syntax of your inspecting device.

What it makes: `bypass.txt`, one entry a line.
Vendor page: https://learn.microsoft.com/microsoft-365/enterprise/microsoft-365-network-connectivity-principles
(bypass of Optimize and Allow), and for each syntax the page of its vendor: plain (ours), squid, paloalto,
fortigate, zscaler.
What it says: the outbound hosts of flows for which the vendor rules inspection out: Optimize and Allow of the
web service, and rows such as push notifications and the application proxy connector. What it cannot say: hosts
are known by the name in the TLS handshake, so flows that are published by address alone are a loss; stars as
far as the syntax has them.
Install: squid: `acl p365_bypass ssl::server_name "/etc/squid/bypass.txt"`, `ssl_bump splice p365_bypass` before
any bump; PAN-OS: a custom URL category in a no-decrypt rule; FortiGate: wildcard FQDN objects under SSL
exemption; Zscaler: a custom category with "do not inspect".
Update: render again and reload. `-O tls-bypass.categories=all` lists every outbound host.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, GLUED, INNER, SUFFIX, HostPattern
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets.target import DROPPED, WIDENED, Artifact, Capabilities, Option, Target

_KINDS = {
    "plain": (EXACT, SUFFIX, GLUED, INNER),
    "squid": (EXACT, SUFFIX),
    "paloalto": (EXACT, SUFFIX, INNER),
    "fortigate": (EXACT, SUFFIX),
    "zscaler": (EXACT, SUFFIX),
}
"""Kinds of host patterns that each syntax has."""


class TlsBypass(Target):
    """Names that stay encrypted."""

    name = "tls-bypass"
    title = "TLS inspection bypass"
    kind = "proxy"
    vendor_page = "https://learn.microsoft.com/microsoft-365/enterprise/microsoft-365-network-connectivity-principles"
    proof = "consumer"
    proof_detail = (
        "squid loads the squid syntax as dstdomain, whose reading ssl::server_name shares (Debian's squid cannot intercept "
        "TLS); the other syntaxes are parsed back to the plan's names"
    )
    capabilities = Capabilities(hosts=(EXACT, SUFFIX, GLUED, INNER), directions=("outbound",))
    options = MappingProxyType(
        {
            "syntax": Option(default="plain", choices=tuple(_KINDS), help="whose syntax to write"),
            "categories": Option(default="needed", choices=("needed", "all"), help="what must not be inspected, or all"),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """One list."""
        found: dict[HostPattern, list[PlanFlow]] = {}
        for flow in plan.flows:
            if not (flow.tls_inspection == "off" or self.option("categories") == "all"):
                continue
            if flow.direction != "outbound":
                if flow.tls_inspection == "off":
                    reason = f"the list names what is called; this is {flow.direction}, to a server of ours"
                    self.lose(flow, DROPPED, "all", reason, "exempt the server by its address")
                continue
            if not flow.destination.hosts:
                self.lose(flow, DROPPED, "all", "it is published by address, without names", "bypass by address")
            for host in flow.destination.hosts:
                for said in self.express(flow, host, "the syntax has no such star", _KINDS[self.option("syntax")]):
                    found.setdefault(said, []).append(flow)
        entries = sorted({self._entry(host, flows, found) for host, flows in found.items()} - {""})
        header = self.header(plan) if self.option("syntax") in ("plain", "squid") else []
        yield self.text("bypass.txt", [*header, *entries], entries=len(entries))

    def _entry(self, host: HostPattern, flows: list[PlanFlow], found: dict[HostPattern, list[PlanFlow]]) -> str:
        syntax = self.option("syntax")
        if syntax in ("squid", "zscaler") and host.kind == SUFFIX:
            for flow in flows:
                self.lose(flow, WIDENED, host.text, f"{host.apex} itself is not inspected either", "")
            # squid's tree wants no name below another one that has a dot in front
            return "" if syntax == "squid" and _below(host.apex, found, host) else f".{host.apex}"
        if syntax == "squid" and _below(host.text, found, host):
            return ""
        return f"{host}/" if syntax == "paloalto" else host.text


def _below(name: str, found: dict[HostPattern, list[PlanFlow]], host: HostPattern) -> bool:
    """Does another wildcard of the list hold this name already, as squid reads it (apex included)?"""
    return any(p.kind == SUFFIX and p != host and f".{name}".endswith(f".{p.apex}") for p in found)
