"""`perimeter365 rows`: the 25 rows of Microsoft's page of other endpoints."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from perimeter365.cli._command import QUERY, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import clouds_option
from perimeter365.model.cloud import Cloud

if TYPE_CHECKING:
    from perimeter365.model.row import Row

DIRECTIONS = ("outbound", "inbound", "internal")


@declare("rows", QUERY)
@click.option("--direction", type=click.Choice(DIRECTIONS), help="Only rows with connections in this direction.")
@clouds_option
@click.option("--scenario", metavar="S", multiple=True, help="Only this scenario or row; repeatable.")
@click.option("--retired/--current", default=None, help="Only rows that ended, or only the others.")
@click.option("--brief", is_flag=True, help="Without kinds and the defects of the page.")
@json_option
@pass_settings
def command(
    settings: Settings,
    direction: str | None,
    cloud: Sequence[Cloud],
    scenario: tuple[str, ...],
    retired: bool | None,
    brief: bool,
    json: bool,
) -> None:
    """List the 25 rows of Microsoft's page.

    The page lists the endpoints that are not in the web service.

    The table shows for each row its scenario (the name to use in a profile), the kinds and directions of its
    requirements, the date of its retirement, and what the page gets wrong or omits. With --cloud, only the requirements
    of this cloud count for --direction.

    Examples:
        perimeter365 rows
        perimeter365 rows --direction inbound
    """
    from perimeter365.errors import UnknownNameError
    from perimeter365.model.as_dict import row_dict
    from perimeter365.show.tables import Table

    catalog = settings.load_catalog()
    known = {name: row for row in catalog.rows.values() for name in (row.id, row.scenario)}
    for name in scenario:
        if name not in known:
            raise UnknownNameError("row or scenario of a row", name, known)
    chosen = {known[name].number for name in scenario} or set(catalog.rows)
    found = [
        row
        for row in catalog.rows.values()
        if row.number in chosen and retired in (None, bool(row.retired)) and _applies(row, direction, cloud)
    ]
    if json:
        print_json([row_dict(row) for row in found])
        return
    rows = [
        (
            str(row.number),
            row.scenario,
            *([] if brief else [", ".join(row.kinds)]),
            ", ".join(row.directions),
            row.retired.isoformat() if row.retired else "",
            *([] if brief else [row.defect]),
        )
        for row in found
    ]
    long = ("row", "scenario", "kinds", "directions", "retired", "defect of the page")
    columns: tuple[str, ...] = ("row", "scenario", "directions", "retired") if brief else long
    settings.print_tables([Table(title="Rows of the page", columns=columns, rows=tuple(rows))])


def _applies(row: "Row", direction: str | None, clouds: Sequence[Cloud]) -> bool:
    """Return True if a row has a requirement of this direction in one of these clouds."""
    if direction:
        return any(flow.direction == direction and (not clouds or flow.cloud in clouds) for flow in row.flows)
    return not clouds or any(requirement.cloud in clouds for requirement in row.requirements)
