"""`perimeter365 pin`: put a stored version into force and keep it there."""

import click

from perimeter365.cli._command import VERSIONS, declare, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.cli._store import cloud_option, one_cloud, open_store
from perimeter365.model.cloud import Cloud


@declare("pin", VERSIONS)
@click.argument("version", metavar="VERSION")
@cloud_option
@pass_settings
def command(settings: Settings, version: str, cloud: Cloud | None) -> None:
    """Put a version into force until `unpin`.

    VERSION stays in force when a sync stores newer versions.

    `perimeter365 versions` lists the versions that can be pinned.

    Examples:
        perimeter365 pin 2026080200
        perimeter365 pin 2026080200 --cloud worldwide
    """
    with open_store(settings) as store:
        known = [each for each in store.versions() if each.version == version]
        # For an unknown version the store raises the error, with the nearest version in it.
        clouds = [each.cloud for each in known] or ([] if cloud else [Cloud.WORLDWIDE])
        pinned = store.pin(one_cloud(cloud, clouds, f"version {version}"), version)
    settings.log(f"{pinned.cloud}: {pinned.version} is in force and pinned")
