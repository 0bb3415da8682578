"""The index of `lookup`: the embedded one, with the lists in force of a store put over it.

It holds what `Index(compile_catalog(read_catalog(store)))` holds, and a cold start can afford it.
"""

from perimeter365.model.lookup import Index


def load_index(store: str | None = None) -> Index:
    """Load the index.

    Args:
        store: path or URL of a store that exists; None for the embedded lists alone.

    Raises:
        StoreError: the store cannot be read.
    """
    if store is None:
        return Index.embedded()
    from perimeter365.store.heads import heads
    from perimeter365.store.overlay import overlay_index

    return Index(overlay_index(Index.embedded_data(), heads(store)))
