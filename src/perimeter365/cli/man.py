"""`perimeter365 man`: write manual pages, generated from the help of commands."""

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from perimeter365 import __version__
from perimeter365.atomic import make_folder, replace
from perimeter365.cli._command import OTHER, declare, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.cli._variables import commands, variable

_EXIT_STATUS = (
    "0 success; 1 negative result; 2 invalid usage or input; 3 upstream or network failure; 4 held for a decision; "
    "5 loss with \\-\\-strict; 70 internal error; 130 interrupted."
)


@declare("man", OTHER)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@pass_settings
@click.pass_context
def command(ctx: click.Context, settings: Settings, folder: Path) -> None:
    """Write manual pages into DIR.

    The pages are perimeter365.1 and one per command, such as perimeter365-plan.1.

    After `perimeter365 man ~/.local/share/man/man1`, `man perimeter365-plan` works.

    Examples:
        perimeter365 man ~/.local/share/man/man1
    """
    make_folder(folder)
    pages = dict(man_pages(ctx.find_root()))
    for name, text in pages.items():
        replace(folder / f"{name}.1", text.encode("utf-8"))
    settings.log(f"wrote {len(pages)} pages into {folder}")


def man_pages(root: click.Context) -> Iterator[tuple[str, str]]:
    """Yield (name, roff text) of each page.

    Pages contain no date, so the output is reproducible.
    """
    found = list(commands(root))
    names = [f"perimeter365-{path.replace('.', '-')}" for path, _ in found]
    yield "perimeter365", _page("perimeter365", root, names)
    for name, (_, context) in zip(names, found, strict=True):
        yield name, _page(name, context, ["perimeter365"])


def _page(name: str, ctx: click.Context, others: list[str]) -> str:
    this = ctx.command
    usage = " ".join(this.collect_usage_pieces(ctx))
    lines = [
        f'.TH "{name.upper()}" "1" "" "perimeter365 {__version__}" "perimeter365"',
        ".SH NAME",
        f"{_text(name)} \\- {_text(this.get_short_help_str(300))}",
        ".SH SYNOPSIS",
        f"\\fB{_text(ctx.command_path)}\\fR {_text(usage)}",
        ".SH DESCRIPTION",
        *_paragraphs(this.help or ""),
        ".SH OPTIONS",
    ]
    for option in (p for p in this.params if isinstance(p, click.Option)):
        record = None if option.hidden else option.get_help_record(ctx)
        if record:
            heading = f"\\fB{_text(record[0])}\\fR"
            lines += [".TP", heading, _text(option.help or "")]
            if option.allow_from_autoenv:
                lines += [".br", f"Environment variable: {_text(variable(ctx, option))}"]
    if examples := getattr(this, "examples", ()):
        lines += [".SH EXAMPLES", ".nf", *map(_text, examples), ".fi"]
    lines += [
        ".SH EXIT STATUS",
        _EXIT_STATUS,
        ".SH SEE ALSO",
        ", ".join(f"\\fB{_text(other)}\\fR(1)" for other in others),
    ]
    return "\n".join(lines) + "\n"


def _paragraphs(help_text: str) -> Iterator[str]:
    for block in inspect.cleandoc(help_text).replace("\b\n", "\b").split("\n\n"):
        verbatim = block.startswith("\b")
        lines = block.removeprefix("\b").splitlines()
        yield ".PP"
        yield from ([".nf", *map(_text, lines), ".fi"] if verbatim else [_text(" ".join(lines))])


def _text(text: str) -> str:
    """Escape backslashes, leading requests and non-ASCII characters for roff."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = "".join(c if c.isascii() else f"\\[u{ord(c):04X}]" for c in text)
    return f"\\&{text}" if text.startswith((".", "'")) else text
