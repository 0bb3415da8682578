"""Holds every prefix of the catalog against Azure's service tags and Microsoft's public address space.

    >>> from perimeter365.sources.embedded import embedded
    >>> finding = check(embedded(), public=PrefixSet.parse(["13.104.0.0/14"]))[0]
    >>> finding.owner, finding.prefix, finding.tags, finding.public
    ('ws/worldwide/1', '13.107.6.152/31', (), True)

It answers, per endpoint set and row: which tag holds a prefix, whether it is Microsoft's space at all, and which prefix
is in neither. Being in neither is a question to ask, not a mistake: Apple's and 21Vianet's addresses are not Microsoft's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import listing
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import Flow
from perimeter365.sources.service_tags import ServiceTags

AZURE: Mapping[Cloud, tuple[str, ...]] = {
    Cloud.WORLDWIDE: ("Public",),
    Cloud.GCCHIGH: ("AzureGovernment", "Public"),
    Cloud.DOD: ("AzureGovernment", "Public"),
    Cloud.CHINA: ("China",),
    Cloud.GERMANY: ("AzureGermany",),
}
"""Which of Azure's clouds a cloud's addresses may be tagged in. Both government clouds use public addresses too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One prefix of one endpoint set or row."""

    owner: str
    """`ws/worldwide/11` or the requirement's id."""
    cloud: Cloud
    prefix: str
    tags: tuple[str, ...]
    """The service tags that hold all of it; those that matter here first."""
    public: bool | None
    """Is all of it in Microsoft's public space? None when no list was given."""

    @property
    def nowhere(self) -> bool:
        """Is it in no tag and not in the public space?"""
        return not self.tags and self.public is not True

    def to_dict(self) -> dict[str, Any]:
        """JSON of `crosscheck`."""
        return {
            "owner": self.owner,
            "cloud": str(self.cloud),
            "prefix": self.prefix,
            "tags": list(self.tags),
            "public": self.public,
        }


def check(
    catalog: Catalog, *, tags: Sequence[ServiceTags] = (), public: PrefixSet | None = None, cloud: Cloud | None = None
) -> tuple[Finding, ...]:
    """Check every prefix of the sets and rows.

    Args:
        catalog: whose prefixes.
        tags: the files at hand, at most one a cloud of Azure's.
        public: Microsoft's public space.
        cloud: only this one.

    Returns:
        One finding a prefix, sets first, in the order of the catalog.
    """
    made = []
    for owner, own_cloud, prefix in _prefixes(catalog):
        if cloud is None or own_cloud is cloud:
            names = [n for each in tags if each.cloud in AZURE[own_cloud] for n in each.holding(prefix)]
            inside = None if public is None else prefix in public
            unique = tuple(dict.fromkeys(names))
            made.append(Finding(owner=owner, cloud=own_cloud, prefix=prefix, tags=unique, public=inside))
    return tuple(made)


def _prefixes(catalog: Catalog) -> Iterator[tuple[str, Cloud, str]]:
    for cloud, sets in catalog.sets.items():
        for endpoint_set in sets:
            for prefix in endpoint_set.listed:
                yield endpoint_set.requirement_id, cloud, prefix
    for req in catalog.row_requirements():
        if isinstance(req, Flow):
            both = req.source.prefixes | req.destination.prefixes
            for prefix in listing(str(p) for p in both):
                yield req.id, req.cloud, prefix
