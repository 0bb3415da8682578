"""`perimeter365 calendar`: the days on which something changes, as iCalendar."""

from pathlib import Path

import click

from perimeter365.cli._command import KEEP, declare, pass_settings
from perimeter365.cli._effective import Days, effective_options, plan_for
from perimeter365.cli._settings import Settings
from perimeter365.cli._store import asked, cloud_option
from perimeter365.model.cloud import Cloud


@declare("calendar", KEEP)
@cloud_option
@click.option("--profile", metavar="FILE", type=click.Path(path_type=Path), help="Only what this organization's plan has.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write it here, not to stdout.")
@effective_options
@pass_settings
def command(settings: Settings, cloud: Cloud | None, profile: Path | None, output: Path | None, days: Days) -> None:
    """Write the effective dates as a calendar.

    In iCalendar: the first day of each announced addition, and the last day of each removed entry in its grace time.

    One event for each endpoint set and day, or with --profile for each requirement of its plan; written again, the
    events keep their identity. Without --profile the grace time is 30 days, unless --grace says otherwise.
    """
    from perimeter365.history.effective import effective, today_utc
    from perimeter365.model.effective import grace_days

    own = settings.load_profile(profile) if profile else None
    with asked(settings) as store:
        clouds = [each.cloud for each in store.in_force() if cloud in (None, each.cloud)]
        if own:
            plan = plan_for(settings, own, days)
            dates = [d for d in plan.dates if d.cloud in clouds]
            heads = {each: state.day for each in clouds if (state := store.head(each))}
        else:
            today, grace = days.at or today_utc(), grace_days(days.grace or {})
            bound = settings.workspace.constraints
            used = [
                effective(store, each, today, grace=grace, ahead=days.ahead is not False, constraints=bound)
                for each in clouds
            ]
            found = [each for each in used if each]
            dates = [d for each in found for s in each.dates().values() for d in s.entries]
            heads = {each.state.cloud: each.state.day for each in found}
    from perimeter365.atomic import write
    from perimeter365.history.tell.calendar import to_ical

    data = to_ical(dates, stamps=heads)
    if output:
        write(output, data)
        settings.say(f"{data.count(b'BEGIN:VEVENT')} events in {output}")
    else:
        click.echo(data, nl=False)
