"""Cisco Secure Client (AnyConnect) on ASA: split-exclude list.

Output: `split-exclude.cfg`, commands for the ASA: an extended access list with a line for each prefix, the group policy that
refers to it and, with `names=on`, a dynamic split-exclude list of host names.
Vendor page:
https://www.cisco.com/c/en/us/support/docs/security/anyconnect-secure-mobility-client/215343-optimize-anyconnect-split-tunnel-for-off.html
Supported: outbound addresses of the selected categories. In a split list, the source column of an extended entry is the
network outside the tunnel, for IPv4 and IPv6. With `names=on` also host names: the client excludes them with all names below
them, and a loss is reported if that is more than needed.
Not supported: ports, and wildcards inside a name.
Install: copy the file to the ASA, load it with `copy disk0:/split-exclude.cfg running-config`, then `write memory`.
Update: load the new file. It starts with `clear configure access-list`, so it replaces the list. The line of names is
limited (5,000 characters for clients before 4.10), and longer lists are rejected here.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import CATEGORIES, RouteTarget, netmask
from perimeter365.targets.target import Artifact, Capabilities, Option

_LIST, _NAMES = "M365-SPLIT-EXCLUDE", "m365-names"  # with `prefix`: M365ALPHA-SPLIT-EXCLUDE, m365alpha-names


class Anyconnect(RouteTarget):
    """Split-exclude list of an ASA."""

    name = "anyconnect"
    title = "AnyConnect split exclude"
    comment = "!"
    vendor_page = (
        "https://www.cisco.com/c/en/us/support/docs/security/anyconnect-secure-mobility-client/"
        "215343-optimize-anyconnect-split-tunnel-for-off.html"
    )
    proof = "second opinion"
    proof_detail = "read back from the access list, the addresses are exactly those of the plan"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX), directions=("outbound",))
    limits = MappingProxyType({"name_characters": 5000})
    names = "names"
    own_names = True
    options = MappingProxyType(
        {
            "categories": CATEGORIES,
            "names": Option(default="off", choices=("off", "on"), help="on: also a dynamic list of host names"),
            "policy": Option(
                default="M365-VPN",
                help="name of the group policy: letters, digits, dashes, underscores",
                check=lambda v: 0 < len(v) <= 64 and v.isascii() and all(c.isalnum() or c in "-_" for c in v),
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the commands."""
        prefixes, list_name, names_name = list(self.destinations(plan)), self.own_name(_LIST), self.own_name(_NAMES)
        lines = [*self.header(plan), f"clear configure access-list {list_name}"]
        for p in prefixes:
            words = f"{p.address} {netmask(p)} any4" if p.family == 4 else f"{p} any6"
            lines.append(f"access-list {list_name} extended permit ip {words}")
        names = self._names(plan)
        if names:
            kind = "dynamic-split-exclude-domains"
            lines += ["webvpn", f" anyconnect-custom-attr {kind} description Microsoft 365 outside of the tunnel"]
            lines.append(f"anyconnect-custom-data {kind} {names_name} {','.join(names)}")
        if prefixes or names:
            policy = self.style.options.get("policy") or self.own_name(self.option("policy"))
            lines.append(f"group-policy {policy} attributes")
        if prefixes:
            lines += [
                " split-tunnel-policy excludespecified",
                " ipv6-split-tunnel-policy excludespecified",
                f" split-tunnel-network-list value {list_name}",
            ]
        lines += [f" anyconnect-custom dynamic-split-exclude-domains value {names_name}"] if names else []
        yield self.text("split-exclude.cfg", lines, entries=len(prefixes) + len(names))

    def _names(self, plan: Plan) -> list[str]:
        found = set()
        if self.by_name:
            for flow in self.selected_flows(plan):
                for host in flow.destination.hosts:
                    for pattern in self.express(flow, host, "the client matches whole labels at the end of a name"):
                        found.add(pattern.apex)
                        self.report_widened(flow, host, "the domain itself and all names below it are excluded", "")
        self.check_limit("name_characters", len(",".join(found)), "the dynamic list")
        return sorted(found)
