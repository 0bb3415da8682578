"""Strict reader of the web service's JSON.

Errors name the position in the response.

    [s.id for s in parse_endpoints(body, Cloud.WORLDWIDE)][:3]
        [1, 2, 8]

    >>> parse_endpoints("[]", Cloud.WORLDWIDE)
    Traceback (most recent call last):
    perimeter365.errors.UpstreamDataError: the list of worldwide has no endpoint set

Unknown keys are accepted and reported by `read_endpoints`; change records drop them. A set with an unknown service area or
category is left out and reported (`EndpointsAnswer.unreadable`), so that a new one does not stop the other sets;
`parse_endpoints` rejects it. A known key of the wrong type, a duplicate id and every entry of the never-list are errors. A
missing list counts as empty, since the service leaves out empty keys; each set needs at least one name or address.

    input                               error
    HTML or other text instead of JSON  NotJsonError
    JSON that stops in the middle       TruncatedError
    any other error                     UpstreamDataError with the position: `[3].ips[2]: 10.0.0.0/8 is private space …`

    limit                               of Microsoft's lists, 2018 to 2026      accepted
    endpoint sets of a list             125 (62 in 2026)                        620
    names and prefixes of a list        2,712 (328 in 2026)                     6,000
    characters of a port list           23                                      230
    bytes, values of a document         107,165 and 3,996                       2 MB and 50,000
    change records, their entries       418 and 2,964 in eight years            3,000 and 12,000

Everything is counted before an entry is parsed. The slowest accepted list takes 0.3 seconds of CPU time, the slowest change
records 0.6 (`tests.wire.worst`).

Lists, versions and change records share the readers of names, prefixes and ports, so they are one file although it is long.

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
from perimeter365.model.reading import reading
from perimeter365.model.version import Version
from perimeter365.wire import write
from perimeter365.wire.names import AREAS, ATTRIBUTES, CATEGORIES, CHANGE_RECORD, ENDPOINT_SET
from perimeter365.wire.strict_json import read_json

MOST_SETS, MOST_ENTRIES = 620, 6_000
"""Maximum number of endpoint sets in a response, and of names and prefixes in all of its lists.

They are ten times 62 sets and the 600 entries that such a list may have. The largest recorded list, that of August 2018 for
Worldwide, has 125 sets and 2,712 entries; that of August 2026 has 62 and 328.
"""

MOST_RECORDS, MOST_CHANGED = 3_000, 12_000
"""Maximum number of change records in a response, and of the names and prefixes in all of them.

The differences between the recorded lists of Worldwide since 2018 make 418 records with 2,964 entries.
"""

MOST_BYTES, MOST_VALUES = 2 * 1024 * 1024, 50_000
"""Maximum size of a document in bytes, and number of its JSON values; the largest recorded list has 107,165 and 3,996."""

MOST_INSTANCES = 100
"""Maximum number of instances in a response of `/version`; there are six."""

_INSTANCE = text(r"[A-Za-z][A-Za-z0-9-]{0,30}", "the name of an instance")
_AREAS = {upstream: own for own, upstream in AREAS.items()}
_CATEGORIES = {upstream: own for own, upstream in CATEGORIES.items()}
_version = parsed(Version.published)
_MOST_CHARACTERS, _MOST_PORT_CHARACTERS = 2000, 230
"""Maximum length of a string that is parsed, and of a port list; real ones have 65 and 23 characters."""

_MOST_WORD = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class UnknownSet:
    """An endpoint set with an unknown service area or category.

    This release cannot use it.
    """

    id: int
    """Microsoft's number of the set."""
    key: str
    """`serviceArea` or `category`; the former if both are unknown."""
    word: str
    """The unknown value, printable and cut to 40 characters."""

    def __str__(self) -> str:
        return f"{self.id} ({self.key} {self.word!r})"


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointsAnswer:
    """The content of a response of `/endpoints/{instance}`."""

    sets: tuple[EndpointSet, ...]
    """Endpoint sets in ascending order of their ids, at least one."""
    unreadable: tuple[UnknownSet, ...] = ()
    """Sets that are left out of `sets`, in ascending order of their ids."""
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Key that is not in the schema -> number of sets that have it."""
    wording: write.Wording = field(default_factory=dict)
    """Original text that the sets do not contain and `write.endpoints` needs to write the same bytes: spelling and order
    of the lists, ports as typed, display names, notes. This is free text of upstream, only for the JSON of a mirror."""


def parse_endpoints(text: str | bytes, cloud: Cloud) -> tuple[EndpointSet, ...]:
    """Parse the endpoint sets of a response of `/endpoints/{instance}`.

    Works as `read_endpoints`, but a set with an unknown service area or category is an error with its position.
    """
    return _read_endpoints(text, cloud, _ENDPOINT_SET).sets


def read_endpoints(text: str | bytes, cloud: Cloud) -> EndpointsAnswer:
    """Parse a response of `/endpoints/{instance}`.

    Args:
        text: the body; bytes are UTF-8 without a byte order mark.
        cloud: the cloud of the list.

    Raises:
        NotJsonError: the body is not JSON.
        TruncatedError: the body is JSON that stops in the middle.
        UpstreamDataError: the body is not a list of endpoint sets, contains an entry of the never-list, or has only sets
            with an unknown service area or category.
    """
    return _read_endpoints(text, cloud, _ANY_ENDPOINT_SET)


def _read_endpoints(text: str | bytes, cloud: Cloud, keys: Mapping[str, Read[Any]]) -> EndpointsAnswer:
    what = f"the list of {cloud}"
    with reading(what):
        data = _items(text, what)
        _check_count(f"{what} has", "sets", len(data), MOST_SETS)
        _check_count(f"{what} has", "entries", sum(map(_count, data)), MOST_ENTRIES)
        found: dict[int, EndpointSet | UnknownSet] = {}
        unknown: dict[str, int] = {}
        wording: dict[int, Mapping[str, Any]] = {}
        for i, item in enumerate(data):
            made = decode(f"[{i}]", partial(_endpoint_set, cloud, keys), item, UpstreamDataError)
            if made.id in found:
                raise UpstreamDataError(f"[{i}].id: {made.id} is a duplicate")
            found[made.id] = made
            if isinstance(made, EndpointSet) and (words := _wording(item, made)):
                wording[made.id] = words
            for key in item.keys() - ENDPOINT_SET.keys():
                unknown[key[:80]] = unknown.get(key[:80], 0) + 1
        ordered = [found[number] for number in sorted(found)]
        sets = tuple(each for each in ordered if isinstance(each, EndpointSet))
        unreadable = tuple(each for each in ordered if isinstance(each, UnknownSet))
        if not sets:
            rest = f" that this release can read: set {unreadable[0]} is unknown" if unreadable else ""
            raise UpstreamDataError(f"{what} has no endpoint set{rest}")
        if problem := width_problem(PrefixSet.parse(p for s in sets for p in s.listed)):
            raise UpstreamDataError(f"{what}: {problem}")
        unknown = dict(sorted(unknown.items()))
        return EndpointsAnswer(sets=sets, unreadable=unreadable, unknown=unknown, wording=wording)


def _items(text: str | bytes, what: str) -> list[Any]:
    return decode(what, sequence, read_json(text, what, MOST_BYTES, MOST_VALUES), UpstreamDataError)


def _count(item: object) -> int:
    """Return the number of names and prefixes in an object.

    None of them has been parsed yet.
    """
    lists = [item.get("ips"), item.get("urls")] if isinstance(item, dict) else []
    return sum(len(each) for each in lists if isinstance(each, list))


def _check_count(start: str, what: str, count: int, most: int) -> None:
    if count > most:
        raise UpstreamDataError(f"{start} {count} {what}, more than {most}")


def parse_version(text: str | bytes, cloud: Cloud) -> Version:
    """Parse the latest version of a response of `/version/{instance}` or `/version`.

    Raises NotJsonError, TruncatedError or UpstreamDataError.
    """
    what = f"the version of {cloud}"
    with reading(what):
        data = read_json(text, what, MOST_BYTES, MOST_VALUES)
        if isinstance(data, list):
            own = [x for x in data if isinstance(x, dict) and _is_instance(x.get("instance"), cloud)]
            if len(own) != 1:
                raise UpstreamDataError(f"{what}: {len(own)} entries for {cloud.instance}; expected one")
            data = own[0]
        read = partial(fields, instance=string, latest=_version)
        found = decode(what, lambda value: read(_known(value, "instance", "latest")), data, UpstreamDataError)
        if not _is_instance(found["instance"], cloud):
            raise UpstreamDataError(f"{what}.instance: {shown(found['instance'])} is not {cloud.instance}")
        return Version(found["latest"])


def _is_instance(value: object, cloud: Cloud) -> bool:
    return isinstance(value, str) and value.lower() == cloud.instance.lower()


def parse_versions(text: str | bytes) -> dict[str, Version]:
    """Parse a response of `/version`: each instance and its latest version.

    Raises NotJsonError, TruncatedError or UpstreamDataError.
    """
    what = "the list of instances"
    with reading(what):
        data = _items(text, what)
        _check_count(f"{what} has", "entries", len(data), MOST_INSTANCES)
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
    with reading(what):
        data = _items(text, what)
        _check_count(f"{what} have", "records", len(data), MOST_RECORDS)
        parts = [item.get(key) for item in data if isinstance(item, dict) for key in ("add", "remove")]
        _check_count(f"{what} have", "entries", sum(map(_count, parts)), MOST_CHANGED)
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


def _endpoint_set(cloud: Cloud, keys: Mapping[str, Read[Any]], value: object) -> EndpointSet | UnknownSet:
    item = fields(_known(value, *ENDPOINT_SET), **keys)
    if not (item["urls"] or item["ips"]):
        raise InputError("neither urls nor ips")
    for key, known in (("serviceArea", _AREAS), ("category", _CATEGORIES)):
        if item[key] not in known:
            return UnknownSet(id=item["id"], key=key, word=_printable(item[key]))
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


def _word(value: object) -> str:
    text = _short(value)
    if not text.strip():
        raise InputError(f"{shown(text)} is not a word")
    return text


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text[:_MOST_WORD])


def _ports(value: object) -> PortSet:
    text = string(value)
    if len(text) > _MOST_PORT_CHARACTERS:
        raise InputError(f"the port list has {len(text)} characters, more than {_MOST_PORT_CHARACTERS}")
    return PortSet.parse(text)


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
_ANY_ENDPOINT_SET: Mapping[str, Read[Any]] = {**_ENDPOINT_SET, "serviceArea": _word, "category": _word}
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
