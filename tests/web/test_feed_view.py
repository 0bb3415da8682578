"""Feeds with their past: times, and the address of a target."""

import os
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path

from tests.web.feed_store import DAY, Served, commit, history, over_embedded, profile_folder, serving, sets, without


def test_the_address_of_a_target_gives_its_only_list() -> None:
    for target, name in (("srx-feed", "m365.tgz"), ("checkpoint-gdc", "m365.json"), ("tls-bypass", "bypass.txt")):
        assert over_embedded().ask(f"/feeds/{target}")[:2] == over_embedded().ask(f"/feeds/{target}/{name}")[:2]
    assert over_embedded().ask("/feeds/text")[2]["content-type"].startswith("application/json")


def test_the_address_of_an_only_list_never_becomes_a_manifest(tmp_path: Path) -> None:
    path = history(tmp_path / "s.sqlite", without("sharepoint"))
    url = "/feeds/url-table-alias?areas=sharepoint,teams&categories=optimize"
    server = serving(path)
    status, body, headers = server.ask(url)
    assert (status, headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert b"52.112.0.0/14" in body
    commit(path, sets(), date(2025, 2, 1))
    server.load()
    status, body, _ = server.ask(url)
    assert status == 409
    assert b"worldwide-sharepoint-outbound-optimize" in body
    commit(path, sets()[:-1], date(2025, 3, 1))
    server.load()
    assert server.ask(url)[0] == 409, "a later change does not make it a manifest"


def test_last_modified_moves_with_the_day_the_lists_and_the_profile(tmp_path: Path) -> None:
    profiles = profile_folder(tmp_path)

    def modified(server: Served, url: str) -> float:
        return parsedate_to_datetime(server.ask(url)[2]["last-modified"]).timestamp()

    url, own = "/feeds/text/worldwide-teams-outbound-optimize-ip.txt", "/p/contoso/text/index.txt"
    path = history(tmp_path / "s.sqlite", sets())
    server = serving(path, profiles=profiles, day=date(2025, 1, 1))
    assert modified(server, url) == 1735732800.0, "2025-01-01 12:00, when the list came into force"
    later = serving(path, profiles=profiles, day=DAY)
    assert modified(later, url) == 1768003200.0, "the start of the day, on which the entries can change"
    early = serving(profiles=profiles, day=date(2000, 1, 1))
    before = modified(early, own)
    assert before == int((profiles / "contoso.toml").stat().st_ctime), "the profile is newer than the lists"
    text = (profiles / "contoso.toml").read_text()
    (profiles / "contoso.toml").write_text(text.replace("Contoso", "Fabrikam"))
    os.utime(profiles / "contoso.toml", (0, 0))
    early.load()
    assert modified(early, own) >= before
