"""Read the explained names of `facts/names.toml`.

    [[name]]
    name = "akamai"
    kind = "alias"
    title = "Akamai: DNS by location and content delivery"
    text = "Names of Microsoft 365 are aliases of names in these domains."
    hosts = ["*.akadns.net"]
    evidence = ["managing"]

Only `tasks/index.py` and tests use this module; `model.names` reads the compiled file.
"""

import json
from functools import partial
from typing import Any

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import (
    Read,
    at,
    decode,
    fields,
    many,
    mapping,
    one_of,
    optional,
    parse_toml,
    parsed,
    sequence,
    string,
    table,
    text,
)
from perimeter365.model.evidence import Evidence
from perimeter365.model.host import EXACT, GLUED, SUFFIX, HostPattern
from perimeter365.model.names import KINDS, SCOPE

_FILE = "names.toml"


def read_names(content: str) -> list[dict[str, Any]]:
    """Read the file, as `model.names.ExplainedName` takes it.

    Raises:
        CatalogError: the file is not valid; the message has the place.
    """
    return decode(_FILE, _read, content, CatalogError)


def to_json(names: list[dict[str, Any]]) -> str:
    """Convert names to JSON with one name per line, for readable diffs."""
    return "[\n" + ",\n".join(f" {json.dumps(name)}" for name in names) + "\n]\n"


def _read(content: str) -> list[dict[str, Any]]:
    found = fields(parse_toml(content), evidence=mapping(partial(fields, url=string, date=string)), name=sequence)
    documents = {key: Evidence(document=page["url"], date=page["date"]) for key, page in found["evidence"].items()}

    def read(value: object) -> dict[str, Any]:
        item = table(value)
        return at(f" {item.get('name', '')}".rstrip(), lambda value: _name(documents, value), item)

    names = list(at(".name", many(read), found["name"]))
    for kind in ("id", "hosts"):
        values = [each for name in names for each in ([name["id"]] if kind == "id" else name["hosts"])]
        if twice := [value for value in values if values.count(value) > 1]:
            raise CatalogError(f"{twice[0]} is there twice")
    return names


def _name(documents: dict[str, Evidence], value: object) -> dict[str, Any]:
    item = fields(value, **_FIELDS)
    evidence = [documents[key] for key in item["evidence"]]
    if not evidence:
        raise CatalogError("it has no evidence")
    Evidence(document=evidence[0].document, date=evidence[0].date, confidence=item["confidence"])  # checks the word
    return {
        "id": f"{SCOPE}/{item['name']}",
        **{key: item[key] for key in ("kind", "title", "text")},
        "hosts": [host.text for host in item["hosts"]],
        "clouds": [str(cloud) for cloud in item["clouds"]],
        "document": evidence[0].document,
        "date": evidence[0].date,
        "confidence": item["confidence"],
    }


def _host(value: str) -> HostPattern:
    host = HostPattern(value)
    if host.kind not in (EXACT, SUFFIX, GLUED):
        raise CatalogError(f"{value!r} is neither a name nor the names of a domain")
    return host


_SENTENCE = text(r"[^\x00-\x1f\x7f]+", "one line of text")
_FIELDS: dict[str, Read[Any]] = {
    "name": text("[a-z0-9-]+"),
    "kind": one_of(*KINDS),
    "title": _SENTENCE,
    "text": _SENTENCE,
    "hosts": optional(many(parsed(_host)), ()),
    "clouds": optional(many(parsed(Cloud.parse)), ()),
    "confidence": optional(string, "high"),
    "evidence": many(string),
}
