"""Lists from files, for networks without a way out: a folder, a checkout of git, or a folder of a web server.

    FOLDER/SHA256SUMS                             `<64 hex digits>  <path>` a line, as sha256sum writes it
    FOLDER/<Instance>/<version>.json              the answer of /endpoints/<Instance> under that version
    FOLDER/<Instance>/changes-<version>.json      upstream's change records up to the newest version, if there are any

    Files(Path("mirror")).version(Cloud.WORLDWIDE)          # the newest that the sums name
        '2026080200'
    Files(Path("mirror-with-a-damaged-file")).version(Cloud.WORLDWIDE)
        UpstreamDataError: mirror/Worldwide/2026080200.json is not what SHA256SUMS says

A folder is believed as a whole or not at all: each line of SHA256SUMS has to name a file below it that is there and has
that sum, and each file has to be named. What leads out of the folder, is no plain file, or is larger than an answer
may be is refused. Top-level names that begin with a dot (.git) are not looked at. On a web server nobody can see what
else there is: there, what is read has to be as SHA256SUMS says. So whoever carries files from one network to the other
compares, or signs, that one file. `follow.carry` writes such folders.
"""

import hashlib
import os
import re
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from perimeter365.errors import UpstreamDataError, UpstreamError
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import LIVE, RECORDED, State
from perimeter365.model.version import Version
from perimeter365.wire.read import parse_changes, parse_endpoints, published, read_endpoints
from perimeter365.wire.strict_json import LARGEST

if TYPE_CHECKING:
    from perimeter365.net.fetch import Fetcher

SUMS = "SHA256SUMS"
MOST = 10_000
"""Files of a folder; one a version and cloud are a few hundred in ten years."""

CARRY = "carry the folder over again; if somebody is writing it just now, wait for the end"
_T = TypeVar("_T")
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
_LINE = re.compile(rf"([0-9a-f]{{64}}) [ *](?:\./)?({_NAME}(?:/{_NAME}){{0,3}})", re.ASCII)
_LIST = re.compile(r"([0-9]{10})\.json", re.ASCII)


def list_path(cloud: Cloud, version: str) -> str:
    """Where a list lies below its folder."""
    return f"{cloud.instance}/{version}.json"


def changes_path(cloud: Cloud, version: str) -> str:
    """Where the change records up to a version lie below their folder."""
    return f"{cloud.instance}/changes-{version}.json"


class Files:
    """One folder as an upstream: what was found out of it once is not asked again, so make a new one for each sync."""

    def __init__(self, where: str | Path) -> None:
        """Take a place; nothing is read yet.

        Args:
            where: a folder, or the https address of one on a web server.

        Raises:
            InputError: an address that cannot be used.
        """
        self.where = str(where).rstrip("/") or "/"
        self._sums: Mapping[str, str] | None = None
        self._fetcher = _fetcher(self.where) if "://" in self.where else None
        self._folder = Path(where).expanduser()

    def hurry(self, seconds: float) -> None:
        """Everything that is asked of a web server from now on may take this long together."""
        if self._fetcher:
            self._fetcher.until = time.monotonic() + seconds

    @property
    def clouds(self) -> tuple[Cloud, ...]:
        """The clouds of which there is a list. Raises UpstreamError."""
        return tuple(cloud for cloud in Cloud if self._versions(cloud))

    def versions(self, cloud: Cloud) -> tuple[Version, ...]:
        """The versions of a cloud, ascending, at least one. Raises UpstreamError."""
        found = self._versions(cloud)
        if not found:
            raise UpstreamDataError(f"{self.where}/{SUMS} names no list of {cloud}")
        return found

    def version(self, cloud: Cloud) -> Version:
        """The newest version of a cloud. Raises UpstreamError."""
        return self.versions(cloud)[-1]

    def state(self, cloud: Cloud) -> tuple[State, Mapping[str, int]]:
        """The list of the newest version, and keys that we do not know -> in how many sets. Raises UpstreamError."""
        version = self.version(cloud)
        path = list_path(cloud, version)
        answer = self._parsed(path, lambda data: read_endpoints(data, cloud))
        return State(cloud=cloud, version=version, origin=LIVE, sets=answer.sets), answer.unknown

    def changes(self, cloud: Cloud, since: str) -> tuple[ChangeRecord, ...]:
        """The change records of the versions after one; () when the folder has none. Raises UpstreamError."""
        path = changes_path(cloud, self.version(cloud))
        if path not in self._all():
            return ()
        found = self._parsed(path, lambda data: parse_changes(data, cloud))
        return tuple(record for record in found if record.version > since)

    def recorded(self, cloud: Cloud, version: Version) -> State:
        """The list of one of the versions. Raises UpstreamError."""
        sets = self._parsed(list_path(cloud, version), lambda data: parse_endpoints(data, cloud))
        return State(cloud=cloud, version=version, origin=RECORDED, sets=sets)

    def _versions(self, cloud: Cloud) -> tuple[Version, ...]:
        start = f"{cloud.instance}/"
        names = (path.removeprefix(start) for path in self._all() if path.startswith(start))
        matches = sorted(m[1] for m in map(_LIST.fullmatch, names) if m)
        return tuple(published(text, f"{self.where}/{SUMS}") for text in matches)

    def _all(self) -> Mapping[str, str]:
        """What SHA256SUMS names, path -> sum; a folder is checked as a whole the first time."""
        if self._sums is None:
            found = self._read_sums()
            if not self._fetcher:
                for path in _walk(self._folder, self.where):
                    if path not in found and path != SUMS:
                        raise UpstreamDataError(f"{self.where}/{_shown(path)} is not named in {SUMS}", help=CARRY)
                for path in found:
                    self._checked(path, found[path])
            self._sums = found
        return self._sums

    def _read_sums(self) -> dict[str, str]:
        place = f"{self.where}/{SUMS}"
        lines = self._read(SUMS).decode("ascii", "backslashreplace").splitlines()
        if len(lines) > MOST:
            raise UpstreamDataError(f"{place} names more than {MOST} files")
        found: dict[str, str] = {}
        for number, line in enumerate(lines, 1):
            match = _LINE.fullmatch(line.rstrip("\r"))
            if not match:
                raise UpstreamDataError(
                    f"{place}:{number}: {_shown(line)!r} is not a sum and a path below the folder", help=CARRY
                )
            if found.setdefault(match[2], match[1]) != match[1]:
                raise UpstreamDataError(f"{place}:{number} is a second sum for {match[2]}", help=CARRY)
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
            raise UpstreamDataError(f"{self.where}/{path} is not what {SUMS} says", help=CARRY)
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
                raise UpstreamDataError(f"{place} leads out of the folder")
            # Opening a pipe would wait for somebody who writes into it.
            handle = os.open(full, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise UpstreamDataError(f"{place} is not a file")
                data = file.read(LARGEST + 1)
        except OSError as error:
            raise UpstreamDataError(f"{place} cannot be read: {error.strerror}") from error
        except RuntimeError as error:  # a loop of links
            raise UpstreamDataError(f"{place} is a loop of links") from error
        if len(data) > LARGEST:
            raise UpstreamDataError(f"{place} has more than {LARGEST} bytes")
        return data


def _walk(folder: Path, where: str) -> Iterator[str]:
    """The paths of all that lies in a folder and is no folder, without top-level names that begin with a dot."""
    seen = 0
    queue = [""]
    while queue:
        below = queue.pop()
        try:
            entries = sorted(os.scandir(folder / below), key=lambda entry: entry.name)
        except OSError as error:
            raise UpstreamDataError(f"{where}/{below} cannot be read: {error.strerror}") from error
        for entry in entries:
            seen += 1
            if seen > 2 * MOST:
                raise UpstreamDataError(f"{where} holds more than {2 * MOST} files")
            if not below and entry.name.startswith("."):
                continue
            path = f"{below}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                queue.append(f"{path}/")
            else:
                yield path


def _fetcher(address: str) -> "Fetcher":
    from perimeter365.net.fetch import Fetcher

    return Fetcher(address)


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text[:160])
