"""Declaration of commands: names of environment variables, and shared options."""

import click
import pytest

from perimeter365.cli._app import app
from perimeter365.cli._command import per_cent, shared_options
from perimeter365.cli._variables import commands, variable
from tests.cli.conftest import Cli

ROOT = app.make_context("perimeter365", [], auto_envvar_prefix="PERIMETER365", resilient_parsing=True)
ALL = dict(commands(ROOT))

# Notification addresses are secrets of the machine, set once for all commands that notify.
COMMON = {
    "PERIMETER365_NOTIFY_TO": "PERIMETER365_NOTIFY",
    **{f"PERIMETER365_{name}_NOTIFY": "PERIMETER365_NOTIFY" for name in ("SYNC", "WATCH", "HELD_ADMIT", "HELD_REJECT")},
    **{
        f"PERIMETER365_{name}_NOTIFY_FILE": "PERIMETER365_NOTIFY_FILE"
        for name in ("SYNC", "WATCH", "HELD_ADMIT", "HELD_REJECT")
    },
    **{f"PERIMETER365_{name}_WITNESS": "PERIMETER365_WITNESS" for name in ("SYNC", "WATCH")},
}


def test_a_variable_is_the_command_and_the_option_in_capitals() -> None:
    for path, context in ALL.items():
        text = " ".join(context.get_help().split()).replace(" ", "").replace("envvar:", " ")
        for option in context.command.params:
            if isinstance(option, click.Option) and not option.hidden:
                flag = max(option.opts, key=len).removeprefix("--")
                expected = f"PERIMETER365_{path}_{flag}".upper().replace(".", "_").replace("-", "_")
                expected = COMMON.get(expected, expected)
                assert variable(context, option) == expected
                assert expected in text


def test_every_command_accepts_the_shared_options() -> None:
    shared = {option.name for option in shared_options()}
    assert [path for path, context in ALL.items() if not shared <= {p.name for p in context.command.params}] == []


def test_a_shared_option_is_accepted_before_and_after_the_name(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERIMETER365_CATALOG", "from-env")
    assert "from-env is not a folder" in cli("rows").err
    assert "before is not a folder" in cli("--catalog", "before", "rows").err
    assert "after is not a folder" in cli("--catalog", "before", "rows", "--catalog", "after").err


@pytest.mark.parametrize(("text", "value"), [("5", 5.0), ("5%", 5.0), ("0.5%", 0.5), (None, None)])
def test_per_cent_reads_numbers(text: str | None, value: float | None) -> None:
    command = click.Command("x")
    assert per_cent(click.Context(command), click.Option(["--x"]), text) == value


@pytest.mark.parametrize("text", ["", "-1", "x", "nan", "inf", "5%%"])
def test_per_cent_rejects_other_values(text: str) -> None:
    with pytest.raises(click.BadParameter):
        per_cent(click.Context(click.Command("x")), click.Option(["--x"]), text)
