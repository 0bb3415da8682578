"""Writer of the web service's JSON: byte for byte like the service, and readable as the original."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import InputError
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.wire import read, write
from perimeter365.wire.names import ATTRIBUTES, CHANGE_RECORD, ENDPOINT_SET, VERSION

W = Cloud.WORLDWIDE
ROOT = Path(__file__).resolve().parents[2]
SMALL = Path(__file__).parent / "data" / "endpoints-small.json"
"""Written by hand in the form of a recorded response, with text that the model does not contain: order, ports, prose."""

SERIES = ROOT / "tests" / "history" / "data" / "series"
REFERENCE = ROOT.parent / "shared" / "data" / "web-service"

# The two records of the example in Microsoft's documentation of the web service, complete except for a shortened list.
DOCUMENTED = """[
  {"id": 424, "endpointSetId": 32, "disposition": "Change", "version": "2018062700",
   "remove": {"urls": ["*.api.skype.com", "skypegraph.skype.com"]}},
  {"id": 426, "endpointSetId": 31, "disposition": "Change", "version": "2018062700",
   "add": {"effectiveDate": "20180609", "ips": ["51.140.203.190/32"]}}
]"""


def recorded(folder: Path) -> list[Path]:
    """The recorded responses of /endpoints below a folder."""
    return sorted(p for p in folder.rglob("*.json") if p.read_bytes().lstrip().startswith(b"["))


def cloud_of(path: Path) -> Cloud:
    return next((c for c in CLOUDS if c.instance in str(path)), W)


def meaning(sets: tuple[EndpointSet, ...]) -> list[tuple[EndpointSet, tuple[str, ...]]]:
    """The sets with their listed entries, which are ignored when two sets are compared."""
    return [(s, s.listed) for s in sets]


def in_service_form(body: bytes) -> bytes:
    """A recorded response in the service's form, written independently: sorted by id, without empty keys."""
    items: list[dict[str, Any]] = json.loads(body)
    items.sort(key=lambda item: int(item["id"]))
    full = [{key: item[key] for key in ENDPOINT_SET if item.get(key, "") not in ("", [])} for item in items]
    return json.dumps(full, indent=2).encode("ascii")


def holds_its_laws(body: bytes, cloud: Cloud) -> None:
    answer = read.read_endpoints(body, cloud)
    want = meaning(answer.sets)
    assert meaning(read.parse_endpoints(write.endpoints(answer.sets), cloud)) == want
    again = read.read_endpoints(write.endpoints(answer.sets, answer.wording), cloud)
    assert meaning(again.sets) == want
    assert again.wording == answer.wording
    assert write.endpoints(answer.sets, answer.wording) == in_service_form(body)


def test_the_small_response_is_written_byte_for_byte() -> None:
    body = SMALL.read_bytes()
    answer = read.read_endpoints(body, W)
    assert write.endpoints(answer.sets, answer.wording) == body


def test_original_text_is_kept_as_wording() -> None:
    answer = read.read_endpoints(SMALL.read_bytes(), W)
    assert answer.wording == {
        2: {
            "urls": ["smtp.office365.com", "outlook.office365.com"],
            "tcpPorts": "143, 587, 993, 995",
            "notes": 'a client\'s caf\u00e9, "quoted" with a \\ and </script>',
        },
        11: {
            "serviceAreaDisplayName": "Skype for Business Online and Microsoft Teams",
            "udpPorts": "3478,3479,3480,3481",
        },
        78: {"urls": ["*.Microsoft.com", "*cdn.onenote.net"], "tcpPorts": "443,80"},
    }


def test_without_wording_the_canonical_form_is_written() -> None:
    answer = read.read_endpoints(SMALL.read_bytes(), W)
    items = json.loads(write.endpoints(answer.sets))
    assert items[1]["urls"] == ["outlook.office365.com", "smtp.office365.com"]
    assert items[1]["tcpPorts"] == "143,587,993,995"
    assert items[2]["serviceAreaDisplayName"] == "Microsoft Teams"
    assert items[2]["udpPorts"] == "3478-3481"
    assert items[3]["urls"] == ["*.microsoft.com", "*cdn.onenote.net"]
    assert not any("notes" in item for item in items)


def test_unknown_keys_and_another_order_are_lost() -> None:
    items = json.loads(SMALL.read_bytes())
    shuffled = [{"color": "blue", **dict(reversed(item.items()))} for item in reversed(items)]
    answer = read.read_endpoints(json.dumps(shuffled), W)
    assert answer.unknown == {"color": len(items)}
    assert write.endpoints(answer.sets, answer.wording) == SMALL.read_bytes()


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_embedded_list_reads_back_unchanged(cloud: Cloud) -> None:
    sets = tuple(s for s in embedded().endpoint_sets(cloud) if s.id < SYNTHETIC_ID)
    assert sets
    answer = read.read_endpoints(write.endpoints(reversed(sets)), cloud)
    assert meaning(answer.sets) == meaning(sets)
    assert answer.wording == {}
    assert answer.unknown == {}


@pytest.mark.parametrize("path", recorded(SERIES), ids=lambda p: p.stem)
def test_each_response_of_the_series_is_written_as_it_was_read(path: Path) -> None:
    holds_its_laws(path.read_bytes(), cloud_of(path))


def test_every_recorded_response_is_written_as_it_was_read() -> None:
    files = recorded(REFERENCE)
    if not files:
        pytest.skip("the reference data folder is not here")
    for path in files:
        try:
            holds_its_laws(path.read_bytes(), cloud_of(path))
        except AssertionError as error:
            raise AssertionError(path.name) from error


def test_the_raw_recorded_response_is_written_byte_for_byte() -> None:
    files = [path for path in recorded(REFERENCE) if "raw-bytes" in path.name]
    if not files:
        pytest.skip("the reference data folder is not here")
    for path in files:
        answer = read.read_endpoints(path.read_bytes(), W)
        assert write.endpoints(answer.sets, answer.wording) == path.read_bytes()
        assert {key for words in answer.wording.values() for key in words} == {"notes", "tcpPorts", "udpPorts"}


def test_a_set_with_a_synthetic_id_is_rejected() -> None:
    ours = next(s for s in embedded().endpoint_sets(W) if s.id >= SYNTHETIC_ID)
    with pytest.raises(InputError, match=f"worldwide/{ours.id} has no Microsoft id"):
        write.endpoints([ours])


def test_versions_have_the_documented_form() -> None:
    one = write.version(W, "2018063000")
    assert one == b'{\n  "instance": "Worldwide",\n  "latest": "2018063000"\n}'
    assert read.parse_version(one, W) == "2018063000"
    all_of_one = json.loads(write.version(W, "2018063000", ["2018063000", "2018062000"]))
    assert all_of_one == {"instance": "Worldwide", "latest": "2018063000", "versions": ["2018063000", "2018062000"]}
    assert list(all_of_one) == list(VERSION)
    many = write.versions({W: ("2018063000", ()), Cloud.CHINA: ("2018070100", ())})
    assert json.loads(many) == [
        {"instance": "Worldwide", "latest": "2018063000"},
        {"instance": "China", "latest": "2018070100"},
    ]
    assert read.parse_version(many, Cloud.CHINA) == "2018070100"


def test_no_changes_are_an_empty_list() -> None:
    assert write.changes([]) == b"[]"


def test_the_documented_change_records_are_written_unchanged() -> None:
    records = read.parse_changes(DOCUMENTED, W)
    items = json.loads(write.changes(records))
    assert items == json.loads(DOCUMENTED)
    assert [list(item) for item in items] == [list(item) for item in json.loads(DOCUMENTED)]
    assert read.parse_changes(write.changes(records), W) == records


def test_a_stored_change_record_reads_back_unchanged() -> None:
    full = ChangeRecord(
        id=3,
        endpoint_set=11,
        disposition="Change",
        impact="AddedIpAndUrl",
        version=Version("2023082900"),
        previous={"required": "True", "notes": ""},
        current={"required": False, "notes": "the operator's"},
        effective=date(2023, 9, 29),
        added_prefixes=("2603:1063::/38",),
        added_hosts=("a.example.com",),
        removed_prefixes=("0.0.0.0/0",),  # a removed prefix may be on the never-list
        removed_hosts=("b.example.com",),
    )
    item = write.change_record(full)
    assert list(item) == list(CHANGE_RECORD)
    assert item["previous"] == {"required": "True", "notes": ""}
    assert read.change_record(json.loads(json.dumps(item))) == full
    assert read.parse_changes(write.changes([full]), W) == (full,)


def test_attributes_are_in_the_services_order() -> None:
    record = ChangeRecord(
        id=1,
        endpoint_set=2,
        disposition="Change",
        version=Version("2030010600"),
        previous={"tcpPorts": "443", "expressRoute": False},
        current={"tcpPorts": "80,443", "expressRoute": True},
    )
    assert list(write.change_record(record)["previous"]) == ["expressRoute", "tcpPorts"]
    assert write.change_record(record)["previous"]["expressRoute"] is False, "false is not an empty value"


def test_only_the_requested_attributes_are_returned() -> None:
    first = embedded().endpoint_sets(W)[0]
    fields = ("udp", "tcp", "required", "category", "area", "express_route")
    assert list(write.attributes(first, fields)) == [key for key in ATTRIBUTES if key != "notes"]
    assert write.attributes(first, ["category"]) == {"category": "Optimize"}
    assert write.attributes(None, fields) == {}


def test_an_apostrophe_is_always_escaped() -> None:
    assert write.encode(["it's", "\\'"]) == b'[\n  "it\\u0027s",\n  "\\\\\\u0027"\n]'
    assert json.loads(write.encode(["it's", "\\'"])) == ["it's", "\\'"]
