"""Writes what targets made: all of it or nothing, so that whoever reads a file never meets half of one.

    out/nftables/perimeter365.nft        an artifact, in its target's folder
    out/nftables/losses.json             what the target could not say, of which catalog and profile
    out/nftables/plan.json               firewalls: the plan as it was rendered, for the next `--since`
    out/nftables/.perimeter365.json      the names and SHA-256 of what we wrote there

1. Look: a file that holds the same bytes already is left alone; when all do, nothing is touched.
2. Stage: every new file is written beside its place, under a name of ours, and synced to the disk. A second link
   to each old file is kept.
3. Commit: the new files are renamed to their names, one right after the other; files of an earlier render that this
   one does not make are unlinked, if they are as we wrote them. Should anything fail, it is undone.

So an error or an interrupt leaves all the old files (or finds all the new ones), and at any time, even after a power
cut, each name holds an old or a new file, whole. The list of ours is renamed first, naming old and new, and last,
naming the new: a run knows its files however the one before ended, and clears away what that one left staged. Nothing
below the output folder may be a symbolic link: a render must not write where it was not sent.
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

from perimeter365.atomic import sync_folder
from perimeter365.errors import OutputError
from perimeter365.targets.target import Artifact, Rendered

LOSSES = "losses.json"
KEPT = "plan.json"
MANIFEST = ".perimeter365.json"
STAGED = ".perimeter365-"
"""How the names of staged files and kept links start. No artifact's can: a segment never starts with a dot."""

Progress = Callable[[str, int, int], None]
"""Called before a file is staged: its path below the output folder, its number from 1, how many there are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WriteReport:
    """What a write did, or under `dry_run` would do: sorted paths below the output folder, `/` between segments."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    """Ours, of an earlier render, not made any more."""
    kept: tuple[str, ...] = ()
    """The same, but changed by somebody since we wrote them: theirs to remove."""
    replaced: tuple[str, ...] = ()
    """Those of `written` that somebody had changed since we wrote them."""


def write(
    rendered: Sequence[Rendered], folder: Path | str, *, dry_run: bool = False, progress: Progress | None = None
) -> WriteReport:
    """Write what targets made below a folder, each target in a folder of its own.

    Args:
        rendered: from `targets.render`, each target once.
        folder: the output folder; made, with its parents, when it is missing.
        dry_run: only say what would be done.
        progress: told of each file before it is staged.

    Returns:
        What was written, was there already, was removed and was kept. Writing the same again writes nothing.

    Raises:
        OutputError: the folder cannot be written, the disk is full, a link is in the way, another run is writing
            there … Every file is as it was.
    """
    root = Path(folder)
    names = [each.target for each in rendered]
    if len(names) != len(set(names)):
        raise ValueError(f"a target stands twice among {names}")
    with _as_output_error(root):
        looks = [_Look(root, each) for each in rendered]
        if not dry_run and any(look.work for look in looks):
            with _Commit(root) as commit:
                looks = [_Look(root, each) for each in rendered]  # again, now that nobody else writes
                commit.run(looks, progress or (lambda *_: None))
        return WriteReport(
            written=_paths(looks, lambda look: look.changed),
            unchanged=_paths(looks, lambda look: look.wanted.keys() - set(look.changed)),
            removed=_paths(looks, lambda look: look.gone),
            kept=_paths(looks, lambda look: look.kept),
            replaced=_paths(looks, lambda look: [n for n in look.changed if look.is_theirs(n)]),
        )


class _Look:
    """What one target's folder has to hold, and what it holds."""

    def __init__(self, root: Path, rendered: Rendered) -> None:
        self.target = rendered.target
        self.folder = root / Artifact(name=rendered.target, content=b"", entries=0).name
        self.wanted = {artifact.name: artifact.content for artifact in rendered.artifacts}
        if ours := {LOSSES, KEPT} & set(map(str.lower, self.wanted)):
            raise ValueError(f"{self.target}: no artifact may be called {ours.pop()}")
        self.wanted[LOSSES] = losses_json(rendered)
        if rendered.kept:
            self.wanted[KEPT] = rendered.kept
        self.manifest = _read(root, self.folder / MANIFEST)
        self.ours = _read_manifest(self.manifest)
        self.found = {name: _read(root, self.folder / name) for name in {*self.wanted, *self.ours}}
        self.leftovers = [
            Path(place) / name for place, _, files in os.walk(self.folder) for name in files if name.startswith(STAGED)
        ]

        self.changed = sorted(name for name, content in self.wanted.items() if self.found[name] != content)
        made = {name.lower() for name in self.wanted}
        stale = [n for n in sorted(self.ours) if self.found[n] is not None and n.lower() not in made]
        self.kept = [name for name in stale if self.is_theirs(name)]
        self.gone = [name for name in stale if not self.is_theirs(name)]
        new = {name: {_sum(content)} for name, content in self.wanted.items()}
        self.after = self._manifest(new, {name: self.ours[name] for name in self.kept})
        self.during = self._manifest(new, self.ours)
        self.work = bool(self.changed or self.gone or self.leftovers or self.manifest != self.after)

    def is_theirs(self, name: str) -> bool:
        """Did we write this once, and somebody has changed it since?"""
        content = self.found[name]
        return content is not None and name in self.ours and _sum(content) not in self.ours[name]

    def _manifest(self, *sums: Mapping[str, Collection[str]]) -> bytes:
        files: dict[str, set[str]] = {}
        for name, known in chain.from_iterable(each.items() for each in sums):
            files.setdefault(name, set()).update(known)
        listed = {name: sorted(files[name]) for name in sorted(files)}
        value = {"made_by": "perimeter365", "target": self.target, "files": listed}
        return (json.dumps(value, indent=1, ensure_ascii=True) + "\n").encode()


class _Commit:
    """The only writer below a folder, from taking its lock to clearing up; leaving by an error undoes everything."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.lock = -1
        self.count = 0
        self.made: list[Path] = []
        """Folders that we made."""
        self.emptied: list[Path] = []
        """Folders inside of a target's that may have nothing any more, inner ones first."""
        self.staged: list[Path] = []
        """Files under names of ours, to be removed however this ends."""
        self.old: dict[Path, Path | None] = {}
        """What the commit changes: final path to the kept link of what stood there."""
        self.begun: list[tuple[Path, Path | None]] = []
        """Changes that have begun: final path, and the staged file or None for its removal."""
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
                f"{error or 'the write failed'}; besides, these could not be put back: {', '.join(map(str, lost))}",
                help="render again once the cause is gone",
            ) from error

    def run(self, looks: Sequence[_Look], progress: Progress) -> None:
        """Stage everything, then commit everything."""
        looks = [look for look in looks if look.work]
        for leftover in chain.from_iterable(look.leftovers for look in looks):
            leftover.unlink()
        total = sum(len(look.changed) for look in looks)
        steps: list[tuple[Path, Path | None]] = []
        steps += [self._stage(look.folder / MANIFEST, look.during) for look in looks]
        for look in looks:
            for name in look.changed:
                progress(f"{look.target}/{name}", len(steps) - len(looks) + 1, total)
                steps.append(self._stage(look.folder / name, look.wanted[name]))
        for look in looks:
            for path in [look.folder / name for name in look.gone]:
                self._keep(path)
                steps.append((path, None))
                self.emptied += [folder for folder in path.parents if look.folder in folder.parents]
        steps += [self._stage(look.folder / MANIFEST, look.after) for look in looks]
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
        """The final path, and the new content under a name of ours beside it."""
        self._make(final.parent)
        self._keep(final)
        return final, self._put(final, content)

    def _keep(self, final: Path) -> None:
        """A second link to what stands at a final path, so that it can be put back; a copy where links do not work."""
        if final in self.old:
            return
        self.old[final] = None
        if not final.exists():
            return
        link = self._name(final)
        try:
            os.link(final, link)
        except OSError:
            link = self._put(final, final.read_bytes())
        self.old[final] = link

    def _put(self, final: Path, content: bytes) -> Path:
        """A new synced file beside a final path, with the mode of what stands there."""
        path = self._name(final)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        file = os.open(path, flags, 0o666)
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
        self.staged.append(path)  # before it exists: an interrupt may come at any time
        return path

    def _make(self, folder: Path) -> None:
        for path in reversed([folder, *folder.parents]):
            if not path.exists():
                self.made.append(path)
                path.mkdir()

    def _lock(self) -> None:
        """Be the only writer, where the system has such a lock; the lock ends with the process."""
        if os.name != "posix":
            return
        import fcntl

        self.lock = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(
                f"{self.root}: another run is writing there", help="wait for it, or name another folder with -o"
            ) from None
        except OSError:
            pass  # a network file system without locks

    def _undo(self) -> list[Path]:
        """Put back what the commit changed. Returns what could not be put back."""
        lost: list[Path] = []
        back: set[Path] = set()
        for final, staged in reversed(self.begun):
            if final in back or (staged or final).exists():
                continue  # put back already, or it had begun and not happened
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


def losses_json(rendered: Rendered) -> bytes:
    """What stands beside the artifacts: whose plan, of which catalog, which target, and its losses, one a line."""
    about = json.dumps({**rendered.about, "target": rendered.target, "losses": []}, ensure_ascii=True)
    lines = [json.dumps(loss.to_dict(), ensure_ascii=True) for loss in rendered.losses]
    inside = "\n" + ",\n".join(lines) + "\n" if lines else ""
    return f"{about.removesuffix(']}')}{inside}]}}\n".encode()


def _read(root: Path, path: Path) -> bytes | None:
    """What a file below the root holds; None if there is none. Raises OutputError for links and what is no file."""
    steps = path.relative_to(root).parts
    for i in range(len(steps)):
        place = root.joinpath(*steps[: i + 1])
        try:
            mode = place.lstat().st_mode
        except FileNotFoundError:
            return None
        if stat.S_ISLNK(mode):
            raise OutputError(f"{place} is a symbolic link", help="remove it, or name another folder with -o")
        if not (stat.S_ISREG(mode) if place == path else stat.S_ISDIR(mode)):
            want = "a file" if place == path else "a folder"
            raise OutputError(f"{place} is not {want}", help="remove it, or name another folder with -o")
    return path.read_bytes()


def _read_manifest(content: bytes | None) -> dict[str, list[str]]:
    """Names to sums, as far as a manifest can be trusted: no edit of it can make us remove what is elsewhere."""
    known: dict[str, list[str]] = {}
    with suppress(ValueError, AttributeError, TypeError):
        for name, sums in json.loads(content or b"{}").get("files", {}).items():
            with suppress(ValueError):
                known[Artifact(name=name, content=b"", entries=0).name] = [str(s) for s in sums]
    return known


def _sum(content: bytes) -> str:
    return sha256(content).hexdigest()


def _paths(looks: Sequence[_Look], names: Callable[[_Look], Collection[str]]) -> tuple[str, ...]:
    return tuple(sorted(f"{look.target}/{name}" for look in looks for name in names(look)))


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """An interrupt (Ctrl-C) inside of the block comes when it ends: what takes milliseconds is not left half done."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is interrupted
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
            f"{place}: {error.strerror or error}; every file is as it was",
            help=_HELP.get(name, "try again, or name another folder with -o"),
        ) from error


_HELP = {
    "EACCES": "give this user the right to write there, or name another folder with -o",
    "EPERM": "give this user the right to write there, or name another folder with -o",
    "EROFS": "the file system is read-only: name another folder with -o",
    "ENOSPC": "free some space on that disk, or name a folder on another one with -o",
    "EDQUOT": "free some of your quota, or name a folder on another disk with -o",
    "EFBIG": "a limit on the size of files is in force (ulimit -f): raise it",
    "EMFILE": "a limit on open files is in force (ulimit -n): raise it",
    "ENOTDIR": "a file stands where a folder has to be: remove it, or name another folder with -o",
    "ENAMETOOLONG": "name a folder with a shorter path with -o",
    "EIO": "the disk reports an error: look at the system's log before you try again",
}
