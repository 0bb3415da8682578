"""The root command: commands found in the folder, help, and `--version`."""

import re
from pathlib import Path

import click
import pytest

import perimeter365.cli
from perimeter365 import __version__
from perimeter365.cli._app import app, version_text
from perimeter365.cli._command import SECTIONS
from perimeter365.errors import Perimeter365Error
from perimeter365.model.lookup import Index
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
def test_each_summary_is_short_and_never_cut(cli: Cli, monkeypatch: pytest.MonkeyPatch, group: str) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    listed = cli(*group.split(), "--help").out.splitlines()
    parent = app.get_command(None, group) if group else app
    assert isinstance(parent, click.Group)
    context = click.Context(parent)
    for name in parent.list_commands(context):
        command = parent.get_command(context, name)
        assert command is not None
        summary = command.get_short_help_str(500)
        assert len(summary) <= 50, f"{name}: {summary}"
        assert [line for line in listed if re.fullmatch(rf"  {name} +{re.escape(summary)}", line)], f"{name}: {summary}"


@pytest.mark.checkout
def test_help_names_the_glossary(cli: Cli) -> None:
    named = re.findall(r"docs/\S+\.md", cli("--help").out)
    assert named == ["docs/glossary.md"]
    assert all((ROOT / name).is_file() for name in named)


@pytest.mark.parametrize("name", NAMES)
def test_help_works_and_lists_the_command(cli: Cli, name: str) -> None:
    assert cli(name, "--help").code == 0
    assert re.search(rf"^  {name}  ", cli("--help").out, re.MULTILINE)


def test_no_argument_is_help_and_exit_2(cli: Cli) -> None:
    ran = cli()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Usage: perimeter365 ")


def test_the_version_lists_each_embedded_list_with_date_and_age(cli: Cli) -> None:
    ran = cli("--version")
    assert ran.code == 0
    assert ran.out == version_text() + "\n"
    assert ran.out.startswith(f"perimeter365 {__version__}\n")
    for cloud, version in Index.embedded().versions.items():
        day = f"{version[:4]}-{version[4:6]}-{version[6:8]}"
        assert re.search(rf"^  {cloud} +{version}  {day}, \d+ days old$", ran.out, re.MULTILINE)
