"""A damaged byte anywhere in a store is an error of the store, or changes no answer.

SQLite has no checksums: without the seal, a flipped bit in a version, a pin or a date is another answer.
"""

import random
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from perimeter365.cli import main
from perimeter365.errors import StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.digest import sha256_hex
from perimeter365.model.finding import Reason
from perimeter365.model.state import State
from perimeter365.sources.index import load_index
from perimeter365.store.connection import APPLICATION, Connection
from perimeter365.store.heads import heads
from perimeter365.store.reader import Reader, reader
from perimeter365.store.store import Store

WORLDWIDE = Cloud.WORLDWIDE
NOW = datetime(2030, 6, 1, 12, 0, tzinfo=UTC)

READERS: Mapping[str, Callable[[Reader], object]] = {
    "versions": lambda store: (store.versions(), store.check_contents()),
    "in force": lambda store: (store.in_force(), store.head(WORLDWIDE), store.newest(WORLDWIDE)),
    "states": lambda store: list(store.states(WORLDWIDE)),
    "history": lambda store: (store.history("outlook.example.com"), store.related("131.107.100.7")),
    "held": lambda store: [(each, store.state_of(each)) for each in store.held(resolved=True)],
    "pending": lambda store: store.pending(),
    "dates": lambda store: store.effective(WORLDWIDE),
    "notes": lambda store: (store.note("sync.seen.worldwide"), store.note("other"), store.note("none")),
}


def answers(place: str) -> Iterator[tuple[str, object]]:
    """Yield what each reader of a store returns; None for a StoreError, which every other exception is not."""

    def asked(question: Callable[[], object]) -> str | None:
        try:
            return repr(question())
        except StoreError:
            return None

    yield "heads", asked(lambda: [(h.cloud, h.version, h.pinned, h.origin, h.seen, h.read()) for h in heads(place)])
    yield "index", asked(lambda: [load_index(place).lookup(v).to_dict() for v in ("outlook.example.com", "131.107.100.7")])
    try:
        opened = reader(place)
    except StoreError:
        yield from dict.fromkeys(READERS).items()
        return
    with suppress(StoreError), opened:  # the end of a transaction may find the damage, too
        for name, question in READERS.items():
            yield name, asked(partial(question, opened))


def fill(place: str, recorded: tuple[State, ...]) -> None:
    """Make a store with rows in each table."""
    with Store(place, clock=lambda: NOW) as store:
        store.add(recorded[:2])
        for state in recorded[2:4]:
            store.commit(state, effective={(1, "outlook.example.com"): date(2030, 7, 1)}, outbox=[("held", {"a": 1})])
        store.pin(WORLDWIDE, recorded[2].version)
        store.add_held(recorded[4], [Reason(code="shrink", message="many")])
        store.set_note("sync.seen.worldwide", NOW.isoformat())
        store.set_note("other", "value")


@pytest.fixture
def file(folder: Path, recorded: tuple[State, ...]) -> Path:
    """A filled store."""
    path = folder / "store.sqlite"
    fill(str(path), recorded)
    return path


def silent(path: Path, content: bytes, places: Iterable[int], write: Callable[[Path, bytes], object]) -> list[str]:
    """Return the flipped bits that change an answer without an error."""
    write(path, content)
    right = dict(answers(str(path)))
    assert None not in right.values()
    found = []
    rng = random.Random(365)
    for place in places:
        bit = rng.randrange(8)
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
        if write(path, content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]) is False:
            continue  # the database itself refuses it
        found += [
            f"byte {place}, bit {bit}: {name}" for name, value in answers(str(path)) if value not in (None, right[name])
        ]
    return found


def load(path: Path, dump: bytes) -> bool:
    """Make a store from a dump; return False if SQLite refuses it."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        try:
            connection.executescript(f"PRAGMA application_id={APPLICATION};{dump.decode('utf-8', 'surrogateescape')}")
        except (sqlite3.Error, ValueError):
            return False
    return True


def sample(content: bytes, number: int) -> list[int]:
    """Return places of bytes that are not padding."""
    return random.Random(2026).sample([i for i, byte in enumerate(content) if byte], number)


def test_a_damaged_byte_of_a_file_is_an_error_or_changes_no_answer(file: Path) -> None:
    content = file.read_bytes()
    headers = [page + at for page in range(0, len(content), 4096) for at in (0, 4)]
    assert silent(file, content, [*range(16, 100, 8), *headers, *sample(content, 40)], Path.write_bytes) == []


def test_a_damaged_byte_of_a_dump_is_an_error_or_changes_no_answer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        dump = "\n".join(connection.iterdump()).encode()
    assert silent(file, dump, sample(dump, 40), load) == []


def test_the_sweep_finds_what_the_seal_prevents(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "_check", lambda self, sql: None)
    content = file.read_bytes()
    places = [match.end() - 1 for match in re.finditer(rb"20300[345]0[357]0\d|2030-0[67]-0\d|other", content)]
    found = silent(file, content, places[-40:], Path.write_bytes)
    assert {text.rpartition(": ")[2] for text in found} >= {"states", "history", "held", "notes"}


COMMANDS = (
    ["versions"],
    ["versions", "--json"],
    ["plan", "contoso.toml", "--format", "json"],
    ["lookup", "outlook.example.com"],
    ["history", "outlook.example.com"],
    ["diff", "2030030300", "2030040700"],
    ["changes"],
    ["timeline"],
    ["calendar"],
    ["export", "out"],
    ["show", "ws/worldwide/1"],
    ["rollback", "--cloud", "worldwide"],
    ["--version"],
    ["doctor", "--offline"],
)


def test_every_command_reports_a_damaged_store(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The table of the versions is damaged at the same place for all; each ends with the exit code of a StoreError."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PERIMETER365_STORE", str(file))
    shutil.copy(Path(__file__).resolve().parents[2] / "examples" / "contoso.toml", tmp_path)
    content = file.read_bytes()
    for old, new in ((b"2030-03-03", b"2030-03-0\xff"), (b"2030-03-03", b"2030-03-13"), (b"2030040700", b"2030040x00")):
        file.write_bytes(content.replace(old, new))
        for words in COMMANDS:
            code = main(words)
            output = capsys.readouterr()
            assert code == {"doctor": 1, "--version": 0}.get(words[0], 2), (words, output.err)
            assert "is damaged" in output.out + output.err, words


BODIES = {
    "not JSON": "{",
    "a list": "[]",
    "no sets": '{"cloud":"worldwide"}',
    "a set without an id": '{"cloud":"worldwide","sets":[{}]}',
    "an id that is a text": '{"cloud":"worldwide","sets":[{"id":"x","area":"exchange"}]}',
    "hosts that are a number": '{"cloud":"worldwide","sets":[{"id":1,"area":"exchange","category":"allow","required":true,'
    '"express_route":false,"tcp":"443","udp":"","hosts":7,"prefixes":[]}]}',
    "deep": '{"cloud":"worldwide","sets":' + "[" * 100_000 + "]" * 100_000 + "}",
}


@pytest.mark.parametrize("name", BODIES)
def test_a_list_of_another_form_is_an_error(name: str, file: Path) -> None:
    """Somebody who makes a file can make its hashes and its seal, too."""
    with closing(sqlite3.connect(file)) as connection, connection:
        for (content,) in connection.execute("SELECT hash FROM p365_states").fetchall():
            new = sha256_hex(BODIES[name])
            connection.execute(
                "UPDATE OR IGNORE p365_states SET hash = ?, body = ? WHERE hash = ?", [new, BODIES[name], content]
            )
            connection.execute("UPDATE p365_versions SET hash = ?", [new])
            connection.execute("UPDATE p365_held SET hash = ?", [new])
        connection.execute("DELETE FROM p365_notes WHERE key = 'seal'")
    found = dict(answers(str(file)))
    assert [name for name in ("heads", "index", "in force", "states", "held") if found[name] is not None] == []
