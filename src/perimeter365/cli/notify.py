"""`perimeter365 notify`: deliver pending notifications, or test the addresses."""

from collections.abc import Sequence
from pathlib import Path

import click

from perimeter365.cli._command import VERSIONS, declare, json_option, pass_settings
from perimeter365.cli._notify import UPSTREAM_FAILED, addresses, deliver_pending, file_option, profile_option, url_option
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import open_reader, open_store
from perimeter365.errors import InputError
from perimeter365.model.quantity import quantity


@declare("notify", VERSIONS)
@url_option("--to")
@file_option("--file")
@profile_option
@click.option("--test", is_flag=True, help="Only send a test message to each address.")
@click.option("--dry-run", is_flag=True, help="List the pending notifications without sending them.")
@click.option("--drop", metavar="ID|all", multiple=True, help="Discard a pending notification, or all; repeatable.")
@json_option
@pass_settings
def command(
    settings: Settings,
    to: tuple[str, ...],
    file: Path | None,
    profile: tuple[Path, ...],
    test: bool,
    dry_run: bool,
    drop: tuple[str, ...],
    json: bool,
) -> int:
    """Deliver the pending notifications.

    Each address receives each notification at least once. A failed delivery does not delay other addresses; it is
    retried. Exit code 3 if a delivery failed.

    Examples:
        perimeter365 notify --dry-run
        perimeter365 notify --test --file addresses.txt
    """
    if sum([test, dry_run, bool(drop)]) > 1:
        raise InputError("--test, --dry-run and --drop exclude each other")
    if dry_run:
        return _list(settings, json)
    if drop:
        return _drop(settings, drop)
    urls = addresses(settings, to, file)
    if not urls:
        raise InputError("no notification address is set", help="set PERIMETER365_NOTIFY, or use --file or --to")
    if test:
        return _test(settings, urls, json)
    profiles = [settings.load_profile(path) for path in profile]
    with open_store(settings) as store:
        done = deliver_pending(settings, store, urls, profiles)
    if json:
        print_json(done.to_dict())
    elif not (done.delivered or done.failed or done.waiting):
        settings.log("no notification is pending")
    return UPSTREAM_FAILED if done.failed or done.waiting else 0


def _list(settings: Settings, json: bool) -> int:
    from perimeter365.history.tell.notify import message

    with open_reader(settings) as store:
        waiting = store.pending()
    if json:
        keys = ("id", "kind", "at", "attempts", "problem")
        print_json(
            [{**{key: getattr(each, key) for key in keys}, "title": message(each.kind, each.payload)[0]} for each in waiting]
        )
        return 0
    for each in waiting:
        failed = f"; failed {quantity(each.attempts, 'time')}, {each.problem}" if each.attempts else ""
        print(f"{each.id}  {each.at}  {message(each.kind, each.payload)[0]}{failed}")
    if not waiting:
        settings.log("no notification is pending")
    return 0


def _drop(settings: Settings, words: Sequence[str]) -> int:
    wrong = [word for word in words if word != "all" and not (word.isascii() and word.isdigit())]
    if wrong:
        raise InputError(f"{wrong[0]!r} is neither the number of a notification nor `all`")
    with open_store(settings) as store:
        from perimeter365.history.tell.notify import discard

        waiting = {each.id for each in store.pending()}
        numbers = waiting if "all" in words else {int(word) for word in words}
        if unknown := numbers - waiting:
            raise InputError(
                f"notification {min(unknown)} is not pending", help="`perimeter365 notify --dry-run` lists them"
            )
        gone = discard(store, numbers)
    settings.log(f"{gone} discarded")
    return 0


def _test(settings: Settings, urls: Sequence[str], json: bool) -> int:
    from perimeter365.history.tell.notify import send_test

    found = send_test(urls)
    if json:
        print_json([{"target": name, "taken": not problem, "problem": problem} for name, problem in found.items()])
    for name, problem in found.items() if not json else ():
        print(f"{name}: {problem or 'accepted'}")
    return UPSTREAM_FAILED if any(found.values()) else 0
