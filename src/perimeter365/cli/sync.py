"""`perimeter365 sync`: fetch the newest lists."""

from collections.abc import Mapping
from typing import Any

import click

from perimeter365.cli._command import VERSIONS, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings
from perimeter365.cli._store import open_store
from perimeter365.cli._sync import (
    finish,
    health_option,
    interval_option,
    job_of,
    list_held,
    print_health,
    reject_held,
    round_options,
    run_watch,
    warn_unused,
)
from perimeter365.errors import InputError

_ONE_OF = ("accept", "reject", "held", "watch", "dry_run", "healthy")
_ROUND = ("cloud", "from", "base_url", "notify", "notify_file", "profile", "feeds", "fits", "witness", "witness_now", "json")
_DECISION = ("notify", "notify_file", "profile", "feeds", "json")
_USES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "": ((*_ROUND, "health"), "`perimeter365 watch` syncs continuously"),
    "dry_run": ((*_ROUND, "health"), "omit it"),
    "held": (("json",), "use `perimeter365 held list`"),
    "accept": (_DECISION, "use `perimeter365 held admit HELD`"),
    "reject": (_DECISION, "use `perimeter365 held reject HELD`"),
    "healthy": (("health", "json"), "use `perimeter365 watch --healthy --health FILE`"),
}
"""Mode -> (options with an effect, next step if another one is given); `watch` uses all options."""


@declare("sync", VERSIONS)
@round_options
@click.option(
    "--dry-run", is_flag=True, help="Fetch and check the lists; print what would change or be held, and store nothing."
)
@click.option("--witness-now", is_flag=True, help="Read all places of --witness now, also within a week.")
@click.option("--accept", metavar="HELD", type=int, hidden=True, help="Earlier name of `held admit`.")
@click.option("--reject", metavar="HELD", type=int, hidden=True, help="Earlier name of `held reject`.")
@click.option("--held", is_flag=True, hidden=True, help="Earlier name of `held list`.")
@click.option("--watch", is_flag=True, hidden=True, help="Earlier name of `watch`.")
@interval_option(hidden=True)
@health_option(hidden=True)
@click.option("--healthy", is_flag=True, hidden=True, help="Earlier name of `watch --healthy`.")
@json_option
@pass_settings
def command(settings: Settings, /, **given: Any) -> int:
    """Update the stored lists from upstream.

    A suspicious entry is held: its old value stays in force, and the rest of the list comes into force. Some changes hold
    the whole list. A person admits (`held admit`) or rejects (`held reject`), or upstream withdraws it. `watch` syncs
    continuously. Exit code 3 if upstream failed for a cloud or a notification failed, 4 if something is held; the other
    clouds are still updated.

    Examples:
        perimeter365 sync
        perimeter365 sync --dry-run
        perimeter365 sync --cloud china --from lists
    """
    _check(settings, given)
    if given["healthy"]:
        return print_health(given["health"])
    if given["watch"]:
        return run_watch(settings, given)
    if given["dry_run"]:
        return _dry_run(settings, given)
    if given["held"]:
        with open_store(settings, create=False) as store:
            return list_held(settings, store, given["json"])
    decided = given["accept"] is not None or given["reject"] is not None
    job = job_of(settings, given)
    from perimeter365.cli._reporter import TerminalReporter

    reporter = TerminalReporter(settings, as_json=given["json"])
    with open_store(settings, create=not decided) as store:
        from perimeter365.follow.round import admit
        from perimeter365.history.sync import exit_code

        if given["reject"] is not None:
            reject_held(settings, store, given["reject"], given["json"])
            return finish(job, store, reporter)
        accept = given["accept"]
        code = exit_code([admit(store, accept, reporter)] if accept is not None else job.run(store, reporter))
        after = finish(job, store, reporter)  # held states are also notified
        return code or after


def _dry_run(settings: Settings, given: dict[str, Any]) -> int:
    from perimeter365.cli._reporter import TerminalReporter
    from perimeter365.follow.round import scratch_folder
    from perimeter365.history.sync import exit_code
    from perimeter365.store.rehearsal import Rehearsal

    with scratch_folder() as folder, Rehearsal(settings.workspace.store_place) as store:
        reporter = TerminalReporter(settings, as_json=given["json"], dry=True)
        return exit_code(job_of(settings, given, dry=True, folder=folder).run(store, reporter))


def _check(settings: Settings, given: dict[str, Any]) -> None:
    """Check the combination of options.

    Raises:
        InputError: options exclude each other, or one is missing.
    """
    chosen = [name for name in _ONE_OF if given[name] is not None and given[name] is not False]
    if len(chosen) > 1:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in _ONE_OF)
        raise InputError(f"{names} exclude each other")
    if given["health"] and not (given["watch"] or given["healthy"]):
        raise InputError("--health is an option of `watch`", help="perimeter365 watch --health FILE")
    if given["healthy"] and not given["health"]:
        raise InputError("--healthy needs --health FILE")
    mode = chosen[0] if chosen else ""
    if mode in _USES:
        warn_unused(settings, mode, *_USES[mode])
