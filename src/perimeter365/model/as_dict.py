"""Rows and requirements as plain dictionaries, for JSON: one shape for `show`, the pages and the API."""

from typing import Any

from perimeter365.model.evidence import Evidence
from perimeter365.model.requirement import Flow, Party, Record, Requirement, Site
from perimeter365.model.row import Row


def row_dict(row: Row) -> dict[str, Any]:
    """A row without its requirements. `row` is null for the page's DNS scope."""
    return {
        "row": row.number or None,
        "scenario": row.scenario,
        "title": row.title,
        "purpose": row.purpose,
        "clouds": [str(c) for c in row.clouds],
        "kinds": list(row.kinds),
        "directions": list(row.directions),
        "retired": row.retired.isoformat() if row.retired else None,
        "retired_note": row.retired_note,
        "defect": row.defect,
    }


def requirement_dict(req: Requirement) -> dict[str, Any]:
    """A requirement as the catalog holds it: references to sets and templates stand as they are."""
    common: dict[str, Any] = {
        "id": req.id,
        "kind": type(req).__name__.lower(),
        "cloud": str(req.cloud),
        "scenario": req.scenario,
        "row": req.row,
        "required": req.required,
        "condition": req.condition,
        "on_request": req.on_request,
        "retired": req.retired.isoformat() if req.retired else None,
    }
    own: dict[str, Any] = {}
    if isinstance(req, Flow):
        own = {
            "direction": req.direction,
            "source": _party(req, req.source),
            "destination": _party(req, req.destination),
            "tcp": str(req.tcp),
            "udp": str(req.udp),
            "path": list(req.path),
            "category": req.category,
            "tls_inspection": req.tls_inspection,
            "edition": req.edition,
            "express_route": req.express_route,
        }
    elif isinstance(req, Site):
        own = {
            "hosts": [h.text for h in req.hosts],
            "sets": [f"{req.cloud}/{n}" for n in req.sets],
            "scheme": req.scheme,
            "zone": req.zone,
            "cookies": req.cookies,
        }
    elif isinstance(req, Record):
        own = {"owner": req.owner, "type": req.type, "value": req.value, "ttl": req.ttl, "duty": req.duty}
    return {**common, **own, "evidence": [_evidence(e) for e in req.evidence]}


def _party(req: Requirement, party: Party) -> dict[str, Any]:
    return {
        "role": party.role,
        "hosts": [h.text for h in party.hosts],
        "prefixes": [str(p) for p in party.prefixes],
        "sets": [f"{req.cloud}/{n}" for n in party.sets],
    }


def _evidence(evidence: Evidence) -> dict[str, str]:
    return {"document": evidence.document, "date": evidence.date, "confidence": evidence.confidence}
