"""The resources under /extended and /p/{profile}/extended, asked as clients do.

`row_facts` reads the facts without the package and has the naive client.
"""

import csv
import io
import json
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from perimeter365 import Workspace
from perimeter365.errors import UpstreamDataError
from perimeter365.model.cloud import Cloud
from perimeter365.web import row_versions
from perimeter365.web.extended import LEFT_OUT, Extended, scenarios_of
from perimeter365.web.request import RefusedError, Request
from perimeter365.web.row_versions import REVISIONS
from perimeter365.web.service import Options
from perimeter365.wire import read, write
from tests.clients.conftest import fill
from tests.web.row_facts import CLOUDS, Fact, beyond, bounds, facts, item_of, opened
from tests.web.servers import Client, Reply, in_process

PAGE = Path(__file__).resolve().parents[2] / "docs" / "extended.md"
GUID = "ClientRequestId=b10c5ed1-bad1-445f-b386-b919946339a7"
INSTANCES = {"worldwide": "Worldwide", "gcchigh": "USGovGCCHigh", "dod": "USGovDoD", "china": "China"}

PROFILE = """
[organization]
clouds = ["worldwide"]
tenant = "contoso"
email_domains = ["contoso.com"]

[select]
scenarios = ["outlook-mobile-autodetect", "graph-change-notifications", "row/19/pass-through-agent-registration"]
graph_sources = "newest"
ipv6 = false

[[exclude]]
id = "row/19/pass-through-agent-registration"
hosts = ["login.windows.net"]
reason = "not used"

[[exclude]]
id = "ws/worldwide/11"
reason = "no Teams"
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The application with two profiles, the second of which no list fits."""
    folder = tmp_path_factory.mktemp("profiles")
    (folder / "contoso.toml").write_text(PROFILE)
    text = '[organization]\nclouds = ["china"]\n[select]\nscenarios = ["row/6/nothing"]\n'
    (folder / "broken.toml").write_text(text)
    with in_process(Workspace(catalog="embedded"), Options(profiles=str(folder))) as client:
        yield client


def ask(client: Client, path: str, query: str = "") -> Reply:
    return client.get(f"{path}?{GUID}{'&' * bool(query)}{query}")


def rows_of(reply: Reply) -> list[Any]:
    assert reply.status == 200, reply.text
    return [each for each in reply.json if each["id"] >= 10_000]


# -- the naive client ----------------------------------------------------------------------------------------------------


def space_of_rows(cloud: str, flows: list[Fact], mirrored: list[Any]) -> tuple[dict[Any, Any], set[int]]:
    """Return what the outbound facts and Microsoft's sets open together, and the ports at which it can differ."""
    items = [*mirrored, *(item_of(fact, cloud) for fact in flows)]
    ports = bounds(*(each.get(key, "") for each in items for key in ("tcpPorts", "udpPorts")))
    return opened(items, ports), ports


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_client_that_takes_every_set_opens_the_destinations_of_outbound_flows_alone(client: Client, cloud: str) -> None:
    mirrored = ask(client, f"/endpoints/{INSTANCES[cloud]}").json
    answer = ask(client, f"/extended/endpoints/{INSTANCES[cloud]}", "Scenarios=all").json
    outbound = [fact for fact in facts(cloud) if fact.direction == "outbound" and not fact.anyone]
    allowed, ports = space_of_rows(cloud, [fact for fact in outbound if not fact.on_request and not fact.ended], mirrored)
    needed, _ = space_of_rows(
        cloud, [f for f in outbound if not (f.on_request or f.ended or f.conditions)], mirrored
    )  # fmt: skip
    found = opened(answer, ports)
    assert beyond(found, allowed) == []
    assert beyond(needed, found) == []
    inbound = [each for each in answer if each.get("direction") == "inbound"]
    assert inbound
    mutated = [{**each, "ips": each.get("sourceIps", []), "urls": each.get("sourceUrls", [])} for each in inbound]
    assert beyond(opened([*answer, *mutated], ports), allowed), "a source among the destinations would be found"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_source_is_a_destination_only_if_an_outbound_flow_has_it_as_such(client: Client, cloud: str) -> None:
    destinations: set[str] = set()
    for fact in facts(cloud):
        if fact.direction == "outbound":
            destinations.update(item_of(fact, cloud)["urls"])
    names = {host.replace("<email_domain>", "*") for f in facts(cloud) if f.direction == "inbound" for host in f.hosts}
    found = {url for each in rows_of(ask(client, f"/extended/endpoints/{cloud_name(cloud)}", "Scenarios=all"))
             for url in each.get("urls", [])}  # fmt: skip
    assert found & names <= destinations
    assert found <= destinations


def cloud_name(cloud: str) -> str:
    return INSTANCES[cloud].upper()


# -- which rows ------------------------------------------------------------------------------------------------------------


def test_without_scenarios_no_row_comes_that_was_not_asked_for(client: Client) -> None:
    for cloud in CLOUDS:
        known = {fact.id: fact for fact in facts(cloud)}
        for each in rows_of(ask(client, f"/extended/endpoints/{INSTANCES[cloud]}")):
            fact = known[each["flow"]]
            assert not any((fact.retired, fact.on_request, fact.conditional, fact.conditions))
    flows = [each["flow"] for each in rows_of(ask(client, "/extended/endpoints/worldwide"))]
    assert flows == [f"row/11/connector-{name}" for name in ("certificate-checks", "certificates", "registration")]


def test_scenarios_are_read_in_any_case_as_names_and_numbers_and_from_several_parameters(client: Client) -> None:
    found = rows_of(
        ask(client, "/Extended/EndPoints/WORLDWIDE/", "scenarios=ROW/6,%20Mailbox-Migration%2C&SCENARIOS=row/12")
    )
    assert [each["id"] for each in found] == [10060, 10120, 10121]
    assert rows_of(ask(client, "/extended/endpoints/worldwide", "Scenarios=")) == rows_of(
        ask(client, "/extended/endpoints/worldwide")
    )


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("mailbox-migratin", "mailbox-migration"),
        ("row/6/mrs-prox", "row/6/mrs-proxy"),
        ("exchange", ""),
        ("china:row/6", ""),
    ],
)
def test_an_unknown_scenario_is_400_with_the_nearest_name(client: Client, text: str, near: str) -> None:
    reply = ask(client, "/extended/endpoints/worldwide", f"Scenarios={text}")
    assert reply.status == 400
    assert text in reply.text
    assert near in reply.text


def test_a_scenario_that_is_no_text_of_the_grammar_is_refused_and_shortened() -> None:
    with pytest.raises(RefusedError) as raised:
        scenarios_of(["<script>" + "x" * 4000])
    assert len(raised.value.text) < 2000


def test_a_row_of_a_service_area_that_is_not_asked_for_does_not_come(client: Client) -> None:
    query = "Scenarios=row/6,row/12,row/19&ServiceAreas="
    areas = {each["serviceArea"] for each in rows_of(ask(client, "/extended/endpoints/worldwide", query + "Skype"))}
    assert areas == {"Common", "Skype"}
    (first, *_) = rows_of(ask(client, "/extended/endpoints/worldwide", "Scenarios=row/7/mail-to-exchange-online-protection"))
    assert (first["sets"], "ips" in first) == ([10], False)


def test_what_no_set_can_say_is_in_a_header(client: Client) -> None:
    reply = ask(client, "/extended/endpoints/worldwide", "Scenarios=row/14")
    assert rows_of(reply) == []
    assert "row/14/av-edge-media" in reply.headers[LEFT_OUT]
    assert LEFT_OUT not in ask(client, "/extended/endpoints/worldwide", "Scenarios=row/6").headers


# -- as the mirror ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    ["", "NoIPv6", "NoIPv6=False", "ServiceAreas=Exchange", "ServiceAreas=mem,Skype", "TenantName=contoso", "format=json"],
)
def test_microsofts_sets_are_those_of_the_mirror_to_the_byte(client: Client, query: str) -> None:
    mirrored = ask(client, "/endpoints/Worldwide", query)
    found = ask(client, "/extended/endpoints/Worldwide", f"{query}&Scenarios=all")
    assert write.encode([each for each in found.json if each["id"] < 10_000]) == mirrored.body
    assert [each["id"] for each in found.json] == sorted(each["id"] for each in found.json)
    assert found.headers["cache-control"] == mirrored.headers["cache-control"]
    assert found.headers["content-type"] == mirrored.headers["content-type"]
    assert found.headers["etag"] != mirrored.headers["etag"]


@pytest.mark.parametrize("path", ["/version", "/version/China", "/changes/worldwide/0000000000", "/version?format=CSV"])
def test_the_other_resources_are_those_of_the_mirror_while_the_rows_have_not_changed(client: Client, path: str) -> None:
    path, _, query = path.partition("?")
    if len(REVISIONS) == 1:
        assert ask(client, f"/extended{path}", query).body == ask(client, path, query).body


def test_after_a_change_of_the_rows_versions_and_changes_are_those_of_the_mirror_one_higher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = str(tmp_path / "store.sqlite")
    fill(place)  # 2026090100 and 2026100100 follow the embedded list
    monkeypatch.setattr(row_versions, "REVISIONS", ("earlier rows", REVISIONS[-1]))
    row_versions.revision.cache_clear()
    with in_process(Workspace(store=place)) as client:
        assert ask(client, "/version/worldwide").json["latest"] == "2026100100"
        assert ask(client, "/extended/version/worldwide").json["latest"] == "2026100101"
        every = ask(client, "/extended/version/worldwide", "AllVersions").json["versions"]
        assert every[:2] == ["2026100101", "2026090101"]
        (mirrored,) = ask(client, "/changes/worldwide/2026090100").json
        assert ask(client, "/extended/changes/worldwide/2026090101").json == [{**mirrored, "version": "2026100101"}]
        assert ask(client, "/extended/changes/worldwide/2026100101").json == []
        modified = [ask(client, f"{base}/endpoints/worldwide").headers["last-modified"] for base in ("", "/extended")]
        assert parsedate_to_datetime(modified[1]) > parsedate_to_datetime(modified[0])
    row_versions.revision.cache_clear()


def test_the_feed_of_versions_links_to_the_changes_under_extended(client: Client) -> None:
    assert "/extended/changes/Worldwide/" in ask(client, "/extended/version/worldwide", "format=RSS").text


def test_a_request_that_the_mirror_refuses_is_refused_alike(client: Client) -> None:
    for path in ("/endpoints/nowhere", "/changes/worldwide/abc", "/version/x y", "/endpoints", "/endpoints/worldwide/x"):
        assert ask(client, f"/extended{path}").status == ask(client, path).status >= 400
    assert client.get("/extended/endpoints/worldwide").status == client.get("/endpoints/worldwide").status
    assert ask(client, "/extended").status == 404
    assert ask(client, "/extended/rows").status == 404


def test_every_answer_keeps_the_types_that_clients_rely_on(client: Client) -> None:
    for cloud in CLOUDS:
        body = ask(client, f"/extended/endpoints/{INSTANCES[cloud]}", "Scenarios=all").body
        assert body.isascii()
        assert b"'" not in body
        assert b"null" not in body
        for each in json.loads(body):
            for key, kind in {"id": int, "required": bool, "expressRoute": bool, "category": str}.items():
                assert type(each[key]) is kind
            assert isinstance(each.get("tcpPorts", ""), str)
            assert isinstance(each.get("udpPorts", ""), str)
            assert each["serviceArea"] in ("Common", "Exchange", "SharePoint", "Skype")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_our_reader_parses_the_destinations_and_refuses_the_numbers_of_rows(client: Client, cloud: str) -> None:
    body = ask(client, f"/extended/endpoints/{INSTANCES[cloud]}", "Scenarios=all").body
    with pytest.raises(UpstreamDataError, match="is not from 1 to 8999"):
        read.parse_endpoints(body, Cloud.parse(cloud))
    items = [each for each in json.loads(body) if each.get("urls") or each.get("ips")]
    numbered = json.dumps([{**each, "id": number} for number, each in enumerate(items, 1)])
    found = read.parse_endpoints(numbered, Cloud.parse(cloud))
    assert [[host.text for host in each.hosts] for each in found] == [each.get("urls", []) for each in items]
    assert [str(each.tcp) for each in found if each.id > 100] == [each.get("tcpPorts", "") for each in items[100:]]


def test_csv_has_the_columns_of_the_web_service_first_and_the_same_sets(client: Client) -> None:
    as_json = ask(client, "/extended/endpoints/worldwide", "Scenarios=row/6").json
    reply = ask(client, "/extended/endpoints/worldwide", "Scenarios=row/6&format=CSV")
    mirrored = ask(client, "/endpoints/worldwide", "format=CSV").text
    found = list(csv.DictReader(io.StringIO(reply.text)))
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.text.splitlines()[0].startswith(mirrored.splitlines()[0] + ",direction,scenario,row,")
    assert [each["id"] for each in found] == [str(each["id"]) for each in as_json]
    assert (found[-1]["ips"], found[-1]["sourceIps"]) == ("", ",".join(as_json[-1]["sourceIps"]))


def test_the_example_of_the_page_is_what_is_served(client: Client) -> None:
    if not PAGE.exists():
        pytest.skip("the documentation is not in this installation")
    text = PAGE.read_text("utf-8").partition("```json\n")[2].partition("```")[0]
    assert json.loads(text) == rows_of(ask(client, "/extended/endpoints/worldwide", "Scenarios=row/10"))


# -- profiles ------------------------------------------------------------------------------------------------------------


def test_a_profile_selects_the_rows_and_fills_their_templates(served: Client) -> None:
    reply = ask(served, "/P/contoso/Extended/endpoints/worldwide")
    found = {each["flow"]: each for each in rows_of(reply)}
    assert found["row/10/autodetect-to-exchange"]["sourceUrls"] == ["contoso.com.outlookmobile.com"]
    assert {flow for flow in found if flow.startswith("row/23")} == {"row/23/graph-to-receiver", "row/23/receiver-to-graph"}
    agent = found["row/19/pass-through-agent-registration"]
    assert agent["urls"] == ["autologon.microsoftazuread-sso.com", "login.microsoftonline.com"]
    assert len(found) == 4
    mirrored = ask(served, "/endpoints/worldwide", "TenantName=contoso&NoIPv6").body
    assert write.encode([each for each in reply.json if each["id"] < 10_000]) == mirrored


def test_a_profile_has_its_own_version_and_its_clouds_alone(served: Client) -> None:
    names = [each["instance"] for each in ask(served, "/p/contoso/extended/version").json]
    assert names == ["Worldwide"]
    mirrored = ask(served, "/version/worldwide").json["latest"]
    latest = read.parse_version(ask(served, "/p/contoso/extended/version/worldwide").body, Cloud.WORLDWIDE)
    assert latest > mirrored
    changes = ask(served, f"/p/contoso/extended/changes/worldwide/{latest}").body
    assert read.parse_changes(changes, Cloud.WORLDWIDE) == ()
    assert ask(served, "/p/contoso/extended/endpoints/china").status == 400
    for path in ("version", "version/worldwide", "endpoints/worldwide", "changes/worldwide/0000000000"):
        assert ask(served, f"/p/contoso/extended/{path}").headers["cache-control"] == "no-cache"
    link = "/p/contoso/extended/changes/Worldwide/"
    assert link in ask(served, "/p/contoso/extended/version/worldwide", "format=RSS").text


def test_an_answer_depends_on_the_lists_of_its_clouds(served: Client) -> None:
    room, edition = served.app.profile_rooms["extended"], served.service.edition
    assert isinstance(room, Extended)
    assert edition

    def clouds(path: str) -> list[str]:
        return [str(cloud) for cloud in room.clouds(room.read(Request(path=path, query=GUID)), edition)]

    assert clouds("/extended/endpoints/china") == ["china"]
    assert clouds("/p/contoso/extended/version") == ["worldwide"]
    assert "china" in clouds("/extended/version")


def test_a_profile_that_does_not_exist_or_does_not_fit_is_no_list(served: Client) -> None:
    assert ask(served, "/p/fabrikam/extended/endpoints/worldwide").status == 404
    assert ask(served, "/p/contoso/extended").status == 404
    assert ask(served, "/p/contoso/extended/endpoints/worldwide", "Scenarios=row/6").status == 400
    assert ask(served, "/p/broken/extended/endpoints/china").status == 503


def test_a_profile_that_cannot_be_read_is_503_as_for_its_feeds(tmp_path: Path) -> None:
    (tmp_path / "contoso.toml").write_text("[organization")
    for folder in (tmp_path, tmp_path / "gone"):
        with in_process(Workspace(catalog="embedded"), Options(profiles=str(folder))) as client:
            for path in ("/p/contoso/extended/endpoints/worldwide", "/p/contoso/extended/version"):
                assert ask(client, path).status == 503, path
