"""Files that are replaced whole."""

import os
from pathlib import Path

import pytest

from perimeter365.sources.atomic import replace


def test_a_file_is_replaced_whole_and_only_when_it_changes(tmp_path: Path) -> None:
    path, staging = tmp_path / "a.json", tmp_path / "new"
    staging.mkdir()
    assert replace(path, b"1", staging=staging)
    before = path.stat()
    assert not replace(path, b"1")
    assert path.stat() == before
    assert replace(path, b"2")
    assert path.read_bytes() == b"2"
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.json", "new"]


def test_what_fails_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
def test_others_may_read_it_as_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        replace(tmp_path / "a", b"1")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
