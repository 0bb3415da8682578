r"""The rows of the page as endpoint sets: what /extended adds to the mirror.

    profile = asked_profile(catalog, cloud, ("row/6",))
    rows = row_sets(catalog, profile, cloud, catalog.endpoint_sets(cloud))
    rows.items[0]["id"], rows.items[0]["sourceIps"][0]          (10060, '13.107.6.152/31')

A set is one flow of the plan. Clients that take every set open `urls` and `ips` on the ports, so:

    outbound flow      its destinations are `urls` and `ips`
    inbound flow       its sources are `sourceUrls` and `sourceIps`; it has no `urls` and no `ips`
    internal flow      no set
    endpoint sets      a flow can need the destinations of an endpoint set. If that is in the same answer with all ports of
                       the flow, they are not repeated, and `sets` has its number; so has that of a set with the addresses
                       of the flow's names. Sources are always written out
    template           filled with the tenant and the mail domains; without them `*`, as in Microsoft's own sets, if the
                       pattern is not one that anyone can register names under
    left out           a flow without ports, and one whose other end is anyone, or has no known name or address:
                       `RowSets.left_out`

`notes` is text of this project: the two ends, the condition, the paths, and what is uncertain.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from perimeter365.errors import HostPatternError
from perimeter365.model.area import Area
from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.host import TEMPLATE, HostPattern
from perimeter365.model.never import host_problem
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import INBOUND, INTERNAL, OUTBOUND, Flow
from perimeter365.model.role import role
from perimeter365.model.suffixes import private_suffix
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import PlanFlow
from perimeter365.plan.profile import Profile
from perimeter365.web.row_numbers import numbers_of, set_id
from perimeter365.wire.names import AREA_NAMES, AREAS, CATEGORIES

ROW_KEYS = ("direction", "scenario", "row", "flow", "sets", "sourceUrls", "sourceIps")
"""The keys that only the sets of rows have, after those of the web service."""

_AREAS: Mapping[str, Area] = {
    "pst-import": "exchange",
    "unified-messaging-sbc": "exchange",
    "mailbox-migration": "exchange",
    "exchange-hybrid-coexistence": "exchange",
    "exchange-hybrid-sts": "exchange",
    "hybrid-configuration-wizard": "exchange",
    "outlook-mobile-autodetect": "exchange",
    "exchange-hybrid-agent": "exchange",
    "skype-legacy-client": "teams",
    "skype-hybrid": "teams",
    "skype-cloud-pstn": "teams",
    "teams-direct-routing": "teams",
    "teams-mobile-push": "teams",
    "stream-classic": "sharepoint",
}
"""Scenario -> service area of its sets; the others are `common`."""

_VARIABLES = {"tenant": "the tenant", "email_domain": "the mail domain"}
"""Variables that a star can stand for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RowSets:
    """The sets of the flows of some rows, in one cloud."""

    items: tuple[Mapping[str, Any], ...] = ()
    """Items of /extended/endpoints, ascending by id; keys with empty values are left out."""
    left_out: tuple[str, ...] = ()
    """The ids of outbound and inbound flows that cannot be said as a set."""


def unasked_flows(catalog: Catalog, cloud: Cloud) -> tuple[str, ...]:
    """Return the ids of the flows that every network needs.

    They are not retired, not on request, without a condition and without a wildcard over names of other customers.
    """

    def everywhere(flow: Flow) -> bool:
        listed = [s for s in catalog.endpoint_sets(cloud) if s.id in flow.destination.sets]
        hosts = [*flow.destination.hosts, *(host for each in listed for host in each.hosts)]
        return not (
            flow.retired or flow.on_request or flow.condition or flow.needs or flow.unless or any(map(private_suffix, hosts))
        )

    rows = [row for row in catalog.rows.values() if not row.retired]
    return tuple(f.id for row in rows for f in row.flows if f.cloud == cloud and f.direction != INTERNAL and everywhere(f))


def asked_profile(
    catalog: Catalog, cloud: Cloud, scenarios: Iterable[str] | None, *, tenant: str = "", ipv6: bool = True
) -> Profile:
    """Return the profile of a request that names scenarios.

    Args:
        catalog: the lists and rows.
        cloud: the cloud of the request.
        scenarios: names as in [select] scenarios; None for the flows that every network needs.
        tenant: the name of the tenant; "" if it is not known.
        ipv6: whether IPv6 addresses are wanted.

    Raises ProfileError if a value is not allowed in a profile.
    """
    chosen = unasked_flows(catalog, cloud) if scenarios is None else tuple(scenarios)
    return Profile(clouds=(cloud,), service_areas=(), scenarios=chosen, tenant=tenant, ipv6=ipv6)


def row_sets(
    catalog: Catalog, profile: Profile, cloud: Cloud, listed: Iterable[EndpointSet], *, today: date | None = None
) -> RowSets:
    """Return the sets of the flows that a profile selects.

    Args:
        catalog: the lists and rows.
        profile: selects the rows, and fills their templates.
        cloud: one of the profile's clouds.
        listed: the endpoint sets that are in the same answer.
        today: as for `make_plan`.

    Raises UnknownNameError, ProfileError, HostPatternError or CatalogError: as `make_plan`.
    """
    known = {(f.id, f.cloud): f for row in catalog.rows.values() for f in row.flows}
    numbers = {
        row.number: numbers_of(row.number, (f.id.rpartition("/")[2] for f in row.flows if f.direction != INTERNAL))
        for row in catalog.rows.values()
    }
    present = {each.id: each for each in listed}
    items, left_out = [], []
    for flow in make_plan(catalog, profile, today=today).flows:
        if flow.cloud != cloud or flow.row is None or flow.direction == INTERNAL:
            continue
        item = _item(known[flow.id, cloud], flow, _sets(catalog, flow), present, profile)
        if item is None:
            left_out.append(flow.id)
        else:
            items.append({"id": set_id(flow.row, numbers[flow.row][flow.id.rpartition("/")[2]]), **item})
    return RowSets(items=tuple(sorted(items, key=lambda item: item["id"])), left_out=tuple(left_out))


def _sets(catalog: Catalog, flow: PlanFlow) -> list[EndpointSet]:
    """Return the endpoint sets that a planned flow was resolved from."""
    numbers = {key.number for key in flow.sets}
    return [each for each in catalog.endpoint_sets(flow.cloud) if each.id in numbers]


def _item(
    req: Flow, flow: PlanFlow, sets: list[EndpointSet], present: Mapping[int, EndpointSet], profile: Profile
) -> dict[str, Any] | None:
    """Return the item of a flow without its id; None if it cannot be said as a set."""
    theirs = flow.theirs
    if theirs is None or theirs.anyone or not (flow.tcp or flow.udp):
        return None
    stars = dict(_starred(req.source.hosts if flow.direction == INBOUND else req.destination.hosts, profile))
    shared = sorted({h.text for h in theirs.hosts if flow.direction == OUTBOUND and private_suffix(h)})
    area = AREAS[_AREAS.get(flow.scenario, "common")]
    hosts, prefixes, covered = theirs.hosts, theirs.prefixes, []
    if flow.direction == OUTBOUND:
        covered = [s for s in sets if s.id in present and flow.tcp <= s.tcp and flow.udp <= s.udp]
        needed = [s for s in sets if s.id in req.destination.sets and s not in covered]
        hosts, prefixes = _own(req, flow, needed, covered)
    urls = sorted({h.text for h in hosts} | {h.text for h in stars})
    ips = [str(prefix) for prefix in prefixes]
    if not (urls or ips or covered):
        return None
    outbound = flow.direction == OUTBOUND
    made: dict[str, Any] = {
        "serviceArea": area,
        "serviceAreaDisplayName": AREA_NAMES[area],
        "urls": urls if outbound else [],
        "ips": ips if outbound else [],
        "tcpPorts": str(flow.tcp),
        "udpPorts": str(flow.udp),
        "expressRoute": bool(req.express_route),
        "category": CATEGORIES["default"],
        "required": flow.required,
        "notes": " ".join(_notes(req, flow, stars, shared, covered)),
        "direction": flow.direction,
        "scenario": flow.scenario,
        "row": flow.row,
        "flow": flow.id,
        "sets": [each.id for each in covered],
        "sourceUrls": [] if outbound else urls,
        "sourceIps": [] if outbound else ips,
    }
    return {key: value for key, value in made.items() if value not in ("", [])}


def _own(
    req: Flow, flow: PlanFlow, others: list[EndpointSet], covered: list[EndpointSet]
) -> tuple[tuple[HostPattern, ...], PrefixSet]:
    """Return the destinations that the set of a row has to have.

    They are those that the row lists, and those of sets that it needs and that are not in the answer.
    """
    elsewhere = {host for each in covered for host in each.hosts}
    named = {*req.destination.hosts, *(host for each in others for host in each.hosts)}
    space = req.destination.prefixes
    for each in others:
        space |= each.prefixes
    hosts = tuple(h for h in flow.destination.hosts if h in named or h not in elsewhere)
    return hosts, flow.destination.prefixes & space


def _starred(hosts: Iterable[HostPattern], profile: Profile) -> Iterator[tuple[HostPattern, str]]:
    """Yield patterns for the templates that a profile does not fill.

    Each comes with what its star stands for.
    """
    known = {"tenant": profile.tenant, "email_domain": profile.email_domains}
    for host in hosts:
        if host.kind != TEMPLATE or len(host.variables) != 1 or known.get(host.variables[0], "other"):
            continue
        name = host.variables[0]
        try:
            pattern = HostPattern(host.text.replace(f"<{name}>", "*"))
        except HostPatternError:
            continue  # not a pattern of the grammar, so it is left out, as in the plan
        if not (host_problem(pattern) or private_suffix(pattern)):
            yield pattern, _VARIABLES[name]


def _notes(
    req: Flow, flow: PlanFlow, stars: Mapping[HostPattern, str], shared: list[str], covered: list[EndpointSet]
) -> Iterator[str]:
    yield f"Source: {role(flow.source.role).title}. Destination: {role(flow.destination.role).title}."
    if flow.condition:
        yield flow.condition
    named = [str(each.id) for each in covered if each.id in req.destination.sets]
    if named:
        yield f"Needs the destinations of {_words('endpoint set', named)} too."
    if found := [str(each.id) for each in covered if str(each.id) not in named]:
        yield f"The addresses of some names are in {_words('endpoint set', found)}."
    if flow.path:
        yield f"Only the {_words('path', flow.path)}."
    if shared:
        yield f"Also names of other customers: {', '.join(shared)}."
    for pattern, meaning in stars.items():
        yield f"In {pattern}, * stands for {meaning}."
    if req.edition:
        yield f"Listed by the {req.edition} published text."
    if flow.confidence == "low":
        yield "Not confirmed by the vendor."
    if flow.retired:
        yield f"Ended on {flow.retired}."


def _words(noun: str, values: Iterable[str]) -> str:
    found = list(values)
    return f"{noun}{'s' * (len(found) > 1)} {', '.join(found)}"


def for_areas(rows: RowSets, areas: Iterable[str]) -> RowSets:
    """Return the sets of some service areas, by their names in the web service."""
    wanted = set(areas)
    return replace(rows, items=tuple(item for item in rows.items if item["serviceArea"] in wanted))
