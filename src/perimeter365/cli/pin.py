"""`perimeter365 pin`: puts a stored version into force and keeps it there."""

import click

from perimeter365.cli._command import KEEP, declare, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.cli._store import cloud_option, one_cloud, opened
from perimeter365.model.cloud import Cloud


@declare("pin", KEEP)
@click.argument("version", metavar="VERSION")
@cloud_option
@pass_settings
def command(settings: Settings, version: str, cloud: Cloud | None) -> None:
    """Put a version into force until `unpin`.

    VERSION stays in force, whatever a sync brings.

    Syncs go on to store newer versions. `perimeter365 versions` lists what can be pinned.
    """
    with opened(settings) as store:
        known = [each for each in store.versions() if each.version == version]
        # A version that no cloud has is left to the store, whose message names the nearest.
        clouds = [each.cloud for each in known] or ([] if cloud else [Cloud.WORLDWIDE])
        pinned = store.pin(one_cloud(cloud, clouds, f"version {version}"), version)
    settings.say(f"{pinned.cloud}: {pinned.version} is in force and pinned")
