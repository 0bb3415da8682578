"""Apprise, kept silent and in time: the services that an address means, and whether one took a message.

    call, address = next(services("json://hooks.example.com/x", 1))
    call("A title", "Some *Markdown*")
        'the service answers 503'

Apprise logs host names and more, and a service may take its time for ever. So what it logs is heard here instead of on
stderr, no word of it is repeated, of a failure only a status code is told, and each call has a deadline.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from perimeter365.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from apprise.plugins.base import NotifyBase

Call = Callable[[str, str], str]
"""Sends (title, Markdown); "" when it was taken, else why not."""

DEADLINE = 60.0
"""Seconds that one call may take."""

_SILENCE = logging.NullHandler()


def scheme(url: str) -> str:
    """The scheme of an address, all of it that may be shown; "?" when it has none."""
    scheme, colon, _ = url.partition("://")  # without them it may be a password in the wrong place
    return scheme.lower() if colon and re.fullmatch(r"[A-Za-z0-9+.-]{1,20}", scheme) else "?"


def services(url: str, place: int) -> Iterator[tuple[Call, str]]:
    """The services of an address, each as a call and with its own address.

    Args:
        url: as Apprise takes it; several in one text are several services.
        place: of the address in the list that was given, from 1, for the message.

    Raises:
        InputError: it is none; it is not repeated.
        MissingExtraError: Apprise is not installed.
    """
    with _overheard():
        try:
            from apprise import Apprise, AppriseAsset
        except ImportError as error:
            raise MissingExtraError("a notification", "notify", error) from error

        service = Apprise(asset=AppriseAsset(storage_mode="memory"))
        added = service.add(url)
    if not added or not len(service):
        where = "https://github.com/caronc/apprise lists the services and how their addresses are written"
        raise InputError(f"address {place} ({scheme(url)}) is not one that Apprise takes", help=where)
    for plugin in service:
        yield _through(plugin), str(plugin.url())  # type: ignore[no-untyped-call]


def _through(plugin: "NotifyBase") -> Call:
    from apprise import Apprise, NotifyFormat, OverflowMode

    if plugin.overflow_mode == OverflowMode.UPSTREAM:
        plugin.overflow_mode = OverflowMode.TRUNCATE  # a service that refuses what is too long would never take it
    service = Apprise()
    service.add(plugin)

    def work(title: str, body: str, result: list[str]) -> None:
        with _overheard() as heard:
            try:
                taken = service.notify(title=title, body=body, body_format=NotifyFormat.MARKDOWN)
                result.append("" if taken else _reason(heard))
            except Exception as error:  # noqa: BLE001 (a plugin's failure is a failed delivery, whatever it is)
                result.append(f"not taken: {type(error).__name__}")

    def call(title: str, body: str) -> str:
        result: list[str] = []
        # A service may send a byte now and then for ever; a daemon does not keep the process alive.
        thread = threading.Thread(target=work, args=(title, body, result), daemon=True)
        thread.start()
        thread.join(DEADLINE)
        return result[0] if result else f"no word within {DEADLINE:.0f} seconds"

    return call


def _reason(heard: Iterable[str]) -> str:
    """Why, out of what Apprise has logged; never its own words, which may hold the address."""
    for line in heard:
        if code := re.search(r"\berror=([1-5][0-9]{2})\b", line):
            return f"the service answers {code[1]}"
    return "no connection" if any("onnection" in line for line in heard) else "not taken"


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """What Apprise logs meanwhile, instead of on stderr: it holds host names and more."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage()[:500])

    logger, ear = logging.getLogger("apprise"), Ear()
    logger.propagate = False  # for good: a late thread of a service that hangs may still have to say something
    logger.addHandler(ear)
    try:
        yield heard
    finally:
        logger.removeHandler(ear)
        logger.addHandler(_SILENCE)
