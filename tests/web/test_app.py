"""Which part of the service answers what, and what a defect looks like from outside."""

import asyncio
import time
from dataclasses import dataclass
from typing import ClassVar

import pytest

from perimeter365.errors import ProfileError
from perimeter365.web.answer import Answer
from perimeter365.web.app import App
from perimeter365.web.edition import Edition
from perimeter365.web.request import Request
from perimeter365.web.service import Options, Service
from perimeter365.workspace import Workspace
from tests.web.servers import Client, in_process


@dataclass(frozen=True)
class Said:
    """What a room was asked."""

    announces: ClassVar[bool] = False
    path: str


class Room:
    """A room that answers with its name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, request: Request) -> Said:
        return Said(request.path)

    def answer(self, question: Said, edition: Edition) -> Answer:
        if self.name == "defect":
            raise RuntimeError("/secret/place")
        if self.name == "profile":
            raise ProfileError("/secret/place: no role")
        return Answer(body=self.name.encode(), type="text/plain")


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("/one", "one"),
        ("/ONE/", "one"),
        ("/one/two/three", "one"),
        ("/p/contoso/extended", "extended"),
        ("/p/contoso/Extended/endpoints/worldwide", "extended"),
        ("/p/contoso/squid", "others"),
        ("/p/contoso", "others"),
    ],
)
def test_the_first_segment_chooses_the_room_and_below_p_the_third(target: str, name: str) -> None:
    with in_process() as client:
        client.app.rooms["one"] = Room("one")
        client.app.profile_rooms |= {"extended": Room("extended"), "": Room("others")}
        assert client.get(target).text == name


@pytest.mark.parametrize("target", ["/none", "/p/contoso/squid", "/p", "/favicon.ico", "/robots.txt", "/wpad.dat/x"])
def test_what_is_not_there_is_404(client: Client, target: str) -> None:
    assert client.get(target).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", ""])
def test_other_methods_are_405(client: Client, method: str) -> None:
    got = client.get("/version", method=method)
    assert (got.status, got.headers["allow"]) == (405, "GET, HEAD")


def test_the_second_answer_is_the_same_and_needs_no_reading(client: Client) -> None:
    target = "/endpoints/germany?clientrequestid=b10c5ed1-bad1-445f-b386-b919946339a7"
    first = client.get(target)
    assert client.service.at_once(("/endpoints/germany", "clientrequestid=b10c5ed1-bad1-445f-b386-b919946339a7")) is not None
    for headers in ({}, {"accept-encoding": "gzip"}, {"if-none-match": first.headers["etag"]}):
        with in_process() as other:
            assert (client.get(target, headers).status, client.get(target, headers).body) == (
                other.get(target, headers).status,
                other.get(target, headers).body,
            )
    assert client.get(target, method="HEAD").headers == first.headers
    assert client.get(target, method="POST").status == 405


@pytest.mark.parametrize(("name", "status"), [("defect", 500), ("profile", 503)])
def test_a_failure_is_a_status_that_devices_ignore_without_its_details(name: str, status: int) -> None:
    with in_process() as client:
        client.app.rooms["x"] = Room(name)
        got = client.get("/x")
        assert got.status == status
        assert "secret" not in got.text
        assert got.headers["cache-control"] == "no-store"


def test_the_state_is_read_once_for_all_who_ask_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    app, read = App(Service(Workspace(catalog="embedded"), Options())), list[str]()

    def certificate() -> str:
        time.sleep(0.2)
        read.append("")
        return ""

    monkeypatch.setattr(app, "certificate", certificate)

    async def ask() -> None:
        await app.service.load()
        got = await asyncio.gather(*(app.answer("GET", "/readyz", "") for _ in range(500)))
        assert {each.status for each in got} == {200}
        assert len(read) == 1
        await app.answer("GET", "/readyz", "")
        assert len(read) == 2

    asyncio.run(ask())


def test_the_front_says_what_there_is(client: Client) -> None:
    got = client.get("/")
    assert (got.status, got.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert "worldwide: version 2" in got.text
    for line in got.text.splitlines():
        if line.startswith("/") and "NAME" not in line:
            query = "?clientrequestid=b10c5ed1-bad1-445f-b386-b919946339a7" if line.endswith("*") else ""
            assert client.get(line.split()[0] + query).status == 200, line
