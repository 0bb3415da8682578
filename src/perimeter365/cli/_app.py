"""The root command. Commands are found in this folder and imported on first use."""

import os
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import click

import perimeter365.cli
from perimeter365.cli._command import PREFIX, SECTIONS, shared_options
from perimeter365.cli._declared import DeclaredGroup, summary
from perimeter365.cli._settings import Settings
from perimeter365.cli._variables import warn_of_unknown
from perimeter365.errors import Perimeter365Error, nearest

COMPLETE = f"_{PREFIX}_COMPLETE"
"""The environment variable through which a shell requests completions."""


TO_COME = ("audit", "bypass", "check", "classify", "observe", "simulate")
"""Names of commands that are reserved and not available yet; another command is never proposed for them."""


class Commands(DeclaredGroup):
    """The commands of this folder: `init` in `init.py`, `import` in `import_.py`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options before the command name.

        `--version` uses all of them, wherever it stands.
        """
        try:
            rest = super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            name = next((word for word in args if not word.startswith("-")), "")
            command = self.get_command(ctx, name)
            if command and any(error.option_name in option.opts for option in command.params):
                raise click.UsageError(
                    f"{error.option_name} is an option of `{name}`; put it after the name of the command.", ctx
                ) from None
            raise
        if ctx.params.get("version") and not ctx.resilient_parsing:
            from perimeter365.cli._version import version_text

            click.echo(version_text(ctx.ensure_object(Settings)))
            ctx.exit()
        return rest

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
            near = nearest(args[0], [*self.list_commands(ctx), *TO_COME])
            if near in TO_COME:
                raise click.UsageError(f"No such command {args[0]!r}. {near!r} is planned, and not in this version.", ctx)
            hint = f"Did you mean {near!r}?" if near else f"Commands: {', '.join(self.list_commands(ctx))}."
            raise click.UsageError(f"No such command {args[0]!r}. {hint}", ctx)
        return super().resolve_command(ctx, args)

    def sections(self, ctx: click.Context) -> Iterator[tuple[str, list[tuple[str, click.Command]]]]:
        """Yield the sections of `SECTIONS` that have a command."""
        commands = [(name, command) for name in self.list_commands(ctx) if (command := self.get_command(ctx, name))]
        for title in SECTIONS:
            if chosen := [(n, c) for n, c in commands if getattr(c, "section", SECTIONS[-1]) == title]:
                yield title, chosen


def overview(ctx: click.Context) -> str:
    """Return what the program prints without arguments: examples and command names."""
    formatter = ctx.make_formatter()
    formatter.write_text(summary(app))
    with formatter.section("Examples"):
        formatter.write("".join(f"  {line}\n" for line in app.examples))
    with formatter.section("Commands"):
        formatter.write_dl([(title, ", ".join(name for name, _ in commands)) for title, commands in app.sections(ctx)])
    formatter.write_paragraph()
    formatter.write_text("See `perimeter365 --help`, or `perimeter365 COMMAND --help` for one command.")
    return formatter.getvalue()


@click.group(
    cls=Commands,
    params=[*shared_options()],
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Words such as held, pinned and in force are defined in docs/glossary.md.",
)
@click.option(
    "--version",
    is_flag=True,
    allow_from_autoenv=False,
    help="Print the version, the list in force of each cloud, and the extras.",
)
def app(version: bool) -> None:
    """Plan Microsoft 365 network requirements and render device configurations.

    Every option can also be set by an environment variable; `perimeter365 config show` lists them.

    Examples:
        perimeter365 demo                 # render an example organization into out/
        perimeter365 lookup 40.96.0.1     # which entries contain an address or host
        perimeter365 init contoso.toml    # a profile to edit, then plan and render it
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
        if not arguments:
            click.echo(overview(click.Context(app, info_name="perimeter365", **extra)), nl=False)
            return 0
        with app.make_context("perimeter365", list(arguments), **extra) as ctx:  # click consumes its list
            warn_of_unknown(ctx)
            settings = ctx.ensure_object(Settings)
            code = 1
            try:
                code = int(app.invoke(ctx) or 0)
            finally:
                settings.flush(failed=code != 0)
            return code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.exceptions.Exit as error:
        return error.exit_code
