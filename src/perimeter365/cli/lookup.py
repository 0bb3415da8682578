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
    """Say which sets and rows hold an address, host or URL.

    A URL (or host:port) also has to fit the ports and paths. `-` reads values from stdin, one a line, and answers
    each at once (with --json: one object a line). A value that nothing holds is told what comes near it.

    Exit code 1 when nothing was found at all.
    """
    index = None
    if settings.catalog is not None:
        from perimeter365.model.compiled import compile_catalog
        from perimeter365.model.lookup import Index

        index = Index(compile_catalog(settings.load_catalog()))
    return run(list(values), list(cloud), json, index, settings.quiet, settings.store)
