"""References to lists: versions, days, files and names for `diff A B`.

    2026080200         this version in the store
    2026-08-02         the newest version of the store on that day
    list.json          a file: the body of a response of `/endpoints/{instance}`
    head               the list in force: the store's, or the embedded one
    newest             the list of the last committed sync, also if another version is pinned
    embedded           the list in the package

Files, `head` and `embedded` do not need a store.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from perimeter365.errors import StoreError, UnknownNameError
from perimeter365.history.load import cloud_of, read_recorded_list
from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.model.state import LIVE, State
from perimeter365.sources.embedded import embedded
from perimeter365.store.connection import NO_STORE_HELP
from perimeter365.store.entries import StoredVersion
from perimeter365.store.reader import Reader

HEAD, NEWEST, EMBEDDED = "head", "newest", "embedded"


def is_file(text: str) -> bool:
    """Return True if a reference is the name of a file."""
    return Path(text).suffix.lower() == ".json" or "/" in text or "\\" in text


def states(texts: Iterable[str], store: Reader | None, clouds: Iterable[Cloud] = ()) -> list[tuple[State, ...]]:
    """Resolve references in every cloud that has a state for each of them.

    Args:
        texts: references as in the module's table.
        store: the store, or None if there is none.
        clouds: the clouds to resolve in, each of which must have all states; () for every cloud that has them.

    Returns:
        One tuple for each cloud, with the states in the order of `texts`.

    Raises:
        InputError, UnknownNameError, StoreError: a cloud of `clouds` does not have a state for a reference, or no cloud has
            a state for all references.
    """
    texts = list(texts)
    named = [cloud_of(Path(text)) for text in texts if is_file(text)]
    selected = list(clouds) or [cloud for cloud in named if cloud]
    if not selected and named:
        selected = [Cloud.WORLDWIDE]  # the default for a file outside of a cloud's folder
    if not selected:
        stored = store.versions() if store else ()
        selected = [c for c in _clouds(stored) if all(_exists(text, [v for v in stored if v.cloud is c]) for text in texts)]
    # If no cloud has all of them, the error of the first cloud names the missing one.
    return [tuple(state(text, store, cloud) for text in texts) for cloud in dict.fromkeys(selected) or [Cloud.WORLDWIDE]]


def _clouds(stored: Iterable[StoredVersion]) -> list[Cloud]:
    """Return the clouds of this release and those that only the store has."""
    return sorted({*CLOUDS, *(version.cloud for version in stored)})


def _exists(text: str, versions: Sequence[StoredVersion]) -> bool:
    """Return True if a reference has a state among these versions of one cloud.

    The reference must not be a file.
    """
    if text in (HEAD, EMBEDDED):
        return True
    if text == NEWEST:
        return any(version.origin == LIVE for version in versions)
    if "-" in text:
        return any(version.day <= text for version in versions)
    return any(version.version == text or version.hash.startswith(text) for version in versions)


def state(text: str, store: Reader | None, cloud: Cloud) -> State:
    """Resolve one reference in one cloud (see `states`)."""
    if is_file(text):
        return read_recorded_list(Path(text), cloud_of(Path(text)) or cloud)
    if text == EMBEDDED:
        return of_catalog(embedded(), cloud)
    if text == HEAD:
        return (store.head(cloud) if store else None) or of_catalog(embedded(), cloud)
    if store is None:
        raise StoreError(f"{text!r} needs a store, and there is none", help=NO_STORE_HELP)
    if text == NEWEST:
        if newest := store.newest(cloud):
            return newest
        raise UnknownNameError("cloud that was synced", cloud.value, [], help=NO_STORE_HELP)
    return store.state(cloud, text)


def of_catalog(catalog: Catalog, cloud: Cloud) -> State:
    """Return a cloud's list of a catalog as a state.

    Synthetic sets are left out, because they are not in upstream's list.
    """
    sets = tuple(s for s in catalog.endpoint_sets(cloud) if s.id < SYNTHETIC_ID)
    version = catalog.versions.get(cloud)
    if version is None:
        raise UnknownNameError("cloud of the catalog", cloud.value, [str(c) for c in catalog.versions])
    return State(cloud=cloud, version=version.version, origin=version.origin, sets=sets)
