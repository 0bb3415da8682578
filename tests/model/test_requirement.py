"""Requirements: checks at construction."""

from typing import Any

import pytest

from perimeter365.errors import CatalogError, UnknownNameError
from perimeter365.model.cloud import Cloud
from perimeter365.model.evidence import Confidence
from perimeter365.model.requirement import CATEGORIES, DIRECTIONS, Party
from tests.model.samples import EVIDENCE, evidence, flow, hosts, inbound, prefixes, record, site


def test_the_samples_are_valid() -> None:
    assert flow().confidence == "high"
    assert inbound().destination.ours
    assert site().zone == "trusted"
    assert record().duty == "publish"


@pytest.mark.parametrize("made", [flow, site, record])
@pytest.mark.parametrize(
    "changes",
    [
        {"id": "6"},
        {"id": "row/6"},
        {"id": "row/6/UPPER"},
        {"id": "row/6/../../etc"},
        {"id": "row/6/x\n"},
        {"id": "ws/worldwide/x"},
        {"evidence": ()},
        {"scenario": ""},
        {"scenario": "../../etc"},
        {"scenario": "a b"},
        {"scenario": "a\n"},
    ],
    ids=str,
)
def test_ids_scenarios_and_evidence_are_checked(made: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(CatalogError):
        made(**changes)


@pytest.mark.parametrize(
    ("confidences", "weakest"),
    [(["high"], "high"), (["high", "medium"], "medium"), (["low", "high", "medium"], "low")],
)
def test_the_weakest_evidence_counts(confidences: list[Confidence], weakest: str) -> None:
    assert flow(evidence=tuple(e for c in confidences for e in evidence(c))).confidence == weakest


OURS, THEIRS, ANYONE = Party(role="client"), Party(role="teams"), Party(role="internet")


@pytest.mark.parametrize(
    ("direction", "source", "destination", "right"),
    [
        ("outbound", OURS, THEIRS, True),
        ("outbound", OURS, ANYONE, True),
        ("inbound", THEIRS, OURS, True),
        ("inbound", ANYONE, OURS, True),
        ("internal", OURS, OURS, True),
        ("outbound", THEIRS, OURS, False),
        ("outbound", OURS, OURS, False),
        ("inbound", OURS, THEIRS, False),
        ("inbound", THEIRS, ANYONE, False),
        ("internal", OURS, THEIRS, False),
        ("outbound", ANYONE, ANYONE, False),
        ("both", OURS, THEIRS, False),
    ],
)
def test_the_direction_determines_which_ends_are_own_hosts(
    direction: str, source: Party, destination: Party, right: bool
) -> None:
    if right:
        assert flow(direction=direction, source=source, destination=destination).direction in DIRECTIONS
    else:
        with pytest.raises(CatalogError, match=r"direction|does not fit"):
            flow(direction=direction, source=source, destination=destination)


@pytest.mark.parametrize(
    "changes",
    [
        {"category": "Optimize"},
        {"category": ""},
        {"tls_inspection": "on"},
        {"edition": "latest"},
        {"path": ("EWS",)},
        {"path": ("/a b",)},
        {"path": ("/a\n",)},
        {"path": ('/a"',)},
        {"path": ("/a#b",)},
        {"path": ("/ü",)},
    ],
    ids=str,
)
def test_a_flows_words_are_checked(changes: dict[str, Any]) -> None:
    with pytest.raises(CatalogError):
        flow(**changes)


def test_categories_are_in_microsofts_order_of_precedence() -> None:
    assert CATEGORIES == ("optimize", "allow", "default")


def test_a_party_has_a_known_role() -> None:
    with pytest.raises(UnknownNameError):
        Party(role="exchange")


@pytest.mark.parametrize(
    "what", [{"hosts": hosts("a.example")}, {"prefixes": prefixes("192.0.2.1")}, {"sets": (1,)}], ids=str
)
def test_anyone_has_no_addresses(what: dict[str, Any]) -> None:
    with pytest.raises(CatalogError, match="anyone"):
        Party(role="internet", **what)
    assert Party(role="internet").anyone
    assert not Party(role="internet").ours


@pytest.mark.parametrize("changes", [{"zone": "internet"}, {"scheme": "ftp"}, {"hosts": (), "sets": ()}], ids=str)
def test_a_sites_words_are_checked(changes: dict[str, Any]) -> None:
    with pytest.raises(CatalogError):
        site(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "PTR"},
        {"duty": "own"},
        {"ttl": 59},
        {"ttl": 86401},
        {"owner": ""},
        {"owner": "a b"},
        {"owner": "a\n"},
        {"owner": "*"},
        {"value": ""},
        {"value": "a\nb"},
        {"value": 'v=spf1 "'},
        {"value": "v=spf1 ü"},
        {"value": "\x00"},
    ],
    ids=str,
)
def test_a_records_words_are_checked(changes: dict[str, Any]) -> None:
    with pytest.raises(CatalogError):
        record(**changes)


def test_a_requirement_is_of_one_cloud() -> None:
    assert flow(cloud=Cloud.CHINA) != flow()
    assert flow(evidence=EVIDENCE) == flow()
