"""The client of the Microsoft 365 IP Address and URL web service.

    service = WebService()
    service.version(Cloud.WORLDWIDE)
        '2026080200'
    service.endpoints(Cloud.WORLDWIDE).state("2026080200").sets[0].key
        'worldwide/1'

/version is requested at most once an hour for each cloud, other documents only when needed. Responses are cached in a
folder with their ETag, so the service can answer 304. A GUID that is created once identifies the installation. After a 429,
the wait time is stored in the folder too, and no process sends a request before it is over.

Whatever upstream sends or the files of the folder contain, a request raises only `UpstreamError` (`model.reading`).

Source: https://learn.microsoft.com/en-us/microsoft-365/enterprise/microsoft-365-ip-web-service
"""

import hashlib
import json
import os
import re
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from perimeter365.atomic import PRIVATE, make_folder, replace
from perimeter365.errors import InputError, NotJsonError, RateLimitedError, UpstreamDataError, UpstreamError
from perimeter365.intake import read_bytes, read_text
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import decode, fields, optional, or_none, parse_json, real, text
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.quantity import quantity
from perimeter365.model.reading import reading
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import BEGINNING, Version
from perimeter365.net.dial import Resolve, resolve
from perimeter365.net.fetch import DAY, HOUR, Fetcher, FetchLimits
from perimeter365.store.place import data_folder
from perimeter365.wire.read import (
    MOST_BYTES,
    UnknownSet,
    parse_changes,
    parse_version,
    parse_versions,
    published,
    read_endpoints,
)

BASE_URL = "https://endpoints.office.com"
_T = TypeVar("_T")
# Matches "b10c5ed1-bad1-445f-b386-b919946339a7", not the same with braces or upper-case letters.
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedList:
    """A fetched list.

    It has no version, because the service returns that separately (/version).
    """

    cloud: Cloud
    sets: tuple[EndpointSet, ...]
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Unknown keys -> number of sets with the key. They show that the format of the service was extended."""
    unreadable: tuple[UnknownSet, ...] = ()
    """Sets with an unknown service area or category, which are not in `sets`."""

    def state(self, version: Version) -> State:
        """Return the list as a state with a version.

        The version is the one that /version returned before and after the list.
        """
        return State(cloud=self.cloud, version=version, origin=LIVE, sets=self.sets)


class WebService:
    """The client of the web service or of a mirror with the same API."""

    def __init__(
        self,
        base_url: str | None = None,
        *,
        client_id: str | None = None,
        folder: Path | None = None,
        limits: FetchLimits | None = None,
        ca_file: str | None = None,
        clock: Callable[[], float] = time.time,
        resolve: Resolve = resolve,
    ) -> None:
        """Set the options.

        Args:
            base_url: the address of a mirror; None for Microsoft's service.
            client_id: a GUID; None for that of this installation.
            folder: the folder of cached responses and the client id; None for the data folder.
            limits: limits of times and sizes; None for the defaults.
            ca_file: a PEM file with the authorities to trust instead of the operating system's.
            clock: returns the seconds since 1970.
            resolve: returns the addresses of a name.

        Raises:
            InputError: the address or the client id is not valid.
        """
        self.base_url = base_url or BASE_URL
        self.folder = folder or Path(data_folder())
        self._given_id = _guid(client_id) if client_id else ""
        self.ca_file = ca_file
        self.skew: float | None = None
        """Seconds by which upstream's clock was ahead of the local one at the last response; None if not known."""
        self._fetch = Fetcher(self.base_url, limits=limits, ca_file=ca_file, resolve=resolve)
        self._unreadable: dict[Cloud, tuple[UnknownSet, ...]] = {}
        self._clock = clock

    @property
    def client_id(self) -> str:
        """The GUID of this installation; it is created and stored if there is none."""
        return self._given_id or installation_id(self.folder)

    def set_remaining_time(self, seconds: float) -> None:
        """Set the time limit in seconds for all following requests together."""
        self._fetch.until = time.monotonic() + seconds

    def version(self, cloud: Cloud, *, fresh: bool = False) -> Version:
        """Return the newest version of a cloud's list. A response is used for one hour.

        Args:
            cloud: the cloud of the list.
            fresh: send a request even if the last response is less than an hour old.

        Raises:
            UpstreamError: see `errors`.
        """
        url = f"/version/{cloud.instance}"
        if not fresh and self.seconds_since_answer(cloud) < HOUR and (cached := self._cached(url)):
            with suppress(UpstreamError):
                version = parse_version(cached.body, cloud)
                self.skew = cached.skew
                return version
        return self._get(url, lambda body: parse_version(body, cloud))

    def instances(self) -> Mapping[str, str]:
        """Return the latest version of each instance, known or not.

        A response is used for one hour. Raises UpstreamError: see `errors`.
        """
        cached = self._cached("/version")
        if cached and 0 <= self._clock() - cached.at < HOUR:
            with suppress(UpstreamError):
                return parse_versions(cached.body)
        return self._get("/version", parse_versions)

    def seconds_since_answer(self, cloud: Cloud) -> float:
        """Return the seconds since the last response of /version in any process.

        The result is infinite if there was none, or if its time is in the future.
        """
        cached = self._cached(f"/version/{cloud.instance}")
        ago = self._clock() - cached.at if cached else -1.0
        return ago if ago >= 0 else float("inf")

    def check_connection(self) -> None:
        """Open and close a connection as for a request, with proxy and TLS.

        Raises UpstreamError.
        """
        self._fetch.probe()

    @property
    def seconds_to_wait(self) -> float:
        """The seconds before the next request is allowed; 0 if it is allowed now.

        A 429 in any process sets the time.
        """
        with suppress(OSError, InputError, UpstreamError), reading("the time to wait"):
            left = decode("", _WAIT, parse_json(read_bytes(self._wait_file, most=1000)))["until"] - self._clock()
            return left if 0 < left <= DAY else 0.0  # more than a day: the clock was set back
        return 0.0

    def endpoints(self, cloud: Cloud) -> FetchedList:
        """Fetch the current list of a cloud. Raises UpstreamError."""
        answer = self._get(f"/endpoints/{cloud.instance}", lambda body: read_endpoints(body, cloud))
        self._unreadable[cloud] = answer.unreadable
        return FetchedList(cloud=cloud, sets=answer.sets, unknown=answer.unknown, unreadable=answer.unreadable)

    def unreadable(self, cloud: Cloud) -> tuple[UnknownSet, ...]:
        """Return the sets that were left out of the last list of a cloud that was fetched.

        Their service area or category is unknown. There are none before the first list.
        """
        return self._unreadable.get(cloud, ())

    def state(self, cloud: Cloud) -> tuple[State, Mapping[str, int]]:
        """Fetch the list of a cloud with its version.

        The second result is unknown keys -> number of sets with the key.

        /version is requested before and after the list, to be sure that version and list belong together.

        Raises:
            UpstreamDataError: the two versions differ, for example because nodes of the service disagree.
            UpstreamError: see `errors`.
        """
        before = self.version(cloud, fresh=True)
        fetched = self.endpoints(cloud)
        after = self.version(cloud, fresh=True)
        if before != after:
            raise UpstreamDataError(
                f"the version of {cloud} was {before} before the list was fetched and {after} after it",
                help="nodes of the service disagree, or a version was just published; try again in an hour",
            )
        with reading(f"the list of {cloud}"):
            return fetched.state(after), fetched.unknown

    def changes(self, cloud: Cloud, since: str = BEGINNING) -> tuple[ChangeRecord, ...]:
        """Fetch the change records of the versions after `since` (`0000000000` for all).

        Raises:
            UpstreamDataError: `since` is not a version.
            UpstreamError: see `errors`.
        """
        if since != BEGINNING:
            published(since, "since")
        return self._get(f"/changes/{cloud.instance}/{since}", lambda body: parse_changes(body, cloud))

    def _get(self, path: str, read: Callable[[bytes], _T]) -> _T:
        """Request a document and parse it.

        Only valid responses are cached, because each 304 returns the cached one.
        """
        if (left := self.seconds_to_wait) > 0:
            raise RateLimitedError(
                f"{self._fetch.shown} asked to wait {quantity(round(left), 'more second')}", retry_after=left
            )
        client_id = self.client_id
        self._fetch.check_login()
        with reading(f"the response of {self._fetch.shown}"):
            return self._read(path, client_id, read)

    def _read(self, path: str, client_id: str, read: Callable[[bytes], _T]) -> _T:
        cached = self._cached(path)
        try:
            response = self._fetch.get(
                path,
                {"ClientRequestId": client_id},
                etag=cached.etag if cached else "",
                modified=cached.modified if cached else "",
            )
        except RateLimitedError as error:
            now = self._clock()
            with suppress(OSError):
                _write(self._wait_file, json.dumps({"at": now, "until": now + error.retry_after}).encode())
            raise
        self.skew = response.date - self._clock() if response.date is not None else None
        if response.status == 304:
            if cached is None:
                raise UpstreamDataError(f"{self._fetch.shown} answers 304 to an unconditional request")
            body, etag, modified = cached.body, cached.etag, cached.modified
        else:
            body, etag, modified = response.body, response.etag, response.modified
            if response.kind == "text/html":
                step = "look for a captive portal or a proxy that answers instead"
                raise NotJsonError(f"{self._fetch.shown} answers with an HTML page", help=step)
        try:
            value = read(body)
        except Exception:
            with suppress(OSError):
                self._file(path).unlink(missing_ok=True)
            raise
        self._cache(path, _CachedResponse(at=self._clock(), body=body, etag=etag, modified=modified, skew=self.skew))
        return value

    def _file(self, path: str) -> Path:
        name = hashlib.sha256(f"{self.base_url}{path}".encode()).hexdigest()[:32]
        return self.folder / "answers" / f"{name}.json"

    @property
    def _wait_file(self) -> Path:
        return self._file("#wait")

    def _cached(self, path: str) -> "_CachedResponse | None":
        """Return the cached response, or None if there is none or it is damaged."""
        with suppress(OSError, InputError, UpstreamError), reading("the cached response"):
            found = decode("", _ANSWER, parse_json(read_bytes(self._file(path), most=_MOST_CACHED)))
            body = found["body"].encode("utf-8")
            if hashlib.sha256(body).hexdigest() == found.pop("sha256"):
                return _CachedResponse(**found | {"body": body})
        return None

    def _cache(self, path: str, cached: "_CachedResponse") -> None:
        """Cache a response. A folder that is not writable only costs another request."""
        with suppress(OSError, UnicodeDecodeError):
            text = cached.body.decode("utf-8")
            digest = hashlib.sha256(cached.body).hexdigest()
            times = {"at": cached.at, "skew": cached.skew}
            data = {**times, "etag": cached.etag, "modified": cached.modified, "sha256": digest, "body": text}
            _write(self._file(path), json.dumps(data).encode())


@dataclass(frozen=True, kw_only=True, slots=True)
class _CachedResponse:
    at: float
    body: bytes
    etag: str
    modified: str
    skew: float | None


_HEADER = text(r"[ -~]{0,200}", "the value of a header")
"""They are sent in the next request, in which a line break would be a header of its own."""

_ANSWER = partial(
    fields, at=real, skew=optional(or_none(real), None), etag=_HEADER, modified=_HEADER, sha256=text(), body=text()
)
_WAIT = partial(fields, at=optional(real, None), until=real)


_MOST_CACHED = 8 * MOST_BYTES
"""JSON needs up to six characters for one of a body. A longer file counts as damaged."""


def installation_id(folder: Path) -> str:
    """Return the GUID of an installation from its data folder.

    If it is not writable, the GUID lasts for this process.
    """
    path = folder / "client-id"
    with suppress(InputError):
        return _guid(read_text(path, most=1000))
    made = str(uuid.uuid4())
    with suppress(OSError):
        make_folder(folder, private=True)
        try:
            with open(
                path, "x", encoding="ascii", opener=_private
            ) as file:  # if two processes start together, the first one creates it
                file.write(made + "\n")
        except FileExistsError:
            with suppress(InputError):
                return _guid(read_text(path, most=1000))
            _write(path, made.encode() + b"\n")  # the file was damaged
    return made


def _guid(text: str) -> str:
    text = text.strip().strip("{}").lower()
    if not _GUID.fullmatch(text):
        raise InputError(f"{text[:40]!r} is not a GUID", help="for example b10c5ed1-bad1-445f-b386-b919946339a7")
    return text


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)


def _write(path: Path, data: bytes) -> None:
    """Write a file that only this user can read, and create its folder.

    Raises OSError.
    """
    make_folder(path.parent, private=True)
    replace(path, data, private=True)
