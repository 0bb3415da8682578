"""The answers of the mirror: their bytes and types, and what they leave out until it is announced."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.store.store import Store
from perimeter365.web.answer import Answer
from perimeter365.web.edition import Edition, load_edition
from perimeter365.web.mirror import Mirror
from perimeter365.web.request import RefusedError, Request
from perimeter365.wire import read, write
from perimeter365.wire.names import ENDPOINT_SET
from perimeter365.workspace import Workspace
from tests.history.lists import made, state
from tests.history.oracle import reference
from tests.web.servers import in_process

G = "ClientRequestId=b10c5ed1-bad1-445f-b386-b919946339a7"
W = Cloud.WORLDWIDE
A, B = "2026100100", "2026110100"


@pytest.fixture(scope="module")
def edition() -> Edition:
    """The embedded lists."""
    return load_edition(Workspace(catalog="embedded"))


@pytest.fixture
def stored(tmp_path: Path) -> Edition:
    """Two lists of a store."""
    place = str(tmp_path / "store.sqlite")
    with Store(place) as store:
        store.commit(state(made(1, ["one.example.com"]), version=A))
        store.commit(state(made(1, ["two.example.com"]), version=B))
    return load_edition(Workspace(store=place))


def answer(edition: Edition, target: str) -> Answer:
    path, _, query = target.partition("?")
    mirror = Mirror()
    return mirror.answer(mirror.read(Request(path=path, query=f"{query}&{G}")), edition)


def data(edition: Edition, target: str) -> Any:
    return json.loads(answer(edition, target).body)


def test_the_bytes_of_a_list_are_those_of_the_service(edition: Edition) -> None:
    body = answer(edition, "/endpoints/worldwide").body
    assert body == write.endpoints(read.parse_endpoints(body, W))
    assert body.isascii()
    assert body.startswith(
        b'[\n  {\n    "id": 1,\n    "serviceArea": "Exchange",\n    "serviceAreaDisplayName": "Exchange Online",'
    )
    assert b"'" not in body
    assert b"null" not in body
    keys = list(ENDPOINT_SET)
    for each in json.loads(body):
        assert list(each) == [key for key in keys if key in each]
        assert all(value not in ("", [], None) for value in each.values())


def test_the_embedded_list_is_the_recorded_one(edition: Edition) -> None:
    raw = read.read_endpoints(reference("latest", "endpoints-worldwide-2026-08-02.json").read_bytes(), W)
    assert read.parse_endpoints(answer(edition, "/endpoints/worldwide").body, W) == raw.sets


def test_an_object_for_one_instance_and_an_array_for_all(edition: Edition) -> None:
    assert answer(edition, "/version/worldwide").body == b'{\n  "instance": "Worldwide",\n  "latest": "2026080200"\n}'
    found = data(edition, "/version?AllVersions=False&Instance=Worldwide")
    assert [each["instance"] for each in found] == ["Worldwide", "USGovGCCHigh", "USGovDoD", "China", "France", "Germany"]


def test_intune_is_served_when_it_is_asked_for_under_numbers_that_microsoft_does_not_use(edition: Edition) -> None:
    plain = data(edition, "/endpoints/worldwide")
    more = data(edition, "/endpoints/worldwide?ServiceAreas=Exchange,SharePoint,Skype,MEM")
    assert more[: len(plain)] == plain
    assert {each["serviceArea"] for each in more[len(plain) :]} == {"MEM"}
    assert all(9000 <= each["id"] < 10_000 and each["category"] for each in more[len(plain) :])
    assert data(edition, "/changes/worldwide/0000000000?ServiceAreas=MEM") == []


def test_without_ipv6_a_set_keeps_its_names_and_its_ipv4(edition: Edition) -> None:
    every = data(edition, "/endpoints/worldwide")
    found = data(edition, "/endpoints/worldwide?NoIPv6")
    want = [{**each, "ips": [ip for ip in each.get("ips", []) if ":" not in ip]} for each in every]
    assert found == [{key: value for key, value in each.items() if value != []} for each in want]


@pytest.mark.parametrize("instance", ["worldwide", "usgovdod", "usgovgcchigh", "china"])
def test_a_tenant_fills_only_the_names_that_carry_one(edition: Edition, instance: str) -> None:
    before = {url for each in data(edition, f"/endpoints/{instance}") for url in each.get("urls", ())}
    after = {url for each in data(edition, f"/endpoints/{instance}?TenantName=Contoso") for url in each.get("urls", ())}
    carry = {url for url in before if url.startswith("autodiscover.*.")}
    assert before - after == carry
    assert after - before == {url.replace("*", "contoso") for url in carry}


def test_unknown_instances_are_refused_and_the_closed_germany_has_its_own_name(edition: Edition) -> None:
    for name in ("atlantis", "gcchigh", "usgov"):
        for path in (f"/version/{name}", f"/endpoints/{name}", f"/changes/{name}/0000000000"):
            with pytest.raises(RefusedError) as found:
                answer(edition, path)
            assert found.value.status == 400
            assert found.value.text.startswith("Invalid Instance string specified")
    assert data(edition, "/version/germany-2021") == {"instance": "germany-2021", "latest": "2021102900"}
    assert data(edition, "/version/germany")["instance"] == "Germany"


def test_changes_are_those_after_a_version_or_those_of_it(stored: Edition) -> None:
    (record,) = data(stored, f"/changes/worldwide/{A}")
    assert record["version"] == B
    assert (record["add"], record["remove"]) == ({"urls": ["two.example.com"]}, {"urls": ["one.example.com"]})
    assert data(stored, f"/changes/worldwide/{B}?singleVersion=true") == [record]
    assert data(stored, "/changes/worldwide/0000000000")[-1] == record
    for since in (B, f"{int(B) + 1}", "9999999999"):
        assert answer(stored, f"/changes/worldwide/{since}").body == b"[]"


def test_what_is_not_announced_is_nowhere_but_in_the_list(stored: Edition) -> None:
    behind = stored.announcing({W: Version(A)})
    assert data(behind, "/version/worldwide")["latest"] == A
    for target in ("/version", "/version/worldwide", "/version/worldwide?AllVersions", "/changes/worldwide/0000000000",
                   f"/changes/worldwide/{B}?singleVersion", "/version/worldwide?format=RSS", "/version?format=RSS",
                   "/version?format=CSV&AllVersions", "/changes/worldwide/0000000000?format=CSV"):  # fmt: skip
        assert B not in answer(behind, target).body.decode(), target
    assert answer(behind, "/version/worldwide").modified == stored.clouds[W].versions[-2].at
    assert answer(behind, "/endpoints/worldwide") == answer(stored, "/endpoints/worldwide")


def test_all_versions_are_newest_first_in_each_form(stored: Edition) -> None:
    versions = data(stored, "/version/worldwide?AllVersions")["versions"]
    assert versions[:2] == [B, A]
    assert versions == sorted(versions, reverse=True)
    (row,) = csv.DictReader(io.StringIO(answer(stored, "/version/worldwide?AllVersions&format=csv").body.decode()))
    assert row == {"instance": "Worldwide", "latest": B, "versions": ",".join(versions)}


def test_links_of_a_feed_have_the_configured_base_and_never_a_host_of_a_request(tmp_path: Path) -> None:
    links = [
        re.findall(r"<link>(.*?)</link>", answer(edition, "/version/worldwide?format=RSS").body.decode())
        for edition in (load_edition(Workspace(catalog="embedded"), base=base) for base in ("", "https://m365.example.com"))
    ]
    path = f"/changes/Worldwide/2026080200?singleVersion=true&amp;clientRequestId={G.partition('=')[2]}"
    assert links == [["/version", path], ["https://m365.example.com/version", f"https://m365.example.com{path}"]]


def test_a_question_names_the_clouds_of_its_answer(edition: Edition) -> None:
    mirror = Mirror()
    one, every = (mirror.read(Request(path=path, query=G)) for path in ("/endpoints/china", "/version"))
    assert mirror.clouds(one, edition) == (Cloud.CHINA,)
    assert Cloud.GERMANY_2021 not in mirror.clouds(every, edition)


def test_a_store_that_vanishes_takes_only_the_answers_that_need_it(tmp_path: Path) -> None:
    place = tmp_path / "store.sqlite"
    with Store(str(place)) as store:
        store.commit(state(made(1, ["before.example.com"]), version=A))
        store.commit(state(made(1, ["after.example.com"]), version=B))
    with in_process(Workspace(store=place)) as client:
        place.unlink()
        client.load()
        lost = client.get(f"/changes/worldwide/{A}?{G}")
        assert (lost.status, "retry-after" in lost.headers) == (503, True)
        assert b"example.com" not in lost.body
        assert client.get(f"/version/worldwide?{G}").json["latest"] == B
        assert client.get(f"/endpoints/worldwide?{G}").json[0]["urls"] == ["after.example.com"]
