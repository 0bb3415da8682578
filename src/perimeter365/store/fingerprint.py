"""Detect changes of a catalog, a store or a settings file.

It is cheap enough for each request.

>>> fingerprint("/nowhere/store.sqlite")
'missing'
"""

import os

from perimeter365.errors import CatalogError
from perimeter365.intake import open_file, walk
from perimeter365.store.place import is_server

MAX_FILES = 10_000
"""The maximum number of files in a folder of facts, whose files are all checked."""


def fingerprint(place: str) -> str:
    """Return a short text that changes whenever a file, folder or store changes.

    The text is "missing" if the path does not exist.

    For a file, it consists of device, inode, size and times. For a SQLite file, the change counter is added, which every
    transaction increments (bytes 24 to 27 of the header, https://www.sqlite.org/fileformat.html 1.3.6). For a folder, all
    files in it count. For a server, it is the number of the newest transaction that changed the tables.

    Raises:
        StoreError: a server cannot be queried.
        CatalogError: a folder cannot be read, or has too many files.
    """
    if is_server(place):
        from perimeter365.store.heads import server_generation

        return server_generation(place)
    files = [place]
    if os.path.isdir(place):  # noqa: PTH112
        names = walk(place, most=MAX_FILES, kind=CatalogError, hidden=True)
        files = sorted(os.path.join(place, name) for name in names)  # noqa: PTH118
    return " ".join(_file_fingerprint(file) for file in files)


def _file_fingerprint(path: str) -> str:
    try:
        with open_file(path) as file:
            status, header = os.fstat(file.fileno()), file.read(28)
    except OSError as error:
        return "missing" if isinstance(error, FileNotFoundError) else f"error {error.errno}"
    # The counter alone repeats after an older copy is restored, and the times alone repeat within one clock tick. Copying a
    # file cannot set back its change time (ctime).
    counter = header[24:28].hex() if header.startswith(b"SQLite format 3\x00") else ""
    times = f"{status.st_mtime_ns}:{status.st_ctime_ns}"
    return f"{status.st_dev}:{status.st_ino}:{status.st_size}:{times}:{counter}"
