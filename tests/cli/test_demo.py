"""`demo`: the example of the package, rendered to every target."""

import re
import sys
from pathlib import Path

import pytest

from perimeter365.cli.demo import HIGHLIGHTS
from perimeter365.targets import targets
from tests.cli.conftest import Cli


def test_the_demo_renders_every_target_and_points_to_files(cli: Cli, tmp_path: Path) -> None:
    ran = cli("demo", "-o", "there")
    assert ran.code == 0, ran.err
    assert {p.name for p in (tmp_path / "there").iterdir()} == set(targets)
    assert ran.out.startswith("Contoso: catalog worldwide ")
    assert re.fullmatch(r"0 to decide, \d+ to check, \d+ noted", ran.out.splitlines()[-1])
    for name in HIGHLIGHTS:
        assert str(Path("there") / name) in ran.out
        assert (tmp_path / "there" / name).is_file()


def test_a_second_demo_changes_nothing(cli: Cli) -> None:
    cli("demo")
    assert "unchanged: all" in cli("demo").err


def test_without_extras_the_demo_skips_two_targets(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("mmdb_writer", "pyarrow"):
        monkeypatch.setitem(sys.modules, module, None)
    ran = cli("demo")
    assert ran.code == 0, ran.err
    assert {p.name for p in (tmp_path / "out").iterdir()} == set(targets) - {"mmdb", "parquet"}
    assert [line.split(": ")[1] for line in ran.err.splitlines() if line.startswith("warning: ")] == ["left out"] * 2
