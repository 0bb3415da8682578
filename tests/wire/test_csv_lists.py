"""The CSV of the web service."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.wire import csv_lists, write

W = Cloud.WORLDWIDE


def rows(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode(), newline=""), strict=True))


def record(**rest: Any) -> ChangeRecord:
    return ChangeRecord(id=3, endpoint_set=11, disposition="Change", version=Version("2023082900"), **rest)


def test_the_example_of_the_documentation() -> None:
    assert csv_lists.versions({W: ("2018063000", ())}) == b"instance,latest\nWorldwide,2018063000\n"


def test_a_list_has_the_documented_columns_and_one_cell_for_each_list() -> None:
    sets = [s for s in embedded().endpoint_sets(W) if s.id < 9000]
    body = csv_lists.endpoints(reversed(sets))
    header = "id,serviceArea,serviceAreaDisplayName,urls,ips,tcpPorts,udpPorts,expressRoute,category,required,notes"
    assert body.decode().splitlines()[0] == header
    for row, each in zip(rows(body), sets, strict=True):
        item = write.endpoint_set(each)
        assert row == {k: ",".join(v) if isinstance(v, list) else str(v) for k, v in item.items()}


def test_the_columns_of_changes_are_the_keys_of_the_json_with_the_outer_key() -> None:
    made = record(
        impact="AddedIp",
        previous={"tcpPorts": "443", "required": False},
        current={"tcpPorts": "80,443", "required": True},
        effective=date(2023, 9, 29),
        added_prefixes=("192.0.2.0/24", "2001:db8::/32"),
        removed_hosts=("a.example.com",),
    )
    (row,) = rows(csv_lists.changes([made]))
    assert {key: value for key, value in row.items() if value} == {
        "id": "3",
        "endpointSetId": "11",
        "disposition": "Change",
        "impact": "AddedIp",
        "version": "2023082900",
        "previous.required": "False",
        "previous.tcpPorts": "443",
        "current.required": "True",
        "current.tcpPorts": "80,443",
        "add.effectiveDate": "20230929",
        "add.ips": "192.0.2.0/24,2001:db8::/32",
        "remove.urls": "a.example.com",
    }
    assert rows(csv_lists.changes([])) == []


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", '=HYPERLINK("http://a")'])
def test_no_cell_begins_like_a_formula(text: str) -> None:
    (row,) = rows(csv_lists.changes([record(current={"notes": text})]))
    assert row["current.notes"] == f"'{text}"


@pytest.mark.parametrize("text", ["\t=1", "\r=1", "\n\r\x0b=1", "\0=1", "\u2028=1"])
def test_no_line_begins_inside_of_a_cell(text: str) -> None:
    body = csv_lists.changes([record(current={"notes": text})])
    assert len(body.decode().splitlines()) == 2
    (row,) = rows(body)
    assert row["current.notes"] == "'=1"


@pytest.mark.parametrize("text", ['a"b', "a,b", "*.example.com"])
def test_other_text_is_read_back_as_it_was(text: str) -> None:
    (row,) = rows(csv_lists.changes([record(current={"notes": text})]))
    assert row["current.notes"] == text
