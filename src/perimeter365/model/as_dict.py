"""Rows, requirements and planned facts as plain dictionaries, for JSON."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from perimeter365.model.cloud import Cloud
from perimeter365.model.condition import Condition
from perimeter365.model.evidence import Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import SetKey
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.requirement import Fact, Flow, FlowEnd, Requirement, Site
from perimeter365.model.row import Row

_EVERY = ("id", "cloud", "scenario", "row", "required", "condition", "needs", "unless", "on_request", "also", "retired")
_FIRST = (*_EVERY, "hosts", "sets", "owner")
"""The keys of a requirement that come first; the others follow in the order of its fields."""


def row_dict(row: Row) -> dict[str, Any]:
    """Return a row without its requirements.

    `row` is null for the page's DNS scope.
    """
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
        "unknown": [{f.name: plain(getattr(each, f.name)) for f in fields(each)} for each in row.unknown],
    }


def requirement_dict(req: Requirement) -> dict[str, Any]:
    """Return a requirement of the catalog, with its references and templates."""
    own = [f.name for f in fields(req) if f.name not in (*_FIRST, "evidence")]
    made = fact_dict(req, [key for key in _FIRST if hasattr(req, key)] + own + ["evidence"])
    if isinstance(req, Flow):
        for name, end in (("source", req.source), ("destination", req.destination)):
            made[name]["sets"] = _keys(req, end.sets)
    elif isinstance(req, Site):
        made["sets"] = _keys(req, req.sets)
    return {"id": req.id, "kind": type(req).__name__.lower(), **made}


def fact_dict(fact: Fact, keys: Iterable[str]) -> dict[str, Any]:
    """Return attributes of a requirement or planned fact, in the order of the keys."""
    return {key: plain(getattr(fact, key)) for key in keys}


def end_dict(end: FlowEnd) -> dict[str, Any]:
    """Return an end of a flow: its role, names and addresses."""
    return {"role": end.role, "hosts": plain(end.hosts), "prefixes": plain(end.prefixes)}


def plain(value: object) -> Any:
    """Convert a value of the model to JSON types.

    Ports and clouds become strings, days ISO dates, and sets of addresses or hosts lists of strings. Other values are
    returned unchanged.
    """
    if isinstance(value, str):  # most values
        return value
    if isinstance(value, (tuple, PrefixSet)):
        return [plain(each) for each in value]
    if isinstance(value, FlowEnd):
        own = getattr(value, "to_dict", None)  # the end of a plan has more
        return own() if own else end_dict(value)
    if isinstance(value, Evidence):
        return {"document": value.document, "date": value.date, "confidence": value.confidence}
    if isinstance(value, (Cloud, Condition, HostPattern, PortSet, Prefix, date)):
        return str(value)
    return value


def _keys(req: Requirement, numbers: Iterable[int]) -> list[str]:
    return [SetKey.of(req.cloud, number) for number in numbers]
