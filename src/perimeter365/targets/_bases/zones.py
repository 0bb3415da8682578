"""What policies for browsers share: the plan's sites as the Site to Zone Assignment List names them.

A value name is `scheme://host`; a star may stand for the scheme or for everything in front of a host, nowhere else. A
site has one zone: where two are claimed, trusted wins, since intranet lets Windows sign in by itself.
"""

from perimeter365.model.host import EXACT, SUFFIX, HostPattern
from perimeter365.plan.plan import Plan, PlanSite
from perimeter365.targets._bases.hosts import split_registered
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED, Capabilities, Target

ZONES = {"intranet": "1", "trusted": "2"}
KEY = r"Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings"


class SiteTarget(Target):
    """Sites for a policy of Windows or of a browser."""

    kind = "client"
    capabilities = Capabilities(hosts=(EXACT, SUFFIX), sites=True, comments=False)

    def assignments(self, plan: Plan) -> dict[str, str]:
        """Value name -> zone number, sorted by name: {"https://contoso.sharepoint.com": "2"}."""
        found: dict[str, PlanSite] = {}
        for site in sorted(plan.sites, key=lambda s: s.zone != "trusted"):
            for host in self.express(site, site.host, "a star stands in front of a host or nowhere"):
                self._inexact(site, host)
                name = f"{site.scheme}://{host}"
                first = found.setdefault(name, site)
                if first.zone != site.zone:
                    reason = f"{first.id} makes it {first.zone}, and a site has one zone"
                    self.lose(site, DROPPED, site.host.text, reason, "select one of the two scenarios")
        return {name: ZONES[site.zone] for name, site in sorted(found.items())}

    def lose_cookies(self, plan: Plan) -> None:
        """Notes that zones say nothing of cookies."""
        for site in plan.sites:
            if site.cookies:
                reason = "zones do not govern the cookies of today's browsers"
                self.lose(site, NARROWED, f"cookies of {site.host}", reason, "render browser-policy as well")

    def _inexact(self, site: PlanSite, host: HostPattern) -> None:
        """Windows keeps the list as keys of registered domains, which say a star only nearly."""
        below, domain = split_registered(host.text)
        if below == "*":
            self.lose(site, WIDENED, host.text, f"Windows makes it an entry for {domain}, which means {domain}, too")
        elif below.startswith("*."):
            self.lose(site, NARROWED, host.text, "Windows reads the star as one label here", "name deeper hosts one by one")
