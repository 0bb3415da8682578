"""`perimeter365 notify`: delivers the notifications that wait, and tries the addresses out."""

from collections.abc import Sequence
from pathlib import Path

import click

from perimeter365.cli._command import KEEP, declare, json_option, pass_settings
from perimeter365.cli._notify import UPSTREAM_FAILED, addresses, file_option, profile_option, tell, url_option
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import asked, opened
from perimeter365.errors import InputError


@declare("notify", KEEP)
@url_option("--to")
@file_option("--file")
@profile_option
@click.option("--test", is_flag=True, help="Send a test message to each address, and nothing else.")
@click.option("--dry-run", is_flag=True, help="List what waits; send nothing.")
@click.option("--drop", metavar="ID|all", multiple=True, help="Forget what waits, undelivered; may be repeated.")
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
    """Deliver the notifications that are waiting.

    Each address gets each notification at least once; one that fails does not hold up the others, and is given again what
    it has not taken. Exit code 3 when an address has not taken something.
    """
    if sum([test, dry_run, bool(drop)]) > 1:
        raise InputError("--test, --dry-run and --drop exclude each other")
    if dry_run:
        return _list(settings, json)
    if drop:
        return _drop(settings, drop)
    urls = addresses(settings, to, file)
    if not urls:
        raise InputError("there is no address to tell", help="name one with PERIMETER365_NOTIFY, --file or --to")
    if test:
        return _test(settings, urls, json)
    profiles = [settings.load_profile(path) for path in profile]
    with opened(settings) as store:
        done = tell(settings, store, urls, profiles)
    if json:
        print_json(done.to_dict())
    elif not (done.delivered or done.failed or done.waiting):
        settings.say("no notification waits")
    return UPSTREAM_FAILED if done.failed or done.waiting else 0


def _list(settings: Settings, json: bool) -> int:
    from perimeter365.history.tell.notify import message

    with asked(settings) as store:
        waiting = store.pending()
    if json:
        keys = ("id", "kind", "at", "attempts", "problem")
        print_json(
            [{**{key: getattr(each, key) for key in keys}, "title": message(each.kind, each.payload)[0]} for each in waiting]
        )
        return 0
    for each in waiting:
        failed = f"; failed {each.attempts} times, {each.problem}" if each.attempts else ""
        print(f"{each.id}  {each.at}  {message(each.kind, each.payload)[0]}{failed}")
    if not waiting:
        settings.say("no notification waits")
    return 0


def _drop(settings: Settings, words: Sequence[str]) -> int:
    wrong = [word for word in words if word != "all" and not (word.isascii() and word.isdigit())]
    if wrong:
        raise InputError(f"{wrong[0]!r} is not the number of a notification, nor `all`")
    with opened(settings) as store:
        from perimeter365.history.tell.notify import drop

        waiting = {each.id for each in store.pending()}
        numbers = waiting if "all" in words else {int(word) for word in words}
        if unknown := numbers - waiting:
            raise InputError(f"notification {min(unknown)} does not wait", help="`perimeter365 notify --dry-run` lists them")
        gone = drop(store, numbers)
    settings.say(f"{gone} forgotten")
    return 0


def _test(settings: Settings, urls: Sequence[str], json: bool) -> int:
    from perimeter365.history.tell.notify import try_out

    found = try_out(urls)
    if json:
        print_json([{"target": name, "taken": not problem, "problem": problem} for name, problem in found.items()])
    for name, problem in found.items() if not json else ():
        print(f"{name}: {problem or 'taken'}")
    return UPSTREAM_FAILED if any(found.values()) else 0
