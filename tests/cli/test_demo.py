"""`demo`: an example from the package alone, rendered to every target."""

from pathlib import Path

from perimeter365.cli.demo import SIGHTS
from perimeter365.targets import targets
from tests.cli.conftest import Cli


def test_the_demo_renders_every_target_and_says_where_to_look(cli: Cli, tmp_path: Path) -> None:
    ran = cli("demo", "-o", "there")
    assert ran.code == 0, ran.err
    assert {p.name for p in (tmp_path / "there").iterdir()} == set(targets)
    assert ran.out.startswith("Contoso: catalog worldwide ")
    for name in SIGHTS:
        assert str(Path("there") / name) in ran.out
        assert (tmp_path / "there" / name).is_file()


def test_a_second_demo_changes_nothing(cli: Cli) -> None:
    cli("demo")
    assert "unchanged: all" in cli("demo").err
