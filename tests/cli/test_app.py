"""The root command: commands found in the folder, help, and `--version`."""

import re
from pathlib import Path

import click
import pytest

import perimeter365.cli
from perimeter365.cli._app import TO_COME, app
from perimeter365.cli._command import SECTIONS
from perimeter365.errors import Perimeter365Error
from tests.cli.conftest import Cli

ROOT = Path(__file__).resolve().parents[2]
NAMES = app.list_commands(None)
GROUPS = [name for name in NAMES if isinstance(app.get_command(None, name), click.Group)]
CONTRACT = {"rows", "show", "lookup", "init", "plan", "targets", "render", "budget", "explain", "config"}


def test_each_file_is_a_command_and_vice_versa() -> None:
    files = {p.stem for p in Path(perimeter365.cli.__file__).parent.glob("*.py") if not p.stem.startswith("_")}
    assert set(NAMES) == {name.rstrip("_") for name in files}
    assert set(NAMES) >= CONTRACT


def test_a_package_without_commands_is_an_error(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(perimeter365.cli, "__path__", [str(tmp_path)])
    with pytest.raises(Perimeter365Error, match="has no command"):
        app.list_commands(None)
    ran = cli("--help")
    assert (ran.code, ran.out) == (70, "")
    assert "perimeter365.cli has no command" in ran.err


def test_each_command_has_the_name_of_its_file_a_section_and_a_summary() -> None:
    for name in NAMES:
        command = app.get_command(None, name)
        assert isinstance(command, click.Command), name
        assert command.name == name
        assert getattr(command, "section", None) in SECTIONS, name
        assert command.get_short_help_str(200).endswith("."), name


@pytest.mark.parametrize("group", ["", *GROUPS])
@pytest.mark.parametrize("columns", ["80", "50"])
def test_each_summary_is_short_and_never_cut(cli: Cli, monkeypatch: pytest.MonkeyPatch, group: str, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    listed = " ".join(cli(*group.split(), "--help").out.split())  # a long summary is folded
    parent = app.get_command(None, group) if group else app
    assert isinstance(parent, click.Group)
    context = click.Context(parent)
    for name in parent.list_commands(context):
        command = parent.get_command(context, name)
        assert command is not None
        summary = command.get_short_help_str(500)
        assert len(summary) <= 50, f"{name}: {summary}"
        assert f" {name} {summary}" in f" {listed}", f"{name}: {summary}"


@pytest.mark.checkout
def test_help_names_the_glossary(cli: Cli) -> None:
    named = re.findall(r"docs/\S+\.md", cli("--help").out)
    assert named == ["docs/glossary.md"]
    assert all((ROOT / name).is_file() for name in named)


@pytest.mark.parametrize("name", NAMES)
def test_help_works_and_lists_the_command(cli: Cli, name: str) -> None:
    assert cli(name, "--help").code == 0
    assert re.search(rf"^  {name}  ", cli("--help").out, re.MULTILINE)


def test_no_argument_is_an_overview_with_three_examples(cli: Cli) -> None:
    ran = cli()
    lines = ran.out.splitlines()
    assert (ran.code, ran.err) == (0, "")
    assert len(lines) <= 25
    assert max(map(len, lines)) <= 80
    assert len([line for line in lines if line.startswith("  perimeter365 ")]) == 3
    assert set(NAMES) <= set(re.findall(r"[a-z]+", ran.out))


@pytest.mark.parametrize("word", [*TO_COME, "chekc"])
def test_a_command_to_come_is_not_mistaken_for_another(cli: Cli, word: str) -> None:
    ran = cli(word, "x")
    assert (ran.code, ran.out) == (2, "")
    assert re.search(r"'[a-z]+' is planned, and not in this version", ran.err)
    assert "Did you mean" not in ran.err


def test_a_command_that_exists_is_not_one_to_come() -> None:
    assert not set(TO_COME) & set(NAMES)


def test_an_option_before_its_command_is_not_mistaken_for_another(cli: Cli) -> None:
    err = cli("--json", "rows").err
    assert "--json is an option of `rows`; put it after the name of the command." in err
    assert "Did you mean" not in err
    assert "No such option '--jsn'" in cli("--jsn", "rows").err


def test_a_misspelled_option_gets_the_nearest_one(cli: Cli) -> None:
    assert "Did you mean '--profile'?" in cli("render", "csv", "--profle", "x").err
