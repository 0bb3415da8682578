"""Carries lists over to networks without a way out: writes the folders that `sources.files` reads, and takes them in.

    export(store, Path("/media/stick/m365"))
        Exported(lists={Cloud.WORLDWIDE: 3, Cloud.CHINA: 1}, written=7, unchanged=0, removed=0)

A folder holds what syncs committed, up to the version in force: what was pinned is the newest of its cloud. The same
store gives the same bytes. Files are written first, SHA256SUMS behind them, and what it does not name any more goes last,
so whoever reads meanwhile, or after a crash, finds the old folder, the new one, or one that `sources.files` refuses,
never a mix that it believes; the next export mends it. What is nobody's of ours is never removed.
"""

import dataclasses
import hashlib
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perimeter365.atomic import replace, sync_folder
from perimeter365.errors import InputError, Perimeter365Error
from perimeter365.history.sync import Outcome, Upstream
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import LIVE, State
from perimeter365.sources.files import SUMS, Files, changes_path, list_path
from perimeter365.store.reader import Reader
from perimeter365.store.store import Store
from perimeter365.wire import write

STAGING = ".perimeter365-new"
"""A folder for files that are being written; `sources.files` does not look at names that begin with a dot."""

_OURS = re.compile(rf"(?:{'|'.join(c.instance for c in Cloud)})/(?:changes-)?[0-9]{{10}}\.json", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """What an export did."""

    lists: Mapping[Cloud, int]
    """Versions in the folder, by cloud."""
    written: int
    """Files that are new or changed, SHA256SUMS among them."""
    unchanged: int
    removed: int

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        lists = {cloud.value: number for cloud, number in self.lists.items()}
        return {"lists": lists, "written": self.written, "unchanged": self.unchanged, "removed": self.removed}


def export(store: Reader, folder: Path, clouds: Iterable[Cloud] = (), *, last: int | None = None) -> Exported:
    """Write what was synced into a folder.

    Args:
        store: what from.
        folder: is made when there is none; else it is empty or an export.
        clouds: only these, each of which must have been synced; () for all that were.
        last: so many versions a cloud, the newest; None for all.

    Raises:
        InputError: nothing was synced, or the folder holds something else.
        OSError: it cannot be written.
    """
    clouds = tuple(clouds)
    made: dict[str, bytes] = {}
    lists = {}
    with store.reading():
        for cloud in clouds or Cloud:
            if states := _chosen(store, cloud, last):
                lists[cloud] = len(states)
                made |= {list_path(cloud, state.version): write.endpoints(state.sets) for state in states}
                made |= _records(store, cloud, states[-1].version)
            elif clouds:
                raise InputError(f"nothing of {cloud} was synced", help="`perimeter365 sync` first")
    if not made:
        raise InputError("nothing was synced, so there is nothing to export", help="`perimeter365 sync` first")
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(made.items()))
    written, removed = _write(folder, made, sums.encode("ascii"))
    return Exported(lists=lists, written=written, unchanged=len(made) + 1 - written, removed=removed)


def take_in(store: Store, source: Files, cloud: Cloud) -> int:
    """Store those states of a folder that are older than the last sync's; none comes into force.

    Returns:
        How many the store did not have.

    Raises:
        UpstreamError, StoreError: one cannot be read or contradicts the store; then none was stored.
    """
    newest = store.newest(cloud)
    known = {version.version for version in store.versions(cloud)}
    wanted = [v for v in source.versions(cloud) if newest and v < newest.version and v not in known]
    return store.add([source.recorded(cloud, version) for version in wanted])


def with_older(store: Store, source: Upstream, outcomes: Iterable[Outcome]) -> Sequence[Outcome]:
    """Behind a sync from a folder, `take_in` for each cloud that did not fail; what is in the way becomes a note.

    Args:
        store: the one that was synced.
        source: what from; nothing is done for anything but a folder.
        outcomes: of the sync.
    """
    if not isinstance(source, Files):
        return tuple(outcomes)
    made = []
    for outcome in outcomes:
        if not outcome.error:
            try:
                take_in(store, source, outcome.cloud)
            except Perimeter365Error as error:
                note = f"older lists were not taken in: {error.message}"
                outcome = dataclasses.replace(outcome, notes=(*outcome.notes, note))  # noqa: PLW2901 (the same, with a note)
        made.append(outcome)
    return tuple(made)


def _chosen(store: Reader, cloud: Cloud, last: int | None) -> Sequence[State]:
    """The synced states up to the one in force, oldest first."""
    head = next((force.version for force in store.in_force() if force.cloud is cloud), None)
    versions = [v for v in store.versions(cloud) if v.origin == LIVE or v.version == head]
    at = next((i for i, v in enumerate(versions) if v.version == head), -1)
    chosen = versions[: at + 1]
    return [store.state(cloud, v.version) for v in (chosen[-last:] if last else chosen)]


def _records(store: Reader, cloud: Cloud, newest: str) -> Mapping[str, bytes]:
    found = [record for record in store.records(cloud) if record.version <= newest]
    return {changes_path(cloud, newest): write.changes(found)} if found else {}


def _write(folder: Path, made: Mapping[str, bytes], sums: bytes) -> tuple[int, int]:
    """Make the folder so; returns how many files were written and removed."""
    there = _there(folder)
    staging = folder / STAGING
    staging.mkdir(parents=True, exist_ok=True)
    try:
        for parent in {(folder / path).parent for path in made}:
            parent.mkdir(exist_ok=True)
        written = sum(replace(folder / path, data, staging=staging) for path, data in made.items())
        sync_folder(folder)
        written += replace(folder / SUMS, sums, staging=staging)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    gone = [path for path in there if path not in made]
    for path in gone:
        (folder / path).unlink(missing_ok=True)
    for parent in {(folder / path).parent for path in gone}:
        if not any(parent.iterdir()):
            parent.rmdir()
    return written, len(gone)


def _there(folder: Path) -> Sequence[str]:
    """Our files in a folder. Raises InputError when it holds others."""
    if not folder.exists():
        return ()
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder")
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.startswith(".") or name == SUMS or (path.is_dir() and not path.is_symlink()):
            continue
        if not _OURS.fullmatch(name) or path.is_symlink():
            raise InputError(f"{path} is no part of an export", help="name an empty folder, or one that `export` has made")
        found.append(name)
    return found
