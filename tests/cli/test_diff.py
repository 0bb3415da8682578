"""`diff`: comparison of two versions, dates or files."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import SERIES, Cli

FIRST, THIRD = "2030010600", "2030030300"
COUNTS = {
    "changes": 4,
    "ips_added": 2,
    "ips_removed": 2,
    "urls_added": 1,
    "urls_removed": 2,
    "attributes": 7,
}
"""Differences between the first and the third list of the series, counted by hand."""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (FIRST, THIRD),
        ("2030-01-06", "2030-03-15"),
        (str(SERIES / "001-2030-01-06.json"), str(SERIES / "003-2030-03-03.json")),
        (FIRST, str(SERIES / "003-2030-03-03.json")),
    ],
)
def test_versions_dates_and_files_are_equivalent(old: str, new: str, imported: Cli) -> None:
    ran = imported("diff", old, new, "--json")
    assert ran.code == 0
    assert json.loads(ran.out)["counts"] == COUNTS


def test_files_need_no_store(cli: Cli, tmp_path: Path) -> None:
    ran = cli("diff", str(SERIES / "001-2030-01-06.json"), str(SERIES / "003-2030-03-03.json"), "--json")
    assert json.loads(ran.out)["counts"] == COUNTS
    assert not (tmp_path / "data").exists()


def test_the_exit_code_reports_a_difference_on_request(imported: Cli) -> None:
    assert imported("diff", FIRST, THIRD).code == 0
    assert imported("diff", FIRST, THIRD, "--exit-code").code == 1
    assert imported("diff", FIRST, "2030020300", "--exit-code").code == 0, "only the order differs"


def test_without_a_second_version_it_compares_with_the_one_in_force(synced: Cli) -> None:
    made = json.loads(synced("diff", THIRD, "--json").out)
    assert made["versions"] == {"worldwide": [THIRD, "2031010102"]}


def test_dates_compare_every_cloud_that_has_both(imported: Cli) -> None:
    made = json.loads(imported("diff", "2030-02-10", "2030-05-30", "--json").out)
    assert set(made["versions"]) == {"worldwide", "china"}
    assert {c["id"].split("/")[1] for c in made["changes"]} == {"worldwide", "china"}
    one = json.loads(imported("diff", "2030-02-10", "2030-05-30", "--cloud", "china", "--json").out)
    assert [c["id"] for c in one["changes"]] == ["ws/china/1"]
    assert one["changes"][0]["added"]["prefixes"] == ["131.107.113.64/26"]


def test_with_a_profile_the_effect_on_its_plan_is_printed(imported: Cli, profile: Path) -> None:
    ran = imported("diff", FIRST, THIRD, "--profile", str(profile), "--json")
    plan = json.loads(ran.out)["plan"]
    assert plan["organization"] == "Contoso"
    assert "opens 1 prefix for Teams media (ws/worldwide/11): 131.107.113.192/26" in plan["sentences"]
    text = imported("diff", FIRST, THIRD, "--profile", str(profile)).out
    assert "For the plan of Contoso:" in text
    assert "  opens 1 prefix for Teams media (ws/worldwide/11): 131.107.113.192/26" in text


def test_markdown_is_for_a_pull_request(imported: Cli) -> None:
    text = imported("diff", FIRST, THIRD, "--markdown").out
    assert text.startswith("### Worldwide and GCC: `2030010600` → `2030030300`")
    assert "```diff" in text


def test_an_unknown_version_or_file_is_an_error(imported: Cli, cli: Cli) -> None:
    ran = imported("diff", "2030010601", THIRD)
    assert (ran.code, "'2030010601' is not a version of worldwide" in ran.err) == (2, True)
    assert "help: did you mean '2030010600'?" in ran.err
    assert imported("diff", "nowhere.json", THIRD).code == 2
    assert imported("diff", "yesterday", THIRD).code == 2


def test_without_a_store_the_error_explains_how_to_get_one(cli: Cli) -> None:
    ran = cli("diff", FIRST, THIRD)
    assert (ran.code, "P365-STORE" in ran.err, "import history" in ran.err) == (2, True, True)


def test_a_brief_text_has_no_entries(imported: Cli) -> None:
    lines = imported("diff", FIRST, THIRD, "--brief").out.splitlines()
    assert lines[0].endswith("4 changes; addresses: 2 added, 2 removed; names: 1 added, 2 removed; 7 other attributes")
    assert "Microsoft has stopped using 1 entry of worldwide: *.old.example.net." in lines
    assert not any(line.startswith("    ") for line in lines)
    assert len(lines) == 4
