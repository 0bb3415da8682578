"""`perimeter365 sync`: fetches the newest lists, and decides about those that are held."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perimeter365.cli._command import KEEP, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import cloud_of, opened
from perimeter365.errors import InputError
from perimeter365.model.cloud import Cloud

if TYPE_CHECKING:
    from perimeter365.history.store import Store
    from perimeter365.history.sync import Outcome, Upstream


def _clouds(ctx: click.Context, option: click.Parameter, texts: Sequence[str]) -> list[Cloud]:
    found = [cloud_of(ctx, option, text) for text in texts]
    return [cloud for cloud in found if cloud] or [cloud for cloud in Cloud if not cloud.closed]


@declare("sync", KEEP)
@click.option("--cloud", metavar="C", multiple=True, callback=_clouds, help="Only this cloud; may be repeated.")
@click.option("--accept", metavar="HELD", type=int, help="Let a held state through, by its number.")
@click.option("--reject", metavar="HELD", type=int, help="Drop a held state.")
@click.option("--held", is_flag=True, help="List the states that wait for a person, and why.")
@click.option("--watch", is_flag=True, help="Sync forever.")
@click.option(
    "--interval", metavar="MINUTES", type=click.IntRange(min=60), default=60, show_default=True, help="With --watch."
)
@click.option("--health", metavar="FILE", type=click.Path(path_type=Path), help="Say here how the syncs go; with --watch.")
@click.option(
    "--base-url", metavar="URL", help="A mirror of the web service (default: PERIMETER365_UPSTREAM, else Microsoft's)."
)
@json_option
@pass_settings
def command(
    settings: Settings,
    cloud: list[Cloud],
    accept: int | None,
    reject: int | None,
    held: bool,
    watch: bool,
    interval: int,
    health: Path | None,
    base_url: str | None,
    json: bool,
) -> int:
    """Bring the lists up to date, or say which wait for a person.

    What is stranger than honest changes are is held: the last good list stays in force until a person lets the new one
    through (--accept) or drops it (--reject), or until upstream takes it back. Exit code 3 when upstream failed for a
    cloud, 4 when a state is held; the other clouds are up to date then.
    """
    if sum([accept is not None, reject is not None, held, watch]) > 1:
        raise InputError("--accept, --reject, --held and --watch exclude each other")
    if health and not watch:
        raise InputError("--health needs --watch")
    with opened(settings, create=accept is None and reject is None) as store:
        if held:
            return _list(settings, store, json)
        if reject is not None:
            return _reject(settings, store, reject)
        return _sync(settings, store, cloud, accept, timedelta(minutes=interval) if watch else None, health, base_url, json)


def _sync(
    settings: Settings,
    store: "Store",
    clouds: list[Cloud],
    accept: int | None,
    interval: timedelta | None,
    health: Path | None,
    base_url: str | None,
    json: bool,
) -> int:
    from perimeter365.history import sync as work
    from perimeter365.sources.embedded import embedded

    def once() -> "Sequence[Outcome]":
        if accept is not None:
            outcomes: Sequence[Outcome] = [work.accept(store, accept, base=embedded())]
        else:
            outcomes = work.sync(store, source, clouds, base=embedded())
        if json:
            print_json([outcome.to_dict() for outcome in outcomes])
        for outcome in outcomes:
            settings.say(*_lines(outcome))
        return outcomes

    if accept is not None:
        return work.exit_code(once())
    source = upstream(base_url)
    if interval:
        from perimeter365.history.watch import watch

        return work.exit_code(watch(once, health, interval=interval))
    return work.exit_code(once())


def _lines(outcome: "Outcome") -> list[str]:
    """What became of a cloud, for people."""
    from perimeter365.history.diff import summary

    said = f"{outcome.cloud}: {outcome.status}" + (f" {outcome.version}" if outcome.version else "")
    lines = [f"{said}: {summary(outcome.diff)}" if outcome.diff else said]
    if outcome.held:
        lines += [f"  {reason['code']}: {reason['message']}" for reason in outcome.held.reasons]
        number = outcome.held.id
        lines.append(f"  help: perimeter365 sync --accept {number}, or --reject {number}; the last good list is in force")
    lines += [f"  {number} healed: upstream took it back" for number in outcome.healed]
    lines += [f"  note: {note}" for note in outcome.notes]
    if outcome.error:
        lines.append(f"  {outcome.error.code}: {outcome.error.message}; the last good list is in force")
        lines += [f"  help: {outcome.error.help}"] if outcome.error.help else []
    return lines


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


def _reject(settings: Settings, store: "Store", number: int) -> int:
    from perimeter365.history.sync import reject

    dropped = reject(store, number)
    settings.say(f"{dropped.cloud}: {dropped.version} was dropped; the last good list stays in force")
    return 0


def upstream(base_url: str | None) -> "Upstream":
    """The web service."""
    from perimeter365.sources.web_service import WebService

    return WebService(base_url)
