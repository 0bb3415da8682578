"""Manifests: what they say of files, limits, bounds and profiles is true."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from perimeter365.web.feed_files import OWN
from tests.web.feed_store import SERVED, over_embedded, profile_folder, serving


@pytest.mark.parametrize("target", SERVED)
def test_the_manifest_is_true(target: str) -> None:
    status, body, headers = over_embedded().ask(f"/feeds/{target}/manifest.json?areas=exchange,teams")
    found = json.loads(body)
    assert (status, headers["content-type"]) == (200, "application/json; charset=utf-8")
    assert found["clouds"]["worldwide"]["version"] == "2026080200"
    for file in found["files"]:
        status, content, headers = over_embedded().ask(file["url"])
        assert status == 200
        assert (len(content), sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
        assert headers["content-type"] == file["type"]
        assert file["entries"] > 0
    for limit in found["limits"].values():
        assert limit.get("most", 0) <= limit["limit"]
        assert limit["verdict"] == "fits"


def test_a_target_that_exceeds_a_limit_says_so_in_the_manifests() -> None:
    status, body, _ = over_embedded().ask("/feeds/paloalto-edl/manifest.json?scenarios=all")
    assert status == 422
    assert "needs 41 lists, the limit is 30" in json.loads(body)["problem"]
    assert json.loads(body)["limits"]["lists"]["limit"] == 30
    status, body, _ = over_embedded().ask("/feeds/?scenarios=all")
    assert status == 200
    assert {each["target"] for each in json.loads(body)["targets"] if each["problem"]} == {"paloalto-edl"}


def test_the_manifest_of_all_lists_each_target_and_profile(tmp_path: Path) -> None:
    profiles = profile_folder(tmp_path)
    server = serving(profiles=profiles)
    found = json.loads(server.ask("/feeds/manifest.json")[1])
    assert [each["target"] for each in found["targets"]] == sorted(SERVED)
    assert "contoso" not in json.dumps(found), "the names of profiles are not public"
    own = json.loads(server.ask("/p/contoso/manifest.json")[1])
    assert [each["target"] for each in own["targets"]] == sorted((*SERVED, *OWN))
    assert own["generation"] == found["generation"]
    (profiles / "contoso.toml").write_text((profiles / "contoso.toml").read_text().replace('"contoso"', '"fabrikam"'))
    server = serving(profiles=profiles)
    assert json.loads(server.ask("/feeds/manifest.json")[1])["generation"] != found["generation"]
