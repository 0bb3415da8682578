"""`perimeter365 lookup`: which endpoint sets and rows hold a value. See `model.lookup` for what matches what."""

import click

from perimeter365.cli._command import ASK, declare, json_option, pass_settings
from perimeter365.cli._lookup import run
from perimeter365.cli._settings import Settings


@declare("lookup", ASK)
@click.argument("values", metavar="VALUE...", nargs=-1, required=True)
@click.option("--cloud", metavar="C", multiple=True, help="Only this cloud; may be given several times.")
@json_option
@pass_settings
def command(settings: Settings, values: tuple[str, ...], cloud: tuple[str, ...], json: bool) -> int:
    """Find the entries for an address, host or URL.

    A URL (or host:port) also has to fit the ports and paths. `-` reads values from stdin, one a line, and answers
    each at once (with --json: one object a line). A value that nothing holds is told what comes near it.

    Exit code 1 when nothing was found at all.
    """
    return run(list(values), list(cloud), json, settings.workspace, quiet=settings.quiet)
