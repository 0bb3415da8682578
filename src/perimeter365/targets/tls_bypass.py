"""TLS inspection: the names whose TLS connections must not be decrypted.

Output: `bypass.txt`, one entry per line, in the syntax of the option `syntax`.
Vendor page: https://learn.microsoft.com/microsoft-365/enterprise/microsoft-365-network-connectivity-principles
(bypass of Optimize and Allow), and the vendor's page for each syntax: plain (our own), squid, paloalto, fortigate, zscaler.
Supported: the outbound hosts of flows that must not be inspected: Optimize and Allow of the web service, and rows such as
push notifications and the application proxy connector.
Not supported: flows that are only published by address, since hosts are recognized by the name in the TLS handshake; and
wildcards that the syntax does not have. Both are losses.
Only squid and plain lists have comment lines: the other lists are pasted into a field, where a comment would be an entry.
`-O tls-bypass.categories=all` lists every outbound host. A connection to a listed name stays encrypted whatever its path is.
Names are those of the TLS handshake, which a client can choose: keep the rules that decide where it may connect to.
Squid needs `acl p365_bypass ssl::server_name "/etc/squid/m365-bypass.txt"` and, before any bump, `ssl_bump splice
p365_bypass` in squid.conf, made once. An empty list there is a warning, and splices nothing.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from perimeter365.model.host import EXACT, GLUED, INNER, SUFFIX, HostPattern
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.lines import guarded, replaced
from perimeter365.targets.life import Manual, Part, program, tried
from perimeter365.targets.target import DROPPED, Artifact, Capabilities, Option, Target, no_name_reason

_KINDS = {
    "plain": (EXACT, SUFFIX, GLUED, INNER),
    "squid": (EXACT, SUFFIX),
    "paloalto": (EXACT, SUFFIX, INNER),
    "fortigate": (EXACT, SUFFIX),
    "zscaler": (EXACT, SUFFIX),
}
"""Kinds of host patterns that each syntax supports."""
_LOAD = {
    "plain": "# give {file} to the program that reads it",
    "paloalto": "# replace the sites of a custom URL category by {file}, use it in a no-decrypt rule, and commit",
    "fortigate": "# make a wildcard FQDN object of each line of {file}, and list them in the SSL exemption of the profile",
    "zscaler": "# replace the URLs of a custom category by {file}, list it in a do-not-inspect rule, and activate",
}
_REMOVE = {
    "plain": "# remove {file} from the program that reads it",
    "paloalto": "# remove the no-decrypt rule, then the custom URL category, and commit",
    "fortigate": "# remove the objects from the SSL exemption, then the objects",
    "zscaler": "# remove the do-not-inspect rule, then the category, and activate",
}
"""Steps for a person, by syntax."""
_PLACE = "/etc/squid/{list}"
_CHECK, _RELOAD = "squid -k parse", "squid -k reconfigure"


class TlsBypass(Target):
    """List of names that are not decrypted."""

    name = "tls-bypass"
    side = "none"
    title = "TLS inspection bypass"
    kind = "proxy"
    vendor_page = "https://learn.microsoft.com/microsoft-365/enterprise/microsoft-365-network-connectivity-principles"
    effect = "inspect"
    proof = "consumer"
    proof_detail = (
        "squid loads the squid syntax as dstdomain, which matches like ssl::server_name (Debian's squid cannot intercept "
        "TLS); the other syntaxes are parsed back to the plan's names"
    )
    capabilities = Capabilities(hosts=(EXACT, SUFFIX, GLUED, INNER), directions=("outbound",))
    own_names = True
    manual = Manual(
        where="a shell of the proxy, as root, in the folder of the files; the paths are those of Debian",
        install=(
            guarded(
                "test -f {file}",
                *replaced("{file}", _PLACE, _CHECK),
                _RELOAD,
                f"rm -f {_PLACE}.old",
                help="{file} is not in this folder, or see the message above",
            ),
        ),
        remove=(
            f": > {_PLACE}; rm -f {_PLACE}.old",
            guarded(_CHECK, _RELOAD, help="the configuration has an error, see above"),
        ),
        besides="connections to the listed names are not inspected any more",
    )
    options = MappingProxyType(
        {
            "syntax": Option(default="plain", choices=tuple(_KINDS), help="syntax of the list"),
            "categories": Option(
                default="needed",
                choices=("needed", "all"),
                help="needed: hosts that must not be inspected; all: every outbound host",
            ),
        }
    )
    tried = tried(program("squid 5.7"))

    def words(self) -> Mapping[str, str]:
        """Return the options, and the names of the list here and on the proxy."""
        file = self.own_name("bypass.txt")
        return {**super().words(), "file": file, "list": file if file.startswith("m365") else f"m365-{file}"}

    def commands(self, part: Part) -> tuple[str, ...]:
        """Return the lines of a part of the manual.

        For programs other than squid, they are steps for a person.
        """
        step = (_REMOVE if part == "remove" else _LOAD).get(self.option("syntax"))
        lines = super().commands(part)
        return (step.format(file=self.own_name("bypass.txt")),) if step and lines else lines

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the list."""
        found: dict[HostPattern, list[PlanFlow]] = {}
        for flow in plan.flows:
            if flow.direction != "outbound":
                continue
            if not (flow.tls_inspection == "off" or self.option("categories") == "all"):
                self.leave_unselected(flow)
                continue
            if not flow.destination.hosts:
                self.report_loss(flow, DROPPED, no_name_reason(flow), remedy="bypass by address")
            for host in flow.destination.hosts:
                for pattern in self.express(
                    flow, host, "the syntax does not support this wildcard", _KINDS[self.option("syntax")]
                ):
                    found.setdefault(pattern, []).append(flow)
        entries = sorted({self._entry(host, flows, found) for host, flows in found.items()} - {""})
        header = self.header(plan) if self.option("syntax") in ("plain", "squid") else []
        yield self.text(self.own_name("bypass.txt"), [*header, *entries], entries=len(entries))

    def _entry(self, host: HostPattern, flows: list[PlanFlow], found: dict[HostPattern, list[PlanFlow]]) -> str:
        syntax = self.option("syntax")
        if syntax in ("squid", "zscaler") and host.kind == SUFFIX:
            for flow in flows:
                self.report_widened(flow, host, "the domain itself is not inspected either", "")
            # squid warns of a name below another one with a leading dot
            return "" if syntax == "squid" and _below(host.apex, found, host) else f".{host.apex}"
        if syntax == "squid" and _below(host.text, found, host):
            return ""
        return f"{host}/" if syntax == "paloalto" else host.text


def _below(name: str, found: dict[HostPattern, list[PlanFlow]], host: HostPattern) -> bool:
    """Return whether another wildcard of the list includes a name, as squid reads it."""
    return any(p.kind == SUFFIX and p != host and f".{name}".endswith(f".{p.apex}") for p in found)
