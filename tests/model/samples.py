"""Small valid values of the model, in which tests change one field."""

from typing import Any

from perimeter365.model.catalog import Catalog, CatalogVersion
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.evidence import Confidence, Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import row_number
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import Flow, Party, Record, Requirement, Site
from perimeter365.model.row import Row
from perimeter365.model.scenario import ROW_SCENARIOS
from perimeter365.model.version import Version

EVIDENCE = (Evidence(document="https://learn.microsoft.com/x", date="2025-01-08"),)


def hosts(*texts: str) -> tuple[HostPattern, ...]:
    return tuple(sorted(HostPattern(text) for text in texts))


def prefixes(*texts: str) -> PrefixSet:
    return PrefixSet.parse(texts)


def evidence(confidence: Confidence = "high") -> tuple[Evidence, ...]:
    return (Evidence(document="https://learn.microsoft.com/x", date="", confidence=confidence),)


def flow(**changes: Any) -> Flow:
    """Return an outbound flow of row 1."""
    made: dict[str, Any] = {
        "id": "row/1/upload",
        "cloud": Cloud.WORLDWIDE,
        "scenario": ROW_SCENARIOS[(row_number(changes.get("id", "").rpartition("/")[0]) or 1) - 1],
        "direction": "outbound",
        "source": Party(role="client"),
        "destination": Party(role="azure-storage", hosts=hosts("upload.example.com"), prefixes=prefixes("131.107.2.0/24")),
        "tcp": PortSet.parse("443"),
        "evidence": EVIDENCE,
    }
    return Flow(**(made | changes))


def inbound(**changes: Any) -> Flow:
    """Return an inbound flow of row 6 to the MRS proxy."""
    made: dict[str, Any] = {
        "id": "row/6/mrs-proxy",
        "direction": "inbound",
        "source": Party(role="exchange-online", prefixes=prefixes("131.107.100.0/24")),
        "destination": Party(role="mrs-proxy"),
    }
    return flow(**(made | changes))


def site(**changes: Any) -> Site:
    made: dict[str, Any] = {
        "id": "row/16/teams",
        "cloud": Cloud.WORLDWIDE,
        "scenario": "teams-sites",
        "hosts": hosts("*.teams.example.com"),
        "evidence": EVIDENCE,
    }
    return Site(**(made | changes))


def record(**changes: Any) -> Record:
    made: dict[str, Any] = {
        "id": "dns/autodiscover",
        "cloud": Cloud.WORLDWIDE,
        "scenario": "dns",
        "owner": "autodiscover",
        "type": "CNAME",
        "value": "autodiscover.example.com",
        "evidence": EVIDENCE,
    }
    return Record(**(made | changes))


def endpoint_set(number: int = 1, **changes: Any) -> EndpointSet:
    made: dict[str, Any] = {
        "id": number,
        "cloud": Cloud.WORLDWIDE,
        "area": "exchange",
        "category": "optimize",
        "required": True,
        "express_route": False,
        "tcp": PortSet.parse("80,443"),
        "hosts": hosts("outlook.example.com"),
        "prefixes": prefixes("131.107.113.0/25"),
    }
    return EndpointSet(**(made | changes))


def row(number: int, *requirements: Requirement, **changes: Any) -> Row:
    made: dict[str, Any] = {
        "number": number,
        "scenario": ROW_SCENARIOS[number - 1] if number else "dns",
        "title": f"Row {number}",
        "purpose": "A sample.",
        "defect": "",
        "clouds": (Cloud.WORLDWIDE,),
        "flows": tuple(r for r in requirements if isinstance(r, Flow)),
        "sites": tuple(r for r in requirements if isinstance(r, Site)),
        "records": tuple(r for r in requirements if isinstance(r, Record)),
    }
    return Row(**(made | changes))


def catalog(*requirements: Requirement, sets: tuple[EndpointSet, ...] = (), **rows: dict[str, Any]) -> Catalog:
    """Return a catalog of requirements and sets; `row_6={"retired": ...}` changes fields of a row."""
    by_cloud: dict[Cloud, tuple[EndpointSet, ...]] = {
        cloud: tuple(sorted((s for s in sets if s.cloud is cloud), key=lambda s: s.id)) for cloud in CLOUDS
    }
    made = {
        number: row(number, *(r for r in requirements if (r.row or 0) == number), **rows.get(f"row_{number}", {}))
        for number in range(26)
    }
    return Catalog(
        sets=by_cloud,
        versions={cloud: CatalogVersion(version=Version("2026080200"), origin="recorded") for cloud in CLOUDS},
        rows={number: each for number, each in made.items() if number},
        dns=made[0],
    )
