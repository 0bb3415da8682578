"""`perimeter365 rows`: the 25 rows of Microsoft's page of other endpoints."""

from perimeter365.cli._command import QUERY, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json


@declare("rows", QUERY)
@json_option
@pass_settings
def command(settings: Settings, json: bool) -> None:
    """List the 25 rows of Microsoft's page.

    The page lists the endpoints that are not in the web service.

    The table shows for each row its scenario (the name to use in a profile), the kinds and directions of its
    requirements, the date of its retirement, and what the page gets wrong or omits.
    """
    from perimeter365.model.as_dict import row_dict
    from perimeter365.show.tables import Table

    catalog = settings.load_catalog()
    if json:
        print_json([row_dict(row) for row in catalog.rows.values()])
        return
    rows = [
        (
            str(row.number),
            row.scenario,
            ", ".join(row.kinds),
            ", ".join(row.directions),
            row.retired.isoformat() if row.retired else "",
            row.defect,
        )
        for row in catalog.rows.values()
    ]
    columns = ("row", "scenario", "kinds", "directions", "retired", "defect of the page")
    settings.print_tables([Table(title="Rows of the page", columns=columns, rows=tuple(rows))])
