"""`import`: recorded lists, and comparison of a page."""

import json
from datetime import date
from pathlib import Path

import pytest

from perimeter365.model.catalog import Catalog
from perimeter365.sources.page.reader import Page
from tests.cli.conftest import SERIES, Cli


def test_read_and_skipped_files_are_reported(cli: Cli) -> None:
    ran = cli("import", "history", str(SERIES))
    assert ran.code == 0
    assert "7 lists read (5 of worldwide, 2 of china), 7 of them new" in ran.err
    assert "notes.json is neither a version nor a date" in ran.err
    again = json.loads(cli("import", "history", str(SERIES), "--json").out)
    assert (again["read"], again["added"]) == (7, 0)
    assert [Path(path).name for path in again["skipped"]] == ["notes.json"]


def test_imported_lists_do_not_come_into_force(imported: Cli) -> None:
    assert imported("lookup", "131.107.113.200").code == 1


def test_a_folder_with_an_invalid_file_creates_no_store(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "2030010600.json").write_text("<html>503</html>")
    ran = cli("import", "history", str(folder))
    assert (ran.code, "2030010600.json" in ran.err) == (2, True)
    assert not (tmp_path / "data").exists()


def test_lists_of_the_future_are_refused(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("perimeter365.history.load.latest_day", lambda: date(2030, 5, 4))
    ran = cli("import", "history", str(SERIES))
    assert (ran.code, "2030-05-05 is in the future" in ran.err, "nothing was imported" in ran.err) == (2, True, True)
    assert not (tmp_path / "data").exists()


def test_the_cloud_of_files_can_be_given(cli: Cli) -> None:
    cli("import", "history", str(SERIES), "--cloud", "dod")
    assert {v["cloud"] for v in json.loads(cli("versions", "--json").out)} == {"dod", "china"}


PAGE = """|Row|Purpose|Destination|Type|
|---|---|---|---|
|11|x|`*.msappproxy.net` and `new.msappproxy.net`|y|
|24|NCSI|`other.example.com`|y|
"""


def test_a_page_is_compared_row_by_row_and_nothing_is_stored(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE, "utf-8")
    ran = cli("--catalog", "embedded", "import", "page", "page.md", "--json")
    assert ran.code == 0
    rows = {row["row"]: row for row in json.loads(ran.out)["rows"]}
    assert sorted(rows) == list(range(1, 26))
    assert (rows[11]["same"], rows[11]["added"], rows[11]["removed"]) == (1, ["new.msappproxy.net"], [])
    assert (rows[24]["added"], rows[24]["removed"]) == (["other.example.com"], ["www.msftconnecttest.com"])
    assert rows[1]["present"] is False
    shown = cli("--catalog", "embedded", "import", "page", "page.md")
    assert "+new.msappproxy.net" in shown.out
    assert not (tmp_path / "data").exists()


def test_the_exit_code_reports_a_difference_on_request(cli: Cli, tmp_path: Path) -> None:
    from tests.sources.hazards import made

    words = ("--catalog", "embedded", "import", "page", "page.md")
    (tmp_path / "page.md").write_text(PAGE, "utf-8")
    assert (cli(*words).code, cli(*words, "--exit-code").code) == (0, 1)
    extra = made("layout: an extra row 26", "markdown", "en").text
    (tmp_path / "page.md").write_text(extra, "utf-8")
    ran = cli(*words, "--json", "--exit-code")
    assert ran.code == 1
    assert json.loads(ran.out)["strange"] == [["new.contoso-cdn.com"]]
    assert "new  0     1" in cli(*words).out


def test_a_page_on_stdin_that_matches_the_catalog_exits_0(cli: Cli) -> None:
    from tests.sources.pages import JANUARY, recorded

    ran = cli("--catalog", "embedded", "import", "page", "-", "--exit-code", stdin=recorded(JANUARY).encode())
    assert ran.code == 0
    assert "not on this page" not in ran.out


@pytest.mark.parametrize("what", ["404", "json", "empty", "binary"])
def test_another_document_is_rejected_and_nothing_is_reported_as_removed(cli: Cli, tmp_path: Path, what: str) -> None:
    body = {
        "404": b"<!DOCTYPE html><html><title>404</title><body><h1>Microsoft Teams, Yammer, MFA</h1></body></html>",
        "json": b'[{"id": 1, "urls": ["outlook.office.com"]}]',
        "empty": b"",
        "binary": bytes(range(256)) * 20,
    }[what]
    (tmp_path / "page").write_bytes(body)
    ran = cli("--catalog", "embedded", "import", "page", "page", "--json")
    assert (ran.code, ran.out) == (3, "")
    assert "not the page" in ran.err


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/page", "ftp://learn.microsoft.com/x", "file:///etc/passwd"])
def test_an_address_without_a_page_is_an_error(cli: Cli, address: str) -> None:
    ran = cli("--catalog", "embedded", "import", "page", address)
    assert ran.code == (3 if address.startswith("http") else 2)
    assert "Traceback" not in ran.err


def test_an_invalid_or_missing_page_is_an_error(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("hello", "utf-8")
    assert cli("import", "page", "page.md").code == 3
    assert cli("import", "page", "none.md").code == 2


def test_a_page_without_a_difference_is_one_sentence(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from perimeter365.sources.page import compare

    (tmp_path / "page.md").write_text(PAGE, "utf-8")
    whole = compare.compare_page
    words = ("--catalog", "embedded", "import", "page", "page.md", "--exit-code")

    def equal(page: Page, catalog: Catalog) -> dict[int, compare.RowComparison]:
        rows = whole(page, catalog)
        return {number: replace(row, present=True, added=(), removed=(), unreadable=()) for number, row in rows.items()}

    monkeypatch.setattr(compare, "compare_page", equal)
    ran = cli(*words)
    assert (ran.code, ran.out) == (0, "The page does not differ from the catalog: 1 value in 25 rows.\n")
    monkeypatch.setattr(compare, "compare_page", lambda page, catalog: {**equal(page, catalog), 1: whole(page, catalog)[1]})
    ran = cli(*words)
    assert (ran.code, "does not differ" in ran.out) == (1, False)


def test_only_rows_that_differ_are_shown_on_request(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE, "utf-8")
    lines = cli("--catalog", "embedded", "import", "page", "page.md", "--changed").out.splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["11", "24", "23"]
    assert lines[-1].split(None, 2)[1] == "rows"
    assert "not on this page: 1, 2, 3" in lines[-1]
