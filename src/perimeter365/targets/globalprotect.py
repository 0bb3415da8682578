"""GlobalProtect on PAN-OS: split tunnel with exclude routes and exclude domains.

Output: `split-tunnel.txt`, `set` commands for a client configuration of a gateway.
Vendor page:
https://docs.paloaltonetworks.com/globalprotect/administration/globalprotect-gateways/split-tunnel-traffic-on-globalprotect-gateways
Supported: outbound addresses of the selected categories as exclude access routes; with `names=on` (requires a GlobalProtect
license, and app 4.1 or later on Windows and macOS) exact names and `*.name` as exclude domains.
Not supported: ports, and wildcards within a label. A configuration of a gateway has at most 200 exclude routes and 200
exclude domains; more are rejected here.
The file replaces the exclude routes and exclude domains of one configuration of a gateway (options `gateway` and `config`),
also your own; include routes and everything else stay. A configuration that does not exist is created.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from perimeter365.model.host import EXACT, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import CATEGORIES, RouteTarget, is_word
from perimeter365.targets.life import Manual, model, tried
from perimeter365.targets.target import Artifact, Capabilities, Option


def _name(default: str | None, example: str = "") -> Option:
    return Option(
        default=default,
        example=example,
        help="object name: letters, digits, dots, dashes, underscores, at most 31",
        check=lambda v: len(v) <= 31 and is_word(v, ".-_"),
    )


class Globalprotect(RouteTarget):
    """Exclude routes of a GlobalProtect gateway."""

    name = "globalprotect"
    title = "GlobalProtect split tunnel"
    vendor_page = (
        "https://docs.paloaltonetworks.com/globalprotect/administration/globalprotect-gateways/"
        "split-tunnel-traffic-on-globalprotect-gateways"
    )
    proof = "by eye"
    proof_detail = "a sample compared with the vendor's page; the routes are parsed back to the plan's addresses"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX), directions=("outbound",), comments=False)
    limits = MappingProxyType({"routes": 200, "domains": 200})
    names = "names"
    own_names = True
    options = MappingProxyType(
        {
            "categories": CATEGORIES,
            "names": Option(default="off", choices=("off", "on"), help="on: also exclude domains (needs a license)"),
            "gateway": _name(None, "gp-gateway"),
            "config": _name("m365"),
            "vsys": _name("vsys1"),
        }
    )
    manual = Manual(
        where="the CLI of the firewall",
        install=("set cli scripting-mode on", "configure", "# paste split-tunnel.txt", "validate full", "commit", "exit"),
        remove=(
            "configure",
            "delete {place} exclude-access-route",
            "delete {place} exclude-domains",
            "commit",
            "exit",
        ),
        besides="it replaces the exclude routes and domains of the configuration, also your own; include routes stay",
        first="nothing changes before the commit; then clients have the new routes when they connect again",
    )
    tried = tried(model("PAN-OS 11.1"))

    def words(self) -> Mapping[str, str]:
        """Return the words of the manual, also the path of the gateway's configuration."""
        words = super().words()
        config = self.style.options.get("config") or self.own_name(words["config"])
        place = (
            f"vsys {words['vsys']} global-protect global-protect-gateway {words['gateway']} "
            f"remote-user-tunnel-configs {config} split-tunneling"
        )
        return {**words, "place": place}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the set commands, without a header, since PAN-OS has no comments."""
        where = self.words()["place"]
        prefixes = [str(p) for p in self.destinations(plan)]
        names = self._names(plan)
        lines = [f"delete {where} {each}" for each in ("exclude-access-route", "exclude-domains")]
        lines += [f"set {where} exclude-access-route {p}" for p in prefixes]
        lines += [f"set {where} exclude-domains list {n}" for n in names]
        yield self.text("split-tunnel.txt", lines, entries=len(prefixes) + len(names))

    def _names(self, plan: Plan) -> list[str]:
        found: set[str] = set()
        if self.by_name:
            for flow in self.selected_flows(plan):
                for host in flow.destination.hosts:
                    found.update(h.text for h in self.express(flow, host, "a wildcard must be the whole first label"))
        self.check_limit("domains", len(found), "the configuration")
        return sorted(found)
