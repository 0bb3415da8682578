"""Make a plan: select, resolve references, fill templates, add warnings.

    plan = make_plan(load_catalog(), load_profile("contoso.toml"))

Each requirement is selected by its scenario or id (`_select`), resolved in its cloud, filled from the profile (`_fill`,
`_records`) and added to the plan; then the plan is checked as a whole (`_consistency`). Everything that the plan cannot
express exactly becomes a warning. Dated entries of the catalog (see `history.effective`) become dates of the plan
(`_dates`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from perimeter365.errors import UnknownNameError
from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import HOST, PREFIX, EntryDate
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import SYNTHETIC_ID, SetKey, natural
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import OUTBOUND, Flow, Party, Record, Requirement, Site
from perimeter365.plan._conditions import Conditions
from perimeter365.plan._consistency import check_consistency, without_conflicts
from perimeter365.plan._dates import attribute_dates, dates_of
from perimeter365.plan._exceptions import Exceptions, accept, in_force
from perimeter365.plan._fill import TemplateFiller
from perimeter365.plan._mail import with_mail_source
from perimeter365.plan._records import records
from perimeter365.plan._select import Selection
from perimeter365.plan.outbound import unselected
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty, PlanRecord, PlanSite, PlanWarning, WarningCode
from perimeter365.plan.profile import Profile


def make_plan(catalog: Catalog, profile: Profile, *, today: date | None = None) -> Plan:
    """Make the plan of a profile.

    Args:
        catalog: from `load_catalog`.
        profile: from `load_profile`.
        today: the day on which acknowledgements of the profile expire; None for today in UTC.

    Returns:
        A plan with flows, sites and records sorted by cloud and id. Equal arguments give equal plans.

    Raises:
        UnknownNameError: the profile names an id that the catalog does not have.
        ProfileError: an exclusion or adjustment of the profile has no effect.
        CatalogError: the catalog has no list for one of the profile's clouds.
        HostPatternError: a name of the profile does not fit a template of the catalog.
    """
    return _PlanBuilder(catalog, profile, today or datetime.now(UTC).date()).plan()


class _PlanBuilder:
    def __init__(self, catalog: Catalog, profile: Profile, today: date) -> None:
        self.catalog = catalog
        self.profile = profile
        self.today = today
        self.warnings: set[PlanWarning] = set()
        self.dates: set[EntryDate] = set()
        self.unset: dict[tuple[str, str], set[str]] = {}
        """Role and what it lacks -> the scenarios that need it: one decision a role."""
        self.filler = TemplateFiller(profile, self.warn)
        self.selection = Selection(catalog, profile, self.warn)
        self.conditions = Conditions(profile, self.selection.selects)
        self.exceptions = Exceptions(profile, catalog, self.warn)

    def plan(self) -> Plan:
        if self.catalog.not_in_force:
            self.warn("not-in-force", "catalog", self.catalog.not_in_force)
        flows: list[PlanFlow] = []
        sites: list[PlanSite] = []
        published: list[PlanRecord] = []
        for req in self.selection.requirements():
            if not self.is_needed(req) or self.exceptions.excluded(req):
                continue
            self.add_warnings(req)
            if isinstance(req, Flow):
                sent = with_mail_source(self.exceptions.adjusted(req), self.catalog, self.profile, self.warn)
                flows.extend(filter(None, [self.exceptions.flow(self.exceptions.named(self.flow(sent)))]))
            elif isinstance(req, Site):
                sites.extend(filter(self.exceptions.site, self.sites(req)))
            elif isinstance(req, Record):
                published.extend(records(req, self.filler, self.conditions, by_id=self.selection.by_id(req)))
        for endpoint_set in self.selection.announced_sets():
            flow = self.catalog.flow(endpoint_set)
            self.add_dates(flow, flow.destination)
        for (role, has), scenarios in self.unset.items():
            text = f"[roles] {role} has {has}; needed by {', '.join(sorted(scenarios))}"
            self.warn("role-unset", role, text, f"[roles] {role}")
        self.exceptions.check_used(flows)
        check_consistency(self.profile, flows, sites, self.warn)
        published = without_conflicts(self.profile, flows, published, self.warn)
        opened = {f.cloud for f in flows if f.direction == OUTBOUND and f.id.set_key}
        dates = [each for each in self.dates if self.exceptions.dated(each)]
        warnings = accept(self.profile, self.warnings, self.today)
        return Plan(
            organization=self.profile.name,
            profile_hash=self.profile.hash,
            versions={c: self.catalog.versions[c] for c in self.profile.clouds},
            flows=tuple(sorted(flows, key=lambda f: (f.cloud, natural(f.id)))),
            sites=tuple(sorted(sites, key=lambda s: (s.cloud, natural(s.id), s.host))),
            records=tuple(sorted(published, key=lambda r: (r.cloud, natural(r.id), r.name, r.value))),
            warnings=tuple(sorted(warnings, key=lambda w: (w.code, natural(w.id), w.message))),
            dates=tuple(sorted(dates, key=lambda d: (d.day, d.cloud, natural(d.id), d.value, d.state))),
            accept=in_force(self.profile, self.today),
            unselected={c: unselected(self.catalog, self.profile, c) for c in self.profile.clouds if c not in opened},
            settings=self.profile.targets,
        )

    def warn(self, code: WarningCode, about: str, message: str, remedy: str = "") -> None:
        self.warnings.add(PlanWarning(code=code, id=about, message=message, remedy=remedy))

    def is_needed(self, req: Requirement) -> bool:
        """Return False if a condition says that a requirement is not needed; note it.

        A requirement that is selected by its id is planned anyway. Each mail domain of a record has its own conditions
        (`_records`).
        """
        if isinstance(req, Record) or not (unmet := self.conditions.unmet(req)):
            return True
        chosen = self.selection.by_id(req)
        words = "planned because its id is selected, although" if chosen else "not planned, because"
        self.warn("not-needed", req.id, f"{words} {unmet}: {req.condition}".removesuffix(": "))
        return chosen

    def add_warnings(self, req: Requirement) -> None:
        """Add the warnings that the catalog has about a requirement."""
        if req.retired and not req.cloud.closed:
            self.warn("retired", req.id, f"Microsoft ended this on {req.retired}; plan it only if you still run it")
        if req.confidence == "low":
            self.warn("low-confidence", req.id, "not confirmed by the vendor's own page; check before you rely on it")
        elif req.confidence == "medium" and req.id.set_key:
            self.warn("assumed", req.id, self.provenance(req.cloud, req.id.set_key.number))
        elif req.confidence == "medium" and isinstance(req, Flow) and (req.source.sets or req.destination.sets):
            self.warn("assumed", req.id, "the page does not name the endpoint sets; the catalog assumes them")
        if isinstance(req, Flow) and req.edition == "earlier":
            self.warn(
                "edition", req.id, "planned in addition to the sources of the newest text: both published texts are in force"
            )
        if req.row in (16, 17):
            self.warn("row-reference", req.id.scope, "the page refers to row 14 for more hosts; it means row 15")

    def provenance(self, cloud: Cloud, number: int) -> str:
        """Return the reason why an endpoint set of the catalog is only medium sure."""
        known = self.catalog.provenance.get(cloud)
        if known and (entries := known.assigned.get(number)):
            shown = ", ".join(entries[:3]) + (f" and {len(entries) - 3} more" if len(entries) > 3 else "")
            return f"{shown}: the source names the service area only; the catalog assigns the set and its ports"
        return "the list was read from a copy of the vendor's documentation, not from the web service"

    def add_dates(self, req: Requirement, party: Party, *, named: bool = True) -> None:
        """Add the dated entries of an external end, as far as the plan uses them."""
        for each in dates_of(self.catalog, req, party.sets, party.hosts, party.prefixes):
            if named if each.kind == HOST else self.profile.ipv6 or ":" not in each.value:
                self.dates.add(each)

    # -- flows and sites ---------------------------------------------------------------------------------

    def flow(self, req: Flow) -> PlanFlow:
        source, destination = self.party(req, req.source), self.party(req, req.destination)
        self.add_dates(req, req.source, named=req.direction != "inbound")
        self.add_dates(req, req.destination)
        numbers = {*req.source.sets, *req.destination.sets}
        if req.direction == OUTBOUND and destination.unaddressed:
            kept = tuple(h for h in destination.unaddressed if self.exceptions.keeps(req.id, h))
            destination = replace(destination, unaddressed=kept)
            taken = list(self.sets_with_addresses(req, destination))
            destination = self.with_addresses(req, destination, taken)
            numbers.update(each.id for each in taken)
        sets = tuple(SetKey.of(req.cloud, n) for n in sorted(numbers))
        former = self.selection.former(req)
        self.dates.update(attribute_dates(req, former))
        whole = any(self.catalog.flow(s).tls_inspection == "off" for s, _ in former)
        planned = PlanFlow.of(
            req,
            sets=sets,
            source=source,
            destination=destination,
            former=tuple(dict.fromkeys((s.area, s.category) for s, _ in former)),
            tls_inspection="off" if whole else req.tls_inspection,
        )
        self.add_flow_warnings(req, planned)
        return planned

    def add_flow_warnings(self, req: Flow, planned: PlanFlow) -> None:
        """Add the warnings about missing ports, and hosts without addresses."""
        if any(n >= SYNTHETIC_ID for n in (*req.source.sets, *req.destination.sets)):
            self.warn(
                "synthetic-set", req.id, "from a page of its own, not from the web service; its number here is synthetic"
            )
        if not (req.tcp or req.udp):
            self.warn(
                "no-ports",
                req.id,
                "the source states no port; rules for firewalls leave the flow out instead of opening all ports",
                "[[adjust]] tcp or udp",
            )
        if planned.theirs and (bare := planned.theirs.unaddressed):
            names = ", ".join(h.text for h in bare[:3]) + (", …" if len(bare) > 3 else "")
            hosts = "one host" if len(bare) == 1 else f"{len(bare)} hosts"
            elsewhere = [s.key for s in self.sets_with(req.cloud, bare) if self.family(s.prefixes)]
            hint = f"; {' and '.join(elsewhere)} has them with addresses for other ports" if elsewhere else ""
            self.warn("hosts-without-prefixes", req.id, f"{hosts} without an address: {names}{hint}")

    def sets_with_addresses(self, req: Flow, party: PlanParty) -> Iterator[EndpointSet]:
        """Yield the endpoint sets that have the addresses of a row's hosts.

        A row lists names; if a set with prefixes lists the same name for the same ports, its prefixes are its addresses.
        """
        if not (req.tcp or req.udp) or req.id.set_key:
            return
        for each in self.sets_with(req.cloud, party.unaddressed):
            if self.family(each.prefixes) and not (req.tcp - each.tcp or req.udp - each.udp):
                yield each

    def sets_with(self, cloud: Cloud, hosts: Iterable[HostPattern]) -> list[EndpointSet]:
        """Return the endpoint sets that list one of some hosts, in order."""
        found = {each.id: each for host in hosts for each in self.catalog.sets_with(cloud, host)}
        return [found[number] for number in sorted(found)]

    def with_addresses(self, req: Flow, party: PlanParty, taken: Iterable[EndpointSet]) -> PlanParty:
        """Return an end with the addresses of sets; report the assumption."""
        for each in taken:
            found = [h for h in party.unaddressed if any(named.covers(h) for named in each.hosts)]
            names = ", ".join(h.text for h in found[:3]) + (", …" if len(found) > 3 else "")
            self.warn(
                "assumed", req.id, f"the addresses of {names} are those of {each.key}, which lists the name for these ports"
            )
            for entry in dates_of(self.catalog, req, (each.id,)):
                if entry.kind == PREFIX and (self.profile.ipv6 or ":" not in entry.value):
                    self.dates.add(entry)
            party = replace(
                party,
                prefixes=party.prefixes | self.family(each.prefixes),
                unaddressed=tuple(h for h in party.unaddressed if h not in found),
            )
        return party

    def party(self, req: Flow, party: Party) -> PlanParty:
        """Resolve an end: references, templates, and the profile's addresses of its role."""
        sources: list[Party | EndpointSet] = [party, *self.resolve(req, party.sets)]
        # The names of a set are destinations: as the source of an inbound flow, a set is its addresses only.
        named = sources[:1] if req.direction == "inbound" and party is req.source else sources
        parts = [(tuple(self.hosts(req, s.hosts)) if s in named else (), self.family(s.prefixes)) for s in sources]
        hosts = {host for part, _ in parts for host in part}
        prefixes = PrefixSet()
        for _, some in parts:
            prefixes |= some
        if not party.ours:
            return PlanParty(role=party.role, hosts=tuple(sorted(hosts)), prefixes=prefixes, unaddressed=_unaddressed(parts))
        own = self.filler.role_hosts(party.role)
        inside = self.family(own.inside)
        internal = req.direction == "internal" and bool(inside)  # it never crosses the NAT
        if own.only_side and own.prefixes:
            other = "public" if own.only_side == "inside" else "inside"
            text = f"[roles.{party.role}] has no {other} addresses: the {own.only_side} ones are assumed for both sides"
            self.warn("assumed", party.role, text, f"[roles.{party.role}] {other}")
        prefixes |= inside if internal else self.family(own.prefixes)
        if not party.hosts:
            hosts.update(own.hosts)
        if not prefixes:
            has = "only IPv6 addresses, and ipv6 is false" if own.prefixes else "no address"
            self.unset.setdefault((party.role, has), set()).add(req.scenario)
        inside = PrefixSet() if internal else inside
        return PlanParty(role=party.role, hosts=tuple(sorted(hosts)), prefixes=prefixes, inside=inside)

    def hosts(self, req: Requirement, hosts: Iterable[HostPattern]) -> Iterator[HostPattern]:
        """Yield hosts with their templates filled from the profile."""
        return self.filler.hosts(req, hosts, self.conditions.domains(req))

    def family(self, prefixes: PrefixSet) -> PrefixSet:
        """Return the addresses of the families that the profile uses."""
        return prefixes if self.profile.ipv6 else prefixes.family(4)

    def resolve(self, req: Requirement, numbers: Iterable[int]) -> Iterator[EndpointSet]:
        """Yield the endpoint sets that a requirement refers to, and warn of missing ones."""
        for key in (SetKey.of(req.cloud, number) for number in numbers):
            try:
                yield self.catalog.endpoint_set(key)
            except UnknownNameError:
                if self.catalog.dates.get(key):
                    continue  # it is announced, which the dates of the plan report
                self.warn("unresolved-reference", req.id, f"endpoint set {key} is not in the list any more")

    def sites(self, req: Site) -> Iterator[PlanSite]:
        hosts = set(self.hosts(req, req.hosts))
        for endpoint_set in self.resolve(req, req.sets):
            hosts.update(self.hosts(req, endpoint_set.hosts))
        self.dates.update(d for d in dates_of(self.catalog, req, req.sets, req.hosts) if d.kind == HOST)
        for host in sorted(hosts):
            yield PlanSite.of(req, host=host)


def _unaddressed(parts: Iterable[tuple[tuple[HostPattern, ...], PrefixSet]]) -> tuple[HostPattern, ...]:
    """Return the hosts whose addresses are not published.

    In a part (an endpoint set, or the lists of the fact itself) with prefixes, these are the addresses of its hosts. The
    result has the hosts of parts without prefixes that no pattern of another part covers.
    """
    bare: set[HostPattern] = set()
    covered: set[HostPattern] = set()
    for hosts, prefixes in parts:
        (covered if prefixes else bare).update(hosts)
    return tuple(sorted(host for host in bare if not any(other.covers(host) for other in covered)))
