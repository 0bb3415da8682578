"""The folder of a publication: generations, of which a link names the current one.

    DIR/.perimeter365.json        marks the folder as a publication
    DIR/generations/000012-5f0c1e2a/manifest.json, SHA256SUMS, endpoints/worldwide.json, …
    DIR/current                   link to generations/000012-5f0c1e2a: the root of the web server

    with open_generations(folder) as found:                 # under the folder's lock
        found.current                                       # the manifest of the current generation, if there is one
        found.add(contents, …)                              # a new generation becomes the current one

A generation is complete and on disk before the link is replaced, in one rename. A reader, or a crash at any moment, finds
the old generation or the new one. What an interrupted run left has the end `.new` or `.old`, and the next run removes it.
Only files that a manifest lists are removed. Files that have not changed are hard links to those of the generation before,
with the same time, so a web server makes the same validators of them.
"""

import errno
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from perimeter365.atomic import SHARED, make_folder, sync_folder
from perimeter365.atomic import replace as replace_file
from perimeter365.errors import OutputError
from perimeter365.intake import read_bytes, read_optional, shown_path
from perimeter365.web.published import GENERATION, MANIFEST, SUFFIXES, SUMS, Manifest, PublishedFile, read_manifest

MARKER, CURRENT, GENERATIONS = ".perimeter365.json", "current", "generations"
_MARK = (json.dumps({"made_by": "perimeter365", "what": "publication"}) + "\n").encode()

GRACE = timedelta(seconds=60)
"""How long a generation stays after another one became the current one: a web server may be reading it."""

SYNCING = 32
"""The number of files that are flushed to disk at the same time."""

_MOST = 256 * 1024 * 1024
_KEPT_LINK = re.compile(rf"{GENERATIONS}/({GENERATION})", re.ASCII)
_TEMPORARY = re.compile(rf"\.({re.escape(MANIFEST)}|{SUMS})\..*\.new", re.ASCII)
_HELP = "choose another folder, or move what is in it away"

Progress = Callable[[int, int], None]
"""Called before each file is written, with its number from 1 and the total."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """A file to publish."""

    url: str
    """A request that it answers."""
    type: str
    body: bytes
    modified: int
    """When the content came into force, in seconds since 1970."""


Compress = Callable[[bytes], Mapping[str, bytes]]
"""Returns the compressed forms of a body: end of the name -> bytes."""


Seal = Callable[[Manifest], Manifest]
"""Returns a manifest with its time of publication."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Removal:
    """What was removed of earlier generations."""

    generations: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """Folders that contain files of somebody else."""


class Generations:
    """A publication, whose lock this process has."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.current = self._current()
        """The manifest of the current generation; None before the first one."""

    def add(
        self,
        manifest: Manifest,
        contents: Mapping[str, Content],
        compress: Compress,
        *,
        seal: Seal,
        progress: Progress = lambda *_: None,
    ) -> Manifest:
        """Write a generation and make it the current one.

        Args:
            manifest: what it contains, with the files of `next_files`. The name of the generation is set here.
            contents: the files.
            compress: makes compressed forms.
            seal: sets the time of publication, directly before the generation becomes visible.
            progress: called before each file.

        Raises:
            OSError: the folder cannot be written. The current generation is unchanged.
        """
        self.clean()
        sums = sha256("".join(f"{each.sha256}{each.path}" for each in manifest.files).encode()).hexdigest()
        number = max([self.current.number if self.current else 0, *(_number(name) for name in self._names())]) + 1
        name = f"{number:06d}-{sums[:8]}"
        staged = self.root / GENERATIONS / f"{name}.new"
        make_folder(staged, public=True)
        everything = dict.fromkeys(SUFFIXES[1:], "0" * 64)
        listed = [replace(each, compressed=everything) for each in manifest.files]
        first = replace(manifest, generation=name, files=tuple(listed))
        replace_file(staged / MANIFEST, first.to_json(), public=True)  # what to remove if this run is interrupted
        made = replace(manifest, generation=name, files=self._write(staged, manifest.files, contents, compress, progress))
        replace_file(staged / SUMS, made.sums(), public=True)
        _sync(staged, made)
        made = seal(made)
        replace_file(staged / MANIFEST, made.to_json(), public=True)
        final = staged.with_suffix("")
        staged.rename(final)
        sync_folder(final.parent)
        self._link(name)
        self.current = made
        return made

    def _write(
        self,
        staged: Path,
        files: tuple[PublishedFile, ...],
        contents: Mapping[str, Content],
        compress: Compress,
        progress: Progress,
    ) -> tuple[PublishedFile, ...]:
        last = {each.path: each for each in self.current.files} if self.current else {}
        before = self.root / GENERATIONS / (self.current.generation if self.current else "")
        for folder in sorted({staged / parent for each in files for parent in Path(each.path).parents}):
            make_folder(folder, public=True)
        made: list[PublishedFile] = []
        changed: list[PublishedFile] = []
        for each in files:
            old = last.get(each.path)
            if old and (old.sha256, old.modified) == (each.sha256, each.modified) and _linked(before, staged, old):
                made.append(replace(each, compressed=old.compressed))
            else:
                changed.append(each)
        for index, each in enumerate(changed, 1):
            progress(index, len(changed))
            body = contents[each.path].body
            compressed = compress(body)
            for end, data in (("", body), *compressed.items()):
                _put(staged / f"{each.path}{end}", data, each.modified)
            made.append(replace(each, compressed={end: sha256(data).hexdigest() for end, data in compressed.items()}))
        return tuple(sorted(made, key=lambda each: each.path))

    def tidy(self, keep: int, now: datetime) -> Removal:
        """Remove all but the newest generations and the current one.

        Those that were current until a moment ago stay, too.
        """
        names = sorted(self._names(), key=_number)
        current = self.current.generation if self.current else ""
        gone: list[str] = []
        kept: list[str] = []
        for name, after in pairwise(names):
            if name in (current, *names[-keep:]):
                continue
            successor = self._manifest(after)
            ended = successor.published if successor else None
            if ended is not None and ended + GRACE > now:
                continue
            old = self.root / GENERATIONS / f"{name}.old"
            old.with_suffix("").rename(old)
            (gone if self._remove(old) else kept).append(name)
        return Removal(generations=tuple(gone), kept=tuple(kept))

    def clean(self) -> None:
        """Remove what an interrupted run has left."""
        for entry in sorted((self.root / GENERATIONS).iterdir()):
            if re.fullmatch(rf"{GENERATION}\.(new|old)", entry.name, re.ASCII):
                self._remove(entry)
        for entry in self.root.iterdir():
            if re.fullmatch(r"\.current\.[0-9a-f]{8}\.new", entry.name, re.ASCII) and entry.is_symlink():
                entry.unlink()

    def _current(self) -> Manifest | None:
        link = self.root / CURRENT
        if not os.path.lexists(link):
            return None
        target = str(link.readlink()) if link.is_symlink() else ""
        if not (found := _KEPT_LINK.fullmatch(target)):
            raise OutputError(f"{link} is not the link to a generation", help=_HELP)
        manifest = self._manifest(found[1])
        if manifest is None or manifest.generation != found[1]:
            raise OutputError(f"{link} names a generation that is not complete", help=_HELP)
        return manifest

    def _manifest(self, name: str) -> Manifest | None:
        path = self.root / GENERATIONS / name / MANIFEST
        content = read_optional(path, most=_MOST, kind=OutputError, links=False)
        return None if content is None else read_manifest(content, str(path))

    def _names(self) -> list[str]:
        entries = (self.root / GENERATIONS).iterdir()
        return [each.name for each in entries if re.fullmatch(GENERATION, each.name, re.ASCII)]

    def _link(self, name: str) -> None:
        new = self.root / f".{CURRENT}.{secrets.token_hex(4)}.new"
        new.symlink_to(f"{GENERATIONS}/{name}")
        new.replace(self.root / CURRENT)
        sync_folder(self.root)

    def _remove(self, folder: Path) -> bool:
        """Remove the files of a generation that its manifest lists.

        Return False if others remain.
        """
        if folder.is_symlink():
            raise OutputError(f"{folder} is a symbolic link", help="remove it")
        content = read_optional(folder / MANIFEST, most=_MOST, kind=OutputError, links=False)
        names = read_manifest(content, str(folder / MANIFEST)).names() if content is not None else ()
        temporary = [each.name for each in folder.iterdir() if _TEMPORARY.fullmatch(each.name)]
        inner = {parent for name in names for parent in Path(name).parents} - {Path()}
        if links := [folder / each for each in inner if (folder / each).is_symlink()]:
            raise OutputError(f"{links[0]} is a symbolic link", help="remove it")
        for name in (*temporary, *names):
            if name != MANIFEST:
                (folder / name).unlink(missing_ok=True)
        for each in sorted(inner, key=lambda path: -len(path.parts)):
            _remove_empty(folder / each)
        if {each.name for each in folder.iterdir()} <= {MANIFEST}:
            (folder / MANIFEST).unlink(missing_ok=True)  # the last one: it lists what is left to remove
            _remove_empty(folder)
        return not folder.exists()


@contextmanager
def open_generations(root: Path) -> Iterator[Generations]:
    """Open a publication under its lock; a new one is created.

    Raises:
        OutputError: the folder is not a publication, or another run is publishing there.
        OSError: the folder cannot be written.
    """
    check_folder(root)
    make_folder(root, public=True)
    handle = os.open(root, os.O_RDONLY)
    try:
        _lock(handle, root)
        replace_file(root / MARKER, _MARK, public=True)
        make_folder(root / GENERATIONS, public=True)
        yield Generations(root)
    finally:
        os.close(handle)  # and with it the lock


def next_files(contents: Mapping[str, Content], last: Manifest | None) -> tuple[PublishedFile, ...]:
    """Return the files of the next generation, without their compressed forms.

    A file with the bytes of the current one has its time. One with other bytes has a later time, so that validators that are
    made of time and size change with the bytes.
    """
    before = {each.path: each for each in last.files} if last else {}
    return tuple(_next_file(path, contents[path], before.get(path)) for path in sorted(contents))


def peek_generations(root: Path) -> Generations | None:
    """Open a publication for reading, without its lock; None if there is none yet.

    Raises OutputError.
    """
    check_folder(root)
    return Generations(root) if (root / GENERATIONS).is_dir() else None


def check_folder(root: Path) -> None:
    """Check that a folder is a publication, is empty, or does not exist.

    Raises OutputError.
    """
    if root.exists() and not root.is_dir():
        raise OutputError(f"{root} is not a folder", help="choose another path")
    if not root.exists() or read_optional(root / MARKER, most=1000, kind=OutputError, links=False) == _MARK:
        for name in (GENERATIONS, CURRENT):
            if (root / name).is_symlink() is not (name == CURRENT) and os.path.lexists(root / name):
                raise OutputError(f"{root / name} is not what publish has made", help=_HELP)
        return
    if others := sorted(each.name for each in root.iterdir() if not each.name.startswith(f".{MARKER}.")):
        raise OutputError(f"{root} has other files, such as {shown_path(others[0])}, and is not a publication", help=_HELP)


def _lock(handle: int, root: Path) -> None:
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise OutputError(f"{root}: another run is publishing there", help="wait until it ends") from None
    except OSError as error:
        if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):  # network file systems without locks
            raise


def _remove_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _number(name: str) -> int:
    return int(name.partition("-")[0])


def _next_file(path: str, content: Content, last: PublishedFile | None) -> PublishedFile:
    digest, modified = sha256(content.body).hexdigest(), content.modified
    if last:
        modified = last.modified if last.sha256 == digest else max(modified, last.modified + 1)
    return PublishedFile(
        path=path, url=content.url, type=content.type, size=len(content.body), sha256=digest, modified=modified
    )


def _linked(before: Path, staged: Path, old: PublishedFile) -> bool:
    """Link a file and its compressed forms to those of another generation.

    Return False if one of them was damaged.
    """
    sums = {old.path: old.sha256, **{old.path + end: digest for end, digest in old.compressed.items()}}
    for name, digest in sums.items():
        found = read_optional(before / name, most=_MOST, kind=OutputError, links=False)
        if found is None or sha256(found).hexdigest() != digest or int((before / name).stat().st_mtime) != old.modified:
            return False
    for name in sums:
        try:
            os.link(before / name, staged / name)
        except OSError:  # no links on this file system, or too many of them
            _put(staged / name, read_bytes(before / name, most=_MOST, kind=OutputError, links=False), old.modified)
    return True


def _put(path: Path, body: bytes, modified: int) -> None:
    with path.open("xb") as file:
        os.fchmod(file.fileno(), SHARED)
        file.write(body)
    os.utime(path, (modified, modified))


def _sync(staged: Path, manifest: Manifest) -> None:
    """Flush a generation to disk: all files, after all were written, then the folders."""
    names = [name for each in manifest.files for name in each.names()]
    with ThreadPoolExecutor(max_workers=SYNCING) as pool:  # a file system joins flushes that wait at the same time
        for _ in pool.map(lambda name: _flush(staged / name), names):
            pass
    folders = {staged / parent for name in names for parent in Path(name).parents}
    for folder in sorted(folders):
        sync_folder(folder)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
