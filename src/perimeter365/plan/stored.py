"""Plans as JSON that can be parsed back without loss.

    >>> from perimeter365 import load_catalog, make_plan
    >>> from perimeter365.model.decode import decode, parse_json
    >>> import json
    >>> from perimeter365.plan.profile import parse_profile
    >>> plan = make_plan(load_catalog("embedded"), parse_profile('organization.clouds = ["dod"]'))
    >>> decode("plan", parse_plan, parse_json(json.dumps(plan_dict(plan)))) == plan
    True

It is the JSON of `Plan.to_dict`, with the hosts of an end that have no address, and the zone of each record. Parsing is
strict, since its content ends up in configurations and a file may be damaged, edited or forged: missing and unknown keys
and invalid values are rejected with their place, such as `flows[3].source.prefixes[0]` (`model.decode`).
"""

from datetime import date
from typing import Any

from perimeter365.errors import InputError
from perimeter365.model.catalog import CatalogVersion
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import Read, at, fields, flag, many, mapping, optional, parsed, text
from perimeter365.model.decode import natural as _number
from perimeter365.model.decode import one_of as _one_of
from perimeter365.model.decode import or_none as _or_none
from perimeter365.model.effective import STATES, EntryDate
from perimeter365.model.evidence import Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import RequirementId, SetKey
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import CATEGORIES, DIRECTIONS, DUTIES, RECORD_TYPES, SCHEMES, TLS_INSPECTIONS, ZONES
from perimeter365.model.version import Version
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty, PlanRecord, PlanSite, PlanWarning

_SCENARIO = r"[a-z][a-z0-9-]{0,60}"
_WORDS = r"[^\x00-\x1f\x7f\ud800-\udfff]*"
_PATHS = r"/[A-Za-z0-9._~/*?=-]*(?:,/[A-Za-z0-9._~/*?=-]*)*"


def plan_dict(plan: Plan) -> dict[str, Any]:
    """Return a plan for JSON, with all its fields."""
    whole = plan.to_dict()
    for flow, item in zip(plan.flows, whole["flows"], strict=True):
        for end in ("source", "destination"):
            item[end]["unaddressed"] = [host.text for host in getattr(flow, end).unaddressed]
    for record, item in zip(plan.records, whole["records"], strict=True):
        item["zone"] = record.zone
    return whole


def _host(value: object) -> HostPattern:
    return HostPattern(text(r"[!-~]+")(value))


def _prefixes(value: object) -> PrefixSet:
    return PrefixSet.parse(many(text(r"[0-9a-f.:/]+"))(value))


def _ports(value: object) -> PortSet:
    return PortSet.parse(text(r"[0-9,-]*")(value))


def _day(value: object) -> date:
    return date.fromisoformat(text(r"\d{4}-\d\d-\d\d")(value))


def _cloud(value: object) -> Cloud:
    return Cloud.named(text()(value))


def _evidence(value: object) -> Evidence:
    return Evidence(**fields(value, document=text(), date=text(), confidence=text()))


def _party(value: object) -> PlanParty:
    inside = optional(_prefixes, PrefixSet())
    return PlanParty(
        **fields(value, role=text(), hosts=many(_host), prefixes=_prefixes, inside=inside, unaddressed=many(_host))
    )


def _version(value: object) -> CatalogVersion:
    return CatalogVersion(**fields(value, version=parsed(Version), origin=text()))


_COMMON: dict[str, Read[Any]] = {
    "id": parsed(RequirementId),
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
        sets=many(parsed(SetKey)),
        direction=_one_of(*DIRECTIONS),
        source=_party,
        destination=_party,
        tcp=_ports,
        udp=_ports,
        path=_or_none(text(_PATHS)),
        category=_or_none(_one_of(*CATEGORIES)),
        required=flag,
        tls_inspection=_one_of(*TLS_INSPECTIONS),
        retired=_or_none(_day),
        former=optional(many(_former), ()),
    )
    path = tuple(found["path"].split(",")) if found["path"] else ()
    return PlanFlow(**{**_without_row(found), "path": path})


def _former(value: object) -> tuple[str, Any]:
    found = fields(value, scenario=text(_SCENARIO), category=_or_none(_one_of(*CATEGORIES)))
    return found["scenario"], found["category"]


def _site(value: object) -> PlanSite:
    scheme, zone = _one_of(*SCHEMES), _one_of(*ZONES)
    found = fields(value, **_COMMON, row=_or_none(_number), host=_host, scheme=scheme, zone=zone, cookies=flag)
    return PlanSite(**_without_row(found))


def _without_row(found: dict[str, Any]) -> dict[str, Any]:
    """Remove the row from parsed fields, and check that it is the row of the id."""
    identity, row = found["id"], found.pop("row")
    if row != identity.row:
        raise InputError(f"{row} is not the row of {identity}")
    return found


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
    later = {key: optional(text(_WORDS), "") for key in ("level", "remedy", "accepted")}  # not in records of 0.1
    found = fields(value, code=text(), id=text(_WORDS), message=text(_WORDS), **later)
    del found["level"]  # follows from the code
    return PlanWarning(**found)


def _dated(value: object) -> EntryDate:
    entry = text(r"[!-~]+|(?:tcp|udp) [0-9-]{1,11}|(?:category|area) [a-z]{1,20}")
    return EntryDate(**fields(value, id=parsed(RequirementId), cloud=_cloud, value=entry, state=_one_of(*STATES), day=_day))


def parse_plan(value: object) -> Plan:
    """Parse a plan that is part of another JSON document."""
    dates: dict[str, Read[Any]] = {"dates": many(_dated)} if isinstance(value, dict) and "dates" in value else {}
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
