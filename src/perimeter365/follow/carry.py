"""Export and import of lists for networks without internet access.

An export is a folder that `sources.files` reads.

    export(store, Path("/media/stick/m365"))
        ExportResult(lists={Cloud.WORLDWIDE: 3, Cloud.CHINA: 1}, written=7, unchanged=0, removed=0)

A folder contains the versions that syncs committed, up to the version in force; a pinned version is the newest of its
cloud. The same store always gives the same bytes.

Lists are written first, then SHA256SUMS, and obsolete files are removed last. A reader that runs at the same time, or
after a crash, therefore finds the old folder, the new folder, or one that `sources.files` rejects because of its
checksums. The next export repairs it. Files that are not part of an export are never removed.
"""

import dataclasses
import hashlib
import re
import shutil
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perimeter365.atomic import make_folder, replace, sync_folder
from perimeter365.errors import InputError, Perimeter365Error
from perimeter365.history.sync import Outcome, Upstream
from perimeter365.intake import read_optional, walk
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.state import LIVE, State
from perimeter365.sources.files import MAX_FILES, SUMS, FileSource, changes_path, list_path
from perimeter365.store.reader import Reader
from perimeter365.store.store import Store
from perimeter365.wire import write
from perimeter365.wire.strict_json import LARGEST

STAGING = ".perimeter365-new"
"""Folder for unfinished files. `sources.files` ignores names that begin with a dot."""

# Matches "Worldwide/2026080200.json", not "SHA256SUMS" or "photos/2026080200.json".
_OURS = re.compile(rf"(?:{'|'.join(c.folder for c in CLOUDS)})/(?:changes-)?[0-9]{{10}}\.json", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportResult:
    """The result of an export."""

    lists: Mapping[Cloud, int]
    """Number of versions in the folder, by cloud."""
    written: int
    """Number of new or changed files, including SHA256SUMS."""
    unchanged: int
    removed: int

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON data."""
        lists = {cloud.value: number for cloud, number in self.lists.items()}
        return {"lists": lists, "written": self.written, "unchanged": self.unchanged, "removed": self.removed}


def export(store: Reader, folder: Path, clouds: Iterable[Cloud] = (), *, last: int | None = None) -> ExportResult:
    """Write the synced lists of a store to a folder.

    Args:
        store: the store to export.
        folder: created if missing; otherwise it has to be empty or an earlier export.
        clouds: the clouds to export, all of which must have been synced; () for every cloud that was.
        last: the number of newest versions to export per cloud; None for all.

    Raises:
        InputError: nothing was synced, or the folder contains other files.
        OSError: the folder cannot be written.
    """
    clouds = tuple(clouds)
    made: dict[str, bytes] = {}
    lists = {}
    with store.reading():
        for cloud in clouds or store.clouds():
            if states := _chosen(store, cloud, last):
                lists[cloud] = len(states)
                made |= {list_path(cloud, state.version): write.endpoints(state.sets) for state in states}
                made |= _records(store, cloud, states[-1].version)
            elif clouds:
                raise InputError(f"{cloud} was never synced", help="run `perimeter365 sync` first")
    if not made:
        raise InputError("nothing was synced, so there is nothing to export", help="run `perimeter365 sync` first")
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(made.items()))
    written, removed = _write(folder, made, sums.encode("ascii"))
    return ExportResult(lists=lists, written=written, unchanged=len(made) + 1 - written, removed=removed)


def import_older(store: Store, source: FileSource, cloud: Cloud) -> int:
    """Store the states of a folder that are older than the last sync.

    None of them comes into force.

    Returns:
        The number of states that were not yet in the store.

    Raises:
        UpstreamError, StoreError: a state cannot be read or contradicts the store. No state was stored.
    """
    newest = store.newest(cloud)
    known = {version.version for version in store.versions(cloud)}
    wanted = [v for v in source.versions(cloud) if newest and v < newest.version and v not in known]
    return store.add([source.recorded(cloud, version) for version in wanted])


def with_older_lists(store: Store, source: Upstream, outcomes: Iterable[Outcome]) -> Sequence[Outcome]:
    """Call `import_older` after a sync from a folder.

    It is called for each cloud that did not fail. An error becomes a note of the cloud's outcome: the sync itself has
    succeeded.

    Args:
        store: the store that was synced.
        source: the source of the sync. Sources other than a folder have no older lists.
        outcomes: the outcomes of the sync.
    """
    if not isinstance(source, FileSource):
        return tuple(outcomes)
    made = []
    for outcome in outcomes:
        if not outcome.error:
            try:
                import_older(store, source, outcome.cloud)
            except Perimeter365Error as error:
                note = f"older lists were not imported: {error.message}"
                outcome = dataclasses.replace(outcome, notes=(*outcome.notes, note))  # noqa: PLW2901 (the same, with a note)
        made.append(outcome)
    return tuple(made)


def _chosen(store: Reader, cloud: Cloud, last: int | None) -> Sequence[State]:
    """Return the synced states up to the one in force, oldest first."""
    head = next((force.version for force in store.in_force() if force.cloud is cloud), None)
    versions = [v for v in store.versions(cloud) if v.origin == LIVE or v.version == head]
    at = next((i for i, v in enumerate(versions) if v.version == head), -1)
    chosen = versions[: at + 1]
    return [store.state(cloud, v.version) for v in (chosen[-last:] if last else chosen)]


def _records(store: Reader, cloud: Cloud, newest: str) -> Mapping[str, bytes]:
    found = [record for record in store.records(cloud) if record.version <= newest]
    return {changes_path(cloud, newest): write.changes(found)} if found else {}


def _write(folder: Path, made: Mapping[str, bytes], sums: bytes) -> tuple[int, int]:
    """Write the files and remove obsolete ones.

    Returns the number of files written and removed.
    """
    there = _exported_files(folder, made)
    staging = folder / STAGING
    make_folder(staging)
    try:
        for parent in {(folder / path).parent for path in made}:
            make_folder(parent)
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


def _exported_files(folder: Path, made: Container[str]) -> Sequence[str]:
    """Return the files of an earlier export.

    Files of clouds newer than this release count if this export or SHA256SUMS of the earlier one has them.

    Raises:
        InputError: the folder contains other files.
    """
    if not folder.exists():
        return ()
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder")
    found = []
    sums = read_optional(folder / SUMS, most=LARGEST, links=False) or b""
    earlier = {line.rpartition("  ")[2] for line in sums.decode("ascii", "replace").splitlines()}
    for name in sorted(walk(folder, most=2 * MAX_FILES)):
        path = folder / name
        if name == SUMS:
            continue
        if not (_OURS.fullmatch(name) or name in made or name in earlier) or path.is_symlink():
            raise InputError(
                f"{path} is not part of an export", help="name an empty folder, or one that `export` has written"
            )
        found.append(name)
    return found
