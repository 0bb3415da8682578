"""`perimeter365 init`: write a commented profile template."""

from pathlib import Path

import click

from perimeter365.atomic import shared
from perimeter365.cli._command import RENDER, declare, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.errors import OutputError
from perimeter365.model.cloud import OPERATED

FITTING = ("hybrid", "cloud-only", "gcc-high", "china", "msp")
"""The profiles of `profiles/`, each for one kind of organization."""


@declare("init", RENDER)
@click.argument("file", metavar="[FILE]", type=click.Path(path_type=Path), default="perimeter365.toml", required=False)
@click.option("--from-scenario", type=click.Choice(FITTING), help="Write a profile for this kind of organization.")
@pass_settings
def command(settings: Settings, file: Path, from_scenario: str | None) -> None:
    """Write a commented profile template.

    FILE is perimeter365.toml by default; `-` is stdout. An existing file is never overwritten. The template shows
    everything that a profile can say; with --from-scenario, it is short and fits one kind of organization. All its
    addresses are documentation ranges.

    Examples:
        perimeter365 init
        perimeter365 init contoso.toml
        perimeter365 init --from-scenario hybrid
    """
    text = template(from_scenario)
    if str(file) == "-":
        print(text, end="")
        return
    try:
        with open(file, "x", encoding="utf-8", newline="\n", opener=shared) as out:
            out.write(text)
    except FileExistsError:
        raise OutputError(
            f"{file} already exists and was not changed", help="give another file name, or move this file away"
        ) from None
    settings.log(f"wrote {file}; edit it, then run: perimeter365 plan {file}")


def template(kind: str | None = None) -> str:
    """Return the commented profile of a kind (`FITTING`), or the one with every key."""
    from importlib.resources import files

    folder = files("perimeter365.cli")
    file = folder.joinpath("profiles", f"{kind}.toml") if kind else folder.joinpath("profile.toml")
    return file.read_text(encoding="utf-8").replace("<clouds>", ", ".join(cloud.value for cloud in OPERATED))
