"""`perimeter365 unpin`: follows the syncs again."""

from perimeter365.cli._command import KEEP, declare, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.cli._store import cloud_option, opened
from perimeter365.model.cloud import Cloud


@declare("unpin", KEEP)
@cloud_option
@pass_settings
def command(settings: Settings, cloud: Cloud | None) -> None:
    """Put the newest synced version into force again.

    In every cloud that has a pinned version.
    """
    with opened(settings) as store, store.writing():
        pinned = [f.cloud for f in store.in_force() if f.pinned and cloud in (None, f.cloud)]
        found = {each: store.unpin(each) for each in pinned}
    for each, force in found.items():
        settings.say(f"{each}: {force.version if force else 'the embedded list'} is in force")
    if not found:
        settings.say("nothing was pinned")
