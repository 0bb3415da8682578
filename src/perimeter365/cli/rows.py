"""`perimeter365 rows`: the 25 rows of Microsoft's page of other endpoints, and what the page itself gets wrong."""

from perimeter365.cli._command import ASK, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json


@declare("rows", ASK)
@json_option
@pass_settings
def command(settings: Settings, json: bool) -> None:
    """List the 25 rows of Microsoft's page.

    The page is the one of endpoints that the web service does not list.

    Each with its scenario (the name that a profile selects it by), the kinds and directions of what it needs, when it
    was retired, and what the page gets wrong or leaves out.
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
    settings.tables([Table(title="Rows of the page", columns=columns, rows=tuple(rows))])
