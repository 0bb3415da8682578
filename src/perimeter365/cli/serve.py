"""`perimeter365 serve`: the web service, feeds and PAC files over HTTP."""

import click

from perimeter365.cli._command import VERSIONS, declare, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.errors import InputError


@declare("serve", VERSIONS)
@click.option("--bind", metavar="HOST:PORT", default="127.0.0.1:8365", show_default=True, help="Address to listen on.")
@click.option("--workers", metavar="N", type=click.IntRange(1, 64), default=1, show_default=True, help="Worker processes.")
@click.option(
    "--profiles", metavar="DIR", type=click.Path(file_okay=False), help="Folder of profiles, served under /p/NAME/."
)
@click.option(
    "--max-age",
    metavar="SECONDS",
    type=click.IntRange(1, 86_400),
    default=300,
    show_default=True,
    help="How long caches may keep an answer.",
)
@pass_settings
def command(settings: Settings, bind: str, workers: int, profiles: str | None, max_age: int) -> None:
    """Serve the lists in force over HTTP.

    Clients of Microsoft's web service work against it unchanged. Without a store, the embedded lists are served. A change
    of the store is taken up within seconds.

    Examples:
        perimeter365 serve
        perimeter365 serve --bind 127.0.0.1:8080 --workers 2
    """
    from perimeter365.web.service import Options
    from perimeter365.web.serving import Serving, serve

    host, colon, port = bind.rpartition(":")
    if not (colon and host and port.isdigit() and 0 < int(port) < 65536):
        raise InputError(f"{bind!r} is not HOST:PORT")
    workspace = settings.workspace
    serve(
        Serving(
            host=host.strip("[]"),
            port=int(port),
            workers=workers,
            catalog=workspace.catalog_place,
            store=workspace.store_place,
            constraints=workspace.constraints_file or "",
            options=Options(profiles=profiles or "", max_age=max_age),
        )
    )
