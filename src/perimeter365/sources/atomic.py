"""Replaces a file as a whole, and only when that changes it."""

import os
import secrets
from pathlib import Path


def replace(path: Path, data: bytes, *, staging: Path | None = None) -> bool:
    """Put data into a file; a reader, and whoever looks after a crash, finds all of the old or all of the new.

    Args:
        path: the file; its folder exists.
        data: its new content.
        staging: a folder of the same file system for the file while it is written; None for the file's own.

    Returns:
        Whether it had another content, or was not there.

    Raises:
        OSError: it cannot be written; what was there is as it was.
    """
    try:
        if path.read_bytes() == data:
            return False
    except FileNotFoundError:
        pass
    new = (staging or path.parent) / f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.new"
    try:
        with new.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    sync_folder(path.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
