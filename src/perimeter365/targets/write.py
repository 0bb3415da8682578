"""Atomic writer for rendered files: either all files are replaced or none.

    out/nftables/perimeter365.nft        an artifact, in the target's folder
    out/nftables/losses.json             the losses, with the catalog and profile
    out/nftables/plan.json               firewalls only: the rendered plan, for the next `--since`
    out/nftables/.perimeter365.json      manifest: names and SHA-256 of the files that were written here, kept numbers,
                                         ids of the outbound flows of the plan

1. Compare: a file that already has the same content is not touched; if all have, nothing is written.
2. Stage: every new file is written next to its final path, under a temporary name, and synced to disk. A second link
   to each old file is kept.
3. Commit: the new files are renamed to their final paths, one directly after the other. Files of an earlier render that are
   no longer produced are removed, unless they were modified. If anything fails, the commit is undone.

So after an error or an interrupt either all old files or all new files are there, and at any time, even after a power
failure, each path has a complete old or new file. The manifest is replaced first, listing old and new files, and again at
the end, listing the new ones: a later run can identify all files whatever happened, and removes staged files of an
interrupted run. Symbolic links below the output folder are rejected, so that nothing is written outside of it. The steps
are one file, although it is long, because each relies on what the others leave behind after an interrupt.
"""

import errno
import json
import os
import signal
import stat
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from types import TracebackType

from perimeter365.atomic import SHARED, SHARED_FOLDER, sync_folder
from perimeter365.errors import InputError, OutputError
from perimeter365.intake import read_bytes, walk
from perimeter365.model.decode import MOST_BYTES, parse_json, sequence, table
from perimeter365.model.finding import printable
from perimeter365.plan.outbound import check_emptied
from perimeter365.targets.loss import LOSSES, dump_losses
from perimeter365.targets.target import Artifact, RenderResult

SAVED_PLAN = "plan.json"
MANIFEST = ".perimeter365.json"
STAGED = ".perimeter365-"
"""Prefix of the names of staged files and kept links. Artifacts cannot have it: a segment never starts with a dot."""

_SHOWN = 100
"""The maximum number of characters of an id or cloud in a manifest that someone may have edited."""
MAX_ARTIFACT_BYTES = 256 * 1024 * 1024
"""The maximum size of a file that is compared with a new one; the largest artifact of a full profile has 30 MB."""

MAX_FILES = 100_000
"""The maximum number of files in the folder of a target."""

_RESTORE = "restore it; or remove it, and then the files of an earlier render that are no longer needed"

Progress = Callable[[str, int, int], None]
"""Called before a file is staged, with its path below the output folder, its number from 1, and the total."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WriteReport:
    """What a write did, or would do with `dry_run`: sorted relative paths."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    """Files of an earlier render that are no longer produced."""
    kept: tuple[str, ...] = ()
    """Files of an earlier render that are no longer produced, but were modified since: the user has to remove them."""
    replaced: tuple[str, ...] = ()
    """Those of `written` that were modified since the last render."""
    others: tuple[str, ...] = ()
    """Names of other organizations whose files were there before."""


def write(
    rendered: Sequence[RenderResult],
    folder: Path | str,
    *,
    dry_run: bool = False,
    allow_empty: bool = False,
    progress: Progress | None = None,
) -> WriteReport:
    """Write the results of targets below a folder, each target to its own subfolder.

    Args:
        rendered: results of `targets.render`, each target once.
        folder: the output folder; created, with its parents, if it does not exist.
        dry_run: write nothing, only report what would be done.
        allow_empty: also write a plan without outbound flows over one that had some.
        progress: called before each file is staged.

    Returns:
        The paths that were written, unchanged, removed and kept. A second write of the same files writes nothing.

    Raises:
        EmptyPlanError: the last render into the folder had outbound flows in a cloud, and this one has none.
        OutputError: the folder is not writable, the disk is full, a path is a symbolic link, another run is writing to the
            folder … All files are unchanged.
    """
    return write_organizations({"": rendered}, folder, dry_run=dry_run, allow_empty=allow_empty, progress=progress)


def write_organizations(
    rendered: Mapping[str, Sequence[RenderResult]],
    folder: Path | str,
    *,
    dry_run: bool = False,
    allow_empty: bool = False,
    progress: Progress | None = None,
) -> WriteReport:
    """Write the results of several organizations, each below its own subfolder.

    All files of all organizations are written, or none.

    Args:
        rendered: name of the subfolder -> results of `targets.render`, each target once (`organizations`).
        folder: as for `write`.
        dry_run: as for `write`.
        allow_empty: as for `write`.
        progress: as for `write`.

    Returns:
        The paths below `folder`, as for `write`.

    Raises:
        EmptyPlanError: as for `write`, for any of the organizations.
        OutputError: as for `write`, or a subfolder has the files of another organization.
    """
    root = Path(folder)
    each_target = [(place, each) for place, several in rendered.items() for each in several]
    names = [f"{place}/{each.target}".lower() for place, each in each_target]
    if len(names) != len(set(names)):
        raise ValueError(f"a target is listed twice: {names}")
    with _as_output_error(root):
        states = [_FolderState(root, place, each) for place, each in each_target]
        if not allow_empty:
            check_emptied(text for state in states for text in state.emptied)
        if not dry_run and any(state.work for state in states):
            with _Commit(root) as commit:
                states = [_FolderState(root, place, each) for place, each in each_target]  # again, under the lock
                commit.run(states, progress or (lambda *_: None))
        return WriteReport(
            written=_paths(states, lambda state: state.changed),
            unchanged=_paths(states, lambda state: state.wanted.keys() - set(state.changed)),
            removed=_paths(states, lambda state: state.gone),
            kept=_paths(states, lambda state: state.kept),
            replaced=_paths(states, lambda state: [n for n in state.changed if state.is_edited(n)]),
            others=tuple(sorted({state.other for state in states if state.other})),
        )


class _FolderState:
    """The required and the present content of one target's folder."""

    def __init__(self, root: Path, place: str, rendered: RenderResult) -> None:
        self.target = rendered.target
        self.place = Artifact(name=f"{place}/{rendered.target}" if place else rendered.target, content=b"", entries=0).name
        """The folder below the root."""
        self.folder = root / self.place
        self.wanted = {artifact.name: artifact.content for artifact in rendered.artifacts}
        if reserved := {LOSSES, SAVED_PLAN} & set(map(str.lower, self.wanted)):
            raise ValueError(f"{self.target}: the name {reserved.pop()} is reserved, an artifact cannot have it")
        self.wanted[LOSSES] = losses_json(rendered)
        if rendered.saved_plan:
            self.wanted[SAVED_PLAN] = rendered.saved_plan
        self.manifest = _read(root, self.folder / MANIFEST)
        self.recorded = _read_manifest(self.manifest, self.folder / MANIFEST)
        self.found = {name: _read(root, self.folder / name) for name in {*self.wanted, *self.recorded}}
        mine, other = rendered.about.get("organization", ""), _organization(self.found[LOSSES])
        self.other = "" if other == mine else other
        """The organization whose files are there now, if it is another one."""
        if place and self.other:
            raise OutputError(
                f"{self.folder} has the files of {other!r}, not of {mine!r}",
                help="rename the profile, use another folder with -o, or remove this one if the organization has a new name",
            )
        there = walk(self.folder, most=MAX_FILES, kind=OutputError, hidden=True) if self.folder.is_dir() else ()
        self.leftovers = [self.folder / name for name in there if name.split("/")[-1].startswith(STAGED)]

        self.changed = sorted(name for name, content in self.wanted.items() if self.found[name] != content)
        made = {name.lower() for name in self.wanted}
        stale = [n for n in sorted(self.recorded) if self.found[n] is not None and n.lower() not in made]
        self.kept = [name for name in stale if self.is_edited(name)]
        self.gone = [name for name in stale if not self.is_edited(name)]
        new = {name: {_sum(content)} for name, content in self.wanted.items()}
        self.numbers = rendered.kept
        self.outbound = {cloud: list(ids) for cloud, ids in rendered.outbound.ids.items()}
        self.emptied = rendered.outbound.emptied(_read_outbound(self.manifest, self.folder / MANIFEST))
        """A text for each cloud in which the last render had outbound flows, and this one has none."""
        self.after = self._manifest(new, {name: self.recorded[name] for name in self.kept})
        self.during = self._manifest(new, self.recorded)
        self.work = bool(self.changed or self.gone or self.leftovers or self.manifest != self.after)

    def is_edited(self, name: str) -> bool:
        """Return whether a file was written by an earlier render and modified since."""
        content = self.found[name]
        return content is not None and name in self.recorded and _sum(content) not in self.recorded[name]

    def _manifest(self, *sums: Mapping[str, Collection[str]]) -> bytes:
        files: dict[str, set[str]] = {}
        for name, known in chain.from_iterable(each.items() for each in sums):
            files.setdefault(name, set()).update(known)
        listed = {name: sorted(files[name]) for name in sorted(files)}
        value: dict[str, object] = {"made_by": "perimeter365", "target": self.target, "files": listed}
        if self.numbers:
            value["kept"] = dict(self.numbers)
        if self.outbound:
            value["outbound"] = self.outbound
        return (json.dumps(value, indent=1, ensure_ascii=True) + "\n").encode()


class _Commit:
    """A transaction on an output folder, under its lock.

    An exception undoes all changes.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.lock = -1
        self.count = 0
        self.made: list[Path] = []
        """Folders that were created."""
        self.emptied: list[Path] = []
        """Subfolders of target folders that may be empty now, inner ones first."""
        self.staged: list[Path] = []
        """Temporary files, removed in any case at the end."""
        self.old: dict[Path, Path | None] = {}
        """Final paths that the commit changes, with the kept link to the old file (None if there was no file)."""
        self.begun: list[tuple[Path, Path | None]] = []
        """Changes that were started: final path, and the staged file, or None for a removal."""
        self.done = False

    def __enter__(self) -> "_Commit":
        try:
            self._make(self.root)
            self._lock()
        except BaseException:
            self._clear()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with _interrupts_wait():
            lost = [] if self.done else self._undo()
            self._clear()
        if lost:
            raise OutputError(
                f"{error or 'the write failed'}; these files could not be restored: {', '.join(map(str, lost))}",
                help="remove the cause, then render again",
            ) from error

    def run(self, states: Sequence[_FolderState], progress: Progress) -> None:
        """Stage all changes, then commit them."""
        states = [state for state in states if state.work]
        for leftover in chain.from_iterable(state.leftovers for state in states):
            leftover.unlink()
        total = sum(len(state.changed) for state in states)
        steps: list[tuple[Path, Path | None]] = []
        steps += [self._stage(state.folder / MANIFEST, state.during) for state in states]
        for state in states:
            for name in state.changed:
                progress(f"{state.place}/{name}", len(steps) - len(states) + 1, total)
                steps.append(self._stage(state.folder / name, state.wanted[name]))
        for state in states:
            for path in [state.folder / name for name in state.gone]:
                self._keep(path)
                steps.append((path, None))
                self.emptied += [folder for folder in path.parents if state.folder in folder.parents]
        steps += [self._stage(state.folder / MANIFEST, state.after) for state in states]
        places = {final.parent for final, _ in steps} | {path.parent for path in self.made} | {self.root}
        with _interrupts_wait():
            for final, staged in steps:
                self.begun.append((final, staged))
                if staged:
                    staged.replace(final)
                else:
                    final.unlink()
            for place in sorted(places):
                sync_folder(place)
            self.done = True

    def _stage(self, final: Path, content: bytes) -> tuple[Path, Path]:
        """Write new content to a temporary file.

        Return the final path and the temporary one.
        """
        self._make(final.parent)
        self._keep(final)
        return final, self._put(final, content)

    def _keep(self, final: Path) -> None:
        """Keep a second link to the old file, so that it can be restored.

        A copy if links are not supported.
        """
        if final in self.old:
            return
        self.old[final] = None
        if not final.exists():
            return
        link = self._name(final)
        try:
            os.link(final, link)
        except OSError:
            link = self._put(final, read_bytes(final, most=MAX_ARTIFACT_BYTES, kind=OutputError, links=False))
        self.old[final] = link

    def _put(self, final: Path, content: bytes) -> Path:
        """Write a synced temporary file next to a final path, with the old file's mode."""
        path = self._name(final)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        file = os.open(path, flags, SHARED)
        try:
            if final.exists() and hasattr(os, "fchmod"):
                os.fchmod(file, stat.S_IMODE(final.stat().st_mode))
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(file, rest) :]
            os.fsync(file)
        finally:
            os.close(file)
        return path

    def _name(self, final: Path) -> Path:
        self.count += 1
        path = final.with_name(f"{STAGED}{os.getpid()}-{self.count}")
        self.staged.append(path)  # before the file exists: an interrupt can arrive at any time
        return path

    def _make(self, folder: Path) -> None:
        for path in reversed([folder, *folder.parents]):
            if not path.exists():
                self.made.append(path)
                path.mkdir(mode=SHARED_FOLDER)

    def _lock(self) -> None:
        """Take the folder's lock, where the system has flock.

        The lock ends with the process.
        """
        if os.name != "posix":
            return
        import fcntl

        self.lock = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(
                f"{self.root}: another run is writing there", help="wait until it ends, or choose another folder with -o"
            ) from None
        except OSError:
            pass  # network file systems without locks

    def _undo(self) -> list[Path]:
        """Restore the files that the commit changed.

        Return those that could not be restored.
        """
        lost: list[Path] = []
        back: set[Path] = set()
        for final, staged in reversed(self.begun):
            if final in back or (staged or final).exists():
                continue  # already restored, or started but not done
            back.add(final)
            link = self.old[final]
            try:
                if link:
                    link.replace(final)
                else:
                    final.unlink(missing_ok=True)
            except OSError:
                lost.append(final)
                self.staged = [path for path in self.staged if path != link]
        return lost

    def _clear(self) -> None:
        for path in self.staged:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        for folder in self.emptied if self.done else reversed(self.made):
            with suppress(OSError):
                folder.rmdir()
        if self.lock >= 0:
            os.close(self.lock)


def losses_json(rendered: RenderResult) -> bytes:
    """Return the content of losses.json."""
    return dump_losses(rendered.target, rendered.about, rendered.losses, rendered.outside)


def _read(root: Path, path: Path) -> bytes | None:
    """Read a file below the root; None if it does not exist.

    Raises OutputError if a path segment has the wrong type.
    """
    steps = path.relative_to(root).parts
    for i in range(len(steps)):
        place = root.joinpath(*steps[: i + 1])
        try:
            mode = place.lstat().st_mode
        except FileNotFoundError:
            return None
        if stat.S_ISLNK(mode):
            raise OutputError(f"{place} is a symbolic link", help="remove it, or choose another folder with -o")
        if not (stat.S_ISREG(mode) if place == path else stat.S_ISDIR(mode)):
            want = "a file" if place == path else "a folder"
            raise OutputError(f"{place} is not {want}", help="remove it, or choose another folder with -o")
    most = MOST_BYTES if path.name == MANIFEST else MAX_ARTIFACT_BYTES
    return read_bytes(path, most=most, kind=OutputError, links=False, help="remove it, or choose another folder with -o")


def _read_manifest(content: bytes | None, path: Path) -> dict[str, list[str]]:
    """Read names and sums from a manifest.

    Only names of artifacts are accepted, so that an edited manifest cannot cause files elsewhere to be removed. Raises
    OutputError if it is not a manifest: files that it lists could not be removed later.
    """
    known: dict[str, list[str]] = {}
    try:
        for name, sums in _sums({} if content is None else parse_json(content)).items():
            with suppress(ValueError):
                known[Artifact(name=name, content=b"", entries=0).name] = [str(s) for s in sums]
    except InputError as error:
        raise OutputError(
            f"{path} is not a manifest: {error.message}",
            help=_RESTORE,
        ) from None
    return known


def _read_outbound(content: bytes | None, path: Path) -> dict[str, list[str]]:
    """Read the ids of outbound flows by cloud from a manifest; none if it has none.

    Raises OutputError if they have another form: the check of an empty plan needs them.
    """
    try:
        found = table(table({} if content is None else parse_json(content)).get("outbound", {}))
        ids = {cloud: [printable(str(each)[:_SHOWN]) for each in sequence(found[cloud])] for cloud in found}
    except InputError as error:
        raise OutputError(f"{path}: its outbound flows are damaged: {error.message}", help=_RESTORE) from None
    return {printable(cloud[:_SHOWN]): each for cloud, each in ids.items()}


def _sums(value: object) -> Mapping[str, list[object]]:
    return {name: sequence(sums) for name, sums in table(table(value).get("files", {})).items()}


def _organization(losses: bytes | None) -> str:
    """Return the organization of a losses.json; "" if it does not say one."""
    with suppress(InputError):
        return str(table(parse_json(losses or b"{}")).get("organization", ""))
    return ""


def _sum(content: bytes) -> str:
    return sha256(content).hexdigest()


def _paths(states: Sequence[_FolderState], names: Callable[[_FolderState], Collection[str]]) -> tuple[str, ...]:
    return tuple(sorted(f"{state.place}/{name}" for state in states for name in names(state)))


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Delay an interrupt (Ctrl-C) until the end of the block: milliseconds."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread receives interrupts
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)
        if came:
            signal.raise_signal(signal.SIGINT)


@contextmanager
def _as_output_error(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = error.filename if isinstance(error.filename, str) else root
        name = errno.errorcode.get(error.errno or 0, "")
        raise OutputError(
            f"{place}: {error.strerror or error}; all files are unchanged",
            help=_HELP.get(name, "try again, or choose another folder with -o"),
        ) from error


_HELP = {
    "EACCES": "make it writable for this user, or choose another folder with -o",
    "EPERM": "make it writable for this user, or choose another folder with -o",
    "EROFS": "the file system is read-only: choose another folder with -o",
    "ENOSPC": "free space on that disk, or choose a folder on another disk with -o",
    "EDQUOT": "free space within your quota, or choose a folder on another disk with -o",
    "EFBIG": "raise the limit on the size of files (ulimit -f)",
    "EMFILE": "raise the limit on open files (ulimit -n)",
    "ENOTDIR": "a file is where a folder is needed: remove it, or choose another folder with -o",
    "ENAMETOOLONG": "choose a folder with a shorter path with -o",
    "EIO": "the disk reports an error: check the system log before you try again",
}
