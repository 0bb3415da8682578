"""Edge, Chrome and Firefox: policies for cookies and sign-in.

Output, for the Microsoft 365 sites of the plan: `edge.json` and `chrome.json` (managed policies in the browsers' format on
Linux and macOS, and JSON for management services) and `firefox/policies.json`.
Vendor page: https://learn.microsoft.com/deployedge/microsoft-edge-policies#cookiesallowedforurls,
https://chromeenterprise.google/policies/, https://mozilla.github.io/policy-templates/
Supported: sites that need cookies as `CookiesAllowedForUrls`, with a wildcard as `[*.]name`, which includes the apex (a
loss); sites of the intranet zone as `AuthServerAllowlist` (Firefox: `SPNEGO`), since only Internet Explorer has zones.
Not supported: the trusted zone, and wildcards inside a label. In Firefox an origin includes all names below it, which is
wider than an exact host and a loss. A list has at most 1,000 entries in Chrome and Edge.
On Windows, enter the same values in the administrative templates or in Intune's settings catalog. Chrome and Edge read all
files of a folder, Firefox a single one: a link makes ours that file, but never replaces an existing one. Browsers read
the files at startup, or with `chrome://policy` > Reload.
"""

import json
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

from perimeter365.model.host import SUFFIX, HostPattern
from perimeter365.plan.plan import Plan, PlanSite
from perimeter365.targets._bases.zones import SiteTarget
from perimeter365.targets.life import Manual, program, reader, tried
from perimeter365.targets.target import DROPPED, NARROWED, Artifact

_ZONES = "render trusted-sites-reg for Internet Explorer mode"
_FOLDERS = {"chrome.json": "/etc/opt/chrome/policies/managed", "edge.json": "/etc/opt/edge/policies/managed"}
_FIREFOX = "/etc/firefox/policies"
_ONE = f"{_FIREFOX}/policies.json"
_COPY = (
    *(f"install -D -m 644 {name} {folder}/perimeter365.json" for name, folder in _FOLDERS.items()),
    f"install -D -m 644 firefox/policies.json {_FIREFOX}/perimeter365.json",
)


class BrowserPolicy(SiteTarget):
    """Managed policies of three browsers."""

    name = "browser-policy"
    title = "Browser policies"
    vendor_page = "https://learn.microsoft.com/deployedge/microsoft-edge-policies"
    proof = "consumer"
    proof_detail = "Chromium loads chrome.json as a managed policy and reports no error"
    limits = MappingProxyType({"entries": 1000})
    manual = Manual(
        where="a shell of each Linux computer, as root",
        install=(
            *_COPY,
            f"test {_ONE} -ef {_FIREFOX}/perimeter365.json || ln -s perimeter365.json {_ONE}",
        ),
        update=_COPY,
        remove=(
            *(f"rm -f {folder}/perimeter365.json" for folder in _FOLDERS.values()),
            f"test ! {_ONE} -ef {_FIREFOX}/perimeter365.json || rm {_ONE}",
            f"rm -f {_FIREFOX}/perimeter365.json",
        ),
        besides="lists are not merged: of two files with the same list, browsers use the one whose name comes last",
        first="install it on one computer, and look at chrome://policy, edge://policy, about:policies",
    )
    tried = tried(program("Chromium")) | tried(reader("a JSON parser"), "interrupted", "unordered")

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield one file per browser."""
        cookies, sign_in = self._sites(plan, cookies=True), self._sites(plan, cookies=False)
        for host, sites in cookies.items():
            for site in sites:
                self._wider(site, host)
        chromium: dict[str, Any] = {}
        if cookies:
            chromium["CookiesAllowedForUrls"] = [f"{s[0].scheme}://{_pattern(h)}" for h, s in cookies.items()]
        if sign_in:
            chromium["AuthServerAllowlist"] = ",".join(h.text for h in sign_in)
        for browser in ("chrome", "edge"):
            yield _document(f"{browser}.json", chromium, len(cookies) + len(sign_in))
        policies: dict[str, Any] = {}
        if cookies:
            policies["Cookies"] = {"Allow": sorted({f"{s[0].scheme}://{h.apex}" for h, s in cookies.items()})}
        if sign_in:
            policies["Authentication"] = {"SPNEGO": [h.apex for h in sign_in]}
        yield _document("firefox/policies.json", {"policies": policies}, len(cookies) + len(sign_in))

    def _sites(self, plan: Plan, *, cookies: bool) -> dict[HostPattern, list[PlanSite]]:
        """Return the hosts with cookies, or those of the intranet zone, with their sites.

        Report the other sites.
        """
        found: dict[HostPattern, list[PlanSite]] = {}
        for site in plan.sites:
            wanted = site.cookies if cookies else site.zone == "intranet"
            if wanted:
                if site.zone == "trusted":
                    reason = "these browsers have no trusted zone; only the cookies are allowed"
                    self.report_loss(site, NARROWED, "no-zones", reason, _ZONES, subject=f"zone of {site.host}")
                for host in self.express(site, site.host, "a wildcard is only supported at the start of a host"):
                    found.setdefault(host, []).append(site)
            elif cookies and site.zone == "trusted":
                reason = "these browsers have no trusted zone, and the site needs no cookies"
                self.report_loss(site, DROPPED, "no-zones", reason, _ZONES)
        return dict(sorted(found.items()))

    def _wider(self, site: PlanSite, host: HostPattern) -> None:
        more = "also includes the domain itself, and in Firefox all names below it; it only allows cookies"
        self.report_widened(site, host, f"the pattern {more}", "")


def _pattern(host: HostPattern) -> str:
    return f"[*.]{host.apex}" if host.kind == SUFFIX else host.text


def _document(name: str, body: dict[str, Any], entries: int) -> Artifact:
    return Artifact(name=name, content=json.dumps(body, indent=2, sort_keys=True).encode() + b"\n", entries=entries)
