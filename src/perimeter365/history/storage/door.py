"""One door to a store that is only asked.

    with reader("store.sqlite") as store:
        len(store.versions())
            40

    >>> reader("/nowhere/store.sqlite")
    Traceback (most recent call last):
    perimeter365.errors.StoreError: there is no store at /nowhere/store.sqlite

A file is read without SQLAlchemy; a server, and a file of an older release, through `Store`.
"""

from perimeter365.history.storage.migrations import REVISIONS
from perimeter365.history.storage.reader import FileReader, Reader
from perimeter365.sources.place import is_server, store_place


def reader(place: str | None = None) -> Reader:
    """Open a store to ask it; close it, or use it in a `with`.

    Args:
        place: as `history.store.Store` takes it.

    Raises:
        StoreError: there is none, or it is damaged, of another program, newer, or cannot be reached.
    """
    place = store_place(place)
    if not is_server(place):
        found = FileReader(place)
        if found.revision == REVISIONS[-1]:
            return found
        found.close()  # an older one has to be brought up to date; a newer one is refused with its own message
    from perimeter365.history.storage.store import Store

    return Store(place, create=False)
