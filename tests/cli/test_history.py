"""`history`: when a value was added and removed."""

import json

import pytest

from tests.cli.conftest import Cli


def test_the_json_follows_the_contract(imported: Cli) -> None:
    ran = imported("history", "131.107.113.192/26", "--json")
    assert (ran.code, json.loads(ran.out)) == (
        0,
        [
            {
                "value": "131.107.113.192/26",
                "cloud": "worldwide",
                "id": "ws/worldwide/11",
                "from": "2030030300",
                "to": "2030050500",
            }
        ],
    )


@pytest.mark.parametrize("value", ["*.old.example.net", "www.old.example.net", "https://www.old.example.net/x"])
def test_a_value_that_was_listed_again_has_two_lines(value: str, imported: Cli) -> None:
    table, _, picture = imported("history", value).out.partition("\n\n")
    lines = [line.split() for line in table.splitlines()[2:]]
    assert lines == [
        ["*.old.example.net", "ws/worldwide/72", "2030010600", "2030030300"],
        ["*.old.example.net", "ws/worldwide/72", "2030050500", "still", "listed"],
    ]
    # Not listed in March and April of the four months from 6 January to 5 May; the last column is the fifth version.
    (strip,) = picture.splitlines()[1:]
    cells = strip.split()[-1]
    assert set(cells) == {"█", "·"}
    assert (cells[0], cells[-1]) == ("█", "█")
    assert cells.strip("█") == "·" * cells.count("·")
    assert cells.count("·") == pytest.approx(len(cells) * 63 / 119, abs=2)


def test_other_entries_that_contain_it_and_its_parts_are_printed(imported: Cli) -> None:
    # 131.107.100.0/25 was listed first, then the /24 that contains it.
    ran = imported("history", "131.107.100.0/25")
    assert "Entries that contain 131.107.100.0/25\n" in ran.out
    assert "131.107.100.0/25 itself is no longer listed, but an entry that contains it still is" in ran.err
    whole = imported("history", "131.107.100.0/24").out
    assert "Parts of 131.107.100.0/24\n" in whole
    assert "131.107.100.128/25" in whole.partition("Parts of")[2]


def test_the_json_has_only_the_value_itself_if_it_was_listed(imported: Cli) -> None:
    found = json.loads(imported("history", "131.107.100.0/25", "--json").out)
    assert {each["value"] for each in found} == {"131.107.100.0/25"}


def test_for_a_name_under_a_pattern_the_pattern_is_printed(imported: Cli) -> None:
    ran = imported("history", "www.old.example.net")
    assert "Entries that contain www.old.example.net\n" in ran.out
    assert "www.old.example.net itself was never listed; the entries above contain it" in ran.err


def test_a_partly_listed_value_is_a_negative_result_with_the_parts(imported: Cli) -> None:
    ran = imported("history", "131.107.96.0/20")
    assert ran.code == 1
    assert "131.107.100.0/24" in ran.out
    assert "no stored version contains the whole of 131.107.96.0/20, but parts of it are or were listed" in ran.err


def test_an_ascii_terminal_gets_ascii(imported: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perimeter365.cli._settings.Settings.can_print", lambda self, characters: False)
    assert imported("history", "*.old.example.net").out.isascii()


def test_an_address_is_answered_in_every_cloud_or_one(imported: Cli) -> None:
    both = json.loads(imported("history", "131.107.113.1", "--json").out)
    assert {each["cloud"] for each in both} == {"worldwide", "china"}
    one = json.loads(imported("history", "131.107.113.1", "--cloud", "china", "--json").out)
    assert [each["value"] for each in one] == ["131.107.113.0/26"]


def test_a_value_that_was_never_listed_is_a_negative_result(imported: Cli) -> None:
    ran = imported("history", "8.8.8.8", "--json")
    assert (ran.code, json.loads(ran.out)) == (1, [])
    assert "no stored version contains 8.8.8.8" in imported("history", "8.8.8.8").err


@pytest.mark.parametrize("value", ["300.1.1.1", "10.0.0.1/8", "no host", "nothing"])
def test_an_invalid_value_is_rejected(value: str, imported: Cli) -> None:
    assert imported("history", value).code == 2


def test_without_a_store_the_error_explains_how_to_get_one(cli: Cli) -> None:
    ran = cli("history", "131.107.113.1")
    assert (ran.code, "perimeter365 sync" in ran.err) == (2, True)
