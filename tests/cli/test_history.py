"""`history`: when a value came and went."""

import json

import pytest

from tests.cli.conftest import Cli


def test_the_json_is_the_contracts(imported: Cli) -> None:
    ran = imported("history", "203.0.113.192/26", "--json")
    assert (ran.code, json.loads(ran.out)) == (
        0,
        [
            {
                "value": "203.0.113.192/26",
                "cloud": "worldwide",
                "id": "ws/worldwide/11",
                "from": "2030030300",
                "to": "2030050500",
            }
        ],
    )


@pytest.mark.parametrize("value", ["*.old.example.net", "www.old.example.net", "https://www.old.example.net/x"])
def test_what_went_and_came_back_has_two_lines(value: str, imported: Cli) -> None:
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


def test_what_held_it_besides_and_its_parts_are_told(imported: Cli) -> None:
    # 198.51.100.0/25 was listed at first; then the /24 was, which holds it.
    ran = imported("history", "198.51.100.0/25")
    assert "What holds 198.51.100.0/25\n" in ran.out
    assert "198.51.100.0/25 is not listed by itself any more, but what holds it still is" in ran.err
    whole = imported("history", "198.51.100.0/24").out
    assert "Parts of 198.51.100.0/24\n" in whole
    assert "198.51.100.128/25" in whole.partition("Parts of")[2]


def test_the_json_is_of_the_value_itself_where_it_was_ever_listed(imported: Cli) -> None:
    found = json.loads(imported("history", "198.51.100.0/25", "--json").out)
    assert {each["value"] for each in found} == {"198.51.100.0/25"}


def test_a_name_under_a_pattern_is_told_so(imported: Cli) -> None:
    ran = imported("history", "www.old.example.net")
    assert "What holds www.old.example.net\n" in ran.out
    assert "www.old.example.net was never listed by itself; this is what holds it" in ran.err


def test_what_was_listed_in_parts_is_a_negative_answer_with_the_parts(imported: Cli) -> None:
    ran = imported("history", "198.51.0.0/16")
    assert ran.code == 1
    assert "198.51.100.0/24" in ran.out
    assert "198.51.0.0/16 as a whole is in none of the stored versions; parts of it are or were" in ran.err


def test_a_terminal_of_few_characters_gets_ascii(imported: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perimeter365.cli._settings.Settings.draws", lambda self, characters: False)
    assert imported("history", "*.old.example.net").out.isascii()


def test_an_address_is_answered_in_every_cloud_or_one(imported: Cli) -> None:
    both = json.loads(imported("history", "203.0.113.1", "--json").out)
    assert {each["cloud"] for each in both} == {"worldwide", "china"}
    one = json.loads(imported("history", "203.0.113.1", "--cloud", "china", "--json").out)
    assert [each["value"] for each in one] == ["203.0.113.0/26"]


def test_what_was_never_listed_is_a_negative_answer(imported: Cli) -> None:
    ran = imported("history", "8.8.8.8", "--json")
    assert (ran.code, json.loads(ran.out)) == (1, [])
    assert "8.8.8.8 is in none of the stored versions" in imported("history", "8.8.8.8").err


@pytest.mark.parametrize("value", ["300.1.1.1", "10.0.0.1/8", "no host", "nothing"])
def test_what_is_no_value_is_refused(value: str, imported: Cli) -> None:
    assert imported("history", value).code == 2


def test_without_a_store_it_says_how_to_get_one(cli: Cli) -> None:
    ran = cli("history", "203.0.113.1")
    assert (ran.code, "perimeter365 sync" in ran.err) == (2, True)
