"""Detect changes of a catalog, a store or a settings file.

It is cheap enough for each request.

>>> fingerprint("/nowhere/store.sqlite")
'missing'
"""

import os
import stat

from perimeter365.store.place import is_server


def fingerprint(place: str) -> str:
    """Return a short text that changes whenever a file, folder or store changes.

    The text is "missing" if the path does not exist.

    For a file, it consists of device, inode, size and times. For a SQLite file, the change counter is added, which every
    transaction increments (bytes 24 to 27 of the header, https://www.sqlite.org/fileformat.html 1.3.6). For a folder, all
    files in it count. For a server, it is the number of the newest transaction that changed the tables.

    Raises:
        StoreError: a server cannot be queried.
    """
    if is_server(place):
        from perimeter365.store.heads import server_generation

        return server_generation(place)
    files = [place]
    if os.path.isdir(place):  # noqa: PTH112
        found = ((folder, name) for folder, _, names in os.walk(place) for name in names)
        files = sorted(os.path.join(folder, name) for folder, name in found)  # noqa: PTH118
    return " ".join(_file_fingerprint(file) for file in files)


def _file_fingerprint(path: str) -> str:
    try:
        # A pipe would block until another process writes to it.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(handle)
            header = file.read(28) if stat.S_ISREG(status.st_mode) else b""
    except OSError as error:
        return "missing" if isinstance(error, FileNotFoundError) else f"error {error.errno}"
    # The counter alone repeats after an older copy is restored, and the times alone repeat within one clock tick. Copying a
    # file cannot set back its change time (ctime).
    counter = header[24:28].hex() if header.startswith(b"SQLite format 3\x00") else ""
    times = f"{status.st_mtime_ns}:{status.st_ctime_ns}"
    return f"{status.st_dev}:{status.st_ino}:{status.st_size}:{times}:{counter}"
