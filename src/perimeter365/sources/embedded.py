"""Read a catalog from a folder of facts, the one in the package or another one.

    FOLDER/rows/06-mailbox-migration.toml    one file for each of the 25 rows
    FOLDER/dns.toml                          the DNS records
    FOLDER/instances/worldwide.json          one file for each cloud: version and endpoint sets, one set on each line
    FOLDER/intune.toml                       Intune's sets of all clouds (`sources.intune`); optional

All values are checked; an error names the file, the place and the reason. Unknown keys are refused, so that a misspelled key
does not lose a fact. Values of another folder than the embedded one are also checked against the never-list.
"""

import os
import sys
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from perimeter365.errors import CatalogError
from perimeter365.intake import list_files, read_text
from perimeter365.model.catalog import Catalog, CatalogVersion
from perimeter365.model.cloud import Cloud
from perimeter365.model.condition import Condition
from perimeter365.model.day import parse_day
from perimeter365.model.decode import (
    Read,
    at,
    day,
    decode,
    fields,
    flag,
    many,
    mapping,
    optional,
    parse_json,
    parse_toml,
    parsed,
    sequence,
    string,
    table,
    whole,
)  # fmt: skip
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.evidence import Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import RequirementId, row_id
from perimeter365.model.never import host_problem, space_problem, width_problem
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.provenance import Provenance, Remark, RemovedEntry
from perimeter365.model.requirement import Flow, Party, Record, Site
from perimeter365.model.row import Row, UnknownNeed
from perimeter365.model.scenario import FURTHER_SCENARIOS
from perimeter365.model.version import Version
from perimeter365.sources.intune import read_intune

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def _facts() -> "Traversable":
    """Return the folder of the embedded facts, inside a zip file if the package is."""
    folder = Path(sys.modules["perimeter365"].__path__[0], "facts")
    if folder.is_dir():
        return folder
    from importlib.resources import files  # imports tempfile and zipfile (10 ms)

    return files("perimeter365") / "facts"


FACTS = _facts()
"""The embedded facts, in a folder or in a zip file."""

LARGEST = 8 * 1024 * 1024
"""The maximum size of a file of facts in bytes; the largest embedded one has 30,000."""
MAX_FILES = 1000
"""The maximum number of files in a folder of facts."""

_T = TypeVar("_T")


@cache
def embedded() -> Catalog:
    """Return the embedded catalog. It is read once in a process."""
    return _read(FACTS)  # a test checks it against the never-list, which takes 70 ms to load


def read_folder(folder: "Traversable") -> Catalog:
    """Read a folder of facts, and check it against the never-list.

    Raises:
        CatalogError: a file is missing or not valid; the message has the file and the place.
    """
    catalog = _read(folder)
    check_catalog(catalog)
    return catalog


def check_catalog(catalog: Catalog) -> None:
    """Raise CatalogError if Microsoft's end of a requirement is on the never-list."""
    ends: list[tuple[str, EndpointSet | Party | Site]] = [(e.key, e) for sets in catalog.sets.values() for e in sets]
    for each in catalog.row_requirements():
        if isinstance(each, Flow):
            ends += [(each.id, end) for end in (each.source, each.destination) if not end.ours]
        elif isinstance(each, Site):
            ends.append((each.id, each))
    for about, end in ends:
        prefixes = PrefixSet() if isinstance(end, Site) else end.prefixes
        problems = (*map(host_problem, end.hosts), space_problem(prefixes), width_problem(prefixes))
        if problem := next(filter(None, problems), ""):
            raise CatalogError(f"{about}: {problem}", help="correct the folder: no artifact may open this")


def _read(folder: "Traversable") -> Catalog:
    rows = [_file(path, _read_row) for path in _named(folder / "rows", ".toml")]
    numbers = {row.number: row for row in rows}
    if sorted(row.number for row in rows) != list(range(1, 26)):
        raise CatalogError(f"{folder}: expected rows 1 to 25, each once; found {sorted(r.number for r in rows)}")
    states = [_file(path, _read_instance) for path in _named(folder / "instances", ".json")]
    if len({cloud for cloud, *_ in states}) < len(states):
        raise CatalogError(f"{folder}: instances/ has two lists of one cloud")
    if not states:
        raise CatalogError(f"{folder}: instances/ has no list")
    intune = _file(folder / "intune.toml", read_intune) if _exists(folder / "intune.toml") else ()
    return Catalog(
        sets={cloud: (*sets, *(s for s in intune if s.cloud == cloud)) for cloud, _, sets, _ in states},
        versions={cloud: version for cloud, version, _, _ in states},
        provenance={cloud: known for cloud, _, _, known in states if known != Provenance()},
        rows=numbers,
        dns=_file(folder / "dns.toml", _read_row),
    )


def _read_instance(text: str) -> tuple[Cloud, CatalogVersion, tuple[EndpointSet, ...], Provenance]:
    found = fields(parse_json(text), **_INSTANCE)
    if not found["sets"]:
        raise CatalogError("the list has no endpoint set, so it would close everything")
    assigned: dict[int, tuple[str, ...]] = {}
    cloud = found["cloud"].at(found["version"])
    sets = at(".sets", _each(partial(_set, cloud, assigned)), found["sets"])
    known = Provenance(assigned=assigned, **{key: found[key] for key in ("evidence", "areas", "removed", "remarks")})
    return cloud, CatalogVersion(version=found["version"], origin=found["origin"]), sets, known


def _named(folder: "Traversable", suffix: str) -> "list[Traversable]":
    """Return the files of a folder with a suffix, sorted by name.

    There are none if the folder does not exist.

    The callers report missing files.
    """
    if not isinstance(folder, Path):  # inside of a zip file: the package
        return sorted((path for path in folder.iterdir() if path.name.endswith(suffix)), key=lambda path: path.name)
    if not folder.is_dir():
        return []
    return [*list_files(folder, suffix, most=MAX_FILES, kind=CatalogError)]


def _exists(path: "Traversable") -> bool:
    """Return True if there is an entry of this name, even if it cannot be read."""
    return os.path.lexists(path) if isinstance(path, Path) else path.is_file()


def _file(path: "Traversable", read: Callable[[str], _T]) -> _T:
    ours = not isinstance(path, Path) or path.parent in (FACTS, FACTS / "rows", FACTS / "instances")
    content = read_text(path, most=LARGEST, kind=CatalogError, links=ours)
    try:
        return decode("", read, content, CatalogError)
    except CatalogError as error:
        raise error.inside(path.name) from None


def _read_row(text: str) -> Row:
    row = fields(parse_toml(text), **_ROW)
    prefix = row_id(row["number"]) if row["number"] else row["scenario"]

    def scenario(item: dict[str, Any]) -> str:
        name: str = item["scenario"] or row["scenario"]
        for each in (name, *item.get("also", ())):
            if each != row["scenario"] and each not in FURTHER_SCENARIOS:
                raise CatalogError(f"{each!r} is neither the row's scenario nor one of FURTHER_SCENARIOS")
        if name != row["scenario"] and FURTHER_SCENARIOS[name].row != row["number"]:
            raise CatalogError(f"{name!r} is a scenario of row {FURTHER_SCENARIOS[name].row}")
        return name

    def unknown(value: object) -> UnknownNeed:
        item = fields(value, names=many(string), scenario=optional(string, ""), clouds=_CLOUDS, reason=string)
        ids = tuple(RequirementId(f"{prefix}/{name}") for name in item["names"])
        return UnknownNeed(ids=ids, scenario=scenario(item), clouds=item["clouds"], reason=item["reason"])

    def requirements(kind: str, make: Callable[..., _T], own: Mapping[str, Read[Any]]) -> tuple[_T, ...]:
        def read(value: object) -> tuple[_T, ...]:
            item = fields(value, **_REQUIREMENT, **own)
            clouds = row["clouds"] if (own_clouds := item.pop("clouds")) is None else own_clouds
            if others := [cloud for cloud in clouds if cloud not in row["clouds"]]:
                raise CatalogError(f"{others[0]} is not a cloud of the row")
            confidence, pages = item.pop("confidence"), [row["evidence"][key] for key in item["evidence"]]
            item |= {
                "scenario": scenario(item),
                "id": RequirementId(f"{prefix}/{item.pop('name')}"),
                "retired": item["retired"] or row["retired"],
                "evidence": tuple(Evidence(document=p["url"], date=p["date"], confidence=confidence) for p in pages),
            }
            return tuple(make(cloud=c, **{k: v(c) if callable(v) else v for k, v in item.items()}) for c in clouds)

        return tuple(made for each in at(kind, _each(read), row.pop(kind)) for made in each)

    kinds = (requirements("flow", Flow, _FLOW), requirements("site", Site, _SITE), requirements("record", Record, _RECORD))
    del row["evidence"]
    row["unknown"] = at("unknown", many(unknown), row["unknown"])
    return Row(**row, flows=kinds[0], sites=kinds[1], records=kinds[2])


def _each(read: Read[_T]) -> Read[tuple[_T, ...]]:
    """Return the reader of a list.

    Places in errors have the name or the number of an item.
    """

    def read_one(value: object) -> _T:
        item = table(value)
        return at(f" {item.get('name', item.get('id', ''))}".rstrip(), read, item)

    return many(read_one)


def _set(cloud: Cloud, assigned: dict[int, tuple[str, ...]], value: object) -> EndpointSet:
    """Read a set, and add its assigned entries to `assigned`."""
    found = fields(value, **_ENDPOINT_SET)
    del found["synthetic"]  # only for readers of the file; the number has the same information
    if own := found.pop("assigned"):
        if missing := set(own) - {*found["prefixes"], *(h.text for h in found["hosts"])}:
            raise CatalogError(f"assigned: {min(missing)} is not an entry of the set")
        assigned[found["id"]] = own
    return EndpointSet(cloud=cloud, **found | {"prefixes": PrefixSet.parse(found["prefixes"]), "listed": found["prefixes"]})


def _document(value: object) -> Evidence:
    found = fields(value, url=string, date=string, confidence=string)
    return Evidence(document=found["url"], date=found["date"], confidence=found["confidence"])


def _removed(value: object) -> RemovedEntry:
    return RemovedEntry(**fields(value, set=whole, value=string, by=_iso_day))


def _remark(value: object) -> Remark:
    found = fields(value, set=whole, values=many(string), text=string, evidence=_document)
    return Remark(**found | {"values": tuple(found["values"])})


def _iso_day(value: object) -> date:
    return parse_day(string(value))


def _hosts(value: object) -> tuple[HostPattern, ...]:
    return tuple(sorted(set(many(parsed(HostPattern))(value))))


def _sets(value: object) -> Callable[[Cloud], tuple[int, ...]]:
    """Read cloud -> numbers of endpoint sets.

    Return a function that returns the numbers of one cloud.
    """
    found = {cloud: tuple(sorted(numbers)) for cloud, numbers in mapping(many(whole))(value).items()}
    return lambda cloud: found.get(cloud.value, ())


def _party(value: object) -> Callable[[Cloud], Party]:
    found = fields(value, role=string, hosts=optional(_hosts, ()), prefixes=_PREFIXES, sets=_SETS)
    return lambda cloud: Party(**found | {"sets": found["sets"](cloud)})


_conditions = many(parsed(Condition.parse))
_CLOUDS = many(parsed(Cloud.parse))
_PREFIXES = optional(lambda value: PrefixSet.parse(many(string)(value)), PrefixSet())
_PORTS = optional(parsed(PortSet.parse), PortSet())
_SETS = optional(_sets, _sets({}))

_INSTANCE: Mapping[str, Read[Any]] = {
    "cloud": parsed(Cloud.named),
    "instance": string,
    "version": parsed(Version),
    "origin": string,
    "closed": optional(string, ""),
    "evidence": optional(many(_document), ()),
    "areas": optional(_document, None),
    "removed": optional(many(_removed), ()),
    "remarks": optional(many(_remark), ()),
    "sets": sequence,
}
_ENDPOINT_SET: Mapping[str, Read[Any]] = {
    "id": whole,
    "area": string,
    "category": string,
    "required": flag,
    "express_route": flag,
    "tcp": _PORTS,
    "udp": _PORTS,
    "hosts": optional(_hosts, ()),
    "prefixes": optional(many(string), ()),
    "synthetic": optional(flag, False),
    "assigned": optional(many(string), ()),
}
_ROW: Mapping[str, Read[Any]] = {
    "number": optional(whole, 0),
    "scenario": string,
    "title": string,
    "purpose": string,
    "clouds": _CLOUDS,
    "defect": optional(string, ""),
    "retired": optional(day, None),
    "retired_note": optional(string, ""),
    "evidence": mapping(partial(fields, url=string, date=string)),
    "flow": optional(sequence, []),
    "site": optional(sequence, []),
    "record": optional(sequence, []),
    "unknown": optional(sequence, []),
}
_REQUIREMENT: Mapping[str, Read[Any]] = {
    "name": string,
    "clouds": optional(_CLOUDS, None),
    "required": optional(flag, False),
    "condition": optional(string, ""),
    "confidence": optional(string, "high"),
    "evidence": many(string),
    "needs": optional(_conditions, ()),
    "unless": optional(_conditions, ()),
    "on_request": optional(string, ""),
    "scenario": optional(string, ""),
    "also": optional(many(string), ()),
    "retired": optional(day, None),
}
_FLOW: Mapping[str, Read[Any]] = {
    "direction": string,
    "source": _party,
    "destination": _party,
    "tcp": _PORTS,
    "udp": _PORTS,
    "path": optional(many(string), ()),
    "tls_inspection": optional(string, "unset"),
    "edition": optional(string, ""),
}
_SITE: Mapping[str, Read[Any]] = {
    "hosts": optional(_hosts, ()),
    "sets": _SETS,
    "scheme": optional(string, "https"),
    "zone": optional(string, "trusted"),
    "cookies": optional(flag, False),
}
_RECORD: Mapping[str, Read[Any]] = {
    "owner": string,
    "type": string,
    "value": string,
    "ttl": optional(whole, 3600),
    "duty": optional(string, "publish"),
}
