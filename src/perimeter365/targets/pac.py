"""PAC file: selected names go direct, everything else through a proxy.

Output: `proxy.pac`, and `proxy-reasons.txt` with the requirements that each name is from.
Vendor page: Microsoft's page on such files; for the language, developer.mozilla.org, Proxy Auto-Configuration (PAC) file.

    mode              direct connections, of those that users' computers, phones and tablets open to the internet
    optimize          endpoint sets of the category Optimize
    optimize-allow    also of Allow
    all               also of Default, and the names in rows, whose flows have no category

A wildcard over a domain in which anyone can have a name (`*.cloudapp.net`, `*.windows.net`; publicsuffix.org, the private
section) stays on the proxy in every mode, which is a loss: such a domain has names of attackers, too.
A name in several sets has the first of their categories, also if a wildcard includes it: optimize-allow sends
cdn.odc.officeapps.live.com (Default) direct, since *.officeapps.live.com is Allow. Plain names and private, loopback and
link-local addresses are direct. Names are never resolved, since every page would wait for it.
The option `direct` adds the organization's own names, such as those of its intranet.
With `tenant_restrictions=on` the sign-in names on which the proxy sets headers stay on the proxy, exactly, also if a
wildcard includes them: https://learn.microsoft.com/entra/identity/enterprise-apps/tenant-restrictions
Supported: names, with all kinds of wildcards, exactly.
Not supported: addresses (a flow without names is dropped), and connections that no browser opens. Ports and URL paths are
not losses: a PAC file opens nothing, it only selects the way, and of https it sees only the host. Firewalls still need the
plan.
Windows' engine needs ES3, which the file is. Chromium supports 1 MiB, Zscaler 256 KB. With DIRECT at the end of the option
`proxy`, users bypass a proxy that is down. A plan with nothing for the file sends everything through the proxy.
Serve the file over HTTPS as application/x-ns-proxy-autoconfig: some programs ignore it as text/plain. Browsers fetch it at
startup, some also when the network changes, and follow their copy until then, so a proxy that goes out of service has to
work as long. Browsers that cannot fetch the file connect directly: remove its URL from all of them before the file.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files

from perimeter365.model.host import EXACT, GLUED, INNER, SUFFIX, HostPattern, minimal
from perimeter365.model.suffixes import private_suffix
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.feed import is_place
from perimeter365.targets._bases.hosts import expression
from perimeter365.targets._bases.proxies import DIRECT, PROXY
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.target import DROPPED, Artifact, Capabilities, Option, Target, no_name_reason

SOURCES = ("client", "mobile-device")
"""The roles whose programs use a PAC file."""
MODES: Mapping[str, frozenset[str | None]] = {
    "optimize": frozenset(["optimize"]),
    "optimize-allow": frozenset(["optimize", "allow"]),
    "all": frozenset(["optimize", "allow", "default", None]),
}
"""The categories that go direct; None = flows of rows."""
SIGN_IN = (
    "login.microsoftonline.com",
    "login.microsoft.com",
    "login.windows.net",
    "login.live.com",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "login.chinacloudapi.cn",
    "login.microsoftonline.de",
    "login.sovcloud-identity.fr",
    "login.identity-sovcloud.fr",
    "login.sovcloud-identity.de",
    "login.identity-sovcloud.de",
)
"""Names with headers for tenant restrictions: three names of the page, one for consumer accounts, then those of the
US government, 21Vianet (two), the closed German cloud, Bleu and Delos. Two documents spell the domains of the last two
differently, so both spellings stay on the proxy. Not device.login.microsoftonline.com, which must not be decrypted."""

_ODD = (GLUED, INNER)
_PUBLISH = ("install -m 644 {file} {folder}/.{file}.new && mv -f {folder}/.{file}.new {folder}/{file}",)
"""A browser that fetches the file meanwhile gets the old one or the new one, as a whole."""
_TEMPLATE = files("perimeter365.targets").joinpath("pac.js").read_text(encoding="ascii")


class Pac(Target):
    """Proxy auto-configuration file."""

    name = "pac"
    side = "none"
    title = "PAC file"
    kind = "proxy"
    vendor_page = "https://learn.microsoft.com/microsoft-365/enterprise/managing-office-365-endpoints"
    effect = "route"
    proof = "consumer"
    proof_detail = "pacparser, V8 and Wine's ES3 engine give the plan's results, and Chromium follows them"
    capabilities = Capabilities(hosts=(EXACT, SUFFIX, GLUED, INNER), directions=("outbound",))
    limits = {"bytes": 1_048_576, "zscaler_bytes": 262_144}
    options = {
        "mode": Option(default="optimize-allow", choices=tuple(MODES), help="what goes direct; rows only with all"),
        "proxy": PROXY,
        "direct": DIRECT,
        "tenant_restrictions": Option(default="off", choices=("off", "on"), help="on: sign-in through the proxy"),
        "folder": Option(default="/srv/www", help="the web server's folder, for the manual's commands", check=is_place),
    }
    comment = "//"
    own_names = True
    manual = Manual(
        where="the web server that the browsers read, in the folder of the files",
        install=(
            "# serve .pac files as application/x-ns-proxy-autoconfig; in nginx, a line in mime.types",
            *_PUBLISH,
            "# set the URL of the file: ProxySettings in the browsers' policy, AutoConfigURL in Windows",
        ),
        update=_PUBLISH,
        remove=("# remove the URL from the policy of all browsers, and wait until they have it", "rm -f {folder}/{file}"),
        besides="every name that is not listed goes through the proxy",
        first="open one browser with it: chromium --proxy-pac-url=URL",
    )
    tried = tried(program("pacparser 1.5, V8, Chromium and nginx 1.22"))

    def words(self) -> Mapping[str, str]:
        """Return the options, and the name of the file."""
        return {**super().words(), "file": self.own_name("proxy.pac")}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the file, and the reasons for each name."""
        reasons: dict[HostPattern, list[str]] = {}
        for flow in plan.flows:
            for host in self._direct(flow):
                was = f" (was {' and '.join(str(c) for c in flow.categories[1:])})" if flow.categories[1:] else ""
                reasons.setdefault(host, []).append(f"{flow.id} {flow.cloud} {flow.category or 'row'}{was}")
        for text in filter(None, self.option("direct").split(",")):
            reasons.setdefault(HostPattern(text), []).append("own name, option direct")
        names, restricted = minimal(reasons), self.option("tenant_restrictions") == "on"
        stay = [n for n in SIGN_IN if restricted and any(host.matches(n) for host in names)]
        yield self._file(plan, names, stay)
        lines = self.header(plan, "What goes direct, what it is from, and what takes it in.", load=None)
        lines += [f"{name}: stays on the proxy, tenant_restrictions=on" for name in stay]
        for host, why in sorted(reasons.items()):
            wider = ", ".join(n.text for n in names if n != host and n.covers(host))
            if host.text not in stay:
                lines.append(f"{host}: {', '.join(why)}{'; in ' if wider else ''}{wider}")
        yield self.text(self.own_name("proxy-reasons.txt"), lines, entries=len(reasons))

    def check_limits(self, artifact: Artifact) -> None:
        """Check the maximum sizes of browsers and Zscaler."""
        if artifact.name == self.own_name("proxy.pac"):
            super().check_limits(artifact)
            self.check_limit("zscaler_bytes", len(artifact.content), artifact.name)

    def _direct(self, flow: PlanFlow) -> tuple[HostPattern, ...]:
        """Return the names of a flow that go direct; count the others."""
        if flow.direction != "outbound":
            return ()
        if flow.source.role not in SOURCES or not MODES[self.option("mode")].intersection(flow.categories):
            self.leave_unselected(flow)
            return ()
        if not flow.destination.hosts:
            self.report_loss(flow, DROPPED, no_name_reason(flow), remedy="route the addresses so that they bypass the proxy")
        shared = [host for host in flow.destination.hosts if private_suffix(host)]
        for host in shared:
            self.report_loss(flow, DROPPED, "shared-domain", host=host)
        return tuple(host for host in flow.destination.hosts if host not in shared)

    def _file(self, plan: Plan, names: Sequence[HostPattern], stay: Sequence[str]) -> Artifact:
        proxy = self.option("proxy")
        tests = [f'" {" ".join(stay)} ".indexOf(" " + name + " ") >= 0) return PROXY'] if stay else []
        tests += [f'/{expression(host)}/.test(name)) return "DIRECT"' for host in names if host.kind in _ODD]
        values = {
            "NAMES": ",\n".join(f'"{domain}":"{" ".join(words)}"' for domain, words in _grouped(names)),
            "TESTS": "".join(f"  if ({test};\n" for test in tests),
            "PROXY": json.dumps(proxy),
        }
        about = f"Direct: {len(names)} names, mode {self.option('mode')}. Else {proxy}."
        why = f"Why a name is here: {self.own_name('proxy-reasons.txt')}"
        values["HEADER"] = "\n".join(self.header(plan, about, why))
        text = re.sub("@([A-Z]+)@", lambda found: values[found[1]], _TEMPLATE)
        return Artifact(name=self.own_name("proxy.pac"), content=text.encode("ascii"), entries=len(names))


def _grouped(names: Sequence[HostPattern]) -> list[tuple[str, list[str]]]:
    """Group names by their last two labels, which have no wildcard, for the template."""
    groups: dict[str, list[str]] = {}
    for host in names:
        *rest, second, top = host.text.rsplit(".", 2)
        rest = [] if host.kind in _ODD else rest or ["@"]
        groups.setdefault(f"{second}.{top}", []).extend(rest)
    return sorted(groups.items())
