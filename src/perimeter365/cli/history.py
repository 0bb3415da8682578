"""`perimeter365 history`: when an address or a name came into a list and when it went."""

import click

from perimeter365.cli._command import KEEP, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import asked, cloud_option
from perimeter365.model.cloud import Cloud

NOTHING_FOUND = 1


@declare("history", KEEP)
@click.argument("value", metavar="VALUE")
@cloud_option
@json_option
@pass_settings
def command(settings: Settings, value: str, cloud: Cloud | None, json: bool) -> int:
    """Say in which versions which endpoint set listed an address, prefix, host or URL.

    `from` is the first version that lists it, `to` the first that does not any more. A value that was never listed by
    itself is answered with the prefixes and patterns that hold it. Exit code 1 when nothing ever did.
    """
    from perimeter365.plan.tables import Table

    with asked(settings) as store:
        found = [each for each in store.history(value) if cloud in (None, each.cloud)]
    if json:
        print_json([each.to_dict() for each in found])
    elif found:
        rows = tuple((each.value, each.id, each.since, each.until or "still listed") for each in found)
        settings.tables([Table(title=f"History of {value}", columns=("value", "set", "from", "to"), rows=rows)])
    else:
        settings.say(f"{value} is in none of the stored versions")
    return 0 if found else NOTHING_FOUND
