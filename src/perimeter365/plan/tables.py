"""A plan as tables of text: for tickets and wikis.

An end of a flow shows its first names or addresses and the number of the others, or all of them. `summary` and `listing`
are the forms for a terminal.
"""

from collections.abc import Iterator

from perimeter365.model.effective import STATES
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.show.findings import findings_table
from perimeter365.show.tables import Table

SHOWN = 2
"""The number of names or addresses of an end in a table."""


def tables(plan: Plan, *, full: bool = False) -> Iterator[Table]:
    """Yield tables of a plan's flows by direction, sites, records, dates and warnings.

    Empty tables are left out.

    Args:
        plan: the plan.
        full: show every name and address of an end, and the conditions.
    """
    shown = None if full else SHOWN
    several = len(plan.versions) > 1
    for direction in ("outbound", "inbound", "internal"):
        flows = [f for f in plan.flows if f.direction == direction]
        yield from _table(
            f"{direction.capitalize()} flows",
            ("id", "cloud", "from", "to", "ports", "remarks", *(["when"] if full else [])),
            [
                (
                    f.id,
                    str(f.cloud),
                    end_text(f.source, source=True, shown=shown),
                    end_text(f.destination, shown=shown),
                    ports_text(f),
                    _remarks(plan, f),
                    *([f.condition] if full else []),
                )
                for f in flows
            ],
            several=several,
        )
    yield from _table(
        "Browser sites",
        ("id", "cloud", "site", "zone", "cookies"),
        [(s.id, str(s.cloud), f"{s.scheme}://{s.host}", s.zone, "allowed" if s.cookies else "") for s in plan.sites],
        several=several,
    )
    yield from _table(
        "DNS records",
        ("id", "cloud", "name", "type", "value", "duty"),
        [(r.id, str(r.cloud), r.name, r.type, r.value, r.duty) for r in plan.records],
        several=several,
    )
    yield from _table(
        "Effective dates",
        ("id", "cloud", "entry", "state"),
        [(d.id, str(d.cloud), d.value, d.text) for d in plan.dates],
        several=several,
    )
    if plan.warnings:
        columns = {"code": "code", "about": "id", "message": "message"}
        yield findings_table(f"Warnings ({len(plan.warnings)})", plan.warnings, columns)


def _table(title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]], *, several: bool = True) -> Iterator[Table]:
    """Yield a table with the number of its rows, if it has any.

    The column of the cloud is left out if the plan has one cloud.
    """
    if not several and "cloud" in columns:
        at = columns.index("cloud")
        columns, rows = columns[:at] + columns[at + 1 :], [row[:at] + row[at + 1 :] for row in rows]
    if rows:
        yield Table(title=f"{title} ({len(rows)})", columns=columns, rows=tuple(rows))


def end_text(party: "PlanParty", *, source: bool = False, shown: int | None = SHOWN) -> str:
    """Format an end of a flow.

    `client 10.0.0.0/8, 2001:db8::/32`, `teams *.lync.com, *.teams.microsoft.com +12`. Sources and own hosts show their
    addresses first, external destinations their names. `shown` is the number of values; None for all.
    """
    if party.anyone:
        return "anyone"
    names, addresses = [h.text for h in party.hosts], [str(p) for p in party.prefixes]
    values = addresses + names if source or party.ours else names + addresses
    more = f" +{len(values) - shown}" if shown is not None and len(values) > shown else ""
    return f"{party.role} {', '.join(values[:shown])}{more}" if values else f"{party.role} (no address)"


def ports_text(flow: "PlanFlow") -> str:
    """Format the ports of a flow: `tcp 80,443; udp 443`, or `not known`."""
    return "; ".join(f"{name} {ports}" for name, ports in (("tcp", flow.tcp), ("udp", flow.udp)) if ports) or "not known"


def _dated(plan: "Plan", about: "PlanFlow") -> Iterator[str]:
    """Yield the number of dated entries by state: `2 kept`."""
    found = [d.state for d in plan.dates_of(about)]
    yield from (f"{found.count(state)} {state}" for state in STATES if state in found)


def _remarks(plan: "Plan", flow: "PlanFlow") -> str:
    words = [flow.category or "", "required" if flow.required else ""]
    words += [f"only {' '.join(flow.path)}"] if flow.path else []
    words += ["no TLS inspection"] if flow.tls_inspection == "off" else []
    words += [f"retired {flow.retired}"] if flow.retired else []
    return ", ".join([*(word for word in words if word), *_dated(plan, flow)])
