"""The application, as granian runs it (RSGI).

Source: https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md

    at_once(scope, proto)        sends a known answer in the thread in which the request arrived; else returns False
    await app(scope, proto)      answers any request
    await app.reply(…)           the same without a server

`rooms` has the parts of the service by the first segment of the path, `profile_rooms` those below /p/NAME/ by the segment
after the name; "" is for all other names, which are those of targets.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import quote

from perimeter365.errors import Perimeter365Error
from perimeter365.model.finding import printable
from perimeter365.web.answer import TEXT, Answer, Conditions, Headers, accepts_gzip, error_answer
from perimeter365.web.extended import Extended
from perimeter365.web.feed_view import Views
from perimeter365.web.feeds import Feeds
from perimeter365.web.health import ALIVE, readiness
from perimeter365.web.mirror import Mirror
from perimeter365.web.pac import WPAD, Pac
from perimeter365.web.request import RefusedError, Request
from perimeter365.web.room import Room
from perimeter365.web.service import POLL, NoDataError, Service

NOTHING = "There is nothing here."

RETRY = ("retry-after", "30")


class Scope(Protocol):
    """What the server says about a request."""

    method: str
    path: str
    """Decoded, with U+FFFD for what is not UTF-8."""
    query_string: str
    """As it was sent."""
    headers: Any
    """Has a method `get(name)`, which returns the first value, or None."""


class Proto(Protocol):
    """The connection of a request."""

    def response_empty(self, status: int, headers: Headers) -> None:
        """Send an answer without a body."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Send an answer."""


class App:
    """The service as an application."""

    def __init__(
        self,
        service: Service,
        certificate: Callable[[], str] = lambda: "",
        loaded: Callable[[], None] = lambda: None,
    ) -> None:
        """Create the application.

        Args:
            service: what it serves.
            certificate: returns what is wrong with the certificate; "" for nothing.
            loaded: called once when there is something to serve.
        """
        self.service = service
        self.certificate = certificate
        self.loaded = loaded
        mirror = Mirror()
        views = Views()
        self.feeds = Feeds(views)
        pac = Pac(views, service.options.wpad)
        self.rooms: dict[str, Room[Any]] = {
            "version": mirror,
            "endpoints": mirror,
            "changes": mirror,
            "feeds": self.feeds,
            "pac": pac,
            WPAD: pac,
        }
        """First segment of a path, in lower case -> the room that answers."""
        self.rooms["extended"] = extended = Extended(mirror)
        self.profile_rooms: dict[str, Room[Any]] = {"": self.feeds, "extended": extended}
        """Segment after /p/NAME/, in lower case -> the room that answers; "" for all others."""
        self._watching: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[Answer] | None = None

    # -- requests ------------------------------------------------------------------------------------------------------

    def at_once(self, scope: Scope, proto: Proto) -> bool:
        """Send an answer that is known already; return False if there is none.

        It is called from the server's thread.
        """
        try:
            method = scope.method
            if method not in ("GET", "HEAD"):
                return False
            if (answer := self.service.at_once((scope.path, scope.query_string))) is None:
                return False
            _send(proto, *answer.reply(_asked(method, scope.headers.get)))
        except Exception:  # noqa: BLE001 (the server cannot handle one; the other way answers, and reports it)
            return False
        return True

    async def __call__(self, scope: Scope, proto: Proto) -> None:
        """Answer a request."""
        _send(proto, *await self.reply(scope.method, scope.path, scope.query_string, scope.headers.get))

    async def reply(
        self, method: str, path: str, query: str, header: Callable[[str], str | None]
    ) -> tuple[int, Headers, bytes]:
        """Return status, headers and body for a request.

        Args:
            method: the method, in upper case.
            path: the path, decoded.
            query: the query, as it was sent.
            header: returns the value of a header of the request by its name in lower case, or None.
        """
        answer = await self.answer(method, quote(path), query, (path, query), header("host") or "")
        return answer.reply(_asked(method, header))

    async def answer(
        self, method: str, path: str, query: str, target: tuple[str, str] | None = None, host: str = ""
    ) -> Answer:
        """Return the answer to a request; `path` has percent-encoding.

        For `target` see `Service.answer`.
        """
        try:
            if method not in ("GET", "HEAD"):
                raise RefusedError(405, "Only GET and HEAD are possible here.", allow="GET, HEAD")
            request = Request(path=path, query=query, host=host)
            first = request.parts[0].lower() if request.parts else ""
            if first == "healthz":
                return ALIVE
            if first == "readyz":
                return await self._state()
            if not first:
                return Answer(body=self._front().encode(), type=TEXT)
            if (room := self._room(request)) is None:
                raise RefusedError(404, NOTHING)
            by_host = first == WPAD  # the same path has other answers for other hosts
            return await self.service.answer(room, room.read(request), None if by_host else target)
        except RefusedError as refused:
            return error_answer(refused.status, refused.text, *([("allow", refused.allow)] if refused.allow else []))
        except NoDataError as error:
            return error_answer(503, f"{error}", RETRY)
        except Perimeter365Error as error:
            _log(error)
            return error_answer(503, f"{error.title} ({error.code})", RETRY)
        except Exception as error:  # noqa: BLE001 (a defect must not end the connection without an answer)
            _log(error)
            return error_answer(500, "a defect of perimeter365")

    async def _state(self) -> Answer:
        """Return the state.

        All who ask while it is read share it, so that they cannot keep the threads from new lists.
        """
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(asyncio.to_thread(self._readiness))
        return await asyncio.shield(self._reading)

    def _readiness(self) -> Answer:
        edition = self.service.edition
        return readiness(self.service, self.certificate(), self.feeds.emptied(edition) if edition else None)

    def _room(self, request: Request) -> Room[Any] | None:
        first = request.parts[0].lower()
        if first != "p":
            return self.rooms.get(first)
        third = request.parts[2].lower() if len(request.parts) > 2 else ""
        return self.profile_rooms.get(third) or self.profile_rooms.get("")

    def _front(self) -> str:
        """Return the text of `/`: what there is."""
        lines = ["perimeter365: Microsoft 365 network requirements", ""]
        edition = self.service.edition
        for cloud, served in edition.clouds.items() if edition else ():
            lines.append(f"{cloud}: version {served.number}")
        paths = {
            "version": "/version                         the version of each list *",
            "endpoints": "/endpoints/worldwide             the endpoint sets *",
            "changes": "/changes/worldwide/0000000000    the changes since a version *",
            "extended": "/extended/endpoints/worldwide    the endpoint sets, and the rows of Microsoft's page *",
            "feeds": "/feeds                           lists for devices",
            "pac": "/pac/NAME.pac                    the PAC file of a profile",
        }
        lines += [
            "",
            *(text for name, text in paths.items() if name in self.rooms),
            "/readyz                          the state of the service",
            "",
            "* as endpoints.office.com: add ?ClientRequestId=GUID, with a GUID of your own that stays the same.",
        ]
        return "\n".join(lines) + "\n"

    # -- life ----------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Load what is in force before the first request, and watch it from now on."""
        await self.service.load()
        self._watching = asyncio.create_task(self.service.watch())
        if self.service.edition:
            self.loaded()
        else:
            self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        while self.service.edition is None:  # noqa: ASYNC110 (there is no event)
            await asyncio.sleep(POLL)
        self.loaded()

    async def stop(self) -> None:
        """End the watching."""
        for task in filter(None, (self._telling, self._watching)):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def greeting(self) -> str:
        """Return lines about what is served, for the operator."""
        service = self.service
        if service.edition is None:
            return f"nothing is served yet: {service.problem}"
        place = "from the store" if service.stored else "embedded in this release; `perimeter365 sync` fetches newer ones"
        lines = [f"lists {place}:", *(f"  {age}" for age in service.ages)]
        if service.edition.profiles:
            lines.append(f"profiles: {', '.join(map(printable, service.edition.profiles))}")
        elif service.options.profiles and not service.edition.named.problem:
            lines.append(f"profiles: none yet; write NAME.toml into {printable(service.options.profiles)}")
        if service.options.wpad and service.options.wpad not in service.edition.named.named:
            lines.append(f"profiles: /wpad.dat has no profile {printable(service.options.wpad)!r} yet (--wpad)")
        return "\n".join(lines)


def _send(proto: Proto, status: int, headers: Headers, body: bytes) -> None:
    if status == 304:
        proto.response_empty(status, headers)
    else:
        proto.response_bytes(status, headers, body)


def _asked(method: str, header: Callable[[str], str | None]) -> Conditions:
    encoding = header("accept-encoding")
    return Conditions(
        head=method == "HEAD",
        gzip=encoding is not None and accepts_gzip(encoding),
        match=header("if-none-match") or "",
        since=header("if-modified-since") or "",
    )


def _log(error: Exception) -> None:
    logging.getLogger(__name__).error("%s: %s", type(error).__name__, printable(" ".join(str(error).split())))
