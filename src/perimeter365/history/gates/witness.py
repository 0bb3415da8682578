"""What independent sources know of Microsoft's names and addresses, for the gates."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.requirement import Flow
from perimeter365.model.suffixes import registrable_domain
from perimeter365.sources.witness import witness_of
from perimeter365.store.reader import Reader


@dataclass(frozen=True, kw_only=True, slots=True)
class Witness:
    """What a list is judged by, other than the list before it."""

    domains: frozenset[str]
    """The registrable domains of all names that a list of any cloud has had."""
    space: PrefixSet
    """Microsoft's public ranges, and the addresses of the lists of all clouds."""
    rented: PrefixSet = PrefixSet()
    """The part of Microsoft's ranges in which customers rent addresses, without those that lists have had."""
    inbound: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Number of an endpoint set -> the rows that permit inbound traffic from its addresses."""
    numbers: frozenset[int] = frozenset()
    """The numbers of all endpoint sets that a list of the cloud has had."""
    references: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Number of an endpoint set -> all rows that refer to it."""


def witness_for(store: Reader, base: Catalog, cloud: Cloud) -> Witness:
    """Return what the package and a store know, for the lists of a cloud.

    Raises:
        StoreError: the store cannot be read.
    """
    lists = [s for sets in base.sets.values() for s in sets if s.id < SYNTHETIC_ID]
    names = {host.text for s in lists for host in s.hosts} | store.names()
    addresses = witness_of(store)
    forced = [s for force in store.in_force() for s in store.state(force.cloud, force.version).sets]
    listed = PrefixSet.of(prefix for s in (*lists, *forced) for prefix in s.prefixes)
    return Witness(
        domains=domains(names),
        space=addresses.space(cloud) | listed,
        rented=addresses.rented(cloud) - listed,
        inbound=inbound_sources(base, cloud),
        references=references(base, cloud),
        numbers=store.numbers(cloud) | {s.id for s in base.sets.get(cloud, ())},
    )


def domains(names: Iterable[str]) -> frozenset[str]:
    """Return the registrable domains of names and patterns."""
    return frozenset(domain for name in names if (domain := registrable_domain(name)))


def inbound_sources(catalog: Catalog, cloud: Cloud) -> Mapping[int, Sequence[str]]:
    """Return the sets that are sources of inbound traffic, with the rows."""
    return _rows(catalog, cloud, lambda flow: flow.source.sets if flow.direction == "inbound" else ())


def references(catalog: Catalog, cloud: Cloud) -> Mapping[int, Sequence[str]]:
    """Return the endpoint sets to which rows refer, with these rows."""
    return _rows(catalog, cloud, lambda flow: (*flow.source.sets, *flow.destination.sets))


def _rows(catalog: Catalog, cloud: Cloud, sets: Callable[[Flow], Iterable[int]]) -> Mapping[int, Sequence[str]]:
    found: dict[int, dict[str, None]] = {}
    for req in catalog.row_requirements():
        if isinstance(req, Flow) and req.cloud is cloud:
            for number in sets(req):
                found.setdefault(number, {})[f"row {req.row}"] = None
    return {number: tuple(rows) for number, rows in sorted(found.items())}
