"""`perimeter365 export`: a folder of lists with checksums, for machines that cannot ask Microsoft."""

from pathlib import Path

import click

from perimeter365.cli._command import KEEP, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import asked, clouds_option
from perimeter365.model.cloud import Cloud


@declare("export", KEEP)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@clouds_option
@click.option("--last", metavar="N", type=click.IntRange(1), help="Only the newest N versions of each cloud.")
@json_option
@pass_settings
def command(settings: Settings, folder: Path, cloud: list[Cloud], last: int | None, json: bool) -> None:
    """Write the synced lists into a folder.

    With change records and checksums, for `sync --from DIR` on another machine.

    What is pinned is the newest of its cloud there; what is held is not written. The same store gives the same bytes;
    files that would not change are left alone. DIR may be a checkout of git.
    """
    from perimeter365.follow.carry import export

    with asked(settings) as store:
        done = export(store, folder, cloud, last=last)
    if json:
        print_json(done.to_dict())
        return
    lists = ", ".join(f"{number} of {name}" for name, number in done.lists.items())
    settings.say(f"lists in {folder}: {lists}")
    settings.say(f"files: {done.written} written, {done.unchanged} unchanged, {done.removed} removed")
