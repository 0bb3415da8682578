"""States: canonical form, hash and checks."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from perimeter365.errors import CatalogError, InputError
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet, listing
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.state import State, read_body

PREFIXES = ("192.0.2.0/25", "192.0.2.128/25", "2001:db8::/32")


def endpoint_set(number: int = 1, **changes: Any) -> EndpointSet:
    made: dict[str, Any] = {
        "id": number,
        "cloud": Cloud.WORLDWIDE,
        "area": "teams",
        "category": "optimize",
        "required": True,
        "express_route": False,
        "tcp": PortSet.parse("443,80"),
        "hosts": (HostPattern("*.example.com"), HostPattern("a.example.com")),
        "prefixes": PrefixSet.parse(PREFIXES),
        "listed": PREFIXES,
    }
    return EndpointSet(**(made | changes))


def state(*sets: EndpointSet, **changes: Any) -> State:
    made: dict[str, Any] = {
        "cloud": Cloud.WORLDWIDE,
        "version": "2030010600",
        "origin": "recorded",
        "sets": sets or (endpoint_set(),),
    }
    return State(**(made | changes))


def test_the_canonical_form_is_as_documented() -> None:
    assert state().body == (
        '{"cloud":"worldwide","sets":[{"id":1,"area":"teams","category":"optimize","required":true,'
        '"express_route":false,"tcp":"80,443","udp":"","hosts":["*.example.com","a.example.com"],'
        '"prefixes":["192.0.2.0/25","192.0.2.128/25","2001:db8::/32"]}]}'
    )
    assert state().hash == hashlib.sha256(state().body.encode()).hexdigest()


def test_the_hash_is_of_the_content_alone() -> None:
    other = state(version="2031010100", origin="live", recorded=date(2031, 1, 2))
    assert other.hash == state().hash
    assert state(endpoint_set(required=False)).hash != state().hash
    assert state(endpoint_set(listed=("192.0.2.0/24", "2001:db8::/32"))).hash != state().hash


def test_a_state_comes_back_from_its_canonical_form() -> None:
    one = state(endpoint_set(1), endpoint_set(7, udp=PortSet.parse("3478-3481")), recorded=date(2030, 1, 7))
    found = State.from_body(one.body, version=one.version, origin=one.origin, recorded=one.recorded)
    assert found == one
    assert [s.listed for s in found.sets] == [s.listed for s in one.sets]
    assert found.body == one.body


def test_its_day_is_the_day_of_the_recording_or_of_the_version() -> None:
    assert state(recorded=date(2030, 1, 7)).day == date(2030, 1, 7)
    assert state().day == date(2030, 1, 6)
    with pytest.raises(CatalogError, match="does not begin with a day"):
        _ = state(version="9999999999").day


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": "2030"}, "not a version of ten digits"),
        ({"version": "２０３００１０６００"}, "not a version of ten digits"),
        ({"origin": "guessed"}, "not an origin"),
        ({"sets": ()}, "has no endpoint set"),
        ({"sets": (endpoint_set(2), endpoint_set(1))}, "ascend"),
        ({"sets": (endpoint_set(1), endpoint_set(1))}, "ascend"),
        ({"cloud": Cloud.CHINA}, "of this cloud"),
        ({"sets": (endpoint_set(listed=PREFIXES[::-1]),)}, "not sorted"),
        ({"sets": (endpoint_set(listed=(*PREFIXES, "198.51.100.0/24")),)}, "differ from the prefixes of the set"),
        ({"sets": (endpoint_set(listed=("192.0.2.0/24", "2001:DB8::/32")),)}, "not sorted"),
    ],
)
def test_an_invalid_list_is_rejected(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        state(**changes)


def test_listed_prefixes_default_to_the_merged_ones() -> None:
    made = endpoint_set(listed=())
    assert made.listed == ("192.0.2.0/24", "2001:db8::/32")
    assert made == endpoint_set(), "how addresses are listed is not part of what a set means"


def test_a_listing_is_canonical_sorted_and_keeps_overlaps() -> None:
    texts = ["2001:DB8::/32", "192.0.2.128/25", "192.0.2.0/24", "192.0.2.7", "192.0.2.0/24"]
    assert listing(texts) == ("192.0.2.0/24", "192.0.2.7/32", "192.0.2.128/25", "2001:db8::/32")


DAMAGED = [
    "",
    "{}",
    "[]",
    "null",
    '{"cloud": "worldwide"}',
    '{"cloud": "Atlantis", "sets": []}',
    '{"cloud": 7, "sets": []}',
    '{"cloud": "worldwide", "sets": [{"id": 1}]}',
    '{"cloud": "worldwide", "sets": 7}',
    json.dumps({"cloud": "worldwide", "sets": [{}]}),
    state().body.replace('"hosts":["', '"hosts":["*.com","'),
    state().body.replace("192.0.2.0/25", "192.0.2.1/25"),
    state().body.replace('"required":true', '"required":"yes"'),
    "[" * 100_000,
]


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_form_is_a_catalog_error(text: str) -> None:
    with pytest.raises(CatalogError):
        read_body(text)


def test_an_error_names_its_place() -> None:
    text = replace(state(endpoint_set(1), endpoint_set(2))).body
    at = text.rindex("192.0.2.0/25")
    with pytest.raises(CatalogError, match=r"sets\[1\]"):
        read_body(text[:at] + "192.0.2.9/25" + text[at + 12 :])
