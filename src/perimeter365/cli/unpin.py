"""`perimeter365 unpin`: put the newest synced version into force again."""

from perimeter365.cli._command import VERSIONS, declare, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.cli._store import cloud_option, open_store
from perimeter365.model.cloud import Cloud


@declare("unpin", VERSIONS)
@cloud_option
@pass_settings
def command(settings: Settings, cloud: Cloud | None) -> None:
    """Put the newest synced version into force again.

    Without --cloud, unpin every cloud that has a pinned version.

    Examples:
        perimeter365 unpin
        perimeter365 unpin --cloud worldwide
    """
    with open_store(settings) as store, store.writing():
        pinned = [f.cloud for f in store.in_force() if f.pinned and cloud in (None, f.cloud)]
        found = {each: store.unpin(each) for each in pinned}
    for each, force in found.items():
        settings.log(f"{each}: {force.version if force else 'the embedded list'} is in force")
    if not found:
        settings.log("no version is pinned")
