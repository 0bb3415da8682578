"""`perimeter365 sync`: fetches the newest lists, and decides about those that are held."""

import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perimeter365.cli._capacity import fits_option, read_limits
from perimeter365.cli._command import KEEP, declare, json_option, pass_settings
from perimeter365.cli._notify import addresses, file_option, profile_option, url_option
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import clouds_option, opened, upstream_option, with_libraries
from perimeter365.cli._sync import Asked, forever, scratch_folder
from perimeter365.errors import InputError

if TYPE_CHECKING:
    from perimeter365.history.storage.store import Store
    from perimeter365.history.sync import Upstream

INTERRUPTED = 130
_ONE_OF = ("accept", "reject", "held", "watch", "dry_run", "healthy")


@declare("sync", KEEP)
@clouds_option
@click.option(
    "--from",
    "from",
    metavar="PLACE",
    help="Take the lists from a folder that `export` has written, a checkout of git with one, or its https address.",
)
@upstream_option
@click.option("--dry-run", is_flag=True, help="Fetch and judge; say what would change and be held, and keep nothing.")
@click.option("--accept", metavar="HELD", type=int, help="Let a held state through, by its number.")
@click.option("--reject", metavar="HELD", type=int, help="Drop a held state.")
@click.option("--held", is_flag=True, help="List the states that wait for a person, and why.")
@url_option("--notify")
@file_option("--notify-file")
@profile_option
@fits_option
@click.option(
    "--feeds", metavar="DIR", type=click.Path(path_type=Path), help="Write Atom and JSON feeds of the versions here."
)
@click.option("--watch", is_flag=True, help="Sync until SIGTERM or Ctrl-C.")
@click.option(
    "--interval", metavar="MINUTES", type=click.IntRange(min=60), default=60, show_default=True, help="With --watch."
)
@click.option("--health", metavar="FILE", type=click.Path(path_type=Path), help="With --watch: say here how the syncs go.")
@click.option("--healthy", is_flag=True, help="Ask the health file whether a watcher is well; exit 1 when it is not.")
@json_option
@pass_settings
def command(settings: Settings, /, **given: Any) -> int:
    """Bring the lists up to date, or say which wait for a person.

    What is stranger than honest changes are is held: the last good list stays in force until a person lets the new one
    through (--accept) or drops it (--reject), or until upstream takes it back. Exit code 3 when upstream failed for a
    cloud or an address did not take its notification, 4 when a state is held; the other clouds are up to date then.
    """
    _check(given)
    if given["healthy"]:
        return _healthy(given["health"])
    with ExitStack() as stack:
        if given["dry_run"]:
            return _rehearse(settings, stack, given)
        urls = () if given["held"] else addresses(settings, given["notify"], given["notify_file"])
        profiles = [settings.load_profile(path) for path in given["profile"]]
        decided = given["held"] or given["accept"] is not None or given["reject"] is not None
        store = stack.enter_context(opened(settings, create=not decided))
        if given["held"]:
            return _list(settings, store, given["json"])
        asked = Asked(
            settings=settings,
            source=_source(given["from"], given["base_url"] or settings.workspace.upstream),
            clouds=given["cloud"],
            accept=given["accept"],
            urls=urls,
            profiles=profiles,
            fits=read_limits(given["fits"], profiles) if given["fits"] else {},
            feeds=given["feeds"],
            json=given["json"],
        )
        if given["reject"] is not None:
            _reject(settings, store, given["reject"])
            return asked.behind(store)
        if given["watch"]:
            return _watch(store, asked, given["interval"], given["health"])
        return _once(store, asked)


def _rehearse(settings: Settings, stack: ExitStack, given: dict[str, Any]) -> int:
    with with_libraries():
        from perimeter365.history.rehearse import Rehearsal
    source = _source(given["from"], given["base_url"] or settings.workspace.upstream, stack.enter_context(scratch_folder()))
    profiles = [settings.load_profile(path) for path in given["profile"]]
    fits = read_limits(given["fits"], profiles) if given["fits"] else {}
    asked = Asked(
        settings=settings, source=source, clouds=given["cloud"], profiles=profiles, fits=fits, json=given["json"], dry=True
    )
    return _once(stack.enter_context(Rehearsal(settings.workspace.store_place)), asked)


def _check(given: dict[str, Any]) -> None:
    """Raise InputError for options that do not go together."""
    chosen = [name for name in _ONE_OF if given[name] is not None and given[name] is not False]
    if len(chosen) > 1:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in _ONE_OF)
        raise InputError(f"{names} exclude each other")
    if given["health"] and not (given["watch"] or given["healthy"]):
        raise InputError("--health needs --watch, or --healthy to ask it")
    if given["healthy"] and not given["health"]:
        raise InputError("--healthy needs --health FILE")
    if given["from"] and given["base_url"]:
        raise InputError("--from and --base-url exclude each other")


def _source(place: str | None, base_url: str | None, folder: Path | None = None) -> "Callable[[], Upstream]":
    """What makes upstream: a folder is looked at anew each time, the web service remembers what it was told to wait."""
    if place:
        from perimeter365.sources.files import Files

        Files(place)  # raises for an address that is none
        return lambda: Files(place)
    service = upstream(base_url, folder)
    return lambda: service


def _once(store: "Store", asked: Asked) -> int:
    from perimeter365.history.sync import exit_code

    code = exit_code(asked.once(store))
    told = 0 if asked.dry else asked.behind(store)
    return code or told


def _watch(store: "Store", asked: Asked, minutes: int, health: Path | None) -> int:
    from perimeter365.history.watch import Stop

    with Stop() as stop:
        forever(store, replace(asked, watched=True, leaving=stop.leaving), stop, minutes, health)
    return INTERRUPTED if stop.by == signal.SIGINT else 0


def _healthy(health: Path) -> int:
    with with_libraries():
        from perimeter365.history.watch import problems
    found = problems(health, datetime.now(UTC))
    print(*(found or ("healthy",)), sep="\n")
    return 1 if found else 0


def _list(settings: Settings, store: "Store", json: bool) -> int:
    waiting = store.held()
    if json:
        keys = ("id", "version", "at")
        print_json([{**{k: getattr(h, k) for k in keys}, "cloud": h.cloud.value, "reasons": [*h.reasons]} for h in waiting])
    for each in waiting if not json else ():
        print(f"{each.id}  {each.cloud} {each.version}  since {each.at}")
        for reason in each.reasons:
            print(f"   {reason['code']}: {reason['message']}")
            print(*(f"      {entry}" for entry in reason["entries"]), sep="\n", end="\n" if reason["entries"] else "")
    if not waiting:
        settings.say("no state is held")
    return 4 if waiting else 0


def _reject(settings: Settings, store: "Store", number: int) -> None:
    from perimeter365.history.sync import reject

    dropped = reject(store, number)
    settings.say(f"{dropped.cloud}: {dropped.version} was dropped; the last good list stays in force")


def upstream(base_url: str | None, folder: Path | None = None) -> "Upstream":
    """The web service, with its answers kept in a folder; None for the data folder."""
    from perimeter365.sources.web_service import WebService

    return WebService(base_url, folder=folder)
