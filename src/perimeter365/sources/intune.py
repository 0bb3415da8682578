"""Read the Intune list, which Microsoft publishes on pages of its own.

    [evidence.worldwide]                 a page: url and date
    [[set]]                              cloud, id, category, required, ports, hosts, prefixes, evidence

The web service is no source for Intune: its list lacks most of the names, and Microsoft advises against it. The sets have
synthetic numbers, since not all numbers of the pages exist in the web service.
"""

from collections.abc import Mapping
from typing import Any

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import (
    Read,
    at,
    fields,
    flag,
    many,
    mapping,
    optional,
    parse_toml,
    parsed,
    sequence,
    string,
    whole,
)
from perimeter365.model.endpoint_set import EndpointSet, listing
from perimeter365.model.evidence import Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet


def read_intune(text: str) -> tuple[EndpointSet, ...]:
    """Parse the sets of all clouds, sorted by cloud and id. Raises CatalogError."""
    found = fields(parse_toml(text), **_FILE)

    def one(value: object) -> EndpointSet:
        item = fields(value, **_SET)
        confidence, pages = item.pop("confidence"), [found["evidence"][key] for key in item.pop("evidence")]
        if item["id"] < SYNTHETIC_ID:
            raise CatalogError(f"{item['id']} is not a synthetic number, which starts at {SYNTHETIC_ID}")
        listed = listing(item.pop("prefixes"))
        return EndpointSet(
            **item,
            area="intune",
            express_route=False,
            prefixes=PrefixSet.parse(listed),
            listed=listed,
            evidence=tuple(Evidence(document=p["url"], date=p["date"], confidence=confidence) for p in pages),
        )

    return tuple(sorted(at("set", many(one), found["set"]), key=lambda s: (s.cloud, s.id)))


def _page(value: object) -> Mapping[str, Any]:
    return fields(value, url=string, date=string)


def _hosts(value: object) -> tuple[HostPattern, ...]:
    return tuple(sorted(set(many(parsed(HostPattern))(value))))


_FILE: Mapping[str, Read[Any]] = {"evidence": mapping(_page), "set": sequence}
_SET: Mapping[str, Read[Any]] = {
    "cloud": parsed(Cloud.parse),
    "id": whole,
    "category": string,
    "required": flag,
    "tcp": optional(parsed(PortSet.parse), PortSet()),
    "udp": optional(parsed(PortSet.parse), PortSet()),
    "hosts": optional(_hosts, ()),
    "prefixes": optional(many(string), ()),
    "evidence": many(string),
    "confidence": optional(string, "high"),
}
