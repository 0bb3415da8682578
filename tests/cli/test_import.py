"""`import history`: recorded lists into the store."""

import json
from pathlib import Path

from tests.cli.conftest import SERIES, Cli


def test_it_says_what_it_took_and_what_it_left(cli: Cli) -> None:
    ran = cli("import", "history", str(SERIES))
    assert ran.code == 0
    assert "7 lists read, 7 of them new" in ran.err
    assert "notes.json is named neither by a version nor by a day" in ran.err
    again = json.loads(cli("import", "history", str(SERIES), "--json").out)
    assert (again["read"], again["added"]) == (7, 0)
    assert [Path(path).name for path in again["skipped"]] == ["notes.json"]


def test_what_is_imported_does_not_come_into_force(imported: Cli) -> None:
    assert imported("lookup", "203.0.113.200").code == 1


def test_a_folder_with_a_bad_file_makes_no_store(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "2030010600.json").write_text("<html>503</html>")
    ran = cli("import", "history", str(folder))
    assert (ran.code, "2030010600.json" in ran.err) == (2, True)
    assert not (tmp_path / "data").exists()


def test_files_of_no_cloud_can_be_given_one(cli: Cli) -> None:
    cli("import", "history", str(SERIES), "--cloud", "dod")
    assert {v["cloud"] for v in json.loads(cli("versions", "--json").out)} == {"dod", "china"}
