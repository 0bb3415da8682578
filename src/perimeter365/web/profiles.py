"""The named profiles of the server: `serve --profiles DIR`, files NAME.toml.

    profiles = load_profiles(catalog.versions, "/etc/perimeter365/profiles")
    profiles.find("contoso")                    # the profile; or a refusal: 404 for no such file, 503 if it is not valid
    profiles.problems                           # texts for everyone: without names and values

A file that is not valid does not stop the others. What was read from it last stays in force while the process runs; a
process that has never read it answers 503. So a file that is saved in two steps, or a mistake, closes nothing. A file that
is removed is gone (404); but a folder that cannot be read, or has lost all its profiles at once, such as one whose disk is
not mounted, is a problem, and everything stays.

    names       lower case, as they are in URLs: `contoso`, `contoso-emea`, `eu.contoso`
    settling    a known file that has just been written is read again a second later
    bounds      `MAX_FILES` entries in the folder, `plan.profile.MAX_BYTES` a file, `MAX_TOTAL` bytes of all files
    links       are followed to regular files, since Kubernetes mounts files so; a loop or a device is a problem of that name
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from perimeter365.errors import InputError, Perimeter365Error, ProfileError
from perimeter365.intake import list_files, read_bytes
from perimeter365.model.finding import printable
from perimeter365.model.quantity import quantity
from perimeter365.plan.profile import MAX_BYTES, PROBLEMS, Problem, Profile, parse_profile
from perimeter365.web.request import RefusedError
from perimeter365.workspace import check_profile

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from perimeter365.model.cloud import Cloud

SUFFIX = ".toml"
MAX_FILES = 10_000
"""The maximum number of entries in the folder."""

MAX_TOTAL = 64_000_000
"""The maximum size of all profiles together in bytes."""

SETTLE = 1.0
"""Seconds after which a known file that was written is read again."""

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}", re.ASCII)
"""What a profile can be called."""

_SAID = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedProfile:
    """A profile file."""

    mark: str
    """Changes whenever the file does."""
    at: datetime
    """When the file changed last."""
    profile: Profile | None = None
    """What is in force; None if the file has not been valid yet."""
    problem: str = ""
    """Why the file is not what is in force, without its values; "" if it is."""
    detail: str = ""
    """The same for the operator."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Profiles:
    """All profiles of a folder, read at one time."""

    mark: str = ""
    """Changes whenever a file of the folder does."""
    named: Mapping[str, NamedProfile] = field(default_factory=dict)
    problem: str = ""
    """What is wrong with the folder, or with names in it; "" for nothing."""
    detail: str = ""
    """The same for the operator."""
    unread: bool = False
    """Whether the folder could not be read."""

    @property
    def unreadable(self) -> bool:
        """Whether the folder itself could not be read."""
        return self.mark.startswith("error ")

    @property
    def valid(self) -> dict[str, Profile]:
        """The profiles in force by name, sorted."""
        return {name: each.profile for name, each in self.named.items() if each.profile}

    @property
    def problems(self) -> list[str]:
        """What is wrong, for everyone: the names of profiles are not public."""
        found = [each for each in self.named.values() if each.problem]
        kept = sum(each.profile is not None for each in found)
        texts = [f"profiles: {self.problem}"] if self.problem else []
        if found:
            texts.append(f"profiles: {quantity(len(found), 'file')} not valid, {kept} with earlier content in force")
            texts += [f"a profile: {text}" for text in sorted({each.problem for each in found})[:_SAID]]
        return texts

    @property
    def details(self) -> list[str]:
        """What is wrong, for the operator."""
        found = [(name, each) for name, each in self.named.items() if each.detail]
        texts = [f"profiles: {self.detail or self.problem}"] if self.problem else []
        for name, each in found[:_SAID]:
            what = "its earlier content stays in force" if each.profile else "it is not served until it is corrected"
            texts.append(f"profile {name}: {printable(each.detail)}; {what}")
        return texts + ([f"and {len(found) - _SAID} more profiles"] if len(found) > _SAID else [])

    def find(self, name: str) -> Profile:
        """Return the profile in force.

        Raises RefusedError: 404 if there is no such file, 503 if it has never been valid.
        """
        found = self.named.get(name)
        if found is None:
            if self.problem and not self.named:
                raise RefusedError(503, "The profiles cannot be read now.")
            raise RefusedError(404, "There is no such profile on this server.")
        if found.profile is None:
            raise RefusedError(503, f"The profile is not valid: {found.problem}.")
        return found.profile


def folder_mark(folder: str) -> str:
    """Return a short text that changes whenever a profile of a folder does.

    It never raises.
    """
    if not folder:
        return ""
    try:
        return _mark(_files(folder))
    except Perimeter365Error as error:
        return f"error {error.message}"


def load_profiles(
    clouds: Collection[Cloud], folder: str, last: Profiles | None = None, *, now: float | None = None
) -> Profiles:
    """Read the profiles of a folder. Problems are part of the result.

    Args:
        clouds: the clouds that have a list; profiles may name those that are newer than this release.
        folder: the folder; "" for none.
        last: what was read before, which stays in force where there is a problem.
        now: the time, as seconds since 1970; None for now.
    """
    if not folder:
        return Profiles()
    try:
        files = _files(folder)
    except Perimeter365Error as error:
        text = "the folder cannot be read, or has too many entries"
        kept = last.named if last else {}
        return Profiles(mark=f"error {error.message}", named=kept, problem=text, detail=error.message, unread=True)
    mark = _mark(files)
    if not files and last and last.valid:
        text = "the folder has no profiles any more; the last ones stay in force until a restart"
        return Profiles(mark=mark, named=last.named, problem=text, detail=f"{folder}: {text}")
    known = last.named if last else {}
    further = tuple(cloud for cloud in clouds if not cloud.known)
    named: dict[str, NamedProfile] = {}
    odd = [path.name for path in files if not NAME.fullmatch(path.stem)]
    left = MAX_TOTAL
    for path, (own, size, at) in files.items():
        if path.name in odd:
            continue
        before = known.get(path.stem)
        if before and before.mark == own and not before.problem:
            named[path.stem] = before
        elif before and before.profile and abs((now or time.time()) - at.timestamp()) < SETTLE:
            named[path.stem] = _stay(before, "~", at, before.problem, before.detail)
        else:
            named[path.stem] = _read(path, own, at, left, further, before)
        left -= max(0, size)
    problem = f"{quantity(len(odd), 'file')} with a name that is not served: use a-z, 0-9, '.', '_' and '-'" if odd else ""
    shown = ", ".join(map(printable, odd[:3]))
    return Profiles(mark=mark, named=named, problem=problem, detail=f"{problem}: {shown}" if odd else "")


_File = tuple[str, int, datetime]
"""Mark, size and time of a file."""


def _files(folder: str) -> dict[Path, _File]:
    return {path: _status(path) for path in list_files(Path(folder), SUFFIX, most=MAX_FILES)}


def _status(path: Path) -> _File:
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        return f"error {getattr(error, 'errno', 0)}", 0, datetime.fromtimestamp(0, UTC)
    mark = f"{found.st_dev}:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}"
    return mark, found.st_size, datetime.fromtimestamp(found.st_ctime, UTC)


def _mark(files: Mapping[Path, _File]) -> str:
    from perimeter365.model.digest import sha256_hex

    recent = time.time() - SETTLE  # a file that has just changed is looked at again
    parts = (f"{path.name} {mark}{' ~' if at.timestamp() > recent else ''}" for path, (mark, _, at) in files.items())
    return sha256_hex("\n".join(parts))[:16]


def _stay(before: NamedProfile | None, mark: str, at: datetime, problem: str, detail: str) -> NamedProfile:
    return NamedProfile(mark=mark, at=at, profile=before.profile if before else None, problem=problem, detail=detail)


def _read(
    path: Path, mark: str, at: datetime, left: int, further: tuple[Cloud, ...], before: NamedProfile | None
) -> NamedProfile:
    try:
        if left <= 0:
            raise InputError(f"all profiles together have more than {MAX_TOTAL} bytes, the limit")
        profile = parse_profile(read_bytes(path, most=MAX_BYTES, place=""), path.name, further=lambda: further)
        check_profile(profile)
    except ProfileError as error:
        return _stay(before, mark, at, _public(error), _first_line(error))
    except Perimeter365Error as error:
        return _stay(before, mark, at, "the file cannot be read", _first_line(error))
    return NamedProfile(mark=mark, at=at, profile=profile)


def _public(error: ProfileError) -> str:
    """Return the place and the kind of the first problem."""
    for each in error.problems:
        if isinstance(each, Problem):
            place = f"line {each.line}, column {each.column}: " if each.line else ""
            return f"{place}{PROBLEMS.get(each.code, error.title)}"
    return error.title


def _first_line(error: Perimeter365Error) -> str:
    return error.message.split("\n", 1)[0]
