"""Edge, Chrome and Firefox: policies for the cookies and the sign-in of Microsoft 365 sites.

What it makes: `edge.json`, `chrome.json` (managed policies as the browsers read them on Linux and macOS, and as
JSON for the management services) and `firefox/policies.json`.
Vendor page: https://learn.microsoft.com/deployedge/microsoft-edge-policies#cookiesallowedforurls,
https://chromeenterprise.google/policies/, https://mozilla.github.io/policy-templates/
What it says: sites whose cookies must be allowed as `CookiesAllowedForUrls`, a wildcard as `[*.]name`, which
holds the apex too (a loss says so); sites of the intranet zone as `AuthServerAllowlist` (Firefox: `SPNEGO`),
since browsers but Internet Explorer have no zones. What it cannot say: the trusted zone, stars inside of a
label. Firefox takes origins: one stands for all names below it, which is wider than an exact host and a loss. A
list takes 1,000 entries in Chrome and Edge.
Install: `/etc/opt/chrome/policies/managed/`, `/etc/opt/edge/policies/managed/`, Firefox's `distribution`
folder; on Windows enter the same names in the administrative templates or in Intune's settings catalog.
Update: replace the files; browsers read them when they start, or with `chrome://policy` > Reload.
"""

import json
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

from perimeter365.model.host import SUFFIX, HostPattern
from perimeter365.plan.plan import Plan, PlanSite
from perimeter365.targets._bases.zones import SiteTarget
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED, Artifact

_ZONES = "render trusted-sites-reg for Internet Explorer mode"


class BrowserPolicy(SiteTarget):
    """Managed policies of three browsers."""

    name = "browser-policy"
    title = "Browser policies"
    vendor_page = "https://learn.microsoft.com/deployedge/microsoft-edge-policies"
    proof = "consumer"
    proof_detail = "Chromium loads chrome.json as a managed policy and reports no error"
    limits = MappingProxyType({"entries": 1000})

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """One file a browser."""
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
        """Hosts whose cookies are to be allowed, or that Windows signs in to by itself; notes what neither is."""
        found: dict[HostPattern, list[PlanSite]] = {}
        for site in plan.sites:
            wanted = site.cookies if cookies else site.zone == "intranet"
            if wanted:
                if site.zone == "trusted":
                    reason = "these browsers have no trusted zone; they are given its cookies"
                    self.lose(site, NARROWED, f"zone of {site.host}", reason, _ZONES)
                for host in self.express(site, site.host, "a star stands in front of a host or nowhere"):
                    found.setdefault(host, []).append(site)
            elif cookies and site.zone == "trusted":
                reason = "these browsers have no trusted zone, and the site asks for no cookies"
                self.lose(site, DROPPED, site.host.text, reason, _ZONES)
        return dict(sorted(found.items()))

    def _wider(self, site: PlanSite, host: HostPattern) -> None:
        more = f"{host.apex} itself" if host.kind == SUFFIX else f"names below {host} in Firefox"
        self.lose(site, WIDENED, host.text, f"the pattern holds {more} too", "cookies alone are allowed by it")


def _pattern(host: HostPattern) -> str:
    return f"[*.]{host.apex}" if host.kind == SUFFIX else host.text


def _document(name: str, body: dict[str, Any], entries: int) -> Artifact:
    return Artifact(name=name, content=json.dumps(body, indent=2, sort_keys=True).encode() + b"\n", entries=entries)
