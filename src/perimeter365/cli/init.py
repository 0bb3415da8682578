"""`perimeter365 init`: writes a commented profile to start from."""

from pathlib import Path

import click

from perimeter365.cli._command import MAKE, declare, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.errors import OutputError


@declare("init", MAKE)
@click.argument("file", metavar="[FILE]", type=click.Path(path_type=Path), default="perimeter365.toml", required=False)
@pass_settings
def command(settings: Settings, file: Path) -> None:
    """Write a commented profile to start from.

    FILE is perimeter365.toml unless you name another, `-` is stdout. An existing file is never overwritten.
    """
    text = template()
    if str(file) == "-":
        print(text, end="")
        return
    try:
        with file.open("x", encoding="utf-8", newline="\n") as out:
            out.write(text)
    except FileExistsError:
        raise OutputError(f"{file} exists and stays as it is", help="name another file, or move this one away") from None
    settings.say(f"wrote {file}; fill it in, then: perimeter365 plan {file}")


def template() -> str:
    """The commented profile."""
    from importlib.resources import files

    return files("perimeter365.cli").joinpath("profile.toml").read_text(encoding="utf-8")
