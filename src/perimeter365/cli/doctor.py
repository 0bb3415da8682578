"""`perimeter365 doctor`: checks of the installation, and remedies."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perimeter365.cli._command import OTHER, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import upstream_option
from perimeter365.errors import OutputError, install_command
from perimeter365.model.day import STALE_AFTER_DAYS

if TYPE_CHECKING:
    from perimeter365.sources.diagnosis import Diagnosis

TIMEOUT = 20.0
"""Seconds to wait for a response of the web service; shorter than for a sync, since a user is waiting."""


@declare("doctor", OTHER)
@click.option(
    "--bundle",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Also write the findings as JSON, for a support request.",
)
@click.option("--offline", is_flag=True, help="Do not connect to the network.")
@click.option("--health", metavar="FILE", type=click.Path(path_type=Path), help="Health file of `watch` to check.")
@click.option("--profile", metavar="FILE", type=click.Path(path_type=Path), help="Check the clouds of this profile only.")
@upstream_option
@json_option
@pass_settings
def command(
    settings: Settings,
    bundle: Path | None,
    offline: bool,
    health: Path | None,
    profile: Path | None,
    base_url: str | None,
    json: bool,
) -> int:
    """Check the installation and suggest fixes.

    The checks cover the trust store, proxy, DNS, web service, clock, folders, catalog, syncs, store and extras. Only the
    configured address of the web service is contacted, within its rate limits. Exit code 0 if no check fails (warnings
    do not count), 3 if only network checks fail, else 1.

    Examples:
        perimeter365 doctor
        perimeter365 doctor --offline --bundle findings.json
    """
    from perimeter365.follow import doctor
    from perimeter365.show.findings import findings_table, to_dicts
    from perimeter365.sources.diagnosis import OK

    workspace = settings.workspace
    own = settings.load_profile(profile) if profile else None
    found = [
        *doctor.check_installation(
            catalog=workspace.lists_place or workspace.catalog_place,
            store=workspace.store_place,
            constraints=workspace.constraints_file,
            health=health,
            clouds=own.clouds if own else (),
            stale=own.stale if own else STALE_AFTER_DAYS,
        ),
        *_certificate(os.environ),
        *_network(base_url or workspace.upstream, offline),
    ]
    if json:
        print_json({"findings": to_dicts(found), "exit_code": doctor.exit_code(found)})
    else:
        columns = {"": "verdict", "what": "id", "found": "message"}
        settings.print_tables([findings_table("Checks of this installation", found, columns)])
        for finding in found:
            if finding.verdict != OK:
                limit = f" (limit: {finding.limit})" if finding.limit else ""
                settings.log(f"{finding.verdict}: {finding.id}: {finding.message}{limit}", f"  help: {finding.remedy}")
    if bundle:
        from perimeter365.follow.bundle import bundle_content, write_bundle

        try:
            write_bundle(bundle, bundle_content(found, variables=os.environ))
        except OSError as error:
            raise OutputError(f"{bundle}: {error.strerror or error}") from error
        settings.log(f"wrote {bundle}; review it before you share it")
    return doctor.exit_code(found)


def _certificate(variables: Mapping[str, str]) -> "Sequence[Diagnosis]":
    """Return the finding about the certificate of `serve`.

    There is one if variables name its files.
    """
    from datetime import UTC, datetime

    from perimeter365.errors import InputError
    from perimeter365.sources.diagnosis import FAIL, OK, WARN, Diagnosis
    from perimeter365.web.tls import load_certificate

    chain, key = variables.get("PERIMETER365_SERVE_TLS_CERT"), variables.get("PERIMETER365_SERVE_TLS_KEY")
    if not (chain and key):
        return []
    step = "renew the files of PERIMETER365_SERVE_TLS_CERT and PERIMETER365_SERVE_TLS_KEY; `serve` takes them up by itself"
    try:
        certificate = load_certificate(Path(chain), Path(key))
    except InputError as error:
        return [Diagnosis(id="serve.certificate", message=error.message, verdict=FAIL, remedy=error.help or step)]
    note = certificate.note(datetime.now(UTC))
    message = note or f"the certificate of {certificate.subject} ends on {certificate.ends:%Y-%m-%d}"
    return [Diagnosis(id="serve.certificate", message=message, verdict=WARN if note else OK, remedy=step if note else "")]


def _network(base_url: str | None, offline: bool) -> "Sequence[Diagnosis]":
    """Return the findings about the network, or one if a library is missing."""
    from perimeter365.net.fetch import FetchLimits
    from perimeter365.sources.diagnosis import FAIL, Diagnosis, diagnose_network
    from perimeter365.sources.web_service import WebService

    try:
        return diagnose_network(WebService(base_url, limits=FetchLimits(deadline=TIMEOUT)), offline=offline)
    except ImportError as error:
        return [Diagnosis(id="network", message=f"{error.name} is not installed", verdict=FAIL, remedy=install_command())]
