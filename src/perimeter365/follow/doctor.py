"""Is this installation well? What is configured, what is there, and what is in the way; for `perimeter365 doctor`.

    room        looked at
    runtime     versions of Python, SQLite, OpenSSL and urllib3, against the floors below which they are known to be unsafe,
                and what is missing or too old of the libraries that every command may need
    extras      what is installed of each extra, with versions
    path        data folder, store, constraints: there, writable, space left, closed to others
    catalog     the version in force of each cloud, and the age of the newest
    sync        last success of each cloud, held states, pins, notifications that wait, a watcher's health
    store       what does not hold together in it
    network     see `sources.diagnosis`

    [f.id for f in installation() if f.verdict == "fail"]        # of an installation that is well
        []

Nothing is changed. No value holds a credential. `follow.bundle` makes a file of the findings, for others to see.
"""

import os
import platform
import re
import sqlite3
import ssl
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from pathlib import Path
from shutil import disk_usage
from typing import TYPE_CHECKING

from perimeter365.errors import HeldError, Perimeter365Error, install_command
from perimeter365.model.cloud import Cloud
from perimeter365.model.day import OLD
from perimeter365.sources.diagnosis import FAIL, OK, WARN, Diagnosis, Verdict
from perimeter365.store.place import data_folder, is_server, redacted, store_exists, store_place

if TYPE_CHECKING:
    from perimeter365.store.reader import Reader

PYTHONS: Mapping[tuple[int, int], int] = {(3, 11): 14, (3, 12): 12, (3, 13): 6}
"""Minor version of Python -> the first patch whose html.parser does not take quadratic time (python/cpython#135462)."""

URLLIB3 = "2.6.3"
"""Earlier ones expand compressed bodies without bound (CVE-2025-66471, CVE-2026-21441)."""

WAL_LOSES = ((3, 7, 0), (3, 51, 2))
"""SQLite's versions that can lose writes with several connections in WAL mode (https://sqlite.org/wal.html)."""

SPACE = 100 * 1024 * 1024
"""Bytes that should be free where the store is: many times what a sync needs."""

STALE = timedelta(days=7)
"""Since the last success of a sync."""

_EXTRAS = {
    "mmdb": "the target mmdb",
    "notify": "notifications",
    "parquet": "the target parquet",
    "postgres": "a store on PostgreSQL",
}
"""Extra -> what needs it."""


def installation(
    *,
    catalog: str | None = None,
    store: str | None = None,
    constraints: str | None = None,
    health: Path | None = None,
    now: datetime | None = None,
) -> tuple[Diagnosis, ...]:
    """Everything but the network.

    Args:
        catalog: where the catalog is read from (`sources.load.read_catalog`); None for the embedded one.
        store: the store of versions; None for the data folder's.
        constraints: the file of the operator's bound, if there is one.
        health: the health file of a watcher, if there is one.
        now: with a time zone; None for the system's clock.

    Returns:
        One finding for each thing looked at, in the order of the module's table; ids are unique.
    """
    now = now or datetime.now(UTC)
    found = [*_runtime(), *_extras(), *_paths(store, constraints), *_catalog(catalog, now.date())]
    return (*found, *_kept(store, now), *_watcher(health, now))


def exit_code(findings: Iterable[Diagnosis]) -> int:
    """0 when nothing fails, 3 when only the network does, else 1 (docs/reference/codes.md)."""
    rooms = {finding.id.partition(".")[0] for finding in findings if finding.verdict == FAIL}
    return 0 if not rooms else 3 if rooms == {"network"} else 1


def _runtime() -> Iterator[Diagnosis]:
    version = sys.version_info
    floor = PYTHONS.get(version[:2])
    limit = "3.11.14, 3.12.12, 3.13.6: before them, Python's parser of HTML takes quadratic time; it is not used here"
    low = floor is not None and version[2] < floor
    step = f"update to Python {version[0]}.{version[1]}.{floor} or later" if low else ""
    verdict: Verdict = WARN if low else OK
    yield Diagnosis(id="runtime.python", message=platform.python_version(), verdict=verdict, limit=limit, remedy=step)
    text = ".".join(map(str, WAL_LOSES[1]))
    risky = WAL_LOSES[0] <= sqlite3.sqlite_version_info <= WAL_LOSES[1]
    told = f"{sqlite3.sqlite_version}{', without WAL' if risky else ''}"
    yield Diagnosis(id="runtime.sqlite", message=told, limit=f"up to {text} WAL can lose writes; it is never used here")
    yield Diagnosis(id="runtime.openssl", message=ssl.OPENSSL_VERSION)
    if have := installed("urllib3"):
        low = _numbers(have) < _numbers(URLLIB3)
        step = install_command() if low else ""
        limit = f"{URLLIB3}: earlier ones expand compressed bodies without bound"
        yield Diagnosis(id="runtime.urllib3", message=have, verdict=FAIL if low else OK, limit=limit, remedy=step)
    libraries = _Libraries.of("")
    verdict = FAIL if libraries.missing else WARN if libraries.low else OK
    step = install_command() if verdict != OK else ""
    yield Diagnosis(id="runtime.libraries", message=libraries.text, verdict=verdict, remedy=step)


def _extras() -> Iterator[Diagnosis]:
    for extra, purpose in _EXTRAS.items():
        found = _Libraries.of(extra)
        step = f"{install_command(extra)} for {purpose}" if found.missing or found.low else ""
        verdict: Verdict = WARN if found.low or (found.missing and found.having) else OK
        yield Diagnosis(id=f"extras.{extra}", message=found.text, verdict=verdict, remedy=step)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Libraries:
    """What is installed of the libraries that an extra names."""

    having: tuple[str, ...]
    """`name version`."""
    missing: tuple[str, ...]
    low: tuple[str, ...]
    """`name version is older than floor`."""

    @classmethod
    def of(cls, extra: str) -> "_Libraries":
        """Those of an extra; "" for what is always needed."""
        having: list[str] = []
        missing: list[str] = []
        low: list[str] = []
        for requirement in metadata.requires("perimeter365") or []:
            name = re.match(r"[A-Za-z0-9._-]+", requirement)
            named = re.search(r"extra == ['\"]([^'\"]+)", requirement)
            if name is None or (named[1] if named else "") != extra:
                continue
            floor = re.search(r">=\s*([0-9.]+)", requirement)
            have = installed(name[0])
            (having if have else missing).append(f"{name[0]} {have}".strip())
            if have and floor and _numbers(have) < _numbers(floor[1]):
                low.append(f"{name[0]} {have} is older than {floor[1]}")
        return cls(having=tuple(having), missing=tuple(missing), low=tuple(low))

    @property
    def text(self) -> str:
        """For people."""
        told = [", ".join(self.having) or "not installed"]
        told += [f"missing: {', '.join(self.missing)}"] if self.having and self.missing else []
        return "; ".join([*told, *self.low])


def installed(name: str) -> str:
    """The version of a distribution; "" when it is not installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"[0-9]+", text.partition("+")[0])[:4])


def _paths(store: str | None, constraints: str | None) -> Iterator[Diagnosis]:
    yield _folder("path.data", Path(data_folder()))
    place = store_place(store)
    if is_server(place):
        yield Diagnosis(id="path.store", message=redacted(place))
    else:
        yield _folder("path.store", Path(place).parent, Path(place))
    if constraints:
        from perimeter365.plan.constraints import load_constraints

        try:
            load_constraints(Path(constraints))
            yield Diagnosis(id="path.constraints", message=constraints)
        except Perimeter365Error as error:
            yield _failed("path.constraints", error)


def _folder(id: str, folder: Path, file: Path | None = None) -> Diagnosis:
    """A folder that is written to: it need not be there yet, but then it has to be possible to make it."""
    shown = str(file or folder)
    there = next((each for each in (folder, *folder.parents) if each.exists()), Path(folder.anchor or "."))
    told = [shown] if (file or folder).exists() else [shown, "not there yet"]
    if not there.is_dir() or not os.access(there, os.W_OK) or (file and file.exists() and not os.access(file, os.W_OK)):
        step = "let this user write there, or name another place (--store, XDG_DATA_HOME)"
        return Diagnosis(id=id, message=f"{', '.join(told)}, cannot be written", verdict=FAIL, remedy=step)
    free = disk_usage(there).free
    told.append(f"{free // (1024 * 1024):,} MB free")
    limit = f"{SPACE // (1024 * 1024)} MB free"
    if free < SPACE:
        return Diagnosis(id=id, message=", ".join(told), verdict=WARN, limit=limit, remedy="free some space there")
    if os.name == "posix" and there == folder and folder.stat().st_mode & 0o022 and not folder.stat().st_mode & 0o1000:
        step = f"chmod go-w {folder}: who can write there decides what is opened"
        return Diagnosis(id=id, message=f"{', '.join(told)}, others may write there", verdict=WARN, remedy=step, limit=limit)
    return Diagnosis(id=id, message=", ".join(told), limit=limit)


def _catalog(catalog: str | None, today: date) -> Iterator[Diagnosis]:
    from perimeter365.sources.load import read_catalog

    try:
        versions = read_catalog(catalog).versions
    except Perimeter365Error as error:
        yield _failed("catalog", error)
        return
    ages = []
    for cloud, version in sorted(versions.items()):
        told = f"{version.version}, {version.origin}"
        if day := version.version.day:
            days = (today - day).days
            ages += [days] if not cloud.closed else []
            told += f", {days} days old"
        yield Diagnosis(id=f"catalog.{cloud}", message=told + (", closed" if cloud.closed else ""))
    newest = min(ages, default=0)
    old = newest > OLD
    step = "`perimeter365 sync` brings a newer one" if old else ""
    told = f"the newest list is {newest} days old"
    yield Diagnosis(id="catalog.age", message=told, verdict=WARN if old else OK, limit=f"{OLD} days", remedy=step)


def _kept(place: str | None, now: datetime) -> Iterator[Diagnosis]:
    """What the store says; a store that is not there yet is no defect."""
    if not store_exists(place):
        yield Diagnosis(id="sync", message="never: there is no store, and the embedded lists are in force", verdict=WARN,
                      remedy="`perimeter365 sync` follows Microsoft's service")  # fmt: skip
        return
    try:
        from perimeter365.store.reader import reader

        with reader(place) as store, store.reading():
            yield from _syncs(store, now)
            yield from _waiting(store)
            problems = store.problems()
    except Perimeter365Error as error:
        yield _failed("store", error)
        return
    if problems:
        step = "keep a copy of it; `sync` and `import history` make a new one, and `--catalog embedded` works without any"
        yield Diagnosis(id="store", message="; ".join(problems[:20]), verdict=FAIL, remedy=step, code="P365-STORE")
    else:
        yield Diagnosis(id="store", message="holds together")


def _syncs(store: "Reader", now: datetime) -> Iterator[Diagnosis]:
    from perimeter365.history.sync import last_success

    pinned = {force.cloud: force.version for force in store.in_force() if force.pinned}
    for cloud in Cloud:
        if cloud.closed:
            continue
        at = last_success(store, cloud)
        late = at is not None and now - at > STALE
        told = f"last success {at:%Y-%m-%d %H:%M} UTC" if at else "never"
        told += f"; {pinned[cloud]} is pinned, so what comes waits behind it" if cloud in pinned else ""
        step = "`perimeter365 sync` says what is in the way" if late else ""
        step = step or (f"`perimeter365 unpin --cloud {cloud}` follows syncs again" if cloud in pinned else "")
        limit = f"{STALE.days} days since the last success"
        verdict: Verdict = WARN if late or cloud in pinned else OK
        yield Diagnosis(id=f"sync.{cloud}", message=told, verdict=verdict, limit=limit, remedy=step)


def _waiting(store: "Reader") -> Iterator[Diagnosis]:
    held = store.held()
    if held:
        codes = {h.id: ", ".join(dict.fromkeys(reason.code for reason in h.reasons)) for h in held}
        told = [f"{h.id}: {h.cloud} {h.version} ({codes[h.id]})" for h in held]
        step = "`perimeter365 held` lists them; `held admit` or `held reject` decides"
        yield Diagnosis(id="sync.held", message="; ".join(told), verdict=WARN, remedy=step, code=HeldError.code)
    else:
        yield Diagnosis(id="sync.held", message="none")
    pending = store.pending()
    tried = [note for note in pending if note.attempts]
    count = f"{len(pending)} wait" + (f", {len(tried)} of them were tried in vain" if tried else "")
    step = "check the addresses that notifications go to" if tried else ""
    yield Diagnosis(id="sync.notifications", message=count, verdict=WARN if tried else OK, remedy=step)


def _watcher(health: Path | None, now: datetime) -> Iterator[Diagnosis]:
    if health:
        from perimeter365.follow.watch import problems

        found = problems(health, now)
        step = "is `perimeter365 watch` running?" if found else ""
        told = "; ".join(found) or "well"
        yield Diagnosis(
            id="sync.watch", message=told, verdict=FAIL if found else OK, remedy=step, limit="twice the interval"
        )


def _failed(id: str, error: Perimeter365Error) -> Diagnosis:
    step = error.help or f"`perimeter365 explain {error.code}`"
    return Diagnosis(id=id, message=error.message, verdict=FAIL, remedy=step, code=error.code)
