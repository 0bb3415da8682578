r"""Squid: access rules for the outbound flows of clients that use the proxy.

Output: `m365.conf`: for each flow ACLs of sources, destinations and ports, and an `http_access allow` that combines them;
with `refuse=yes` a final `http_access deny all`.
Vendor page: https://www.squid-cache.org/Doc/config/acl/ (dstdomain, dstdom_regex, dst, port, urlpath_regex)
Supported: exact names with `dstdomain`; wildcards with `dstdom_regex`, which excludes the apex, as in the plan; URL paths of
plain HTTP (port 80). A wildcard is written as `.name` if the same flow also needs its apex. All with `-n`: otherwise squid
looks up the PTR record of a requested address, and whoever owns the address could give it a name of the plan. Flows without
names have `dst -n`, for requests by address: a requested name may resolve to an address of the plan and others.

    CONNECT outlook.office365.com:443         allowed, also in upper case or with a dot at the end
    CONNECT 203.0.113.66:443                  refused, whatever its PTR record says
    CONNECT www.msftconnecttest.com:80        refused: no browser needs a tunnel to port 80
    GET http://www.msftconnecttest.com/x      refused: the plan has /connecttest.txt

Not supported: inbound or internal connections; UDP (a loss); ports of mail, for which programs use no web proxy (a loss);
URL paths of TLS connections, where the whole host is allowed (widened). Names are those that the client requests: with
`CONNECT`, squid allows the tunnel by the requested name, not by the server that responds.
The file belongs after `http_access deny CONNECT !SSL_ports`, where Debian's squid.conf includes it, before the last deny.
A tunnel to a port other than 443 also needs that port in your SSL_ports; a comment lists them. A reconfiguration does not
end open tunnels.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from perimeter365.model.host import EXACT, GLUED, INNER, SUFFIX
from perimeter365.model.ports import PortSet
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.acl import flow_name, port_words, unique_name
from perimeter365.targets._bases.lines import guarded, replaced
from perimeter365.targets._bases.proxies import squid_names
from perimeter365.targets._empty import Denial
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED, Artifact, Capabilities, Option, Target

_HTTP, _TLS = PortSet.parse("80"), PortSet.parse("443")
_MAIL = PortSet.parse("25,110,143,465,587,993,995")
_NAME = 62 - len("-ports")
"""Characters of an ACL's name without our longest ending: squid 5.7 defines a name of 63, but does not find it again."""
_PLACE = "/etc/squid/conf.d/{file}"
_CHECK, _RELOAD = "squid -k parse", "squid -k reconfigure"


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
    manual = Manual(
        where="a shell of the proxy, as root, in the folder of the files; the paths are those of Debian",
        install=(
            guarded(
                "test -f {file}",
                'squid -k parse -f "$PWD/{file}"',
                *replaced("{file}", _PLACE, _CHECK),
                _RELOAD,
                f"rm -f {_PLACE}.old",
                help="{file} is not in this folder, or see the message above",
            ),
        ),
        remove=(f"rm -f {_PLACE} {_PLACE}.old", guarded(_CHECK, _RELOAD, help="the configuration has an error, see above")),
    )
    tried = tried(program("squid 5.7"))

    def words(self) -> Mapping[str, str]:
        """Return the options, and the name of the file."""
        return {**super().words(), "file": self.own_name("m365.conf")}

    def besides(self) -> str:
        """Return what `refuse=yes` refuses."""
        return "refuses every other request: http_access lines after it do nothing" if self.denial() == "all" else ""

    def first(self) -> str:
        """Return how to try `refuse=yes`."""
        return "render with refuse=no, and compare the requests in access.log" if self.denial() == "all" else ""

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the configuration."""
        tunnel, lines = self.own_name("m365-tunnel"), []
        rules, taken = 0, {tunnel}
        others = PortSet()
        for flow in plan.flows:
            if self._served(flow):
                name = unique_name(self.own_name(flow_name(flow)), taken, _NAME)
                taken.add(name)
                lines += ["", f"# {flow.id} {flow.cloud}", *self._rule(flow, name, tunnel)]
                rules += 1
                others |= flow.tcp - _MAIL - _HTTP - _TLS
        ports = " ".join(port_words(others))
        notes = [f"Tunnels also need these ports in SSL_ports: {ports}"] if others else []
        head = [*self.header(plan, *notes), f"acl {tunnel} method CONNECT", *lines]
        if self.option("refuse") == "yes":
            head += ["", "http_access deny all"]
        yield self.text(self.own_name("m365.conf"), head, entries=rules)

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
        elif flow.tcp <= _MAIL:
            reason = "web-ports"
        if reason:
            self.report_loss(flow, DROPPED, reason)
            return False
        if flow.udp:
            self.report_loss(flow, NARROWED, "tcp-only", protocol="udp")
        if mail := flow.tcp & _MAIL:
            self.report_loss(flow, NARROWED, "web-ports", protocol="tcp", subject=f"tcp {mail}")
        if not end.hosts:
            self.report_loss(flow, NARROWED, "narrower-match", "requests by name are not matched by address")
        if flow.path and not flow.tcp <= _HTTP:
            reason = "the path is not visible in a tunnel; the whole host is allowed"
            self.report_loss(flow, WIDENED, "no-paths", reason, "decrypt it", path=True)
        return True

    def _rule(self, flow: PlanFlow, name: str, tunnel: str) -> Iterator[str]:
        yield from (f"acl {name}-from src {p}" for p in flow.source.prefixes)
        hosts = flow.destination.hosts
        domains, expressions = squid_names(hosts)
        used = [f"acl {name}-to dstdomain -n {domain}" for domain in domains]
        patterns = [f"acl {name}-like dstdom_regex -n -i -- {regex}" for regex in expressions]
        at = [] if hosts else [f"acl {name}-at dst -n {p}" for p in flow.destination.prefixes]
        plain, others = flow.tcp & _HTTP, flow.tcp - _HTTP - _MAIL
        yield from (*used, *patterns, *at)
        paths = [f"acl {name}-path urlpath_regex {_path(path)}" for path in flow.path if plain]
        yield from (f"acl {name}-http port {word}" for word in port_words(plain))
        yield from paths
        yield from (f"acl {name}-ports port {word}" for word in port_words(others))
        for kind, there in (("to", used), ("like", patterns), ("at", at)):
            if there and plain:
                yield f"http_access allow {name}-from {name}-http !{tunnel} {name}-{kind}{f' {name}-path' if paths else ''}"
            if there and others:
                yield f"http_access allow {name}-from {name}-ports {name}-{kind}"


def _path(path: str) -> str:
    r"""Return the regular expression of a URL path.

    >>> print(_path("/connecttest.txt"), _path("/subscriptions/*"))
    ^/connecttest\.txt$ ^/subscriptions/
    """
    return f"^{re.escape(path)}$".removesuffix(r"\*$")
