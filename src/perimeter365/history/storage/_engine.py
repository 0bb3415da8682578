"""Opens a store: makes it, brings its tables up to date, and gives transactions on it.

SQLite: a rollback journal (never WAL, which loses writes in SQLite 3.7.0 to 3.51.2 with several connections),
synchronous=EXTRA, so that a commit has reached the disk with the folder's entry of the journal before it is
acknowledged, and one writer, by BEGIN IMMEDIATE. A new store is made under another name and linked to its own when it
is whole, so that no reader and no killed process ever leaves half of one.

PostgreSQL: one writer, by an advisory lock that ends with the transaction; readers see one snapshot.

Whatever a driver raises leaves here as StoreError, without the statement's values and without a password.
"""

import os
import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool

from perimeter365.atomic import sync_folder
from perimeter365.errors import MissingExtraError, StoreError
from perimeter365.history.storage.migrations import REVISIONS
from perimeter365.sources._heads import (
    APPLICATION,
    NO_STORE,
    RIGHTS,
    SERVER,
    VERSION_TABLE,
    WAIT,
    check_file,
    check_schema,
    first_line,
    sqlite_failed,
)
from perimeter365.sources.place import is_server, redacted

SCRIPTS = files("perimeter365.history.storage") / "migrations"
"""Alembic's folder."""

_LOCK = APPLICATION
"""The number of PostgreSQL's advisory lock."""


class Database:
    """A store's database. Transactions of one thread nest: an inner one is part of the outer one."""

    def __init__(self, place: str, *, create: bool) -> None:
        """Open it.

        Args:
            place: as `sources.place.store_place` gives it.
            create: make it when there is none.

        Raises:
            StoreError: it cannot be used, or there is none and none is to be made.
        """
        self.place = place
        self._local = threading.local()
        if is_server(place):
            self._engine = _server(place)
        else:
            if not os.path.lexists(place):
                if not create:
                    raise StoreError(f"there is no store at {place}", help=NO_STORE)
                with self._errors():
                    try:
                        _make_file(place)
                    except OSError as error:
                        raise StoreError(f"{place} cannot be made: {error.strerror}", help=RIGHTS) from error
            check_file(place)
            self._engine = _file(place)
        try:
            self._update(create)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give up all connections."""
        self._engine.dispose()

    @property
    def is_server(self) -> bool:
        """PostgreSQL, not SQLite?"""
        return is_server(self.place)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot: all that is read inside is of one moment."""
        with self._transaction(writing=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One change, as a whole or not at all; waits for another writer, and fails after `WAIT` seconds."""
        with self._transaction(writing=True) as connection:
            yield connection

    @contextmanager
    def _transaction(self, *, writing: bool) -> Iterator[Connection]:
        active: tuple[Connection, bool] | None = getattr(self._local, "active", None)
        if active:
            if writing and not active[1]:
                raise StoreError("a store that is being read cannot be written in the same breath")
            yield active[0]
            return
        options: dict[str, Any] = {"p365_writing": writing}
        if self.is_server and not writing:
            options["isolation_level"] = "REPEATABLE READ"
        with self._errors(), self._engine.connect() as raw:
            connection = raw.execution_options(**options)
            with connection.begin():
                self._local.active = (connection, writing)
                try:
                    if writing and self.is_server:
                        _lock(connection)
                    yield connection
                finally:
                    self._local.active = None

    @contextmanager
    def _errors(self) -> Iterator[None]:
        place = redacted(self.place)
        try:
            yield
        except exc.DBAPIError as error:
            original = error.orig or error
            raise (_server_failed if is_server(self.place) else sqlite_failed)(place, original) from original
        except exc.SQLAlchemyError as error:
            raise StoreError(f"{place} cannot be used: {first_line(error)}") from error

    def _update(self, create: bool) -> None:
        with self.reading() as connection:
            revision = _revision(connection)
        if revision == REVISIONS[-1]:
            return
        if revision is None and self.is_server and not create:
            raise StoreError(f"there is no store at {redacted(self.place)}", help=NO_STORE)
        if revision not in REVISIONS and not (revision is None and self.is_server):
            check_schema(redacted(self.place), revision)
        with self.writing() as connection:
            if _revision(connection) != REVISIONS[-1]:  # another process may have been first
                migrate(connection)


def migrate(connection: Connection, to: str = "head") -> None:
    """Bring the tables to a revision, inside of the connection's transaction."""
    from alembic import command  # half a second that only a new release's first start pays
    from alembic.config import Config

    config = Config()
    config.attributes["connection"] = connection
    with _on_disk(SCRIPTS) as folder:
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        command.upgrade(config, to)


@contextmanager
def _on_disk(folder: Traversable) -> Iterator[Path]:
    """The folder as one that Alembic can list: itself, or a copy where the package lies in a zip."""
    if isinstance(folder, Path):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="perimeter365-") as name:
        _copy(folder, Path(name))
        yield Path(name)


def _copy(folder: Traversable, to: Path) -> None:
    """What `importlib.resources.as_file` does, which takes folders from Python 3.12 on."""
    for each in folder.iterdir():
        place = to / each.name
        if each.is_dir():
            place.mkdir()
            _copy(each, place)
        else:
            place.write_bytes(each.read_bytes())


def _revision(connection: Connection) -> str | None:
    """The revision of the tables; None when there are none, "" when they do not say."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 (ours)
    return str(found or "")


def _file(path: str, journal: str = "DELETE") -> Engine:
    url = sa.URL.create("sqlite", database=path)
    engine = sa.create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": WAIT})

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _record: object) -> None:
        raw.isolation_level = None  # transactions are begun below, not by the driver's guess
        for pragma in ("foreign_keys=ON", f"journal_mode={journal}", "synchronous=EXTRA", "trusted_schema=OFF"):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writing = connection.get_execution_options().get("p365_writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _server(place: str) -> Engine:
    try:
        url = sa.make_url(place).set(drivername="postgresql+psycopg")
        return sa.create_engine(
            url, hide_parameters=True, pool_pre_ping=True, pool_size=2, connect_args={"connect_timeout": int(WAIT)}
        )
    except (exc.ArgumentError, ValueError) as error:
        raise StoreError(f"{redacted(place)} is not the URL of a PostgreSQL database") from error
    except ImportError as error:
        raise MissingExtraError("a store on PostgreSQL", "postgres", error) from error


def _lock(connection: Connection) -> None:
    """Wait for other writers; what is read after this is what they left."""
    connection.execute(sa.text(f"SET LOCAL lock_timeout = '{WAIT * 1000:.0f}ms'"))
    connection.execute(sa.text("SET LOCAL synchronous_commit = on"))
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})


def _server_failed(place: str, error: BaseException) -> StoreError:
    text = first_line(error)
    if "lock timeout" in text:
        what = f"{place} is in use: another process has been writing for more than {WAIT:.0f} seconds"
        return StoreError(what, help="nothing was changed; run it again when the other one has ended")
    return StoreError(f"{place} cannot be used: {text}", help=SERVER)


def _make_file(path: str) -> None:
    """Make a new store beside its place, and put it there whole. Another process may do the same: one wins."""
    place = Path(path)
    folders = [folder for folder in place.parents if not folder.exists()]
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in folders:
        sync_folder(folder.parent)
    new = place.with_name(f".{place.name}.{os.getpid()}-{secrets.token_hex(4)}.new")
    try:
        engine = _file(str(new), journal="MEMORY")  # what is half made is thrown away, not rolled back
        try:
            with engine.connect() as raw:
                connection = raw.execution_options(p365_writing=True)
                with connection.begin():
                    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION}")
                    migrate(connection)
        finally:
            engine.dispose()
        _publish(new, place)
    finally:
        new.unlink(missing_ok=True)


def _publish(new: Path, place: Path) -> None:
    try:
        os.link(new, place)
    except FileExistsError:
        return  # another process was first
    except OSError:  # a file system without links
        if not place.exists():
            new.rename(place)
    sync_folder(place.parent)
