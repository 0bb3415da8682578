"""The plan: flows, sites, records and warnings of one organization.

References are resolved and templates filled, except for values that only the administrators of the tenant know. A plan is
sorted: the same catalog and profile give the same bytes of `to_json`.

Plans of synced lists can have dated entries (`dates`). They have their own day and do not depend on the current one: the
plans of two days are equal unless an entry was added, removed or came into use between them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Self, get_args

from perimeter365.model.as_dict import end_dict, fact_dict, plain
from perimeter365.model.catalog import CatalogVersion
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import AHEAD, ATTRIBUTES, KEPT, WAITING, EntryDate
from perimeter365.model.finding import Finding, Level
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import SetKey
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import Category, Fact, FlowEnd, FlowFact, RecordFact, SiteFact
from perimeter365.plan.choices import Acceptance, TargetSettings

NatSide = Literal["inside", "public", "original"]
NAT_SIDES: tuple[NatSide, ...] = get_args(NatSide)
"""Where a device compares the organization's own addresses: inside of the NAT, which are those that its hosts have; on the
public side, which are those that the internet sees; or in the original packet, before any translation: inside as a source,
public as a destination."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanParty(FlowEnd):
    """An end of a planned flow.

    If hosts and prefixes are empty, they are unknown, unless the role is `internet`.
    """

    inside: PrefixSet = PrefixSet()
    """The addresses that the organization's side of a NAT has; empty if they are those of `prefixes`, which are the
    addresses that the internet sees."""
    unaddressed: tuple[HostPattern, ...] = ()
    """The hosts whose addresses are not in `prefixes`, so a device that filters by address cannot cover them; () for own
    hosts."""

    def __post_init__(self) -> None:
        if self.anyone and (self.hosts or self.prefixes):
            raise ValueError(f"{self.role} is anyone: it has no hosts or prefixes")

    def to_dict(self) -> dict[str, Any]:
        """Return the party for JSON; `inside` only if it differs from `prefixes`."""
        return end_dict(self) | ({"inside": plain(self.inside)} if self.inside else {})

    def seen_from(self, side: NatSide) -> "PlanParty":
        """Return the party with the addresses of one side of a NAT.

        `original` is a side of whole flows only.
        """
        if not self.inside:
            return self
        return replace(self, prefixes=self.inside if side == "inside" else self.prefixes, inside=PrefixSet())


@dataclass(frozen=True, kw_only=True, slots=True)
class _PlanFact(Fact):
    """A requirement in a plan, resolved for one organization."""

    KEYS: ClassVar[tuple[str, ...]]
    """The keys of its JSON, in order; also the columns of tables of a whole plan."""

    @classmethod
    def of(cls, fact: Fact, **resolved: Any) -> Self:
        """Create the planned form of a requirement.

        Args:
            fact: the requirement, of the class that this class extends.
            resolved: the fields that differ from those of the requirement, or that it does not have.
        """
        names = {f.name for f in fields(cls) if hasattr(fact, f.name)} - resolved.keys()
        return cls(**{name: getattr(fact, name) for name in names}, **resolved)

    def to_dict(self) -> dict[str, Any]:
        """Return the item for JSON."""
        return fact_dict(self, self.KEYS)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanFlow(_PlanFact, FlowFact):
    """A flow of a plan, with resolved ends."""

    KEYS = (
        "id", "cloud", "scenario", "row", "sets", "direction", "source", "destination", "tcp", "udp", "path", "category",
        "required", "tls_inspection", "condition", "retired", "evidence",
    )  # fmt: skip

    sets: tuple[SetKey, ...]
    """The keys of the endpoint sets that it was resolved from: ("worldwide/1",)."""
    source: PlanParty
    destination: PlanParty
    former: tuple[tuple[str, Category | None], ...] = ()
    """Further service areas and categories that the endpoint set had, latest first, as long as their grace time lasts. What
    a target chooses by area or category is chosen by these too."""

    @property
    def classifications(self) -> tuple[tuple[str, Category | None], ...]:
        """The scenario and category, then the former ones that still count."""
        return ((self.scenario, self.category), *self.former)

    @property
    def categories(self) -> tuple[Category | None, ...]:
        """The category, then the former ones that still count; each once."""
        return tuple(dict.fromkeys(category for _, category in self.classifications))

    @property
    def theirs(self) -> PlanParty | None:
        """The external end; None for an internal flow."""
        if self.direction == "internal":
            return None
        return self.source if self.direction == "inbound" else self.destination

    @property
    def ours(self) -> PlanParty:
        """The organization's own end; the source of an internal flow."""
        return self.destination if self.direction == "inbound" else self.source

    def seen_from(self, side: NatSide) -> "PlanFlow":
        """Return the flow as a device on one side of a NAT compares its addresses.

        Internal flows never cross the NAT.
        """
        mine: NatSide = "inside" if self.direction == "internal" else side
        source = self.source.seen_from("inside" if mine == "original" else mine)
        ends = (source, self.destination.seen_from("public" if mine == "original" else mine))
        same = ends[0] is self.source and ends[1] is self.destination
        return self if same else replace(self, source=ends[0], destination=ends[1])

    def to_dict(self) -> dict[str, Any]:
        """Return the flow for JSON; `former` only if there are any."""
        found = {**_PlanFact.to_dict(self), "path": ",".join(self.path) or None}
        if self.former:
            found["former"] = [{"scenario": scenario, "category": category} for scenario, category in self.former]
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanSite(_PlanFact, SiteFact):
    """A host of a plan that browsers have to assign to a zone."""

    KEYS = ("id", "cloud", "scenario", "row", "host", "scheme", "zone", "cookies", "condition", "evidence")

    host: HostPattern


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanRecord(_PlanFact, RecordFact):
    """A DNS record of a plan, to publish or to resolve.

    A part of the value that only the admin center of the tenant shows stays as `<…>`.
    """

    KEYS = (
        "id", "cloud", "scenario", "name", "type", "value", "ttl", "duty", "required", "condition", "evidence",
    )  # fmt: skip

    name: str
    """Absolute, without the root dot: `autodiscover.contoso.com`."""
    zone: str
    """The mail domain that it belongs to; "" for a host name of a role, and for a name in another zone."""

    @property
    def complete(self) -> bool:
        """True if name and value have no unfilled part."""
        return "<" not in self.value + self.name


WarningCode = Literal[
    "role-unset", "role-name-unset", "template-unfilled", "record-conflict", "no-ports", "value-needed",
    "nothing-selected", "not-in-cloud", "unresolved-reference", "no-effect", "stale-catalog", "extra-needed",
    "low-confidence", "assumed", "edition", "shared-name", "shared-domain", "not-in-force", "closed-cloud", "synthetic-set",
    "unknown-in-cloud",
    "still-open",
    "accept-expired", "accept-unused", "retired", "left-out", "not-needed", "excluded", "adjusted", "catalog-age",
    "hosts-without-prefixes", "row-reference", "renamed",
]  # fmt: skip
"""The keys of `WARNINGS`, for mypy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanWarning(Finding):
    """A warning of a plan.

    Its code is a key of `WARNINGS`. Its id is that of a requirement, scenario, role, cloud or record, or `catalog` for all
    lists. Its remedy is the key or option that settles it.
    """

    code: WarningCode
    accepted: str = ""
    """The reason for which a person has acknowledged it; "" if no one has."""

    keys = {
        "code": "code",
        "id": "id",
        "message": "message",
        "level": "level",
        "remedy": "remedy",
        "accepted": "accepted",
    }

    def __post_init__(self) -> None:
        if self.code not in WARNINGS:
            raise ValueError(f"{self.code!r} is not the code of a warning")

    @property
    def level(self) -> Level:
        """`decide`, `check` or `note`."""
        return "decide" if self.code in DECIDE else "check" if self.code in CHECK else "note"

    @property
    def open(self) -> bool:
        """True if a person has to settle it and no one has acknowledged it."""
        return self.level == "decide" and not self.accepted


WARNINGS: Mapping[WarningCode, str] = {
    "role-unset": "the profile gives the role no address, so no rule can be written for it",
    "role-name-unset": "the profile gives the role no host name, so a template could not be filled",
    "template-unfilled": "a variable of a template has no value in the profile",
    "record-conflict": "a record that excludes another record, or gives away a name that the organization's hosts serve",
    "no-ports": "no port is known, so no rule can be written",
    "value-needed": "a value is known only to the organization",
    "nothing-selected": "the profile selects nothing",
    "not-in-cloud": "the catalog has nothing for a selected scenario in a selected cloud",
    "unresolved-reference": "a row refers to an endpoint set that is not in the list any more",
    "no-effect": "an exclusion or adjustment of the profile that changes nothing",
    "stale-catalog": "the last successful sync of a cloud is too old",
    "extra-needed": "a target needs a library that is not installed",
    "low-confidence": "the vendor does not confirm this fact",
    "assumed": "the vendor does not name the exact endpoint set; the catalog assumes one",
    "edition": "two published texts differ; the message states which one is in the plan",
    "shared-name": "a published host shares its name or address with a host that has wider sources",
    "shared-domain": "a wildcard that also matches names of other customers of the vendor",
    "not-in-force": "the plan does not use the lists in force, so another program can get another plan",
    "closed-cloud": "the cloud does not exist any more",
    "synthetic-set": "an endpoint set that the web service does not list; its number is synthetic",
    "unknown-in-cloud": "documented for other clouds only, so the plan may lack what this cloud needs",
    "still-open": "what the profile excludes is still open through another requirement",
    "accept-expired": "an acknowledgement whose day has passed",
    "accept-unused": "an acknowledgement that fits no warning",
    "retired": "Microsoft has ended the service that this is for",
    "left-out": "part of a selected scenario that is only planned by its id",
    "not-needed": "a condition says that the requirement is not needed",
    "excluded": "the profile excludes the requirement, or a part of it",
    "adjusted": "the profile changes source, ports or names of the requirement",
    "catalog-age": "the cloud is not followed: the age of its list",
    "hosts-without-prefixes": "hosts without a published address: a device that filters by address cannot cover them",
    "row-reference": "the page refers to another row by a wrong number",
    "renamed": "the selection has a former id of a requirement",
}
"""The meaning of each code: first those of `DECIDE`, then those of `CHECK`, then notes."""

DECIDE: frozenset[WarningCode] = frozenset(
    {
        "role-unset",
        "role-name-unset",
        "template-unfilled",
        "record-conflict",
        "no-ports",
        "value-needed",
        "nothing-selected",
        "not-in-cloud",
        "unresolved-reference",
        "no-effect",
        "stale-catalog",
        "extra-needed",
    }
)
"""The warnings that only a person can settle; `plan --strict` fails on them unless they are accepted."""

CHECK: frozenset[WarningCode] = frozenset(
    {
        "low-confidence",
        "assumed",
        "edition",
        "shared-name",
        "shared-domain",
        "not-in-force",
        "closed-cloud",
        "synthetic-set",
        "unknown-in-cloud",
        "still-open",
        "accept-expired",
        "accept-unused",
    }
)
"""The warnings that a person should look at. All others are notes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What the network of one organization has to provide."""

    organization: str
    profile_hash: str
    """Twelve hex digits of a hash of the profile's content, without its comments and order."""
    versions: Mapping[Cloud, CatalogVersion]
    """The versions of the catalog for the profile's clouds."""
    flows: tuple[PlanFlow, ...]
    sites: tuple[PlanSite, ...]
    records: tuple[PlanRecord, ...]
    warnings: tuple[PlanWarning, ...]
    dates: tuple[EntryDate, ...] = ()
    """The dated entries, sorted by day, each with the id of its requirement. An entry that the requirement also has from
    another source without a date is left out."""
    accept: tuple[Acceptance, ...] = ()
    """What the profile acknowledges, for the losses of targets. Not part of the JSON."""
    settings: Mapping[str, TargetSettings] = field(default_factory=lambda: MappingProxyType({}))
    """Target -> the profile's options for it. Not part of the JSON."""

    unselected: Mapping[Cloud, str] = field(default_factory=lambda: MappingProxyType({}), compare=False)
    """Cloud -> what its list has and what the profile selects, if the plan has no outbound flow of an endpoint set there.
    Not part of the JSON."""

    @property
    def decisions(self) -> tuple[PlanWarning, ...]:
        """The warnings that only a person can settle, and no one has acknowledged."""
        return tuple(w for w in self.warnings if w.open)

    @property
    def two_sided(self) -> bool:
        """True if some of the organization's addresses differ on the two sides of a NAT."""
        return any(end.inside for flow in self.flows for end in (flow.source, flow.destination))

    def seen_from(self, side: NatSide) -> "Plan":
        """Return the plan as a device on one side of a NAT compares its addresses."""
        flows = tuple(f.seen_from(side) for f in self.flows)
        return self if all(a is b for a, b in zip(flows, self.flows, strict=True)) else replace(self, flows=flows)

    def dates_of(self, about: PlanFlow | PlanSite) -> tuple[EntryDate, ...]:
        """Return the dates of a flow or site."""
        found = (d for d in self.dates if (d.id, d.cloud) == (about.id, about.cloud))
        return tuple(d for d in found if isinstance(about, PlanFlow) or d.value == about.host.text)

    def to_dict(self) -> dict[str, Any]:
        """Return the plan for JSON; `dates` only if there are any."""
        dates = {"dates": [date_dict(d) for d in self.dates]} if self.dates else {}
        return {
            "organization": self.organization,
            "profile": self.profile_hash,
            "catalog": {str(c): {"version": v.version, "origin": v.origin} for c, v in self.versions.items()},
            "flows": [f.to_dict() for f in self.flows],
            "sites": [s.to_dict() for s in self.sites],
            "records": [r.to_dict() for r in self.records],
            "warnings": [w.to_dict() for w in self.warnings],
            **dates,
        }

    def to_json(self) -> str:
        """Return `to_dict` as a JSON document, ending with a newline."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=True) + "\n"

    def title(self) -> str:
        """Return organization, versions and profile hash in one line, for headers."""
        versions = ", ".join(f"{c} {v.version} ({v.origin})" for c, v in self.versions.items())
        differs = f", {self.differs}" if self.differs else ""
        return f"{self.organization}: catalog {versions or 'none'}, profile {self.profile_hash}{differs}"

    @property
    def differs(self) -> str:
        """How dated entries make the plan differ from upstream's lists; "" if not at all.

        Entries that are used ahead of their day are in the lists, so they are no difference.
        """
        words = []
        for state, text in (
            (KEPT, "removed by Microsoft and kept, the first until"),
            (WAITING, "not opened yet, the first from"),
        ):
            found = [d for d in self.dates if d.state == state]
            if found:
                count = len({(d.cloud, d.value, d.id if d.kind in ATTRIBUTES else "") for d in found})
                words.append(f"{count} {text} {min(d.day for d in found)}")
        return "; ".join(words)

    @property
    def without_ahead(self) -> "Plan":
        """The plan without the dates of entries that are used ahead of their day.

        Nothing changes on a device on that day.
        """
        return replace(self, dates=tuple(d for d in self.dates if d.state != AHEAD))


def date_dict(entry: EntryDate) -> dict[str, str]:
    """Return a date of a plan for JSON."""
    where = {"id": entry.id, "cloud": str(entry.cloud), "value": entry.value}
    return {**where, "state": entry.state, "day": entry.day.isoformat()}
