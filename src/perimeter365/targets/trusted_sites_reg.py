r"""Windows: trusted and intranet sites as a .reg file.

The zones apply to Internet Explorer mode, WebDAV and Office.
Output: `trusted-sites.reg`; `trusted-sites-left.cmd` removes what earlier files of the folder set and this one does not,
`trusted-sites-remove.cmd` removes everything.

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
`scope=machine` is for all users. `esc=on` adds the entries for servers with enhanced security (EscDomains). Standard users
cannot write policies, so an administrator imports them, also for `scope=user`.
Only values of these files are removed, and keys of single hosts that are empty then, since they would hide the entry of a
domain. The value that enables the policy's list stays: an organization's own list needs it. Another folder does not know the
earlier values: remove them first.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from perimeter365.model.host import EXACT, SUFFIX, HostPattern
from perimeter365.plan.plan import Plan, PlanSite
from perimeter365.targets._bases import registry_values as registry
from perimeter365.targets._bases.hosts import split_registered
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.target import (
    DROPPED,
    NARROWED,
    WIDENED,
    Artifact,
    Capabilities,
    Option,
    RenderResult,
    Target,
    names_below,
)

ZONES = {"intranet": 1, "trusted": 2}
_PAGES = "https://learn.microsoft.com/previous-versions/troubleshoot/browsers/security-privacy"
HIVES = {"user": "HKEY_CURRENT_USER", "machine": "HKEY_LOCAL_MACHINE"}

Entries = dict[tuple[str, str], dict[str, list[PlanSite]]]
"""Sites of one zone by registered domain, the part below it (`contoso`, `*.teams`; "" = whole domain) and scheme."""


class TrustedSitesReg(Target):
    """Registry files with the zones of sites."""

    name = "trusted-sites-reg"
    side = "none"
    title = "Windows trusted sites (.reg)"
    kind = "client"
    vendor_page = f"{_PAGES}/ie-security-zones-registry-entries"
    proof = "consumer"
    proof_detail = "Wine imports and returns every value, and its MapUrlToZone agrees with the preference"
    capabilities = Capabilities(hosts=(EXACT, SUFFIX), sites=True)
    options = {
        "scope": Option(default="user", choices=tuple(HIVES), help="for the user who imports it, or for all users"),
        "form": Option(default="preference", choices=("both", "preference", "policy"), help="registry keys to write"),
        "esc": Option(default="off", choices=("off", "on"), help="on: also for servers with enhanced security"),
    }
    comment = ";"
    keeps = True
    kept_names = registry.KEPT
    kept_most = 1
    manual = Manual(
        where="Command Prompt of the user; of an administrator for scope=machine, and for policies",
        install=("reg import trusted-sites.reg",),
        update=("reg import trusted-sites.reg", "trusted-sites-left.cmd"),
        remove=("trusted-sites-remove.cmd",),
    )
    tried = tried(program("Wine 8.0"))

    def besides(self) -> str:
        """Return what the list of the policy disables, and what it enables."""
        said = "Windows ignores the entries of users while the policy's list is on; it also switches on a list that is there"
        return "" if self.option("form") == "preference" else said

    def render(self, plan: Plan) -> RenderResult:
        """Make the files, the .reg file in UTF-16 with a byte order mark, as Windows does."""
        rendered = super().render(plan)
        setting, *others = rendered.artifacts
        setting = replace(setting, content=b"\xff\xfe" + setting.content.decode().encode("utf-16-le"))
        return replace(rendered, artifacts=(setting, *others))

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the file, and those that remove values."""
        values = dict(self._values(self._entries(plan)))
        left = registry.left(self.style.kept, values)
        self.kept.update(registry.kept(values, left))
        lines = ["Windows Registry Editor Version 5.00", "", *self.header(plan), *registry.settings(values), ""]
        yield registry.windows_file("trusted-sites.reg", lines, len(values))
        for name, places in ("left", left), ("remove", [*values, *left]):
            head = self.header(plan, load="update" if name == "left" else "remove")
            commands = registry.removal(places)
            lines = ["@echo off", *registry.remarks(line[2:] for line in head), *commands, "exit /b 0"]
            yield registry.windows_file(f"trusted-sites-{name}.cmd", lines, len(places))

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

    def _values(self, entries: Entries) -> Iterator[tuple[registry.Place, registry.Setting]]:
        """Yield values by key and name, each with its data and the ids of requirements."""
        hive, form = HIVES[self.option("scope")], self.option("form")
        branches = {"off": ["Domains"], "on": ["Domains", "EscDomains"]}[self.option("esc")]
        found = [
            registry.ZoneEntry(domain=domain, below=below, scheme=scheme, zone=ZONES[sites[0].zone], ids=_ids(sites))
            for (domain, below), schemes in sorted(entries.items())
            for scheme, sites in sorted(schemes.items())
        ]
        for branch in branches if form != "policy" else ():
            yield from registry.preferences(hive, branch, found)
        if form != "preference" and entries:
            yield from registry.policies(hive, found)


def _ids(sites: Iterable[PlanSite]) -> str:
    return ", ".join(sorted({site.id for site in sites}))


def _is_covered(site: PlanSite, plan: Plan) -> bool:
    """Return whether another site's whole domain, with a single zone, includes a site."""
    for wide in plan.sites:
        if (wide.zone, wide.scheme) != (site.zone, site.scheme) or wide.host == site.host:
            continue
        if split_registered(wide.host.text)[0] == "*" and wide.host.covers(site.host):
            return not any(s.zone != site.zone and wide.host.covers(s.host) for s in plan.sites)
    return False
