"""Reads the JSON of the web service into values, strictly: what is not of its schema is refused, with its place.

    >>> [s.id for s in parse_endpoints(body, Cloud.WORLDWIDE)][:3]
    [1, 2, 3]
    >>> parse_endpoints("[]", Cloud.WORLDWIDE)
    Traceback (most recent call last):
    perimeter365.errors.UpstreamError: the list of worldwide has no endpoint set
"""

import json
from collections.abc import Mapping
from typing import Any

from perimeter365.errors import InputError, UpstreamError
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import UPSTREAM_AREAS, EndpointSet, listing
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet

_AREAS = {upstream: ours for ours, upstream in UPSTREAM_AREAS.items()}


def parse_endpoints(text: str | bytes, cloud: Cloud) -> tuple[EndpointSet, ...]:
    """The sets of an answer of `/endpoints/{instance}`, ascending by id. Raises UpstreamError with the place."""
    place = "the answer"
    try:
        data = json.loads(text)
        if not isinstance(data, list):
            raise UpstreamError(f"the list of {cloud} is {type(data).__name__}, not a list")
        found: dict[int, EndpointSet] = {}
        for i, item in enumerate(data):
            place = f"[{i}]"
            made = _set(item, cloud)
            if made.id in found:
                raise UpstreamError(f"{place}: id {made.id} stands twice")
            found[made.id] = made
    except InputError as error:
        raise UpstreamError(f"{place}: {error.message}") from error
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise UpstreamError(f"{place}: {type(error).__name__}: {error}") from error
    if not found:
        raise UpstreamError(f"the list of {cloud} has no endpoint set")
    return tuple(found[number] for number in sorted(found))


def _set(item: Mapping[str, Any], cloud: Cloud) -> EndpointSet:
    prefixes = item.get("ips", [])
    return EndpointSet(
        id=item["id"],
        cloud=cloud,
        area=_AREAS[item["serviceArea"]],
        category=item["category"].lower(),
        required=item["required"],
        express_route=item["expressRoute"],
        tcp=PortSet.parse(item.get("tcpPorts", "")),
        udp=PortSet.parse(item.get("udpPorts", "")),
        hosts=tuple(sorted({HostPattern(host) for host in item.get("urls", [])})),
        prefixes=PrefixSet.parse(prefixes),
        listed=listing(prefixes),
    )
