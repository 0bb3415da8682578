"""Azure service tags: which ranges Azure calls by which name, in each of its clouds.

    tags = read(Path("ServiceTags_Public_20251117.json"))
    tags.cloud, tags.holding("20.190.128.0/18")
        ('Public', ('AzureActiveDirectory',))

The files come from the Microsoft Download Center, once a week: Public 56519, US Government 57063, China 57062, Germany
57064 (ended). A tag may stand beside its regions (`Storage`, `Storage.WestEurope`): only the former are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from perimeter365.errors import InputError, Perimeter365Error, UpstreamDataError
from perimeter365.model.decode import at, decode, many, string, table, text
from perimeter365.model.prefix import PrefixSet
from perimeter365.wire.strict_json import read_json

CLOUDS = ("Public", "AzureGovernment", "China", "AzureGermany")
"""As the files name them."""

LARGEST = 32 * 1024 * 1024
"""Bytes of a file; the public one has 4,000,000."""

MATTERING = (
    "AzureActiveDirectory", "Storage", "ServiceBus", "AzureFrontDoor", "M365ManagementActivityApi",
    "M365ManagementActivityApiWebhook", "PowerPlatform",
)  # fmt: skip
"""Tags that rows and endpoint sets depend on, or how their names begin (AzureFrontDoor.Frontend, PowerPlatformInfra …)."""

_NAME = text(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*", "the name of a tag")


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceTags:
    """One cloud's tags at one time."""

    cloud: str
    """One of `CLOUDS`."""
    change: int
    """The file's change number, which only grows."""
    tags: Mapping[str, PrefixSet]
    """By name, sorted; without the regional ones."""

    def holding(self, prefix: str) -> tuple[str, ...]:
        """The tags that hold all of a prefix, those that matter here first. Raises PrefixError."""
        found = [name for name, space in self.tags.items() if prefix in space]
        return tuple(sorted(found, key=lambda name: (not matters(name), name)))


def matters(name: str) -> bool:
    """Is it a tag that rows or endpoint sets depend on?"""
    return any(name == each or name.startswith((f"{each}.", f"{each}Infra", f"{each}Plex")) for each in MATTERING)


def read(path: Path) -> ServiceTags:
    """Read a file of the Download Center. Raises InputError with its name, place and reason."""
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"more than {LARGEST} bytes, so it is no file of service tags")
        return parse(path.read_bytes())
    except Perimeter365Error as error:
        raise InputError(f"{path}: {error.message}") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def parse(data: bytes) -> ServiceTags:
    """Read the JSON of a file. Raises UpstreamError with the place."""
    found = read_json(data, "the service tags", LARGEST)
    if not isinstance(found, dict) or found.get("cloud") not in CLOUDS or type(found.get("changeNumber")) is not int:
        raise UpstreamDataError(f"the service tags name neither a change number nor a cloud ({', '.join(CLOUDS)})")
    values = found.get("values")
    if not isinstance(values, list) or not values:
        raise UpstreamDataError("the service tags have no values")
    tags: dict[str, PrefixSet] = {}
    for i, value in enumerate(values):
        name, prefixes = decode(f"values[{i}]", _tag, value, UpstreamDataError)
        if name in tags:
            raise UpstreamDataError(f"values[{i}].name: {name} stands twice")
        if prefixes is not None:
            tags[name] = prefixes
    return ServiceTags(cloud=found["cloud"], change=found["changeNumber"], tags=dict(sorted(tags.items())))


def _tag(value: object) -> tuple[str, PrefixSet | None]:
    """The name of a tag, and its addresses if it is not one of a region."""
    item = table(value)
    name, properties = at(".name", _NAME, item["name"]), at(".properties", table, item["properties"])
    if properties["region"]:
        return name, None
    return name, at(
        ".properties.addressPrefixes", lambda texts: PrefixSet.parse(many(string)(texts)), properties["addressPrefixes"]
    )
