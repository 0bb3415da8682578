"""`perimeter365 versions`: the versions of the lists that the store holds, and which one is in force."""

from perimeter365.cli._command import KEEP, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import asked_if_there, cloud_option
from perimeter365.model.cloud import Cloud


@declare("versions", KEEP)
@cloud_option
@json_option
@pass_settings
def command(settings: Settings, cloud: Cloud | None, json: bool) -> None:
    """List the stored versions, oldest first.

    Versions with the same content share their hash. Without any version in force the embedded list is.
    """
    from perimeter365.show.tables import Table

    with asked_if_there(settings) as store:
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
        settings.tables([Table(title="Versions", columns=columns, rows=tuple(rows))])
    else:
        settings.say("no version was synced or imported yet; the embedded lists are in force")
