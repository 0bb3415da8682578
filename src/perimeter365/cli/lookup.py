"""`perimeter365 lookup`: the entries that contain a value (see `model.lookup`)."""

import click

from perimeter365.cli._command import QUERY, declare, json_option, pass_settings
from perimeter365.cli._lookup import run
from perimeter365.cli._settings import Settings
from perimeter365.cli._store import cloud_names_option


@declare("lookup", QUERY)
@click.argument("values", metavar="VALUE...", nargs=-1, required=True)
@cloud_names_option
@click.option("--brief", is_flag=True, help="Without ports, categories and paths.")
@json_option
@pass_settings
def command(settings: Settings, values: tuple[str, ...], cloud: tuple[str, ...], brief: bool, json: bool) -> int:
    """Find the entries for an address, host or URL.

    A URL (or host:port) must also match the ports and paths. `-` reads values from stdin, one per line, and answers each
    at once (with --json: one object per line). For a value without a match, notes point to the nearest entries.

    Exit code 1 if no value has a match.

    Examples:
        perimeter365 lookup 40.96.0.1
        perimeter365 lookup https://outlook.office.com/owa --cloud worldwide
        perimeter365 lookup 13.107.6.152/31 aka.ms --json
    """
    return run(list(values), list(cloud), json, settings.workspace, quiet=settings.quiet, brief=brief)
