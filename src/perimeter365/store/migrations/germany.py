"""The step of revision 0002: lists of the closed German cloud get its name.

They become lists of `germany-2021`.

Until 2021-10-29 the web service's instance Germany was another cloud. Stores of earlier releases have its lists under the
name of the cloud in operation. If they stayed there, a pinned one would be in force for the wrong cloud, and an entry would
have a history in two clouds.

The name is part of a list's content, so the content and its hash change too. A list whose content does not match its hash is
moved as it is; `doctor` reports it, as before.
"""

from perimeter365.model.cloud import Cloud
from perimeter365.model.digest import sha256_hex
from perimeter365.store.renamed import renamed

TYPE_CHECKING = False  # as in `perimeter365.store.connection`
if TYPE_CHECKING:
    from typing import Any

    from perimeter365.store.connection import Connection

_TABLES = ("states", "versions", "intervals", "heads", "held", "effective", "records")
_LAST = "2021102999"
"""No version of the closed cloud is higher."""


def upgrade(connection: "Connection") -> None:
    """Move the lists of the closed cloud, and widen the columns of names."""
    if connection.source.SERIAL == "SERIAL":  # PostgreSQL; SQLite does not limit the length
        for table in _TABLES:
            connection.execute(f"ALTER TABLE p365_{table} ALTER COLUMN cloud TYPE VARCHAR(31)")
    new, old = Cloud.GERMANY.value, Cloud.GERMANY_2021.value
    rows = connection.select("SELECT * FROM p365_versions WHERE cloud = :cloud ORDER BY seq", cloud=new)
    held = [row for row in connection.select("SELECT * FROM p365_held WHERE cloud = :cloud", cloud=new) if _closed(row)]
    closed = [row for row in rows if _closed(row)]
    if not (closed or held):
        return
    hashes = {each: _renamed_state(connection, each) for each in {row["hash"] for row in [*closed, *held]}}
    for each in held:
        sql = "UPDATE p365_held SET cloud = :cloud, hash = :hash WHERE id = :id"
        connection.execute(sql, cloud=old, hash=hashes[each["hash"]], id=each["id"])
    heads = connection.select("SELECT * FROM p365_heads WHERE cloud = :cloud", cloud=new)
    for table in ("heads", "intervals", "versions"):
        connection.execute(f"DELETE FROM p365_{table} WHERE cloud = :cloud", cloud=new)  # noqa: S608 (constants)
    _insert(connection, new, [row for row in rows if not _closed(row)])
    _insert(connection, old, [{**row, "hash": hashes[row["hash"]]} for row in closed])
    for head in heads:
        cloud = old if _closed(head) else new
        sql = "INSERT INTO p365_heads VALUES (:cloud, :version, :pinned)"
        connection.execute(sql, cloud=cloud, version=head["version"], pinned=head["pinned"])
    for table, key, last in (("records", "version", _LAST), ("effective", "day", "2021-10-29")):
        sql = f"UPDATE p365_{table} SET cloud = :old WHERE cloud = :new AND {key} <= :last"  # noqa: S608 (constants)
        connection.execute(sql, old=old, new=new, last=last)
    for each in hashes.keys() - set(hashes.values()):
        sql = "DELETE FROM p365_states WHERE hash = :hash"
        sql += " AND NOT EXISTS (SELECT 1 FROM p365_versions WHERE hash = :hash)"
        sql += " AND NOT EXISTS (SELECT 1 FROM p365_held WHERE hash = :hash)"
        connection.execute(sql, hash=each)


def _closed(row: "dict[str, Any]") -> bool:
    """Return True if the version of a row is one of the closed cloud."""
    return Cloud.GERMANY.at(str(row["version"])) is Cloud.GERMANY_2021


def _renamed_state(connection: "Connection", content: str) -> str:
    """Store a list under the name of the closed cloud and return its hash."""
    (row,) = connection.select("SELECT body FROM p365_states WHERE hash = :hash", hash=content)
    body = renamed(str(row["body"]), Cloud.GERMANY_2021.value)
    if sha256_hex(str(row["body"])) != content or body == row["body"]:
        return content
    if not connection.select("SELECT 1 AS found FROM p365_states WHERE hash = :hash", hash=sha256_hex(body)):
        sql = "INSERT INTO p365_states VALUES (:hash, :cloud, :body)"
        connection.execute(sql, hash=sha256_hex(body), cloud=Cloud.GERMANY_2021.value, body=body)
    return sha256_hex(body)


def _insert(connection: "Connection", cloud: str, rows: "list[dict[str, Any]]") -> None:
    """Insert the versions of a cloud, numbered from 1, and their intervals."""
    from perimeter365.errors import StoreError
    from perimeter365.store._lists import listed
    from perimeter365.store.intervals import interval_tuples

    sql = "INSERT INTO p365_versions (cloud, version, seq, origin, recorded, hash)"
    sql += " VALUES (:cloud, :version, :seq, :origin, :recorded, :hash)"
    connection.execute_many(sql, [{**row, "cloud": cloud, "seq": seq} for seq, row in enumerate(rows, 1)])
    try:
        found = list(interval_tuples(listed(connection.select, rows)))
    except StoreError:  # a damaged content, which `doctor` reports
        return
    names = ("set_id", "kind", "value", "from_version", "to_version")
    sql = f"INSERT INTO p365_intervals (cloud, {', '.join(names)}) VALUES (:cloud, :{', :'.join(names)})"  # noqa: S608 (constants)
    connection.execute_many(sql, [{"cloud": cloud, **dict(zip(names, each, strict=True))} for each in found])
