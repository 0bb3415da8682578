"""Compare prefixes with Azure's service tags and Microsoft's address space.

    >>> from perimeter365.sources.embedded import embedded
    >>> finding = check_prefixes(embedded(), public=PrefixSet.parse(["13.104.0.0/14"]))[0]
    >>> finding.id, finding.prefix, finding.tags, finding.public
    ('ws/worldwide/1', '13.107.6.152/31', (), True)

For each prefix of an endpoint set or row, the result has the service tags that contain it, and whether it is in Microsoft's
public space. A prefix in neither is not necessarily an error: addresses of Apple and 21Vianet are not Microsoft's. Without
files, `check_with_witness` has the sources of the witness (`sources.witness`) that contain it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import listing
from perimeter365.model.finding import Finding
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.requirement import Flow
from perimeter365.model.witness import PUBLIC, AddressWitness
from perimeter365.sources.service_tags import ServiceTags

NOWHERE = "nowhere"
"""The code of a prefix that is in no service tag and not in Microsoft's public space."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PrefixCheck(Finding):
    """The result for one prefix of an endpoint set or row.

    The id is that of the requirement.
    """

    message: str = ""
    """Always empty: the other fields contain the result."""
    cloud: Cloud
    prefix: str
    tags: tuple[str, ...]
    """The service tags that contain the whole prefix; relevant ones first."""
    public: bool | None
    """True if the whole prefix is in Microsoft's public space; None if no list was given."""
    sources: tuple[str, ...] = ()
    """The sources of the witness that contain the whole prefix; () if files were given."""

    keys = {"owner": "id", "cloud": "cloud", "prefix": "prefix", "tags": "tags", "public": "public", "sources": "sources"}

    @property
    def space(self) -> str:
        """`public` as text."""
        return {True: "yes", False: "no", None: "not checked"}[self.public]


def check_prefixes(
    catalog: Catalog, *, tags: Sequence[ServiceTags] = (), public: PrefixSet | None = None, cloud: Cloud | None = None
) -> tuple[PrefixCheck, ...]:
    """Check all prefixes of the endpoint sets and rows.

    Args:
        catalog: the catalog with the prefixes.
        tags: service tags, at most one file for each cloud of Azure.
        public: Microsoft's public address space; None to skip this check.
        cloud: check only this cloud.

    Returns:
        One finding for each prefix, first those of endpoint sets, in the order of the catalog.
    """
    made = []
    for owner, own_cloud, prefix in _prefixes(catalog):
        if cloud is None or own_cloud is cloud:
            names = [n for each in tags if each.cloud in own_cloud.azure for n in each.tags_containing(prefix)]
            inside = None if public is None else prefix in public
            unique = tuple(dict.fromkeys(names))
            code = "" if unique or inside else NOWHERE
            made.append(PrefixCheck(code=code, id=owner, cloud=own_cloud, prefix=prefix, tags=unique, public=inside))
    return tuple(made)


def check_with_witness(catalog: Catalog, witness: AddressWitness, *, cloud: Cloud | None = None) -> tuple[PrefixCheck, ...]:
    """Check all prefixes as `check_prefixes`, with the witness instead of files."""
    made = []
    spaces = [(source, source.space) for source in witness.sources]
    for owner, own_cloud, text in _prefixes(catalog):
        if cloud is None or own_cloud is cloud:
            prefix = Prefix.parse(text)
            found = {each.kind: each.name for each, space in spaces if prefix in space}
            names = [name for kind, name in found.items() if kind in (PUBLIC, *own_cloud.azure)]
            if not names and prefix in witness.space(own_cloud):
                names = [f"the operator of {own_cloud}"]
            code, public = "" if names else NOWHERE, PUBLIC in found
            made.append(
                PrefixCheck(code=code, id=owner, cloud=own_cloud, prefix=text, tags=(), public=public, sources=tuple(names))
            )
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
