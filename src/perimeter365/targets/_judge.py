"""Judgement of losses: what a person has to settle, and what is known of a target.

    details of each target ──► without those that other lines cover (`_cover`) ──► one Loss for each reason and kind
                                     │
              the other targets of the folder, the plan's warnings, what the profile accepts

A loss is a decision if an option, a limit or the profile would change it, or if the requirement matters (required, Optimize
or Allow) and no target of the folder expresses what is lost. Otherwise it is known of the target.

A requirement is expressed by targets with the same effect, and by those that permit traffic: a route that is missing is no
outage where the firewall permits the addresses, but a direct name in a PAC file does not open the firewall.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, product

from perimeter365.model.host import HostPattern
from perimeter365.plan.plan import Plan, PlanFlow, PlanRecord, PlanSite, PlanWarning
from perimeter365.targets._cover import Fact, Key, Scope, facts_of, key_of, other_end
from perimeter365.targets.loss import LOSS_KINDS, WIDENED, Loss, LossDetail, LossKind, LossLevel
from perimeter365.targets.reasons import OUTSIDE, REASONS

PERMIT = "permit"
"""The effect of targets that let traffic through."""

_CATEGORIES = ("optimize", "allow", "default")
Atom = tuple[HostPattern | None, str, int]
"""A part of a flow: a host (None for the addresses), a protocol, and an IP version (0 for a host)."""

_GroupKey = tuple[LossLevel, str, LossKind, str]
"""Level, code, kind, and the reason for which a person has acknowledged it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LossReport:
    """What a target reported for a plan, without what other lines cover."""

    scope: Scope
    details: tuple[LossDetail, ...]
    unselected: frozenset[Key] = frozenset()
    """The requirements that an option of the target leaves out."""

    def includes(self, fact: Fact) -> bool:
        """Return whether the artifact is for a requirement."""
        return self.scope.includes(fact) and key_of(fact) not in self.unselected


def outside(plan: Plan, report: LossReport) -> dict[str, int]:
    """Count the requirements that a target is not for, by kind."""
    found: Counter[str] = Counter()
    for key, fact in facts_of(plan).items():
        if not report.scope.includes(fact):
            found[_kind(fact)] += 1
        elif key in report.unselected:
            found["unselected"] += 1
    return {kind: found[kind] for kind in OUTSIDE if found[kind]}


def _kind(fact: Fact) -> str:
    if isinstance(fact, PlanFlow):
        return fact.direction
    return "sites" if isinstance(fact, PlanSite) else "records"


def judge(plan: Plan, reports: Sequence[LossReport]) -> dict[str, tuple[Loss, ...]]:
    """Join the details of the targets of one folder to losses, decisions first.

    Args:
        plan: the plan that was rendered.
        reports: the reports of all targets of the folder.
    """
    facts = facts_of(plan)
    lost: dict[tuple[str, Key], list[LossDetail]] = {}
    for report in reports:
        for detail in report.details:
            lost.setdefault((report.scope.target, detail.key), []).append(detail)
    folder = _Folder(plan, reports, lost)
    return {r.scope.target: tuple(folder.losses(r, facts)) for r in reports}


def unused(plan: Plan, reports: Sequence[LossReport]) -> Iterator[PlanWarning]:
    """Yield a warning for each acceptance that fits no loss of a rendered target."""
    rendered = {report.scope.target: report.details for report in reports}
    for each in plan.accept:
        target, _, reason = each.loss.partition("/")
        if target in rendered and not any(d.code == reason and each.covers(d.id) for d in rendered[target]):
            message = f"[[accept]] {each.loss} {each.id} fits no loss of the target"
            yield PlanWarning(code="accept-unused", id=each.id, message=message, remedy="[[accept]]")


def matters(fact: Fact) -> bool:
    """Return whether a requirement is required, Optimize or Allow."""
    categories = fact.categories if isinstance(fact, PlanFlow) else ()
    return getattr(fact, "required", False) or not {"optimize", "allow"}.isdisjoint(categories)


@dataclass(frozen=True, slots=True)
class _Lacking:
    """A target, and the parts of a requirement that it does not express."""

    target: str
    effect: str
    lost: frozenset[Atom]


@dataclass(frozen=True, slots=True)
class _Folder:
    plan: Plan
    reports: Sequence[LossReport]
    lost: Mapping[tuple[str, Key], list[LossDetail]]
    lacking: dict[Key, list[_Lacking]] = field(default_factory=dict)
    """By requirement; filled when it is first needed."""

    def losses(self, report: LossReport, facts: Mapping[Key, Fact]) -> Iterator[Loss]:
        """Yield the losses of one target, decisions first."""
        groups: dict[_GroupKey, list[tuple[LossDetail, Fact]]] = {}
        said: dict[_GroupKey, Counter[str]] = {}
        for detail in report.details:
            fact = facts[detail.key]
            level, by = self._level(report, detail, fact)
            accepted = self._accepted(report, detail) if level == "decide" else ""
            key = (level, detail.code, detail.kind, accepted)
            groups.setdefault(key, []).append((detail, fact))
            said.setdefault(key, Counter()).update(by)
        for key in sorted(groups, key=_order):
            by = said[key]
            yield _joined(key, groups[key], sorted(by, key=lambda name: (-by[name], name)))

    def _level(self, report: LossReport, detail: LossDetail, fact: Fact) -> tuple[LossLevel, Collection[str]]:
        reason = REASONS[detail.code]
        if reason.cause == "plan":
            about = {detail.id, fact.scenario, *_names(fact)}
            found = any(w.code in reason.warnings and w.id in about for w in self.plan.warnings)
            return ("known" if found else "decide"), ()
        if reason.cause != "device":
            return "decide", ()
        if detail.kind == WIDENED:
            return "known", ()
        names, left = [], frozenset(_atoms(detail, fact))
        missing = left
        for other in self._others(fact):
            related = other.target != report.scope.target and other.effect in (PERMIT, report.scope.effect)
            if related and (said := left - other.lost):
                names.append(other.target)
                missing -= said
        return ("known" if not missing or not matters(fact) else "decide"), names

    def _others(self, fact: Fact) -> Sequence["_Lacking"]:
        """Return the targets that express at least a part of a requirement."""
        key = key_of(fact)
        if key not in self.lacking:
            found = self.lacking[key] = []
            for report in self.reports:
                its = self.lost.get((report.scope.target, key), ())
                if report.includes(fact) and not any(detail.whole for detail in its):
                    taken = frozenset(chain.from_iterable(_taken(detail, fact) for detail in its))
                    found.append(_Lacking(report.scope.target, report.scope.effect, taken))
        return self.lacking[key]

    def _accepted(self, report: LossReport, detail: LossDetail) -> str:
        """Return the reason of the acceptance of a detail; "" if there is none."""
        name = f"{report.scope.target}/{detail.code}"
        accept = self.plan.accept
        return next((each.reason or "accepted" for each in accept if each.loss == name and each.covers(detail.id)), "")


_RANKS = {code: rank for rank, code in enumerate(REASONS)}


def _order(key: _GroupKey) -> tuple[bool, bool, int, int, str]:
    level, code, kind, accepted = key
    return level != "decide", bool(accepted), _RANKS[code], LOSS_KINDS.index(kind), accepted


def _names(fact: Fact) -> tuple[str, ...]:
    """Return what a warning about a requirement may have as its id."""
    if isinstance(fact, PlanFlow):
        return fact.source.role, fact.destination.role
    return (fact.zone, fact.name) if isinstance(fact, PlanRecord) else ()


def _atoms(detail: LossDetail, fact: Fact) -> Iterator[Atom]:
    """Yield the parts of a requirement that a detail is about."""
    if not isinstance(fact, PlanFlow):
        yield None, "", 0
        return
    protocols = [p for p in ("tcp", "udp") if getattr(fact, p) and detail.protocol in ("", p)] or [""]
    end = other_end(fact)
    hosts = [detail.host] if detail.host else [] if detail.family else [*(end.unaddressed if end.prefixes else end.hosts)]
    yield from product(hosts, protocols, [0])
    if not detail.host:
        families = [f for f in (4, 6) if (end.prefixes.family(f) or end.anyone) and detail.family in (0, f)]
        yield from product([None], protocols, families or ([] if hosts else [0]))


def _taken(detail: LossDetail, fact: Fact) -> Iterator[Atom]:
    """Yield the parts of a requirement that a detail takes away."""
    if detail.kind == WIDENED:
        return
    if not isinstance(fact, PlanFlow):
        yield None, "", 0
        return
    end = other_end(fact)
    protocols = [detail.protocol] if detail.protocol else ["tcp", "udp", ""]
    if not detail.family:
        yield from product([detail.host] if detail.host else end.hosts, protocols, [0])
    if not detail.host:
        yield from product([None], protocols, [detail.family] if detail.family else [4, 6, 0])


def _subjects(detail: LossDetail, fact: Fact) -> Sequence[str]:
    """Return the affected parts: of a flow that is left out, its hosts."""
    hosts = other_end(fact).hosts if detail.whole and isinstance(fact, PlanFlow) else ()
    return [host.text for host in hosts] or [detail.subject]


def _joined(key: _GroupKey, some: Sequence[tuple[LossDetail, Fact]], said_by: Sequence[str]) -> Loss:
    level, code, _, accepted = key
    details = [detail for detail, _ in some]
    facts = {detail.key: fact for detail, fact in some}
    categories = {f.category for f in facts.values() if isinstance(f, PlanFlow) and f.category}
    return Loss(
        code=code,
        level=level,
        kind=details[0].kind,
        message="; ".join(dict.fromkeys(d.message for d in details)),
        remedy=" or ".join(dict.fromkeys(d.remedy for d in details if d.remedy)),
        ids=tuple(sorted({d.id for d in details})),
        subjects=tuple(sorted({subject for d, fact in some for subject in _subjects(d, fact)})),
        clouds=tuple(sorted({d.cloud for d in details})),
        category=tuple(c for c in _CATEGORIES if c in categories),
        required=len({fact.id for fact in facts.values() if getattr(fact, "required", False)}),
        scenario=tuple(sorted({fact.scenario for fact in facts.values()})),
        said_by=tuple(said_by),
        accepted=accepted,
    )
