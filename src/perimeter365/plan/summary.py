"""A plan in its short form: what to decide, the flows by scenario, what to check.

    lines = summary(plan, workspace.ages(plan.versions))
    next(lines)
        'Contoso (profile 1082ae04ffc9)'

Each flow, site and record stands in it with its whole id. Names and addresses are cut to the first ones, and endpoint sets
of the category default that share their ports stand together: `plan.listing` has everything. Decisions have one line each;
warnings of the other
levels one line for each code.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from perimeter365.model.area import AREAS
from perimeter365.model.cloud import Cloud
from perimeter365.model.freshness import CloudAge
from perimeter365.model.requirement import DIRECTIONS
from perimeter365.model.scenario import DNS, ROW_SCENARIOS, SCENARIOS
from perimeter365.plan.plan import DECIDE, WARNINGS, Plan, PlanFlow, PlanParty, PlanRecord, PlanSite, PlanWarning
from perimeter365.plan.tables import ports_text
from perimeter365.show.findings import counts_line
from perimeter365.show.terminal import columns, fold, pad

WIDTH = 80
"""The default width in columns, and the smallest one."""

TOGETHER = 2
"""The number of similar endpoint sets from which they stand together."""

_Item = TypeVar("_Item")


def summary(plan: Plan, ages: Iterable[CloudAge] = (), *, width: int = WIDTH, profile: str = "PROFILE") -> Iterator[str]:
    """Yield the lines of the short form of a plan.

    Args:
        plan: the plan, or a part of it (`plan.part`).
        ages: the ages of the plan's lists (`Workspace.ages`).
        width: the number of columns; at least `WIDTH` is used.
        profile: the name of the profile's file, for the commands that are suggested.
    """
    width = max(width, WIDTH)
    yield from header(plan, ages, width=width)
    yield from _counts(plan, width)
    yield from _decisions(plan, width)
    yield ""
    for cloud in plan.versions:
        for scenario in _scenarios(plan, cloud):
            yield from _scenario(plan, cloud, scenario, width)
    yield from _reasons(plan, width, profile)
    yield counts_line(*counts(plan))


def counts(plan: Plan) -> tuple[int, int, int]:
    """Return the number of warnings to decide, to check, and of the others.

    A warning that a person has acknowledged is one of the others.
    """
    check = sum(w.level == "check" and not w.accepted for w in plan.warnings)
    return len(plan.decisions), check, len(plan.warnings) - len(plan.decisions) - check


def header(plan: Plan, ages: Iterable[CloudAge] = (), *, width: int = WIDTH) -> Iterator[str]:
    """Yield the organization, and each cloud with its version and age."""
    yield from fold(f"{plan.organization} (profile {plan.profile_hash})", width=width, hanging=2)
    words = {str(age.cloud): age.words for age in ages}
    wide = max((len(str(c)) for c in plan.versions), default=0)
    for cloud, version in plan.versions.items():
        yield f"  {cloud!s:<{wide}}  {', '.join(filter(None, (version.version, words.get(str(cloud)))))}"
    if plan.differs:
        yield from fold(f"entries: {plan.differs}", width=width, indent=2, hanging=4)


def warning_text(warning: PlanWarning) -> str:
    """Return a warning with the key or option that settles it."""
    about = "" if warning.message.startswith(warning.id) else f"{warning.id}: "
    return f"{warning.code}  {about}{warning.message}" + (f" -> {warning.remedy}" if warning.remedy else "")


# -- counts and decisions ----------------------------------------------------------------------------------------


def _counts(plan: Plan, width: int) -> Iterator[str]:
    """Yield the number of requirements by direction or kind, and by scenario."""
    kinds: list[tuple[str, list[str]]] = [(d, [f.scenario for f in plan.flows if f.direction == d]) for d in DIRECTIONS]
    kinds += [("sites", [s.scenario for s in plan.sites]), ("records", [r.scenario for r in plan.records])]
    kinds = [(kind, found) for kind, found in kinds if found]
    if not kinds:
        yield "  nothing is planned"
        return
    left, right = max(len(str(len(found))) for _, found in kinds), max(len(kind) for kind, _ in kinds)
    for kind, found in kinds:
        each = sorted(Counter(found).items(), key=lambda item: _order(item[0]))
        words = [f"{name} {count}{',' * (number < len(each))}" for number, (name, count) in enumerate(each, 1)]
        words[0] = f"{len(found):>{left}} {kind:<{right}}  {words[0]}"
        yield from fold(words, width=width, indent=2, hanging=left + right + 5)


def _decisions(plan: Plan, width: int) -> Iterator[str]:
    if not plan.decisions:
        return
    codes = [code for code in WARNINGS if code in DECIDE]
    yield from ("", f"Decide ({len(plan.decisions)})")
    for warning in sorted(plan.decisions, key=lambda w: codes.index(w.code)):
        yield from fold(warning_text(warning), width=width, indent=2, hanging=6)


def _reasons(plan: Plan, width: int, profile: str) -> Iterator[str]:
    """Yield one line for each code that needs no decision, and where to see all."""
    rest = [w for w in plan.warnings if not w.open and not w.accepted]
    if rest:
        yield ""
    for title, level in (("Check", "check"), ("Noted", "note")):
        if some := [w for w in rest if w.level == level]:
            yield f"{title} ({len(some)})"
            yield from _by_code(some, width)
    if accepted := [w for w in plan.warnings if w.accepted]:
        yield from ("", f"Accepted by the profile ({len(accepted)})")
        for warning in accepted:
            yield from fold(f"{warning.code}  {warning.id}: {warning.accepted}", width=width, indent=2, hanging=6)
    see = "; perimeter365 explain CODE" if plan.warnings else ""
    yield from fold(f"More: perimeter365 plan {profile} --full{see}", width=width, hanging=6)


def _by_code(warnings: Sequence[PlanWarning], width: int) -> Iterator[str]:
    """Yield one line for each code: how many, its meaning, where if there is room."""
    found = Counter(w.code for w in warnings)
    wide = len(str(max(found.values())))
    for code in (code for code in WARNINGS if code in found):
        where = list(dict.fromkeys(_scope(w.id) for w in warnings if w.code == code))
        text = f"  {found[code]:>{wide}}  {code}: {re.split('[;:]', WARNINGS[code])[0]}"
        ends = (f" ({_some(where, most)})" for most in (3, 2, 1))
        text += next((end for end in ends if columns(text + end) <= width), "")
        first, *rest = fold(text, width=width - 2 if columns(text) > width else width)
        yield f"{first} …" if rest else first


def _scope(about: str) -> str:
    """Return the row of an id, so that many ids are few words."""
    parts = about.split("/")
    return "/".join(parts[:2]) if len(parts) == 3 and parts[0] in ("row", "ws") else about


# -- scenarios ---------------------------------------------------------------------------------------------------


def _scenarios(plan: Plan, cloud: Cloud) -> list[str]:
    """Return the scenarios that the plan has in a cloud: service areas, rows, DNS."""
    items: Iterable[PlanFlow | PlanSite | PlanRecord] = (*plan.flows, *plan.sites, *plan.records)
    return sorted({item.scenario for item in items if item.cloud is cloud}, key=_order)


def _order(scenario: str) -> tuple[int, int]:
    """Return a sort key: service areas, the rows by number, other scenarios, `dns`."""
    for group, names in enumerate((AREAS, ROW_SCENARIOS)):
        if scenario in names:
            return group, names.index(scenario)
    return 3 if scenario == DNS else 2, SCENARIOS.index(scenario) if scenario in SCENARIOS else 0


def _scenario(plan: Plan, cloud: Cloud, scenario: str, width: int) -> Iterator[str]:
    def mine(items: Sequence[_Item]) -> list[_Item]:
        return [i for i in items if i.cloud is cloud and i.scenario == scenario]  # type: ignore[attr-defined]

    where = f"{cloud}: " if len(plan.versions) > 1 else ""
    flows, sites, published = mine(plan.flows), mine(plan.sites), mine(plan.records)
    title = f"{where}{scenario}"
    runs: dict[tuple[str, str], list[PlanFlow]] = {}
    for flow in flows:
        runs.setdefault((flow.direction, flow.source.role), []).append(flow)
    for (_, _), run in sorted(runs.items(), key=lambda item: DIRECTIONS.index(item[0][0])):
        yield from _run(plan, title, run, width)
    by_zone = sorted(sites, key=lambda s: (s.zone, s.cookies))
    for (zone, cookies), group in groupby(by_zone, key=lambda s: (s.zone, s.cookies)):
        yield from _sites(f"{title}: {zone} zone" + (", cookies" if cookies else ""), list(group), width)
    by_duty = sorted(published, key=lambda r: r.duty)
    for duty, part in groupby(by_duty, key=lambda r: r.duty):
        yield f"{title}: records to {duty}"
        yield from _records(list(part), width)


def _run(plan: Plan, title: str, flows: Sequence[PlanFlow], width: int) -> Iterator[str]:
    """Yield the flows of one direction and role of the source.

    What all of them share is in the heading. Similar endpoint sets have one entry together.
    """
    sources = {_end(f.source) for f in flows}
    ours = {_end(f.destination) for f in flows if f.destination.ours}
    shared_to = ours.pop() if len(ours) == 1 < len(flows) and all(f.destination.ours for f in flows) else ""
    shared_from = sources.pop() if len(sources) == 1 else ""
    heading = f"{title}: {flows[0].direction} from {shared_from or flows[0].source.role}"
    yield from fold(heading + (f" to {shared_to}" if shared_to else ""), width=width, hanging=4)

    similar: dict[tuple[str, str], list[PlanFlow]] = {}
    for flow in flows:
        if flow.row is None and flow.category == "default" and not plan.dates_of(flow) and shared_from:
            similar.setdefault((ports_text(flow), _remarks(plan, flow)), []).append(flow)
    packed = {key: some for key, some in similar.items() if len(some) >= TOGETHER}
    together = {f.id for some in packed.values() for f in some}
    single = [f for f in flows if f.id not in together]
    id_width = max((columns(f.id) for f in single), default=0)
    port_width = max((columns(ports_text(f)) for f in single), default=0)
    aligned = id_width + port_width < width // 2
    for flow in single:
        source = "" if shared_from else f"from {_end(flow.source, role=False)}"
        to = "" if shared_to else f"to {_end(flow.destination)}" if source else _end(flow.destination)
        words = [flow.id, ports_text(flow), "; ".join(filter(None, (f"{source} {to}".strip(), _remarks(plan, flow))))]
        if aligned:
            words[:2] = pad(words[0], id_width), pad(words[1], port_width)
        yield from fold("  ".join(words), width=width, indent=2, hanging=6)
    for (ports, remarks), some in packed.items():
        yield from fold(f"{ports}; {remarks}: {' '.join(f.id for f in some)}", width=width, indent=2, hanging=6)


def _remarks(plan: Plan, flow: PlanFlow) -> str:
    words = [flow.category or "", f"retired {flow.retired}" if flow.retired else ""]
    states = Counter(d.state for d in plan.dates_of(flow))
    return ", ".join([*filter(None, words), *(f"{n} {state}" for state, n in sorted(states.items()))])


def _end(party: PlanParty, *, role: bool = True) -> str:
    """Format an end: its role with the first address, or the first external name."""
    if party.anyone:
        return "anyone"
    names, addresses = [h.text for h in party.hosts], [p.address if p.size == 1 else str(p) for p in party.prefixes]
    if names and not party.ours:
        return _some(names + addresses, 1)
    found = _some(addresses + names, 1) or "(no address)"
    return f"{party.role} {found}" if role else found


def _some(values: Sequence[str], most: int) -> str:
    return ", ".join(values[:most]) + (f" +{len(values) - most}" if len(values) > most else "")


def _sites(title: str, sites: Sequence[PlanSite], width: int) -> Iterator[str]:
    """Yield the hosts of one zone of browsers, by id."""
    lines = []
    for identity in dict.fromkeys(s.id for s in sites):
        hosts = list(dict.fromkeys(f"{s.scheme}://{s.host}" for s in sites if s.id == identity))
        lines.append(f"{identity}  {_some(hosts, 1)}")
    if len(lines) == 1 and columns(f"{title}: {lines[0]}") <= width:
        yield f"{title}: {lines[0]}"
        return
    yield title
    for line in lines:
        yield from fold(line, width=width, indent=2, hanging=6)


def _records(records: Sequence[PlanRecord], width: int) -> Iterator[str]:
    """Yield the records, one entry for each id and type."""
    names: dict[tuple[str, str], list[str]] = {}
    for record in records:
        names.setdefault((record.id, record.type), []).append(record.name)
    wide = max(columns(identity) for identity, _ in names)
    for (identity, kind), found in names.items():
        yield from fold(f"{pad(identity, wide)}  {kind} {_some(found, 1)}", width=width, indent=2, hanging=6)
