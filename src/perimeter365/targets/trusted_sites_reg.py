r"""Windows: trusted and intranet sites as a .reg file.

The zones apply to Internet Explorer mode, WebDAV and Office.
Output: `trusted-sites.reg`, and `trusted-sites-remove.reg`, which removes the same entries.

    preference    …\Internet Settings\ZoneMap\Domains\sharepoint.com\contoso    "https"=dword:00000002
    policy        …\Internet Settings\ZoneMapKey    "https://contoso.sharepoint.com"="2"

The preference is the list that users edit. The policy is the Site to Zone Assignment List, which disables the users' own
entries; a domain's policy overwrites it, and the policy client may need `gpupdate /force` to apply it. `form` selects one.
Zone 1 is intranet, 2 trusted. A key is a registered domain, with the rest of the name below it:

    contoso.sharepoint.com    sharepoint.com\contoso    this name only
    *.microsoft.com           microsoft.com             all names below, and microsoft.com itself (widened):
                                                        Windows has no key for only the names below
    *.teams.skype.com         skype.com\*.teams         one label before it (narrowed), not teams.skype.com
    skype.com                                           dropped; with allow-widen skype.com and all names below it

Vendor page: learn.microsoft.com, "ie-security-zones-registry-entries".
Supported: zone and scheme of a name, or of a leading wildcard. A name that a wider entry of the same zone includes has no
entry. If two requirements disagree, the zone is trusted, which allows less than intranet (automatic sign-in).
Not supported: other wildcards, and cookies, which zones do not control (narrowed).
Install: `scope=user`: `reg import` as that user; `scope=machine`: as administrator, for all users. `esc=on` adds the entries
for servers with enhanced security (EscDomains).
Update: import the old removal file, then the new file. The removal file deletes the keys of single hosts, but only its own
values of whole domains and of the list.
"""

from collections.abc import Iterator

from perimeter365.model.host import EXACT, SUFFIX, HostPattern
from perimeter365.plan.plan import Plan, PlanSite
from perimeter365.targets._bases.hosts import split_registered
from perimeter365.targets.target import DROPPED, NARROWED, WIDENED, Artifact, Capabilities, Option, Target, names_below

ZONES = {"intranet": 1, "trusted": 2}
HIVES = {"user": "HKEY_CURRENT_USER", "machine": "HKEY_LOCAL_MACHINE"}
SETTINGS = r"Microsoft\Windows\CurrentVersion\Internet Settings"
SUPPORT = "ListBox_Support_ZoneMapKey"
"""The value that enables the policy (inetres.admx)."""

Entries = dict[tuple[str, str], dict[str, list[PlanSite]]]
"""Sites of one zone by registered domain, the part below it (`contoso`, `*.teams`; "" = whole domain) and scheme."""


class TrustedSitesReg(Target):
    """Registry files with the zones of sites."""

    name = "trusted-sites-reg"
    side = "none"
    title = "Windows trusted sites (.reg)"
    kind = "client"
    vendor_page = (
        "https://learn.microsoft.com/previous-versions/troubleshoot/browsers/security-privacy/"
        "ie-security-zones-registry-entries"
    )
    proof = "consumer"
    proof_detail = "Wine imports and returns every value, and its MapUrlToZone agrees with the preference"
    capabilities = Capabilities(hosts=(EXACT, SUFFIX), sites=True)
    options = {
        "scope": Option(default="user", choices=tuple(HIVES), help="for the user who imports it, or for all users"),
        "form": Option(default="both", choices=("both", "preference", "policy"), help="registry keys to write"),
        "esc": Option(default="off", choices=("off", "on"), help="on: also for servers with enhanced security"),
    }
    comment = ";"

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the file, and the one that removes its entries."""
        entries = self._entries(plan)
        yield self._file(plan, "trusted-sites.reg", list(self._lines(entries, remove=False)))
        yield self._file(plan, "trusted-sites-remove.reg", list(self._lines(entries, remove=True)))

    def _file(self, plan: Plan, name: str, lines: list[str]) -> Artifact:
        """Make a file as Windows writes it: UTF-16 with a byte order mark, CR LF."""
        lines = ["Windows Registry Editor Version 5.00", "", *self.header(plan), *lines, ""]
        content = "\ufeff" + "".join(f"{line}\r\n" for line in lines)
        values = sum(line.startswith(('"', "[-")) for line in lines)
        return Artifact(name=name, content=content.encode("utf-16-le"), entries=values)

    def _entries(self, plan: Plan) -> Entries:
        entries: Entries = {}
        for site in sorted(plan.sites, key=lambda s: s.zone != "trusted"):
            if site.cookies:
                self.report_loss(site, NARROWED, "no-cookies", subject=f"cookies of {site.host}")
            reason = "a wildcard is only supported at the start of a host"
            hosts = self.express(site, site.host, reason) if not _is_covered(site, plan) else ()
            for place in filter(None, (self._place(site, host, plan) for host in hosts)):
                sites = entries.setdefault(place, {}).setdefault(site.scheme, [site])
                if sites[0].zone != site.zone:
                    self.report_loss(site, DROPPED, "zone-conflict")
                elif site not in sites:
                    sites.append(site)
        for (domain, below), schemes in entries.items():
            # Windows only reads the nearest key, so that key repeats the entries of the whole domain for other schemes.
            for scheme, sites in entries.get((domain, ""), {}).items() if below and "*" not in schemes else ():
                schemes.setdefault(scheme, sites)
        return entries

    def _place(self, site: PlanSite, pattern: HostPattern, plan: Plan) -> tuple[str, str] | None:
        """Return the key of a host of a site, or None; report the losses."""
        host = pattern.text
        below, domain = split_registered(host)
        same = [s.host.text for s in plan.sites if (s.zone, s.scheme) == (site.zone, site.scheme)]
        if below == "*":
            if domain not in same:
                self.report_widened(site, pattern, "an entry for the names below a domain includes the domain itself")
            return domain, ""
        if below.startswith("*."):
            reason = "Windows matches one label in place of the star"
            self.report_loss(site, NARROWED, "narrower-match", reason, host=pattern)
            return domain, below
        if below:
            return domain, below
        if f"*.{domain}" not in same:
            reason = "an entry for a domain includes all names below it"
            if self.style.allow_widen:
                self.report_loss(site, WIDENED, "allow-widen", reason, host=pattern, adds=(names_below(domain),))
                return domain, ""
            self.report_loss(site, DROPPED, "wider-match", reason, "allow it with --allow-widen", host=pattern)
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


def _is_covered(site: PlanSite, plan: Plan) -> bool:
    """Return whether another site's whole domain, with a single zone, includes a site."""
    for wide in plan.sites:
        if (wide.zone, wide.scheme) != (site.zone, site.scheme) or wide.host == site.host:
            continue
        if split_registered(wide.host.text)[0] == "*" and wide.host.covers(site.host):
            return not any(s.zone != site.zone and wide.host.covers(s.host) for s in plan.sites)
    return False
