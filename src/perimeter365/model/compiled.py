"""The catalog as entries for `model.lookup`.

There is one entry for each external end of a flow, each site and each record.

    {"id": "row/6/…", "cloud": "worldwide", "scenario": "mailbox-migration", "as": "source", "direction": "inbound",
     "tcp": "443", "path": ["/EWS/mrsproxy.svc"], "sets": [1]}

Keys without a value are left out. `as` is `source`, `destination`, `site` or `record`; `sets` are endpoint sets of the same
cloud, whose own entries (`ws/…`) have their hosts and prefixes. A set has `confidence` if it is not high, and `assigned` for
the entries whose set is not known. The `remarks` of the catalog explain values that no list has (`model.provenance`).
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from perimeter365.model.catalog import Catalog
from perimeter365.model.ids import set_id
from perimeter365.model.prefix import Prefix
from perimeter365.model.requirement import Flow, Party, Record, Requirement, Site


def compile_catalog(catalog: Catalog) -> dict[str, Any]:
    """Compile a catalog for JSON and for `Index`.

    The order is: endpoint sets, rows, DNS.
    """
    return {
        "versions": {str(cloud): version.version for cloud, version in catalog.versions.items()},
        "entries": [entry for requirement in catalog.requirements() for entry in _entries(catalog, requirement)],
        "remarks": list(_remarks(catalog)),
    }


def _remarks(catalog: Catalog) -> Iterator[dict[str, Any]]:
    """Yield remarks, and removed entries with their day."""
    for cloud, known in catalog.provenance.items():
        for remark in known.remarks:
            where = {"cloud": cloud.value, "id": set_id(cloud, remark.set)}
            yield {**where, "values": list(remark.values), "text": remark.text}
        for entry in known.removed:
            where = {"cloud": cloud.value, "id": set_id(cloud, entry.set)}
            yield {**where, "values": [entry.value], "removed": entry.by.isoformat()}


def _entries(catalog: Catalog, req: Requirement) -> Iterator[dict[str, Any]]:
    common = {"id": req.id, "cloud": str(req.cloud), "scenario": req.scenario}
    late = {"retired": req.retired.isoformat()} if req.retired else {}
    if isinstance(req, Flow):
        facts = {"direction": req.direction, "category": req.category, "tcp": str(req.tcp), "udp": str(req.udp)}
        facts = {key: text for key, text in facts.items() if text}
        path = {"path": list(req.path)} if req.path else {}
        for role, party in (("source", req.source), ("destination", req.destination)):
            if members := _members(catalog, req, party):
                yield {**common, "as": role, **facts, **path, **late, **members}
    elif isinstance(req, Site):
        members = {"hosts": [h.text for h in req.hosts], "sets": list(req.sets)}
        yield {**common, "as": "site", **late, **{key: some for key, some in members.items() if some}}
    elif members := _record_members(req):
        yield {**common, "as": "record", **late, **members}


def _members(catalog: Catalog, req: Requirement, party: Party) -> dict[str, Any]:
    """Return the names, addresses and sets of an external end.

    The flow of an endpoint set has the names and addresses of the set itself.
    """
    if party.ours:
        return {}
    if key := req.id.set_key:
        own = catalog.endpoint_set(key)
        members: dict[str, Any] = {"hosts": [h.text for h in own.hosts], "prefixes": [str(p) for p in own.prefixes]}
        if known := catalog.provenance.get(req.cloud):
            weak = [e.confidence for e in known.evidence if e.confidence != "high"]
            members |= {"confidence": weak[0] if weak else "", "assigned": list(known.assigned.get(own.id, ()))}
    else:
        members = {
            "hosts": [h.text for h in party.hosts],
            "prefixes": [str(p) for p in party.prefixes],
            "sets": list(party.sets),
        }
    return {key: some for key, some in members.items() if some}


def _record_members(record: Record) -> dict[str, Any]:
    """Return the target of a record, and its owner if the owner is external."""
    owner = [record.owner.removesuffix(".")] if record.owner.endswith(".") and "<" not in record.owner else []
    value = record.value.rpartition(" ")[2]
    hosts, prefixes = owner, []
    if record.type in ("CNAME", "MX", "SRV"):
        hosts = [*owner, value.removesuffix(".")]
    elif record.type in ("A", "AAAA") and "<" not in value:
        prefixes = [str(Prefix.parse(value))]
    return {key: some for key, some in (("hosts", hosts), ("prefixes", prefixes)) if some}


def to_json(data: dict[str, Any]) -> str:
    """Convert a compiled catalog to JSON with one entry per line, for readable diffs."""
    entries: Iterable[dict[str, Any]] = data["entries"]
    lines = ",\n".join(f"  {json.dumps(entry)}" for entry in entries)
    remarks = ",\n".join(f"  {json.dumps(remark)}" for remark in data["remarks"])
    versions = json.dumps(data["versions"])
    return f'{{\n "versions": {versions},\n "entries": [\n{lines}\n ],\n "remarks": [\n{remarks}\n ]\n}}\n'
