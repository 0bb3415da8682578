"""The engines for PAC files answer, and detect files that do not run."""

from collections.abc import Callable, Sequence

import pytest

from tests.consumers.browser import by_chromium
from tests.consumers.pac import Question, by_node, by_pacparser, node_speed
from tests.consumers.refusal import Refused

PAC = """
function FindProxyForURL(url, host) {
    if (host == "outlook.office.com" || shExpMatch(host, "*.sharepoint.com")) { return "DIRECT"; }
    if (dnsDomainIs(host, ".partner.example")) { return "PROXY partner.contoso.com:3128"; }
    return "PROXY proxy.contoso.com:8080";
}
"""
MAIN, PARTNER = "PROXY proxy.contoso.com:8080", "PROXY partner.contoso.com:3128"
ROUTES = {
    "https://outlook.office.com/": "DIRECT",
    "http://contoso.sharepoint.com/": "DIRECT",
    "https://contoso-my.sharepoint.com:8443/personal?x=1": "DIRECT",
    "https://sharepoint.com/": MAIN,
    "http://outlook.office.com.example/": MAIN,
    "https://login.partner.example/": PARTNER,
    "http://www.partner.example/": PARTNER,
}
QUESTIONS: list[Question] = [(url, url.split("/")[2].split(":")[0]) for url in ROUTES]

Engine = Callable[[str, Sequence[Question]], list[str]]
engines = pytest.mark.parametrize("engine", [by_pacparser, by_node])


@engines
def test_an_engine_answers_every_question_in_order(engine: Engine) -> None:
    assert engine(PAC, QUESTIONS) == list(ROUTES.values())


@engines
@pytest.mark.parametrize(
    "bad",
    ["function FindProxyForURL(", "function FindProxyForURL(url, host) { return nothing.here; }", "var x = 1;"],
    ids=["syntax", "call", "missing"],
)
def test_an_engine_rejects_a_file_that_does_not_run(engine: Engine, bad: str) -> None:
    # The answers of the previous file must not be used.
    assert engine(PAC, QUESTIONS[:1]) == ["DIRECT"]
    with pytest.raises(Refused):
        engine(bad, QUESTIONS)


def test_node_rejects_a_file_that_resolves_names() -> None:
    waits = 'function FindProxyForURL(u, h) { return isInNet(h, "10.0.0.0", "255.0.0.0") ? "inside" : "outside"; }'
    literal = [("http://10.1.2.3/", "10.1.2.3"), ("http://11.1.2.3/", "11.1.2.3")]
    assert by_node(waits, literal) == ["inside", "outside"]
    with pytest.raises(Refused, match=r"resolves a name: outlook\.office\.com"):
        by_node(waits, QUESTIONS)


def test_node_gives_the_file_no_access_to_the_system() -> None:
    with pytest.raises(Refused, match="require is not defined"):
        by_node('function FindProxyForURL() { return require("fs").readFileSync("/etc/hostname"); }', QUESTIONS)


def test_node_measures_that_a_file_is_slow() -> None:
    slow = 'function FindProxyForURL(u, h) { for (var i = 0; i < 500; i++) shExpMatch(h, i + "*"); return "DIRECT"; }'
    assert node_speed('function FindProxyForURL() { return "DIRECT"; }', QUESTIONS, 1000) * 10 < node_speed(
        slow, QUESTIONS, 100
    )


def test_chromium_takes_the_routes_of_the_file() -> None:
    ways = by_chromium(PAC, list(ROUTES), ["proxy.contoso.com:8080", "partner.contoso.com:3128"])
    assert ways == ROUTES


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("function FindProxyForURL(", "SyntaxError"),
        ("function FindProxyForURL(url, host) { return nothing.here; }", "ReferenceError"),
        ("function FindProxyForURL(url, host) { return 5; }", "did not return a string"),
    ],
    ids=["syntax", "call", "number"],
)
def test_the_silent_fallback_of_chromium_to_direct_is_detected(bad: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        by_chromium(bad, ["https://outlook.office.com/"])


def test_an_unexpected_proxy_is_detected() -> None:
    ways = by_chromium(PAC, ["https://www.partner.example/"], ["proxy.contoso.com:8080"])
    assert ways != {"https://www.partner.example/": PARTNER}


def test_two_urls_with_the_same_host_are_an_error() -> None:
    with pytest.raises(ValueError, match="same host"):
        by_chromium(PAC, ["https://a.example/", "http://a.example/b"])
