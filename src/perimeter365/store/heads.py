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

from perimeter365.errors import StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.digest import sha256_hex
from perimeter365.store.connection import DAMAGED_HELP
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
    JOIN p365_versions v ON v.cloud = h.cloud AND v.version = h.version
    JOIN p365_states s ON s.hash = v.hash
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
        """Parse the list. Raises CatalogError if it is not in the canonical form."""
        from perimeter365.model.catalog import ORIGINS, CatalogVersion
        from perimeter365.model.state import read_body
        from perimeter365.model.version import Version
        from perimeter365.model.word import check_word

        cloud, sets = read_body(self.body)
        origin = check_word(self.origin, ORIGINS, "an origin")
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
        if sha256_hex(str(row["body"])) != row["hash"]:
            what = f"the list of {row['cloud']} {row['version']} is not what was stored"
            raise StoreError(f"{redacted_place(place)} is damaged: {what}", help=DAMAGED_HELP)
        version, origin, body = (str(row[name]) for name in ("version", "origin", "body"))
        cloud = Cloud.named(str(row["cloud"])).at(version).value  # a store that is not upgraded yet, see migrations.germany
        body = body if cloud == row["cloud"] else renamed(body, cloud)
        found.append(Head(cloud, version, bool(row["pinned"]), origin, body, str(row["seen"] or "")))
    return tuple(found)


def server_generation(place: str) -> str:
    """Return a text that changes with every committed change on a server.

    Only changes of the store's tables count. The text consists of the highest inserting transaction (`xmin`) and the
    number of rows, which also reflects deletions.

    Raises:
        StoreError: the server cannot be queried.
    """
    names = ("states", "versions", "heads", "effective", "records")
    each = (f"SELECT max(xmin::text::bigint) AS newest, count(*) AS rows FROM p365_{name}" for name in names)  # noqa: S608
    return " ".join(str(value) for row in _ask(place, " UNION ALL ".join(each)) for value in row.values()) or "empty"


def _ask(place: str, question: str) -> "list[dict[str, Any]]":
    """Return the rows of a query; [] for a server's database without tables.

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
            return connection.select(question)
    finally:
        source.close()
