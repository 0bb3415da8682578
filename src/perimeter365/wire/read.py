"""Reads the JSON of the web service into values, strictly: what is not of its schema is refused, with its place.

    [s.id for s in parse_endpoints(body, Cloud.WORLDWIDE)][:3]
        [1, 2, 8]

    >>> parse_endpoints("[]", Cloud.WORLDWIDE)
    Traceback (most recent call last):
    perimeter365.errors.UpstreamDataError: the list of worldwide has no endpoint set

Unknown keys are tolerated, and reported by `read_endpoints` (change records drop them); a known key of the wrong type, an
unknown service area or category, an id that comes twice, and whatever the never-list rules out are refused. An empty list
stands for a missing one: the service leaves empty keys out, and the set has to have either names or addresses.

    what                                error
    HTML or other text instead of JSON  NotJsonError
    JSON that stops in the middle       TruncatedError
    everything else                     UpstreamDataError with the place: `[3].ips[2]: '10.0.0.0/8' is private space`

Schema: https://learn.microsoft.com/en-us/microsoft-365/enterprise/microsoft-365-ip-web-service
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from perimeter365.errors import InputError, UpstreamDataError
from perimeter365.model.change import DISPOSITIONS, ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet, listing
from perimeter365.model.host import TEMPLATE, HostPattern
from perimeter365.model.never import host_problem, space_problem, width_problem
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.query import SYNTHETIC_ID
from perimeter365.wire import write
from perimeter365.wire.names import AREAS, ATTRIBUTES, CATEGORIES, CHANGE_RECORD, ENDPOINT_SET, ENTRIES, VERSION
from perimeter365.wire.strict_json import read_json

MOST_SETS, MOST_ENTRIES = 5_000, 100_000
"""Endpoint sets of an answer, and entries of all its lists together; real ones have 62 and 600."""

_T = TypeVar("_T")
_AREAS = {upstream: ours for ours, upstream in AREAS.items()}
_CATEGORIES = {upstream: ours for ours, upstream in CATEGORIES.items()}
_TYPES = {**ENDPOINT_SET, **VERSION, **CHANGE_RECORD, **ENTRIES}
_VERSION = re.compile(r"[0-9]{10}", re.ASCII)
_IMPACT = re.compile(r"[A-Za-z]{1,60}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What an answer of `/endpoints/{instance}` says."""

    sets: tuple[EndpointSet, ...]
    """Ascending by id, at least one."""
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Keys that the schema does not have -> in how many sets they stand."""
    wording: write.Wording = field(default_factory=dict)
    """What the sets do not hold and `write.endpoints` needs to write the same bytes: spelling and order of the lists,
    ports as they were typed, display names, notes. Free text of upstream: for a mirror's JSON, and nothing else."""


def parse_endpoints(text: str | bytes, cloud: Cloud) -> tuple[EndpointSet, ...]:
    """The sets of an answer of `/endpoints/{instance}`, ascending by id (see `read_endpoints`)."""
    return read_endpoints(text, cloud).sets


def read_endpoints(text: str | bytes, cloud: Cloud) -> Answer:
    """Read an answer of `/endpoints/{instance}`.

    Args:
        text: the body; bytes are UTF-8 without a byte order mark.
        cloud: whose list it is.

    Raises:
        NotJsonError: it is no JSON at all.
        TruncatedError: it is JSON that stops in the middle.
        UpstreamDataError: it is something else than a list of endpoint sets, or holds what must never be opened.
    """
    what = f"the list of {cloud}"
    data = read_json(text, what)
    _is(data, list, what)
    if len(data) > MOST_SETS:
        raise UpstreamDataError(f"{what} has {len(data)} sets, more than {MOST_SETS}")
    found: dict[int, EndpointSet] = {}
    unknown: dict[str, int] = {}
    wording: dict[int, Mapping[str, Any]] = {}
    entries = 0
    for i, item in enumerate(data):
        place = f"[{i}]"
        _is(item, dict, place)
        made = _endpoint_set(item, cloud, place)
        if made.id in found:
            raise UpstreamDataError(f"{place}.id: {made.id} stands twice")
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
    return Answer(sets=sets, unknown=dict(sorted(unknown.items())), wording=wording)


def parse_version(text: str | bytes, cloud: Cloud) -> str:
    """The latest version, ten digits, that an answer of `/version/{instance}` (or of `/version`) names.

    Raises NotJsonError, TruncatedError or UpstreamDataError.
    """
    what = f"the version of {cloud}"
    data = read_json(text, what)
    if isinstance(data, list):
        own = [x for x in data if isinstance(x, dict) and str(x.get("instance")).lower() == cloud.instance.lower()]
        if len(own) != 1:
            raise UpstreamDataError(f"{what}: {len(own)} entries are of {cloud.instance}")
        data = own[0]
    _is(data, dict, what)
    instance = _get(data, "instance", what)
    if instance.lower() != cloud.instance.lower():
        raise UpstreamDataError(f"{what}.instance: {instance[:40]!r} is not {cloud.instance}")
    return version_text(_get(data, "latest", what), f"{what}.latest")


def parse_changes(text: str | bytes, cloud: Cloud) -> tuple[ChangeRecord, ...]:
    """The records of an answer of `/changes/{instance}/{version}`, in its order; () when nothing changed.

    Raises NotJsonError, TruncatedError or UpstreamDataError.
    """
    what = f"the changes of {cloud}"
    data = read_json(text, what)
    _is(data, list, what)
    if len(data) > MOST_ENTRIES:
        raise UpstreamDataError(f"{what}: {len(data)} records, more than {MOST_ENTRIES}")
    return tuple(_change(item, f"[{i}]") for i, item in enumerate(data))


def change_record(item: Mapping[str, Any]) -> ChangeRecord:
    """Read `write.change_record`'s form back, from a store of ours. What comes over the network: `parse_changes`."""
    add, remove = item.get("add", {}), item.get("remove", {})
    day = add.get("effectiveDate", "")
    return ChangeRecord(
        id=item["id"],
        endpoint_set=item["endpointSetId"],
        disposition=item["disposition"],
        impact=item.get("impact", ""),
        version=item["version"],
        previous=item.get("previous", {}),
        current=item.get("current", {}),
        effective=date(int(day[:4]), int(day[4:6]), int(day[6:8])) if day else None,
        added_prefixes=tuple(add.get("ips", ())),
        added_hosts=tuple(add.get("urls", ())),
        removed_prefixes=tuple(remove.get("ips", ())),
        removed_hosts=tuple(remove.get("urls", ())),
    )


def version_text(text: str, place: str) -> str:
    """A version as text: ten ASCII digits that begin with a day from 2018 on. Raises UpstreamDataError."""
    if _VERSION.fullmatch(text):
        try:
            day = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
        except ValueError:
            pass
        else:
            if day.year >= 2018:
                return text
    raise UpstreamDataError(f"{place}: {text[:40]!r} is not a version (YYYYMMDDNN)")


def _is(value: object, kind: type, place: str) -> None:
    if type(value) is not kind:
        raise UpstreamDataError(f"{place}: {_kind(value)} where {_NAMES[kind]} belongs")


_NAMES = {list: "a list", dict: "an object", str: "a text", int: "a whole number", bool: "true or false"}


def _kind(value: object) -> str:
    return "null" if value is None else _NAMES.get(type(value), type(value).__name__)


def _get(item: Mapping[str, Any], key: str, place: str, default: Any = None) -> Any:
    if key not in item:
        if default is None:
            raise UpstreamDataError(f"{place}.{key} is missing")
        return default
    _is(item[key], _TYPES[key], f"{place}.{key}")
    return item[key]


def _endpoint_set(item: Mapping[str, Any], cloud: Cloud, place: str) -> EndpointSet:
    number: int = _get(item, "id", place)
    if not 1 <= number < SYNTHETIC_ID:
        raise UpstreamDataError(f"{place}.id: {number} is not from 1 to {SYNTHETIC_ID - 1}")
    area = _get(item, "serviceArea", place)
    if area not in _AREAS:
        raise UpstreamDataError(f"{place}.serviceArea: {area[:40]!r} is none of {', '.join(_AREAS)}")
    category = _get(item, "category", place)
    if category not in _CATEGORIES:
        raise UpstreamDataError(f"{place}.category: {category[:40]!r} is none of {', '.join(sorted(_CATEGORIES))}")
    for key in ("serviceAreaDisplayName", "notes"):
        _get(item, key, place, "")
    urls = _hosts(item, "urls", place)
    ips = _prefixes(item, "ips", place)
    if not (urls or ips):
        raise UpstreamDataError(f"{place} has neither urls nor ips")
    return EndpointSet(
        id=number,
        cloud=cloud,
        area=_AREAS[area],
        category=_CATEGORIES[category],
        required=_get(item, "required", place),
        express_route=_get(item, "expressRoute", place),
        tcp=_at(f"{place}.tcpPorts", PortSet.parse, _get(item, "tcpPorts", place, "")),
        udp=_at(f"{place}.udpPorts", PortSet.parse, _get(item, "udpPorts", place, "")),
        hosts=tuple(sorted(set(urls))),
        prefixes=PrefixSet.parse(ips),
        listed=listing(ips),
    )


def _wording(item: Mapping[str, Any], made: EndpointSet) -> Mapping[str, Any]:
    """What was written, of the keys where `write` would write something else."""
    ours = write.endpoint_set(made)
    return {key: found for key, kind in ENDPOINT_SET.items() if (found := item.get(key, kind())) != ours[key]}


def _change(item: Any, place: str) -> ChangeRecord:
    _is(item, dict, place)
    add, remove = (_get(item, key, place, {}) for key in ("add", "remove"))
    disposition = _get(item, "disposition", place)
    if disposition not in DISPOSITIONS:
        raise UpstreamDataError(f"{place}.disposition: {disposition[:40]!r} is none of {', '.join(DISPOSITIONS)}")
    impact = _get(item, "impact", place, "")
    if impact and not _IMPACT.fullmatch(impact):
        raise UpstreamDataError(f"{place}.impact: {impact[:40]!r} is not a word")
    day = _get(add, "effectiveDate", f"{place}.add", "")
    return ChangeRecord(
        id=_get(item, "id", place),
        endpoint_set=_get(item, "endpointSetId", place),
        disposition=disposition,
        version=version_text(_get(item, "version", place), f"{place}.version"),
        impact=impact,
        previous=_attributes(item, "previous", place),
        current=_attributes(item, "current", place),
        effective=_day(day, f"{place}.add.effectiveDate") if day else None,
        added_prefixes=listing(_prefixes(add, "ips", f"{place}.add")),
        added_hosts=tuple(h.text for h in _hosts(add, "urls", f"{place}.add")),
        removed_prefixes=listing(_prefixes(remove, "ips", f"{place}.remove", never=False)),
        removed_hosts=tuple(h.text for h in _hosts(remove, "urls", f"{place}.remove", never=False)),
    )


def _attributes(item: Mapping[str, Any], key: str, place: str) -> dict[str, Any]:
    """The attributes of a record's `previous` or `current`. The service writes some flags as text: kept as they are."""
    found = _get(item, key, place, {})
    made = {}
    for name in ATTRIBUTES:
        if name in found:
            if type(found[name]) not in (str, bool):
                raise UpstreamDataError(f"{place}.{key}.{name}: {_kind(found[name])} where a text or a flag belongs")
            made[name] = found[name]
    return made


def _day(text: str, place: str) -> date:
    try:
        if re.fullmatch(r"[0-9]{8}", text):
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        pass
    raise UpstreamDataError(f"{place}: {text[:40]!r} is not a day (YYYYMMDD)")


def _texts(item: Mapping[str, Any], key: str, place: str) -> Iterable[tuple[str, str]]:
    values = _get(item, key, place, [])
    if len(values) > MOST_ENTRIES:
        raise UpstreamDataError(f"{place}.{key}: {len(values)} entries, more than {MOST_ENTRIES}")
    for i, value in enumerate(values):
        _is(value, str, f"{place}.{key}[{i}]")
        yield f"{place}.{key}[{i}]", value


def _hosts(item: Mapping[str, Any], key: str, place: str, *, never: bool = True) -> list[HostPattern]:
    found = []
    for where, text in _texts(item, key, place):
        host = _at(where, HostPattern, text)
        if host.kind == TEMPLATE:
            raise UpstreamDataError(f"{where}: {text[:80]!r} is a template, not a name")
        if never and (problem := host_problem(host)):
            raise UpstreamDataError(f"{where}: {problem}")
        found.append(host)
    return found


def _prefixes(item: Mapping[str, Any], key: str, place: str, *, never: bool = True) -> list[str]:
    found = []
    for where, text in _texts(item, key, place):
        prefix = _at(where, Prefix.parse, text)
        if "/" not in text:
            raise UpstreamDataError(f"{where}: {text[:80]!r} has no length")
        if never:
            never_prefix(where, prefix)
        found.append(text)
    if never and (problem := width_problem(PrefixSet.parse(found))):
        raise UpstreamDataError(f"{place}.{key}: {problem}")
    return found


def never_prefix(place: str, prefix: Prefix) -> None:
    """Refuse a prefix that cannot be Microsoft's. Raises UpstreamDataError with the place."""
    own = PrefixSet.of([prefix])
    if problem := space_problem(own) or width_problem(own):
        raise UpstreamDataError(f"{place}: {problem}")


def _at(place: str, read: Callable[[str], _T], text: str) -> _T:
    """Read a text; what is wrong with it is said with its place."""
    if len(text) > 2000:
        raise UpstreamDataError(f"{place}: a text of {len(text)} characters")
    try:
        return read(text)
    except InputError as error:
        raise UpstreamDataError(f"{place}: {error.message}") from error
