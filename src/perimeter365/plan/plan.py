"""The plan: concrete flows, sites and records of one organization, each with its reasons, and warnings.

A plan holds no reference and, but for what only the tenant's administrators know, no template any more. It is
sorted, so the same catalog and profile give the same plan, to the byte of `to_json`.

Where lists are synced, some entries are there for a time only (`dates`). What is said of them is their own day, never
today's: plans of two days are equal unless an entry came, went or came into use between them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from perimeter365.model.catalog import CatalogVersion
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import AHEAD, KEPT, WAITING, EntryDate
from perimeter365.model.evidence import Evidence
from perimeter365.model.finding import Finding
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.role import ANYONE, OURS, role


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanParty:
    """An end of a planned flow, by names and addresses. Both empty: unknown, unless the role is `internet`."""

    role: str
    hosts: tuple[HostPattern, ...] = ()
    """Sorted."""
    prefixes: PrefixSet = PrefixSet()
    unaddressed: tuple[HostPattern, ...] = ()
    """Those of `hosts` for which none of `prefixes` stands: what knows only addresses never covers them. Of an end
    that is ours, ()."""

    def __post_init__(self) -> None:
        if self.anyone and (self.hosts or self.prefixes):
            raise ValueError(f"{self.role} is anyone: it has no hosts or prefixes")

    @property
    def anyone(self) -> bool:
        """Is this end open to every address, because the requirement names none?"""
        return role(self.role).side == ANYONE

    @property
    def ours(self) -> bool:
        """Is it one of the organization's own roles?"""
        return role(self.role).side == OURS

    def to_dict(self) -> dict[str, Any]:
        """The party as CONTRACT's JSON has it."""
        return {
            "role": self.role,
            "hosts": [h.text for h in self.hosts],
            "prefixes": [str(p) for p in self.prefixes],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanFlow:
    """One flow of the plan; fields as in `model.requirement.Flow`, with resolved parties."""

    id: str
    cloud: Cloud
    scenario: str
    row: int | None
    sets: tuple[str, ...]
    """Keys of the endpoint sets that it was resolved from: ("worldwide/1",)."""
    direction: str
    source: PlanParty
    destination: PlanParty
    tcp: PortSet
    udp: PortSet
    path: tuple[str, ...]
    category: str | None
    required: bool
    tls_inspection: str
    condition: str
    retired: date | None
    evidence: tuple[Evidence, ...]

    @property
    def theirs(self) -> PlanParty | None:
        """The end that is not ours; None for an internal flow."""
        if self.direction == "internal":
            return None
        return self.source if self.direction == "inbound" else self.destination

    @property
    def ours(self) -> PlanParty:
        """The end that is ours (of an internal flow: the source)."""
        return self.destination if self.direction == "inbound" else self.source

    def to_dict(self) -> dict[str, Any]:
        """The flow as CONTRACT's JSON has it."""
        return {
            "id": self.id,
            "cloud": str(self.cloud),
            "scenario": self.scenario,
            "row": self.row,
            "sets": list(self.sets),
            "direction": self.direction,
            "source": self.source.to_dict(),
            "destination": self.destination.to_dict(),
            "tcp": str(self.tcp),
            "udp": str(self.udp),
            "path": ",".join(self.path) or None,
            "category": self.category,
            "required": self.required,
            "tls_inspection": self.tls_inspection,
            "condition": self.condition,
            "retired": self.retired.isoformat() if self.retired else None,
            "evidence": [evidence_dict(e) for e in self.evidence],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanSite:
    """One host that browsers have to put into a zone."""

    id: str
    cloud: Cloud
    scenario: str
    row: int | None
    host: HostPattern
    scheme: str
    zone: str
    cookies: bool
    condition: str
    evidence: tuple[Evidence, ...]

    def to_dict(self) -> dict[str, Any]:
        """The site as CONTRACT's JSON has it."""
        return {
            "id": self.id,
            "cloud": str(self.cloud),
            "scenario": self.scenario,
            "row": self.row,
            "host": self.host.text,
            "scheme": self.scheme,
            "zone": self.zone,
            "cookies": self.cookies,
            "condition": self.condition,
            "evidence": [evidence_dict(e) for e in self.evidence],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanRecord:
    """One DNS record to publish (`duty` publish), or to be able to see (`resolve`)."""

    id: str
    cloud: Cloud
    scenario: str
    name: str
    """Absolute, without the root dot: `autodiscover.contoso.com`."""
    zone: str
    """The mail domain that it belongs to; "" for a name of our own that stands in a role, or of somebody else's zone."""
    type: str
    value: str
    """Zone file form; a `<…>` is left where only the tenant's admin center knows the value."""
    ttl: int
    duty: str
    required: bool
    condition: str
    evidence: tuple[Evidence, ...]

    @property
    def complete(self) -> bool:
        """Can it be published as it stands?"""
        return "<" not in self.value + self.name

    def to_dict(self) -> dict[str, Any]:
        """The record as CONTRACT's JSON has it."""
        return {
            "id": self.id,
            "cloud": str(self.cloud),
            "scenario": self.scenario,
            "name": self.name,
            "type": self.type,
            "value": self.value,
            "ttl": self.ttl,
            "duty": self.duty,
            "required": self.required,
            "condition": self.condition,
            "evidence": [evidence_dict(e) for e in self.evidence],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanWarning(Finding):
    """Something that the reader of a plan has to know.

    Its code is one of `WARNINGS`. Its id is the requirement, scenario or cloud that it is about, or `catalog` for all lists.
    """

    keys = {"code": "code", "id": "id", "message": "message"}

    def __post_init__(self) -> None:
        if self.code not in WARNINGS:
            raise ValueError(f"{self.code!r} is not the code of a warning")


WARNINGS: Mapping[str, str] = {
    "role-unset": "the profile gives the role no address, so no rule can be written for it",
    "role-name-unset": "the profile gives the role no host name, so a template could not be filled",
    "template-unfilled": "a template's variable has no value in the profile",
    "retired": "Microsoft has ended what this is for",
    "left-out": "part of a selected scenario that is planned only when its id is named",
    "low-confidence": "the vendor does not confirm this fact",
    "assumed": "the vendor names no exact set; the catalog assumes one",
    "hosts-without-prefixes": "hosts with no published address: a device that knows only addresses cannot cover them",
    "no-ports": "no port is known, so no rule can be written",
    "edition": "two published texts differ; says which is in the plan",
    "not-in-force": "the plan is not made of the lists in force: another program would get another plan",
    "row-reference": "the page refers to another row by a wrong number",
    "shared-name": "a published host shares its name or address with another one whose sources are wider",
    "shared-domain": "a wildcard under which other customers of the vendor have names too",
    "record-conflict": "records of one name that cannot stand side by side",
    "closed-cloud": "the cloud does not exist any more",
    "value-needed": "a record's value is known only to the tenant's administrators",
    "not-in-cloud": "a selected scenario does not exist in a selected cloud",
    "synthetic-set": "a set that Microsoft lists without number and ports",
    "unresolved-reference": "a row points at an endpoint set that the list does not have any more",
    "nothing-selected": "the profile selects nothing",
}

UNRESOLVED = frozenset(
    {
        "no-ports",
        "not-in-cloud",
        "nothing-selected",
        "role-name-unset",
        "role-unset",
        "template-unfilled",
        "unresolved-reference",
        "value-needed",
    }
)
"""The warnings that mean that something which the profile asks for is not in the plan in full; `plan --strict` fails
on them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What one organization's network has to provide."""

    organization: str
    profile_hash: str
    """Twelve hex digits over the profile's meaning (not its comments or order)."""
    versions: Mapping[Cloud, CatalogVersion]
    """The catalog's versions of the profile's clouds."""
    flows: tuple[PlanFlow, ...]
    sites: tuple[PlanSite, ...]
    records: tuple[PlanRecord, ...]
    warnings: tuple[PlanWarning, ...]
    dates: tuple[EntryDate, ...] = ()
    """Entries that are here for a time only, or not yet: by day, each with the id of its requirement. An entry that the
    requirement has from elsewhere too is not among them."""

    def dates_of(self, about: PlanFlow | PlanSite) -> tuple[EntryDate, ...]:
        """Those of one flow, or of one site."""
        found = (d for d in self.dates if (d.id, d.cloud) == (about.id, about.cloud))
        return tuple(d for d in found if isinstance(about, PlanFlow) or d.value == about.host.text)

    def to_dict(self) -> dict[str, Any]:
        """The plan as CONTRACT's JSON has it; `dates` only when there are some."""
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
        """`to_dict` as a document, ending in a newline."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=True) + "\n"

    def title(self) -> str:
        """One line that names organization, catalog versions and profile: what a header of an artifact says."""
        versions = ", ".join(f"{c} {v.version} ({v.origin})" for c, v in self.versions.items())
        differs = f", {self.differs}" if self.differs else ""
        return f"{self.organization}: catalog {versions or 'none'}, profile {self.profile_hash}{differs}"

    @property
    def differs(self) -> str:
        """How the plan differs from upstream's list of its versions because of days, in words; "" when it does not.

        What is taken ahead of its day is in the list, so it is no difference.
        """
        words = []
        for state, text in (
            (KEPT, "removed by Microsoft and kept, the first until"),
            (WAITING, "not opened yet, the first from"),
        ):
            found = [d for d in self.dates if d.state == state]
            if found:
                words.append(f"{len({(d.cloud, d.value) for d in found})} {text} {min(d.day for d in found)}")
        return "; ".join(words)

    @property
    def settled(self) -> "Plan":
        """The plan without what is said of entries taken ahead: nothing changes for a device on their day."""
        return replace(self, dates=tuple(d for d in self.dates if d.state != AHEAD))


def date_dict(entry: EntryDate) -> dict[str, str]:
    """One of a plan's dates for JSON."""
    where = {"id": entry.id, "cloud": str(entry.cloud), "value": entry.value}
    return {**where, "state": entry.state, "day": entry.day.isoformat()}


def evidence_dict(evidence: Evidence) -> dict[str, str]:
    """One piece of evidence for JSON."""
    return {"document": evidence.document, "date": evidence.date, "confidence": evidence.confidence}
