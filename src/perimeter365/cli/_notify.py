"""What the commands that tell people share: where the addresses come from, and what is said of a delivery."""

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
"""The variable with addresses, separated by blanks."""

LARGEST = 1_000_000
UPSTREAM_FAILED = 3


def url_option(*names: str) -> Callable[[Any], Any]:
    """The option for addresses; the environment variable is the same in every command."""
    return click.option(
        *names,
        metavar="URL",
        multiple=True,
        cls=SecretOption,
        envvar=VARIABLE,
        help="Tell this address, as Apprise writes it (mailto://…, json://…); may be repeated. Other users of this "
        "machine can read a command line: better use the variable or a file.",
    )


def file_option(*names: str) -> Callable[[Any], Any]:
    """The option for a file of addresses."""
    return click.option(
        *names,
        metavar="FILE",
        type=click.Path(path_type=Path),
        envvar=f"{VARIABLE}_FILE",
        help="Tell the addresses of this file, one a line; `#` begins a comment.",
    )


profile_option = click.option(
    "--profile",
    metavar="FILE",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Tell, too, what a change means for this organization; may be repeated.",
)


def addresses(settings: Settings, urls: Iterable[str], file: Path | None) -> tuple[str, ...]:
    """The addresses that were given, checked. Raises InputError; no address is in the message.

    Raises:
        MissingExtraError: there are addresses, and Apprise is not installed.
    """
    found = [url.strip() for url in urls if url.strip()]
    if file:
        found += _lines(settings, file)
    if found:
        from perimeter365.history.tell.notify import targets

        targets(found)
    return tuple(found)


def tell(settings: Settings, store: "Store", urls: Sequence[str], profiles: Sequence["Profile"]) -> "Delivery":
    """Deliver what waits, and say how that went."""
    from perimeter365.history.tell.notify import deliver
    from perimeter365.sources.embedded import embedded

    done = deliver(store, urls, profiles=profiles, base=embedded() if profiles else None, due=False)
    say_delivery(settings, done)
    return done


def say_delivery(settings: Settings, done: "Delivery") -> None:
    """Say how a delivery went, on stderr."""
    if done.delivered or done.failed:
        settings.say(f"notifications: {done.delivered} delivered" + (f", {done.failed} failed" if done.failed else ""))
    for problem in done.problems:
        print(f"warning: {problem}; `perimeter365 notify` tries again", file=sys.stderr)


def _lines(settings: Settings, file: Path) -> list[str]:
    try:
        with file.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise InputError(f"{file} has more than {LARGEST} bytes")
    if os.name == "posix" and mode & stat.S_IROTH:
        settings.say(f"warning: everybody can read {file}; `chmod 600` it if there are passwords in it")
    lines = (line.strip() for line in data.decode("utf-8", "replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
