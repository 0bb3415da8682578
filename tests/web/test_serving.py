"""A real server process."""

import pytest

from tests.web.servers import Client, Server


@pytest.mark.parametrize("target", ["/version", "/version/worldwide", "/endpoints/China", "/endpoints/none", "/nothing"])
def test_the_process_answers_as_the_application_does(client: Client, server: Server, target: str) -> None:
    target += "?clientrequestid=b10c5ed1-bad1-445f-b386-b919946339a7"
    here, there = client.get(target), server.get(target)
    assert (here.status, here.body) == (there.status, there.body)
    assert {name: there.headers.get(name) for name in here.headers} == here.headers
