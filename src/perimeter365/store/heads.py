"""Read the lists in force from a store with one query.

    [(head.cloud, head.version, head.pinned) for head in heads("/var/lib/perimeter365/store.sqlite")]
        [('worldwide', '2026080200', False)]

    >>> heads("/etc/passwd")
    Traceback (most recent call last):
    perimeter365.errors.StoreError: /etc/passwd is not a SQLite database

`lookup` and every plan run this at start-up, so it does not load `store.reader` and imports as little as possible.

A store that exists but cannot be read is an error. Older lists are never used silently instead; `--catalog embedded`
ignores the store.
"""

from perimeter365.errors import CatalogError, InputError, StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.digest import sha256_hex
from perimeter365.model.version import Version
from perimeter365.store.connection import DAMAGED_HELP, missing_head_error
from perimeter365.store.database import check_schema, open_source
from perimeter365.store.place import is_server, redacted_place, store_place
from perimeter365.store.renamed import renamed

TYPE_CHECKING = False  # as in `perimeter365.store.connection`
if TYPE_CHECKING:
    from typing import Any

    from perimeter365.model.catalog import CatalogVersion
    from perimeter365.model.endpoint_set import EndpointSet

    CloudList = tuple[Cloud, CatalogVersion, tuple[EndpointSet, ...]]
    """A cloud, the version and origin of its list, and its endpoint sets."""

_HEADS = """
    SELECT h.cloud, h.version, h.pinned, v.origin, s.hash, s.body, n.value AS seen
    FROM p365_heads h
    LEFT JOIN p365_versions v ON v.cloud = h.cloud AND v.version = h.version
    LEFT JOIN p365_states s ON s.hash = v.hash
    LEFT JOIN p365_notes n ON n.key = 'sync.seen.' || h.cloud
    ORDER BY h.cloud
"""


class Head:
    """The list in force of one cloud."""

    __slots__ = ("body", "cloud", "origin", "pinned", "seen", "version")

    def __init__(self, cloud: str, version: str, pinned: bool, origin: str, body: str, seen: str = "") -> None:
        self.cloud = cloud
        self.version = version
        self.pinned = pinned
        self.origin = origin
        self.body = body
        """The list in the canonical form of `model.state`. Its hash has been verified."""
        self.seen = seen
        """The time of the last successful look at the cloud; "" if no sync has read it."""

    def read(self) -> "CloudList":
        """Parse the list. Raises StoreError if it is not in the canonical form."""
        from perimeter365.model.catalog import ORIGINS, CatalogVersion
        from perimeter365.model.state import read_body
        from perimeter365.model.word import check_word

        try:
            cloud, sets = read_body(self.body)
            origin = check_word(self.origin, ORIGINS, "an origin")
        except CatalogError as error:
            raise StoreError(
                f"the store is damaged: {self.cloud} {self.version}: {error.message}", help=DAMAGED_HELP
            ) from error
        return cloud, CatalogVersion(version=Version(self.version), origin=origin), sets


def heads(place: str | None = None) -> tuple[Head, ...]:
    """Return the list in force of each cloud that was synced or pinned.

    Return () if no cloud was.

    Args:
        place: path or URL of the store; None for the one in the data folder.

    Raises:
        StoreError: the store does not exist or cannot be read.
    """
    place = store_place(place)
    found = []
    for row in _ask(place, _HEADS):
        if row["origin"] is None:
            raise missing_head_error(redacted_place(place), row["cloud"], row["version"])
        if sha256_hex(str(row["body"])) != row["hash"]:
            what = f"the list of {row['cloud']} {row['version']} is not what was stored"
            raise StoreError(f"{redacted_place(place)} is damaged: {what}", help=DAMAGED_HELP)
        version, origin, body = (str(row[name]) for name in ("version", "origin", "body"))
        try:
            cloud = Cloud.named(str(row["cloud"])).at(Version(version)).value  # not upgraded yet, see migrations.germany
            seen = _time(str(row["seen"] or ""))
        except (InputError, ValueError) as error:
            raise StoreError(f"{redacted_place(place)} is damaged: {error}", help=DAMAGED_HELP) from None
        body = body if cloud == row["cloud"] else renamed(body, cloud)
        found.append(Head(cloud, version, bool(row["pinned"]), origin, body, seen))
    return tuple(found)


def _time(text: str) -> str:
    """Return a time with a time zone, or "". Raises ValueError."""
    from datetime import datetime

    if text and datetime.fromisoformat(text).tzinfo is None:
        raise ValueError(f"{text!r} is not a time with a time zone")
    return text


def server_generation(place: str) -> str:
    """Return a text that changes with every committed change on a server.

    Only changes of the store's tables count, and of the notes on lists that a person has admitted to be empty. The text
    consists of the highest inserting transaction (`xmin`) and the number of rows, which also reflects deletions.

    Raises:
        StoreError: the server cannot be queried.
    """
    names = ("states", "versions", "heads", "effective", "records")
    tables = (*(f"p365_{name}" for name in names), "p365_notes WHERE key LIKE 'feeds.%'")
    each = (f"SELECT max(xmin::text::bigint) AS newest, count(*) AS rows FROM {table}" for table in tables)  # noqa: S608
    return (
        " ".join(str(value) for row in _ask(place, " UNION ALL ".join(each), checked=False) for value in row.values())
        or "empty"
    )


def _ask(place: str, question: str, *, checked: bool = True) -> "list[dict[str, Any]]":
    """Return the rows of a query; [] for a server's database without tables.

    With `checked`, the rows of its tables are checked first.

    Raises:
        StoreError: the query failed.
    """
    source = open_source(place)
    try:
        with source.begin() as connection:
            revision = connection.revision()
            if revision is None and is_server(place):
                return []
            check_schema(place, revision)
            return connection.select(question) if checked else connection.select_unchecked(question)
    finally:
        source.close()
