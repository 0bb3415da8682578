r"""Locations of the data folder and of the store of versions.

    platform    data folder
    Linux, …    $XDG_DATA_HOME/perimeter365, else ~/.local/share/perimeter365
    macOS       ~/Library/Application Support/perimeter365
    Windows     %LOCALAPPDATA%\perimeter365

The store is `store.sqlite` in the data folder, unless another one is named: a path, `sqlite:///PATH`, or
`postgresql://USER@HOST/DATABASE`. `perimeter365.workspace` documents the settings that name it.

`lookup` checks at start-up whether a store exists, so this module imports only `os` and `sys`. Its results are those of
platformdirs, whose import takes 24 ms; a test compares both.
"""

import os
import sys

FILE = "store.sqlite"

LONGEST = 4096
"""Maximum number of characters of a path or URL, as PATH_MAX of Linux."""

FORMS = "use a path, sqlite:///PATH or postgresql://USER@HOST/DATABASE"

_URL = ("postgres:", "postgresql:", "postgresql+psycopg:", "sqlite:", "sqlite+pysqlite:")
"""Beginnings of URLs. As a path, one without `//` would create folders with its password in their names."""


def data_folder() -> str:
    """Return the data folder of this installation, which may not exist yet."""
    home = os.path.expanduser("~")  # noqa: PTH111 (pathlib costs 5 ms of a cold start)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")  # noqa: PTH118
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Application Support")  # noqa: PTH118
    else:
        base = os.environ.get("XDG_DATA_HOME", "").strip() or os.path.join(home, ".local", "share")  # noqa: PTH118
    return os.path.join(base, "perimeter365")  # noqa: PTH118


def store_place(given: str | None = None) -> str:
    """Return the path or URL of the store.

    Without an argument, it is the store in the data folder.

    The `sqlite:///` prefix of a path and the driver of a PostgreSQL URL are removed.

    Raises:
        StoreError: a URL with another scheme, which used as a path would create folders named after its password; a text
            with a NUL character, or longer than `LONGEST`.
    """
    place = given
    if place and ("\0" in place or len(place) > LONGEST or (place.startswith(_URL) and "://" not in place)):
        from perimeter365.errors import StoreError

        start = "".join(f"{scheme}…" for scheme in _URL if place.startswith(scheme)) or f"{place[:40]}…"
        raise StoreError(f"{start!a} cannot be the place of a store", help=FORMS)
    if not place:
        return os.path.join(data_folder(), FILE)  # noqa: PTH118
    for scheme in ("postgresql+psycopg://", "postgres://"):
        if place.startswith(scheme):
            return f"postgresql://{place.removeprefix(scheme)}"
    for scheme in ("sqlite+pysqlite:///", "sqlite:///"):
        if place.startswith(scheme) and (path := place.removeprefix(scheme)):
            return path
    if "://" in place and not is_server(place):
        from perimeter365.errors import StoreError

        scheme = place.partition("://")[0][:40]
        raise StoreError(f"a store cannot be a {scheme!a} URL", help=FORMS)
    return os.path.expanduser(place) if not is_server(place) else place  # noqa: PTH111


def is_server(place: str) -> bool:
    """Return True if the store is on a database server."""
    return place.startswith("postgresql://")


def store_exists(place: str | None = None) -> bool:
    """Return True if the store exists.

    A store on a server counts as existing, since only a connection could tell.
    """
    place = store_place(place)
    return is_server(place) or os.path.lexists(place)  # a link that leads nowhere is an error, not a missing store


def redacted_place(place: str) -> str:
    """Return the location of a store for messages.

    The password and the options of a URL are left out.
    """
    if not is_server(place):
        scheme, mark, rest = place.partition("://")
        return f"{scheme}://…" if mark and scheme not in ("sqlite", "sqlite+pysqlite") and "@" in rest else place
    rest = place.removeprefix("postgresql://").partition("?")[0]
    authority, slash, database = rest.partition("/")
    user, at, host = authority.rpartition("@")
    return f"postgresql://{user.partition(':')[0]}{at}{host}{slash}{database}"
