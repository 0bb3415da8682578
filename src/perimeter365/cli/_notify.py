"""Options, addresses and delivery reports of commands with notifications."""

import os
import stat
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perimeter365.cli._command import PREFIX, SecretOption
from perimeter365.cli._settings import Settings
from perimeter365.errors import InputError
from perimeter365.intake import decode_text, read_bytes, shown_path

if TYPE_CHECKING:
    from perimeter365.history.tell.notify import Delivery
    from perimeter365.plan.profile import Profile
    from perimeter365.store.store import Store

VARIABLE = f"{PREFIX}_NOTIFY"
"""The environment variable with addresses, separated by spaces."""

MAX_FILE_BYTES = 1_000_000
MAX_ADDRESS = 2000
UPSTREAM_FAILED = 3


def url_option(*names: str) -> Callable[[Any], Any]:
    """Return the option for addresses; its variable is the same in every command."""
    return click.option(
        *names,
        metavar="URL",
        multiple=True,
        cls=SecretOption,
        envvar=VARIABLE,
        help="Notify this address, in Apprise syntax (mailto://…, json://…); repeatable. Other users of this machine can "
        "read command lines; prefer the environment variable or a file.",
    )


def file_option(*names: str) -> Callable[[Any], Any]:
    """Return the option for a file of addresses."""
    return click.option(
        *names,
        metavar="FILE",
        type=click.Path(path_type=Path),
        envvar=f"{VARIABLE}_FILE",
        help="Notify the addresses in this file, one per line; `#` starts a comment.",
    )


profile_option = click.option(
    "--profile",
    metavar="FILE",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Include what a change means for this profile; repeatable. A sync holds a list that would empty its plan.",
)


def addresses(settings: Settings, urls: Iterable[str], file: Path | None) -> tuple[str, ...]:
    """Collect and check the notification addresses.

    Raises:
        InputError: an address is invalid; the message does not contain it.
        MissingExtraError: there are addresses, but Apprise is not installed.
    """
    found = [url.strip() for url in urls if url.strip()]
    listed = _lines(settings, file) if file else []
    if found or listed:
        from perimeter365.history.tell.notify import notification_targets

        notification_targets(found)
        try:
            notification_targets(listed)
        except InputError as error:
            raise error.inside(shown_path(file)) from None
    found += listed
    return tuple(found)


def deliver_pending(settings: Settings, store: "Store", urls: Sequence[str], profiles: Sequence["Profile"]) -> "Delivery":
    """Deliver the pending notifications and print the result."""
    from perimeter365.history.tell.notify import deliver
    from perimeter365.sources.embedded import embedded

    done = deliver(store, urls, profiles=profiles, base=embedded() if profiles else None, due=False)
    print_delivery(settings, done)
    return done


def print_delivery(settings: Settings, done: "Delivery") -> None:
    """Print the result of a delivery on stderr."""
    if done.delivered or done.failed:
        settings.log(f"notifications: {done.delivered} delivered" + (f", {done.failed} failed" if done.failed else ""))
    for problem in done.problems:
        print(f"warning: {problem}; `perimeter365 notify` tries again", file=sys.stderr)


def _lines(settings: Settings, file: Path) -> list[str]:
    data = read_bytes(file, most=MAX_FILE_BYTES, pipes=True)
    if os.name == "posix" and file.is_file() and file.stat().st_mode & stat.S_IROTH:
        settings.log(f"warning: {file} is readable by all users; run `chmod 600 {file}` if it contains passwords")
    found = []
    for number, line in enumerate(map(str.strip, decode_text(data, shown_path(file)).splitlines()), 1):
        if len(line) > MAX_ADDRESS or not line.isprintable():
            help = f"write one address in each line, of at most {MAX_ADDRESS} characters"
            raise InputError(f"{shown_path(file)}: line {number} is not an address", help=help)
        if line and not line.startswith("#"):
            found.append(line)
    return found
