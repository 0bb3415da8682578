"""Reads a catalog from where it is: the package, a folder of facts, or a store of versions.

    where                                       the catalog
    None, "", `embedded`                        the one inside of the package
    a folder                                    its facts (see `sources.embedded`)
    `postgresql://…`, `sqlite:///…`, a file     the embedded rows with the lists in force in that store

Which of them is in force for an installation is a matter of `perimeter365.workspace`.
"""

from pathlib import Path

from perimeter365.errors import CatalogError
from perimeter365.model.catalog import Catalog
from perimeter365.sources.embedded import embedded, read_folder
from perimeter365.store.place import is_server, store_place

EMBEDDED = "embedded"


def read_catalog(where: str | Path | None = None) -> Catalog:
    """Read a catalog as it is.

    Args:
        where: see the module's table.

    Raises:
        CatalogError: there is no catalog at that place, or it is damaged.
        StoreError: there is a store, but it cannot be read. The embedded lists are not taken instead.
    """
    text = str(where or "")
    if text in ("", EMBEDDED):
        return embedded()
    if is_store(text):
        from perimeter365.store.heads import heads  # sqlite3, which is not needed without a store
        from perimeter365.store.overlay import overlay

        return overlay(embedded(), (head.read() for head in heads(store_place(text))))
    if not Path(text).is_dir():
        raise CatalogError(f"{text} is not a folder of facts", help="a catalog folder holds rows/, dns.toml and instances/")
    return read_folder(Path(text))


def is_store(where: str | Path) -> bool:
    """Whether a place names a store: a server, an address of SQLite, or a file. Raises StoreError for another address."""
    text = str(where)
    return text != EMBEDDED and (is_server(store_place(text)) or text.startswith("sqlite") or Path(text).is_file())
