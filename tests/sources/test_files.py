"""Lists from a folder with sums."""

import functools
import hashlib
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from perimeter365.errors import UpstreamDataError
from perimeter365.model.cloud import Cloud
from perimeter365.sources.files import read
from tests.upstream.bodies import encode, honest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = []
    for version, items in (("2026070100", honest()[:-1]), ("2026080200", honest())):
        path = tmp_path / "Worldwide" / f"{version}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(encode(items))
        lines.append(f"{hashlib.sha256(encode(items)).hexdigest()}  Worldwide/{version}.json\n")
    (tmp_path / "SHA256SUMS").write_text("".join(lines))
    return tmp_path


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_the_newest_or_the_one_asked_for_is_read(folder: Path, address: str) -> None:
    for where in (folder, address):
        newest = read(where, Cloud.WORLDWIDE)
        assert (newest.version, len(newest.sets), newest.origin) == ("2026080200", len(honest()), "recorded")
        assert len(read(where, Cloud.WORLDWIDE, "2026070100").sets) == len(honest()) - 1


def test_a_file_that_was_changed_is_refused(folder: Path) -> None:
    path = folder / "Worldwide" / "2026080200.json"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(UpstreamDataError, match="is not what SHA256SUMS says"):
        read(folder, Cloud.WORLDWIDE)


def test_what_is_missing_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UpstreamDataError, match="names no list of china"):
        read(folder, Cloud.CHINA)
    with pytest.raises(UpstreamDataError, match="cannot be read"):
        read(tmp_path / "none", Cloud.WORLDWIDE)
    (folder / "Worldwide" / "2026080200.json").unlink()
    with pytest.raises(UpstreamDataError, match="cannot be read"):
        read(folder, Cloud.WORLDWIDE)


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "list.json"
    path = folder / "Worldwide" / "2026080200.json"
    outside.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(outside)
    with pytest.raises(UpstreamDataError, match="leads out of the folder"):
        read(folder, Cloud.WORLDWIDE)


def test_two_sums_for_one_list_are_refused(folder: Path) -> None:
    with (folder / "SHA256SUMS").open("a") as file:
        file.write(f"{'0' * 64}  Worldwide/2026080200.json\n")
    with pytest.raises(UpstreamDataError, match="two sums"):
        read(folder, Cloud.WORLDWIDE)
