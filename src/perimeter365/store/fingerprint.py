"""Has a catalog, a store or a settings file moved since the last look? Cheap enough to be asked for each request.

>>> fingerprint("/nowhere/store.sqlite")
'missing'
"""

import os

from perimeter365.store.place import is_server


def fingerprint(place: str) -> str:
    """A short text that changes when a file, a folder or a store does; "missing" if it does not exist.

    Of a file that is its identity, size and times; of a SQLite file also its change counter, which every transaction raises
    (bytes 24 to 27 of the header, https://www.sqlite.org/fileformat.html 1.3.6); of a folder those of all files in it; of a
    server the number of the newest transaction that changed its tables.

    Raises:
        StoreError: a server cannot be asked.
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
        with open(path, "rb") as file:  # noqa: PTH123
            status, header = os.fstat(file.fileno()), file.read(28)
    except OSError as error:
        return "missing" if isinstance(error, FileNotFoundError) else f"error {error.errno}"
    # The counter alone would come again after a copy of yesterday's file, the times alone within one tick of the clock. The
    # time of change (ctime) cannot be set back by whoever copies a file.
    counter = header[24:28].hex() if header.startswith(b"SQLite format 3\x00") else ""
    times = f"{status.st_mtime_ns}:{status.st_ctime_ns}"
    return f"{status.st_dev}:{status.st_ino}:{status.st_size}:{times}:{counter}"
