"""What commands and groups share: examples, whole summaries, one value per option.

The examples of a command are the lines below `Examples:` in its docstring. They are printed at the end of the help and of
the manual page, and a test runs each of them through the parser.
"""

import inspect
from collections.abc import Iterator, Sequence
from typing import Any

import click

_HEADING = "\n\nExamples:\n"


class Declared(click.Command):
    """The base class of commands and groups."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text, _, examples = inspect.cleandoc(self.help or "").partition(_HEADING)
        self.help = text
        self.examples = tuple(line.strip() for line in examples.splitlines() if line.strip())
        """Command lines, each with an optional comment after `#`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, and refuse a second value of a single-valued option."""
        if not ctx.resilient_parsing:
            for option in repeated(self.make_parser(ctx).parse_args(list(args))[2]):
                name = "/".join([max(option.opts, key=len), *option.secondary_opts])
                raise click.BadOptionUsage(name, f"Option {name!r} was given more than once; it takes one value.", ctx)
        return super().parse_args(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, then the epilog."""
        if self.examples:
            with formatter.section("Examples"):
                formatter.write("".join(f"{' ' * formatter.current_indent}{line}\n" for line in self.examples))
        super().format_epilog(ctx, formatter)


class DeclaredGroup(Declared, click.Group):
    """A group whose help shows the whole summary of each command."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        for title, commands in self.sections(ctx):
            with formatter.section(title):
                formatter.write_dl([(name, summary(command)) for name, command in commands])

    def sections(self, ctx: click.Context) -> Iterator[tuple[str, list[tuple[str, click.Command]]]]:
        """Yield the sections of the list of commands: title, and commands by name."""
        names = self.list_commands(ctx)
        yield "Commands", [(name, found) for name in names if (found := self.get_command(ctx, name))]


def summary(command: click.Command) -> str:
    """Return the summary of a command, uncut.

    click would cut it to the width of the terminal.
    """
    return command.get_short_help_str(1_000)


def repeated(given: Sequence[click.Parameter]) -> Iterator[click.Option]:
    """Yield the single-valued options that occur more than once.

    A flag without an opposite (`--json`) may be repeated, since that changes nothing.
    """
    seen: set[click.Option] = set()
    for option in (each for each in given if isinstance(each, click.Option)):
        single = not (option.multiple or option.count) and (option.secondary_opts or not option.is_flag)
        if single and option in seen:
            yield option
        seen.add(option)
