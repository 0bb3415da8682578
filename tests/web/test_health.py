"""The state of the service for monitoring. Its changes with the store are in `test_service`."""

import json

import pytest

from perimeter365.web.health import readiness
from perimeter365.web.service import Options
from tests.web.servers import CLIENT, Client, in_process


def test_the_process_is_alive(client: Client) -> None:
    got = client.get("/healthz")
    assert (got.status, got.text, got.headers["cache-control"]) == (200, "ok\n", "no-store")


def test_the_state_names_versions_and_ages_of_all_clouds(client: Client) -> None:
    got = client.get("/readyz").json
    assert (got["status"], got["problems"]) == ("ok", [])
    assert set(got["clouds"]) >= {"worldwide", "gcchigh", "dod", "china"}
    cloud = got["clouds"]["worldwide"]
    versions = {each["instance"]: each["latest"] for each in client.get(f"/version?{CLIENT}").json}
    assert cloud["version"] == cloud["announced"] == versions["Worldwide"]
    assert (cloud["followed"], cloud["stale"]) == (False, False)
    assert cloud["age_days"] > 0


def test_a_problem_of_the_certificate_degrades_the_service(client: Client) -> None:
    got = readiness(client.service, "the certificate of mirror.example ends in 3 days, on 2026-12-04")
    assert got.status == 200
    assert b'"degraded"' in got.body
    assert b"ends in 3 days" in got.body


def test_the_names_of_profiles_are_not_public(client: Client) -> None:
    paths = {
        "/p/contoso/text/a.txt?direction=outbound": "worldwide 2026080200",
        "/feeds/text/p/x.txt": "worldwide 2026080200",
    }
    got = json.loads(readiness(client.service, "", paths).body)["emptied"]
    assert list(got) == ["/p/*/text/a.txt?direction=outbound", "/feeds/text/p/x.txt"]


@pytest.mark.parametrize("name", ["", "0123456789abcdef"])
def test_the_name_of_the_service_is_in_its_state_and_its_answers(name: str) -> None:
    with in_process(options=Options(instance=name)) as client:
        assert client.get("/readyz").json.get("instance", "") == name
        assert client.get(f"/version?{CLIENT}").headers.get("perimeter365-instance", "") == name
