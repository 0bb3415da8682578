"""Possible disk contents after a power cut, from a recording of a process's writes and syncs.

A write is sure to be there when its file was synced behind it, a name (made, linked, removed) when its folder was;
of everything else any part may be there, in any order, and a write may be torn. POSIX promises no more; most file
systems do.

    disk = Disk(folder)                         as it is now, all of it sure
    for call in calls: disk.do(call)
    disk.crash(dice, place)                     one of the trees that may be left
"""

import codecs
import random
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.strace import Call

CALLS = ("pwrite64", "write", "ftruncate", "fsync", "fdatasync", "openat", "mkdir", "link", "rename", "unlink", "sendto")
"""System calls to record; the worker acknowledges with `sendto`."""

LONGEST = 1 << 20
"""Maximum bytes of a write that strace prints."""

SECTOR = 512

_DESCRIPTOR = re.compile(r"^\d+<(?P<path>[^>]*)>")
_WRITE = re.compile(r'^\d+<(?P<path>[^>]*)>, "(?P<data>(?:[^"\\]|\\.)*)", (?P<size>\d+)(?:, (?P<at>\d+))?\)')
_PATHS = re.compile(r'"([^"]*)"')
_TRUNCATE = re.compile(r"^\d+<(?P<path>[^>]*)>, (?P<size>\d+)\)")


@dataclass
class Entry:
    """An unsynced change of a name: `path` becomes a file or a folder (-1), or is removed (None)."""

    path: str
    file: int | None


@dataclass
class Write:
    """An unsynced change of a file's bytes."""

    file: int
    at: int
    data: bytes | None
    """None truncates the file at `at`."""


FOLDER = -1


@dataclass
class Disk:
    """A folder's tree with synced and unsynced changes."""

    folder: Path
    names: dict[str, int] = field(default_factory=dict)
    """Synced names -> number of the file, or FOLDER."""
    files: list[bytearray] = field(default_factory=list)
    """Synced bytes."""
    seen: dict[str, int] = field(default_factory=dict)
    """Names as the running system sees them."""
    unsure: list[Entry | Write] = field(default_factory=list)
    acknowledged: bool = False

    def __post_init__(self) -> None:
        for path in self.folder.rglob("*"):
            self.names[str(path)] = FOLDER if path.is_dir() else len(self.files)
            self.files += [] if path.is_dir() else [bytearray(path.read_bytes())]
        self.seen = dict(self.names)

    def do(self, call: Call) -> None:
        """Apply one successful call."""
        words = call.words
        paths = [text for text in _PATHS.findall(words) if text.startswith(str(self.folder))]
        match call.name:
            case "sendto":
                self.acknowledged |= '"done ' in words
            case "openat" if paths and "O_CREAT" in words and paths[0] not in self.seen:
                self.files.append(bytearray())
                self._name(paths[0], len(self.files) - 1)
            case "mkdir" if paths and words.endswith("= 0"):
                self._name(paths[0], FOLDER)
            case "link" | "rename" if paths:
                self._name(paths[1], self.seen[paths[0]])
                if call.name == "rename":
                    self._name(paths[0], None)
            case "unlink" if paths:
                self._name(paths[0], None)
            case "pwrite64" | "write":
                self._write(words)
            case "ftruncate" if (match := _TRUNCATE.match(words)) and match["path"] in self.seen:
                self.unsure.append(Write(self.seen[match["path"]], int(match["size"]), None))
            case "fsync" | "fdatasync":
                self._sync(words)

    def _write(self, words: str) -> None:
        match = _WRITE.match(words)
        if match and match["path"] in self.seen:
            data, _ = codecs.escape_decode(match["data"].encode("latin-1"))
            if len(data) != int(match["size"]):
                raise ValueError("strace has not printed all of a write")
            self.unsure.append(Write(self.seen[match["path"]], int(match["at"]), bytes(data)))

    def _name(self, path: str, file: int | None) -> None:
        self.unsure.append(Entry(path, file))
        if file is None:
            self.seen.pop(path, None)
        else:
            self.seen[path] = file

    def _sync(self, words: str) -> None:
        match = _DESCRIPTOR.match(words)
        path = match["path"] if match else ""
        rest: list[Entry | Write] = []
        for each in self.unsure:
            mine = str(Path(each.path).parent) == path if isinstance(each, Entry) else each.file == self.seen.get(path)
            if mine:
                _apply(each, self.names, self.files)
            else:
                rest.append(each)
        self.unsure = rest

    def crash(self, dice: random.Random, share: float, target: Path) -> None:
        """Write one of the possible trees to a new folder.

        Args:
            dice: chooses.
            share: of what is not sure that is there: 0 for nothing, 1 for all, whole.
            target: stands for the folder.
        """
        names, files = dict(self.names), [bytearray(data) for data in self.files]
        for each in self.unsure:
            if dice.random() < share or share == 1:
                torn = isinstance(each, Write) and each.data is not None and 0 < share < 1 and dice.random() < 0.25
                if torn:
                    assert isinstance(each, Write)
                    assert each.data is not None
                    cut = SECTOR * dice.randrange(len(each.data) // SECTOR + 1)
                    each = Write(each.file, each.at, each.data[:cut])  # noqa: PLW2901
                _apply(each, names, files)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        for path, file in sorted(names.items()):
            made = target / Path(path).relative_to(self.folder)
            if made.parent.is_dir():  # files in a lost folder are lost
                if file == FOLDER:
                    made.mkdir()
                else:
                    made.write_bytes(files[file])


def _apply(change: Entry | Write, names: dict[str, int], files: list[bytearray]) -> None:
    if isinstance(change, Write):
        data = files[change.file]
        if change.data is None:
            del data[change.at :]
        else:
            data.extend(bytes(max(0, change.at - len(data))))
            data[change.at : change.at + len(change.data)] = change.data
    elif change.file is None:
        names.pop(change.path, None)
    else:
        names[change.path] = change.file
