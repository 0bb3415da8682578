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
    lines = [line.split() for line in imported("history", value).out.splitlines()[2:]]
    assert lines == [
        ["*.old.example.net", "ws/worldwide/72", "2030010600", "2030030300"],
        ["*.old.example.net", "ws/worldwide/72", "2030050500", "still", "listed"],
    ]


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
