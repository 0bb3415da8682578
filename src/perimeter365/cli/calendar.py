"""`perimeter365 calendar`: the effective dates of changes as iCalendar."""

from pathlib import Path

import click

from perimeter365.cli._command import VERSIONS, declare, pass_settings
from perimeter365.cli._effective import Days, effective_options, plan_for
from perimeter365.cli._settings import Settings
from perimeter365.cli._store import cloud_option, open_reader
from perimeter365.model.cloud import Cloud
from perimeter365.model.quantity import quantity


@declare("calendar", VERSIONS)
@cloud_option
@click.option("--profile", metavar="FILE", type=click.Path(path_type=Path), help="Only entries in the plan of this profile.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Output file. Default: stdout.")
@click.option("--table", is_flag=True, help="Print a table of the entries on stdout instead.")
@effective_options
@pass_settings
def command(
    settings: Settings, cloud: Cloud | None, profile: Path | None, output: Path | None, table: bool, days: Days
) -> None:
    """Write the effective dates as a calendar.

    The calendar contains the first day of each announced addition and the last day of the grace time of each removed
    entry.

    There is one event per endpoint set and day, or with --profile per requirement of the plan and day. Event UIDs do not
    change between runs. Without --profile and --grace, the grace time is 30 days.

    Examples:
        perimeter365 calendar -o m365.ics
        perimeter365 calendar --table --cloud worldwide
        perimeter365 calendar --profile contoso.toml -o contoso.ics
    """
    from perimeter365.history.effective import effective, today_utc
    from perimeter365.model.effective import grace_days

    if table and output:
        raise click.UsageError("--table and --output exclude each other")
    own = settings.load_profile(profile) if profile else None
    with open_reader(settings) as store:
        clouds = [each.cloud for each in store.in_force() if cloud in (None, each.cloud)]
        lists = {each: state for each in clouds if (state := store.head(each))}
        if own:
            plan = plan_for(settings, own, days)
            dates = [d for d in plan.dates if d.cloud in clouds]
            heads = {each: state.day for each, state in lists.items()}
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
    if table:
        from perimeter365.show.tables import Table

        rows = tuple(
            (str(d.cloud), d.id, d.value, d.text) for d in sorted(dates, key=lambda d: (d.day, d.cloud, d.id, d.value))
        )
        columns = ("cloud", "id", "entry", "state")
        settings.print_tables([Table(title=f"Effective dates ({len(rows)})", columns=columns, rows=rows)])
        return
    from perimeter365.atomic import write
    from perimeter365.history.remaining import ListedEntries
    from perimeter365.history.tell.calendar import to_ical

    data = to_ical(dates, stamps=heads, listed={each: ListedEntries(state.sets) for each, state in lists.items()})
    if output:
        write(output, data)
        settings.log(f"{quantity(data.count(b'BEGIN:VEVENT'), 'event')} in {output}")
    else:
        click.echo(data, nl=False)
