"""`perimeter365 serve`: the web service, feeds and PAC files over HTTP."""

import sys
from typing import Any

import click

from perimeter365.cli._command import VERSIONS, declare, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.errors import InputError
from perimeter365.model.day import STALE_AFTER_DAYS

MAX_WORKERS = 64


max_age_option = click.option(
    "--max-age",
    metavar="SECONDS",
    type=click.IntRange(1, 86_400),
    default=300,
    show_default=True,
    help="How long caches may keep an answer.",
)
"""The option of `serve` and `publish`."""


@declare("serve", VERSIONS)
@click.option(
    "--bind",
    metavar="ADDRESS",
    default="127.0.0.1:8365",
    show_default=True,
    help="Where to listen: HOST:PORT, or unix:PATH for a Unix socket. Port 0 is any free one.",
)
@click.option("--public", is_flag=True, help="Allow an address that is not a loopback address.")
@click.option(
    "--workers", metavar="N", default="1", show_default=True, help="Worker processes; `all` for one per processor."
)
@click.option(
    "--tls-cert", metavar="FILE", type=click.Path(dir_okay=False), help="Certificate for HTTPS, with its chain, in PEM form."
)
@click.option("--tls-key", metavar="FILE", type=click.Path(dir_okay=False), help="Key of the certificate, in PEM form.")
@click.option(
    "--profiles", metavar="DIR", type=click.Path(file_okay=False), help="Folder of profiles, served under /p/NAME/."
)
@click.option(
    "--wpad",
    metavar="NAME",
    help="Profile of /wpad.dat for hosts that are not wpad.DOMAIN of a profile.",
)
@max_age_option
@click.option(
    "--url", metavar="URL", default="", help="URL by which clients reach the service, for links in RSS: https://HOST."
)
@click.option(
    "--on-stale",
    type=click.Choice(["serve", "503"]),
    default="serve",
    show_default=True,
    help="Answer while the lists of a cloud are stale: the last ones, or 503.",
)
@click.option(
    "--stale-after",
    metavar="DAYS",
    type=click.IntRange(1, 3650),
    default=STALE_AFTER_DAYS,
    show_default=True,
    help="Days without a successful sync after which the lists of a cloud are stale.",
)
@pass_settings
def command(settings: Settings, /, **given: Any) -> int:
    """Serve the lists in force over HTTP.

    Clients of Microsoft's web service work against it unchanged. Without a store, the embedded lists are served. A change
    of the store, of the profiles or of the certificate is taken up within seconds, without a restart.

    SIGTERM and Ctrl-C finish the answers that are being sent. SIGHUP replaces the worker processes.

    Examples:
        perimeter365 serve
        perimeter365 serve --bind 127.0.0.1:8080 --workers all
        perimeter365 serve --bind 0.0.0.0:443 --public --tls-cert chain.pem
    """
    from pathlib import Path

    from perimeter365.web.service import Options
    from perimeter365.web.serving import Serving, serve

    if given["wpad"] and not given["profiles"]:
        raise InputError("--wpad names a profile of --profiles", help="add --profiles DIR, the folder with NAME.toml")
    chain, key = given["tls_cert"], given["tls_key"]
    if bool(chain) != bool(key):
        raise InputError("--tls-cert and --tls-key belong together", help="name both, or neither for HTTP")
    serving = Serving(
        bind=given["bind"],
        public=given["public"],
        workers=_workers(given["workers"]),
        chain=Path(chain) if chain else None,
        key=Path(key) if key else None,
        workspace=settings.workspace,
        options=Options(
            profiles=given["profiles"] or "",
            wpad=given["wpad"] or "",
            max_age=given["max_age"],
            base=_base(given["url"]),
            on_stale=given["on_stale"],
            stale_after=given["stale_after"],
        ),
    )

    def say(line: str) -> None:
        if not settings.quiet:
            print(f"serve: {line}", file=sys.stderr, flush=True)

    return serve(serving, say)


def _base(url: str) -> str:
    """Return a URL without a slash at its end. Raises InputError."""
    import re

    # Matches "https://m365.example.com:8443/mirror/", not "m365.example.com" and nothing with a query or a space.
    if url and not re.fullmatch(
        r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?", url
    ):
        raise InputError(f"--url: {url[:80]!r} is not a URL such as https://m365.example.com")
    return url.rstrip("/")


def _workers(text: str) -> int:
    """Return the number of worker processes. Raises InputError."""
    import os

    if text == "all":
        return min(len(os.sched_getaffinity(0)), MAX_WORKERS)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= MAX_WORKERS):
        raise InputError(f"--workers: {text!r} is not `all` or a number from 1 to {MAX_WORKERS}")
    return int(text)
