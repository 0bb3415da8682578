"""Microsoft's address space after documents other than the lists: the witness.

>>> from datetime import date
>>> from perimeter365.model.cloud import Cloud
>>> public = AddressSource(
...     kind=PUBLIC, name="MSFT_PublicIPs_20300101.csv", day=date(2030, 1, 1), own=PrefixSet.parse(["20.0.0.0/11"])
... )
>>> witness = AddressWitness(sources=(public,))
>>> witness.day, "20.1.0.0/16" in witness.space(Cloud.CHINA), witness.on(date(2029, 12, 31))
(datetime.date(2030, 1, 1), True, None)
>>> AddressWitness(sources=())
Traceback (most recent call last):
perimeter365.errors.CatalogError: a witness needs at least one source

A source is one file of Microsoft: the public ranges, or the service tags of one of Azure's clouds. An operator's prefixes
are those of a company that runs a cloud instead of Microsoft (21Vianet, Bleu, Delos): the cloud's own lists are the only
document, so a prefix counts from the day after the first list that has it, and until a list no longer has it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import Cloud
from perimeter365.model.evidence import Confidence, Evidence
from perimeter365.model.prefix import Prefix, PrefixSet

PUBLIC = "PublicIPs"
"""The kind of the file of public ranges. The other kinds are the names of Azure's clouds, as in their files."""

DOWNLOADS = {
    PUBLIC: "https://www.microsoft.com/download/details.aspx?id=53602",
    "Public": "https://www.microsoft.com/download/details.aspx?id=56519",
    "AzureGovernment": "https://www.microsoft.com/download/details.aspx?id=57063",
    "China": "https://www.microsoft.com/download/details.aspx?id=57062",
    "AzureGermany": "https://www.microsoft.com/download/details.aspx?id=57064",
}
"""Kind -> the page of the Download Center. That of AzureGermany has ended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressSource:
    """The addresses of one file of Microsoft."""

    kind: str
    """A key of `DOWNLOADS`."""
    name: str
    """The name of the file, `MSFT_PublicIPs_20260806.csv`."""
    day: date
    """The day on which it was published."""
    change: int = 0
    """The change number of service tags; 0 for the public ranges, which have none."""
    own: PrefixSet = PrefixSet()
    """The public ranges; of service tags, those that Microsoft 365 depends on, and what is in no datacenter of Azure."""
    datacenters: PrefixSet = PrefixSet()
    """The tag of Azure's datacenters. Customers rent addresses in it, without those in `own`."""

    def __post_init__(self) -> None:
        if self.kind not in DOWNLOADS:
            raise CatalogError(f"{self.kind!r} is not one of {', '.join(DOWNLOADS)}")
        if not (self.own or self.datacenters):
            raise CatalogError(f"{self.name}: the source has no address")

    @property
    def space(self) -> PrefixSet:
        """All addresses of the file."""
        return self.own | self.datacenters

    @property
    def rented(self) -> PrefixSet:
        """The part of the datacenters in which no tag is that Microsoft 365 depends on."""
        return self.datacenters - self.own

    @property
    def evidence(self) -> Evidence:
        """The document and its day."""
        return Evidence(document=DOWNLOADS[self.kind], date=self.day.isoformat())


@dataclass(frozen=True, kw_only=True, slots=True)
class OperatorPrefix:
    """A prefix of the company that runs a cloud, which no file of Microsoft has."""

    cloud: Cloud
    prefix: Prefix
    first: date
    """The day of the first recorded list with the prefix."""
    gone: date | None = None
    """The day of the first recorded list without it; None if the newest one has it."""
    document: str
    """The https address of the list."""
    confidence: Confidence = "medium"
    """`medium`: that the prefix is the operator's follows from the list alone."""

    @property
    def evidence(self) -> Evidence:
        """The document and its day."""
        return Evidence(document=self.document, date=self.first.isoformat(), confidence=self.confidence)


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressWitness:
    """The newest source of each kind, and the prefixes of operators."""

    sources: tuple[AddressSource, ...]
    """At most one of a kind, in the order of `DOWNLOADS`."""
    operators: tuple[OperatorPrefix, ...] = ()
    """All that are known, also those that are gone."""

    def __post_init__(self) -> None:
        if not self.sources:
            raise CatalogError("a witness needs at least one source")
        kinds = [source.kind for source in self.sources]
        if kinds != [kind for kind in DOWNLOADS if kind in kinds]:
            raise CatalogError(f"the sources are not one of each kind, in order: {', '.join(kinds)}")

    @property
    def day(self) -> date:
        """The day of the newest source."""
        return max(source.day for source in self.sources)

    def source(self, kind: str) -> AddressSource | None:
        """Return the source of a kind, or None."""
        return next((source for source in self.sources if source.kind == kind), None)

    def space(self, cloud: Cloud) -> PrefixSet:
        """Return the addresses that a list of a cloud may have.

        These are Microsoft's public ranges, all tags of the cloud's Azure, and the prefixes of the cloud's operator.
        """
        operated = PrefixSet.of(each.prefix for each in self.operators if each.cloud is cloud and each.gone is None)
        return _union([operated, *(source.space for source in self._of(cloud))])

    def rented(self, cloud: Cloud) -> PrefixSet:
        """Return the part of `space` in which anybody who rents from Azure may be.

        This is the tag AzureCloud without the tags that Microsoft 365 depends on (`sources.service_tags.RELEVANT`).
        """
        found = self._of(cloud)
        return _union(source.datacenters for source in found) - _union(s.own for s in found if s.kind != PUBLIC)

    def on(self, day: date) -> "AddressWitness | None":
        """Return what was published by a day, or None if the public ranges were not.

        Service tags alone are no witness: most of Microsoft 365 is in none. A list is no witness of itself: a prefix of an
        operator counts from the day after the first list that has it.
        """
        sources = tuple(source for source in self.sources if source.day <= day)
        if PUBLIC not in (source.kind for source in sources):
            return None
        known = [each for each in self.operators if each.first < day]
        then = [replace(each, gone=None) if each.gone and day < each.gone else each for each in known]
        return replace(self, sources=sources, operators=tuple(then))

    def with_source(self, source: AddressSource) -> "AddressWitness":
        """Return a witness with another source of a kind."""
        known = {each.kind: each for each in self.sources} | {source.kind: source}
        return replace(self, sources=tuple(known[kind] for kind in DOWNLOADS if kind in known))

    def _of(self, cloud: Cloud) -> list[AddressSource]:
        return [source for source in self.sources if source.kind in (PUBLIC, *cloud.azure)]


def _union(sets: Iterable[PrefixSet]) -> PrefixSet:
    found = PrefixSet()
    for each in sets:
        found |= each
    return found
