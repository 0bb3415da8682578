"""The root command. Commands are found in this folder and imported on first use."""

import os
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import click

import perimeter365.cli
from perimeter365 import __version__
from perimeter365.cli._command import PREFIX, SECTIONS, shared_options
from perimeter365.errors import Perimeter365Error, nearest

COMPLETE = f"_{PREFIX}_COMPLETE"
"""The environment variable through which a shell requests completions."""


class Commands(click.Group):
    """The commands of this folder: `init` in `init.py`, `import` in `import_.py`."""

    def list_commands(self, ctx: click.Context | None) -> list[str]:
        """List all names in alphabetical order.

        Raises Perimeter365Error if there is no command.
        """
        found = [m.name.rstrip("_") for m in iter_modules(perimeter365.cli.__path__) if not m.name.startswith("_")]
        if not found:
            raise Perimeter365Error("perimeter365.cli has no command", help="files are missing; reinstall perimeter365")
        return sorted(found)

    def get_command(self, ctx: click.Context | None, cmd_name: str) -> click.Command | None:
        """Return the command with this name, or None."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"perimeter365.cli.{cmd_name}{'_' * (cmd_name == 'import')}")
        found: click.Command = module.command
        return found

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve a command like click, but suggest the nearest name in the error message."""
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            near = nearest(args[0], self.list_commands(ctx))
            hint = f"Did you mean {near!r}?" if near else f"Commands: {', '.join(self.list_commands(ctx))}."
            raise click.UsageError(f"No such command {args[0]!r}. {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands by section."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        for title in SECTIONS:
            chosen = [(n, c) for n, c in commands if c and getattr(c, "section", SECTIONS[-1]) == title]
            if chosen:
                room = formatter.width - 6 - max(len(name) for name, _ in commands)
                with formatter.section(title):
                    formatter.write_dl([(n, c.get_short_help_str(room)) for n, c in chosen])


def version_text() -> str:
    """Return the output of `--version`, with date and age of each embedded list."""
    from perimeter365.cli._age import age
    from perimeter365.model.lookup import Index
    from perimeter365.model.quantity import quantity
    from perimeter365.model.version import Version

    lines = [f"perimeter365 {__version__}", "embedded catalog:"]
    for cloud, version in Index.embedded().versions.items():
        days = age(version)
        dated = f"  {Version(version).day}, {quantity(days, 'day')} old" if days is not None else ""
        lines.append(f"  {cloud:<10} {version}{dated}")
    return "\n".join(lines)


def _print_version(ctx: click.Context, option: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(version_text())
        ctx.exit()


@click.group(
    cls=Commands,
    params=[*shared_options()],
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Words such as held, pinned and in force are defined in docs/glossary.md.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    allow_from_autoenv=False,
    callback=_print_version,
    help="Print the version, and the version, date and age of each embedded list.",
)
def app() -> None:
    """Plan Microsoft 365 network requirements and render device configurations.

    Every option can also be set by an environment variable; `perimeter365 config show` lists them.
    """


def invoke(arguments: list[str]) -> int:
    """Run a command line through click and return its exit code.

    Errors are raised to the caller.
    """
    extra: dict[str, Any] = {"auto_envvar_prefix": PREFIX}
    if instruction := os.environ.get(COMPLETE):
        from click.shell_completion import shell_complete

        return shell_complete(app, extra, "perimeter365", COMPLETE, instruction)
    try:
        with app.make_context("perimeter365", arguments, **extra) as ctx:
            return int(app.invoke(ctx) or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.exceptions.Exit as error:
        return error.exit_code
