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

if TYPE_CHECKING:
    from perimeter365.history.tell.notify import Delivery
    from perimeter365.plan.profile import Profile
    from perimeter365.store.store import Store

VARIABLE = f"{PREFIX}_NOTIFY"
"""The environment variable with addresses, separated by spaces."""

MAX_FILE_BYTES = 1_000_000
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
    if file:
        found += _lines(settings, file)
    if found:
        from perimeter365.history.tell.notify import notification_targets

        notification_targets(found)
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
    try:
        with file.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            data = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}") from error
    if len(data) > MAX_FILE_BYTES:
        raise InputError(f"{file} has more than {MAX_FILE_BYTES} bytes")
    if os.name == "posix" and mode & stat.S_IROTH:
        settings.log(f"warning: {file} is readable by all users; run `chmod 600 {file}` if it contains passwords")
    lines = (line.strip() for line in data.decode("utf-8", "replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
