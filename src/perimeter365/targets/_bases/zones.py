"""Browser policies: the plan's sites as a Site to Zone Assignment List.

A value name is `scheme://host`. An asterisk is allowed in place of the scheme, or at the start of the host, and nowhere
else. A site is in one zone: if requirements disagree, trusted is used, since Windows signs in automatically to intranet
sites.
"""

from typing import ClassVar

from perimeter365.model.host import EXACT, SUFFIX, HostPattern
from perimeter365.plan.plan import Plan, PlanSite
from perimeter365.targets._bases.hosts import split_registered
from perimeter365.targets.target import DROPPED, NARROWED, Capabilities, Side, Target

ZONES = {"intranet": "1", "trusted": "2"}
KEY = r"Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings"


class SiteTarget(Target):
    """Base class of policies of Windows or a browser about sites."""

    side: ClassVar[Side] = "none"
    kind = "client"
    capabilities = Capabilities(hosts=(EXACT, SUFFIX), sites=True, comments=False)

    def assignments(self, plan: Plan) -> dict[str, str]:
        """Return zone numbers by value name, sorted by name.

        Example: {"https://contoso.sharepoint.com": "2"}.
        """
        found: dict[str, PlanSite] = {}
        for site in sorted(plan.sites, key=lambda s: s.zone != "trusted"):
            for host in self.express(site, site.host, "a wildcard is only supported at the start of a host"):
                self._inexact(site, host)
                name = f"{site.scheme}://{host}"
                first = found.setdefault(name, site)
                if first.zone != site.zone:
                    self.report_loss(site, DROPPED, "zone-conflict")
        return {name: ZONES[site.zone] for name, site in sorted(found.items())}

    def report_cookies(self, plan: Plan) -> None:
        """Report that zones do not control cookies."""
        for site in plan.sites:
            if site.cookies:
                self.report_loss(site, NARROWED, "no-cookies", subject=f"cookies of {site.host}")

    def _inexact(self, site: PlanSite, host: HostPattern) -> None:
        """Report wildcards that Windows changes.

        It stores the list as keys of registered domains.
        """
        below, _ = split_registered(host.text)
        if below == "*":
            self.report_widened(site, host, "Windows stores an entry for the domain, which includes the domain itself")
        elif below.startswith("*."):
            self.report_loss(
                site, NARROWED, "narrower-match", "Windows matches one label only in place of the star", host=host
            )
