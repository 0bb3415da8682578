"""A real nginx over a published folder, against the live service: the same answer to every request."""

import gzip
import re
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.web.nginx import configurations, digit_ranges
from perimeter365.web.publish import Publication, publish
from perimeter365.workspace import Workspace
from tests.web.nginx import Nginx, nginx
from tests.web.servers import Client

G = "ClientRequestId=b10c5ed1-bad1-445f-b386-b919946339a7"

CLIENTS = [
    # paths: any case, slashes, other names
    *(f"/{path}?{G}" for path in ("version", "version/", "Version", "VERSION/Worldwide", "version/worldwide/", "version//China")),
    *(f"/endpoints/{name}?{G}" for name in ("Worldwide", "USGovDoD", "USGOVGCCHIGH", "china", "France/", "Germany", "germany-2021")),
    *(f"/{what}/O365Worldwide{rest}?{G}" for what, rest in (("version", ""), ("endpoints", "/"), ("changes", "/0000000000"))),
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
    *(f"/version?{G}&{word}" for word in ("AllVersions", "AllVersions=true", "allversions=True", "AllVersions=False&Instance=Worldwide")),
    *(f"/version/China?{word}&{G}" for word in ("AllVersions=1", "allversions=", "AllVersions=no", "AllVersions=maybe")),
    *(f"/version{name}?{G}&format={form}" for name in ("", "/Worldwide") for form in ("json", "JSON", "csv", "RSS", "Rss", "xml", "")),
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
    *(f"/changes/worldwide/2026080200?{G}&{word}" for word in ("singleVersion=true", "singleVersion", "singleversion=x", "format=CSV")),
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
