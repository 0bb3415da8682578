"""Replaces a file as a whole, and only when that changes it.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     replace(Path(folder, "worldwide.atom"), b"<feed/>")
    ...     replace(Path(folder, "worldwide.atom"), b"<feed/>")       # it is so already, and is not touched
    True
    False

`targets.write` replaces many files of a folder together, and undoes it; this is for one file by itself.
"""

import errno
import os
import secrets
from pathlib import Path

_NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
"""What file systems say that cannot sync a folder."""


def replace(path: Path, data: bytes, *, staging: Path | None = None, private: bool = False) -> bool:
    """Put data into a file; a reader, and whoever looks after a crash, finds all of the old or all of the new.

    Args:
        path: the file; its folder exists.
        data: its new content.
        staging: a folder of the same file system for the file while it is written; None for the file's own.
        private: only its owner may read a file that is written; otherwise whom the umask lets.

    Returns:
        Whether it was written: it had another content, or could not be read.

    Raises:
        OSError: it cannot be written, and names the path; what was there is as it was.
    """
    if not private and _content(path) == data:
        return False
    new = (staging or path.parent) / f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.new"
    try:
        with open(new, "xb", opener=_private if private else None) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # not a hidden name that nobody has heard of
        raise
    finally:
        new.unlink(missing_ok=True)
    sync_folder(path.parent)
    return True


def write(path: Path, data: bytes) -> None:
    """Put data where a person has said: into a file, as `replace` does, behind a link too; or into a pipe or device.

    Raises:
        OSError: it cannot be written; a file that was there is as it was.
    """
    if path.is_file() or not path.exists():
        replace(path.resolve(), data)
    else:
        path.write_bytes(data)  # by its own name: what /dev/stdout leads to may have none


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where system and file system can. Raises OSError when the disk fails."""
    if os.name != "posix":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return  # a folder may be written, and not be read
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(handle)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
