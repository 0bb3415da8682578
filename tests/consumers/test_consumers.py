"""A missing consumer skips the test, or fails it if consumers are required."""

import os
from pathlib import Path

import pytest

from tests import consumers
from tests.consumers import CONSUMERS, INSTALL, Consumer, isolated, module, need, program


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table with consumers that do not exist."""
    table = {
        "flux": program("no-such-program-365", proves="routes", package="flux"),
        "huge": module("no_such_module_365", proves="tables", tier="optional", install="pip install huge"),
    }
    monkeypatch.setattr(consumers, "CONSUMERS", table)
    monkeypatch.setattr(consumers, "missing", type(consumers.missing)())
    consumers.found.cache_clear()


def test_a_missing_consumer_skips_and_is_counted(absent: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "mode", "found")
    for _ in range(2):
        with pytest.raises(pytest.skip.Exception, match=r"flux is not installed \(routes\); to install it: make system"):
            need("flux")
    assert consumers.summary() == ["flux: 2 tests (routes) -> make system (as root)"]


def test_a_missing_required_consumer_fails(absent: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "mode", "required")
    with pytest.raises(pytest.fail.Exception, match="flux is not installed"):
        need("flux")


def test_a_missing_optional_consumer_always_skips(absent: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "mode", "required")
    with pytest.raises(pytest.skip.Exception, match="to install it: pip install huge"):
        need("huge")
    assert consumers.summary() == ["huge: 1 test (optional, tables) -> pip install huge"]


def test_a_hidden_consumer_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_an_unknown_name_is_an_error_not_a_skip() -> None:
    with pytest.raises(KeyError):
        need("no-such-consumer")


def test_administration_programs_are_found_without_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    found = program("no-such-program-365", "sh", proves="", package="").find()
    assert found is not None
    assert os.access(found, os.X_OK)


def test_each_consumer_can_be_installed() -> None:
    for name, consumer in CONSUMERS.items():
        assert consumer.proves, name
        assert consumer.how, name
        assert consumer.tier in INSTALL or consumer.install, name


@pytest.mark.parametrize("name", [name for name, each in CONSUMERS.items() if each.tier == "test"])
def test_the_group_installs_its_consumers(name: str) -> None:
    found = CONSUMERS[name].find()
    assert found is not None
    assert found.exists()


def test_each_consumer_is_searched_once_per_run(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def find() -> Path:
        calls.append(1)
        return Path("/bin/sh")

    monkeypatch.setattr(consumers, "CONSUMERS", {"sh": Consumer(proves="", find=find, tier="test")})
    consumers.found.cache_clear()
    assert [need("sh"), need("sh")] == [Path("/bin/sh")] * 2
    assert calls == [1]


def test_isolated_runs_in_another_network_namespace() -> None:
    import subprocess

    need("namespaces")
    ours = Path("/proc/self/ns/net").readlink()
    command = isolated("readlink", "/proc/self/ns/net")
    theirs = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert theirs.startswith("net:[")
    assert theirs != str(ours)


@pytest.fixture(autouse=True)
def _clear_cache() -> object:
    """Clear the cache, so that results from another table do not affect the next test."""
    yield
    consumers.found.cache_clear()
