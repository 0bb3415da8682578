r"""Writer of the web service's JSON.

The output equals the service's, byte for byte, if `read` has preserved the original text.

    >>> from perimeter365.model.cloud import Cloud
    >>> print(version(Cloud.WORLDWIDE, "2026080200").decode())
    {
      "instance": "Worldwide",
      "latest": "2026080200"
    }

    answer = read_endpoints(body, Cloud.WORLDWIDE)
    endpoints(answer.sets, answer.wording) == body      # a recorded answer of 2026-05-31, 26,786 bytes
        True

    element                 form
    bytes                   ASCII, no byte order mark, LF, indented by two spaces, no line end at the end
    keys                    in the order of `names`; keys with empty values are left out; there is no null
    sets                    ascending by id
    urls                    ascending as text (until September 2024 some sets had another order, which alternated)
    ips                     IPv4 first, ascending, always with a prefix length
    tcpPorts, udpPorts      ascending, ranges merged (the service keeps some as typed: `143, 587, 993, 995`)
    apostrophes             \u0027: some clients replace every ' with " before they parse

The form is known only from recorded responses of /endpoints; /version and /changes are assumed to use the same
serializer. Unknown keys, another order of keys or sets, and empty values are lost even with the wording of `read`.
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
"""Id of an endpoint set -> original values of those keys that `endpoint_set` would write differently."""


def endpoints(sets: Iterable[EndpointSet], wording: Wording | None = None, *, synthetic: bool = False) -> bytes:
    """Return the response of /endpoints/{instance}.

    Args:
        sets: endpoint sets of one cloud, with Microsoft's ids.
        wording: original text from `read_endpoints`; None to derive all text from the sets.
        synthetic: accept synthetic ids, for a request that asks for Intune.

    Raises:
        InputError: a set has a synthetic id, which the service does not use.
    """
    words = wording or {}
    items = []
    for each in sorted(sets, key=lambda s: s.id):
        if each.id >= SYNTHETIC_ID and not synthetic:
            raise InputError(f"{each.key} has no Microsoft id, so the service cannot list it")
        items.append(_ordered({**endpoint_set(each), **words.get(each.id, {})}, ENDPOINT_SET))
    return encode(items)


def endpoint_set(each: EndpointSet) -> dict[str, Any]:
    """Return one item of /endpoints with all keys, including those with empty values."""
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
        "notes": "",  # Microsoft's prose is not stored
    }


def attributes(each: EndpointSet | None, names: Iterable[str]) -> dict[str, Any]:
    """Return `previous` or `current` of a change record.

    Args:
        each: the set before or after the change; None if it did not exist.
        names: the changed fields of `EndpointSet`.
    """
    if each is None:
        return {}
    item = endpoint_set(each)
    keys = {_KEYS[name] for name in names}
    return _ordered({key: item[key] for key in keys}, ATTRIBUTES)


_KEYS = {
    "express_route": "expressRoute",
    "area": "serviceArea",
    "category": "category",
    "required": "required",
    "tcp": "tcpPorts",
    "udp": "udpPorts",
}
"""Field of `EndpointSet` -> key of `ATTRIBUTES`."""


def version(cloud: Cloud, latest: str, versions: Iterable[str] = ()) -> bytes:
    """Return the response of /version/{instance}.

    Args:
        cloud: the cloud.
        latest: the latest version, ten digits.
        versions: all versions including `latest`, newest first, if AllVersions was requested; else ().
    """
    return encode(version_item(cloud, latest, versions))


def versions(found: Mapping[Cloud, tuple[str, Iterable[str]]]) -> bytes:
    """Return the response of /version.

    Args:
        found: cloud -> (`latest`, `versions`), as for `version`, in output order.
    """
    return encode([version_item(cloud, latest, rest) for cloud, (latest, rest) in found.items()])


def version_item(cloud: Cloud, latest: str, versions: Iterable[str] = ()) -> dict[str, Any]:
    """Return one item of /version.

    The instance of a closed cloud, which the service does not have any more, is the name of the cloud.
    """
    return _ordered({"instance": cloud.folder, "latest": latest, "versions": list(versions)}, VERSION)


def changes(records: Iterable[ChangeRecord]) -> bytes:
    """Return the response of /changes/{instance}/{version}.

    The records keep their order. The response is `[]` if nothing changed.
    """
    return encode([change_record(record) for record in records])


def change_record(record: ChangeRecord) -> dict[str, Any]:
    """Return one item of /changes.

    Its keys are in the service's order; empty values are left out.
    """
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
    return _ordered(made, CHANGE_RECORD)


def encode(data: object) -> bytes:
    """Serialize a document as the service does."""
    return json.dumps(data, indent=2).replace("'", "\\u0027").encode("ascii")


def _entries(day: date | None, prefixes: Iterable[str], hosts: Iterable[str]) -> dict[str, Any]:
    made = {"effectiveDate": f"{day:%Y%m%d}" if day else "", "ips": list(prefixes), "urls": list(hosts)}
    return _ordered(made, ENTRIES)


def _ordered(item: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Return an item with keys in the service's order and without empty values.

    The value false is not empty.
    """
    return {key: item[key] for key in keys if item.get(key, "") not in ("", [], {})}
