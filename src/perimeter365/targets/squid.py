"""Squid: access rules for the outbound flows of clients behind the proxy.

What it makes: `m365.conf`, for each flow an ACL of sources, of destinations and of ports, and one `http_access
allow` that joins them; with `refuse=yes` a final `http_access deny all`.
Vendor page: https://www.squid-cache.org/Doc/config/acl/ (dstdomain, dstdom_regex, dst, port)
What it says: exact names by `dstdomain`; a wildcard by `dstdom_regex`, which leaves its apex out as the plan
does; the other stars by `dstdom_regex` too; flows without names by `dst`, which makes squid resolve what is
asked for. A wildcard whose apex the same flow needs anyway stands as `.name`. What it cannot say: UDP and
inbound or internal connections (a loss), and URL paths of TLS connections, whose host passes as a whole
(widened). Names are the client's word: with `CONNECT`, squid allows the tunnel by the name asked for, not by
what answers.
Install: `include /etc/squid/m365.conf` in squid.conf before your own `http_access` rules, check with `squid -k
parse`, then `squid -k reconfigure`.
Update: replace the file and reconfigure.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, GLUED, INNER, SUFFIX, HostPattern
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.acl import flow_name, port_words
from perimeter365.targets._bases.hosts import expression
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED, Artifact, Capabilities, Option, Target


class Squid(Target):
    """Access rules of squid."""

    name = "squid"
    title = "Squid access rules"
    kind = "proxy"
    vendor_page = "https://www.squid-cache.org/Doc/config/acl/"
    proof = "consumer"
    proof_detail = "squid parses it without a warning, admits real requests to listed hosts and refuses the others"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX, GLUED, INNER), ports=True, directions=("outbound",))
    options = MappingProxyType(
        {"refuse": Option(default="no", choices=("no", "yes"), help="yes: end with http_access deny all")}
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """One file."""
        lines = self.header(plan)
        rules = 0
        for flow in plan.flows:
            if self._served(flow):
                lines += ["", f"# {flow.id} {flow.cloud}", *self._rule(flow)]
                rules += 1
        if self.option("refuse") == "yes":
            lines += ["", "http_access deny all"]
        yield self.text("m365.conf", lines, entries=rules)

    def _served(self, flow: PlanFlow) -> bool:
        """Can a proxy serve this flow? Notes a loss when not, or when only in part."""
        end = flow.destination
        reason = ""
        if flow.direction != "outbound":
            reason = f"a forward proxy does not see {flow.direction} connections"
        elif not flow.tcp:
            reason = "a proxy carries TCP alone" if flow.udp else "no port is known"
        elif not flow.source.prefixes:
            reason = f"role {flow.source.role} has no address"
        elif not (end.hosts or end.prefixes):
            reason = (
                "it may go anywhere, which is no rule for a proxy" if end.anyone else "neither name nor address is known"
            )
        if reason:
            self.lose(flow, DROPPED, "all", reason, "allow it on the firewall")
            return False
        if flow.udp:
            self.lose(flow, NARROWED, f"udp {flow.udp}", "a proxy carries TCP alone", "allow it on the firewall")
        if flow.path:
            self.lose(flow, WIDENED, ",".join(flow.path), "a tunnel shows no path; the whole host passes", "decrypt it")
        return True

    def _rule(self, flow: PlanFlow) -> Iterator[str]:
        name = flow_name(flow)
        yield from (f"acl {name}-from src {p}" for p in flow.source.prefixes)
        hosts = {h.text for h in flow.destination.hosts}
        used = []
        # Squid's tree wants no name below one with a dot in front: those that such a one holds are not repeated.
        dotted = {h.apex for h in flow.destination.hosts if h.kind == SUFFIX and h.apex in hosts}
        for host in flow.destination.hosts:
            held = any(f".{host.apex}".endswith(f".{d}") for d in dotted if d != host.apex) or (
                host.kind == EXACT and host.apex in dotted
            )
            if host.kind == EXACT and not held:
                used.append(f"acl {name}-to dstdomain {host}")
            elif host.kind == SUFFIX and host.apex in dotted and not held:
                used.append(f"acl {name}-to dstdomain .{host.apex}")
        yield from used
        patterns = [
            f"acl {name}-like dstdom_regex -i -- {_expression(h)}"
            for h in flow.destination.hosts
            if h.kind in (GLUED, INNER) or (h.kind == SUFFIX and h.apex not in dotted)
        ]
        yield from patterns
        if not hosts:
            yield from (f"acl {name}-at dst {p}" for p in flow.destination.prefixes)
        yield from (f"acl {name}-ports port {word}" for word in port_words(flow.tcp))
        for kind, there in (("to", used), ("like", patterns), ("at", not hosts)):
            if there:
                yield f"http_access allow {name}-from {name}-ports {name}-{kind}"


def _expression(host: HostPattern) -> str:
    """The pattern as squid wants it: it warns of a star at the start, which an open start says as well."""
    return expression(host).removeprefix("^.*")
