"""Read the embedded facts that probes compare with.

    certificates.toml    roots, issuing authorities, hosts of validation
    quality.toml         thresholds, principles, relays, the status probes of Windows, refused paths
    probe-names.toml     names under wildcards

Unknown keys and values that are not valid are refused, with the file and the place.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from perimeter365.errors import CatalogError
from perimeter365.intake import read_text
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import (
    Read,
    at,
    day,
    decode,
    fields,
    many,
    mapping,
    optional,
    parse_toml,
    parsed,
    sequence,
    string,
)
from perimeter365.model.evidence import Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import SetKey
from perimeter365.model.ports import PortSet
from perimeter365.model.probe import (
    Certificate,
    KnownNames,
    Principle,
    ProbeFacts,
    QualityThreshold,
    RefusedPaths,
    Relay,
    StatusProbe,
    ValidationHosts,
)
from perimeter365.sources.embedded import FACTS, LARGEST

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_T = TypeVar("_T")


@cache
def probe_facts() -> ProbeFacts:
    """Return the embedded facts. They are read once in a process."""
    return read_probe_facts(FACTS)


def read_probe_facts(folder: "Traversable") -> ProbeFacts:
    """Read the three files of a folder of facts. Raises CatalogError."""
    certificates, quality, names = (_file(folder / name, kinds) for name, kinds in _FILES.items())
    return ProbeFacts(
        certificates=certificates["certificate"],
        validation_hosts=certificates["hosts"],
        thresholds=quality["threshold"],
        principles=quality["principle"],
        relays=quality["relay"],
        status_probes=quality["probe"],
        refused=quality["refused"],
        names=names["names"],
    )


def _file(path: "Traversable", kinds: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    content = read_text(path, most=LARGEST, kind=CatalogError)
    try:
        return decode("", lambda text: _read(text, kinds), content, CatalogError)
    except CatalogError as error:
        raise error.inside(path.name) from None


def _read(text: str, kinds: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    found = fields(parse_toml(text), evidence=mapping(_page), **dict.fromkeys(kinds, sequence))
    pages = found.pop("evidence")

    def items(kind: str) -> tuple[Any, ...]:
        make, readers = kinds[kind]

        def one(value: object) -> Any:
            item = fields(value, **readers, evidence=string, confidence=optional(string, "high"))
            page, confidence = pages[item.pop("evidence")], item.pop("confidence")
            return make(**item, evidence=Evidence(document=page["url"], date=page["date"], confidence=confidence))

        return many(one)(found[kind])

    return {kind: at(kind, items, kind) for kind in kinds}


def _page(value: object) -> Mapping[str, Any]:
    return fields(value, url=string, date=string)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, float):
        raise CatalogError(f"expected a number with a fraction, got {value!r}")
    return value


_hosts = many(parsed(HostPattern))
_clouds = many(parsed(Cloud.parse))
_PORTS = optional(parsed(PortSet.parse), PortSet())
_CLOUDS = optional(_clouds, ())
_TEXT = optional(string, "")
_BOUND = optional(_number, None)

_FILES: Mapping[str, Mapping[str, tuple[type, Mapping[str, Read[Any]]]]] = {
    "certificates.toml": {
        "certificate": (
            Certificate,
            {
                "name": string,
                "kind": string,
                "issuer": _TEXT,
                "sha1": _TEXT,
                "sha256": _TEXT,
                "not_after": optional(day, None),
                "clouds": _CLOUDS,
            },
        ),
        "hosts": (ValidationHosts, {"purpose": string, "hosts": _hosts, "clouds": _CLOUDS}),
    },
    "quality.toml": {
        "threshold": (
            QualityThreshold,
            {
                "segment": string,
                "metric": string,
                "unit": string,
                "window": _TEXT,
                "below": _BOUND,
                "at_most": _BOUND,
                "at_least": _BOUND,
            },
        ),
        "principle": (Principle, {"name": string, "text": string}),
        "relay": (Relay, {"host": parsed(HostPattern), "udp": parsed(PortSet.parse), "set": parsed(SetKey)}),
        "probe": (
            StatusProbe,
            {"windows": string, "url": _TEXT, "body": _TEXT, "name": _TEXT, "address": _TEXT},
        ),
        "refused": (RefusedPaths, {"role": string, "paths": many(string)}),
    },
    "probe-names.toml": {
        "names": (
            KnownNames,
            {"wildcard": parsed(HostPattern), "names": _hosts, "clouds": _clouds, "tcp": _PORTS, "udp": _PORTS},
        ),
    },
}
