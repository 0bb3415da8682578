"""Read a catalog from the package, from a folder of facts, or from a store.

    location                                    catalog
    None, "", `embedded`                        the embedded catalog
    a folder                                    the catalog of its facts (see `sources.embedded`)
    `postgresql://…`, `sqlite:///…`, a file     the embedded rows with the lists in force of that store

`perimeter365.workspace` decides which location an installation uses.
"""

from pathlib import Path

from perimeter365.errors import CatalogError
from perimeter365.model.catalog import Catalog
from perimeter365.sources.embedded import embedded, read_folder
from perimeter365.store.place import is_server, store_place

EMBEDDED = "embedded"


def read_catalog(where: str | Path | None = None) -> Catalog:
    """Read a catalog.

    Args:
        where: a location of the module's table.

    Raises:
        CatalogError: there is no catalog at the location, or it is damaged.
        StoreError: the store cannot be read. The embedded lists are not used instead.
    """
    text = str(where or "")
    if text in ("", EMBEDDED):
        return embedded()
    if is_store(text):
        from perimeter365.store.heads import heads  # sqlite3, which is not needed without a store
        from perimeter365.store.overlay import overlay

        return overlay(embedded(), (head.read() for head in heads(store_place(text))))
    if not Path(text).is_dir():
        raise CatalogError(f"{text} is not a folder of facts", help="name a folder with rows/, dns.toml and instances/")
    return read_folder(Path(text))


def is_store(where: str | Path) -> bool:
    """Return True if a location is a store: a server, a SQLite URL, or a file.

    Raises StoreError for other URLs.
    """
    text = str(where)
    return text != EMBEDDED and (is_server(store_place(text)) or text.startswith("sqlite") or Path(text).is_file())
