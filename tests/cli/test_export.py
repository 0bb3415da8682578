"""`export`: files and output."""

import json
from pathlib import Path

from tests.cli.conftest import Cli


def test_a_folder_is_written_once(synced: Cli, tmp_path: Path) -> None:
    ran = synced("export", "out")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "lists in out: 2 of worldwide\nfiles: 3 written, 0 unchanged, 0 removed\n"
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["SHA256SUMS", "Worldwide"]
    printed = json.loads(synced("export", "out", "--json", "--last", "1").out)
    assert printed == {"lists": {"worldwide": 1}, "written": 1, "unchanged": 1, "removed": 1}


def test_2_when_there_is_nothing_to_export(imported: Cli, tmp_path: Path) -> None:
    ran = imported("export", "out")
    assert ran.code == 2
    assert "nothing was synced" in ran.err
    assert imported("export", "out", "--cloud", "china").code == 2
    assert not (tmp_path / "out").exists()


def test_2_without_a_store(cli: Cli) -> None:
    assert cli("export", "out").code == 2
