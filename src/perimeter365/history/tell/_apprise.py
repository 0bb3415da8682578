"""Send messages with Apprise, without its log output and with a deadline.

    call, address = next(services("json://hooks.example.com/x", 1))
    call("A title", "Some *Markdown*")
        'the service answers 503'

Apprise logs host names and secrets, and a service may not answer at all. So its log is captured instead of written to
stderr, only a status code is taken from it, and each call has a deadline.
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
"""Sends (title, Markdown). Returns "" if the service accepted the message, else the reason."""

DEADLINE = 60.0
"""The time limit of one call in seconds."""

_SILENCE = logging.NullHandler()


def scheme(url: str) -> str:
    """Return the scheme of an address, or "?" if it has none.

    The scheme is the only part of an address that may be shown.
    """
    scheme, colon, _ = url.partition("://")  # a text without "://" may be a misplaced password
    return scheme.lower() if colon and re.fullmatch(r"[A-Za-z0-9+.-]{1,20}", scheme) else "?"


def services(url: str, place: int) -> Iterator[tuple[Call, str]]:
    """Yield (call, address) for each service of an Apprise address.

    Args:
        url: the address; it may contain several services.
        place: the position of the address in the caller's list, from 1, for messages.

    Raises:
        InputError: the address is not valid. The message does not contain it, because it may have a password.
        MissingExtraError: Apprise is not installed.
    """
    with _captured_log():
        try:
            from apprise import Apprise, AppriseAsset
        except ImportError as error:
            raise MissingExtraError("a notification", "notify", error) from error

        service = Apprise(asset=AppriseAsset(storage_mode="memory"))
        added = service.add(url)
    if not added or not len(service):
        where = "https://github.com/caronc/apprise lists the services and how their addresses are written"
        raise InputError(f"address {place} ({scheme(url)}) is not a valid Apprise address", help=where)
    for plugin in service:
        yield _sender(plugin), str(plugin.url())  # type: ignore[no-untyped-call]


def _sender(plugin: "NotifyBase") -> Call:
    from apprise import Apprise, NotifyFormat, OverflowMode

    if plugin.overflow_mode == OverflowMode.UPSTREAM:
        plugin.overflow_mode = OverflowMode.TRUNCATE  # a service that rejects long messages would never accept it
    service = Apprise()
    service.add(plugin)

    def work(title: str, body: str, result: list[str]) -> None:
        with _captured_log() as messages:
            try:
                accepted = service.notify(title=title, body=body, body_format=NotifyFormat.MARKDOWN)
                result.append("" if accepted else _reason(messages))
            except Exception as error:  # noqa: BLE001 (any failure of a plugin is a failed delivery)
                result.append(f"not accepted: {type(error).__name__}")

    def call(title: str, body: str) -> str:
        result: list[str] = []
        # A service that sends a byte now and then never times out. A daemon thread does not keep the process alive.
        thread = threading.Thread(target=work, args=(title, body, result), daemon=True)
        thread.start()
        thread.join(DEADLINE)
        return result[0] if result else f"no answer within {DEADLINE:.0f} seconds"

    return call


def _reason(messages: Iterable[str]) -> str:
    """Return the reason of a failure, found in Apprise's log.

    It does not contain the text of the log, which may contain the address.
    """
    for line in messages:
        if code := re.search(r"\berror=([1-5][0-9]{2})\b", line):
            return f"the service answers {code[1]}"
    return "no connection" if any("onnection" in line for line in messages) else "not accepted"


@contextmanager
def _captured_log() -> Iterator[list[str]]:
    """Capture Apprise's log messages instead of writing them to stderr.

    They contain host names and secrets.
    """
    messages: list[str] = []

    class LogCapture(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            messages.append(record.getMessage()[:500])

    logger, capture = logging.getLogger("apprise"), LogCapture()
    logger.propagate = False  # permanently: the thread of a service that hangs may log after the deadline
    logger.addHandler(capture)
    try:
        yield messages
    finally:
        logger.removeHandler(capture)
        logger.addHandler(_SILENCE)
