"""A plan in its long form for a terminal: every value, every warning.

    next(line for line in listing(plan) if line.startswith("row/6"))
        'row/6/mrs-proxy  inbound, mailbox-migration'

A block has the id as its first line, then one labeled line for each fact, folded at the width.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from perimeter365.model.finding import LEVELS
from perimeter365.model.freshness import CloudAge
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty, PlanRecord, PlanSite
from perimeter365.plan.summary import WIDTH, counts, header, warning_text
from perimeter365.plan.tables import ports_text
from perimeter365.show.findings import counts_line
from perimeter365.show.terminal import columns, fold, pad

LABEL = 11
"""The width of the labels in columns."""

_TITLES = {"decide": "Decide", "check": "Check", "note": "Noted"}


def listing(plan: Plan, ages: Iterable[CloudAge] = (), *, width: int = WIDTH) -> Iterator[str]:
    """Yield the lines of the long form of a plan.

    Args:
        plan: the plan, or a part of it (`plan.part`).
        ages: the ages of the plan's lists (`Workspace.ages`).
        width: the number of columns; at least `WIDTH` is used.
    """
    width = max(width, WIDTH)
    yield from header(plan, ages, width=width)
    yield from _warnings(plan, width)
    several = len(plan.versions) > 1
    for flow in plan.flows:
        yield from _block(f"{flow.id}  {_where(flow, flow.direction, several)}", _flow(plan, flow), width)
    together = ("id", "cloud", "zone", "cookies", "condition")
    for _, found in groupby(plan.sites, key=lambda s: [getattr(s, name) for name in together]):
        sites = list(found)
        kind = "site" if len(sites) == 1 else "sites"
        yield from _block(f"{sites[0].id}  {_where(sites[0], kind, several)}", _sites(plan, sites), width)
    for record in plan.records:
        yield from _block(f"{record.id}  {_where(record, 'record', several)}", _record(record), width)
    if plan.dates:
        yield from ("", f"Effective dates ({len(plan.dates)})")
    for entry in plan.dates:
        where = f" ({entry.cloud})" if several else ""
        yield from fold(f"{entry.id}{where}  {entry.value}  {entry.text}", width=width, indent=2, hanging=6)
    yield ""
    yield counts_line(*counts(plan))


def _where(item: PlanFlow | PlanSite | PlanRecord, kind: str, several: bool) -> str:
    return ", ".join([kind, item.scenario, *([str(item.cloud)] if several else [])])


def _block(title: str, facts: Iterator[tuple[str, str]], width: int) -> Iterator[str]:
    yield from ("", title)
    for label, text in facts:
        if text:
            gap = " " if columns(label) >= LABEL else ""
            yield from fold(f"{pad(label, LABEL)}{gap}{text}", width=width, indent=2, hanging=LABEL + 2)


def _flow(plan: Plan, flow: PlanFlow) -> Iterator[tuple[str, str]]:
    yield "from", _party(flow.source)
    yield "inside", ", ".join(map(str, flow.source.inside))
    yield "to", _party(flow.destination)
    yield "inside", ", ".join(map(str, flow.destination.inside))
    yield "ports", ports_text(flow)
    yield "paths", ", ".join(flow.path)
    yield "category", ", ".join(filter(None, (flow.category, "required" if flow.required else "")))
    yield "TLS", "no inspection" if flow.tls_inspection == "off" else ""
    yield "sets", ", ".join(flow.sets) if flow.row is not None else ""
    yield "when", flow.condition
    yield "retired", str(flow.retired or "")
    yield "dates", "; ".join(f"{d.value} {d.text}" for d in plan.dates_of(flow))


def _party(party: PlanParty) -> str:
    if party.anyone:
        return "anyone"
    values = [*(h.text for h in party.hosts), *map(str, party.prefixes)]
    return f"{party.role}: {', '.join(values)}" if values else f"{party.role} (no address)"


def _sites(plan: Plan, sites: Sequence[PlanSite]) -> Iterator[tuple[str, str]]:
    """Yield the facts of sites that differ in their hosts only."""
    first = sites[0]
    yield "hosts", ", ".join(f"{s.scheme}://{s.host}" for s in sites)
    yield "zone", first.zone + (", cookies allowed" if first.cookies else "")
    yield "when", first.condition
    yield "dates", "; ".join(f"{d.value} {d.text}" for site in sites for d in plan.dates_of(site))


def _record(record: PlanRecord) -> Iterator[tuple[str, str]]:
    yield record.duty, f"{record.name} {record.ttl} {record.type} {record.value}"
    yield "required", "yes" if record.required else ""
    yield "when", record.condition


def _warnings(plan: Plan, width: int) -> Iterator[str]:
    """Yield every warning by level, the acknowledged ones with the reason."""
    for level in LEVELS:
        some = [w for w in plan.warnings if w.level == level]
        if some:
            yield from ("", f"{_TITLES[level]} ({len(some)})")
        for warning in some:
            text = warning_text(warning)
            text += f" (accepted: {warning.accepted})" if warning.accepted else ""
            yield from fold(text, width=width, indent=2, hanging=6)
