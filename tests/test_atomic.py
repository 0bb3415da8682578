"""Atomic replacement of files."""

import errno
import os
from pathlib import Path

import pytest

from perimeter365.atomic import make_folder, replace, sync_folder, write


def test_a_file_is_replaced_only_if_it_changes(tmp_path: Path) -> None:
    path, staging = tmp_path / "a.json", tmp_path / "new"
    staging.mkdir()
    assert replace(path, b"1", staging=staging)
    before = path.stat()
    assert not replace(path, b"1")
    assert path.stat() == before
    assert replace(path, b"2")
    assert path.read_bytes() == b"2"
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.json", "new"]


def test_a_failure_leaves_the_old_file_and_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"1")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        replace(path, b"2")
    assert path.read_bytes() == b"1"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_the_umask_applies(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        replace(tmp_path / "a", b"1")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_only_the_owner_can_read_a_private_file_even_if_it_existed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1")
    path.chmod(0o644)
    before = os.umask(0)
    try:
        assert replace(path, b"1", private=True)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() == b"1"


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_no_umask_lets_others_write_and_public_files_can_be_read(tmp_path: Path) -> None:
    found = {}
    for umask in (0, 0o077):
        before = os.umask(umask)
        try:
            folder = tmp_path / f"{umask:o}"
            make_folder(folder / "a" / "private", private=True)
            make_folder(folder / "a" / "public", public=True)
            replace(folder / "a" / "private" / "file", b"1", private=True)
            replace(folder / "a" / "public" / "file", b"1", public=True)
            replace(folder / "file", b"1")
        finally:
            os.umask(before)
        found[umask] = {str(p.relative_to(folder)): p.stat().st_mode & 0o777 for p in folder.rglob("*")}
    private = {"a/private": 0o700, "a/private/file": 0o600}
    assert found[0] == {**private, "a": 0o755, "a/public": 0o755, "a/public/file": 0o644, "file": 0o644}
    assert found[0o077] == {**private, "a": 0o700, "a/public": 0o755, "a/public/file": 0o644, "file": 0o600}


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_replaced_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for public in (False, True):
        for mode in (0o664, 0o640, 0o400):
            path.write_bytes(b"1")
            path.chmod(mode)
            assert replace(path, b"2", public=public)
            assert path.stat().st_mode & 0o7777 == mode
            path.unlink()


def test_a_folder_is_not_created_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    with pytest.raises(OSError, match="exists"):
        make_folder(tmp_path / "a")
    assert make_folder(tmp_path) == ()


@pytest.mark.skipif(os.name != "posix", reason="folders are synced on POSIX")
@pytest.mark.parametrize(("number", "failed"), [(errno.EINVAL, False), (errno.ENOTSUP, False), (errno.EIO, True)])
def test_only_a_disk_error_while_syncing_a_folder_is_a_failure(
    number: int, failed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    if failed:
        with pytest.raises(OSError, match=os.strerror(number)):
            sync_folder(tmp_path)
    else:
        sync_folder(tmp_path)


def test_a_folder_without_read_permission_is_not_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object, flags: int) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    sync_folder(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such links and devices")
def test_a_link_is_kept_and_a_device_is_written(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("file")
    write(tmp_path / "link", b"1")
    write(tmp_path / "link", b"2")
    assert ((tmp_path / "link").is_symlink(), (tmp_path / "file").read_bytes()) == (True, b"2")
    write(Path(os.devnull), b"2")
    assert not Path(os.devnull).is_file()
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as reader, os.fdopen(writing, "wb") as writer:
        write(Path(f"/dev/fd/{writer.fileno()}"), b"3")
        writer.close()
        assert reader.read() == b"3"


def test_an_error_names_the_given_path(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing") as raised:
        replace(tmp_path / "missing" / "a.svg", b"1")
    assert raised.value.filename == str(tmp_path / "missing" / "a.svg")
