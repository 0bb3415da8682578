"""The index of `lookup`: the embedded index with the lists in force of a store.

It equals `Index(compile_catalog(read_catalog(store)))`, but loads fast enough for a cold start.
"""

from perimeter365.model.lookup import Index


def load_index(store: str | None = None) -> Index:
    """Load the index.

    Args:
        store: path or URL of an existing store; None for the embedded lists only.

    Raises:
        StoreError: the store cannot be read.
    """
    if store is None:
        return Index.embedded()
    from perimeter365.store.heads import heads
    from perimeter365.store.overlay import overlay_index

    return Index(overlay_index(Index.embedded_data(), heads(store)))
