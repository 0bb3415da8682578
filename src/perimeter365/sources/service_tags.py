"""Azure service tags: names of address ranges in each of Azure's clouds.

    tags = read_service_tags(Path("ServiceTags_Public_20251117.json"))
    tags.cloud, tags.tags_containing("20.190.128.0/18")
        ('Public', ('AzureActiveDirectory',))

The Microsoft Download Center publishes the files once a week: Public 56519, US Government 57063, China 57062, Germany 57064
(ended). Tags of a region (`Storage.WestEurope`) are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from perimeter365.errors import InputError, Perimeter365Error, UpstreamDataError
from perimeter365.intake import read_bytes, shown_path
from perimeter365.model.decode import at, decode, many, string, table, text
from perimeter365.model.prefix import PrefixSet
from perimeter365.wire.strict_json import read_json

CLOUDS = ("Public", "AzureGovernment", "China", "AzureGermany")
"""The names of Azure's clouds in the files."""

LARGEST = 32 * 1024 * 1024
"""The maximum size of a file in bytes. The public one has 4,000,000."""

RELEVANT = (
    "AzureActiveDirectory", "Storage", "ServiceBus", "AzureFrontDoor", "M365ManagementActivityApi",
    "M365ManagementActivityApiWebhook", "PowerPlatform", "EOPExternalPublishedIPs",
)  # fmt: skip
"""Tags that rows and endpoint sets depend on, or prefixes of their names (AzureFrontDoor.Frontend, PowerPlatformInfra …)."""

DATACENTERS = "AzureCloud"
"""The tag of the datacenters of one of Azure's clouds. Customers rent addresses in it."""

# Matches "AzureFrontDoor.Backend", not "Azure Front Door" or ".Backend".
_NAME = text(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*", "the name of a tag")


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceTags:
    """The tags of one of Azure's clouds, from one file."""

    cloud: str
    """One of `CLOUDS`."""
    change: int
    """The change number of the file, which increases with each file."""
    tags: Mapping[str, PrefixSet]
    """Tag name -> addresses, sorted by name, without tags of a region."""

    def tags_containing(self, prefix: str) -> tuple[str, ...]:
        """Return the tags that contain a whole prefix, relevant ones first.

        Raises PrefixError.
        """
        found = [name for name, space in self.tags.items() if prefix in space]
        return tuple(sorted(found, key=lambda name: (not is_relevant(name), name)))


def is_relevant(name: str) -> bool:
    """Return True if rows or endpoint sets depend on a tag."""
    return any(name == each or name.startswith((f"{each}.", f"{each}Infra", f"{each}Plex")) for each in RELEVANT)


def read_service_tags(path: Path) -> ServiceTags:
    """Read a file of the Download Center.

    Raises:
        InputError: the file cannot be read or is not valid; the message has its name, the place and the reason.
    """
    data = read_bytes(path, most=LARGEST)
    try:
        return parse_service_tags(data)
    except Perimeter365Error as error:
        raise InputError(f"{shown_path(path)}: {error.message}") from error


def parse_service_tags(data: bytes) -> ServiceTags:
    """Read the JSON of a file. Raises UpstreamError with the place."""
    found = read_json(data, "the file of service tags", LARGEST)
    if not isinstance(found, dict) or found.get("cloud") not in CLOUDS or type(found.get("changeNumber")) is not int:
        raise UpstreamDataError(f"the service tags need a change number and a cloud ({', '.join(CLOUDS)})")
    values = found.get("values")
    if not isinstance(values, list) or not values:
        raise UpstreamDataError("the service tags have no values")
    tags: dict[str, PrefixSet] = {}
    for i, value in enumerate(values):
        name, prefixes = decode(f"values[{i}]", _tag, value, UpstreamDataError)
        if name in tags:
            raise UpstreamDataError(f"values[{i}].name: duplicate tag {name}")
        if prefixes is not None:
            tags[name] = prefixes
    return ServiceTags(cloud=found["cloud"], change=found["changeNumber"], tags=dict(sorted(tags.items())))


def _tag(value: object) -> tuple[str, PrefixSet | None]:
    """Read a tag. Return its name and its addresses, or None for a tag of a region."""
    item = table(value)
    name, properties = at(".name", _NAME, item["name"]), at(".properties", table, item["properties"])
    if properties["region"]:
        return name, None
    return name, at(
        ".properties.addressPrefixes", lambda texts: PrefixSet.parse(many(string)(texts)), properties["addressPrefixes"]
    )
