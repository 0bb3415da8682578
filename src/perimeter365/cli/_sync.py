"""What `sync`, `watch` and `held` share: the options of a round, and what is done with them."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perimeter365.cli._notify import UPSTREAM_FAILED, addresses, file_option, profile_option, url_option
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import clouds_option, upstream_option
from perimeter365.errors import HeldError, InputError

if TYPE_CHECKING:
    from perimeter365.follow.round import Reporter, SyncJob
    from perimeter365.store.entries import HeldState
    from perimeter365.store.store import Store

from_option = click.option(
    "--from",
    "from",
    metavar="PLACE",
    help="Take the lists from a folder that `export` has written, a checkout of git with one, or its https address.",
)
fits_option = click.option(
    "--fits",
    metavar="TARGET[.LIMIT=N]",
    multiple=True,
    help="Hold a list that a profile's plan no longer fits on this device with; may be repeated.",
)
feeds_option = click.option(
    "--feeds", metavar="DIR", type=click.Path(path_type=Path), help="Write Atom and JSON feeds of the versions here."
)


def health_option(**more: Any) -> Callable[[Any], Any]:
    """The option for the health file."""
    kind = click.Path(path_type=Path)
    return click.option("--health", metavar="FILE", type=kind, help="The file that says how the rounds go.", **more)


def interval_option(**more: Any) -> Callable[[Any], Any]:
    """The option for the time from one round to the next."""
    return click.option(
        "--interval",
        metavar="MINUTES",
        type=click.IntRange(min=60),
        default=60,
        show_default=True,
        help="From one round to the next.",
        **more,
    )


def _combined(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


telling_options = _combined(url_option("--notify"), file_option("--notify-file"), profile_option, feeds_option)
"""Whom to tell after a change."""

round_options = _combined(clouds_option, from_option, upstream_option, telling_options, fits_option)
"""What a round does."""


def job_of(settings: Settings, given: Mapping[str, Any], *, dry: bool = False, folder: Path | None = None) -> "SyncJob":
    """The job that the options describe. Raises InputError for what does not go together."""
    for name in ("from", "base_url"):
        if given.get(name) is not None and not given[name].strip():
            raise InputError(f"--{name.replace('_', '-')} is empty", help="is a variable of the command line unset?")
    if given.get("from") and given.get("base_url"):
        raise InputError("--from and --base-url exclude each other")
    from perimeter365.follow.capacity import read_limits
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
    )


def finish(job: "SyncJob", store: "Store", reporter: "Reporter") -> int:
    """Tell others after a change; the exit code that it asks for."""
    return UPSTREAM_FAILED if job.publish(store, reporter).failed else 0


def refuse_unused(mode: str, used: Collection[str], step: str) -> None:
    """Raise InputError for an option of the command line that does nothing.

    Variables of the environment are for all calls of a command, so they do not count.

    Args:
        mode: name of the option that decides what is done; "" if none is given.
        used: names of the options that count then.
        step: what to do.
    """
    context = click.get_current_context()
    for option in context.command.params:
        given = context.get_parameter_source(option.name or "") is click.ParameterSource.COMMANDLINE
        if given and option.expose_value and option.name not in (mode, *used):  # shared options are not exposed
            why = f"does nothing with --{mode.replace('_', '-')}" if mode else "is for `watch`"
            raise InputError(f"{option.opts[0]} {why}", help=step)


def _held_dict(held: "HeldState") -> dict[str, Any]:
    from perimeter365.show.findings import to_dicts

    made = {key: getattr(held, key) for key in ("id", "version", "at")}
    return {**made, "cloud": held.cloud.value, "reasons": to_dicts(held.reasons)}


def list_held(settings: Settings, store: "Store", as_json: bool) -> int:
    """Print the states that wait for a person; the exit code."""
    from perimeter365.show.findings import lines

    waiting = store.held()
    if as_json:
        print_json([_held_dict(held) for held in waiting])
    for each in waiting if not as_json else ():
        print(f"{each.id}  {each.cloud} {each.version}  since {each.at}")
        for line in lines(each.reasons, "   "):
            print(line)
    if not waiting:
        settings.say("no state is held")
    return HeldError.exit_code if waiting else 0


def reject_held(settings: Settings, store: "Store", number: int, as_json: bool) -> None:
    """Drop a held state, and say so. Raises InputError if none of this number waits."""
    from perimeter365.history.sync import reject

    dropped = reject(store, number)
    if as_json:
        print_json({**_held_dict(dropped), "resolved": dropped.resolved})
    settings.say(f"{dropped.cloud}: {dropped.version} was dropped; the last good list stays in force")


def run_for_ever(settings: Settings, given: Mapping[str, Any]) -> int:
    """Run rounds until SIGTERM or Ctrl-C; the exit code."""
    import signal
    from datetime import timedelta

    from perimeter365.cli._store import opened

    job = job_of(settings, given)
    from perimeter365.cli._reporter import TerminalReporter

    reporter = TerminalReporter(settings, as_json=given["json"], lines=True)
    with opened(settings, create=True) as store:
        from perimeter365.follow.watch import StopSignal

        with StopSignal() as stop:
            job.run_rounds(store, stop, reporter, interval=timedelta(minutes=given["interval"]), health=given["health"])
    return 130 if stop.received == signal.SIGINT else 0


def ask_health(health: Path) -> int:
    """Print whether the health file's watcher is well; the exit code."""
    from datetime import UTC, datetime

    from perimeter365.follow.watch import health_problems

    found = health_problems(health, datetime.now(UTC))
    print(*(found or ("healthy",)), sep="\n")
    return 1 if found else 0
