"""Explained names: which pattern explains a host, and what the advice is."""

import pytest

from perimeter365.model.host import HostPattern
from perimeter365.model.lookup import Index
from perimeter365.model.names import ALIAS, CDN, explained_names, explanations

INDEX = Index.embedded()


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("e1.akamaiedge.net", [("names/akamai", "*.akamaiedge.net")]),
        ("akadns.net", [("names/akamai", "*.akadns.net")]),
        ("*.akadns.net", [("names/akamai", "*.akadns.net")]),
        ("4-c-0003.c-msedge.net", [("names/network-entry", "*.c-msedge.net")]),
        ("c.msedge.net", [("names/microsoft-edge", "*.msedge.net")]),
        ("x.nsatc.net", [("names/markmonitor", "*.nsatc.net")]),
        ("notnsatc.net", []),
        ("nsatc.net.example.com", []),
        ("outlook.office365.com", []),
        # the most specific explanation is the first
        (
            "a.search.production.us.trafficmanager.net",
            [
                ("names/former-search", "*.search.production.us.trafficmanager.net"),
                ("names/traffic-manager", "*.trafficmanager.net"),
            ],
        ),
        ("prod.msocdn.us", [("names/former-msocdn-us", "prod.msocdn.us"), ("names/msocdn-of-sets", "*.msocdn.us")]),
    ],
)
def test_a_host_has_the_explanations_of_its_domains(host: str, found: list[tuple[str, str]]) -> None:
    assert [(name.id, pattern) for name, pattern in explanations(HostPattern(host))] == found


def test_every_delivered_name_is_listed_by_a_set_or_named_by_a_document() -> None:
    # "others may share its addresses" is not said of a name that is neither
    listed = [HostPattern(text) for text in INDEX.names()]
    for name in explained_names():
        if name.kind == CDN and name.confidence != "high":
            for host in name.hosts:
                assert any(host.covers(each) or each.covers(host) for each in listed), host


def test_the_addresses_of_direct_names_are_not_said_to_be_shared() -> None:
    # names of Optimize and Allow have published addresses; the exception is in the catalog of China (set 7)
    direct = {text for text, entries in INDEX.names().items() if any(e.category in ("optimize", "allow") for e in entries)}
    assert len(direct) > 50
    said = {text for text in direct if "<" not in text and explanations(HostPattern(text), [CDN])}
    assert said <= {"portal.partner.microsoftonline.cdnsvc.com"}


def test_a_name_that_a_set_lists_is_open_although_its_domain_is_not() -> None:
    # set 93 of Worldwide has ocos-office365-s2s.msedge.net
    for value in ("ocos-office365-s2s.msedge.net", "ocos-office365-s2s.msedge.net:9"):
        answer = INDEX.lookup(value)
        assert bool(answer.matches) is (":" not in value)
        assert "list this name and open it" in answer.to_dict()["explained"][0]["advice"]
    other = INDEX.lookup("other.msedge.net")
    assert not other.matches
    assert "an allow list does not need it" in other.to_dict()["explained"][0]["advice"]
    assert "follow the chain of aliases" in other.to_dict()["explained"][0]["advice"]


def test_an_answer_without_explanation_has_no_key() -> None:
    assert "explained" not in INDEX.lookup("outlook.office365.com").to_dict()
    assert "explained" not in INDEX.lookup("52.112.0.5").to_dict()


def test_an_explained_name_of_json_has_its_document() -> None:
    (made,) = INDEX.lookup("x.exacttarget.com").to_dict()["explained"]
    assert made["kind"] == ALIAS
    assert made["evidence"] == {
        "document": "https://learn.microsoft.com/microsoft-365/enterprise/managing-office-365-endpoints",
        "date": "2022-05-18",
        "confidence": "high",
    }
    assert made["matched"] == "*.exacttarget.com"
