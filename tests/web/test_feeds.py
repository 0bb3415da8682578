"""Feeds: one spelling of a question, and clear refusals."""

import json
<<<<<<< ours
=======
import os
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from email.utils import parsedate_to_datetime
from hashlib import sha256
from io import StringIO
>>>>>>> theirs
from pathlib import Path

import pytest

from perimeter365.web.feeds import Feeds
<<<<<<< ours
from perimeter365.web.request import Request
from tests.web.feed_store import over_embedded, serving
=======
from perimeter365.web.profiles import SETTLE
from perimeter365.web.request import RefusedError, Request
from perimeter365.web.selection import read_selection
from tests.web.feed_store import DAY, Server, commit, history, served, sets, without

SERVED = (*FEEDS, *PLAIN)
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "contoso.toml"


@pytest.fixture(scope="module")
def embedded_server() -> Server:
    return served()


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "contoso.toml").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    return folder


def toml(query: str) -> str:
    """The profile of a selection, as an administrator would write it."""
    found = read_selection(parse_qsl(query, keep_blank_values=True))
    values = {
        "service_areas": list(found.areas),
        "categories": list(found.categories),
        "required_only": found.required,
        "ipv6": found.family != 4,
        "scenarios": list(found.scenarios),
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    name = f"[organization]\nname = {json.dumps(found.title)}\nclouds = {json.dumps(list(found.clouds))}"
    return "\n".join([name, "[select]", *lines])


def rendered(folder: Path, profile: Path, target: str, *more: str) -> dict[str, bytes]:
    """The files of `perimeter365 render`, without those that it keeps for itself."""
    words = ["--catalog", "embedded", "render", target, "--profile", str(profile), "-o", str(folder), *more]
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as err:
        assert main(words) == 0, err.getvalue()
    found = {path.relative_to(folder / target).as_posix(): path for path in (folder / target).rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name not in (".perimeter365.json", "losses.json")}


@pytest.mark.parametrize("target", SERVED)
@pytest.mark.parametrize(
    "query", ["", "areas=exchange,teams&categories=allow,optimize&cloud=china,worldwide&family=4&max_prefixes=90"]
)
def test_the_files_are_those_of_render(embedded_server: Server, tmp_path: Path, target: str, query: str) -> None:
    (tmp_path / "p.toml").write_text(toml(query))
    more = ["--max-prefixes", "90"] if "max_prefixes" in query else []
    files = rendered(tmp_path / "out", tmp_path / "p.toml", target, *more, "--at", str(DAY))
    assert files
    for name, content in files.items():
        status, body, headers = embedded_server.get(f"/feeds/{target}/{name}?{query}")
        assert (status, body) == (200, content) or (status == 404 and target == "csv"), f"{name}: {status}"
        if status == 404:
            assert content.count(b"\n") == 1, "a table with rows is missing"
        else:
            status, body, _ = embedded_server.get(f"/feeds/{target}/{name}.sha256?{query}")
            assert body == f"{sha256(content).hexdigest()}  {name}\n".encode()
            assert headers["x-perimeter365-lists"].startswith(("china ", "worldwide "))


@pytest.mark.parametrize("target", [*SERVED, *OWN])
def test_a_named_profile_has_its_options(profiles: Path, tmp_path: Path, target: str) -> None:
    server = served(profiles=profiles)
    files = rendered(tmp_path / "out", profiles / "contoso.toml", target, "--at", str(DAY))
    for name, content in files.items():
        status, body, _ = server.get(f"/p/contoso/{target}/{name}")
        assert (status, body) == (200, content), name


def test_what_has_comment_lines_names_cloud_version_and_selection(embedded_server: Server) -> None:
    query = "categories=optimize"
    _, body, _ = embedded_server.get(f"/feeds/manifest.json?{query}")
    commented = set()
    for target in json.loads(body)["targets"]:
        for file in target["files"]:
            _, body, _ = embedded_server.get(file["url"])
            if body.startswith(b"# "):
                head = [line for line in body.decode().splitlines() if line.startswith("#")]
                assert any("categories=optimize cloud=worldwide" in line for line in head), file["url"]
                assert any("worldwide 2026080200" in line for line in head), file["url"]
                if file["name"] not in HELPERS:
                    commented.add(target["target"])
    # Those whose vendors document comment lines, and programs' own.
    assert commented == {"checkpoint-network-feed", "cisco-si-feed", "text", "tls-bypass", "url-table-alias"}


def test_the_table_has_every_target_of_the_kind_feed() -> None:
    assert {name for name in built_in if built_in[name].kind == "feed"} == set(FEEDS)
    assert {*PLAIN, *OWN} <= set(built_in)
>>>>>>> theirs


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
    "/p/nobody/text": (404, "nobody"),
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


<<<<<<< ours
=======
@pytest.mark.parametrize("target", SERVED)
def test_the_manifest_is_true(embedded_server: Server, target: str) -> None:
    status, body, headers = embedded_server.get(f"/feeds/{target}/manifest.json?areas=exchange,teams")
    found = json.loads(body)
    assert (status, headers["content-type"]) == (200, "application/json; charset=utf-8")
    assert found["clouds"]["worldwide"]["version"] == "2026080200"
    for file in found["files"]:
        status, content, headers = embedded_server.get(file["url"])
        assert status == 200
        assert (len(content), sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
        assert headers["content-type"] == file["type"]
        assert file["entries"] > 0
    for limit in found["limits"].values():
        assert limit.get("most", 0) <= limit["limit"]
        assert limit["verdict"] == "fits"


def test_a_target_that_exceeds_a_limit_says_so_in_the_manifests(embedded_server: Server) -> None:
    status, body, _ = embedded_server.get("/feeds/paloalto-edl/manifest.json?scenarios=all")
    assert status == 422
    assert "needs 41 lists, the limit is 30" in json.loads(body)["problem"]
    assert json.loads(body)["limits"]["lists"]["limit"] == 30
    status, body, _ = embedded_server.get("/feeds/?scenarios=all")
    assert status == 200
    assert {each["target"] for each in json.loads(body)["targets"] if each["problem"]} == {"paloalto-edl"}


def test_the_manifest_of_all_lists_each_target_and_profile(profiles: Path) -> None:
    server = served(profiles=profiles)
    found = json.loads(server.get("/feeds/manifest.json")[1])
    assert [each["target"] for each in found["targets"]] == sorted(SERVED)
    assert found["profiles"] == {"contoso": "/p/contoso/manifest.json"}
    own = json.loads(server.get(found["profiles"]["contoso"])[1])
    assert [each["target"] for each in own["targets"]] == sorted((*SERVED, *OWN))
    assert own["generation"] == found["generation"]
    (profiles / "contoso.toml").write_text((profiles / "contoso.toml").read_text().replace('"contoso"', '"fabrikam"'))
    time.sleep(SETTLE + 0.1)
    server.load()
    assert json.loads(server.get("/feeds/manifest.json")[1])["generation"] != found["generation"]


def test_the_address_of_a_target_gives_its_only_list(embedded_server: Server) -> None:
    for target, name in (("srx-feed", "m365.tgz"), ("checkpoint-gdc", "m365.json"), ("tls-bypass", "bypass.txt")):
        assert embedded_server.get(f"/feeds/{target}")[:2] == embedded_server.get(f"/feeds/{target}/{name}")[:2]
    assert embedded_server.get("/feeds/text")[2]["content-type"].startswith("application/json")


def test_the_address_of_an_only_list_never_becomes_a_manifest(tmp_path: Path) -> None:
    path = history(tmp_path / "s.sqlite", without("sharepoint"))
    url = "/feeds/url-table-alias?areas=sharepoint,teams&categories=optimize"
    server = served(path)
    status, body, headers = server.get(url)
    assert (status, headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert b"52.112.0.0/14" in body
    commit(path, sets(), date(2025, 2, 1))
    server.load()
    status, body, _ = server.get(url)
    assert status == 409
    assert b"worldwide-sharepoint-outbound-optimize" in body
    commit(path, sets()[:-1], date(2025, 3, 1))
    server.load()
    assert server.get(url)[0] == 409, "a later change does not make it a manifest"


>>>>>>> theirs
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
