"""`changes`: change records in the format of the web service."""

import json

from tests.cli.conftest import Cli


def test_the_records_after_a_version_are_printed(imported: Cli) -> None:
    found = json.loads(imported("changes", "2030040700").out)
    assert [(r["endpointSetId"], r["disposition"], r["version"]) for r in found] == [
        (11, "Change", "2030050500"),
        (72, "Add", "2030050500"),
    ]
    assert found[0]["remove"] == {"ips": ["131.107.113.192/26"]}
    assert found[1]["add"] == {"urls": ["*.old.example.net"]}


def test_all_are_printed_without_a_version(imported: Cli) -> None:
    found = json.loads(imported("changes").out)
    assert {r["version"] for r in found} == {"2030030300", "2030040700", "2030050500"}
    assert found == json.loads(imported("changes", "0000000000", "--json").out)
    assert {r["version"] for r in json.loads(imported("changes", "2030030300", "--only").out)} == {"2030030300"}


def test_another_cloud_can_be_selected(imported: Cli) -> None:
    (record,) = json.loads(imported("changes", "--cloud", "china").out)
    assert record["add"] == {"ips": ["131.107.113.64/26"]}


def test_an_invalid_version_is_rejected(imported: Cli) -> None:
    ran = imported("changes", "2030")
    assert (ran.code, "'2030' is not a version of ten digits" in ran.err) == (2, True)


def test_without_a_store_there_is_nothing_to_compare(cli: Cli) -> None:
    assert cli("changes").code == 2
