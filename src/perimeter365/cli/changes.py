"""`perimeter365 changes`: change records in the shape of the web service's."""

import click

from perimeter365.cli._command import KEEP, declare, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import asked, cloud_option
from perimeter365.model.cloud import Cloud


@declare("changes", KEEP)
@click.argument("since", metavar="[VERSION]", default="0000000000")
@cloud_option
@click.option("--only", is_flag=True, help="Only the changes of this very version, not of those after it.")
@click.option("--json", is_flag=True, help="JSON, which it is anyway.")
@pass_settings
def command(settings: Settings, since: str, cloud: Cloud | None, only: bool, json: bool) -> None:
    """Print the change records after VERSION.

    In the shape of the web service's /changes; without VERSION, all of them.

    Upstream's own records are printed as they were; for versions without any they are computed from the lists.
    Without --cloud: the worldwide ones.
    """
    from perimeter365.history.changes import changes
    from perimeter365.wire import write

    with asked(settings) as store:
        found = changes(store, cloud or Cloud.WORLDWIDE, since, only=only)
    print_json([write.change_record(record) for record in found])
