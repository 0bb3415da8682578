"""Reads a folder of facts into a catalog: the one inside of the package, or another of the same shape.

    FOLDER/rows/06-mailbox-migration.toml    one file a row, 25 of them
    FOLDER/dns.toml                          the DNS scope
    FOLDER/instances/worldwide.json          one file a cloud: version and endpoint sets, one set a line

Whatever is in the folder is checked as it becomes values; an error says file, place and reason. Unknown keys
are refused: in a file of facts a typing mistake must not lose a fact.
"""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from perimeter365.errors import CatalogError, InputError
from perimeter365.model.catalog import Catalog, Version
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.evidence import Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import Flow, Party, Record, Site
from perimeter365.model.row import Row

FACTS = files("perimeter365") / "facts"
"""The embedded facts, in a folder or in a zip."""

_ROW = {"number", "scenario", "title", "purpose", "clouds", "defect", "retired", "retired_note"}
_ROW |= {"evidence", "flow", "site", "record"}
_COMMON = {"name", "clouds", "required", "condition", "confidence", "evidence", "on_request", "retired"}
_FLOW = _COMMON | {"direction", "tcp", "udp", "path", "tls_inspection", "edition", "source", "destination"}
_SITE = _COMMON | {"hosts", "sets", "scheme", "zone", "cookies"}
_RECORD = _COMMON | {"owner", "type", "value", "ttl", "duty"}
_PARTY = {"role", "hosts", "prefixes", "sets"}
_INSTANCE = {"cloud", "instance", "version", "origin", "closed", "sets"}
_SET = {"id", "area", "category", "required", "express_route", "tcp", "udp", "hosts", "prefixes", "synthetic"}


_T = TypeVar("_T")


@cache
def embedded() -> Catalog:
    """The catalog inside of the package, read once a process."""
    return read_folder(FACTS)


def read_folder(folder: Traversable) -> Catalog:
    """The catalog of a folder of facts. Raises CatalogError with file and place."""
    rows = [_file(path, _read_row) for path in _named(folder / "rows", ".toml")]
    numbers = {row.number: row for row in rows}
    if sorted(row.number for row in rows) != list(range(1, 26)):
        raise CatalogError(f"{folder}: rows 1 to 25 are needed, once each; found {sorted(r.number for r in rows)}")
    states = [_file(path, read_instance) for path in _named(folder / "instances", ".json")]
    if not states:
        raise CatalogError(f"{folder}: instances/ has no list of any cloud")
    return Catalog(
        sets={cloud: sets for cloud, _, sets in states},
        versions={cloud: version for cloud, version, _ in states},
        rows=numbers,
        dns=_file(folder / "dns.toml", _read_row),
    )


def read_instance(text: str) -> tuple[Cloud, Version, tuple[EndpointSet, ...]]:
    """One cloud's file: its version and its sets, ascending by id."""
    data = json.loads(text)
    _known(data, _INSTANCE)
    cloud = Cloud.parse(data["cloud"])
    if not data["sets"]:
        raise CatalogError("a list without any endpoint set would open nothing and close everything")
    sets = []
    for place, item in _items(data, "sets"):
        with _Place(place):
            _known(item, _SET)
            sets.append(
                EndpointSet(
                    id=item["id"],
                    cloud=cloud,
                    area=item["area"],
                    category=item["category"],
                    required=item["required"],
                    express_route=item["express_route"],
                    tcp=PortSet.parse(item.get("tcp", "")),
                    udp=PortSet.parse(item.get("udp", "")),
                    hosts=_hosts(item),
                    prefixes=PrefixSet.parse(item.get("prefixes", ())),
                    listed=tuple(item.get("prefixes", ())),
                )
            )
    return cloud, Version(version=data["version"], origin=data["origin"]), tuple(sets)


class _Place:
    """Puts where we are before the message of any error that rises through it."""

    def __init__(self, place: str) -> None:
        self.place = place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, InputError):
            error.inside(self.place)
        elif isinstance(error, KeyError):
            raise CatalogError(f"{self.place}: {error} is missing") from error
        elif isinstance(error, (TypeError, AttributeError, ValueError)):
            raise CatalogError(f"{self.place}: {error}") from error


def _named(folder: Traversable, suffix: str) -> list[Traversable]:
    """The files of a folder with this suffix, by name. No folder is an empty one; who asks says what is missing."""
    found = [path for path in folder.iterdir() if path.name.endswith(suffix)] if folder.is_dir() else []
    return sorted(found, key=lambda path: path.name)


def _file(path: Traversable, read: Callable[[str], _T]) -> _T:
    with _Place(path.name):
        try:
            return read(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise CatalogError(f"cannot be read: {error}") from error
        except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
            raise CatalogError(f"is damaged: {error}") from error
        except RecursionError:
            raise CatalogError("is damaged: it is nested too deeply") from None


def _read_row(text: str) -> Row:
    data = tomllib.loads(text)
    _known(data, _ROW)
    number = data.get("number", 0)
    scenario: str = data["scenario"]
    clouds = tuple(Cloud.parse(c) for c in data["clouds"])
    documents: Mapping[str, Mapping[str, str]] = data["evidence"]
    prefix = f"row/{number}" if number else scenario

    def common(item: Mapping[str, Any], cloud: Cloud) -> dict[str, Any]:
        confidence = item.get("confidence", "high")
        return {
            "id": f"{prefix}/{item['name']}",
            "cloud": cloud,
            "scenario": scenario,
            "row": number or None,
            "required": item.get("required", False),
            "condition": item.get("condition", ""),
            "on_request": item.get("on_request", ""),
            "retired": _day(item.get("retired", data.get("retired"))),
            "evidence": tuple(
                Evidence(document=documents[key]["url"], date=documents[key]["date"], confidence=confidence)
                for key in item["evidence"]
            ),
        }

    def each(kind: str, keys: set[str], make: Callable[[Mapping[str, Any], Cloud], _T]) -> tuple[_T, ...]:
        made = []
        for place, item in _items(data, kind):
            with _Place(place):
                _known(item, keys)
                for cloud in [Cloud.parse(c) for c in item["clouds"]] if "clouds" in item else clouds:
                    if cloud not in clouds:
                        raise CatalogError(f"{cloud} is not a cloud of the row")
                    made.append(make(item, cloud))
        return tuple(made)

    def flow(item: Mapping[str, Any], cloud: Cloud) -> Flow:
        return Flow(
            **common(item, cloud),
            direction=item["direction"],
            source=_party(item["source"], cloud),
            destination=_party(item["destination"], cloud),
            tcp=PortSet.parse(item.get("tcp", "")),
            udp=PortSet.parse(item.get("udp", "")),
            path=tuple(item.get("path", ())),
            tls_inspection=item.get("tls_inspection", "unset"),
            edition=item.get("edition", ""),
        )

    def site(item: Mapping[str, Any], cloud: Cloud) -> Site:
        return Site(
            **common(item, cloud),
            hosts=_hosts(item),
            sets=_sets(item, cloud),
            scheme=item.get("scheme", "https"),
            zone=item.get("zone", "trusted"),
            cookies=item.get("cookies", False),
        )

    def record(item: Mapping[str, Any], cloud: Cloud) -> Record:
        return Record(
            **common(item, cloud),
            owner=item["owner"],
            type=item["type"],
            value=item["value"],
            ttl=item.get("ttl", 3600),
            duty=item.get("duty", "publish"),
        )

    return Row(
        number=number,
        scenario=scenario,
        title=data["title"],
        purpose=data["purpose"],
        defect=data.get("defect", ""),
        clouds=clouds,
        flows=each("flow", _FLOW, flow),
        sites=each("site", _SITE, site),
        records=each("record", _RECORD, record),
        retired=_day(data.get("retired")),
        retired_note=data.get("retired_note", ""),
    )


def _party(item: Mapping[str, Any], cloud: Cloud) -> Party:
    _known(item, _PARTY)
    return Party(
        role=item["role"],
        hosts=_hosts(item),
        prefixes=PrefixSet.parse(item.get("prefixes", ())),
        sets=_sets(item, cloud),
    )


def _hosts(item: Mapping[str, Any]) -> tuple[HostPattern, ...]:
    return tuple(sorted({HostPattern(h) for h in item.get("hosts", ())}))


def _sets(item: Mapping[str, Any], cloud: Cloud) -> tuple[int, ...]:
    return tuple(sorted(item.get("sets", {}).get(cloud.value, ())))


def _items(data: Mapping[str, Any], key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for i, item in enumerate(data.get(key, ())):
        yield f"{key}[{i}] {item.get('name', item.get('id', ''))}".rstrip(), item


def _known(item: Mapping[str, Any], keys: set[str]) -> None:
    if unknown := set(item) - keys:
        raise CatalogError(f"unknown key {min(unknown)!r}; known are {', '.join(sorted(keys))}")


def _day(value: object) -> date | None:
    if value is not None and type(value) is not date:
        raise CatalogError(f"{value!r} is not a day")
    return value
