"""Opening a store to ask it: the quick way where there is one, the same answers in any case."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from perimeter365.errors import StoreError
from perimeter365.history.storage import door
from perimeter365.history.storage.door import reader
from perimeter365.history.storage.reader import FileReader
from perimeter365.history.storage.store import Store
from perimeter365.model.state import State
from perimeter365.sources.place import is_server


def test_a_file_is_asked_directly_and_a_server_through_the_store(store: Store) -> None:
    with reader(store.place) as found:
        assert isinstance(found, Store if is_server(store.place) else FileReader)


def test_a_file_of_an_older_schema_goes_through_the_store(
    tmp_path: object, recorded: tuple[State, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"{tmp_path}/store.sqlite"
    with Store(place) as store:
        store.commit(recorded[0])
    monkeypatch.setattr(door, "REVISIONS", ("0001", "0002"))
    with reader(place) as found:
        assert isinstance(found, Store)
        assert len(found.versions()) == 1


def test_a_file_of_a_newer_schema_is_refused(tmp_path: object) -> None:
    place = f"{tmp_path}/store.sqlite"
    Store(place).close()
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("UPDATE p365_schema SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreError, match="does not know"):
        reader(place)


def test_a_store_that_is_not_there_is_not_made(tmp_path: object) -> None:
    with pytest.raises(StoreError, match="there is no store at"):
        reader(f"{tmp_path}/store.sqlite")


def test_asking_a_file_needs_no_sqlalchemy(tmp_path: object, recorded: tuple[State, ...]) -> None:
    place = f"{tmp_path}/store.sqlite"
    with Store(place) as store:
        store.commit(recorded[0])
    code = (
        "import sys; from perimeter365.history.storage.door import reader; "
        "print(len(reader(sys.argv[1]).history('outlook.example.com')), 'sqlalchemy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, place], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False"]
