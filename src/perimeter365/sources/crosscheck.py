"""Holds every prefix of the catalog against Azure's service tags and Microsoft's public address space.

    >>> from perimeter365.sources.embedded import embedded
    >>> finding = check(embedded(), public=PrefixSet.parse(["13.104.0.0/14"]))[0]
    >>> finding.id, finding.prefix, finding.tags, finding.public
    ('ws/worldwide/1', '13.107.6.152/31', (), True)

It answers, per endpoint set and row: which tag holds a prefix, whether it is Microsoft's space at all, and which prefix
is in neither. Being in neither is a question to ask, not a mistake: Apple's and 21Vianet's addresses are not Microsoft's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import listing
from perimeter365.model.finding import Finding
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


NOWHERE = "nowhere"
"""The code of a prefix that is in no tag and not in Microsoft's space."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Holders(Finding):
    """Who holds one prefix of one endpoint set or row; its id is `ws/worldwide/11` or the requirement's."""

    message: str = ""
    """Empty: tags and space say all."""
    cloud: Cloud
    prefix: str
    tags: tuple[str, ...]
    """The service tags that hold all of it; those that matter here first."""
    public: bool | None
    """Is all of it in Microsoft's public space? None when no list was given."""

    keys = {"owner": "id", "cloud": "cloud", "prefix": "prefix", "tags": "tags", "public": "public"}

    @property
    def space(self) -> str:
        """Whether it is in Microsoft's public space, for people."""
        return {True: "yes", False: "no", None: "not asked"}[self.public]


def check(
    catalog: Catalog, *, tags: Sequence[ServiceTags] = (), public: PrefixSet | None = None, cloud: Cloud | None = None
) -> tuple[Holders, ...]:
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
            code = "" if unique or inside else NOWHERE
            made.append(Holders(code=code, id=owner, cloud=own_cloud, prefix=prefix, tags=unique, public=inside))
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
