"""A real nginx over a published folder, against the live service: the same answer to every request."""

import gzip
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.web.nginx import digit_ranges
from perimeter365.web.publish import Publication, publish
from perimeter365.workspace import Workspace
from tests.clients import protocols, scripts  # noqa: F401 (they fill the table)
from tests.clients.conftest import fill
from tests.clients.program import PROGRAMS, Web
from tests.web.nginx import Nginx, nginx
from tests.web.servers import Client

G = "ClientRequestId=b10c5ed1-bad1-445f-b386-b919946339a7"

CLIENTS = [
    # paths: any case, slashes, other names
    *(
        f"/{path}?{G}"
        for path in ("version", "version/", "Version", "VERSION/Worldwide", "version/worldwide/", "version//China")
    ),
    *(
        f"/endpoints/{name}?{G}"
        for name in ("Worldwide", "USGovDoD", "USGOVGCCHIGH", "china", "France/", "Germany", "germany-2021")
    ),
    *(
        f"/{what}/O365Worldwide{rest}?{G}"
        for what, rest in (("version", ""), ("endpoints", "/"), ("changes", "/0000000000"))
    ),
    f"/endpoints/worldwide%20?{G}",
    # who asks
    *(
        f"/endpoints/worldwide?{word}"
        for word in (
            "clientrequestid={b10c5ed1-bad1-445f-b386-b919946339a7}",
            "CLIENTREQUESTID=%7Bb10c5ed1-bad1-445f-b386-b919946339a7%7D",
            "clientRequestId=%7bb10c5ed1-bad1-445f-b386-b919946339a7%7d%20",
            "ClientRequestId=B10C5ED1-BAD1-445F-B386-B919946339A7%20",
            "ClientRequestId=b10c5ed1bad1445fb386b919946339a7",
            "ClientRequestId=(b10c5ed1-bad1-445f-b386-b919946339a7)+",
            "ClientRequestId=b10c5ed1-bad1-445f-b386-b919946339a7&ClientRequestId=x",
            "ClientRequestId=x&ClientRequestId=b10c5ed1-bad1-445f-b386-b919946339a7",
            "ClientRequestId=b10c5ed1-bad1-445f-b386",
            "ClientRequestId={b10c5ed1-bad1-445f-b386-b919946339a7",
            "ClientRequestId=",
            "ClientRequestId",
            "",
        )
    ),
    f"/version/worldwide?{G[:-1]}",
    "/version",
    "/changes/worldwide/0000000000",
    # versions
    *(
        f"/version?{G}&{word}"
        for word in ("AllVersions", "AllVersions=true", "allversions=True", "AllVersions=False&Instance=Worldwide")
    ),
    *(f"/version/China?{word}&{G}" for word in ("AllVersions=1", "allversions=", "AllVersions=no", "AllVersions=maybe")),
    *(
        f"/version{name}?{G}&format={form}"
        for name in ("", "/Worldwide")
        for form in ("json", "JSON", "csv", "RSS", "Rss", "xml", "")
    ),
    f"/version/worldwide?AllVersions=true&format=RSS&{G}",
    # lists
    *(
        f"/endpoints/worldwide?{G}&{word}"
        for word in (
            "NoIPv6",
            "NoIPV6=true",
            "noipv6=True",
            "NoIPv6=False",
            "NoIPv6=0",
            "NoIPv6=",
            "NoIPv6=2",
            "NoIPv6=false&NoIPv6=true",
            "NoIPv6X=true",
            "XNoIPv6=true",
            "ServiceAreas=Exchange",
            "serviceareas=exchange,SKYPE",
            "ServiceAreas=Exchange%2CSharePoint%2cSkype",
            "ServiceAreas=Skype,Common,Exchange,SharePoint",
            "ServiceAreas=MEM,Common,Exchange,SharePoint,Skype",
            "ServiceAreas=MEM",
            "ServiceAreas=Common",
            "ServiceAreas=Any",
            "ServiceAreas=All&format=CSV",
            "ServiceAreas=any,MEM",
            "ServiceAreas=",
            "ServiceAreas",
            "ServiceAreas=%20Exchange%20,+Skype",
            "ServiceAreas=Exchange&ServiceAreas=SharePoint",
            "ServiceAreas=,Exchange,,",
            "ServiceAreas=Teams",
            "ServiceAreas=Exchange,Nonsense",
            "ServiceAreas=ExchangeOnline",
            "format=CSV",
            "Format=csv",
            "format=RSS",
            "format=",
            "format",
            "format=CSV&format=JSON",
            "format=JSON&format=CSV",
            "Instance=",
            "TenantName=",
            "tenantname=contoso",
            "TenantName=contoso-2&format=CSV&NoIPv6",
            "TenantName=Contoso",
            "TenantName=CONTOSO-Fabrikam-Q7-abcdeFG",
            "TenantName=con.toso",
            "TenantName=%22%3Cb%3E",
            "TenantName=-x",
            "tenantname=contoso&tenantname=fabrikam",
            "unknown=1&&other",
            "&".join("x=1" for _ in range(63)),
            "&".join("x=1" for _ in range(64)),
            "x=" + "y" * 4096,
        )
    ),
    *(f"/endpoints/{name}?{G}&NoIPv6=true&ServiceAreas=Skype" for name in ("china", "usgovdod", "france", "germany-2021")),
    # changes
    *(
        f"/changes/{name}/{since}?{G}"
        for name in ("worldwide", "China", "germany-2021")
        for since in ("0000000000", "0000000001", "2018080200", "2021102900", "2026080200", "2026080201", "9999999999")
    ),
    *(f"/changes/worldwide/{since}?{G}" for since in ("abc", "2026", "(2024110100)", "20260802000", "2026080200/")),
    *(
        f"/changes/worldwide/2026080200?{G}&{word}"
        for word in ("singleVersion=true", "singleVersion", "singleversion=x", "format=CSV")
    ),
    f"/changes/worldwide/2026080100?{G}&singleVersion=true&format=CSV",
    f"/changes/worldwide/0000000000?{G}&ServiceAreas=Exchange&NoIPv6",
    f"/changes/nowhere/0000000000?{G}",
    f"/changes/worldwide?{G}",
    # what does not exist
    *(f"/endpoints/{name}?{G}" for name in ("nowhere", "O365China", "usgov", "4worldwide", "x" * 40)),
    *(f"/{path}?{G}" for path in ("version/a/b", "endpoints", "endpoints/", "endpoints/worldwide/2026080200", "changes")),
    *(f"/{path}" for path in ("endpoints/%2e%2e/version", "version/a%2Fb", "version/%07", "endpoints/" + "x" * 1100)),
    f"/endpoints/nowhere?{G}&format=x",
    f"/endpoints/4worldwide?{G}&format=x",
]
"""Requests as clients of the web service send them, and those that it refuses."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("publish") / "m365"
    publish(Workspace(catalog="embedded"), folder, Publication())
    return folder


@pytest.fixture(scope="module")
def static(published: Path) -> Iterator[Nginx]:
    with nginx(published) as found:
        yield found


@pytest.mark.parametrize("target", CLIENTS)
def test_nginx_and_the_service_give_the_same_answer(target: str, static: Nginx, client: Client) -> None:
    live, found = client.get(target), static.get(target)
    assert (found.status, found.body.decode()) == (live.status, live.body.decode())
    for name in ("content-type", "cache-control", "allow", "content-encoding", "x-content-type-options", "last-modified"):
        assert found.headers.get(name) == live.headers.get(name), name


@pytest.mark.parametrize("name", ["worldwide", "usgovdod", "usgovgcchigh", "china", "france", "germany", "germany-2021"])
def test_every_choice_of_areas_versions_of_ip_and_formats_has_the_answer_of_the_service(
    name: str, static: Nginx, client: Client
) -> None:
    words = ("Exchange", "SharePoint", "Skype", "MEM")
    for bits, v4, form in product(product((0, 1), repeat=4), ("", "&NoIPv6"), ("json", "csv")):
        areas = ",".join(word for word, bit in zip(words, bits, strict=True) if bit)
        target = f"/endpoints/{name}?{G}&ServiceAreas={areas}{v4}&format={form}"
        live, found = client.get(target), static.get(target)
        assert (found.status, found.body) == (live.status, live.body), target


WHOLE = [f"/endpoints/worldwide?{G}", f"/version?{G}&AllVersions", f"/endpoints/china?{G}&format=csv&tenantname=contoso"]


@pytest.mark.parametrize("target", WHOLE)
def test_a_body_is_compressed_only_if_the_request_asks_for_it(target: str, static: Nginx, client: Client) -> None:
    plain = client.get(target).body
    for value in (None, "identity", "", "br", "gzip;q=0", "deflate, compress"):
        found = static.get(target, {} if value is None else {"accept-encoding": value})
        assert (found.headers.get("content-encoding"), found.body) == (None, plain), value
    for value in ("gzip", "gzip, deflate, br", "GZIP;q=0.5"):
        found = static.get(target, {"accept-encoding": value})
        assert found.headers["content-encoding"] == "gzip"
        assert gzip.decompress(found.body) == plain
        assert found.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("target", WHOLE)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_validators_are_answered_with_304_and_head_has_no_body(target: str, encoding: str, static: Nginx) -> None:
    asked = {"accept-encoding": encoding}
    whole, head = static.get(target, asked), static.get(target, asked, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    for name in ("etag", "last-modified", "content-type", "cache-control"):
        assert head.headers[name] == whole.headers[name]
    for name, value in (("if-none-match", whole.headers["etag"]), ("if-modified-since", whole.headers["last-modified"])):
        found = static.get(target, {**asked, name: value})
        assert (found.status, found.body, found.headers["cache-control"]) == (304, b"", "public, max-age=300")
    assert static.get(target, {**asked, "if-none-match": '"other"'}).status == 200
    earlier = "Mon, 01 Jan 2018 00:00:00 GMT"
    assert static.get(target, {**asked, "if-modified-since": earlier}).status == 200


def test_other_methods_are_refused_as_the_service_refuses_them(static: Nginx, client: Client) -> None:
    for method, target in product(("POST", "PUT", "DELETE", "OPTIONS"), (WHOLE[0], "/version", "/nothing")):
        live, found = client.get(target, method=method), static.get(target, method=method)
        assert (found.status, found.body, found.headers["allow"]) == (live.status, live.body, live.headers["allow"])


def test_any_host_is_answered(static: Nginx) -> None:
    for host in ("endpoints.office.com", "x", "[::1]:8080", "127.0.0.1"):
        assert static.get(WHOLE[0], {"host": host}).status == 200


def test_each_file_has_a_plain_path_for_object_stores(static: Nginx, published: Path, client: Client) -> None:
    for path, target in (
        ("/endpoints/worldwide.json", f"/endpoints/worldwide?{G}"),
        ("/endpoints/china-exchange-noipv6.csv", f"/endpoints/china?{G}&serviceareas=Exchange&noipv6&format=csv"),
        ("/version/worldwide.json", f"/version/worldwide?{G}"),
        ("/version-all.csv", f"/version?{G}&allversions&format=csv"),
        ("/changes/worldwide/2026080200.json", f"/changes/worldwide/2026080200?{G}"),
    ):
        live, found = client.get(target), static.get(path)
        assert (found.status, found.body, found.headers["content-type"]) == (200, live.body, live.headers["content-type"])
        assert (published / f"current{path}").read_bytes() == live.body
    assert static.get("/manifest.json").json["made_by"] == "perimeter365"
    assert "  endpoints/worldwide.json.gz\n" in static.get("/SHA256SUMS").text


def test_what_is_not_published_is_not_found(static: Nginx) -> None:
    for path in (
        "/",
        "/generations/",
        "/nginx.conf",
        "/.perimeter365.json",
        "/.m365/tenant",
        "/endpoints.json",
        "/endpoints/x.json",
    ):
        found = static.get(path)
        assert (found.status, found.headers["cache-control"]) == (404, "no-store"), path
        assert found.headers["content-type"] == "text/plain; charset=utf-8", path


def test_nothing_of_a_request_stands_in_an_answer(static: Nginx) -> None:
    for target in (
        f"/endpoints/<b>zz?{G}",
        f"/endpoints/worldwide?{G}&tenantname=<b>zz",
        f"/zz%3Cb%3E?{G}",
        f"/changes/zz/zz?{G}",
    ):
        found = static.get(target)
        assert found.status >= 400
        assert "zz" not in found.text + str(found.headers)


@given(st.lists(st.integers(0, 9_999_999_999), min_size=2, max_size=2).map(sorted), st.data())
def test_patterns_of_numbers_match_the_range_and_nothing_else(bounds: list[int], data: st.DataObject) -> None:
    low, high = bounds
    pattern = re.compile("|".join(digit_ranges(f"{low:010}", f"{high:010}")))
    inside = data.draw(st.integers(low, high))
    outside = data.draw(st.integers(0, 9_999_999_999))
    assert all(pattern.fullmatch(f"{number:010}") for number in (low, high, inside))
    assert bool(pattern.fullmatch(f"{outside:010}")) is (low <= outside <= high)
    assert not any(pattern.fullmatch(f"{number:010}") for number in (low - 1, high + 1) if 0 <= number < 10**10)


def test_all_programs_that_speak_to_the_web_service_work_with_a_published_folder(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    place = tmp_path_factory.mktemp("programs")
    fill(str(place / "store.sqlite"))
    publish(Workspace(store=str(place / "store.sqlite")), place / "m365", Publication())
    with nginx(place / "m365") as server:
        for run in PROGRAMS.values():
            run(Web(f"http://127.0.0.1:{server.port}"))


FEEDS = [
    "/feeds/manifest.json",
    "/feeds/",
    "/feeds?cloud=dod",
    "/feeds/text/manifest.json",
    "/feeds/text",
    "/feeds/checkpoint-gdc/",
    "/feeds/tls-bypass",
    "/feeds/csv/?cloud=china",
    "/feeds/paloalto-edl/manifest.json?cloud=USGovGCCHigh",
    "/feeds/paloalto-edl/nothing.txt",
    "/feeds/nothing",
]


@pytest.mark.parametrize("target", FEEDS)
def test_feeds_are_those_of_the_service(target: str, static: Nginx, client: Client) -> None:
    live, found = client.get(target), static.get(target)
    assert found.status == live.status
    if live.status == 200:
        assert (found.body, found.headers["content-type"]) == (live.body, live.headers["content-type"])


def test_every_list_of_a_manifest_is_there_with_the_bytes_of_the_service(static: Nginx, client: Client) -> None:
    for target in client.get("/feeds/manifest.json?cloud=gcchigh").json["targets"]:
        for each in target["files"]:
            live, found = client.get(each["url"]), static.get(each["url"])
            assert (found.status, found.body) == (200, live.body), each["url"]
            assert found.headers["content-type"] == live.headers["content-type"] == each["type"]


def test_a_selection_that_is_not_published_is_not_found(static: Nginx) -> None:
    for query in ("cloud=worldwide&areas=exchange", "areas=exchange", "cloud=nowhere", "family=4", "cloud=dod,china"):
        assert static.get(f"/feeds/text/manifest.json?{query}").status == 404
