"""How commands are declared: a module of this folder is a command, and it holds `command`, made by `@declare(...)`.

Every option has an environment variable by one rule: PERIMETER365_, the command, the option, in capitals with `_` for
`-`: PERIMETER365_PLAN_FORMAT for `plan --format`. The shared options leave the command out: PERIMETER365_CATALOG.
"""

from collections.abc import Callable
from typing import Any

import click

from perimeter365.cli._settings import Settings

PREFIX = "PERIMETER365"
ASK, MAKE, KEEP = "Ask the catalog", "Plan and render", "Keep versions"
OTHER = "Everything else"
SECTIONS = (ASK, MAKE, KEEP, OTHER)
"""The sections of the list of commands, in its order."""


def shared_options() -> list[click.Option]:
    """The options that stand before a command's name and behind it alike."""
    made = [
        click.Option(
            ["--catalog"],
            metavar="DIR",
            help="Read another catalog: a folder of facts, a store, or `embedded` for the one inside of the package.",
        ),
        click.Option(["--store"], metavar="URL", help="The store of versions: a path, or postgresql://USER@HOST/DATABASE."),
        click.Option(
            ["--color"],
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            show_default=True,
            help="Color on stdout. auto: on a terminal, unless NO_COLOR is set.",
        ),
        click.Option(["--quiet"], is_flag=True, help="No talk on stderr; errors are still said."),
    ]
    for option in made:
        option.envvar = f"{PREFIX}_{str(option.name).upper()}"
        option.show_envvar = True
        option.expose_value = False
        option.callback = _keep
    return made


def _keep(ctx: click.Context, option: click.Parameter, value: Any) -> Any:
    """Keep a shared option's value; a flag behind the command's name wins over one before it, and that over the rest."""
    settings = ctx.ensure_object(Settings)
    source = ctx.get_parameter_source(str(option.name))
    if source is click.ParameterSource.ENVIRONMENT and isinstance(value, str) and str(option.name) in ("catalog", "store"):
        value = value.strip() or None  # as `Workspace.from_environment` reads them
    if ctx.parent is None or source is click.ParameterSource.COMMANDLINE:
        setattr(settings, str(option.name), value)
    return value


class Command(click.Command):
    """A command with the shared options, whose other options show their environment variables."""

    section = OTHER

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.epilog = "Shared options: --catalog, --store, --color, --quiet; see `perimeter365 --help`."
        for param in self.params:
            if isinstance(param, click.Option):
                param.show_envvar = True
        for option in shared_options():
            option.hidden = True  # told once, by the root
            self.params.append(option)


class SecretOption(click.Option):
    """An option whose value may hold a password or a token: `config show` says only that it is set."""


def declare(name: str, section: str, **attributes: Any) -> Callable[[Callable[..., Any]], Command]:
    """Declare a command. What it returns is the exit code; None is 0."""

    def make(function: Callable[..., Any]) -> Command:
        made = click.command(name, cls=Command, **attributes)(function)
        made.section = section
        return made

    return make


pass_settings = click.make_pass_decorator(Settings, ensure=True)

json_option = click.option("--json", is_flag=True, help="One JSON document on stdout.")


def per_cent(ctx: click.Context, option: click.Parameter, text: str | None) -> float | None:
    """A callback that reads `5`, `0.5` or `5%`."""
    if text is None:
        return None
    try:
        value = float(text.removesuffix("%"))
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise click.BadParameter(f"{text!r} is not a percentage such as 5%", ctx=ctx, param=option)
    return value
