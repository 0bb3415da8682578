"""Run every fuzzer without atheris: on seeds, mutations, and previous findings."""

import importlib
import re
from contextlib import nullcontext
from urllib.parse import SplitResult, urljoin, urlsplit

import pytest
from urllib3 import BaseHTTPResponse

from perimeter365.net import fetch
from perimeter365.net.fetch import Fetcher
from tests.fuzz import answers
from tests.fuzz.__main__ import inputs, names
from tests.fuzz.findings import FINDINGS

COUNTS = {
    "page_markdown": 60,
    "page_html": 60,
    "page_text": 60,
    "plan_json": 150,
    "profile": 150,
    "raw_head": 1500,
    "raw_service": 40,
}


@pytest.mark.parametrize("name", names())
def test_guarantees_hold_for_seeds_and_mutations(name: str) -> None:
    target = importlib.import_module(f"tests.fuzz.{name}")
    for data in inputs(name, COUNTS.get(name, 400), name):
        target.check(data)


@pytest.mark.parametrize(("name", "data", "what"), FINDINGS, ids=[f"{name}: {what}" for name, _, what in FINDINGS])
def test_guarantees_hold_for_previous_findings(name: str, data: bytes, what: str) -> None:
    importlib.import_module(f"tests.fuzz.{name}").check(data)


def _located(url: str, base: str = "") -> SplitResult:
    return urlsplit(urljoin(base, url))


def _unchecked_body(fetcher: Fetcher, response: BaseHTTPResponse, end: float) -> bytes:
    return b"".join(response.stream(16384, decode_content=True))


def _unchecked_header(response: BaseHTTPResponse, name: str) -> str:
    return response.headers.get(name, "")


DEFECTS = {
    "a redirect is split without a check": ("raw_head", fetch, "split_url", _located),
    "a length is any text": ("raw_head", fetch, "_LENGTH", re.compile(".+")),
    "dates have one kind of error": ("raw_head", fetch, "_NOT_A_DATE", (TypeError,)),
    "chunks are read without a check": ("raw_head", Fetcher, "_body", _unchecked_body),
    "the value of a header is any text": ("raw_head", fetch, "_header", _unchecked_header),
}
"""What was mended -> the fuzzer that finds it if it is removed, and how to remove it."""


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_removed_mend_is_found(defect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, where, attribute, old = DEFECTS[defect]
    monkeypatch.setattr(where, attribute, old)
    with pytest.raises((AssertionError, ValueError, TypeError)):
        test_guarantees_hold_for_seeds_and_mutations(name)


def test_without_the_net_a_redirect_ends_in_another_family(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "split_url", _located)
    monkeypatch.setattr(fetch, "reading", lambda what: nullcontext())
    with pytest.raises(ValueError, match="Port out of range"):
        importlib.import_module("tests.fuzz.raw_answer").check(b"HTTP/1.1 302 x\r\nLocation: http://h:99999/\r\n\r\n")


def test_generated_answers_depend_on_the_seed_alone() -> None:
    first, again, other = ([*answers.singles(50, seed)][-50:] for seed in ("1", "1", "2"))
    assert first == again != other


def test_the_oracle_detects_violations() -> None:
    from perimeter365.errors import InputError
    from perimeter365.model.host import HostPattern
    from tests.fuzz.oracle import attempt, opened_names, opened_space

    def bad(message: str) -> None:
        raise InputError(message)

    for message in ("a\x1b[2J", "x" * 5000):
        with pytest.raises(AssertionError):
            attempt(lambda message=message: bad(message))  # type: ignore[misc]
    with pytest.raises(ZeroDivisionError):
        attempt(lambda: 1 // 0)
    for space in (["10.1.0.0/16"], ["20.0.0.0/7"], ["0.0.0.0/1", "128.0.0.0/1"], ["fe80::/64"], ["::1/128"]):
        with pytest.raises(AssertionError):
            opened_space(space)
    with pytest.raises(AssertionError):
        opened_names([HostPattern("*.pvt.k12.ma.us")])
