"""`versions`: the stored versions."""

import json

from tests.cli.conftest import Cli


def test_without_a_store_there_is_none(cli: Cli) -> None:
    ran = cli("versions", "--json")
    assert (ran.code, json.loads(ran.out)) == (0, [])
    assert "no version has been synced or imported yet" in cli("versions").err


def test_the_json_follows_the_contract_oldest_first(imported: Cli) -> None:
    found = json.loads(imported("versions", "--json").out)
    assert [(v["version"], v["cloud"]) for v in found] == [
        ("2030010600", "worldwide"),
        ("2030020100", "china"),
        ("2030020300", "worldwide"),
        ("2030030300", "worldwide"),
        ("2030040700", "worldwide"),
        ("2030042900", "china"),
        ("2030050500", "worldwide"),
    ]
    assert found[0] == {
        "cloud": "worldwide",
        "version": "2030010600",
        "origin": "recorded",
        "recorded": "2030-01-06",
        "hash": found[2]["hash"],  # the second list is the first in another order
    }
    assert found[1]["recorded"] is None


def test_one_cloud_can_be_selected(imported: Cli) -> None:
    assert {v["cloud"] for v in json.loads(imported("versions", "--cloud", "China", "--json").out)} == {"china"}
    ran = imported("versions", "--cloud", "chin")
    assert (ran.code, "did you mean 'china'" in ran.err) == (2, True)


def test_the_table_marks_the_version_in_force(synced: Cli) -> None:
    lines = [line.split() for line in synced("versions").out.splitlines()]
    assert [line[1] for line in lines if line[-2:] == ["in", "force"]] == ["2031010102"]
    synced("pin", "2030030300")
    lines = [line.split() for line in synced("versions").out.splitlines()]
    assert [line[1] for line in lines if line[-1] == "pinned"] == ["2030030300"]
    assert not [line for line in lines if line[-2:] == ["in", "force"]]


def test_another_store_can_be_named(imported: Cli) -> None:
    assert json.loads(imported("versions", "--json", "--store", "other.sqlite").out) == []
    assert imported("--store", "sqlite:///other.sqlite", "import", "history", "nowhere").code == 2


def test_only_the_newest_or_those_in_force_can_be_listed(synced: Cli) -> None:
    def listed(*words: str) -> list[str]:
        return [v["version"] for v in json.loads(synced("versions", "--json", *words).out)]

    assert listed("--last", "1") == ["2030042900", "2030050500"]  # the newest by the day on which they were seen
    assert listed("--last", "2", "--cloud", "china") == ["2030020100", "2030042900"]
    assert listed("--in-force") == ["2031010102"]
    synced("pin", "2030030300")
    assert listed("--in-force", "--last", "5") == ["2030030300"]
    assert synced("versions", "--in-force").out.splitlines()[-1].endswith("pinned")


def test_imported_versions_are_not_in_force(imported: Cli) -> None:
    ran = imported("versions", "--in-force")
    assert (ran.code, ran.out) == (0, "")
    assert "no stored version is in force" in ran.err
