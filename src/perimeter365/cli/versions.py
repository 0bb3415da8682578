"""`perimeter365 versions`: the stored versions of the lists, and the one in force."""

import click

from perimeter365.cli._command import VERSIONS, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import cloud_option, open_reader_if_present
from perimeter365.model.cloud import Cloud


@declare("versions", VERSIONS)
@cloud_option
@click.option("--last", metavar="N", type=click.IntRange(1), help="Only the newest N versions of each cloud.")
@click.option("--in-force", is_flag=True, help="Only the version in force of each cloud, pinned or not.")
@json_option
@pass_settings
def command(settings: Settings, cloud: Cloud | None, last: int | None, in_force: bool, json: bool) -> None:
    """List the stored versions, oldest first.

    Versions with the same content have the same hash. If no stored version is in force, the embedded list is.

    Examples:
        perimeter365 versions
        perimeter365 versions --in-force
        perimeter365 versions --cloud china --last 3 --json
    """
    from perimeter365.show.tables import Table

    with open_reader_if_present(settings) as store:
        found = store.versions(cloud) if store else ()
        if store:
            store.check_contents(cloud)
        store_is_empty = not found
        force = {(f.cloud, f.version): f for f in store.in_force()} if store else {}
    if in_force:
        found = tuple(each for each in found if (each.cloud, each.version) in force)
    if last:
        newest = {each: [v.version for v in found if v.cloud == each][-last:] for each in {v.cloud for v in found}}
        found = tuple(each for each in found if each.version in newest[each.cloud])
    if json:
        print_json([version.to_dict() for version in found])
        return
    rows = []
    for version in found:
        head = force.get((version.cloud, version.version))
        state = "" if head is None else "pinned" if head.pinned else "in force"
        cells = (str(version.cloud), version.version, version.origin, version.day, version.hash[:12], state)
        rows.append(cells)
    if rows:
        columns = ("cloud", "version", "origin", "seen", "content", "")
        settings.print_tables([Table(title="Versions", columns=columns, rows=tuple(rows))])
    elif store_is_empty:
        settings.log("no version has been synced or imported yet; the embedded lists are in force")
    elif in_force:
        settings.log("no stored version is in force; the embedded lists are")
