"""Schema revisions of a store, as numbered SQL scripts.

Each script upgrades the tables of the previous revision.

To add a revision, write `NNNN.sql` with the next number and append the number to `REVISIONS`. If the query of
`store.heads` does not work on older revisions, `heads` has to open a `Store` first, which upgrades the tables.

Both databases run the same script. A statement ends with `;` at the end of a line; SERIAL is replaced by the database's
type of an auto-increment key. All pending scripts run in one transaction, on SQLite and on PostgreSQL. What SQL cannot
express is a step in Python, which runs after the script of its revision.
"""

TYPE_CHECKING = False  # as in `perimeter365.store.connection`
if TYPE_CHECKING:
    from perimeter365.store.connection import Connection

REVISIONS = ("0001", "0002", "0003", "0004")
"""All revisions, oldest first. This release writes the last one."""


def script(revision: str) -> str:
    """Return the SQL script that upgrades the tables to a revision."""
    from importlib.resources import files  # imported here (20 ms), since only creating and upgrading a store need it

    return files(__name__).joinpath(f"{revision}.sql").read_text(encoding="utf-8")


def run_step(revision: str, connection: "Connection") -> None:
    """Run the Python step of a revision, if it has one."""
    if revision == "0002":
        from perimeter365.store.migrations.germany import upgrade

        upgrade(connection)
