"""`perimeter365 rollback`: goes back to the version before the one in force."""

from perimeter365.cli._command import KEEP, declare, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.cli._store import cloud_option, one_cloud, opened
from perimeter365.model.cloud import Cloud


@declare("rollback", KEEP)
@cloud_option
@pass_settings
def command(settings: Settings, cloud: Cloud | None) -> None:
    """Put the previous version into force and pin it.

    It is pinned so that no sync puts the other version into force again.

    `perimeter365 unpin` follows the syncs again. Versions with the same content as the one in force are passed over.
    """
    with opened(settings) as store:
        clouds = [force.cloud for force in store.in_force()]
        back = store.rollback(one_cloud(cloud, clouds, "a version in force"))
    settings.say(f"{back.cloud}: {back.version} is in force and pinned; `perimeter365 unpin` undoes it")
