"""A missing consumer is never silent: skipped with the command that installs it, or failed where none may be
missing.
"""

import os
from pathlib import Path

import pytest

from tests import consumers
from tests.consumers import CONSUMERS, INSTALL, Consumer, isolated, module, need, program


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table with consumers that are nowhere."""
    table = {
        "flux": program("no-such-program-365", proves="time travel", package="flux"),
        "huge": module("no_such_module_365", proves="size", tier="optional", install="a truck"),
    }
    monkeypatch.setattr(consumers, "CONSUMERS", table)
    monkeypatch.setattr(consumers, "missing", type(consumers.missing)())
    consumers.found.cache_clear()


def test_a_missing_consumer_skips_and_is_counted(absent: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "mode", "found")
    for _ in range(2):
        with pytest.raises(pytest.skip.Exception, match=r"flux is not here \(time travel\); to get it: make system"):
            need("flux")
    assert consumers.summary() == ["flux: 2 tests (time travel) -> make system (as root)"]


def test_where_consumers_are_required_it_fails(absent: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "mode", "required")
    with pytest.raises(pytest.fail.Exception, match="flux is not here"):
        need("flux")


def test_an_optional_one_skips_even_then_and_says_so(absent: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "mode", "required")
    with pytest.raises(pytest.skip.Exception, match="to get it: a truck"):
        need("huge")
    assert consumers.summary() == ["huge: 1 test (optional, size) -> a truck"]


def test_a_hidden_consumer_is_as_one_that_is_not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {
        "sh": program("sh", proves="", package="dash"),
        "pytest": module("pytest", proves=""),
    }
    monkeypatch.setattr(consumers, "CONSUMERS", table)
    monkeypatch.setattr(consumers, "mode", "found")
    consumers.found.cache_clear()
    assert None not in (consumers.found("sh"), consumers.found("pytest"))
    monkeypatch.setattr(consumers, "mode", "hidden")
    consumers.found.cache_clear()
    assert consumers.found("sh") is None
    assert consumers.found("pytest") is not None


def test_a_name_that_is_not_in_the_table_is_a_mistake_not_a_skip() -> None:
    with pytest.raises(KeyError):
        need("no-such-consumer")


def test_programs_of_an_administrator_are_found_without_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    found = program("no-such-program-365", "sh", proves="", package="").find()
    assert found is not None
    assert os.access(found, os.X_OK)


def test_each_consumer_can_be_got() -> None:
    for name, consumer in CONSUMERS.items():
        assert consumer.proves, name
        assert consumer.how, name
        assert consumer.tier in INSTALL or consumer.install, name


@pytest.mark.parametrize("name", [name for name, each in CONSUMERS.items() if each.tier == "test"])
def test_the_group_brings_its_consumers(name: str) -> None:
    found = CONSUMERS[name].find()
    assert found is not None
    assert found.exists()


def test_the_table_is_asked_once_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def find() -> Path:
        calls.append(1)
        return Path("/bin/sh")

    monkeypatch.setattr(consumers, "CONSUMERS", {"sh": Consumer(proves="", find=find, tier="test")})
    consumers.found.cache_clear()
    assert [need("sh"), need("sh")] == [Path("/bin/sh")] * 2
    assert calls == [1]


def test_isolated_runs_in_another_network() -> None:
    import subprocess

    need("namespaces")
    ours = Path("/proc/self/ns/net").readlink()
    command = isolated("readlink", "/proc/self/ns/net")
    theirs = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert theirs.startswith("net:[")
    assert theirs != str(ours)


@pytest.fixture(autouse=True)
def _forget() -> object:
    """What a test found in another table is not what the next one gets."""
    yield
    consumers.found.cache_clear()
