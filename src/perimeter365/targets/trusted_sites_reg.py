r"""Trusted sites of Windows as a .reg file: the zones that Internet Explorer mode, WebDAV and Office go by.

Makes `trusted-sites.reg` and `trusted-sites-remove.reg`, which takes the same away again.

    preference    …\Internet Settings\ZoneMap\Domains\sharepoint.com\contoso    "https"=dword:00000002
    policy        …\Internet Settings\ZoneMapKey    "https://contoso.sharepoint.com"="2"

The first is what users set themselves. The second is the policy Site to Zone Assignment List, which puts their
own entries out of force; a domain's policy overwrites it, and Windows' policy client may need `gpupdate /force` to
act on it. `form` chooses one. Zone 1 is intranet, 2 trusted. A key is a registered domain, below it the rest:

    contoso.sharepoint.com    sharepoint.com\contoso    that name alone
    *.microsoft.com           microsoft.com             all names below, and microsoft.com itself (widened):
                                                        Windows has no key for the names below alone
    *.teams.skype.com         skype.com\*.teams         one label in front (narrowed), not teams.skype.com
    skype.com                                           dropped; allow-widen says skype.com, all names below too

What it says: zone and scheme of a name, or of a star in front. What it cannot: other stars, and cookies, which zones
do not govern (narrowed). A name that a wider entry of its zone takes in has no entry of its own. One
that two zones claim is trusted: that gives away less than intranet, where Windows signs in by itself.

Install: `scope=user`, `reg import` as that user; `scope=machine`, as administrator for all. `esc=on` says it for
servers with enhanced security (EscDomains) too. Update: import the old removal file, then the new file. The
removal file deletes the keys of single hosts; of whole domains and of the list, our values alone.
"""

from collections.abc import Iterator

from perimeter365.model.host import EXACT, SUFFIX, HostPattern
from perimeter365.plan.plan import Plan, PlanSite
from perimeter365.targets._bases.hosts import split_registered
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED, Artifact, Capabilities, Option, Target

ZONES = {"intranet": 1, "trusted": 2}
HIVES = {"user": "HKEY_CURRENT_USER", "machine": "HKEY_LOCAL_MACHINE"}
SETTINGS = r"Microsoft\Windows\CurrentVersion\Internet Settings"
SUPPORT = "ListBox_Support_ZoneMapKey"
"""The value that switches the policy on (inetres.admx)."""

Entries = dict[tuple[str, str], dict[str, list[PlanSite]]]
"""Registered domain and what is below it (`contoso`, `*.teams`; "" for the whole domain), scheme, sites of one zone."""


class TrustedSitesReg(Target):
    """The plan's sites for the registry of Windows."""

    name = "trusted-sites-reg"
    title = "Windows trusted sites (.reg)"
    kind = "client"
    vendor_page = (
        "https://learn.microsoft.com/previous-versions/troubleshoot/browsers/security-privacy/"
        "ie-security-zones-registry-entries"
    )
    proof = "consumer"
    proof_detail = "Wine imports and gives back every value, and its MapUrlToZone agrees with the preference"
    capabilities = Capabilities(hosts=(EXACT, SUFFIX), sites=True)
    options = {
        "scope": Option(default="user", choices=tuple(HIVES), help="for the user who imports it, or for all"),
        "form": Option(default="both", choices=("both", "preference", "policy"), help="where it is written"),
        "esc": Option(default="off", choices=("off", "on"), help="on: servers with enhanced security, too"),
    }
    comment = ";"

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """The file, and the one that takes it away."""
        entries = self._entries(plan)
        yield self._file(plan, "trusted-sites.reg", list(self._lines(entries, remove=False)))
        yield self._file(plan, "trusted-sites-remove.reg", list(self._lines(entries, remove=True)))

    def _file(self, plan: Plan, name: str, lines: list[str]) -> Artifact:
        """As Windows writes such files: UTF-16 with a byte order mark, CR LF."""
        lines = ["Windows Registry Editor Version 5.00", "", *self.header(plan), *lines, ""]
        content = "\ufeff" + "".join(f"{line}\r\n" for line in lines)
        values = sum(line.startswith(('"', "[-")) for line in lines)
        return Artifact(name=name, content=content.encode("utf-16-le"), entries=values)

    def _entries(self, plan: Plan) -> Entries:
        entries: Entries = {}
        for site in sorted(plan.sites, key=lambda s: s.zone != "trusted"):
            if site.cookies:
                reason = "zones do not govern the cookies of today's browsers"
                self.lose(site, NARROWED, f"cookies of {site.host}", reason, "render browser-policy as well")
            said = self.express(site, site.host, "a star stands in front or nowhere") if not _taken_in(site, plan) else ()
            for place in filter(None, (self._place(site, host, plan) for host in said)):
                sites = entries.setdefault(place, {}).setdefault(site.scheme, [site])
                if sites[0].zone != site.zone:
                    reason = f"it is {sites[0].zone} by {sites[0].id}, and a site has one zone"
                    self.lose(site, DROPPED, site.host.text, reason, "select one of the two")
                elif site not in sites:
                    sites.append(site)
        for (domain, below), schemes in entries.items():
            # Windows looks at the nearest key alone, so that one repeats what the whole domain says of other schemes.
            for scheme, sites in entries.get((domain, ""), {}).items() if below and "*" not in schemes else ():
                schemes.setdefault(scheme, sites)
        return entries

    def _place(self, site: PlanSite, pattern: HostPattern, plan: Plan) -> tuple[str, str] | None:
        """Where a host of a site is written, or None; notes what is lost."""
        host = pattern.text
        below, domain = split_registered(host)
        same = [s.host.text for s in plan.sites if (s.zone, s.scheme) == (site.zone, site.scheme)]
        if below == "*":
            if domain not in same:
                self.lose(site, WIDENED, host, f"an entry for names below {domain} means {domain}, too")
            return domain, ""
        if below.startswith("*."):
            reason = "below a domain's own names the star is one label"
            self.lose(site, NARROWED, host, reason, "name deeper hosts one by one")
            return domain, below
        if below:
            return domain, below
        if f"*.{domain}" not in same:
            kind = WIDENED if self.style.allow_widen else DROPPED
            reason = f"an entry for {domain} means all names below it, too"
            self.lose(site, kind, host, reason, "" if self.style.allow_widen else "say it with --allow-widen")
            return (domain, "") if self.style.allow_widen else None
        return None

    def _lines(self, entries: Entries, *, remove: bool) -> Iterator[str]:
        hive, form = HIVES[self.option("scope")], self.option("form")
        branches = {"off": ["Domains"], "on": ["Domains", "EscDomains"]}[self.option("esc")]
        for branch in branches if form != "policy" else ():
            for (domain, below), schemes in sorted(entries.items()):
                key = "\\".join(filter(None, (hive, "Software", SETTINGS, "ZoneMap", branch, domain, below)))
                yield from ("", f"; {', '.join(sorted({s.id for sites in schemes.values() for s in sites}))}")
                yield f"[-{key}]" if remove and below else f"[{key}]"
                for scheme, sites in sorted(schemes.items()) if not (remove and below) else ():
                    yield f'"{scheme}"=' + ("-" if remove else f"dword:{ZONES[sites[0].zone]:08x}")
        if form != "preference" and entries:
            key = f"{hive}\\Software\\Policies\\{SETTINGS}"
            yield from ("", f"[{key}]", f'"{SUPPORT}"=' + ("-" if remove else "dword:00000001"))
            yield from ("", f"[{key}\\ZoneMapKey]")
            for (domain, below), schemes in sorted(entries.items()):
                for scheme, sites in sorted(schemes.items()):
                    name = ("" if scheme == "*" else f"{scheme}://") + f"{below or '*'}.{domain}"
                    yield f'"{name}"=' + ("-" if remove else f'"{ZONES[sites[0].zone]}"')


def _taken_in(site: PlanSite, plan: Plan) -> bool:
    """Does another site's entry for a whole domain say this one, with no other zone below that domain?"""
    for wide in plan.sites:
        if (wide.zone, wide.scheme) != (site.zone, site.scheme) or wide.host == site.host:
            continue
        if split_registered(wide.host.text)[0] == "*" and wide.host.covers(site.host):
            return not any(s.zone != site.zone and wide.host.covers(s.host) for s in plan.sites)
    return False
