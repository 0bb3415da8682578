"""`lookup`: output with and without click, the JSON of CONTRACT, exit codes."""

import json
from pathlib import Path

import pytest

from perimeter365 import cli as package
from perimeter365.cli import main
from perimeter365.cli._lookup import to_text
from perimeter365.model.lookup import Index
from perimeter365.sources.embedded import FACTS
from tests.cli.conftest import Cli

PLAIN = [
    ["52.112.0.5"],
    ["--json", "52.112.0.5"],
    ["--cloud", "gcchigh", "login.microsoftonline.us"],
    ["52.112.0.0/13", "sharepoint.com", "192.0.2.1"],
    ["https://aka.ms/hybridwizard", "--json", "--cloud", "worldwide", "--cloud", "USGovDoD"],
    ["300.1.1.1"],
    ["52.112.0.5", "--cloud", "mars"],
    ["-"],
    ["--json", "-"],
]


@pytest.mark.parametrize("words", PLAIN, ids=" ".join)
def test_the_output_is_the_same_with_and_without_click(cli: Cli, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    stdin = b"aka.ms\n\n# a comment\nnot a value\n52.112.0.5\n"
    assert package._plain_lookup(["lookup", *words])
    quick = cli("lookup", *words, stdin=stdin)
    monkeypatch.setattr(package, "_plain_lookup", lambda arguments: None)
    assert cli("lookup", *words, stdin=stdin) == quick


@pytest.mark.parametrize(
    "words", [["lookup"], ["lookup", "--help"], ["lookup", "x", "--quiet"], ["show", "x"], ["lookup", "--cloud"]]
)
def test_other_arguments_go_through_click(words: list[str]) -> None:
    assert package._plain_lookup(words) is None


def test_settings_in_the_environment_go_through_click(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERIMETER365_LOOKUP_CLOUD", "china")
    assert package._plain_lookup(["lookup", "x"]) is None
    assert cli("lookup", "52.112.0.5").code == 1


def test_an_unreadable_store_does_not_fall_back_to_older_lists(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "data" / "perimeter365").mkdir(parents=True)
    (tmp_path / "data" / "perimeter365" / "store.sqlite").write_text("no database")
    ran = cli("lookup", "52.112.0.5")
    assert (ran.code != 0, ran.out) == (True, "")
    assert "store.sqlite" in ran.err


def test_the_json_follows_the_contract(cli: Cli) -> None:
    ran = cli("lookup", "--json", "--cloud", "worldwide", "52.112.0.5")
    (answer,) = json.loads(ran.out)
    assert (ran.code, answer["value"], answer["kind"]) == (0, "52.112.0.5", "address")
    assert answer["matches"][0] == {
        "id": "ws/worldwide/11",
        "cloud": "worldwide",
        "scenario": "teams",
        "direction": "outbound",
        "category": "optimize",
        "matched": "52.112.0.0/14",
        "as": "destination",
    }


def test_several_values_are_answered_in_order(cli: Cli) -> None:
    ran = cli("lookup", "--json", "aka.ms", "192.0.2.1", "aka.ms")
    assert [a["value"] for a in json.loads(ran.out)] == ["aka.ms", "192.0.2.1", "aka.ms"]
    assert ran.code == 0


def test_nothing_found_is_exit_1_with_a_note(cli: Cli) -> None:
    ran = cli("lookup", "192.0.2.1")
    assert ran.code == 1
    assert "in no endpoint set and no row of worldwide, gcchigh, dod, china, france, germany, germany-2021" in ran.out
    assert "documentation space" in ran.out


def test_an_invalid_argument_is_exit_2_before_anything_is_printed(cli: Cli) -> None:
    ran = cli("lookup", "52.112.0.5", "300.1.1.1")
    assert (ran.code, ran.out) == (2, "")
    assert "error[P365-PREFIX]" in ran.err


def test_stdin_gives_one_object_per_line_and_invalid_lines_are_reported(cli: Cli) -> None:
    ran = cli("lookup", "--json", "-", stdin="52.112.0.5\r\nno value\n\ufeffaka.ms\n".encode())
    assert [json.loads(line)["value"] for line in ran.out.splitlines()] == ["52.112.0.5", "aka.ms"]
    assert ran.code == 2
    assert "'no value' is not an address, prefix, host or URL" in ran.err


def test_no_control_character_reaches_the_terminal(cli: Cli) -> None:
    ran = cli("lookup", "-", stdin=b"https://aka.ms/\x1b[31mred\n\x9b31m.example.com\n")
    assert ran.code == 2
    assert "\x1b" not in ran.out + ran.err
    assert "\x9b" not in ran.out + ran.err


def test_another_catalog_answers_from_its_own_facts(cli: Cli) -> None:
    assert cli("--catalog", str(FACTS), "lookup", "52.112.0.5").out == cli("lookup", "52.112.0.5").out
    assert cli("lookup", "--catalog", "no-such-folder", "52.112.0.5").code == 2


def test_the_text_has_direction_ports_paths_and_retirement() -> None:
    index = Index.embedded()
    text = to_text(index.lookup("40.96.0.1", ["worldwide"]), ["worldwide"])
    assert "outbound to 40.96.0.0/13   tcp 80,443, udp 443; optimize" in text
    assert "inbound from 40.96.0.0/13" in text
    assert "only /EWS/mrsproxy.svc" in text
    assert "retired 2021-07-31" in to_text(index.lookup("52.112.0.5", ["worldwide"]), ["worldwide"])


def test_a_partly_contained_prefix_lists_the_entries(cli: Cli) -> None:
    ran = cli("lookup", "52.112.0.0/13", "--cloud", "worldwide")
    assert ran.code == 1
    assert "partly contained in" in ran.out
    assert "52.112.0.0/14" in ran.out


def test_the_age_of_the_catalog_is_on_stderr_only(cli: Cli) -> None:
    assert "days old" not in cli("lookup", "aka.ms").out
    assert cli("--quiet", "lookup", "aka.ms").err == ""


def test_main_reads_the_arguments_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["perimeter365", "lookup", "aka.ms"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("aka.ms\n")


def test_a_name_that_is_only_explained_is_exit_1(cli: Cli) -> None:
    ran = cli("lookup", "e7.akamaiedge.net", "--cloud", "worldwide")
    assert ran.code == 1
    assert "in no endpoint set and no row" in ran.out
    assert "names/akamai" in ran.out
    assert "an allow list does not need it" in ran.out
    assert "managing-office-365-endpoints (2022-05-18, high confidence)" in ran.out
    ran = cli("lookup", "e7.akamaiedge.net", "--json")
    assert ran.code == 1
    (answer,) = json.loads(ran.out)
    assert answer["matches"] == []
    assert [name["id"] for name in answer["explained"]] == ["names/akamai"]


def test_a_listed_name_of_a_delivery_network_is_found_and_explained(cli: Cli) -> None:
    ran = cli("lookup", "ajax.aspnetcdn.com")
    assert ran.code == 0
    assert "ws/worldwide/91" in ran.out
    assert "others may share them" in ran.out
    assert "share" not in cli("lookup", "outlook.office365.com").out


def test_brief_lines_have_no_ports(cli: Cli) -> None:
    long, short = (cli("lookup", "40.96.0.1", "--cloud", "worldwide", *words).out for words in ([], ["--brief"]))
    assert "tcp 443" in long
    assert "tcp" not in short
    assert [line.split()[0] for line in short.splitlines()] == [line.split()[0] for line in long.splitlines()]
    assert max(map(len, short.splitlines())) < max(map(len, long.splitlines())) - 20
