r"""Writer of the web service's CSV.

    >>> from perimeter365.model.cloud import Cloud
    >>> versions({Cloud.WORLDWIDE: ("2026080200", ())})
    b'instance,latest\nWorldwide,2026080200\n'

    answer          columns
    /version        instance, latest; with AllVersions also versions
    /endpoints      the keys of the JSON: id, serviceArea, serviceAreaDisplayName, urls, ips, tcpPorts, udpPorts,
                    expressRoute, category, required and notes
    /changes        the keys of a record; those of inner objects with the outer one: `previous.tcpPorts`, `add.ips`

Lists are in one cell, joined by commas. Lines end with LF, as in Microsoft's example, so that `cut` gives values without CR.
Booleans are `True` and `False`, as .NET writes them, and there is no byte order mark. Microsoft documents neither the
columns of /changes nor the spelling of booleans. A cell that would start like a formula of a spreadsheet (= + - @ tab CR ')
is prefixed with an apostrophe (OWASP, CSV injection). Line breaks and control characters are spaces. Only upstream's prose
(`notes` of change records) can contain either.

Source: https://learn.microsoft.com/en-us/microsoft-365/enterprise/microsoft-365-ip-web-service
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.wire import write
from perimeter365.wire.names import ATTRIBUTES, CHANGE_RECORD, ENDPOINT_SET, ENTRIES, VERSION

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_INNER: Mapping[str, Sequence[str]] = {
    "previous": ATTRIBUTES,
    "current": ATTRIBUTES,
    "add": tuple(ENTRIES),
    "remove": tuple(key for key in ENTRIES if key != "effectiveDate"),
}
CHANGES = tuple(
    column for key in CHANGE_RECORD for column in ([f"{key}.{inner}" for inner in _INNER[key]] if key in _INNER else [key])
)
"""The columns of /changes."""


def versions(found: Mapping[Cloud, tuple[str, Iterable[str]]]) -> bytes:
    """Return the response of /version or /version/{instance}; see `write.versions`."""
    items = [write.version_item(cloud, latest, rest) for cloud, (latest, rest) in found.items()]
    every = any("versions" in item for item in items)
    return _table([key for key in VERSION if every or key != "versions"], items)


def endpoints(sets: Iterable[EndpointSet]) -> bytes:
    """Return the response of /endpoints/{instance}, in ascending order of ids."""
    return _table(list(ENDPOINT_SET), [write.endpoint_set(each) for each in sorted(sets, key=lambda s: s.id)])


def endpoint_items(items: Iterable[Mapping[str, Any]], further: Iterable[str] = ()) -> bytes:
    """Return items of /endpoints as CSV, further keys in columns at the end."""
    return _table([*ENDPOINT_SET, *further], items)


def changes(records: Iterable[ChangeRecord]) -> bytes:
    """Return the response of /changes. The records keep their order."""
    return _table(CHANGES, [_flat(write.change_record(record)) for record in records])


def _flat(item: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for key, value in item.items():
        found.update({f"{key}.{inner}": each for inner, each in value.items()} if key in _INNER else {key: value})
    return found


def _table(columns: Sequence[str], items: Iterable[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(columns)
    table.writerows([_cell(item.get(key, "")) for key in columns] for item in items)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    if not text.isprintable():
        text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f"'{text}" if text.startswith(_FORMULA) else text
