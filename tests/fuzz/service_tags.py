"""Files of Azure service tags."""

import json

from perimeter365.sources.service_tags import CLOUDS, parse_service_tags
from tests.fuzz.oracle import attempt

WORDS = (
    '"values"',
    '"properties"',
    '"addressPrefixes"',
    '"region"',
    "AzureFrontDoor.Frontend",
    "Storage.WestEurope",
    "Public",
    "::/0",
)


def seeds() -> list[bytes]:
    def tag(name: str, region: str, *prefixes: str) -> dict[str, object]:
        return {"name": name, "id": name, "properties": {"changeNumber": 3, "region": region, "addressPrefixes": prefixes}}

    some = [tag("Storage", "", "20.60.0.0/16", "2603:1000::/40"), tag("Storage.WestEurope", "westeurope", "20.60.1.0/24")]
    some.append(tag("AzureActiveDirectory", "", "20.190.128.0/18"))
    return [json.dumps({"changeNumber": 77, "cloud": cloud, "values": some}).encode() for cloud in CLOUDS]


def check(data: bytes) -> None:
    tags = attempt(lambda: parse_service_tags(data))
    if tags is None:
        return
    values = [
        {"name": name, "properties": {"region": "", "addressPrefixes": [*map(str, space)]}}
        for name, space in tags.tags.items()
    ]
    if values:
        written = json.dumps({"cloud": tags.cloud, "changeNumber": tags.change, "values": values})
        assert parse_service_tags(written.encode()) == tags
    for name, space in tags.tags.items():
        assert all(name in tags.tags_containing(str(prefix)) for prefix in [*space][:20])
