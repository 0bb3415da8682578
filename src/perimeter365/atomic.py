"""Atomic replacement of files; an unchanged file is not touched.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     replace(Path(folder, "worldwide.atom"), b"<feed/>")
    ...     replace(Path(folder, "worldwide.atom"), b"<feed/>")       # unchanged, so not written
    True
    False

This module replaces single files. `targets.write` replaces several files of a folder together and can roll back.

Modes follow the content, whatever the umask (docs/reliability.md, "Files and their modes"):

    private    0600; folders 0700     only the owner
    default    0644; folders 0755     a umask can narrow it, and no umask lets other users write
    public     0644; folders 0755     also with a narrower umask: a web server of another user reads it

A file that exists keeps its mode, which somebody may have changed, unless it is private.
"""

import errno
import os
import secrets
import stat
from pathlib import Path

from perimeter365.errors import InputError
from perimeter365.intake import read_optional

PRIVATE, SHARED = 0o600, 0o644
PRIVATE_FOLDER, SHARED_FOLDER = 0o700, 0o755

_NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
"""Error numbers of file systems that cannot sync a folder."""


def replace(path: Path, data: bytes, *, staging: Path | None = None, private: bool = False, public: bool = False) -> bool:
    """Replace the content of a file atomically.

    A concurrent reader, and a reader after a crash, finds either the whole old content or the whole new content.

    Args:
        path: the file; its folder has to exist.
        data: the new content.
        staging: folder on the same file system for the temporary file; None for the folder of `path`.
        private: write the file with mode 0600, even if it is unchanged.
        public: write a new file with mode 0644, whatever the umask.

    Returns:
        True if the file was written; False if it already had this content.

    Raises:
        OSError: the file cannot be written; the error names `path`. The old file is unchanged.
    """
    if not private and _content(path, len(data)) == data:
        return False
    new = (staging or path.parent) / f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.new"
    try:
        with open(new, "xb", opener=_private if private else shared) as file:
            mode = PRIVATE if private else _mode(path, SHARED if public else None)
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # the temporary name would mean nothing to a user
        raise
    finally:
        new.unlink(missing_ok=True)
    sync_folder(path.parent)
    return True


def write(path: Path, data: bytes) -> None:
    """Write data to a path that a user has given.

    The path is a file, a symbolic link, a pipe or a device. A file, or the target of a link, is replaced as by
    `replace`.

    Raises:
        OSError: the path cannot be written. An existing file is unchanged.
    """
    if path.is_file() or not path.exists():
        replace(path.resolve(), data)
    else:
        path.write_bytes(data)  # not resolved: the target of /dev/stdout may have no name


def sync_folder(folder: Path) -> None:
    """Flush the entries of a folder to disk, where the system supports it.

    Raises:
        OSError: the disk failed.
    """
    if os.name != "posix":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return  # a folder can be writable without being readable
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(handle)


def _content(path: Path, most: int) -> bytes | None:
    """Read a file; None if it cannot be read or is larger."""
    try:
        return read_optional(path, most=most)
    except InputError:
        return None


def make_folder(folder: Path, *, private: bool = False, public: bool = False) -> tuple[Path, ...]:
    """Create a folder and the folders that contain it, unless they exist.

    Return the new ones, outermost first.

    Args:
        folder: the folder.
        private: it has mode 0700, whatever the umask; those that contain it have the default mode.
        public: all have mode 0755, whatever the umask.

    Raises:
        OSError: a folder cannot be created.
    """
    made = []
    for each in reversed([folder, *folder.parents]):
        if each.exists():
            continue
        each.mkdir(mode=PRIVATE_FOLDER if private and each == folder else SHARED_FOLDER, exist_ok=True)
        made.append(each)
        if public:
            each.chmod(SHARED_FOLDER)
    folder.mkdir(exist_ok=True)  # raises FileExistsError if it is a file
    return tuple(made)


def _mode(path: Path, new: int | None) -> int | None:
    """Return the mode of a file; `new` if it does not exist."""
    try:
        found = path.stat()
    except OSError:
        return new
    return stat.S_IMODE(found.st_mode) & 0o777 if stat.S_ISREG(found.st_mode) else new


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)


def shared(path: str, flags: int) -> int:
    """Open a file, as the `opener` of `open`.

    No umask lets other users write a new one.
    """
    return os.open(path, flags, SHARED)
