"""The never-list at each door: whatever enters, and whatever leaves.

Each block of special space, and each domain of internal names, is offered in several forms to the reader of the web service,
to the page reader, to a folder of facts and to the check before a target. None accepts it as Microsoft's.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from perimeter365.errors import CatalogError, NeverListError, Perimeter365Error, UpstreamDataError
from perimeter365.model.cloud import Cloud
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.requirement import Party
from perimeter365.plan.constraints import DEFAULTS
from perimeter365.plan.plan import PlanParty
from perimeter365.sources.embedded import check_catalog
from perimeter365.sources.page.reader import parse
from perimeter365.targets._never import check_never
from perimeter365.wire.read import parse_endpoints
from tests.model.samples import catalog, endpoint_set, flow
from tests.model.spaces import INTERNAL, PRIVATE_SPACE, SPECIAL_SPACE, UNROUTABLE_SPACE
from tests.plan.samples import planned
from tests.sources.pages import NEWEST, as_html, recorded
from tests.upstream.bodies import encode, honest

BLOCKS = [*UNROUTABLE_SPACE, *PRIVATE_SPACE, *(text for texts in SPECIAL_SPACE.values() for text in texts)]
BLOCKS.remove("::ffff:0:0/96")  # no parser accepts a mapped address
HONEST = "52.96.0.0/14"
PLAN = planned(catalog(flow()), "row/1")


@cache
def recorded_page() -> str:
    """Return the newest recorded page. Skips the test without the reference data."""
    return as_html(recorded(NEWEST))


def forms(block: str) -> Iterator[list[str]]:
    """Yield lists of prefixes with an address of a block: its ends, its middle, all of it, and its halves."""
    whole = Prefix.parse(block)
    width = 32 if whole.family == 4 else 128
    for first in (whole.first, whole.first + whole.size // 2, whole.last):
        yield [str(Prefix(whole.family, first, width))]
    yield [HONEST, block]
    if whole.size > 1:
        half = whole.size // 2
        yield [str(Prefix(whole.family, first, whole.length + 1)) for first in (whole.first, whole.first + half)]


def names(domain: str) -> list[str]:
    """Return a name and a pattern of each kind in a domain."""
    return [f"router.{domain}", f"*.contoso.{domain}", f"*-x.contoso.{domain}", f"a.*.contoso.{domain}"]


def of_service(hosts: list[str], prefixes: list[str]) -> None:
    item = {**honest()[2], "ips": [HONEST, *prefixes], "urls": ["www.contoso.com", *hosts]}
    parse_endpoints(encode([item]), Cloud.WORLDWIDE)


def of_folder(hosts: list[str], prefixes: list[str]) -> None:
    names, space = tuple(map(HostPattern, hosts)), PrefixSet.parse(prefixes)
    with pytest.raises(CatalogError):
        check_catalog(catalog(flow(), sets=(endpoint_set(1, hosts=names, prefixes=space),)))
    check_catalog(catalog(flow(destination=Party(role="azure-storage", hosts=names, prefixes=space))))


def of_plan(hosts: list[str], prefixes: list[str]) -> None:
    end = PlanParty(role="azure-storage", hosts=tuple(map(HostPattern, hosts)), prefixes=PrefixSet.parse(prefixes))
    check_never(replace(PLAN, flows=(replace(PLAN.flows[0], destination=end),)), DEFAULTS)


DOORS: dict[Callable[[list[str], list[str]], None], type[Perimeter365Error]] = {
    of_service: UpstreamDataError,
    of_folder: CatalogError,
    of_plan: NeverListError,
}
doors = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)


@doors
def test_no_door_accepts_special_space(door: Callable[[list[str], list[str]], None]) -> None:
    accepted = []
    for block in BLOCKS:
        for prefixes in forms(block):
            try:
                door([], prefixes)
            except DOORS[door]:
                continue
            accepted.append(prefixes)
    assert accepted == []


@doors
def test_no_door_accepts_an_internal_name(door: Callable[[list[str], list[str]], None]) -> None:
    accepted = []
    for domain in INTERNAL:
        for name in names(domain):
            try:
                door([name], [])
            except DOORS[door]:
                continue
            accepted.append(name)
    assert accepted == []


def test_the_page_reader_takes_none_of_them_for_a_token() -> None:
    texts = [*(t for block in BLOCKS for form in forms(block) for t in form), *(n for d in INTERNAL for n in names(d))]
    cell = ", ".join(["www.contoso.com", *texts])
    row = f"<tr><td>26</td><td>x</td><td>{cell}</td><td>TCP 443</td></tr>"
    (seen,) = parse(recorded_page().replace("</tbody>", f"{row}</tbody>")).unknown_rows
    assert {*seen.hosts, *seen.prefixes} == {"www.contoso.com", HONEST}
    assert len(seen.unreadable) == 100, "they are reported, up to the maximum"


def test_honest_entries_pass_each_door() -> None:
    of_service(["www.contoso.com"], [HONEST])
    of_plan(["www.contoso.com"], [HONEST])
    check_catalog(catalog(flow(), sets=(endpoint_set(1, hosts=(HostPattern("a.contoso.com"),)),)))
