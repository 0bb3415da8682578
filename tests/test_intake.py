"""The reader of files that others may have made. `test_hostile_files.py` has every reader with every hostile file."""

import os
import threading
import time
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365 import intake
from perimeter365.errors import CatalogError, InputError, UpstreamDataError
from perimeter365.intake import (
    MAX_KEY_PARTS,
    check_depth,
    check_toml,
    decode_text,
    list_files,
    read_bytes,
    read_optional,
    read_text,
    shown_path,
    walk,
)


def test_a_file_of_the_maximum_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert read_bytes(path, most=5) == b"12345"
    with pytest.raises(UpstreamDataError, match=r"/file: it has more than 4 bytes, the limit$"):
        read_bytes(path, most=4, kind=UpstreamDataError)


def test_a_file_that_grows_is_not_read_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    real, sizes = os.read, []

    def growing(handle: int, size: int) -> bytes:
        with path.open("ab") as file:
            file.write(b"y" * size)
        sizes.append(size)
        return real(handle, size)

    monkeypatch.setattr(os, "read", growing)
    with pytest.raises(InputError, match="more than 3000000 bytes"):
        read_bytes(path, most=3_000_000)
    assert sum(sizes) == 3_000_001


def test_a_missing_file_is_none_or_an_error(tmp_path: Path) -> None:
    assert read_optional(tmp_path / "nothing", most=1) is None
    with pytest.raises(CatalogError, match=r"/nothing: the file does not exist$") as caught:
        read_bytes(tmp_path / "nothing", most=1, kind=CatalogError, help="make it")
    assert caught.value.help == "make it"


def test_links_are_followed_only_if_the_caller_allows_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"1")
    (tmp_path / "link").symlink_to("file")
    assert read_bytes(tmp_path / "link", most=1) == b"1"
    with pytest.raises(InputError, match="it is a link, not a regular file"):
        read_bytes(tmp_path / "link", most=1, links=False)


def test_a_file_that_becomes_a_pipe_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"1")
    real = os.open

    def replaced(path: "str | Path", flags: int) -> int:
        os.unlink(path)  # noqa: PTH108
        os.mkfifo(path)
        return real(path, flags)

    monkeypatch.setattr(os, "open", replaced)
    with pytest.raises(InputError, match="it is a named pipe"):
        read_bytes(path, most=1)


def pipe(path: Path, *blocks: bytes, pause: float = 0.0) -> threading.Thread:
    """Write blocks to a new named pipe in a thread."""
    os.mkfifo(path)

    def fill() -> None:
        with path.open("wb", buffering=0) as file, suppress(BrokenPipeError):  # the reader has given up
            for block in blocks:
                file.write(block)
                time.sleep(pause)

    thread = threading.Thread(target=fill)
    thread.start()
    return thread


def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    thread = pipe(tmp_path / "pipe", b"a" * 200_000, b"b", pause=0.05)
    assert read_bytes(tmp_path / "pipe", most=300_000, pipes=True) == b"a" * 200_000 + b"b"
    thread.join()


def test_a_pipe_that_does_not_end_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "PIPE_SECONDS", 0.3)
    thread = pipe(tmp_path / "slow", *[b"a"] * 3, pause=0.3)
    with pytest.raises(InputError, match="a named pipe that did not end within 0 seconds"):
        read_bytes(tmp_path / "slow", most=10, pipes=True)
    thread.join()


def test_a_pipe_without_a_writer_is_an_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "silent")
    with pytest.raises(InputError, match="it is a named pipe, and no program writes to it"):
        read_bytes(tmp_path / "silent", most=10, pipes=True)


def test_text_is_utf8(tmp_path: Path) -> None:
    (tmp_path / "marked").write_bytes(b"\xef\xbb\xbfx")
    assert read_text(tmp_path / "marked", most=10) == "x"
    with pytest.raises(InputError, match=r"^x: it is not UTF-8: it is 0xFF at byte 1$"):
        decode_text(b"a\xff", "x")
    with pytest.raises(InputError, match="it is UTF-16"):
        decode_text("a".encode("utf-16"), "x")


def test_a_path_in_a_message_is_printable_and_short() -> None:
    assert shown_path(Path("a\x1b[31m\n\udce9")) == "a?[31m??"
    assert len(shown_path("x" * 5000)) <= 201


def test_a_walk_yields_files_and_does_not_follow_links(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    for name in ("a/b/3", "a/2", "1", ".git/x", "a/.hidden"):
        (tmp_path / name).touch()
    (tmp_path / "a" / "up").symlink_to("..")
    assert sorted(walk(tmp_path, most=10)) == ["1", "a/.hidden", "a/2", "a/b/3", "a/up"]
    assert ".git/x" in set(walk(tmp_path, most=10, hidden=True))
    with pytest.raises(InputError, match="more than 7 files and folders"):
        list(walk(tmp_path, most=7))
    with pytest.raises(InputError, match=r"/a/b: folders are nested more than 1 deep"):
        list(walk(tmp_path, most=10, depth=1))
    with pytest.raises(CatalogError, match=r"/none: it cannot be read: No such file"):
        list(walk(tmp_path / "none", most=10, kind=CatalogError))


def test_files_of_a_folder_are_sorted_by_name(tmp_path: Path) -> None:
    for name in ("b.toml", "a.toml", ".c.toml", "d.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in list_files(tmp_path, ".toml", most=4)] == ["a.toml", "b.toml"]
    with pytest.raises(InputError, match="more than 3 files"):
        list_files(tmp_path, ".toml", most=3)


def nested(depth: int) -> object:
    value: object = 1
    for number in range(depth):
        value = [value] if number % 2 else {"a": value}
    return value


def test_the_depth_is_that_of_lists_and_objects() -> None:
    check_depth(nested(5), 5)
    with pytest.raises(ValueError, match="nested more than 5 deep"):
        check_depth(nested(6), 5)
    check_depth([2**1024 - 1])
    with pytest.raises(ValueError, match="more than 300 digits"):
        check_depth({"a": [2**1024]})
    check_depth({"a": [2**1024]}, numbers=False)


KEY = st.sampled_from(["a", "'a.b'", '"c\\"."', "1", " b\t"])
VALUE = st.sampled_from(["1", "1.5", "'a.'", '"""x""""', "'''y'''''", '"\\".a.a"', "[1.5, 2.5]", "2026-01-02T03:04:05.6"])


@given(
    st.lists(st.tuples(st.lists(KEY, min_size=1, max_size=2 * MAX_KEY_PARTS), VALUE), min_size=1, max_size=4), st.booleans()
)
def test_long_keys_are_found_as_tomllib_sees_them(pairs: list[tuple[list[str], str]], inline: bool) -> None:
    """Each key begins with a number of its own, so that the text is valid TOML: its parts are those that were joined."""
    lines = [f"k{number}.{'.'.join(parts)} = {value}" for number, (parts, value) in enumerate(pairs)]
    text = "t = { " + ", ".join(lines) + " }" if inline else "# 'it' is \"\n" + "\n".join(lines)
    tomllib.loads(text)
    found = check_toml(text)
    assert (found is not None) == any(len(parts) + 1 > MAX_KEY_PARTS for parts, _ in pairs)
