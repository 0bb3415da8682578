"""The engines of PAC files: each answers, and each notices a file that it cannot run."""

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
def test_an_engine_refuses_a_file_that_does_not_run(engine: Engine, bad: str) -> None:
    # An answer of an earlier file must not stand in for this one's.
    assert engine(PAC, QUESTIONS[:1]) == ["DIRECT"]
    with pytest.raises(Refused):
        engine(bad, QUESTIONS)


def test_node_refuses_a_file_that_resolves_names() -> None:
    waits = 'function FindProxyForURL(u, h) { return isInNet(h, "10.0.0.0", "255.0.0.0") ? "inside" : "outside"; }'
    literal = [("http://10.1.2.3/", "10.1.2.3"), ("http://11.1.2.3/", "11.1.2.3")]
    assert by_node(waits, literal) == ["inside", "outside"]
    with pytest.raises(Refused, match=r"resolves a name: outlook\.office\.com"):
        by_node(waits, QUESTIONS)


def test_node_keeps_the_file_away_from_the_system() -> None:
    with pytest.raises(Refused, match="require is not defined"):
        by_node('function FindProxyForURL() { return require("fs").readFileSync("/etc/hostname"); }', QUESTIONS)


def test_node_tells_a_slow_file_from_a_fast_one() -> None:
    slow = 'function FindProxyForURL(u, h) { for (var i = 0; i < 500; i++) shExpMatch(h, i + "*"); return "DIRECT"; }'
    assert node_speed('function FindProxyForURL() { return "DIRECT"; }', QUESTIONS, 1000) * 10 < node_speed(
        slow, QUESTIONS, 100
    )


def test_chromium_goes_the_way_that_the_file_says() -> None:
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
def test_chromium_s_silent_fall_back_to_direct_is_noticed(bad: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        by_chromium(bad, ["https://outlook.office.com/"])


def test_a_proxy_that_the_test_does_not_know_is_noticed() -> None:
    ways = by_chromium(PAC, ["https://www.partner.example/"], ["proxy.contoso.com:8080"])
    assert ways != {"https://www.partner.example/": PARTNER}


def test_two_urls_of_one_host_cannot_be_told_apart() -> None:
    with pytest.raises(ValueError, match="same host"):
        by_chromium(PAC, ["https://a.example/", "http://a.example/b"])
