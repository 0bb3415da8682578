"""What all commands share: examples that run, and one value per option."""

import shlex
from pathlib import Path

import click
import pytest

from perimeter365.cli._app import app
from perimeter365.cli._command import PREFIX, QUERY, RENDER
from perimeter365.cli._declared import Declared
from tests.cli.conftest import Cli


def helps() -> dict[str, Declared]:
    """Return the command or group of each `--help`, by its words."""
    found: dict[str, Declared] = {"": app}
    for name in app.list_commands(None):
        command = app.get_command(None, name)
        assert isinstance(command, Declared), name
        found[name] = command
        if isinstance(command, click.Group):
            for inner in command.commands.values():
                assert isinstance(inner, Declared), inner.name
                found[f"{name} {inner.name}"] = inner
    return found


HELPS = helps()
EXAMPLES = [example for command in HELPS.values() for example in command.examples]


@pytest.mark.parametrize("words", HELPS)
def test_every_help_ends_with_examples_of_the_command(cli: Cli, words: str) -> None:
    examples = HELPS[words].examples
    assert examples
    shown = cli(*words.split(), "--help").out.partition("\nExamples:\n")[2]
    for example in examples:
        assert example.startswith(f"perimeter365 {words}".rstrip())
        assert f"  {example}\n" in shown
        assert len(f"  {example}") <= 80, example


def parse(example: str) -> click.Context:
    """Parse an example as the program does; return the context of its command."""
    program, *words = shlex.split(example, comments=True)
    assert program == "perimeter365"
    context = app.make_context(program, words, auto_envvar_prefix=PREFIX)
    while isinstance(context.command, click.Group):
        rest = [*context._protected_args, *context.args]
        name, command, rest = context.command.resolve_command(context, rest)
        assert command is not None
        context = command.make_context(name, rest, parent=context)
    return context


@pytest.mark.parametrize("example", dict.fromkeys(EXAMPLES))
def test_each_example_is_accepted_by_the_parser(example: str) -> None:
    assert not parse(example).args


def test_a_wrong_example_is_detected() -> None:
    for wrong in ("perimeter365 plan", "perimeter365 plan a b", "perimeter365 plan a --fromat csv", "perimeter365 pan a"):
        with pytest.raises(click.UsageError):
            parse(wrong)


RUN = [
    example
    for words, command in HELPS.items()
    if getattr(command, "section", "") in (QUERY, RENDER)
    for example in command.examples
    if words not in ("init", "demo")
    and not {"--strict", "--against"} & set(example.split())  # other exit codes; a version of a store
]


@pytest.mark.parametrize("example", RUN)
def test_the_examples_without_a_store_run(cli: Cli, profile: Path, example: str) -> None:
    words = shlex.split(example, comments=True)[1:]
    if words[0] == "losses":
        assert cli("render", "nftables", "--profile", str(profile), "-o", "out").code == 0
    ran = cli(*words)
    assert ran.code == 0, ran.err


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["plan", "p", "--format", "json", "--format", "csv"], "--format"),
        (["plan", "p", "--format", "json", "--format", "json"], "--format"),
        (["plan", "p", "--ahead", "--no-ahead"], "--ahead/--no-ahead"),
        (["render", "csv", "--profile", "p", "-o", "a", "--output", "b"], "--output"),
        (["versions", "--cloud", "china", "--cloud", "dod"], "--cloud"),
        (["--color", "never", "--color=always", "rows"], "--color"),
        (["held", "admit", "1", "--feeds", "a", "--feeds", "b"], "--feeds"),
    ],
)
def test_a_second_value_of_a_single_valued_option_is_refused(cli: Cli, words: list[str], name: str) -> None:
    ran = cli(*words)
    assert (ran.code, ran.out) == (2, "")
    assert f"Option '{name}' was given more than once; it takes one value." in ran.err


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["render", "pac", "--profile", "contoso.toml", "-O", "pac.mode=all", "-O", "pac.mode=optimize"], "pac.mode"),
        (["render", "pac", "--profile", "contoso.toml", "--limit", "pac.bytes=1", "--limit", "pac.bytes=2"], "pac.bytes"),
        (["sync", "--profile", "contoso.toml", "--fits", "pac.bytes=1", "--fits", "pac.bytes=2"], "pac.bytes"),
        (["plan", "contoso.toml", "--grace", "1", "--grace", "2"], "all categories"),
        (["plan", "contoso.toml", "--grace", "allow=1", "--grace", "allow=1"], "category allow"),
    ],
)
def test_a_repeatable_option_has_one_value_for_each_key(cli: Cli, profile: Path, words: list[str], what: str) -> None:
    ran = cli(*words)
    assert (ran.code, ran.out) == (2, "")
    assert f"{what} was given more than once; it takes one value" in ran.err


def test_repeatable_options_and_flags_may_be_repeated(cli: Cli, profile: Path) -> None:
    assert cli("show", "row/6", "--cloud", "worldwide", "--cloud", "china", "--json", "--json").code == 0
    # the value after the command name takes precedence, so that an alias can set one
    assert cli("--color", "always", "rows", "--color", "never").code == 0
    assert cli("plan", str(profile), "--grace", "1", "--grace", "allow=2", "--quiet").code == 0


def test_every_single_valued_option_is_checked() -> None:
    for words, command in HELPS.items():
        for option in command.params:
            if not isinstance(option, click.Option) or option.multiple or (option.is_flag and not option.secondary_opts):
                continue
            flags = [option.opts[0], option.secondary_opts[0]] if option.is_flag else [option.opts[0], "1"] * 2
            context = click.Context(command, info_name=words)
            with pytest.raises(click.UsageError, match="was given more than once"):
                command.parse_args(context, flags)
