"""`perimeter365 export`: a folder of lists, for machines without internet access."""

from pathlib import Path

import click

from perimeter365.cli._command import VERSIONS, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import clouds_option, open_reader
from perimeter365.model.cloud import Cloud


@declare("export", VERSIONS)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@clouds_option
@click.option("--last", metavar="N", type=click.IntRange(1), help="Only the newest N versions of each cloud.")
@json_option
@pass_settings
def command(settings: Settings, folder: Path, cloud: list[Cloud], last: int | None, json: bool) -> None:
    """Write the synced lists into a folder.

    The folder also contains change records and checksums. On another machine, read it with `sync --from DIR`.

    A pinned version is exported as the newest one of its cloud; held states are not exported. The output is
    deterministic, and unchanged files are not rewritten. DIR may be a Git checkout.

    Examples:
        perimeter365 export lists
        perimeter365 export lists --cloud worldwide --last 10
    """
    from perimeter365.follow.carry import export

    with open_reader(settings) as store:
        done = export(store, folder, cloud, last=last)
    if json:
        print_json(done.to_dict())
        return
    lists = ", ".join(f"{number} of {name}" for name, number in done.lists.items())
    settings.log(f"lists in {folder}: {lists}")
    settings.log(f"files: {done.written} written, {done.unchanged} unchanged, {done.removed} removed")
