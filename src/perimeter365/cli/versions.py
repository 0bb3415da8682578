"""`perimeter365 versions`: the stored versions of the lists, and the one in force."""

from perimeter365.cli._command import VERSIONS, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import cloud_option, open_reader_if_present
from perimeter365.model.cloud import Cloud


@declare("versions", VERSIONS)
@cloud_option
@json_option
@pass_settings
def command(settings: Settings, cloud: Cloud | None, json: bool) -> None:
    """List the stored versions, oldest first.

    Versions with the same content have the same hash. If no stored version is in force, the embedded list is.

    Examples:
        perimeter365 versions
        perimeter365 versions --cloud china --json
    """
    from perimeter365.show.tables import Table

    with open_reader_if_present(settings) as store:
        found = store.versions(cloud) if store else ()
        force = {(f.cloud, f.version): f for f in store.in_force()} if store else {}
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
    else:
        settings.log("no version has been synced or imported yet; the embedded lists are in force")
