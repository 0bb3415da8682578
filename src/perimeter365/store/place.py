r"""Where an installation keeps what it has synced: the data folder, and the store of versions in it.

    platform    data folder
    Linux, …    $XDG_DATA_HOME/perimeter365, else ~/.local/share/perimeter365
    macOS       ~/Library/Application Support/perimeter365
    Windows     %LOCALAPPDATA%\perimeter365

The store is `store.sqlite` in it, unless another is named: a path, `sqlite:///PATH`, or `postgresql://USER@HOST/DATABASE`.
`perimeter365.workspace` knows who may name it.

`lookup` asks on each start whether a store is there, so this module imports nothing but `os` and `sys`: it gives what
platformdirs (24 ms) gives on the same platform, which a test compares.
"""

import os
import sys

FILE = "store.sqlite"


def data_folder() -> str:
    """The folder for data of this installation, which need not exist yet."""
    home = os.path.expanduser("~")  # noqa: PTH111 (pathlib costs 5 ms of a cold start)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")  # noqa: PTH118
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Application Support")  # noqa: PTH118
    else:
        base = os.environ.get("XDG_DATA_HOME", "").strip() or os.path.join(home, ".local", "share")  # noqa: PTH118
    return os.path.join(base, "perimeter365")  # noqa: PTH118


def store_place(given: str | None = None) -> str:
    """The path or URL of the store: the one given, else the data folder's.

    A path has no `sqlite:` before it in the result, and a URL of PostgreSQL names no driver.

    Raises:
        StoreError: a URL of another kind, which would otherwise make folders named after its password.
    """
    place = given
    if not place:
        return os.path.join(data_folder(), FILE)  # noqa: PTH118
    for scheme in ("postgresql+psycopg://", "postgres://"):
        if place.startswith(scheme):
            return f"postgresql://{place.removeprefix(scheme)}"
    for scheme in ("sqlite+pysqlite:///", "sqlite:///"):
        if place.startswith(scheme):
            return place.removeprefix(scheme)
    if "://" in place and not is_server(place):
        from perimeter365.errors import StoreError

        scheme = place.partition("://")[0][:40]
        raise StoreError(
            f"a store is no {scheme!a} address", help="a path, sqlite:///PATH or postgresql://USER@HOST/DATABASE"
        )
    return os.path.expanduser(place) if not is_server(place) else place  # noqa: PTH111


def is_server(place: str) -> bool:
    """Is the store a database server's, not a file?"""
    return place.startswith("postgresql://")


def store_exists(place: str | None = None) -> bool:
    """Is there a store to be asked? A server is taken to be there: only asking it would tell."""
    place = store_place(place)
    return is_server(place) or os.path.exists(place)  # noqa: PTH110


def redacted(place: str) -> str:
    """A store's place as messages may show it: without password and without the options of a URL."""
    if not is_server(place):
        scheme, mark, rest = place.partition("://")
        return f"{scheme}://…" if mark and scheme not in ("sqlite", "sqlite+pysqlite") and "@" in rest else place
    rest = place.removeprefix("postgresql://").partition("?")[0]
    authority, slash, database = rest.partition("/")
    user, at, host = authority.rpartition("@")
    return f"postgresql://{user.partition(':')[0]}{at}{host}{slash}{database}"
