"""The lists in force, asked of the store in one question.

    [(head.cloud, head.version, head.pinned) for head in heads("/var/lib/perimeter365/store.sqlite")]
        [('worldwide', '2026080200', False)]

    >>> heads("/etc/passwd")
    Traceback (most recent call last):
    perimeter365.errors.StoreError: /etc/passwd is not a SQLite database

`lookup` and every plan ask this on each start, so it goes without the values that `store.reader` makes, and imports
nothing that can be felt.

A store that is there but cannot be read is an error, never a reason to fall back on older lists in silence;
`--catalog embedded` leaves it out.
"""

from perimeter365.errors import StoreError
from perimeter365.model.digest import sha256_hex
from perimeter365.store.connection import ASIDE
from perimeter365.store.database import check_schema, source_of
from perimeter365.store.place import is_server, redacted, store_place

TYPE_CHECKING = False  # as in `perimeter365.store.connection`
if TYPE_CHECKING:
    from typing import Any

    from perimeter365.model.catalog import CatalogVersion
    from perimeter365.model.cloud import Cloud
    from perimeter365.model.endpoint_set import EndpointSet

    CloudList = tuple[Cloud, CatalogVersion, tuple[EndpointSet, ...]]
    """A cloud, which state of its list it is, and the sets of it."""

_HEADS = """
    SELECT h.cloud, h.version, h.pinned, v.origin, s.hash, s.body
    FROM p365_heads h
    JOIN p365_versions v ON v.cloud = h.cloud AND v.version = h.version
    JOIN p365_states s ON s.hash = v.hash
    ORDER BY h.cloud
"""


class Head:
    """The list of one cloud that is in force."""

    __slots__ = ("body", "cloud", "origin", "pinned", "version")

    def __init__(self, cloud: str, version: str, pinned: bool, origin: str, body: str) -> None:
        self.cloud = cloud
        self.version = version
        self.pinned = pinned
        self.origin = origin
        self.body = body
        """In the canonical form of `model.state`, its hash already compared."""

    def read(self) -> "CloudList":
        """Return the list as values. Raises CatalogError when it is not in the canonical form."""
        from perimeter365.model.catalog import ORIGINS, CatalogVersion
        from perimeter365.model.state import read_body
        from perimeter365.model.version import Version
        from perimeter365.model.word import check_word

        cloud, sets = read_body(self.body)
        origin = check_word(self.origin, ORIGINS, "an origin")
        return cloud, CatalogVersion(version=Version(self.version), origin=origin), sets


def heads(place: str | None = None) -> tuple[Head, ...]:
    """Return the lists in force, one for each cloud that was synced or pinned; () if none was.

    Args:
        place: path or URL of the store; None for the data folder's.

    Raises:
        StoreError: there is no store at that place, or it cannot be read.
    """
    place = store_place(place)
    found = []
    for row in _ask(place, _HEADS):
        if sha256_hex(str(row["body"])) != row["hash"]:
            what = f"the list of {row['cloud']} {row['version']} is not what was stored"
            raise StoreError(f"{redacted(place)} is damaged: {what}", help=ASIDE)
        head = [str(row[name]) for name in ("cloud", "version", "origin", "body")]
        found.append(Head(head[0], head[1], bool(row["pinned"]), head[2], head[3]))
    return tuple(found)


def server_generation(place: str) -> str:
    """Return a text that changes with every committed change of the tables on a server. Raises StoreError.

    It is the highest transaction number among the rows' own (`xmin`), and the number of rows, which deletions lower.
    """
    names = ("states", "versions", "heads", "effective", "records")
    each = (f"SELECT max(xmin::text::bigint) AS newest, count(*) AS rows FROM p365_{name}" for name in names)  # noqa: S608
    return " ".join(str(value) for row in _ask(place, " UNION ALL ".join(each)) for value in row.values()) or "empty"


def _ask(place: str, question: str) -> "list[dict[str, Any]]":
    """Return the rows of an answer; [] from a server's database in which nothing was stored yet. Raises StoreError."""
    source = source_of(place)
    try:
        with source.begin() as connection:
            revision = connection.revision()
            if revision is None and is_server(place):
                return []
            check_schema(place, revision)
            return connection.ask(question)
    finally:
        source.close()
