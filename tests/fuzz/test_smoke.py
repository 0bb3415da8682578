"""Run every fuzzer without atheris: on seeds, mutations, and previous findings."""

import importlib

import pytest

from tests.fuzz.__main__ import names
from tests.fuzz.findings import FINDINGS
from tests.fuzz.mutate import mutated

SLOW = {"page_markdown": 60, "page_html": 60, "page_text": 60, "plan_json": 150, "profile": 150}


@pytest.mark.parametrize("name", names())
def test_guarantees_hold_for_seeds_and_mutations(name: str) -> None:
    target = importlib.import_module(f"tests.fuzz.{name}")
    seeds = target.seeds()
    for data in mutated(seeds[:40], target.WORDS, SLOW.get(name, 400), name):
        target.check(data)


@pytest.mark.parametrize(("name", "data", "what"), FINDINGS, ids=[f"{name}: {what}" for name, _, what in FINDINGS])
def test_guarantees_hold_for_previous_findings(name: str, data: bytes, what: str) -> None:
    importlib.import_module(f"tests.fuzz.{name}").check(data)


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
