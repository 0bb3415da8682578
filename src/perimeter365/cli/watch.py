"""`perimeter365 watch`: syncs for ever."""

from typing import Any

import click

from perimeter365.cli._command import KEEP, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.cli._sync import ask_health, health_option, interval_option, refuse_unused, round_options, run_for_ever
from perimeter365.errors import InputError


@declare("watch", KEEP)
@round_options
@interval_option()
@health_option()
@click.option("--healthy", is_flag=True, help="Only ask the health file whether a watcher is well; exit 1 if it is not.")
@json_option
@pass_settings
def command(settings: Settings, /, **given: Any) -> int:
    """Sync each hour, until SIGTERM or Ctrl-C.

    What is committed or held is printed after each round, with --json as one line. Rounds are up to a tenth of the
    interval late, so that not all installations ask at once. A round that fails does not end the command: --health FILE
    says how the rounds go, and `watch --healthy --health FILE` is the probe for it.
    """
    if given["healthy"]:
        if not given["health"]:
            raise InputError("--healthy needs --health FILE")
        refuse_unused("healthy", ("health", "json"), "perimeter365 watch --healthy --health FILE")
        return ask_health(given["health"])
    return run_for_ever(settings, given)
