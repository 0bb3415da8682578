"""The ASGI application.

Answers that exist already are sent without any other code between the connection and the bytes.

Source: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

from perimeter365.web.answer import PRIVATE, Answer, Asked, accepts_gzip, error_answer
from perimeter365.web.mirror import Mirror
from perimeter365.web.request import RefusedError, Request
from perimeter365.web.room import Room
from perimeter365.web.service import NoDataError, Service

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class App:
    """The service as an ASGI application."""

    def __init__(self, service: Service) -> None:
        self.service = service
        mirror = Mirror()
        self.rooms: dict[str, Room[Any]] = {"version": mirror, "endpoints": mirror}
        """First segment of a path, in lower case -> the room that answers."""
        self._watching: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection event of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            asked = _asked(scope)
            path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
            answer = await self.answer(scope["method"], path, query)
            status, headers, body = answer.reply(asked)
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    async def answer(self, method: str, path: str, query: str) -> Answer:
        """Return the answer to a request."""
        try:
            if method not in ("GET", "HEAD"):
                raise RefusedError(405, "Only GET and HEAD are possible here.", allow="GET, HEAD")
            request = Request(path=path, query=query)
            first = request.parts[0].lower() if request.parts else ""
            if first in ("healthz", "readyz"):
                return self.health(first)
            if (room := self.rooms.get(first)) is None:
                raise RefusedError(404, "There is nothing here.")
            return await self.service.answer(room, room.read(request))
        except RefusedError as refused:
            return error_answer(refused.status, refused.text, *([("allow", refused.allow)] if refused.allow else []))
        except NoDataError as error:
            return error_answer(503, f"{error}", ("retry-after", "30"))

    def health(self, which: str) -> Answer:
        """Answer /healthz, which says that the process runs, and /readyz, which says whether it has data."""
        edition = self.service.edition
        ready = which == "healthz" or edition is not None
        found = {
            "status": "ok" if not self.service.problem else "degraded" if ready else "not ready",
            "problem": self.service.problem,
            "clouds": {str(c): each.number for c, each in edition.clouds.items()} if edition else {},
        }
        return Answer(body=json.dumps(found).encode(), type="application/json", status=200 if ready else 503, cache=PRIVATE)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Load before the first request, watch until the server stops."""
        while (message := await receive())["type"] == "lifespan.startup":
            await self.service.load()
            self._watching = asyncio.create_task(self.service.watch())
            await send({"type": "lifespan.startup.complete"})
        if message["type"] == "lifespan.shutdown" and self._watching:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
            await send({"type": "lifespan.shutdown.complete"})


def _asked(scope: Scope) -> Asked:
    gzip, match, since = False, "", ""
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            gzip = gzip or accepts_gzip(value.decode("latin-1"))
        elif name == b"if-none-match":
            match = f"{match},{value.decode('latin-1')}" if match else value.decode("latin-1")
        elif name == b"if-modified-since":
            since = value.decode("latin-1")
    return Asked(head=scope["method"] == "HEAD", gzip=gzip, match=match, since=since)
