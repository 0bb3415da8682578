"""Diagnosis of an installation, for `perimeter365 doctor`.

    group       checks
    runtime     versions of Python, SQLite, OpenSSL and urllib3 against the oldest versions known to be safe, and missing
                or outdated libraries that every command may need
    extras      installed libraries of each extra, with versions
    path        data folder, store, constraints: present, writable, free space, not writable by other users
    catalog     the version in force and the age of each cloud
    witness     the day of the newest source of Microsoft's address space
    sync        last success of each cloud, held states, pins, pending notifications, health of a watcher
    store       integrity of its tables
    network     see `sources.diagnosis`

    [f.id for f in check_installation() if f.verdict == "fail"]        # of a healthy installation
        []

The clouds are those of a profile. Without one, they are those that the store follows, else all that are in operation: most
organizations need only one cloud.

Nothing is changed, and no value contains a credential. `follow.bundle` writes the findings to a file for support.
"""

import os
import platform
import re
import sqlite3
import ssl
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from shutil import disk_usage
from typing import TYPE_CHECKING

from perimeter365.errors import HeldError, Perimeter365Error, install_command
from perimeter365.model.cloud import OPERATED, Cloud
from perimeter365.model.day import OLD_AFTER_DAYS, STALE_AFTER_DAYS
from perimeter365.model.freshness import CloudAge, ages
from perimeter365.model.quantity import quantity
from perimeter365.sources.diagnosis import FAIL, OK, WARN, Diagnosis, Verdict
from perimeter365.store.place import data_folder, is_server, redacted_place, store_exists, store_place

if TYPE_CHECKING:
    from perimeter365.store.reader import Reader

PYTHON_FLOORS: Mapping[tuple[int, int], int] = {(3, 11): 14, (3, 12): 12, (3, 13): 6}
"""Python minor version -> first patch release whose html.parser is not quadratic (python/cpython#135462)."""

URLLIB3_FLOOR = "2.6.3"
"""Oldest safe version: earlier ones decompress without limit (CVE-2025-66471, CVE-2026-21441)."""

UNSAFE_WAL = ((3, 7, 0), (3, 51, 2))
"""First and last SQLite version that can lose writes in WAL mode with several connections (https://sqlite.org/wal.html)."""

WITNESS_DAYS = 120
"""Age in days from which on the witness of Microsoft's address space is old. Microsoft publishes its files about weekly."""

MIN_FREE_SPACE = 100 * 1024 * 1024
"""Free bytes expected on the store's disk: many times what a sync needs."""

_EXTRAS = {
    "mmdb": "the target mmdb",
    "notify": "notifications",
    "parquet": "the target parquet",
    "postgres": "a store on PostgreSQL",
    "serve": "the service",
}
"""Extra -> the feature that needs it."""


def check_installation(
    *,
    catalog: str | None = None,
    store: str | None = None,
    constraints: str | None = None,
    health: Path | None = None,
    clouds: Collection[Cloud] = (),
    stale: int = STALE_AFTER_DAYS,
    now: datetime | None = None,
) -> tuple[Diagnosis, ...]:
    """Check everything except the network.

    Args:
        catalog: location of the catalog (`sources.load.read_catalog`); None for the embedded one.
        store: location of the store of versions; None for the one in the data folder.
        constraints: the operator's constraints file, if configured.
        health: the health file of a watcher, if configured.
        clouds: the clouds of a profile; () for those that the store follows.
        stale: days after the last successful look from which on a list is stale.
        now: the current time, with a time zone; None for the system clock.

    Returns:
        One finding per check, in the order of the module's table. Ids are unique.
    """
    now = now or datetime.now(UTC)
    found = [*_runtime(), *_extras(), *_paths(store, constraints), *_catalog(catalog, clouds, stale, now.date())]
    found.append(_witness(store, now.date()))
    return (*found, *_store(store, clouds, stale, now), *_watcher(health, now))


def exit_code(findings: Iterable[Diagnosis]) -> int:
    """Return the exit code (docs/reference/codes.md).

    It is 0 if nothing failed, 3 if only the network failed, else 1.
    """
    groups = {finding.id.partition(".")[0] for finding in findings if finding.verdict == FAIL}
    return 0 if not groups else 3 if groups == {"network"} else 1


def _runtime() -> Iterator[Diagnosis]:
    version = sys.version_info
    floor = PYTHON_FLOORS.get(version[:2])
    limit = "3.11.14, 3.12.12, 3.13.6: Python's HTML parser takes quadratic time before them; it is not used here"
    low = floor is not None and version[2] < floor
    step = f"update to Python {version[0]}.{version[1]}.{floor} or later" if low else ""
    verdict: Verdict = WARN if low else OK
    yield Diagnosis(id="runtime.python", message=platform.python_version(), verdict=verdict, limit=limit, remedy=step)
    text = ".".join(map(str, UNSAFE_WAL[1]))
    risky = UNSAFE_WAL[0] <= sqlite3.sqlite_version_info <= UNSAFE_WAL[1]
    value = f"{sqlite3.sqlite_version}{', without WAL' if risky else ''}"
    yield Diagnosis(id="runtime.sqlite", message=value, limit=f"WAL can lose writes up to {text}; it is never used here")
    yield Diagnosis(id="runtime.openssl", message=ssl.OPENSSL_VERSION)
    if have := installed_version("urllib3"):
        low = _numbers(have) < _numbers(URLLIB3_FLOOR)
        step = install_command() if low else ""
        limit = f"{URLLIB3_FLOOR}: earlier versions decompress without limit"
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


def missing_libraries() -> Mapping[str, tuple[str, ...]]:
    """Return each extra with its missing libraries; () if it is complete.

    The result is empty if that is not known: a package that runs from a zip file has no metadata.
    """
    return {extra: _Libraries.of(extra).missing for extra in _EXTRAS if _requirements()}


def _requirements() -> list[str]:
    try:
        return metadata.requires("perimeter365") or []
    except metadata.PackageNotFoundError:
        return []


@dataclass(frozen=True, kw_only=True, slots=True)
class _Libraries:
    """The libraries that an extra names: installed, missing, outdated."""

    having: tuple[str, ...]
    """`name version`."""
    missing: tuple[str, ...]
    low: tuple[str, ...]
    """`name version is older than floor`."""

    @classmethod
    def of(cls, extra: str) -> "_Libraries":
        """Check the libraries of an extra; "" for those that are always needed."""
        having: list[str] = []
        missing: list[str] = []
        low: list[str] = []
        for requirement in _requirements():
            name = re.match(r"[A-Za-z0-9._-]+", requirement)
            named = re.search(r"extra == ['\"]([^'\"]+)", requirement)
            if name is None or (named[1] if named else "") != extra:
                continue
            floor = re.search(r">=\s*([0-9.]+)", requirement)
            have = installed_version(name[0])
            (having if have else missing).append(f"{name[0]} {have}".strip())
            if have and floor and _numbers(have) < _numbers(floor[1]):
                low.append(f"{name[0]} {have} is older than {floor[1]}")
        return cls(having=tuple(having), missing=tuple(missing), low=tuple(low))

    @property
    def text(self) -> str:
        """One line for people."""
        parts = [", ".join(self.having) or "not installed"]
        parts += [f"missing: {', '.join(self.missing)}"] if self.having and self.missing else []
        return "; ".join([*parts, *self.low])


def installed_version(name: str) -> str:
    """Return the version of a distribution; "" if it is not installed."""
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
        yield Diagnosis(id="path.store", message=redacted_place(place))
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
    """Check a folder for output.

    If it does not exist yet, it must be possible to create it.
    """
    shown = str(file or folder)
    there = next((each for each in (folder, *folder.parents) if each.exists()), Path(folder.anchor or "."))
    parts = [shown] if (file or folder).exists() else [shown, "does not exist yet"]
    if not there.is_dir() or not os.access(there, os.W_OK) or (file and file.exists() and not os.access(file, os.W_OK)):
        step = "give this user write access, or name another location (--store, XDG_DATA_HOME)"
        return Diagnosis(id=id, message=f"{', '.join(parts)}, cannot be written", verdict=FAIL, remedy=step)
    free = disk_usage(there).free
    parts.append(f"{free // (1024 * 1024):,} MB free")
    limit = f"{MIN_FREE_SPACE // (1024 * 1024)} MB free"
    if free < MIN_FREE_SPACE:
        return Diagnosis(id=id, message=", ".join(parts), verdict=WARN, limit=limit, remedy="free some disk space")
    if os.name == "posix" and there == folder and folder.stat().st_mode & 0o022 and not folder.stat().st_mode & 0o1000:
        step = f"chmod go-w {folder}: anyone with write access can change what is allowed"
        return Diagnosis(
            id=id, message=f"{', '.join(parts)}, writable by other users", verdict=WARN, remedy=step, limit=limit
        )
    return Diagnosis(id=id, message=", ".join(parts), limit=limit)


def _catalog(catalog: str | None, clouds: Collection[Cloud], stale: int, today: date) -> Iterator[Diagnosis]:
    from perimeter365.sources.load import is_store, read_catalog
    from perimeter365.store.heads import heads

    try:
        versions = read_catalog(catalog).versions
        seen = {head.cloud: head.seen for head in heads(catalog)} if catalog and is_store(catalog) else {}
    except Perimeter365Error as error:
        yield _failed("catalog", error)
        return
    found = ages({str(cloud): version.version for cloud, version in versions.items()}, seen, today)
    chosen = {*clouds} or {age.cloud for age in found if age.followed} or {*OPERATED}
    for age in found:
        if age.cloud in chosen or (age.cloud.closed and not clouds):
            yield _age(age, versions[age.cloud].origin, stale)
    for cloud in sorted(chosen - {age.cloud for age in found}):
        step = f"run `perimeter365 sync --cloud {cloud}`"
        yield Diagnosis(id=f"catalog.{cloud}", message="there is no list of this cloud", verdict=FAIL, remedy=step)


def _age(age: CloudAge, origin: str, stale: int) -> Diagnosis:
    """Check the age of one list."""
    late = age.stale(stale)
    limit = f"{stale} days since the last success" if age.followed else f"{OLD_AFTER_DAYS} days"
    step = (
        "run `perimeter365 sync` to see the cause" if late else f"run `perimeter365 sync --cloud {age.cloud}` to follow it"
    )
    verdict: Verdict = WARN if late or age.old else OK
    return Diagnosis(
        id=f"catalog.{age.cloud}",
        message=", ".join(filter(None, (age.version, origin, age.words))),
        verdict=verdict,
        limit="" if age.cloud.closed else limit,
        remedy=step if verdict == WARN else "",
    )


def _witness(place: str | None, today: date) -> Diagnosis:
    """Check the age of the newest source of the witness."""
    from perimeter365.model.witness import DOWNLOADS
    from perimeter365.sources.witness import embedded_witness, witness_of
    from perimeter365.store.reader import reader

    try:
        with reader(place) if store_exists(place) else nullcontext() as store:
            found = witness_of(store)
    except Perimeter365Error as error:
        return _failed("witness", error)
    origin = "embedded" if found == embedded_witness() else "refreshed"
    days = ", ".join(f"{source.kind} {source.day}" for source in found.sources)
    old = (today - found.day).days > WITNESS_DAYS
    pages = ", ".join(page for kind, page in DOWNLOADS.items() if kind != "AzureGermany")
    step = f"update perimeter365, or name newer files with `perimeter365 sync --witness FILE`: {pages}" if old else ""
    return Diagnosis(
        id="witness",
        message=f"{found.day}, {origin} ({days})",
        verdict=WARN if old else OK,
        limit=f"{WITNESS_DAYS} days",
        remedy=step,
    )


def _store(place: str | None, clouds: Collection[Cloud], stale: int, now: datetime) -> Iterator[Diagnosis]:
    """Check the store. A store that does not exist yet is not a failure."""
    if not store_exists(place):
        yield Diagnosis(id="sync", message="never: there is no store, and the embedded lists are in force", verdict=WARN,
                      remedy="run `perimeter365 sync` to follow Microsoft's service")  # fmt: skip
        return
    try:
        from perimeter365.store.reader import reader

        with reader(place) as store, store.reading():
            yield from _syncs(store, clouds, stale, now)
            yield from _queues(store)
            problems = store.problems()
    except Perimeter365Error as error:
        yield _failed("store", error)
        return
    if problems:
        step = "move it aside; `sync` and `import history` create a new one, and `--catalog embedded` works without a store"
        yield Diagnosis(id="store", message="; ".join(problems[:20]), verdict=FAIL, remedy=step, code="P365-STORE")
    else:
        yield Diagnosis(id="store", message="consistent")


def _syncs(store: "Reader", clouds: Collection[Cloud], stale: int, now: datetime) -> Iterator[Diagnosis]:
    from perimeter365.history.sync import last_success

    pinned = {force.cloud: force.version for force in store.in_force() if force.pinned}
    times = {cloud: last_success(store, cloud) for cloud in {*OPERATED, *store.clouds(), *clouds} if not cloud.closed}
    followed = {cloud for cloud, at in times.items() if at}
    for cloud in sorted({c for c in clouds if not c.closed} or followed | {*pinned}.intersection(times) or {*OPERATED}):
        at = times[cloud]
        late = at is not None and (now - at).days > stale
        value = f"last success {at:%Y-%m-%d %H:%M} UTC" if at else "never: the embedded list is in force"
        value += f"; {pinned[cloud]} is pinned, so newer versions do not come into force" if cloud in pinned else ""
        step = "run `perimeter365 sync` to see the cause" if late else ""
        step = step or (f"run `perimeter365 sync --cloud {cloud}` to follow it" if not at else "")
        step = step or (f"`perimeter365 unpin --cloud {cloud}` follows syncs again" if cloud in pinned else "")
        limit = f"{stale} days since the last success"
        verdict: Verdict = WARN if late or not at or cloud in pinned else OK
        yield Diagnosis(id=f"sync.{cloud}", message=value, verdict=verdict, limit=limit, remedy=step)


def _queues(store: "Reader") -> Iterator[Diagnosis]:
    held = store.held()
    if held:
        found = {h.id: (*h.reasons, *(reason for entry in h.entries for reason in entry.reasons)) for h in held}
        codes = {number: ", ".join(dict.fromkeys(reason.code for reason in reasons)) for number, reasons in found.items()}
        what = {h.id: "the list" if h.whole else quantity(len(h.entries), "entry") for h in held}
        states = [f"{h.id}: {what[h.id]} of {h.cloud} {h.version} ({codes[h.id]})" for h in held]
        step = "`perimeter365 held` lists them; decide with `held admit` or `held reject`"
        yield Diagnosis(id="sync.held", message="; ".join(states), verdict=WARN, remedy=step, code=HeldError.code)
    else:
        yield Diagnosis(id="sync.held", message="none")
    pending = store.pending()
    tried = [note for note in pending if note.attempts]
    count = f"{len(pending)} pending" + (f", {len(tried)} of them failed before" if tried else "")
    step = "check the addresses of the notifications" if tried else ""
    yield Diagnosis(id="sync.notifications", message=count, verdict=WARN if tried else OK, remedy=step)


def _watcher(health: Path | None, now: datetime) -> Iterator[Diagnosis]:
    if health:
        from perimeter365.follow.watch import health_problems

        found = health_problems(health, now)
        step = "check that `perimeter365 watch` is running" if found else ""
        value = "; ".join(found) or "healthy"
        yield Diagnosis(
            id="sync.watch", message=value, verdict=FAIL if found else OK, remedy=step, limit="twice the interval"
        )


def _failed(id: str, error: Perimeter365Error) -> Diagnosis:
    step = error.help or f"`perimeter365 explain {error.code}`"
    return Diagnosis(id=id, message=error.message, verdict=FAIL, remedy=step, code=error.code)
