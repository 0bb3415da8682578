"""`perimeter365 rollback`: return to the version that was in force before."""

from perimeter365.cli._command import VERSIONS, declare, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.cli._store import cloud_option, one_cloud, open_store
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import RECORDED


@declare("rollback", VERSIONS)
@cloud_option
@pass_settings
def command(settings: Settings, cloud: Cloud | None) -> None:
    """Return to what was in force before, and pin it.

    The version is pinned so that a sync does not put the newer one into force again. A second rollback goes further back.

    The order is that of the times at which versions came into force; an imported list that was never in force is not
    chosen. `perimeter365 unpin` removes the pin. Versions with the same content as the one in force are skipped.

    Examples:
        perimeter365 rollback
        perimeter365 rollback --cloud china
    """
    with open_store(settings) as store:
        clouds = [force.cloud for force in store.in_force()]
        back = store.rollback(one_cloud(cloud, clouds, "a version in force"))
        recorded = store.state(back.cloud, back.version).origin == RECORDED
    kind = "the recorded list " if recorded else ""
    settings.log(f"{back.cloud}: {kind}{back.version} is in force and pinned; `perimeter365 unpin` undoes it")
