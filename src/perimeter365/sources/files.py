"""Lists from files, for networks without internet access.

The files are in a folder, a git checkout, or a folder of a web server:

    FOLDER/SHA256SUMS                             lines `<64 hex digits>  <path>`, as sha256sum writes them
    FOLDER/<Instance>/<version>.json              the response of /endpoints/<Instance> for that version
    FOLDER/<Instance>/changes-<version>.json      upstream's change records up to the newest version, optional

    FileSource(Path("mirror")).version(Cloud.WORLDWIDE)          # the newest version in SHA256SUMS
        '2026080200'
    FileSource(Path("mirror-with-a-damaged-file")).version(Cloud.WORLDWIDE)
        UpstreamDataError: mirror/Worldwide/2026080200.json does not match its sum in SHA256SUMS

A folder is accepted or refused as a whole: each file in SHA256SUMS must exist and match its sum, and each file in the folder
must be in SHA256SUMS. Links that leave the folder, special files, and files larger than the limit of a response are refused.
Top-level names that begin with a dot (.git) are ignored. A web server does not list its files, so there only the files that
are read are checked. To verify a copy on another network, compare or sign SHA256SUMS. `follow.carry` writes such folders.
"""

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from perimeter365.errors import CatalogError, UpstreamDataError, UpstreamError
from perimeter365.intake import read_bytes, walk
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.reading import reading
from perimeter365.model.state import LIVE, RECORDED, State
from perimeter365.model.version import Version
from perimeter365.wire.read import UnknownSet, parse_changes, parse_endpoints, published, read_endpoints
from perimeter365.wire.strict_json import LARGEST

if TYPE_CHECKING:
    from perimeter365.net.fetch import Fetcher

SUMS = "SHA256SUMS"
MAX_FILES = 10_000
"""The maximum number of files. One for each version and cloud are a few hundred in ten years."""

COPY_AGAIN = "copy the folder again; if a program is writing it, wait until it ends"
_T = TypeVar("_T")
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
# Matches 64 hex digits, two spaces and "Worldwide/2026080200.json"; does not match "../list.json" or "/etc/passwd" as path.
_LINE = re.compile(rf"([0-9a-f]{{64}}) [ *](?:\./)?({_NAME}(?:/{_NAME}){{0,3}})", re.ASCII)
_LIST = re.compile(r"([0-9]{10})\.json", re.ASCII)


def list_path(cloud: Cloud, version: str) -> str:
    """Return the path of a list in its folder."""
    return f"{cloud.folder}/{version}.json"


def changes_path(cloud: Cloud, version: str) -> str:
    """Return the path of the change records up to a version in their folder."""
    return f"{cloud.folder}/changes-{version}.json"


class FileSource:
    """A folder as upstream. SHA256SUMS is read once, so each sync needs a new object."""

    def __init__(self, where: str | Path) -> None:
        """Set the location without reading it.

        Args:
            where: a folder, or the https address of a folder on a web server.

        Raises:
            InputError: the address is not valid.
        """
        self.where = str(where).rstrip("/") or "/"
        self._sums: Mapping[str, str] | None = None
        self._fetcher = _fetcher(self.where) if "://" in self.where else None
        self._folder = Path(where).expanduser()
        self._unreadable: dict[Cloud, tuple[UnknownSet, ...]] = {}

    def set_remaining_time(self, seconds: float) -> None:
        """Set the time limit in seconds for all following requests together.

        It has no effect on a local folder.
        """
        if self._fetcher:
            self._fetcher.until = time.monotonic() + seconds

    @property
    def clouds(self) -> tuple[Cloud, ...]:
        """The clouds that have a list. Raises UpstreamError."""
        return tuple(cloud for cloud in self._named() if self._versions(cloud))

    def instances(self) -> Mapping[str, str]:
        """Return the newest version of each cloud that has a list. Raises UpstreamError."""
        return {cloud.folder: self.version(cloud) for cloud in self.clouds}

    def _named(self) -> tuple[Cloud, ...]:
        """Return the clouds of this release, and those that a folder names."""
        found = set(CLOUDS)
        for name in {path.partition("/")[0] for path in self._all() if path.count("/") == 1}:
            with suppress(CatalogError):
                found.add(Cloud.of_instance(name))
        return tuple(sorted(found))

    def versions(self, cloud: Cloud) -> tuple[Version, ...]:
        """Return the versions of a cloud, ascending, at least one. Raises UpstreamError."""
        found = self._versions(cloud)
        if not found:
            raise UpstreamDataError(f"{self.where}/{SUMS} has no list of {cloud}")
        return found

    def version(self, cloud: Cloud) -> Version:
        """Return the newest version of a cloud. Raises UpstreamError."""
        return self.versions(cloud)[-1]

    def state(self, cloud: Cloud) -> tuple[State, Mapping[str, int]]:
        """Return the newest list, and unknown keys -> number of sets with the key.

        Raises UpstreamError.
        """
        version = self.version(cloud)
        path = list_path(cloud, version)
        answer = self._parsed(path, lambda data: read_endpoints(data, cloud))
        self._unreadable[cloud] = answer.unreadable
        with reading(f"{self.where}/{path}"):
            return State(cloud=cloud, version=version, origin=LIVE, sets=answer.sets), answer.unknown

    def unreadable(self, cloud: Cloud) -> tuple[UnknownSet, ...]:
        """Return the sets that were left out of the last list that `state` read.

        Their service area or category is unknown. There are none before the first list.
        """
        return self._unreadable.get(cloud, ())

    def changes(self, cloud: Cloud, since: str) -> tuple[ChangeRecord, ...]:
        """Return the change records of the versions after `since`.

        There are none if the folder has no file with them. Raises UpstreamError.
        """
        path = changes_path(cloud, self.version(cloud))
        if path not in self._all():
            return ()
        found = self._parsed(path, lambda data: parse_changes(data, cloud))
        return tuple(record for record in found if record.version > since)

    def recorded(self, cloud: Cloud, version: Version) -> State:
        """Return the list of a version.

        Raises UpstreamError, also for a set with an unknown service area or category.
        """
        path = list_path(cloud, version)
        sets = self._parsed(path, lambda data: parse_endpoints(data, cloud))
        with reading(f"{self.where}/{path}"):
            return State(cloud=cloud, version=version, origin=RECORDED, sets=sets)

    def _versions(self, cloud: Cloud) -> tuple[Version, ...]:
        start = f"{cloud.folder}/"
        names = (path.removeprefix(start) for path in self._all() if path.startswith(start))
        with reading(f"{self.where}/{SUMS}"):
            matches = sorted(m[1] for m in map(_LIST.fullmatch, names) if m and cloud.at(m[1]) is cloud)
            return tuple(published(text, f"{self.where}/{SUMS}") for text in matches)

    def _all(self) -> Mapping[str, str]:
        """Return path -> sum of SHA256SUMS. The first call checks the whole folder."""
        if self._sums is None:
            if self._fetcher:
                self._fetcher.check_login()
            with reading(self.where):
                self._sums = self._read_all()
        return self._sums

    def _read_all(self) -> Mapping[str, str]:
        found = self._read_sums()
        if not self._fetcher:
            for path in walk(self._folder, most=2 * MAX_FILES, kind=UpstreamDataError, place=self.where):
                if path not in found and path != SUMS:
                    raise UpstreamDataError(f"{self.where}/{_printable(path)} is not in {SUMS}", help=COPY_AGAIN)
            for path in found:
                self._checked(path, found[path])
        return found

    def _read_sums(self) -> dict[str, str]:
        place = f"{self.where}/{SUMS}"
        lines = self._read(SUMS).decode("ascii", "backslashreplace").splitlines()
        if len(lines) > MAX_FILES:
            raise UpstreamDataError(f"{place} has more than {MAX_FILES} files, the limit")
        found: dict[str, str] = {}
        for number, line in enumerate(lines, 1):
            match = _LINE.fullmatch(line.rstrip("\r"))
            if not match:
                raise UpstreamDataError(
                    f"{place}:{number}: {_printable(line)!r} is not a SHA-256 sum and a path in the folder", help=COPY_AGAIN
                )
            if found.setdefault(match[2], match[1]) != match[1]:
                raise UpstreamDataError(f"{place}:{number} has another sum for {match[2]}", help=COPY_AGAIN)
        return found

    def _parsed(self, path: str, parse: Callable[[bytes], _T]) -> _T:
        data = self._checked(path, self._all()[path])
        try:
            return parse(data)
        except UpstreamError as error:
            error.inside(f"{self.where}/{path}")
            raise

    def _checked(self, path: str, wanted: str) -> bytes:
        data = self._read(path)
        if hashlib.sha256(data).hexdigest() != wanted:
            raise UpstreamDataError(f"{self.where}/{path} does not match its sum in {SUMS}", help=COPY_AGAIN)
        return data

    def _read(self, path: str) -> bytes:
        place = f"{self.where}/{path}"
        if self._fetcher:
            try:
                return self._fetcher.get(f"/{path}").body
            except UpstreamError as error:
                error.inside(place)
                raise
        try:
            top = self._folder.resolve(strict=True)
            full = (top / path).resolve(strict=True)
            if not full.is_relative_to(top):
                raise UpstreamDataError(f"{place} is a link that leaves the folder")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UpstreamDataError(f"{place}: it cannot be read: {reason}") from error
        except RuntimeError as error:  # a loop of links
            raise UpstreamDataError(f"{place}: it is a loop of links", help=COPY_AGAIN) from error
        return read_bytes(full, most=LARGEST, kind=UpstreamDataError, place=place, links=False, help=COPY_AGAIN)


def _fetcher(address: str) -> "Fetcher":
    from perimeter365.net.fetch import Fetcher

    return Fetcher(address)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text[:160])
