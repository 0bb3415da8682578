"""A plan as JSON that can be read back exactly, for what has to know later what was planned earlier.

    >>> from perimeter365 import load_catalog, make_plan
    >>> from perimeter365.plan.profile import parse_profile
    >>> plan = make_plan(load_catalog("embedded"), parse_profile('organization.clouds = ["dod"]'))
    >>> read("plan", plan_part, json.loads(json.dumps(plan_dict(plan)))) == plan
    True

It is the plan's own JSON (`Plan.to_dict`) and what that leaves out: which hosts of an end have no address, and the zone of
a record. Reading is strict, since the file may have been damaged, edited or made by somebody else, and what it says ends
up in configurations: a key that is missing or unknown, a value of another type or outside of its grammar is refused with
its place, `flows[3].source.prefixes[0]`.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Never, TypeVar

from perimeter365.errors import InputError, Perimeter365Error
from perimeter365.model.catalog import Version
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import STATES, EntryDate
from perimeter365.model.evidence import Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import CATEGORIES, DIRECTIONS, DUTIES, RECORD_TYPES, ZONES
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty, PlanRecord, PlanSite, PlanWarning

MOST_BYTES = 64 * 1024 * 1024
"""A plan of everything everywhere has 0.3 MB."""

_T = TypeVar("_T")
_Read = Callable[[Any], _T]
_ID = r"(?:ws/[a-z]+/[0-9]+|row/[0-9]+/[a-z0-9-]+|dns/[a-z0-9-]+)"
_SCENARIO = r"[a-z][a-z0-9-]{0,60}"
_SET = r"[a-z]+/[0-9]+"
_WORDS = r"[^\x00-\x1f\x7f\ud800-\udfff]*"
_PATHS = r"/[A-Za-z0-9._~/*?=-]*(?:,/[A-Za-z0-9._~/*?=-]*)*"


def plan_dict(plan: Plan) -> dict[str, Any]:
    """The plan for JSON, with nothing left out."""
    whole = plan.to_dict()
    for flow, item in zip(plan.flows, whole["flows"], strict=True):
        for end in ("source", "destination"):
            item[end]["unaddressed"] = [host.text for host in getattr(flow, end).unaddressed]
    for record, item in zip(plan.records, whole["records"], strict=True):
        item["zone"] = record.zone
    return whole


def parse_json(content: bytes) -> Any:
    """JSON without surprises. Raises InputError: it is too large, too deep, no JSON, has a key twice or a NaN."""
    if len(content) > MOST_BYTES:
        raise InputError(f"it has more than {MOST_BYTES} bytes")
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
    except RecursionError:
        raise InputError("it is nested too deeply") from None
    except ValueError as error:  # no UTF-8 and numbers of a million digits, too
        raise InputError(f"it is not JSON: {str(error)[:200]}") from None


def fields(value: object, /, **readers: _Read[Any]) -> dict[str, Any]:
    """Reads each key of an object, which has to have exactly these."""
    if not isinstance(value, dict):
        raise InputError(f"{_short(value)} is not an object")
    if wrong := readers.keys() ^ value.keys():
        key = min(wrong)
        raise InputError(f"{key!r} is {'missing' if key in readers else 'not a key that it has'}")
    return {key: at(f".{key}", read, value[key]) for key, read in readers.items()}


class _MisplacedError(Exception):
    """What is wrong, and where; `read` makes an InputError of it."""

    def __init__(self, place: str, words: str) -> None:
        super().__init__(place, words)
        self.place, self.words = place, words


def read(place: str, reader: _Read[_T], value: object) -> _T:
    """Read a value. Raises InputError: what is wrong with it, behind `place` and the way to it."""
    try:
        return at(place, reader, value)
    except _MisplacedError as error:
        raise InputError(f"{error.place}: {error.words}") from None


def at(step: str, reader: _Read[_T], value: object) -> _T:
    """Read a part of a value: for readers, so that what is wrong with it is known with the way to it."""
    try:
        return reader(value)
    except _MisplacedError as error:
        raise _MisplacedError(step + error.place, error.words) from None
    except Perimeter365Error as error:
        raise _MisplacedError(step, error.message) from None
    except (TypeError, ValueError, AttributeError) as error:
        raise _MisplacedError(step, str(error)) from None


def text(pattern: str = r"[^\x00\ud800-\udfff]*") -> _Read[str]:
    """Reads a string that matches as a whole."""
    compiled = re.compile(pattern, re.ASCII | re.DOTALL)

    def read(value: object) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise InputError(f"{_short(value)} is not a text of this form")
        return value

    return read


def many(read: _Read[_T]) -> _Read[tuple[_T, ...]]:
    """Reads a list."""

    def read_all(value: object) -> tuple[_T, ...]:
        if not isinstance(value, list):
            raise InputError(f"{_short(value)} is not a list")
        return tuple(at(f"[{i}]", read, item) for i, item in enumerate(value))

    return read_all


def mapping(read: _Read[_T]) -> _Read[Mapping[str, _T]]:
    """Reads an object whose keys are names (of options, of clouds)."""

    def read_all(value: object) -> Mapping[str, _T]:
        if not isinstance(value, dict):
            raise InputError(f"{_short(value)} is not an object")
        return {text(r"[a-z0-9_-]+")(key): at(f".{key}", read, item) for key, item in value.items()}

    return read_all


def flag(value: object) -> bool:
    """Reads true or false."""
    if not isinstance(value, bool):
        raise InputError(f"{_short(value)} is not true or false")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10**9:
        raise InputError(f"{_short(value)} is not a number")
    return value


def _or_none(read: _Read[_T]) -> _Read[_T | None]:
    return lambda value: None if value is None else read(value)


def _one_of(*values: str) -> _Read[str]:
    return text("|".join(map(re.escape, values)))


def _host(value: object) -> HostPattern:
    return HostPattern(text(r"[!-~]+")(value))


def _prefixes(value: object) -> PrefixSet:
    return PrefixSet.parse(many(text(r"[0-9a-f.:/]+"))(value))


def _ports(value: object) -> PortSet:
    return PortSet.parse(text(r"[0-9,-]*")(value))


def _day(value: object) -> date:
    return date.fromisoformat(text(r"\d{4}-\d\d-\d\d")(value))


def _cloud(value: object) -> Cloud:
    return Cloud(text()(value))


def _evidence(value: object) -> Evidence:
    return Evidence(**fields(value, document=text(), date=text(), confidence=text()))


def _party(value: object) -> PlanParty:
    return PlanParty(**fields(value, role=text(), hosts=many(_host), prefixes=_prefixes, unaddressed=many(_host)))


def _version(value: object) -> Version:
    return Version(**fields(value, version=text(), origin=text()))


_COMMON: dict[str, _Read[Any]] = {
    "id": text(_ID),
    "cloud": _cloud,
    "scenario": text(_SCENARIO),
    "condition": text(_WORDS),
    "evidence": many(_evidence),
}


def _flow(value: object) -> PlanFlow:
    found = fields(
        value,
        **_COMMON,
        row=_or_none(_number),
        sets=many(text(_SET)),
        direction=_one_of(*DIRECTIONS),
        source=_party,
        destination=_party,
        tcp=_ports,
        udp=_ports,
        path=_or_none(text(_PATHS)),
        category=_or_none(_one_of(*CATEGORIES)),
        required=flag,
        tls_inspection=_one_of("off", "unset"),
        retired=_or_none(_day),
    )
    return PlanFlow(**{**found, "path": tuple(found["path"].split(",")) if found["path"] else ()})


def _site(value: object) -> PlanSite:
    scheme, zone = _one_of("https", "http", "*"), _one_of(*ZONES)
    return PlanSite(**fields(value, **_COMMON, row=_or_none(_number), host=_host, scheme=scheme, zone=zone, cookies=flag))


def _record(value: object) -> PlanRecord:
    found = fields(
        value,
        **_COMMON,
        name=text(r"[!-~]+"),
        zone=text(r"[!-~]*"),
        type=_one_of(*RECORD_TYPES),
        value=text(r"[ !#-~]+"),
        ttl=_number,
        duty=_one_of(*DUTIES),
        required=flag,
    )
    return PlanRecord(**found)


def _warning(value: object) -> PlanWarning:
    return PlanWarning(**fields(value, code=text(), id=text(_WORDS), message=text(_WORDS)))


def _dated(value: object) -> EntryDate:
    entry = text(r"[!-~]+")
    return EntryDate(**fields(value, id=text(_ID), cloud=_cloud, value=entry, state=_one_of(*STATES), day=_day))


def plan_part(value: object) -> Plan:
    """Reads a plan that is part of something else."""
    dates: dict[str, _Read[Any]] = {"dates": many(_dated)} if isinstance(value, dict) and "dates" in value else {}
    found = fields(
        value,
        organization=text(),
        profile=text(r"[0-9a-f]{12}"),
        catalog=mapping(_version),
        flows=many(_flow),
        sites=many(_site),
        records=many(_record),
        warnings=many(_warning),
        **dates,
    )
    versions = {at(f".catalog.{name}", _cloud, name): version for name, version in found.pop("catalog").items()}
    return Plan(profile_hash=found.pop("profile"), versions=versions, **found)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(name: str) -> Never:
    raise ValueError(f"{name} is not a number")


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
