"""Squid: access rules for the outbound flows of clients that use the proxy.

Output: `m365.conf`: for each flow ACLs of sources, destinations and ports, and an `http_access allow` that combines them;
with `refuse=yes` a final `http_access deny all`.
Vendor page: https://www.squid-cache.org/Doc/config/acl/ (dstdomain, dstdom_regex, dst, port)
Supported: exact names with `dstdomain`; wildcards with `dstdom_regex`, which excludes the apex, as in the plan; flows
without names with `dst`, for which squid resolves the requested name. A wildcard is written as `.name` if the same flow also
needs its apex.
Not supported: inbound or internal connections; UDP (a loss); URL paths of TLS connections, where the whole host is allowed
(widened). Names are those that the client requests: with `CONNECT`, squid allows the tunnel by the requested name,
not by the server that responds.
Install: add `include /etc/squid/m365.conf` to squid.conf before your own `http_access` rules, check with `squid -k
parse`, then `squid -k reconfigure`.
Update: replace the file and reconfigure.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, GLUED, INNER, SUFFIX, HostPattern
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.acl import flow_name, port_words
from perimeter365.targets._bases.hosts import expression
from perimeter365.targets._empty import Denial
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED, Artifact, Capabilities, Option, Target


class Squid(Target):
    """Access rules of Squid."""

    name = "squid"
    side = "inside"
    title = "Squid access rules"
    kind = "proxy"
    vendor_page = "https://www.squid-cache.org/Doc/config/acl/"
    denies_by_default = "all"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "squid parses it without a warning, allows real requests to listed hosts and refuses others"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX, GLUED, INNER), ports=True, directions=("outbound",))
    own_names = True
    options = MappingProxyType(
        {"refuse": Option(default="no", choices=("no", "yes"), help="yes: end with http_access deny all")}
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the configuration."""
        lines = self.header(plan)
        rules = 0
        for flow in plan.flows:
            if self._served(flow):
                lines += ["", f"# {flow.id} {flow.cloud}", *self._rule(flow)]
                rules += 1
        if self.option("refuse") == "yes":
            lines += ["", "http_access deny all"]
        yield self.text(self.own_name("m365.conf"), lines, entries=rules)

    def denial(self) -> Denial:
        """Return "no" unless an option refuses what is not in the plan."""
        return self.denies_by_default if self.option("refuse") == "yes" else "no"

    def _served(self, flow: PlanFlow) -> bool:
        """Return whether a proxy can serve a flow.

        Report a loss if it cannot, or only in part.
        """
        end = flow.destination
        if flow.direction != "outbound":
            return False
        reason = ""
        if not flow.tcp:
            reason = "tcp-only" if flow.udp else "no-ports-known"
        elif not flow.source.prefixes:
            reason = "role-unset"
        elif not (end.hosts or end.prefixes):
            reason = "no-anyone" if end.anyone else "unknown-end"
        if reason:
            self.report_loss(flow, DROPPED, reason)
            return False
        if flow.udp:
            self.report_loss(flow, NARROWED, "tcp-only", protocol="udp")
        if flow.path:
            reason = "the path is not visible in a tunnel; the whole host is allowed"
            self.report_loss(flow, WIDENED, "no-paths", reason, "decrypt it", path=True)
        return True

    def _rule(self, flow: PlanFlow) -> Iterator[str]:
        name = self.own_name(flow_name(flow))
        yield from (f"acl {name}-from src {p}" for p in flow.source.prefixes)
        hosts = {h.text for h in flow.destination.hosts}
        used = []
        # Squid warns of a name below another one with a leading dot, so those names are left out.
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
    """Return the regular expression without `.*` at the start, of which squid warns.

    It matches the same names.
    """
    return expression(host).removeprefix("^.*")
