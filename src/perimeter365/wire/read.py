"""Strict reader of the web service's JSON.

Errors name the position in the response.

    [s.id for s in parse_endpoints(body, Cloud.WORLDWIDE)][:3]
        [1, 2, 8]

    >>> parse_endpoints("[]", Cloud.WORLDWIDE)
    Traceback (most recent call last):
    perimeter365.errors.UpstreamDataError: the list of worldwide has no endpoint set

Unknown keys are accepted and reported by `read_endpoints`; change records drop them. A known key of the wrong type, an
unknown service area or category, a duplicate id and every entry of the never-list are errors. A missing list counts as
empty, since the service leaves out empty keys; each set needs at least one name or address.

    input                               error
    HTML or other text instead of JSON  NotJsonError
    JSON that stops in the middle       TruncatedError
    any other error                     UpstreamDataError with the position: `[3].ips[2]: 10.0.0.0/8 is private space (RFC 1918)`

Schema: https://learn.microsoft.com/en-us/microsoft-365/enterprise/microsoft-365-ip-web-service
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from perimeter365.errors import InputError, UpstreamDataError
from perimeter365.model.change import DISPOSITIONS, ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import (
    Read,
    decode,
    fields,
    flag,
    many,
    one_of,
    optional,
    parsed,
    sequence,
    shown,
    string,
    table,
    text,
    whole,
)
from perimeter365.model.endpoint_set import EndpointSet, listing
from perimeter365.model.host import TEMPLATE, HostPattern
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.model.never import host_problem, space_problem, width_problem
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.version import Version
from perimeter365.wire import write
from perimeter365.wire.names import AREAS, ATTRIBUTES, CATEGORIES, CHANGE_RECORD, ENDPOINT_SET
from perimeter365.wire.strict_json import read_json

MOST_SETS, MOST_ENTRIES = 5_000, 100_000
"""Maximum number of endpoint sets in a response, and of entries in all of its lists; real ones have 62 and 600."""

MOST_INSTANCES = 100
"""Maximum number of instances in a response of `/version`; there are six."""

_INSTANCE = text(r"[A-Za-z][A-Za-z0-9-]{0,30}", "the name of an instance")
_AREAS = {upstream: own for own, upstream in AREAS.items()}
_CATEGORIES = {upstream: own for own, upstream in CATEGORIES.items()}
_version = parsed(Version.published)
_MOST_CHARACTERS = 2000
"""Maximum length of a string that is parsed; real ones have 60."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointsAnswer:
    """The content of a response of `/endpoints/{instance}`."""

    sets: tuple[EndpointSet, ...]
    """Endpoint sets in ascending order of their ids, at least one."""
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Key that is not in the schema -> number of sets that have it."""
    wording: write.Wording = field(default_factory=dict)
    """Original text that the sets do not contain and `write.endpoints` needs to write the same bytes: spelling and order
    of the lists, ports as typed, display names, notes. This is free text of upstream, only for the JSON of a mirror."""


def parse_endpoints(text: str | bytes, cloud: Cloud) -> tuple[EndpointSet, ...]:
    """Parse the endpoint sets of a response of `/endpoints/{instance}`.

    Works as `read_endpoints`.
    """
    return read_endpoints(text, cloud).sets


def read_endpoints(text: str | bytes, cloud: Cloud) -> EndpointsAnswer:
    """Parse a response of `/endpoints/{instance}`.

    Args:
        text: the body; bytes are UTF-8 without a byte order mark.
        cloud: the cloud of the list.

    Raises:
        NotJsonError: the body is not JSON.
        TruncatedError: the body is JSON that stops in the middle.
        UpstreamDataError: the body is not a list of endpoint sets, or contains an entry of the never-list.
    """
    what = f"the list of {cloud}"
    data = decode(what, sequence, read_json(text, what), UpstreamDataError)
    if len(data) > MOST_SETS:
        raise UpstreamDataError(f"{what} has {len(data)} sets, more than {MOST_SETS}")
    found: dict[int, EndpointSet] = {}
    unknown: dict[str, int] = {}
    wording: dict[int, Mapping[str, Any]] = {}
    entries = 0
    for i, item in enumerate(data):
        made = decode(f"[{i}]", partial(_endpoint_set, cloud), item, UpstreamDataError)
        if made.id in found:
            raise UpstreamDataError(f"[{i}].id: {made.id} is a duplicate")
        found[made.id] = made
        entries += len(made.hosts) + len(made.listed)
        if words := _wording(item, made):
            wording[made.id] = words
        for key in item.keys() - ENDPOINT_SET.keys():
            unknown[key[:80]] = unknown.get(key[:80], 0) + 1
    if not found:
        raise UpstreamDataError(f"{what} has no endpoint set")
    if entries > MOST_ENTRIES:
        raise UpstreamDataError(f"{what} has {entries} entries, more than {MOST_ENTRIES}")
    if problem := width_problem(PrefixSet.parse(p for s in found.values() for p in s.listed)):
        raise UpstreamDataError(f"{what}: {problem}")
    sets = tuple(found[number] for number in sorted(found))
    return EndpointsAnswer(sets=sets, unknown=dict(sorted(unknown.items())), wording=wording)


def parse_version(text: str | bytes, cloud: Cloud) -> Version:
    """Parse the latest version of a response of `/version/{instance}` or `/version`.

    Raises NotJsonError, TruncatedError or UpstreamDataError.
    """
    what = f"the version of {cloud}"
    data = read_json(text, what)
    if isinstance(data, list):
        own = [x for x in data if isinstance(x, dict) and str(x.get("instance")).lower() == cloud.instance.lower()]
        if len(own) != 1:
            raise UpstreamDataError(f"{what}: {len(own)} entries for {cloud.instance}; expected one")
        data = own[0]
    read = partial(fields, instance=string, latest=_version)
    found = decode(what, lambda value: read(_known(value, "instance", "latest")), data, UpstreamDataError)
    if found["instance"].lower() != cloud.instance.lower():
        raise UpstreamDataError(f"{what}.instance: {found['instance'][:40]!r} is not {cloud.instance}")
    return Version(found["latest"])


def parse_versions(text: str | bytes) -> dict[str, Version]:
    """Parse a response of `/version`: each instance and its latest version.

    Raises NotJsonError, TruncatedError or UpstreamDataError.
    """
    what = "the list of instances"
    data = decode(what, sequence, read_json(text, what), UpstreamDataError)
    if len(data) > MOST_INSTANCES:
        raise UpstreamDataError(f"{what} has {len(data)} entries, more than {MOST_INSTANCES}")
    read = partial(fields, instance=_INSTANCE, latest=_version)
    items = decode(what, many(lambda item: read(_known(item, "instance", "latest"))), data, UpstreamDataError)
    found = {item["instance"].lower(): item for item in items}
    if len(found) < len(items):
        raise UpstreamDataError(f"{what} has an instance twice")
    return {item["instance"]: Version(item["latest"]) for item in items}


def parse_changes(text: str | bytes, cloud: Cloud) -> tuple[ChangeRecord, ...]:
    """Parse the records of a response of `/changes/{instance}/{version}`.

    They keep the order of the response. Return () if nothing changed.

    Raises NotJsonError, TruncatedError or UpstreamDataError.
    """
    what = f"the changes of {cloud}"
    data = decode(what, sequence, read_json(text, what), UpstreamDataError)
    if len(data) > MOST_ENTRIES:
        raise UpstreamDataError(f"{what}: {len(data)} records, more than {MOST_ENTRIES}")
    return decode("", many(_change), data, UpstreamDataError)


def change_record(item: Mapping[str, Any]) -> ChangeRecord:
    """Convert the output of `write.change_record` back to a ChangeRecord.

    The data comes from a store and is not validated. For data from the network, use `parse_changes`.
    """
    add, remove = item.get("add", {}), item.get("remove", {})
    day = add.get("effectiveDate", "")
    return ChangeRecord(
        id=item["id"],
        endpoint_set=item["endpointSetId"],
        disposition=item["disposition"],
        impact=item.get("impact", ""),
        version=Version(item["version"]),
        previous=item.get("previous", {}),
        current=item.get("current", {}),
        effective=date(int(day[:4]), int(day[4:6]), int(day[6:8])) if day else None,
        added_prefixes=tuple(add.get("ips", ())),
        added_hosts=tuple(add.get("urls", ())),
        removed_prefixes=tuple(remove.get("ips", ())),
        removed_hosts=tuple(remove.get("urls", ())),
    )


def published(text: str, place: str) -> Version:
    """Validate a version of the service. Raises UpstreamDataError with the position."""
    return decode(place, _version, text, UpstreamDataError)


def check_prefix(place: str, prefix: Prefix) -> None:
    """Raise UpstreamDataError with the position if a prefix is on the never-list."""
    decode(place, _check_never, prefix, UpstreamDataError)


def _known(value: object, *keys: str) -> dict[str, Any]:
    """Return the given keys of an object; others are ignored."""
    return {key: item for key, item in table(value).items() if key in keys}


def _endpoint_set(cloud: Cloud, value: object) -> EndpointSet:
    item = fields(_known(value, *ENDPOINT_SET), **_ENDPOINT_SET)
    if not (item["urls"] or item["ips"]):
        raise InputError("neither urls nor ips")
    return EndpointSet(
        id=item["id"],
        cloud=cloud,
        area=_AREAS[item["serviceArea"]],
        category=_CATEGORIES[item["category"]],
        required=item["required"],
        express_route=item["expressRoute"],
        tcp=item["tcpPorts"],
        udp=item["udpPorts"],
        hosts=tuple(sorted(set(item["urls"]))),
        prefixes=PrefixSet.parse(item["ips"]),
        listed=listing(item["ips"]),
    )


def _wording(item: Mapping[str, Any], made: EndpointSet) -> Mapping[str, Any]:
    """Return the original values of those keys that `write` would write differently."""
    written = write.endpoint_set(made)
    return {key: found for key, kind in ENDPOINT_SET.items() if (found := item.get(key, kind())) != written[key]}


def _change(value: object) -> ChangeRecord:
    item = fields(_known(value, *CHANGE_RECORD), **_CHANGE_RECORD)
    return ChangeRecord(
        id=item["id"],
        endpoint_set=item["endpointSetId"],
        disposition=item["disposition"],
        version=item["version"],
        impact=item["impact"],
        previous=item["previous"],
        current=item["current"],
        effective=item["add"].get("effectiveDate"),
        added_prefixes=listing(item["add"].get("ips", ())),
        added_hosts=tuple(host.text for host in item["add"].get("urls", ())),
        removed_prefixes=listing(item["remove"].get("ips", ())),
        removed_hosts=tuple(host.text for host in item["remove"].get("urls", ())),
    )


def _attribute(value: object) -> str | bool:
    """Return an attribute of `previous` or `current` unchanged.

    The service writes some booleans as strings.
    """
    if not isinstance(value, str | bool):
        raise InputError(f"expected a string or a boolean, got {shown(value)}")
    return value


def _some(**readers: Read[Any]) -> Read[dict[str, Any]]:
    """Return the reader of an object with these optional keys, in this order."""

    def read(value: object) -> dict[str, Any]:
        given = _known(value, *readers)
        return fields(given, **{key: reader for key, reader in readers.items() if key in given})

    return read


def _day(value: object) -> date | None:
    text = string(value)
    with suppress(ValueError):
        if not text or re.fullmatch(r"[0-9]{8}", text):
            return date(int(text[:4]), int(text[4:6]), int(text[6:])) if text else None
    raise InputError(f"{text[:40]!r} is not a day (YYYYMMDD)")


def _set_number(value: object) -> int:
    number = whole(value)
    if not 1 <= number < SYNTHETIC_ID:
        raise InputError(f"{number} is not from 1 to {SYNTHETIC_ID - 1}")
    return number


def _short(value: object) -> str:
    text = string(value)
    if len(text) > _MOST_CHARACTERS:
        raise InputError(f"the string has {len(text)} characters, more than {_MOST_CHARACTERS}")
    return text


def _ports(value: object) -> PortSet:
    return PortSet.parse(_short(value))


def _host(value: object, *, never: bool = True) -> HostPattern:
    host = HostPattern(_short(value))
    if host.kind == TEMPLATE:
        raise InputError(f"{host.text[:80]!r} is a template, not a name")
    if never and (problem := host_problem(host)):
        raise InputError(problem)
    return host


def _prefix(value: object, *, never: bool = True) -> str:
    text = _short(value)
    prefix = Prefix.parse(text)
    if "/" not in text:
        raise InputError(f"{text[:80]!r} has no prefix length")
    if never:
        _check_never(prefix)
    return text


def _check_never(prefix: Prefix) -> None:
    own = PrefixSet.of([prefix])
    if problem := space_problem(own) or width_problem(own):
        raise InputError(problem)


def _prefixes(value: object) -> tuple[str, ...]:
    found = many(_prefix, MOST_ENTRIES)(value)
    if problem := width_problem(PrefixSet.parse(found)):
        raise InputError(problem)
    return found


_hosts = many(_host, MOST_ENTRIES)
# A removed entry allows nothing, so the never-list does not apply.
_past_hosts = many(partial(_host, never=False), MOST_ENTRIES)
_past_prefixes = many(partial(_prefix, never=False), MOST_ENTRIES)
_attributes = optional(_some(**dict.fromkeys(ATTRIBUTES, _attribute)), {})

_ENDPOINT_SET: Mapping[str, Read[Any]] = {
    "id": _set_number,
    "serviceArea": one_of(*_AREAS),
    "serviceAreaDisplayName": optional(string, ""),
    "urls": optional(_hosts, ()),
    "ips": optional(_prefixes, ()),
    "tcpPorts": optional(_ports, PortSet()),
    "udpPorts": optional(_ports, PortSet()),
    "expressRoute": flag,
    "category": one_of(*_CATEGORIES),
    "required": flag,
    "notes": optional(string, ""),
}
_CHANGE_RECORD: Mapping[str, Read[Any]] = {
    "id": whole,
    "endpointSetId": whole,
    "disposition": one_of(*DISPOSITIONS),
    "impact": optional(text(r"(?:[A-Za-z]{1,60})?", "a word"), ""),
    "version": _version,
    "previous": _attributes,
    "current": _attributes,
    "add": optional(_some(effectiveDate=_day, ips=_prefixes, urls=_hosts), {}),
    "remove": optional(_some(effectiveDate=string, ips=_past_prefixes, urls=_past_hosts), {}),
}
