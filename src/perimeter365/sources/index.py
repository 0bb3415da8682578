"""The index of `lookup` for the catalog at hand: the embedded one's, with the lists in force put over it.

It holds what `Index(compile_catalog(load_catalog()))` holds, and a cold start can afford it.
"""

from perimeter365.model.lookup import Index
from perimeter365.sources.place import store_exists


def load_index(store: str | None = None) -> Index:
    """The index.

    Args:
        store: path or URL of the store; None for PERIMETER365_STORE's or the data folder's.

    Raises:
        StoreError: there is a store, but it cannot be read.
    """
    if not store_exists(store):
        return Index.embedded()
    from perimeter365.sources._heads import heads
    from perimeter365.sources.stored import overlay_index

    return Index(overlay_index(Index.embedded_data(), heads(store)))
