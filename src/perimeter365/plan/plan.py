"""The plan: concrete flows, sites and records of one organization, each with its reasons, and warnings.

A plan holds no reference and, but for what only the tenant's administrators know, no template any more. It is
sorted, so the same catalog and profile give the same plan, to the byte of `to_json`.

Where lists are synced, some entries are there for a time only (`dates`). What is said of them is their own day, never
today's: plans of two days are equal unless an entry came, went or came into use between them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Literal, Self

from perimeter365.model.as_dict import end_dict, fact_dict
from perimeter365.model.catalog import CatalogVersion
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import AHEAD, KEPT, WAITING, EntryDate
from perimeter365.model.finding import Finding
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import SetKey
from perimeter365.model.requirement import End, Fact, FlowFact, RecordFact, SiteFact


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanParty(End):
    """An end of a planned flow, by names and addresses.

    Both empty: unknown, unless the role is `internet`.
    """

    unaddressed: tuple[HostPattern, ...] = ()
    """Those of `hosts` for which none of `prefixes` stands: what knows only addresses never covers them. Of an end
    that is ours, ()."""

    def __post_init__(self) -> None:
        if self.anyone and (self.hosts or self.prefixes):
            raise ValueError(f"{self.role} is anyone: it has no hosts or prefixes")

    def to_dict(self) -> dict[str, Any]:
        """The party as CONTRACT's JSON has it."""
        return end_dict(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Planned(Fact):
    """A requirement as a plan has it: resolved for one organization."""

    KEYS: ClassVar[tuple[str, ...]]
    """The keys of its JSON, in CONTRACT's order; tables of the whole plan have their columns from here."""

    @classmethod
    def of(cls, fact: Fact, **resolved: Any) -> Self:
        """Plan a requirement.

        Args:
            fact: the requirement, of the class that this one extends.
            resolved: the fields that the plan has in another form, or that the requirement does not have.
        """
        names = {f.name for f in fields(cls)} - resolved.keys()
        return cls(**{name: getattr(fact, name) for name in names}, **resolved)

    def to_dict(self) -> dict[str, Any]:
        """The value as CONTRACT's JSON has it."""
        return fact_dict(self, self.KEYS)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanFlow(_Planned, FlowFact):
    """One flow of the plan, with resolved ends."""

    KEYS = (
        "id", "cloud", "scenario", "row", "sets", "direction", "source", "destination", "tcp", "udp", "path", "category",
        "required", "tls_inspection", "condition", "retired", "evidence",
    )  # fmt: skip

    sets: tuple[SetKey, ...]
    """Keys of the endpoint sets that it was resolved from: ("worldwide/1",)."""
    source: PlanParty
    destination: PlanParty

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
        return {**_Planned.to_dict(self), "path": ",".join(self.path) or None}


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanSite(_Planned, SiteFact):
    """One host that browsers have to put into a zone."""

    KEYS = ("id", "cloud", "scenario", "row", "host", "scheme", "zone", "cookies", "condition", "evidence")

    host: HostPattern


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanRecord(_Planned, RecordFact):
    """One DNS record to publish (`duty` publish), or to be able to see (`resolve`).

    A `<…>` is left in the value where only the tenant's admin center knows it.
    """

    KEYS = (
        "id", "cloud", "scenario", "name", "type", "value", "ttl", "duty", "required", "condition", "evidence",
    )  # fmt: skip

    name: str
    """Absolute, without the root dot: `autodiscover.contoso.com`."""
    zone: str
    """The mail domain that it belongs to; "" for a name of our own that stands in a role, or of somebody else's zone."""

    @property
    def complete(self) -> bool:
        """Can it be published as it stands?"""
        return "<" not in self.value + self.name


WarningCode = Literal[
    "role-unset", "role-name-unset", "template-unfilled", "retired", "left-out", "low-confidence", "assumed",
    "hosts-without-prefixes", "no-ports", "edition", "not-in-force", "row-reference", "shared-name", "shared-domain",
    "record-conflict", "closed-cloud", "value-needed", "not-in-cloud", "synthetic-set", "unresolved-reference",
    "nothing-selected",
]  # fmt: skip
"""The keys of `WARNINGS`, for mypy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanWarning(Finding):
    """Something that the reader of a plan has to know.

    Its code is one of `WARNINGS`. Its id is the requirement, scenario or cloud that it is about, or `catalog` for all lists.
    """

    code: WarningCode

    keys = {"code": "code", "id": "id", "message": "message"}

    def __post_init__(self) -> None:
        if self.code not in WARNINGS:
            raise ValueError(f"{self.code!r} is not the code of a warning")


WARNINGS: Mapping[WarningCode, str] = {
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

UNRESOLVED: frozenset[WarningCode] = frozenset(
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
