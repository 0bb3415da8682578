"""Makes the plan: select, resolve references, fill templates, and say what a reader has to know.

    plan = make_plan(load_catalog(), load_profile("contoso.toml"))

Each requirement is selected by its scenario or its id (`_select`), resolved in its cloud, filled from the profile
(`_fill`, `_records`) and put into the plan; at the end the plan is looked over as a whole (`_overlook`). Whatever cannot
be said exactly becomes a warning, never silence. Where the catalog says that entries are there for a time only (see
`history.effective`), the plan says so too (`_dates`).
"""

from collections.abc import Iterable, Iterator

from perimeter365.errors import UnknownNameError
from perimeter365.model.catalog import Catalog
from perimeter365.model.effective import EntryDate
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import SYNTHETIC_ID, SetKey, natural
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import Flow, Party, Record, Requirement, Site
from perimeter365.plan._dates import dates_of
from perimeter365.plan._fill import Filler
from perimeter365.plan._overlook import overlook
from perimeter365.plan._records import records
from perimeter365.plan._select import coming, select
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty, PlanRecord, PlanSite, PlanWarning, WarningCode
from perimeter365.plan.profile import Profile


def make_plan(catalog: Catalog, profile: Profile) -> Plan:
    """The plan of a profile.

    Args:
        catalog: from `load_catalog`.
        profile: from `load_profile`.

    Returns:
        Flows, sites and records sorted by cloud and id, with warnings. The same arguments give an equal plan.

    Raises:
        UnknownNameError: the profile names an id that the catalog does not have.
        CatalogError: the catalog has no list for one of the profile's clouds.
        HostPatternError: a name of the profile does not fit a template of the catalog.
    """
    return _Maker(catalog, profile).plan()


class _Maker:
    def __init__(self, catalog: Catalog, profile: Profile) -> None:
        self.catalog = catalog
        self.profile = profile
        self.warnings: set[PlanWarning] = set()
        self.dates: set[EntryDate] = set()
        self.filler = Filler(profile, self.warn)

    def plan(self) -> Plan:
        if self.catalog.not_in_force:
            self.warn("not-in-force", "catalog", self.catalog.not_in_force)
        flows: list[PlanFlow] = []
        sites: list[PlanSite] = []
        published: list[PlanRecord] = []
        for req in select(self.catalog, self.profile, self.warn):
            self.notice(req)
            if isinstance(req, Flow):
                flows.append(self.flow(req))
            elif isinstance(req, Site):
                sites.extend(self.sites(req))
            elif isinstance(req, Record):
                published.extend(records(req, self.filler))
        for endpoint_set in coming(self.catalog, self.profile):
            flow = self.catalog.flow(endpoint_set)
            self.notice_dates(flow, flow.destination)
        overlook(self.profile, flows, sites, published, self.warn)
        return Plan(
            organization=self.profile.name,
            profile_hash=self.profile.hash,
            versions={c: self.catalog.versions[c] for c in self.profile.clouds},
            flows=tuple(sorted(flows, key=lambda f: (f.cloud, natural(f.id)))),
            sites=tuple(sorted(sites, key=lambda s: (s.cloud, natural(s.id), s.host))),
            records=tuple(sorted(published, key=lambda r: (r.cloud, natural(r.id), r.name, r.value))),
            warnings=tuple(sorted(self.warnings, key=lambda w: (w.code, natural(w.id), w.message))),
            dates=tuple(sorted(self.dates, key=lambda d: (d.day, d.cloud, natural(d.id), d.value, d.state))),
        )

    def warn(self, code: WarningCode, about: str, message: str) -> None:
        self.warnings.add(PlanWarning(code=code, id=about, message=message))

    def notice(self, req: Requirement) -> None:
        """What the catalog knows about a requirement that its reader should."""
        if req.retired and not req.cloud.closed:
            self.warn("retired", req.id, f"Microsoft ended this on {req.retired}; plan it only if you still run it")
        if req.confidence == "low":
            self.warn("low-confidence", req.id, "not confirmed by the vendor's own page; check before you rely on it")
        elif req.confidence == "medium" and isinstance(req, Flow) and (req.source.sets or req.destination.sets):
            self.warn("assumed", req.id, "the page does not say which endpoint sets are meant; the catalog assumes them")
        if isinstance(req, Flow) and req.edition == "earlier":
            self.warn("edition", req.id, "planned besides the newest text's sources: both published texts are in force")
        if req.row in (16, 17):
            self.warn("row-reference", req.id.scope, "the page refers to row 14 for more hosts; it means row 15")

    def notice_dates(self, req: Requirement, party: Party, *, named: bool = True) -> None:
        """Note which entries of an end that is not ours are here for a time only; of what the plan has of it."""
        for each in dates_of(self.catalog, req, party.sets, party.hosts, party.prefixes):
            if named if each.is_host else self.profile.ipv6 or ":" not in each.value:
                self.dates.add(each)

    # -- flows and sites ---------------------------------------------------------------------------------

    def flow(self, req: Flow) -> PlanFlow:
        source, destination = self.party(req, req.source), self.party(req, req.destination)
        self.notice_dates(req, req.source, named=req.direction != "inbound")
        self.notice_dates(req, req.destination)
        sets = tuple(SetKey.of(req.cloud, n) for n in sorted({*req.source.sets, *req.destination.sets}))
        planned = PlanFlow.of(req, sets=sets, source=source, destination=destination)
        self.notice_flow(req, planned)
        return planned

    def notice_flow(self, req: Flow, planned: PlanFlow) -> None:
        """What a flow does not say: its ports, or addresses for all of its hosts."""
        if any(n >= SYNTHETIC_ID for n in (*req.source.sets, *req.destination.sets)):
            self.warn("synthetic-set", req.id, "Microsoft publishes this list without a number; the number is ours")
        if not (req.tcp or req.udp):
            self.warn("no-ports", req.id, "the source gives no port; firewalls leave it out rather than open all of them")
        if planned.theirs and (bare := planned.theirs.unaddressed):
            names = ", ".join(h.text for h in bare[:3]) + (", …" if len(bare) > 3 else "")
            hosts = "one host" if len(bare) == 1 else f"{len(bare)} hosts"
            elsewhere = [s.key for s in self.catalog.endpoint_sets(req.cloud) if self.family(s.prefixes) and _names(s, bare)]
            hint = f"; {' and '.join(elsewhere)} may hold its addresses" if elsewhere else ""
            self.warn("hosts-without-prefixes", req.id, f"{hosts} without an address: {names}{hint}")

    def party(self, req: Flow, party: Party) -> PlanParty:
        """An end with its references resolved, its templates filled, and, if it is ours, the profile's own hosts."""
        sources: list[Party | EndpointSet] = [party, *self.resolve(req, party.sets)]
        # A set's names are what clients call: as the source of an inbound flow it is its addresses alone.
        named = sources[:1] if req.direction == "inbound" and party is req.source else sources
        parts = [(tuple(self.filler.hosts(req, s.hosts)) if s in named else (), self.family(s.prefixes)) for s in sources]
        hosts = {host for part, _ in parts for host in part}
        prefixes = PrefixSet()
        for _, some in parts:
            prefixes |= some
        if not party.ours:
            return PlanParty(role=party.role, hosts=tuple(sorted(hosts)), prefixes=prefixes, unaddressed=_unaddressed(parts))
        own = self.filler.own(party.role)
        prefixes |= self.family(own.prefixes)
        if not party.hosts:
            hosts.update(own.hosts)
        if not prefixes:
            why = " but IPv6 ones, and ipv6 is off" if own.prefixes else ""
            self.warn("role-unset", party.role, f"[roles] {party.role} has no address{why}; needed by {req.scenario}")
        return PlanParty(role=party.role, hosts=tuple(sorted(hosts)), prefixes=prefixes)

    def family(self, prefixes: PrefixSet) -> PrefixSet:
        """Those of the families that the profile has."""
        return prefixes if self.profile.ipv6 else prefixes.family(4)

    def resolve(self, req: Requirement, numbers: Iterable[int]) -> Iterator[EndpointSet]:
        """The endpoint sets that a requirement points at; a warning for one that the list has dropped."""
        for key in (SetKey.of(req.cloud, number) for number in numbers):
            try:
                yield self.catalog.endpoint_set(key)
            except UnknownNameError:
                if self.catalog.dates.get(key):
                    continue  # it is not in use yet, which the plan's dates say
                self.warn("unresolved-reference", req.id, f"endpoint set {key} is not in the list any more")

    def sites(self, req: Site) -> Iterator[PlanSite]:
        hosts = set(self.filler.hosts(req, req.hosts))
        for endpoint_set in self.resolve(req, req.sets):
            hosts.update(self.filler.hosts(req, endpoint_set.hosts))
        self.dates.update(d for d in dates_of(self.catalog, req, req.sets, req.hosts) if d.is_host)
        for host in sorted(hosts):
            yield PlanSite.of(req, host=host)


def _unaddressed(parts: Iterable[tuple[tuple[HostPattern, ...], PrefixSet]]) -> tuple[HostPattern, ...]:
    """The hosts that no address stands for: of a part without prefixes, and inside of no pattern of a part with some.

    In a part (an endpoint set, or what the fact itself lists) the prefixes stand for its hosts: either is enough.
    """
    bare: set[HostPattern] = set()
    covered: set[HostPattern] = set()
    for hosts, prefixes in parts:
        (covered if prefixes else bare).update(hosts)
    return tuple(sorted(host for host in bare if not any(other.covers(host) for other in covered)))


def _names(endpoint_set: EndpointSet, hosts: Iterable[HostPattern]) -> bool:
    return any(named.covers(host) for host in hosts for named in endpoint_set.hosts)
