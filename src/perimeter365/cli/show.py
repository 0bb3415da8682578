"""`perimeter365 show`: the facts of a row, set, requirement or scenario."""

import shutil
import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from perimeter365.cli._command import QUERY, declare, json_option, pass_settings
from perimeter365.cli._complete import complete_id
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import cloud_names_option
from perimeter365.model.finding import printable

if TYPE_CHECKING:
    from perimeter365.model.catalog import Catalog
    from perimeter365.model.condition import Condition, Term
    from perimeter365.model.lookup import Index
    from perimeter365.model.names import ExplainedName
    from perimeter365.model.requirement import Flow, Party, Requirement
    from perimeter365.model.row import Row

_SHOWN = 8
"""The maximum number of listed names under an explained one."""

Lines = list[tuple[str, str]]
"""Pairs of label and text; the text is folded on output."""


@declare("show", QUERY)
@click.argument("name", metavar="ID", shell_complete=complete_id)
@cloud_names_option
@click.option("--field", metavar="F", multiple=True, help="Only these lines, such as ports; repeatable.")
@json_option
@pass_settings
def command(settings: Settings, name: str, cloud: tuple[str, ...], field: tuple[str, ...], json: bool) -> None:
    """Show the facts of an ID and their evidence.

    ID is a row (row/6), an endpoint set (ws/worldwide/11), a requirement (row/6/mrs-proxy, dns/mx), a scenario
    (mailbox-migration) or a service area (teams). Facts that several clouds share are shown once. What probes compare
    with has names of its own: certificates, quality, probe-names.

    `names`, names/akamai or a host such as `*.akadns.net` shows names of content delivery networks and targets of
    aliases, which logs contain and no plan opens.

    Examples:
        perimeter365 show row/6
        perimeter365 show mailbox-migration
        perimeter365 show ws/worldwide/11 --json
    """
    from perimeter365.errors import UnknownNameError
    from perimeter365.model.as_dict import requirement_dict, row_dict
    from perimeter365.model.cloud import Cloud
    from perimeter365.model.scenario import FURTHER_SCENARIOS

    if name in _TOPICS:
        _show_topic(settings, name, json=json)
        return
    if names := _explained(name):
        if json:
            print_json({"id": name, "row": None, "requirements": [], "names": [each.to_dict() for each in names]})
        else:
            index = settings.workspace.index()
            listed = "/" not in name and "." in name and index.lookup(name).listed
            shown = (_block(settings, f"{n.id}  {n.title}", list(_name(n, index, listed=listed))) for n in names)
            settings.print_bold("\n\n".join(shown))
        return
    catalog = settings.load_catalog()
    clouds = [Cloud.parse(c, catalog.versions) for c in cloud]
    found = [r for r in catalog.find(name) if not clouds or r.cloud in clouds]
    row = next((r for r in (*catalog.rows.values(), catalog.dns) if name in (r.id, r.scenario)), None)
    if json:
        made = {
            "id": name,
            "row": row and row_dict(row),
            "requirements": [{**requirement_dict(r), **_known(catalog, r)} for r in found],
        }
        delivered = {each.id: each for req in found for _, each in _delivered(catalog, req)}
        print_json({**made, "names": [each.to_dict() for each in delivered.values()]} if delivered else made)
        return
    blocks = [_block(settings, f"{row.id}  {row.title}", _row(row))] if row and not field else []
    if (further := FURTHER_SCENARIOS.get(name)) and not field:
        blocks.append(_block(settings, f"{name}  {further.title}", [("next to", f"row/{further.row}")]))
    facts: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for req in found:
        facts.setdefault((f"{req.id}  {_what(req)}", tuple(_facts(catalog, req))), []).append(str(req.cloud))
    known = {label for _, lines in facts for label, text in lines if text} | {"clouds"}
    for label in field:
        if label not in known:
            raise UnknownNameError(f"line of {name}", label, known - {""})
    for (title, lines), where in facts.items():
        every = [("clouds", ", ".join(where)), *lines]
        blocks.append(_block(settings, title, [(label, text) for label, text in every if not field or label in field]))
    settings.print_bold("\n\n".join(blocks))


_TOPICS = {
    "certificates": ("certificates", "validation_hosts"),
    "quality": ("thresholds", "principles", "relays", "status_probes", "refused"),
    "probe-names": ("names",),
}
"""Name of a topic -> the fields of `ProbeFacts` that it shows."""


def _show_topic(settings: Settings, name: str, *, json: bool) -> None:
    from dataclasses import fields

    from perimeter365.model.as_dict import plain
    from perimeter365.sources.probe_facts import probe_facts

    made = {
        kind: [{f.name: plain(getattr(each, f.name)) for f in fields(each)} for each in getattr(probe_facts(), kind)]
        for kind in _TOPICS[name]
    }
    if json:
        print_json({"id": name, **made})
        return
    for kind, items in made.items():
        settings.print_bold(settings.bold(kind.replace("_", " ")))
        for item in items:
            evidence = item.pop("evidence")
            words = [", ".join(v) if isinstance(v, list) else f"{k} {v}" for k, v in item.items() if v not in ("", None, [])]
            print(f"  {'; '.join(words)} ({evidence['document']}, {evidence['date']}, {evidence['confidence']} confidence)")


def _explained(name: str) -> "list[ExplainedName]":
    """Return the explained names of an id or host; [] if it is another id.

    Raises UnknownNameError.
    """
    from perimeter365.errors import HostPatternError, UnknownNameError
    from perimeter365.model.host import HostPattern
    from perimeter365.model.names import SCOPE, explained_names, explanations

    if name == SCOPE or name.startswith(f"{SCOPE}/"):
        known = {each.id: each for each in explained_names()}
        if name not in known and name != SCOPE:
            raise UnknownNameError("id of explained names", name, known)
        return [known[name]] if name in known else list(known.values())
    try:
        return [each for each, _ in explanations(HostPattern(name))] if "." in name else []
    except HostPatternError:
        return []


def _name(name: "ExplainedName", index: "Index", *, listed: bool) -> Iterator[tuple[str, str]]:
    from perimeter365.model.host import HostPattern

    kinds = {"cdn": "content delivery network", "alias": "target of aliases", "former": "not listed any more"}
    yield "kind", kinds[name.kind]
    yield "names", ", ".join(host.text for host in name.hosts)
    yield "clouds", ", ".join(name.clouds)
    yield "what", name.text
    under = sorted(text for text in index.names() if name.matched(HostPattern(text)))
    more = f" and {len(under) - _SHOWN} more" if len(under) > _SHOWN else ""
    yield "listed", ", ".join(under[:_SHOWN]) + more if under else ""
    yield "advice", name.advice(listed=listed) if name.hosts else ""
    yield "evidence", f"{name.document} ({name.date}, {name.confidence} confidence)"


def _delivered(catalog: "Catalog", req: "Requirement") -> "Iterator[tuple[str, ExplainedName]]":
    """Yield the names of a requirement that a delivery network serves, explained."""
    from perimeter365.model.names import CDN, explanations
    from perimeter365.model.requirement import Flow, Site

    hosts = list(req.hosts) if isinstance(req, Site) else []
    if isinstance(req, Flow):
        key = req.id.set_key
        hosts = list(catalog.endpoint_set(key).hosts if key else (*req.source.hosts, *req.destination.hosts))
    for host in hosts:
        for name, _ in explanations(host, [CDN])[:1]:
            yield host.text, name


def _known(catalog: "Catalog", req: "Requirement") -> dict[str, Any]:
    """Return the assigned and removed entries of a set, and remarks on it, for JSON."""
    known = catalog.provenance.get(req.cloud)
    return known.to_dict(key.number) if known and (key := req.id.set_key) else {}


def _block(settings: Settings, title: str, lines: Lines) -> str:
    width = min(shutil.get_terminal_size().columns, 120) if sys.stdout.isatty() else 100
    made = [settings.bold(title)]
    for label, text in lines:
        if text:
            folded = textwrap.wrap(printable(text), max(width - 13, 30), break_long_words=False, break_on_hyphens=False)
            made += [f"  {label:<11}{folded[0]}", *(f"  {'':<11}{line}" for line in folded[1:])]
    return "\n".join(made)


def _row(row: "Row") -> Lines:
    return [
        ("scenario", row.scenario),
        ("clouds", ", ".join(map(str, row.clouds))),
        ("purpose", row.purpose),
        ("retired", f"{row.retired} {row.retired_note}" if row.retired else row.retired_note),
        ("the page", row.defect),
        *(("not known", f"{', '.join(map(str, u.clouds))}: {', '.join(u.ids)}: {u.reason}") for u in row.unknown),
    ]


def _what(req: "Requirement") -> str:
    kind = type(req).__name__.lower()
    return f"{getattr(req, 'direction', '')} {kind}".strip()


def _facts(catalog: "Catalog", req: "Requirement") -> Iterator[tuple[str, str]]:
    from perimeter365.model.requirement import Flow, Record, Site

    if isinstance(req, Flow):
        yield from _flow(catalog, req)
    elif isinstance(req, Site):
        yield "sites", ", ".join(h.text for h in req.hosts)
        yield "sets", ", ".join(map(str, req.sets))
        yield "zone", f"{req.zone}, scheme {req.scheme}" + (", cookies allowed" if req.cookies else "")
    elif isinstance(req, Record):
        yield "record", f"{req.owner} {req.ttl} {req.type} {req.value}"
        yield "duty", req.duty
    if delivered := list(_delivered(catalog, req)):
        yield "delivery", ", ".join(f"{host} ({name.id})" for host, name in delivered)
        yield "", f"{delivered[0][1].advice(listed=True)}"
    yield "required", "yes" if req.required else "no"
    yield "when", req.condition
    yield "on request", req.on_request
    yield "needed if", "; ".join(_words(condition) for condition in req.needs)
    yield "not if", "; or ".join(_words(condition) for condition in req.unless)
    yield "also for", ", ".join(req.also)
    yield "retired", str(req.retired or "")
    for evidence in req.evidence:
        yield "evidence", f"{evidence.document} ({evidence.date or 'no date'}, {evidence.confidence} confidence)"


def _words(condition: "Condition") -> str:
    """Return a condition for people.

    `scenario dns is selected, or [roles] adfs-proxy is set`.
    """
    return ", or ".join(_TERM[term.kind].format(name=term.name) + _value(term) for term in condition.terms)


def _value(term: "Term") -> str:
    return f" is {term.value}" if term.value else " is set" if term.kind == "dns" else ""


_TERM = {
    "scenario": "scenario {name} is selected",
    "role": "[roles] {name} is set",
    "cloud": "{name} is a cloud of the profile",
    "dns": "[dns] {name}",
}
"""Kind of a term of a condition -> its words."""


def _flow(catalog: "Catalog", flow: "Flow") -> Iterator[tuple[str, str]]:
    yield "from", _party(catalog, flow, flow.source)
    yield "to", _party(catalog, flow, flow.destination)
    if key := flow.id.set_key:
        own = catalog.endpoint_set(key)
        yield "hosts", ", ".join(h.text for h in own.hosts)
        yield "prefixes", ", ".join(str(p) for p in own.prefixes)
        if known := catalog.provenance.get(flow.cloud):
            if entries := known.assigned.get(own.id):
                yield "assigned", f"{', '.join(entries)}: assigned by area, medium confidence; the set's number is not known"
            for gone in known.removed_from(own.id):
                yield "removed", f"{gone.value}, gone by {gone.by}"
            for remark in known.remarks_on(own.id):
                yield "note", f"{remark.text} ({remark.evidence.document})"
        yield "express", "reachable over ExpressRoute" if own.express_route else ""
    ports = "; ".join(f"{name} {ports}" for name, ports in (("tcp", flow.tcp), ("udp", flow.udp)) if ports)
    yield "ports", ports or "not known"
    yield "paths", ", ".join(flow.path)
    yield "category", flow.category or ""
    yield "TLS", "no inspection" if flow.tls_inspection == "off" else ""
    yield "edition", f"{flow.edition} text of the page" if flow.edition else ""


def _party(catalog: "Catalog", flow: "Flow", party: "Party") -> str:
    from perimeter365.model.role import role

    words = [f"{party.role} ({role(party.role).title})"]
    words += [h.text for h in party.hosts] + [str(p) for p in party.prefixes]
    if not flow.id.set_key:
        for number in party.sets:
            words.append(f"set {number} of {catalog.endpoint_set(f'{flow.cloud}/{number}').area}")
    return ", ".join(words)
