"""What `diff A B` may be given: versions, days, files, and the names of the lists that are at hand.

    2026080200         that version in the store
    2026-08-02         the newest version that was known on that day
    list.json          a file: the body of an answer of `/endpoints/{instance}`
    head               the list in force: the store's, or the embedded one
    newest             the list of the last sync, also behind a pinned one
    embedded           the list inside of the package

A file needs no store; nor do `head` and `embedded` where there is none.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from perimeter365.errors import StoreError, UnknownNameError
from perimeter365.history.load import cloud_of, read_file
from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.model.state import LIVE, State
from perimeter365.sources.embedded import embedded
from perimeter365.store.connection import NO_STORE_HELP
from perimeter365.store.entries import StoredVersion
from perimeter365.store.reader import Reader

HEAD, NEWEST, EMBEDDED = "head", "newest", "embedded"


def is_file(text: str) -> bool:
    """Does it mean a file?"""
    return Path(text).suffix.lower() == ".json" or "/" in text or "\\" in text


def states(texts: Iterable[str], store: Reader | None, clouds: Iterable[Cloud] = ()) -> list[tuple[State, ...]]:
    """The states that some references mean, in every cloud in which all of them mean one.

    Args:
        texts: references as in the module's table.
        store: None where there is none.
        clouds: only these, each of which has to have all; () for every cloud that has.

    Returns:
        One tuple a cloud, in the clouds' order, its states in the order of the texts.

    Raises:
        InputError, UnknownNameError, StoreError: a reference means nothing in a cloud that was asked for, or no cloud
            has all of them.
    """
    texts = list(texts)
    named = [cloud_of(Path(text)) for text in texts if is_file(text)]
    asked = list(clouds) or [cloud for cloud in named if cloud]
    if not asked and named:
        asked = [Cloud.WORLDWIDE]  # what a file is that says nothing else
    if not asked:
        stored = store.versions() if store else ()
        asked = [c for c in Cloud if all(_exists(text, [v for v in stored if v.cloud is c]) for text in texts)]
    # Where no cloud has all of them, the first says what it lacks.
    return [tuple(state(text, store, cloud) for text in texts) for cloud in dict.fromkeys(asked) or [Cloud.WORLDWIDE]]


def _exists(text: str, versions: Sequence[StoredVersion]) -> bool:
    """Does a reference that is no file mean a state in a cloud with these versions?"""
    if text in (HEAD, EMBEDDED):
        return True
    if text == NEWEST:
        return any(version.origin == LIVE for version in versions)
    if "-" in text:
        return any(version.day <= text for version in versions)
    return any(version.version == text or version.hash.startswith(text) for version in versions)


def state(text: str, store: Reader | None, cloud: Cloud) -> State:
    """The state that one reference means in a cloud (see `states`)."""
    if is_file(text):
        return read_file(Path(text), cloud_of(Path(text)) or cloud)
    if text == EMBEDDED:
        return of_catalog(embedded(), cloud)
    if text == HEAD:
        return (store.head(cloud) if store else None) or of_catalog(embedded(), cloud)
    if store is None:
        raise StoreError(f"there is no store to look for {text!r} in", help=NO_STORE_HELP)
    if text == NEWEST:
        if newest := store.newest(cloud):
            return newest
        raise UnknownNameError("cloud that was synced", cloud.value, [], help=NO_STORE_HELP)
    return store.state(cloud, text)


def of_catalog(catalog: Catalog, cloud: Cloud) -> State:
    """A catalog's list of a cloud as a state, without the sets that upstream publishes apart from it."""
    sets = tuple(s for s in catalog.endpoint_sets(cloud) if s.id < SYNTHETIC_ID)
    version = catalog.versions.get(cloud)
    if version is None:
        raise UnknownNameError("cloud of the catalog", cloud.value, [str(c) for c in catalog.versions])
    return State(cloud=cloud, version=version.version, origin=version.origin, sets=sets)
