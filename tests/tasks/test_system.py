"""`make system` installs what is missing, no more, tries twice, and says what to do when it cannot."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks import system
from tests.consumers import CONSUMERS

PACKAGES = system.read_packages(system.PACKAGES.read_text(encoding="utf-8"))


@pytest.fixture
def debian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A function that puts stand-ins for dpkg-query and apt-get first in the PATH; returns the log of apt-get."""

    def make(*, installed: str = "", apt: str = "exit 0", root: bool = True) -> Path:
        log = tmp_path / "log"
        scripts = {
            "dpkg-query": f'case " {installed} " in *" $3 "*) printf installed;; *) exit 1;; esac',
            "apt-get": f'echo "$*" >> "{log}"\necho "$DEBIAN_FRONTEND" >> "{log}"\n{apt}',
        }
        for name, body in scripts.items():
            (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
            (tmp_path / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
        monkeypatch.setattr(system, "PAUSE", 0.0)
        return log

    return make


def test_only_what_is_missing_is_installed(debian: Callable[..., Path]) -> None:
    log = debian(installed="wine wine64")
    assert system.main(["system-wine"]) == 0
    update, frontend, install, _ = log.read_text().splitlines()
    assert update.endswith("update")
    assert frontend == "noninteractive"
    assert install.endswith("install --yes --no-install-recommends gcc-mingw-w64-x86-64-win32")


def test_nothing_is_run_when_nothing_is_missing(debian: Callable[..., Path]) -> None:
    log = debian(installed=" ".join(PACKAGES["system-wine"]), apt="exit 1", root=False)
    assert system.main(["system-wine"]) == 0
    assert not log.exists()


def test_others_than_root_are_told_what_is_missing(debian: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    log = debian(installed="wine", root=False)
    assert system.main(["system-wine"]) == 2
    said = capsys.readouterr().err
    assert "wine64 gcc-mingw-w64-x86-64-win32" in said
    assert "sudo make system ARGS=system-wine" in said
    assert not log.exists()


def test_a_passing_failure_is_tried_once_more(debian: Callable[..., Path], tmp_path: Path) -> None:
    log = debian(apt=f'test -e "{tmp_path}/second" || {{ touch "{tmp_path}/second"; exit 100; }}')
    assert system.main(["system-wine"]) == 0
    commands = [line for line in log.read_text().splitlines() if line != "noninteractive"]
    assert [line.endswith("update") for line in commands] == [True, True, False]


def test_a_lasting_failure_ends_it(debian: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    log = debian(apt="exit 100")
    assert system.main(["system-wine"]) == 3
    assert len(log.read_text().splitlines()) == 4
    assert "apt-get update failed twice" in capsys.readouterr().err


def test_an_unknown_tier_names_the_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert system.main(["wine"]) == 2
    assert "one of: system, system-wine" in capsys.readouterr().err


def test_list_changes_nothing(debian: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    log = debian(root=False)
    assert system.main(["system-wine", "--list"]) == 0
    assert capsys.readouterr().out.split() == PACKAGES["system-wine"]
    assert not log.exists()


@pytest.mark.parametrize(
    "text",
    [
        "nftables  # before any heading",
        "[system]\nnftables",
        "[system]\nnftables  #",
        "[system]\nnftables squid  # two",
        "[system]\n--reinstall  # an option of apt-get is no package",
        "[system]\nsquid  # once\n[other]\nsquid  # twice",
    ],
)
def test_the_list_has_a_grammar(text: str) -> None:
    with pytest.raises(ValueError, match=rf"txt:{len(text.splitlines())}:"):
        system.read_packages(text)


def test_each_consumer_of_debian_is_in_the_list_of_its_tier() -> None:
    wanted = {(each.tier, each.package) for each in CONSUMERS.values() if each.package}
    listed = {(tier, package) for tier, packages in PACKAGES.items() for package in packages}
    # what a consumer needs and no test asks for by name
    behind = {("system", "libproxy1-plugin-webkit"), ("system-wine", "wine64")}
    assert wanted | behind == listed
    assert not wanted & behind
