"""The Microsoft 365 IP Address and URL web service: which version, which list, which changes.

    service = WebService()
    service.version(Cloud.WORLDWIDE)
        '2026080200'
    service.endpoints(Cloud.WORLDWIDE).state("2026080200").sets[0].key
        'worldwide/1'

/version is asked at most once an hour a cloud, everything else only when it is wanted, and conditionally: what came is
kept in a folder with its ETag, and 304 means it still holds. One GUID stands for this installation, made once and kept.
When the service answers 429, the time that it asks for is kept there too: no process asks anything before it is over.

What the service does: https://learn.microsoft.com/en-us/microsoft-365/enterprise/microsoft-365-ip-web-service
"""

import hashlib
import json
import re
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from perimeter365.atomic import replace
from perimeter365.errors import InputError, NotJsonError, RateLimitedError, UpstreamDataError, UpstreamError
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import decode, fields, optional, or_none, parse_json, real, text
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import BEGINNING, Version
from perimeter365.net.dial import Resolve, resolve
from perimeter365.net.fetch import DAY, HOUR, Fetcher, FetchLimits
from perimeter365.store.place import data_folder
from perimeter365.wire.read import parse_changes, parse_version, published, read_endpoints

BASE_URL = "https://endpoints.office.com"
_T = TypeVar("_T")
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """A list that was fetched. The service does not say its version beside it: /version does."""

    cloud: Cloud
    sets: tuple[EndpointSet, ...]
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Keys that our schema does not have -> in how many sets: a hint that the service has grown."""

    def state(self, version: Version) -> State:
        """The list as a value, under the version that /version named before and after it was fetched."""
        return State(cloud=self.cloud, version=version, origin=LIVE, sets=self.sets)


class WebService:
    """Asks the service, or a mirror that speaks as it does."""

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
        """Take the settings.

        Args:
            base_url: of a mirror; None for Microsoft's.
            client_id: GUID; None for this installation's.
            folder: where answers and the client id are kept; None for the data folder.
            limits: times and sizes.
            ca_file: PEM file of authorities to trust instead of the operating system's.
            clock: seconds since 1970.
            resolve: gives the addresses of a name.

        Raises:
            InputError: the address or the client id is none.
        """
        self.base_url = base_url or BASE_URL
        self.folder = folder or Path(data_folder())
        self._given_id = _guid(client_id) if client_id else ""
        self.ca_file = ca_file
        self.skew: float | None = None
        """Seconds by which upstream's clock was ahead of ours at the last answer, kept or new; None: not known."""
        self._fetch = Fetcher(self.base_url, limits=limits, ca_file=ca_file, resolve=resolve)
        self._clock = clock

    @property
    def client_id(self) -> str:
        """The GUID of this installation; made and kept when there is none yet."""
        return self._given_id or installation_id(self.folder)

    def hurry(self, seconds: float) -> None:
        """Everything that is asked from now on may take this long together; what is not there by then has failed."""
        self._fetch.until = time.monotonic() + seconds

    def version(self, cloud: Cloud, *, fresh: bool = False) -> Version:
        """The latest version of a cloud's list, ten digits. An answer is good for an hour.

        Args:
            cloud: which list.
            fresh: ask even when the last answer is younger than an hour.

        Raises:
            UpstreamError: see `errors`.
        """
        url = f"/version/{cloud.instance}"
        if not fresh and self.asked(cloud) < HOUR and (kept := self._kept(url)):
            with suppress(UpstreamDataError):
                version = parse_version(kept.body, cloud)
                self.skew = kept.skew
                return version
        return self._asked_for(url, lambda body: parse_version(body, cloud))

    def asked(self, cloud: Cloud) -> float:
        """How many seconds ago /version answered for a cloud, in any process; infinite when never, or in the future."""
        kept = self._kept(f"/version/{cloud.instance}")
        ago = self._clock() - kept.at if kept else -1.0
        return ago if ago >= 0 else float("inf")

    def probe(self) -> None:
        """Connect as a request would, TLS and proxy included, and hang up. Raises UpstreamError."""
        self._fetch.probe()

    @property
    def wait(self) -> float:
        """Seconds until upstream may be asked again, as a 429 said to any process; 0 for now."""
        with suppress(OSError, InputError):
            left = decode("", _WAIT, parse_json(self._wait_file.read_bytes()))["until"] - self._clock()
            return left if 0 < left <= DAY else 0.0  # more than a day: the clock was set back
        return 0.0

    def endpoints(self, cloud: Cloud) -> Fetched:
        """A cloud's list of now. Raises UpstreamError."""
        answer = self._asked_for(f"/endpoints/{cloud.instance}", lambda body: read_endpoints(body, cloud))
        return Fetched(cloud=cloud, sets=answer.sets, unknown=answer.unknown)

    def state(self, cloud: Cloud) -> tuple[State, Mapping[str, int]]:
        """A cloud's list under its version, and unknown keys.

        /version is asked before and behind it, so that the two belong together.

        Raises:
            UpstreamDataError: the version moved in between, as when answers come from nodes that disagree.
            UpstreamError: see `errors`.
        """
        before = self.version(cloud, fresh=True)
        fetched = self.endpoints(cloud)
        after = self.version(cloud, fresh=True)
        if before != after:
            raise UpstreamDataError(
                f"the version of {cloud} was {before} before its list came and {after} behind it",
                help="nodes of the service disagree, or a version was just published; try again in an hour",
            )
        return fetched.state(after), fetched.unknown

    def changes(self, cloud: Cloud, since: str = BEGINNING) -> tuple[ChangeRecord, ...]:
        """The service's change records of the versions after `since` (ten digits; `0000000000` for all).

        Raises UpstreamError, or UpstreamDataError when `since` is no version.
        """
        if since != BEGINNING:
            published(since, "since")
        return self._asked_for(f"/changes/{cloud.instance}/{since}", lambda body: parse_changes(body, cloud))

    def _asked_for(self, path: str, read: Callable[[bytes], _T]) -> _T:
        """Ask for a document and read it. Only what can be read is kept: a bad copy would come back with each 304."""
        if (left := self.wait) > 0:
            raise RateLimitedError(f"{self._fetch.shown} asked to wait, {left:.0f} seconds from now", retry_after=left)
        kept = self._kept(path)
        try:
            response = self._fetch.get(
                path,
                {"ClientRequestId": self.client_id},
                etag=kept.etag if kept else "",
                modified=kept.modified if kept else "",
            )
        except RateLimitedError as error:
            now = self._clock()
            with suppress(OSError):
                _write(self._wait_file, json.dumps({"at": now, "until": now + error.retry_after}).encode())
            raise
        self.skew = response.date - self._clock() if response.date is not None else None
        if response.status == 304:
            if kept is None:
                raise UpstreamDataError(f"{self._fetch.shown} answers 304 to a request without a condition")
            body, etag, modified = kept.body, kept.etag, kept.modified
        else:
            body, etag, modified = response.body, response.etag, response.modified
            if response.kind == "text/html":
                raise NotJsonError(f"{self._fetch.shown} answers with an HTML page", help="a portal or proxy is between")
        try:
            value = read(body)
        except UpstreamError:
            with suppress(OSError):
                self._file(path).unlink(missing_ok=True)
            raise
        self._keep(path, _Kept(at=self._clock(), body=body, etag=etag, modified=modified, skew=self.skew))
        return value

    def _file(self, path: str) -> Path:
        name = hashlib.sha256(f"{self.base_url}{path}".encode()).hexdigest()[:32]
        return self.folder / "answers" / f"{name}.json"

    @property
    def _wait_file(self) -> Path:
        return self._file("#wait")

    def _kept(self, path: str) -> "_Kept | None":
        """What was kept of an answer; None when there is nothing, or it is damaged."""
        with suppress(OSError, InputError):
            found = decode("", _ANSWER, parse_json(self._file(path).read_bytes()))
            body = found["body"].encode("utf-8")
            if hashlib.sha256(body).hexdigest() == found.pop("sha256"):
                return _Kept(**found | {"body": body})
        return None

    def _keep(self, path: str, kept: "_Kept") -> None:
        """Keep an answer; a folder that cannot be written costs a request next time, nothing else."""
        with suppress(OSError, UnicodeDecodeError):
            text = kept.body.decode("utf-8")
            digest = hashlib.sha256(kept.body).hexdigest()
            times = {"at": kept.at, "skew": kept.skew}
            data = {**times, "etag": kept.etag, "modified": kept.modified, "sha256": digest, "body": text}
            _write(self._file(path), json.dumps(data).encode())


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    at: float
    body: bytes
    etag: str
    modified: str
    skew: float | None


_ANSWER = partial(
    fields, at=real, skew=optional(or_none(real), None), etag=text(), modified=text(), sha256=text(), body=text()
)
_WAIT = partial(fields, at=optional(real, None), until=real)


def installation_id(folder: Path) -> str:
    """The GUID of an installation, kept in its data folder. Without a folder to write to, one for this process."""
    path = folder / "client-id"
    with suppress(OSError, InputError, UnicodeDecodeError):
        return _guid(path.read_text("ascii"))
    made = str(uuid.uuid4())
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="ascii") as file:  # of two processes that start at once, one wins
                file.write(made + "\n")
        except FileExistsError:
            with suppress(InputError, UnicodeDecodeError):
                return _guid(path.read_text("ascii"))
            _write(path, made.encode() + b"\n")  # it was damaged
    return made


def _guid(text: str) -> str:
    text = text.strip().strip("{}").lower()
    if not _GUID.fullmatch(text):
        raise InputError(f"{text[:40]!r} is not a GUID", help="for example b10c5ed1-bad1-445f-b386-b919946339a7")
    return text


def _write(path: Path, data: bytes) -> None:
    """Keep a file, for this user alone; its folder is made. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, data, private=True)


def clouds() -> Iterable[Cloud]:
    """The clouds that the service has (Germany's ended in 2021)."""
    return tuple(cloud for cloud in Cloud if cloud.closed is None)
