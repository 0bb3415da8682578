"""Fixtures: the prepared store, without the proxy settings of the environment."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.memory import folder
from tests.reliability.scene import Stage, prepare

__all__ = ["folder"]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that was synced one hour ago."""
    return prepare(tmp_path_factory.mktemp("prepared"))


@pytest.fixture
def stage(template: Path, folder: Path) -> Iterator[Stage]:
    with Stage(template, folder) as made:
        yield made
