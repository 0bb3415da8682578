"""The options of a sync round and their handling in `sync`, `watch` and `held`."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perimeter365.cli._command import PREFIX
from perimeter365.cli._complete import complete_limit
from perimeter365.cli._notify import UPSTREAM_FAILED, addresses, file_option, profile_option, url_option
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import instances_option, upstream_option
from perimeter365.errors import HeldError, InputError
from perimeter365.model.quantity import quantity

if TYPE_CHECKING:
    from perimeter365.follow.round import Reporter, SyncJob
    from perimeter365.store.entries import HeldState
    from perimeter365.store.store import Store

from_option = click.option(
    "--from",
    "from",
    metavar="PLACE",
    help="Read the lists from an `export` folder, a Git checkout that contains one, or its https URL.",
)
fits_option = click.option(
    "--fits",
    metavar="TARGET[.LIMIT=N]",
    multiple=True,
    shell_complete=complete_limit,
    help="Hold a list with which a profile's plan exceeds this target's limits; repeatable.",
)
witness_option = click.option(
    "--witness",
    metavar="PLACE",
    multiple=True,
    envvar=f"{PREFIX}_WITNESS",
    help="File or https URL of Microsoft's public ranges (CSV) or service tags (JSON), newer than the embedded ones; "
    "repeatable. The variable has several separated by spaces. A URL is read once a week.",
)
feeds_option = click.option(
    "--feeds",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write Atom and JSON feeds of the versions into this folder.",
)


def health_option(**more: Any) -> Callable[[Any], Any]:
    """Return the option for the health file."""
    kind = click.Path(path_type=Path)
    return click.option("--health", metavar="FILE", type=kind, help="Health file, updated after each round.", **more)


def interval_option(**more: Any) -> Callable[[Any], Any]:
    """Return the option for the time between rounds."""
    return click.option(
        "--interval",
        metavar="MINUTES",
        type=click.IntRange(min=60),
        default=60,
        show_default=True,
        help="Minutes between rounds; at least 60.",
        **more,
    )


def _combined(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


notify_options = _combined(url_option("--notify"), file_option("--notify-file"), profile_option, feeds_option)
"""Options for notifications and feeds after a change."""

round_options = _combined(instances_option, from_option, upstream_option, notify_options, fits_option, witness_option)
"""Options of a sync round."""


def job_of(settings: Settings, given: Mapping[str, Any], *, dry: bool = False, folder: Path | None = None) -> "SyncJob":
    """Create the job that the options describe.

    Raises InputError for options that exclude each other.
    """
    for name in ("from", "base_url"):
        if given.get(name) is not None and not given[name].strip():
            raise InputError(f"--{name.replace('_', '-')} is empty", help="check that the shell variable in it is set")
    if given.get("from") and given.get("base_url"):
        raise InputError("--from and --base-url exclude each other", help="give one of them")
    from perimeter365.follow.capacity import read_limits
    from perimeter365.follow.refresh import check_place
    from perimeter365.follow.round import SyncJob, make_source

    profiles = [settings.load_profile(path) for path in given["profile"]]
    workspace = settings.workspace
    return SyncJob(
        source=make_source(given.get("from"), given.get("base_url") or workspace.upstream, folder),
        clouds=given.get("cloud", ()),
        urls=() if dry else addresses(settings, given["notify"], given["notify_file"]),
        profiles=profiles,
        fits=read_limits(given["fits"], profiles) if given.get("fits") else {},
        constraints=workspace.constraints,
        feeds=given["feeds"],
        witness=[check_place(place) for place in given.get("witness", ())],
        witness_now=given.get("witness_now", False),
    )


def finish(job: "SyncJob", store: "Store", reporter: "Reporter") -> int:
    """Write feeds and deliver notifications after a change; return the exit code."""
    return UPSTREAM_FAILED if job.publish(store, reporter).failed else 0


def warn_unused(settings: Settings, mode: str, used: Collection[str], step: str) -> None:
    """Print a warning for each option on the command line that has no effect.

    Not an error, because command lines in use may have such an option. Environment variables apply to all invocations of a
    command and are not checked.

    Args:
        settings: The shared options.
        mode: Name of the option that selects the mode; "" if there is none.
        used: Names of the options that have an effect in this mode.
        step: The next step for the user.
    """
    context = click.get_current_context()
    for option in context.command.params:
        given = context.get_parameter_source(option.name or "") is click.ParameterSource.COMMANDLINE
        if given and option.expose_value and option.name not in (mode, *used):  # shared options are not exposed
            why = f"has no effect with --{mode.replace('_', '-')}" if mode else "is an option of `watch`"
            settings.log(f"warning: {option.opts[0]} {why}; {step}")


def _held_dict(held: "HeldState") -> dict[str, Any]:
    from perimeter365.show.findings import to_dicts

    made = {key: getattr(held, key) for key in ("id", "version", "at", "whole")}
    entries = [entry.to_dict() for entry in held.entries]
    return {**made, "cloud": held.cloud.value, "reasons": to_dicts(held.reasons), "entries": entries}


def list_held(settings: Settings, store: "Store", as_json: bool, *, rejected: bool = False) -> int:
    """Print the held states, those with single entries first; return the exit code.

    With `rejected`, print the entries that a person rejected instead; the exit code is 0.
    """
    from perimeter365.show.findings import held_entry_lines, reason_lines

    found = store.held()
    if rejected:
        found = tuple(h for h in store.held(resolved=True) if h.resolved == "rejected" and not h.whole)
    waiting = sorted(found, key=lambda held: (held.whole, held.id))
    if as_json:
        print_json([_held_dict(held) for held in waiting])
    for each in waiting if not as_json else ():
        what = "the whole list" if each.whole else quantity(len(each.entries), "entry")
        print(f"{each.id}  {each.cloud} {each.version}: {what}, since {each.at}")
        print(*reason_lines(each.reasons, "   "), *held_entry_lines(each.entries, "   "), sep="\n")
    if not waiting:
        settings.log("no entry is rejected" if rejected else "nothing is held")
    return HeldError.exit_code if waiting and not rejected else 0


def reject_held(settings: Settings, store: "Store", number: int, as_json: bool) -> None:
    """Reject a held state and report it.

    Raises InputError if no held state has this number.
    """
    from perimeter365.history.sync import reject

    dropped = reject(store, number)
    if as_json:
        print_json({**_held_dict(dropped), "resolved": dropped.resolved})
    if dropped.whole:
        settings.log(f"{dropped.cloud}: {dropped.version} was rejected; the last good list stays in force")
        return
    count = quantity(len(dropped.entries), "entry")
    settings.log(f"{dropped.cloud}: {count} of {dropped.version} rejected; the old values stay in force")
    settings.log(f"help: `perimeter365 held admit {number}` admits them later; `held list --rejected` lists them")


def run_watch(settings: Settings, given: Mapping[str, Any]) -> int:
    """Run sync rounds until SIGTERM or Ctrl-C; return the exit code."""
    import signal
    from datetime import timedelta

    from perimeter365.cli._store import open_store

    job = job_of(settings, given)
    from perimeter365.cli._reporter import TerminalReporter

    reporter = TerminalReporter(settings, as_json=given["json"], lines=True)
    with open_store(settings, create=True) as store:
        from perimeter365.follow.watch import StopSignal

        with StopSignal() as stop:
            job.run_rounds(store, stop, reporter, interval=timedelta(minutes=given["interval"]), health=given["health"])
    return 130 if stop.received == signal.SIGINT else 0


def print_health(health: Path) -> int:
    """Check a health file and print problems, or `healthy`; return the exit code."""
    from datetime import UTC, datetime

    from perimeter365.follow.watch import health_problems

    found = health_problems(health, datetime.now(UTC))
    print(*(found or ("healthy",)), sep="\n")
    return 1 if found else 0
