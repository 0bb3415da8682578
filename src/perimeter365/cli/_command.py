"""Declaration of commands: each public module defines `command` with `@declare`.

Every option has an environment variable: PERIMETER365_, the command and the option, in upper case with `_` for `-`:
PERIMETER365_PLAN_FORMAT for `plan --format`. Shared options omit the command: PERIMETER365_CATALOG.
"""

from collections.abc import Callable
from typing import Any

import click

from perimeter365.cli._declared import Declared, DeclaredGroup
from perimeter365.cli._settings import Settings

PREFIX = "PERIMETER365"
QUERY, RENDER, VERSIONS = "Query the catalog", "Plan and render", "Manage versions"
OTHER = "Other commands"
SECTIONS = (QUERY, RENDER, VERSIONS, OTHER)
"""The sections of the list of commands, in order."""


def shared_options() -> list[click.Option]:
    """Return the options that are accepted both before and after the command name."""
    made = [
        click.Option(
            ["--catalog"],
            metavar="DIR",
            help="Catalog to use: a folder of facts, a store, or `embedded` for the one in the package.",
        ),
        click.Option(["--store"], metavar="URL", help="Store of versions: a path, or postgresql://USER@HOST/DATABASE."),
        click.Option(
            ["--color"],
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            show_default=True,
            help="Color; auto: on a terminal, unless NO_COLOR is set; never: no escape sequence on stdout or stderr.",
        ),
        click.Option(["--quiet"], is_flag=True, help="Print only errors, held states and failures on stderr."),
    ]
    for option in made:
        option.envvar = f"{PREFIX}_{str(option.name).upper()}"
        option.show_envvar = True
        option.expose_value = False
        option.callback = _store_value
        option.is_eager = option.name in ("catalog", "store")  # other options may need the store
    return made


def _store_value(ctx: click.Context, option: click.Parameter, value: Any) -> Any:
    """Store the value of a shared option in the settings.

    A flag after the command name takes precedence over one before it, and both over the environment.
    """
    settings = ctx.ensure_object(Settings)
    source = ctx.get_parameter_source(str(option.name))
    if source is click.ParameterSource.ENVIRONMENT and isinstance(value, str) and str(option.name) in ("catalog", "store"):
        value = value.strip() or None  # like `Workspace.from_environment`
    if ctx.parent is None or source is click.ParameterSource.COMMANDLINE:
        setattr(settings, str(option.name), value)
    return value


class Command(Declared):
    """A command with the shared options and an environment variable per option."""

    section = OTHER

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.epilog = "Shared options: --catalog, --store, --color, --quiet; see `perimeter365 --help`."
        for param in self.params:
            if isinstance(param, click.Option):
                param.show_envvar = True
        for option in shared_options():
            option.hidden = True  # listed once, in the help of the root command
            self.params.append(option)


class Group(DeclaredGroup):
    """A group of commands, such as `held`. Its options belong to its commands."""

    section = OTHER


class SecretOption(click.Option):
    """An option whose value may be a secret, which `config show` does not print."""


def declare(name: str, section: str, **attributes: Any) -> Callable[[Callable[..., Any]], Command]:
    """Declare a command. Its return value is the exit code; None means 0."""

    def make(function: Callable[..., Any]) -> Command:
        made = click.command(name, cls=Command, **attributes)(function)
        made.section = section
        return made

    return make


def declare_group(name: str, section: str, cls: type[Group] = Group) -> Callable[[Callable[..., Any]], Group]:
    """Declare a group of commands."""

    def make(function: Callable[..., Any]) -> Group:
        made = click.group(name, cls=cls)(function)
        made.section = section
        return made

    return make


pass_settings = click.make_pass_decorator(Settings, ensure=True)

json_option = click.option("--json", is_flag=True, help="Print one JSON document on stdout.")


def per_cent(ctx: click.Context, option: click.Parameter, text: str | None) -> float | None:
    """Parse a percentage for an option: `5`, `0.5` or `5%`."""
    if text is None:
        return None
    try:
        value = float(text.removesuffix("%"))
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise click.BadParameter(f"{text!r} is not a percentage; expected, for example, 5%", ctx=ctx, param=option)
    return value
