"""`perimeter365 watch`: sync continuously."""

from typing import Any

import click

from perimeter365.cli._command import VERSIONS, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.cli._sync import health_option, interval_option, print_health, round_options, run_watch, warn_unused
from perimeter365.errors import InputError


@declare("watch", VERSIONS)
@round_options
@interval_option()
@health_option()
@click.option("--healthy", is_flag=True, help="Only check the health file; exit 1 if it reports a problem.")
@json_option
@pass_settings
def command(settings: Settings, /, **given: Any) -> int:
    """Sync every hour until SIGTERM or Ctrl-C.

    Committed and held states are printed after each round, with --json as one line. Each round is delayed at random by up
    to a tenth of the interval, so that installations do not query the service at the same time. A failed round does not
    end the command; --health FILE records the result of the rounds, and `watch --healthy --health FILE` checks it.

    Examples:
        perimeter365 watch --health health.json
        perimeter365 watch --healthy --health health.json
    """
    if given["healthy"]:
        if not given["health"]:
            raise InputError("--healthy needs --health FILE")
        warn_unused(settings, "healthy", ("health", "json"), "leave it out")
        return print_health(given["health"])
    return run_watch(settings, given)
