"""Lists from a folder with sums: believed as a whole, or refused with the name of the file."""

import functools
import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from perimeter365.errors import InputError, UpstreamDataError, UpstreamError
from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.sources.files import Files
from perimeter365.wire.strict_json import LARGEST
from tests.upstream.bodies import encode, honest

W = Cloud.WORLDWIDE
OLD, NEW = Version("2026070100"), Version("2026080200")
RECORD = {"id": 1, "endpointSetId": 1, "disposition": "Change", "impact": "AddedUrl", "version": NEW}


def sums(folder: Path) -> None:
    """As `sha256sum` writes them."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}\n" for p in paths]
    (folder / "SHA256SUMS").write_text("".join(lines))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "mirror"
    (made / "Worldwide").mkdir(parents=True)
    (made / "Worldwide" / f"{OLD}.json").write_bytes(encode(honest()[:-1]))
    (made / "Worldwide" / f"{NEW}.json").write_bytes(encode(honest()))
    records = [RECORD | {"id": 1, "version": OLD}, RECORD | {"id": 2}]
    (made / "Worldwide" / f"changes-{NEW}.json").write_bytes(encode(records))
    sums(made)
    return made


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_folder_and_an_address_say_the_same(folder: Path, address: str) -> None:
    for where in (folder, address):
        source = Files(where)
        source.hurry(60)
        assert source.clouds == (W,)
        assert source.versions(W) == (OLD, NEW)
        assert source.version(W) == NEW
        state, unknown = source.state(W)
        assert (state.version, state.origin, len(state.sets), unknown) == (NEW, "live", len(honest()), {})
        older = source.recorded(W, OLD)
        assert (older.version, older.origin, len(older.sets)) == (OLD, "recorded", len(honest()) - 1)
        assert [record.id for record in source.changes(W, "0000000000")] == [1, 2]
        assert [record.id for record in source.changes(W, OLD)] == [2]


def test_a_folder_without_records_has_none(folder: Path) -> None:
    (folder / "Worldwide" / f"changes-{NEW}.json").unlink()
    sums(folder)
    assert Files(folder).changes(W, OLD) == ()


def change(path: str, data: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / path).write_bytes(data)


def link(path: str, to: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / path).unlink()
        (folder / path).symlink_to(to)

    return make


def line(text: str) -> Callable[[Path], None]:
    def add(folder: Path) -> None:
        with (folder / "SHA256SUMS").open("a") as file:
            file.write(text + "\n")

    return add


def outside(folder: Path) -> None:
    path = folder / "Worldwide" / f"{NEW}.json"
    shutil.move(path, folder.parent / "list.json")
    path.symlink_to("../../list.json")


def huge(folder: Path) -> None:
    with (folder / "Worldwide" / f"{NEW}.json").open("wb") as file:
        file.truncate(LARGEST + 1)


def pipe(folder: Path) -> None:
    path = folder / "Worldwide" / f"{NEW}.json"
    path.unlink()
    os.mkfifo(path)


SUM = "0" * 64
LIST = f"Worldwide/{NEW}.json"
DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "changed": (change(LIST, encode(honest()) + b"\n"), f"{LIST} is not what SHA256SUMS says"),
    "an older one changed": (change(f"Worldwide/{OLD}.json", b"[]"), f"{OLD}.json is not what SHA256SUMS says"),
    "records changed": (change(f"Worldwide/changes-{NEW}.json", b"[]"), "changes-.* is not what SHA256SUMS says"),
    "missing": (lambda folder: (folder / LIST).unlink(), f"{LIST} cannot be read: No such file"),
    "no sums": (lambda folder: (folder / "SHA256SUMS").unlink(), "mirror/SHA256SUMS cannot be read: No such file"),
    "no folder": (shutil.rmtree, "mirror/SHA256SUMS cannot be read: No such file"),
    "extra list": (change("Worldwide/2026080300.json", encode(honest())), "2026080300.json is not named in SHA256SUMS"),
    "extra file": (change("readme.txt", b"x"), "readme.txt is not named"),
    "extra with control characters": (change("a\x1b[31m\n", b"x"), r"a\?\[31m\? is not named"),
    "link out": (outside, f"{LIST} leads out of the folder"),
    "sums out": (link("SHA256SUMS", "/etc/passwd"), "SHA256SUMS leads out of the folder"),
    "link to itself": (link(LIST, f"{NEW}.json"), f"{LIST} (cannot be read|is a loop)"),
    "huge": (huge, f"{LIST} has more than {LARGEST} bytes"),
    "pipe": (pipe, f"{LIST} is not a file"),
    "traversal": (line(f"{SUM}  ../list.json"), r"SHA256SUMS:4: '0+  \.\./list.json' is not a sum and a path below"),
    "traversal within": (line(f"{SUM}  Worldwide/../../list.json"), "is not a sum and a path below"),
    "absolute": (line(f"{SUM}  /etc/passwd"), "is not a sum and a path below"),
    "drive": (line(f"{SUM}  C:\\x.json"), "is not a sum and a path below"),
    "escaped name": (line(f"\\{SUM}  a\\nb.json"), "is not a sum and a path below"),
    "other hash": (line(f"{'0' * 40}  {LIST}"), "is not a sum and a path below"),
    "control characters": (line(f"{SUM}  a\x1b[31m"), r"a(\?|\\x1b)\[31m"),
    "second sum": (line(f"{SUM}  {LIST}"), f"SHA256SUMS:4 is a second sum for {LIST}"),
    "too many": (line("\n" * 10_001), "names more than 10000 files"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_is_damaged_is_refused_by_name(name: str, folder: Path) -> None:
    damage, said = DAMAGE[name]
    damage(folder)
    with pytest.raises(UpstreamDataError, match=said) as caught:
        Files(folder).version(W)
    assert caught.value.exit_code == 3
    assert caught.value.message.isprintable()


def test_a_file_with_the_right_sum_is_still_read_strictly(folder: Path) -> None:
    (folder / LIST).write_bytes(b"[]")
    sums(folder)
    with pytest.raises(UpstreamError, match=f"{LIST}: the list of worldwide has no endpoint set"):
        Files(folder).state(W)


def test_another_cloud_is_said_to_be_missing(folder: Path) -> None:
    with pytest.raises(UpstreamDataError, match="names no list of china"):
        Files(folder).version(Cloud.CHINA)


def test_what_git_keeps_is_not_looked_at(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    assert Files(folder).version(W) == NEW


def test_behind_an_address_what_is_read_is_checked(folder: Path, address: str) -> None:
    (folder / LIST).write_bytes(encode(honest()[:-2]))
    source = Files(address)
    assert source.version(W) == NEW
    with pytest.raises(UpstreamDataError, match=f"{LIST} is not what SHA256SUMS says"):
        source.state(W)


def test_behind_an_address_what_is_missing_is_named(folder: Path, address: str) -> None:
    (folder / LIST).unlink()
    with pytest.raises(UpstreamError, match=f"{LIST}: .* answered 404"):
        Files(address).state(W)
    with pytest.raises(UpstreamError, match=r"none/SHA256SUMS: .* answered 404"):
        Files(f"{address}/none/").version(W)


def test_an_address_with_a_password_is_refused_without_it() -> None:
    with pytest.raises(InputError) as caught:
        Files("https://user:hunter2@example.com/lists")
    assert "hunter2" not in caught.value.message
