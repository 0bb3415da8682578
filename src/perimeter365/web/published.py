"""The manifest of a published generation.

It says what is in it, what is announced, and when the next version may be.

    manifest.json
    {"made_by": "perimeter365", "generation": "000012-5f0c1e2a", "published": "2026-12-01T09:00:00+00:00", "max_age": 300,
     "cached_until": …, "clouds": {"worldwide": {"version": "2026110100", "announced": "2026080200", …}},
     "files": [{"path": "endpoints/worldwide.json", "url": "/endpoints/worldwide", "type": …, "size": …, "sha256": …, …}]}

A manifest is read strictly: it decides which files a later run may remove.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from perimeter365.errors import InputError, OutputError
from perimeter365.model.decode import (
    decode,
    fields,
    instant,
    many,
    mapping,
    natural,
    optional,
    or_none,
    parse_json,
    text,
    whole,
)
from perimeter365.model.version import Version

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
SUFFIXES = ("", ".gz", ".br")
"""The ends of the names of a file and its compressed forms."""

# Matches "endpoints/worldwide-noipv6.json" and "p/a.b/wpad.dat", not "../x", ".x", "a//b" and not "a/.b".
_PATH = re.compile(r"(?:[A-Za-z0-9_~@+,=-][A-Za-z0-9._~@+,=-]*/)*[A-Za-z0-9_~@+,=-][A-Za-z0-9._~@+,=-]*", re.ASCII)
GENERATION = r"\d{6,9}-[0-9a-f]{8}"
_SUM = r"[0-9a-f]{64}"
_MAX_FILES = 500_000


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedFile:
    """A file of a generation, with its compressed forms."""

    path: str
    """The path below the generation."""
    url: str
    """A request that it answers: path, and query if there is one."""
    type: str
    """The content type."""
    size: int
    """The number of bytes."""
    sha256: str
    modified: int
    """Last-Modified, in seconds since 1970: that of the file, from which nginx makes ETag and Last-Modified."""
    compressed: Mapping[str, str] = field(default_factory=dict)
    """End of the name (`.gz`, `.br`) -> SHA-256 of the compressed form."""

    def __post_init__(self) -> None:
        if not _PATH.fullmatch(self.path) or len(self.path) > 1000 or self.path in (MANIFEST, SUMS):
            raise InputError(f"{self.path[:80]!r} is not the path of a published file")

    def names(self) -> tuple[str, ...]:
        """Return the paths of the file and its compressed forms."""
        return (self.path, *(self.path + end for end in self.compressed))


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedCloud:
    """The list of a cloud in a generation."""

    version: Version
    """The version of the data."""
    announced: Version
    """The version that /version names."""
    pending: tuple[tuple[Version, datetime], ...] = ()
    """Versions that are not announced yet, oldest first, each with the time from which it may be."""
    in_force: datetime
    """When the list came into force."""

    def to_dict(self) -> dict[str, Any]:
        """Return JSON data."""
        return {
            "version": self.version,
            "announced": self.announced,
            "pending": [{"version": version, "from": due.isoformat()} for version, due in self.pending],
            "in_force": self.in_force.isoformat(),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What a generation contains."""

    generation: str
    published: datetime | None
    """When it was complete; None while it is being written."""
    max_age: int
    """How long caches may keep its answers, in seconds."""
    cached_until: datetime
    """Until when caches may keep answers of earlier generations."""
    clouds: Mapping[str, PublishedCloud]
    files: tuple[PublishedFile, ...]

    @property
    def number(self) -> int:
        """The number of the generation."""
        return int(self.generation.partition("-")[0])

    def to_json(self) -> bytes:
        """Return the content of manifest.json."""
        made = {
            "made_by": "perimeter365",
            "generation": self.generation,
            "published": self.published.isoformat() if self.published else None,
            "max_age": self.max_age,
            "cached_until": self.cached_until.isoformat(),
            "clouds": {name: cloud.to_dict() for name, cloud in self.clouds.items()},
            "files": [_file_dict(each) for each in self.files],
        }
        return (json.dumps(made, indent=1) + "\n").encode("ascii")

    def sums(self) -> bytes:
        """Return the content of SHA256SUMS, for `sha256sum --check`."""
        found = [
            (name, each.sha256 if name == each.path else each.compressed[name.removeprefix(each.path)])
            for each in self.files
            for name in each.names()
        ]
        return "".join(f"{digest}  {name}\n" for name, digest in sorted(found)).encode("ascii")

    def names(self) -> tuple[str, ...]:
        """Return the paths of all files of the generation."""
        return (*(name for each in self.files for name in each.names()), SUMS, MANIFEST)


def read_manifest(content: bytes, place: str) -> Manifest:
    """Read a manifest. Raises OutputError."""
    try:
        value = parse_json(content)
    except InputError as error:
        raise OutputError(f"{place} is not a manifest: {error.message}") from None
    return decode(place, _manifest, value, OutputError)


def _file_dict(each: PublishedFile) -> dict[str, Any]:
    return {
        "path": each.path,
        "url": each.url,
        "type": each.type,
        "size": each.size,
        "sha256": each.sha256,
        "modified": each.modified,
        "compressed": dict(each.compressed),
    }


def _manifest(value: object) -> Manifest:
    read = fields(
        value,
        made_by=text("perimeter365"),
        generation=text(GENERATION),
        published=or_none(instant),
        max_age=natural,
        cached_until=instant,
        clouds=mapping(_cloud),
        files=many(_file, _MAX_FILES),
    )
    del read["made_by"]
    return Manifest(**read)


def _cloud(value: object) -> PublishedCloud:
    read = fields(value, version=_version, announced=_version, pending=many(_pending), in_force=instant)
    return PublishedCloud(**read)


def _version(value: object) -> Version:
    return Version(text(r"\d{10}")(value))


def _pending(value: object) -> tuple[Version, datetime]:
    read = fields(value, version=_version, **{"from": instant})
    return read["version"], read["from"]


def _file(value: object) -> PublishedFile:
    return PublishedFile(
        **fields(
            value,
            path=text(),
            url=text(),
            type=text(),
            size=natural,
            sha256=text(_SUM),
            modified=_seconds,
            compressed=optional(_compressed, {}),
        )
    )


def _compressed(value: object) -> Mapping[str, str]:
    found = fields(value, **{end: optional(text(_SUM), "") for end in SUFFIXES[1:]})
    return {end: digest for end, digest in found.items() if digest}


def _seconds(value: object) -> int:
    found = whole(value)
    if not 0 <= found < 1 << 40:
        raise InputError("the time is not valid")
    return found
