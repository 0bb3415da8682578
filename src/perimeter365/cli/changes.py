"""`perimeter365 changes`: change records in the format of the web service."""

import click

from perimeter365.cli._command import VERSIONS, declare, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import cloud_option, open_reader
from perimeter365.model.cloud import Cloud


@declare("changes", VERSIONS)
@click.argument("since", metavar="[VERSION]", default="0000000000")
@cloud_option
@click.option("--only", is_flag=True, help="Only the changes of VERSION itself, not of later ones.")
@click.option("--json", is_flag=True, help="No effect: the output is always JSON.")
@pass_settings
def command(settings: Settings, since: str, cloud: Cloud | None, only: bool, json: bool) -> None:
    """Print the change records after VERSION.

    The output has the format of the web service's /changes. Without VERSION, print all records.

    Records from upstream are printed unchanged; for versions without records they are computed from the lists. Without
    --cloud, print the records of worldwide.

    Examples:
        perimeter365 changes 2026080200
        perimeter365 changes 2026080200 --only --cloud china
    """
    from perimeter365.history.changes import changes
    from perimeter365.wire import write

    with open_reader(settings) as store:
        found = changes(store, cloud or Cloud.WORLDWIDE, since, only=only)
    print_json([write.change_record(record) for record in found])
