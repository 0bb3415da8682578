"""Lists from a folder with checksums: accepted as a whole, or refused with the name of a file."""

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
from perimeter365.sources.files import FileSource
from perimeter365.wire.strict_json import LARGEST
from tests.upstream.bodies import encode, honest

W = Cloud.WORLDWIDE
OLD, NEW = Version("2026070100"), Version("2026080200")
RECORD = {"id": 1, "endpointSetId": 1, "disposition": "Change", "impact": "AddedUrl", "version": NEW}


def sums(folder: Path) -> None:
    """Write SHA256SUMS like `sha256sum`."""
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


def test_a_folder_and_an_address_give_the_same(folder: Path, address: str) -> None:
    for where in (folder, address):
        source = FileSource(where)
        source.set_remaining_time(60)
        assert source.clouds == (W,)
        assert source.versions(W) == (OLD, NEW)
        assert source.version(W) == NEW
        state, unknown = source.state(W)
        assert (state.version, state.origin, len(state.sets), unknown) == (NEW, "live", len(honest()), {})
        older = source.recorded(W, OLD)
        assert (older.version, older.origin, len(older.sets)) == (OLD, "recorded", len(honest()) - 1)
        assert [record.id for record in source.changes(W, "0000000000")] == [1, 2]
        assert [record.id for record in source.changes(W, OLD)] == [2]


def test_change_records_are_optional(folder: Path) -> None:
    (folder / "Worldwide" / f"changes-{NEW}.json").unlink()
    sums(folder)
    assert FileSource(folder).changes(W, OLD) == ()


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
    "changed": (change(LIST, encode(honest()) + b"\n"), f"{LIST} does not match its sum in SHA256SUMS"),
    "an older one changed": (change(f"Worldwide/{OLD}.json", b"[]"), f"{OLD}.json does not match its sum in SHA256SUMS"),
    "records changed": (change(f"Worldwide/changes-{NEW}.json", b"[]"), "changes-.* does not match its sum in SHA256SUMS"),
    "missing": (lambda folder: (folder / LIST).unlink(), f"{LIST}: it cannot be read: No such file"),
    "no sums": (lambda folder: (folder / "SHA256SUMS").unlink(), "mirror/SHA256SUMS: it cannot be read: No such file"),
    "no folder": (shutil.rmtree, "mirror/SHA256SUMS: it cannot be read: No such file"),
    "extra list": (change("Worldwide/2026080300.json", encode(honest())), "2026080300.json is not in SHA256SUMS"),
    "extra file": (change("readme.txt", b"x"), "readme.txt is not in SHA256SUMS"),
    "extra with control characters": (change("a\x1b[31m\n", b"x"), r"a\?\[31m\? is not in SHA256SUMS"),
    "link out": (outside, f"{LIST} is a link that leaves the folder"),
    "sums out": (link("SHA256SUMS", "/etc/passwd"), "SHA256SUMS is a link that leaves the folder"),
    "link to itself": (link(LIST, f"{NEW}.json"), f"{LIST}: it (cannot be read|is a loop)"),
    "huge": (huge, f"{LIST}: it has more than {LARGEST} bytes"),
    "pipe": (pipe, f"{LIST}: it is a named pipe, not a regular file"),
    "traversal": (
        line(f"{SUM}  ../list.json"),
        r"SHA256SUMS:4: '0+  \.\./list.json' is not a SHA-256 sum and a path in the folder",
    ),
    "traversal within": (line(f"{SUM}  Worldwide/../../list.json"), "is not a SHA-256 sum and a path in the folder"),
    "absolute": (line(f"{SUM}  /etc/passwd"), "is not a SHA-256 sum and a path in the folder"),
    "drive": (line(f"{SUM}  C:\\x.json"), "is not a SHA-256 sum and a path in the folder"),
    "escaped name": (line(f"\\{SUM}  a\\nb.json"), "is not a SHA-256 sum and a path in the folder"),
    "other hash": (line(f"{'0' * 40}  {LIST}"), "is not a SHA-256 sum and a path in the folder"),
    "control characters": (line(f"{SUM}  a\x1b[31m"), r"a(\?|\\x1b)\[31m"),
    "second sum": (line(f"{SUM}  {LIST}"), f"SHA256SUMS:4 has another sum for {LIST}"),
    "too many": (line("\n" * 10_001), "has more than 10000 files"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damaged_files_are_refused_by_name(name: str, folder: Path) -> None:
    damage, said = DAMAGE[name]
    damage(folder)
    with pytest.raises(UpstreamDataError, match=said) as caught:
        FileSource(folder).version(W)
    assert caught.value.exit_code == 3
    assert caught.value.message.isprintable()


def test_a_file_with_the_right_sum_is_still_read_strictly(folder: Path) -> None:
    (folder / LIST).write_bytes(b"[]")
    sums(folder)
    with pytest.raises(UpstreamError, match=f"{LIST}: the list of worldwide has no endpoint set"):
        FileSource(folder).state(W)


def test_a_missing_cloud_is_reported(folder: Path) -> None:
    with pytest.raises(UpstreamDataError, match="has no list of china"):
        FileSource(folder).version(Cloud.CHINA)


def test_the_folder_of_git_is_ignored(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    assert FileSource(folder).version(W) == NEW


def test_files_of_a_web_server_are_checked_when_read(folder: Path, address: str) -> None:
    (folder / LIST).write_bytes(encode(honest()[:-2]))
    source = FileSource(address)
    assert source.version(W) == NEW
    with pytest.raises(UpstreamDataError, match=f"{LIST} does not match its sum in SHA256SUMS"):
        source.state(W)


def test_a_missing_file_of_a_web_server_is_named(folder: Path, address: str) -> None:
    (folder / LIST).unlink()
    with pytest.raises(UpstreamError, match=f"{LIST}: .* answered 404"):
        FileSource(address).state(W)
    with pytest.raises(UpstreamError, match=r"none/SHA256SUMS: .* answered 404"):
        FileSource(f"{address}/none/").version(W)


def test_an_address_with_a_password_is_refused_without_showing_it() -> None:
    with pytest.raises(InputError) as caught:
        FileSource("https://user:hunter2@example.com/lists")
    assert "hunter2" not in caught.value.message


def test_sets_with_an_unknown_area_are_reported_and_refused_among_recorded_lists(folder: Path) -> None:
    items = [*honest(), {**honest()[0], "id": 7777, "serviceArea": "Gaming"}]
    (folder / "Worldwide" / f"{NEW}.json").write_bytes(encode(items))
    sums(folder)
    source = FileSource(folder)
    assert source.unreadable(W) == ()
    state, _ = source.state(W)
    assert len(state.sets) == len(items) - 1
    assert [str(each) for each in source.unreadable(W)] == ["7777 (serviceArea 'Gaming')"]
    with pytest.raises(UpstreamDataError, match=rf"{NEW}\.json: \[{len(items) - 1}\]\.serviceArea: 'Gaming' is not one of"):
        source.recorded(W, NEW)


def test_an_exception_that_no_reader_foresaw_is_an_error_of_upstream(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("perimeter365.sources.files.walk", broken)
    with pytest.raises(
        UpstreamDataError, match=r"mirror cannot be read: ZeroDivisionError in perimeter365\.sources\.files:"
    ):
        FileSource(folder).version(W)


def test_a_file_of_logins_that_cannot_be_read_is_an_error_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    with pytest.raises(InputError, match=r"NETRC: .*none: cannot be read"):
        FileSource("http://127.0.0.1:9/lists").version(W)
