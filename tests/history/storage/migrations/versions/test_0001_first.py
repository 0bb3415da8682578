"""The tables of the first release, by a question in plain SQL that a release of then would have asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perimeter365.history.storage._engine import _file, migrate


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = _file(str(tmp_path / "store.sqlite"))
    with engine.connect() as raw:
        found = raw.execution_options(p365_writing=True)
        with found.begin():
            migrate(found, "0001")
            yield found
    engine.dispose()


def test_a_version_needs_its_content(connection: Connection) -> None:
    row = "INSERT INTO p365_versions VALUES ('worldwide', '2030010100', 1, 'live', NULL, 'abc')"
    with pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text(row))


def test_a_version_in_force_needs_to_be_stored(connection: Connection) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text("INSERT INTO p365_heads VALUES ('worldwide', '2030010100', false)"))


def test_two_versions_cannot_have_one_place(connection: Connection) -> None:
    connection.execute(sa.text("INSERT INTO p365_states VALUES ('abc', 'worldwide', '{}')"))
    row = "INSERT INTO p365_versions VALUES ('worldwide', '{}', 1, 'live', NULL, 'abc')"
    connection.execute(sa.text(row.format("2030010100")))
    with pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text(row.format("2030010200")))
