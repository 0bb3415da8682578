"""`perimeter365 rollback`: return to the version before the one in force."""

from perimeter365.cli._command import VERSIONS, declare, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.cli._store import cloud_option, one_cloud, open_store
from perimeter365.model.cloud import Cloud


@declare("rollback", VERSIONS)
@cloud_option
@pass_settings
def command(settings: Settings, cloud: Cloud | None) -> None:
    """Put the previous version into force and pin it.

    The version is pinned so that a sync does not put the newer one into force again.

    `perimeter365 unpin` removes the pin. Versions with the same content as the one in force are skipped.

    Examples:
        perimeter365 rollback
        perimeter365 rollback --cloud china
    """
    with open_store(settings) as store:
        clouds = [force.cloud for force in store.in_force()]
        back = store.rollback(one_cloud(cloud, clouds, "a version in force"))
    settings.log(f"{back.cloud}: {back.version} is in force and pinned; `perimeter365 unpin` undoes it")
