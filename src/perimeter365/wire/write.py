r"""Writes the JSON of the web service, byte for byte as the service does where `read` has kept what our values do not hold.

    >>> from perimeter365.model.cloud import Cloud
    >>> print(version(Cloud.WORLDWIDE, "2026080200").decode())
    {
      "instance": "Worldwide",
      "latest": "2026080200"
    }

    answer = read_endpoints(body, Cloud.WORLDWIDE)
    endpoints(answer.sets, answer.wording) == body      # a recorded answer of 2026-05-31, 26,786 bytes
        True

    what                    how
    bytes                   ASCII, no byte order mark, LF, two blanks a level, no line end at the end
    keys                    in the order of `names`; one whose value is empty is left out; nothing is null
    sets                    ascending by id
    urls                    ascending, as text (until September 2024 some sets in another order, which flipped)
    ips                     IPv4 first, ascending, always with a length
    tcpPorts, udpPorts      ascending, ranges merged (the service keeps some as they were typed: `143, 587, 993, 995`)
    an apostrophe           \u0027: a client in the field turns every ' into " before it parses

Known only from recorded answers of /endpoints; /version and /changes are taken to come from the same serializer.
What cannot come back even with `read`'s wording: unknown keys, another order of keys or sets, and empty values.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from perimeter365.errors import InputError
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.wire.names import (
    AREA_NAMES,
    AREAS,
    ATTRIBUTES,
    CATEGORIES,
    CHANGE_RECORD,
    ENDPOINT_SET,
    ENTRIES,
    VERSION,
)

Wording = Mapping[int, Mapping[str, Any]]
"""Id of an endpoint set -> what the service wrote, of the keys where `endpoint_set` would write something else."""


def endpoints(sets: Iterable[EndpointSet], wording: Wording | None = None) -> bytes:
    """The answer of /endpoints/{instance}.

    Args:
        sets: of one cloud, with Microsoft's ids.
        wording: as `read_endpoints` returns it; None writes what our values hold.

    Raises:
        InputError: a set has an id of ours, which the service could not have written.
    """
    words = wording or {}
    items = []
    for each in sorted(sets, key=lambda s: s.id):
        if each.id >= SYNTHETIC_ID:
            raise InputError(f"{each.key} has no id of Microsoft's, so the service would not list it")
        items.append(_kept({**endpoint_set(each), **words.get(each.id, {})}, ENDPOINT_SET))
    return encode(items)


def endpoint_set(each: EndpointSet) -> dict[str, Any]:
    """One item of /endpoints: our values in the service's words, also the empty ones."""
    area = AREAS[each.area]
    return {
        "id": each.id,
        "serviceArea": area,
        "serviceAreaDisplayName": AREA_NAMES.get(area, ""),
        "urls": [host.text for host in each.hosts],
        "ips": list(each.listed),
        "tcpPorts": str(each.tcp),
        "udpPorts": str(each.udp),
        "expressRoute": each.express_route,
        "category": CATEGORIES[each.category],
        "required": each.required,
        "notes": "",  # Microsoft's prose is not kept
    }


def attributes(each: EndpointSet | None, names: Iterable[str]) -> dict[str, Any]:
    """`previous` or `current` of a change record.

    Args:
        each: the set before or after; None if there was, or is, no set.
        names: the fields of `EndpointSet` that changed.
    """
    if each is None:
        return {}
    item = endpoint_set(each)
    keys = {_KEYS[name] for name in names}
    return _kept({key: item[key] for key in keys}, ATTRIBUTES)


_KEYS = {
    "express_route": "expressRoute",
    "area": "serviceArea",
    "category": "category",
    "required": "required",
    "tcp": "tcpPorts",
    "udp": "udpPorts",
}
"""Fields of `EndpointSet` -> keys of `ATTRIBUTES`."""


def version(cloud: Cloud, latest: str, versions: Iterable[str] = ()) -> bytes:
    """The answer of /version/{instance}.

    Args:
        cloud: whose.
        latest: ten digits.
        versions: all of them, newest first, `latest` included, when AllVersions was asked for.
    """
    return encode(_version(cloud, latest, versions))


def versions(found: Mapping[Cloud, tuple[str, Iterable[str]]]) -> bytes:
    """The answer of /version: each cloud's `latest` and versions, as `version` takes them, in this order."""
    return encode([_version(cloud, latest, rest) for cloud, (latest, rest) in found.items()])


def changes(records: Iterable[ChangeRecord]) -> bytes:
    """The answer of /changes/{instance}/{version}, in the order of the records; `[]` when nothing changed."""
    return encode([change_record(record) for record in records])


def change_record(record: ChangeRecord) -> dict[str, Any]:
    """One item of /changes: the service's keys in its order, empty ones absent."""
    made: dict[str, Any] = {
        "id": record.id,
        "endpointSetId": record.endpoint_set,
        "disposition": record.disposition,
        "impact": record.impact,
        "version": record.version,
        "previous": {key: record.previous[key] for key in ATTRIBUTES if key in record.previous},
        "current": {key: record.current[key] for key in ATTRIBUTES if key in record.current},
        "add": _entries(record.effective, record.added_prefixes, record.added_hosts),
        "remove": _entries(None, record.removed_prefixes, record.removed_hosts),
    }
    return _kept(made, CHANGE_RECORD)


def encode(data: object) -> bytes:
    """The bytes of a document as the service writes it."""
    return json.dumps(data, indent=2).replace("'", "\\u0027").encode("ascii")


def _version(cloud: Cloud, latest: str, versions: Iterable[str]) -> dict[str, Any]:
    return _kept({"instance": cloud.instance, "latest": latest, "versions": list(versions)}, VERSION)


def _entries(day: date | None, prefixes: Iterable[str], hosts: Iterable[str]) -> dict[str, Any]:
    made = {"effectiveDate": f"{day:%Y%m%d}" if day else "", "ips": list(prefixes), "urls": list(hosts)}
    return _kept(made, ENTRIES)


def _kept(item: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Put keys in the service's order and leave the empty ones out; false is a value."""
    return {key: item[key] for key in keys if item.get(key, "") not in ("", [], {})}
