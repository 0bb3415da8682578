"""Feeds: one spelling of a question, and clear refusals."""

import json
from pathlib import Path

import pytest

from perimeter365.web.feeds import Feeds
from perimeter365.web.request import Request
from tests.web.feed_store import over_embedded, serving


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/feeds/text/worldwide-teams-outbound-optimize-ip.txt", "categories=optimize&areas=teams,exchange&cloud=worldwide"),
        ("/Feeds/TEXT/Worldwide-Teams-outbound-optimize-ip.TXT", "AREAS=Exchange&areas=teams&Categories=Optimize"),
        (
            "//feeds//text//worldwide-teams-outbound-optimize-ip.txt/",
            "service_areas=exchange%2Cteams&categories=optimize,optimize",
        ),
    ],
)
def test_the_same_question_has_one_spelling(path: str, query: str) -> None:
    first = Feeds().read(
        Request(
            path="/feeds/text/worldwide-teams-outbound-optimize-ip.txt", query="areas=exchange,teams&categories=optimize"
        )
    )
    assert Feeds().read(Request(path=path, query=query)) == first
    assert hash(Feeds().read(Request(path=path, query=query))) == hash(first)


REFUSED = {
    "/feeds/palo-alto-edl": (404, "'paloalto-edl'"),
    "/feeds/nftables": (404, "perimeter365 render nftables"),
    "/feeds/squid": (404, "/p/NAME/squid"),
    "/feeds/text/worldwide-teams-outbound-optimise-ip.txt": (404, "'worldwide-teams-outbound-optimize-ip.txt'"),
    "/feeds/text/..%2f..%2fetc%2fpasswd": (400, ""),
    "/feeds/text/worldwide-teams-outbound-optimize-ip.txt/x": (404, ""),
    "/feeds/text?categories=optimise": (400, "'optimize'"),
    "/feeds/text?catagories=optimize": (400, "'categories'"),
    "/feeds/text?cloud=newland": (400, "worldwide"),
    "/feeds/text?scenarios=ws/worldwide/999": (400, "999"),
    "/feeds/text?at=1999-01-01": (400, "2025-01-09"),
    "/feeds/text?max_prefixes=3&categories=optimize": (422, "at least 9"),
    "/feeds/paloalto-edl?scenarios=all": (422, "the limit is 30"),
    "/feeds/paloalto-edl/worldwide-m365-outbound-optimize-ip.txt?scenarios=all": (422, "the limit is 30"),
    "/feeds/text?areas=intune&categories=optimize": (404, ""),
    "/feeds/fortigate-feed?areas=intune&categories=optimize": (404, ""),
    "/p": (404, "/p/NAME/TARGET"),
    "/p/nobody/text": (404, "no such profile"),
    "/p/nobody/text?cloud=china": (400, "family"),
}


@pytest.mark.parametrize("url", REFUSED)
def test_a_refusal_has_a_status_and_a_text_that_helps(url: str) -> None:
    wanted, text = REFUSED[url]
    status, body, headers = over_embedded().ask(url)
    assert status == wanted
    assert text in body.decode()
    assert headers["cache-control"] == "no-store"
    assert status not in (401, 403), "some firewalls stop enforcing a list"


def test_the_operator_s_constraints_are_a_refusal_with_a_reason(tmp_path: Path) -> None:
    bound = tmp_path / "constraints.toml"
    bound.write_text('never = ["52.112.0.0/14"]')
    server = serving(constraints=str(bound))
    url = "/feeds/text/worldwide-teams-outbound-optimize-ip.txt"
    status, body, _ = server.ask(url)
    assert status == 422
    assert b"operator" in body
    found = json.loads(server.ask("/feeds/text/manifest.json")[1])
    assert found["bounds"]["constraints"]
    assert "operator" in found["problem"]
    bound.write_text("shortest4 = 4")
    server.load()
    assert server.ask(url)[0] in (422, 503), "a damaged file is not an empty one"
