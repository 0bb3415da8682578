"""`perimeter365 timeline`: a drawing of the changes over time."""

import shutil
from pathlib import Path

import click

from perimeter365.cli._command import VERSIONS, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import cloud_option, open_reader
from perimeter365.errors import InputError
from perimeter365.model.cloud import Cloud

NOTHING_FOUND = 1


@declare("timeline", VERSIONS)
@click.argument("old", metavar="[A]", default="")
@click.argument("new", metavar="[B]", default="")
@cloud_option
@click.option(
    "--profile", metavar="FILE", type=click.Path(path_type=Path), help="Only changes that affect the plan of this profile."
)
@click.option("--lane", metavar="L", multiple=True, help="Only this lane: teams/allow, row/6 …; repeatable.")
@click.option("--svg", metavar="FILE", type=click.Path(path_type=Path), help="Also write the drawing as SVG.")
@click.option(
    "--html", metavar="FILE", type=click.Path(path_type=Path), help="Also write an HTML page with the drawing and a table."
)
@json_option
@pass_settings
def command(
    settings: Settings,
    old: str,
    new: str,
    cloud: Cloud | None,
    profile: Path | None,
    lane: tuple[str, ...],
    svg: Path | None,
    html: Path | None,
    json: bool,
) -> int:
    """Draw the changes between two versions.

    The drawing shows what was added, removed, moved and changed from A to B. Without A and B, it covers all stored
    versions.

    A and B are versions (2026080200) or dates (2026-08-02: the list known on that date). Lanes are service areas and
    categories; with --profile also the rows that refer to endpoint sets. Without --cloud, draw every cloud with stored
    versions. Exit code 1 if there is none.

    Examples:
        perimeter365 timeline
        perimeter365 timeline 2026-01-01 2026-08-02 --svg timeline.svg
    """
    from perimeter365.atomic import write
    from perimeter365.history.draw import picture
    from perimeter365.history.draw.timeline import timeline
    from perimeter365.show.drawing import BLOCKS, DIGITS

    if svg and svg == html:
        raise InputError(f"--svg and --html both name {svg}", help="give two different files")
    own = settings.load_profile(profile) if profile else None
    catalog = settings.load_catalog() if own else None
    with open_reader(settings) as store:
        clouds = [cloud] if cloud else [c for c in (own.clouds if own else store.clouds()) if store.versions(c)]
        drawn = [timeline(store, each, old, new, profile=own, catalog=catalog) for each in clouds]
    found = [each.only(lane) if lane else each for each in drawn if each]
    if svg:
        write(svg, picture.timeline_svg(found).encode())
        settings.log(f"wrote {svg}")
    if html:
        write(html, picture.timeline_page(found).encode())
        settings.log(f"wrote {html}")
    if json:
        print_json([each.to_dict() for each in found])
    else:
        width, glyphs = shutil.get_terminal_size((100, 24)).columns, BLOCKS if settings.can_print(BLOCKS) else DIGITS
        print(
            "\n".join("".join(f"{line}\n" for line in picture.timeline_lines(each, width, glyphs)) for each in found), end=""
        )
    if not found:
        settings.log("the store has no version in this range; `perimeter365 versions` lists the stored versions")
    return 0 if found else NOTHING_FOUND
