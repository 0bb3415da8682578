"""`perimeter365 calendar`: the days on which something changes, as iCalendar."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from perimeter365.cli._command import KEEP, declare, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.cli._store import asked, cloud_option
from perimeter365.model.cloud import Cloud


@declare("calendar", KEEP)
@cloud_option
@click.option("--grace", metavar="DAYS", type=click.IntRange(0, 3650), default=30, show_default=True, help="Of removals.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write it here, not to stdout.")
@pass_settings
def command(settings: Settings, cloud: Cloud | None, grace: int, output: Path | None) -> None:
    """Write the days on which announced additions come into use and removed entries end their grace time.

    One event for each endpoint set and day; written again, the events keep their identity.
    """
    from perimeter365.history.effective import effective
    from perimeter365.model.requirement import CATEGORIES

    now = datetime.now(UTC)
    days = dict.fromkeys(CATEGORIES, grace)
    with asked(settings) as store:
        clouds = [each.cloud for each in store.in_force() if cloud in (None, each.cloud)]
        found = {each: effective(store, each, now.date(), grace=days) for each in clouds}
    from perimeter365.history.calendar import to_ical

    data = to_ical({each: used for each, used in found.items() if used}, now)
    if output:
        output.write_bytes(data)
        settings.say(f"{data.count(b'BEGIN:VEVENT')} events in {output}")
    else:
        sys.stdout.write(data.decode("utf-8").replace("\r\n", "\n"))
