"""`perimeter365 serve`: its options. The processes are in tests/web/test_serving.py."""

from pathlib import Path

import pytest

from perimeter365.web.serving import Say, Serving
from tests.cli.conftest import Cli


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[Serving]:
    """What a command line asks for."""
    found: list[Serving] = []

    def serve(serving: Serving, say: Say) -> int:
        found.append(serving)
        say("listening")
        return 0

    monkeypatch.setattr("perimeter365.web.serving.serve", serve)
    return found


def test_without_options_it_serves_on_loopback(cli: Cli, given: list[Serving]) -> None:
    ran = cli("serve")
    assert (ran.code, ran.out, ran.err) == (0, "", "serve: listening\n")
    (serving,) = given
    assert (serving.bind, serving.public, serving.workers, serving.chain) == ("127.0.0.1:8365", False, 1, None)
    assert (serving.options.max_age, serving.options.on_stale, serving.options.stale_after) == (300, "serve", 7)


def test_quiet_says_nothing(cli: Cli, given: list[Serving]) -> None:
    assert cli("serve", "--quiet").err == ""


def test_options_reach_the_service(cli: Cli, given: list[Serving]) -> None:
    words = "--bind unix:/run/p365 --public --workers 3 --tls-cert c --tls-key k --profiles . --max-age 60 --on-stale 503"
    assert cli("--store", "s.sqlite", "serve", *words.split(), "--stale-after", "2").code == 0
    (serving,) = given
    assert (serving.bind, serving.public, serving.workers) == ("unix:/run/p365", True, 3)
    assert (serving.chain, serving.key) == (Path("c"), Path("k"))
    assert (serving.options.profiles, serving.options.max_age) == (".", 60)
    assert (serving.options.on_stale, serving.options.stale_after) == ("503", 2)
    assert serving.workspace.store_place.endswith("s.sqlite")


def test_links_have_the_url_by_which_clients_reach_the_service(cli: Cli, given: list[Serving]) -> None:
    assert cli("serve", "--url", "https://m365.example.com:8443/mirror/").code == 0
    assert given[0].options.base == "https://m365.example.com:8443/mirror"
    for url in ("m365.example.com", "ftp://a.example", "https://a.example/?q", "https://a b", 'https://a"b'):
        assert cli("serve", "--url", url).code == 2
    assert len(given) == 1


@pytest.mark.parametrize(
    "words", ["--workers 0", "--workers 65", "--workers x", "--tls-key k", "--max-age 0", "--on-stale x"]
)
def test_values_that_cannot_be_exit_with_2(cli: Cli, given: list[Serving], words: str) -> None:
    assert cli("serve", *words.split()).code == 2
    assert given == []


def test_all_workers_are_one_per_processor(cli: Cli, given: list[Serving]) -> None:
    assert cli("serve", "--workers", "all").code == 0
    assert given[0].workers >= 1
