"""`perimeter365 init`: write a commented profile template."""

from pathlib import Path

import click

from perimeter365.cli._command import RENDER, declare, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.errors import OutputError


@declare("init", RENDER)
@click.argument("file", metavar="[FILE]", type=click.Path(path_type=Path), default="perimeter365.toml", required=False)
@pass_settings
def command(settings: Settings, file: Path) -> None:
    """Write a commented profile template.

    FILE is perimeter365.toml by default; `-` is stdout. An existing file is never overwritten.
    """
    text = template()
    if str(file) == "-":
        print(text, end="")
        return
    try:
        with file.open("x", encoding="utf-8", newline="\n") as out:
            out.write(text)
    except FileExistsError:
        raise OutputError(
            f"{file} already exists and was not changed", help="give another file name, or move this file away"
        ) from None
    settings.log(f"wrote {file}; edit it, then run: perimeter365 plan {file}")


def template() -> str:
    """Return the commented profile."""
    from importlib.resources import files

    return files("perimeter365.cli").joinpath("profile.toml").read_text(encoding="utf-8")
