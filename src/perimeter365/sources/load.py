"""One door to all sources: which catalog a command or a program works on.

    what was given                              the catalog
    a folder                                    its facts (see `sources.embedded`)
    `embedded`                                  the one inside of the package
    `postgresql://…`, `sqlite:///…`, a file     the embedded rows with the lists in force in that store
    nothing                                     PERIMETER365_CATALOG's, if it is set; else the embedded rows with the
                                                lists in force in the store, where there is one (`sources.place`)

A list that was synced wins over the embedded one of the same cloud, whatever their versions say.
"""

import os
from pathlib import Path

from perimeter365.errors import CatalogError
from perimeter365.model.catalog import Catalog
from perimeter365.sources.embedded import embedded, read_folder
from perimeter365.sources.place import is_server, store_exists, store_place

VARIABLE = "PERIMETER365_CATALOG"
"""The environment variable that names another catalog."""

EMBEDDED = "embedded"


def load_catalog(where: str | Path | None = None, *, store: str | None = None) -> Catalog:
    """The catalog to work on.

    Args:
        where: see the module's table.
        store: the store to look into when `where` names nothing; None for PERIMETER365_STORE's or the data folder's.

    Raises:
        CatalogError: there is no catalog at that place, or it is damaged.
        StoreError: there is a store, but it cannot be read. Older lists are not taken instead.
    """
    if place := store_of(where, store=store):
        return _with_store(place)
    text = _given(where)
    if text in ("", EMBEDDED):
        return embedded()
    if not Path(text).is_dir():
        raise CatalogError(f"{text} is not a folder of facts", help="a catalog folder holds rows/, dns.toml and instances/")
    return read_folder(Path(text))


def store_of(where: str | Path | None = None, *, store: str | None = None) -> str | None:
    """The place of the store whose lists `load_catalog` would take; None when it would ask no store."""
    text = _given(where)
    if not text:
        return store_place(store) if store_exists(store) else None
    if text == EMBEDDED:
        return None
    file = is_server(store_place(text)) or text.startswith("sqlite://") or Path(text).is_file()
    return store_place(text) if file else None


def _given(where: str | Path | None) -> str:
    return str(where or os.environ.get(VARIABLE, "").strip() or "")


def _with_store(place: str) -> Catalog:
    from perimeter365.sources._heads import heads  # sqlite3, which nobody needs who has no store
    from perimeter365.sources.stored import overlay

    return overlay(embedded(), heads(place))
