"""`perimeter365 timeline`: what came and went over time, as a picture."""

import shutil
from pathlib import Path

import click

from perimeter365.cli._command import KEEP, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import asked, cloud_option
from perimeter365.errors import InputError
from perimeter365.model.cloud import Cloud

NOTHING_FOUND = 1


@declare("timeline", KEEP)
@click.argument("old", metavar="[A]", default="")
@click.argument("new", metavar="[B]", default="")
@cloud_option
@click.option(
    "--profile", metavar="FILE", type=click.Path(path_type=Path), help="Only what touches this organization's plan."
)
@click.option("--svg", metavar="FILE", type=click.Path(path_type=Path), help="Also draw it as SVG.")
@click.option("--html", metavar="FILE", type=click.Path(path_type=Path), help="Also write a page: the picture and a table.")
@json_option
@pass_settings
def command(
    settings: Settings,
    old: str,
    new: str,
    cloud: Cloud | None,
    profile: Path | None,
    svg: Path | None,
    html: Path | None,
    json: bool,
) -> int:
    """Draw the changes between two versions.

    What was added, removed, moved and changed from A to B; without them, in the whole store.

    A and B are versions (2026080200) or days (2026-08-02: what was known then). Lanes are service areas and categories;
    with --profile also the rows that follow the web service. Without --cloud every cloud of which the store has versions.
    Exit code 1 when there is none.
    """
    from perimeter365.atomic import write
    from perimeter365.history.draw import picture
    from perimeter365.history.draw.timeline import timeline
    from perimeter365.show.drawing import BLOCKS, DIGITS

    if svg and svg == html:
        raise InputError(f"--svg and --html both name {svg}", help="give the picture and the page a file each")
    own = settings.load_profile(profile) if profile else None
    catalog = settings.load_catalog() if own else None
    with asked(settings) as store:
        clouds = [cloud] if cloud else [c for c in (own.clouds if own else Cloud) if store.versions(c)]
        drawn = [timeline(store, each, old, new, profile=own, catalog=catalog) for each in clouds]
    found = [each for each in drawn if each]
    if svg:
        write(svg, picture.svg(found).encode())
        settings.say(f"the picture is in {svg}")
    if html:
        write(html, picture.page(found).encode())
        settings.say(f"the page is in {html}")
    if json:
        print_json([each.to_dict() for each in found])
    else:
        width, glyphs = shutil.get_terminal_size((100, 24)).columns, BLOCKS if settings.draws(BLOCKS) else DIGITS
        print("\n".join("".join(f"{line}\n" for line in picture.terminal(each, width, glyphs)) for each in found), end="")
    if not found:
        settings.say("the store has no version to show; `perimeter365 versions` lists what it has")
    return 0 if found else NOTHING_FOUND
