"""Reader of the web service's JSON: recorded responses are accepted, and every fault of the test server is rejected."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import NotJsonError, TruncatedError, UpstreamDataError, UpstreamError
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.decode import decode
from perimeter365.model.reading import HELP
from perimeter365.sources.embedded import embedded
from perimeter365.wire import write
from perimeter365.wire.read import (
    MOST_CHANGED,
    MOST_ENTRIES,
    MOST_RECORDS,
    MOST_SETS,
    UnknownSet,
    parse_changes,
    parse_endpoints,
    parse_version,
    parse_versions,
    read_endpoints,
)
from tests.upstream.bodies import FAULTY_BODIES, encode, honest
from tests.wire import worst

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "web-service"


@pytest.mark.parametrize("cloud", [c for c in CLOUDS if c.closed is None])
def test_a_valid_list_reads_back_as_the_original_sets(cloud: Cloud) -> None:
    want = tuple(s for s in embedded().endpoint_sets(cloud) if s.id < 9000)
    assert parse_endpoints(encode(honest(cloud)), cloud) == want


def test_every_recorded_response_is_read_with_all_its_sets_and_entries() -> None:
    files = sorted(p for p in DATA.rglob("*.json") if p.read_bytes().lstrip().startswith(b"["))
    if not files:
        pytest.skip("the reference data folder is not here")
    for path in files:
        cloud = next((c for c in CLOUDS if c.instance in str(path)), Cloud.WORLDWIDE)
        raw = json.loads(path.read_text("utf-8"))
        answer = read_endpoints(path.read_bytes(), cloud)
        assert [s.id for s in answer.sets] == sorted(item["id"] for item in raw), path
        assert sum(len(s.hosts) for s in answer.sets) == sum(len(set(item.get("urls", []))) for item in raw), path
        assert sum(len(s.listed) for s in answer.sets) == sum(len(item.get("ips", [])) for item in raw), path
        assert answer.unknown == {}, path


@pytest.mark.parametrize("case", FAULTY_BODIES)
def test_a_faulty_body_is_rejected(case: str) -> None:
    body = FAULTY_BODIES[case](honest())
    assert body != encode(honest())
    with pytest.raises(UpstreamError) as caught:
        parse_endpoints(body, Cloud.WORLDWIDE)
    assert type(caught.value) in (NotJsonError, TruncatedError, UpstreamDataError)
    assert caught.value.exit_code == 3
    assert len(caught.value.message) < 1000
    assert "\x1b" not in caught.value.message
    if case.startswith("field-"):
        assert caught.value.message.startswith("[0]")
        assert case.split("-")[1] in caught.value.message


@pytest.mark.parametrize(
    ("case", "kind"),
    [
        ("truncated-json", TruncatedError),
        ("truncated-in-a-text", TruncatedError),
        ("empty-body", TruncatedError),
        ("html", NotJsonError),
        ("plain-words", NotJsonError),
        ("duplicate-key", UpstreamDataError),
        ("depth", UpstreamDataError),
    ],
)
def test_pages_truncated_and_invalid_data_have_different_errors(case: str, kind: type[UpstreamError]) -> None:
    with pytest.raises(kind) as caught:
        parse_endpoints(FAULTY_BODIES[case](honest()), Cloud.WORLDWIDE)
    assert type(caught.value) is kind


def test_the_position_of_an_invalid_prefix_is_reported() -> None:
    items = honest()
    items[2]["ips"] = ["52.96.0.0/14", "10.0.0.0/8"]
    with pytest.raises(UpstreamDataError, match=r"^\[2\]\.ips\[1\]: 10\.0\.0\.0/8 is private space \(RFC 1918\)$"):
        parse_endpoints(encode(items), Cloud.WORLDWIDE)


def test_unknown_keys_are_counted_and_change_nothing() -> None:
    items = [{**item, "color": "blue"} for item in honest()]
    answer = read_endpoints(encode(items), Cloud.WORLDWIDE)
    assert answer.unknown == {"color": len(items)}
    assert answer.sets == parse_endpoints(encode(honest()), Cloud.WORLDWIDE)


@pytest.mark.parametrize(
    "body",
    [
        {"instance": "Worldwide", "latest": "2018063000"},
        {"instance": "worldwide", "latest": "2018063000", "versions": ["2018063000", "2018062000"]},
        [{"instance": "China", "latest": "2018070000"}, {"instance": "Worldwide", "latest": "2018063000"}],
    ],
)
def test_the_documented_forms_of_version_are_read(body: object) -> None:
    assert parse_version(encode(body), Cloud.WORLDWIDE) == "2018063000"


@pytest.mark.parametrize(
    "body",
    [
        {"instance": "Worldwide", "latest": "9999999999"},
        {"instance": "Worldwide", "latest": "0000000000"},
        {"instance": "Worldwide", "latest": 2018063000},
        {"instance": "Worldwide", "latest": "20180630"},
        {"instance": "Worldwide", "latest": "२०१८०६३०००"},
        {"instance": "China", "latest": "2018063000"},
        {"latest": "2018063000"},
        [],
        None,
    ],
)
def test_an_invalid_version_is_rejected(body: object) -> None:
    with pytest.raises(UpstreamDataError):
        parse_version(encode(body), Cloud.WORLDWIDE)


def test_change_records_keep_upstreams_values() -> None:
    item = {
        "id": 426, "endpointSetId": 31, "disposition": "Change", "version": "2018062700", "impact": "AddedIp",
        "add": {"effectiveDate": "20180609", "ips": ["51.140.203.190/32"]}, "remove": {"urls": ["*.api.skype.com"]},
    }  # fmt: skip
    (record,) = parse_changes(encode([item]), Cloud.WORLDWIDE)
    assert write.change_record(record) == item


@pytest.mark.parametrize(
    "change",
    [
        {"disposition": "Swap"},
        {"version": "now"},
        {"add": {"ips": ["0.0.0.0/0"]}},
        {"add": {"effectiveDate": "20181341"}},
        {"remove": {"effectiveDate": 20180609}},
        {"impact": "rm -rf /"},
        {"previous": {"required": [1]}},
        {"id": "7"},
    ],
)
def test_an_invalid_change_record_is_rejected(change: dict[str, object]) -> None:
    item = {"id": 1, "endpointSetId": 31, "disposition": "Change", "version": "2018062700"} | change
    with pytest.raises(UpstreamDataError, match=r"^\[0\]"):
        parse_changes(encode([item]), Cloud.WORLDWIDE)


def test_the_list_of_instances_has_names_that_this_release_does_not_know() -> None:
    body = [{"instance": "Worldwide", "latest": "2026080200"}, {"instance": "NewLand", "latest": "2026110100", "more": 1}]
    assert parse_versions(json.dumps(body)) == {"Worldwide": "2026080200", "NewLand": "2026110100"}


@pytest.mark.parametrize(
    "body",
    [
        {"instance": "Worldwide", "latest": "2026080200"},
        [{"instance": "World\nwide", "latest": "2026080200"}],
        [{"instance": "W" * 32, "latest": "2026080200"}],
        [{"instance": "Worldwide", "latest": "9999999999"}],
        [{"instance": "Worldwide"}],
        [{"instance": name, "latest": "2026080200"} for name in ("Worldwide", "worldwide")],
        [{"instance": f"A{n}", "latest": "2026080200"} for n in range(101)],
    ],
    ids=range(7),
)
def test_an_invalid_list_of_instances_is_an_error(body: object) -> None:
    with pytest.raises(UpstreamDataError):
        parse_versions(json.dumps(body))


# --- unknown areas and categories


def test_sets_with_an_unknown_area_or_category_are_left_out_and_reported() -> None:
    items = honest()
    items[1]["serviceArea"] = "Gaming"
    items[3] |= {"category": "Everything"}
    items[4] |= {"serviceArea": "\x1b[31m\u202eNew" + "w" * 90, "category": "New"}
    answer = read_endpoints(encode(items), Cloud.WORLDWIDE)
    left = {items[n]["id"] for n in (1, 3, 4)}
    assert answer.sets == tuple(s for s in parse_endpoints(encode(honest()), Cloud.WORLDWIDE) if s.id not in left)
    assert answer.unreadable == (
        UnknownSet(id=items[1]["id"], key="serviceArea", word="Gaming"),
        UnknownSet(id=items[3]["id"], key="category", word="Everything"),
        UnknownSet(id=items[4]["id"], key="serviceArea", word="?[31m?New" + "w" * 31),
    )
    assert str(answer.unreadable[0]) == f"{items[1]['id']} (serviceArea 'Gaming')"
    assert left.isdisjoint(answer.wording)


@pytest.mark.parametrize("key", ["serviceArea", "category"])
def test_a_reader_of_sets_alone_rejects_unknown_words_with_their_position(key: str) -> None:
    items = honest()
    items[2][key] = "Gaming"
    with pytest.raises(UpstreamDataError, match=rf"^\[2\]\.{key}: 'Gaming' is not one of "):
        parse_endpoints(encode(items), Cloud.WORLDWIDE)


@pytest.mark.parametrize(
    "change",
    [
        {"ips": ["10.0.0.0/8"]},
        {"urls": ["*.com"]},
        {"urls": [], "ips": []},
        {"id": 1},
        {"required": "true"},
        {"serviceArea": ""},
        {"serviceArea": " "},
        {"serviceArea": None},
        {"serviceArea": ["Common"]},
        {"serviceArea": "x" * 2001},
    ],
)
def test_a_set_with_an_unknown_word_is_judged_like_any_other(change: dict[str, object]) -> None:
    items = honest()
    items[2] |= {"category": "Everything", **change}
    with pytest.raises(UpstreamDataError, match=r"^\[2\]"):
        read_endpoints(encode(items), Cloud.WORLDWIDE)


def test_a_list_of_unknown_sets_alone_is_rejected() -> None:
    items = [{**item, "serviceArea": "Gaming"} for item in honest()]
    with pytest.raises(
        UpstreamDataError, match=r"no endpoint set that this release can read: set 1 \(serviceArea 'Gaming'\)"
    ):
        read_endpoints(encode(items), Cloud.WORLDWIDE)


# --- limits


@pytest.mark.parametrize("shape", worst.lists())
def test_the_slowest_lists_within_the_limits_are_read_in_time(shape: str) -> None:
    """P4 gives a sync of seven clouds ten seconds of CPU time; 0.3 seconds were measured for each list."""
    body = encode(worst.lists()[shape])
    assert worst.measured(body, read_endpoints) < 3


def test_the_slowest_change_records_within_the_limits_are_read_in_time() -> None:
    assert worst.measured(encode(worst.changes()), parse_changes) < 5


def test_everything_is_counted_before_an_entry_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[object] = []
    monkeypatch.setattr("perimeter365.wire.read.decode", _recording(parsed))
    sets = worst.spread(MOST_SETS + 1, MOST_SETS + 1)
    names = worst.spread(MOST_ENTRIES + 1, 1)
    records = worst.changes(MOST_RECORDS + 1, MOST_RECORDS + 1)
    prefixes = worst.changes(1000, MOST_CHANGED + 1000)
    for body, read, problem in (
        (sets, read_endpoints, f"has {MOST_SETS + 1} sets, more than {MOST_SETS}"),
        (names, read_endpoints, f"has {MOST_ENTRIES + 1} entries, more than {MOST_ENTRIES}"),
        (records, parse_changes, f"have {MOST_RECORDS + 1} records, more than {MOST_RECORDS}"),
        (prefixes, parse_changes, f"have {MOST_CHANGED + 1000} entries, more than {MOST_CHANGED}"),
    ):
        with pytest.raises(UpstreamDataError, match=problem):
            read(encode(body), Cloud.WORLDWIDE)
    assert parsed == [list] * 4  # only the whole document, to see that it is a list


def _recording(parsed: list[object]) -> Callable[..., object]:
    def decoded(place: str, read: Any, value: object, kind: Any) -> object:
        parsed.append(type(value))
        return decode(place, read, value, kind)

    return decoded


def test_no_recorded_list_is_near_the_limits() -> None:
    largest = [read_endpoints(path.read_bytes(), Cloud.WORLDWIDE).sets for path in DATA.rglob("Worldwide/2018080200.json")]
    if not largest:
        pytest.skip("the reference data folder is not here")
    assert [len(sets) for sets in largest] == [125]
    assert sum(len(s.hosts) + len(s.listed) for s in largest[0]) * 2 < MOST_ENTRIES


@pytest.mark.parametrize("depth", [100, 900, 950, 5000])
def test_nested_values_in_place_of_a_name_are_an_error_at_any_depth(depth: int) -> None:
    body = b'[{"instance": ' + b"[" * depth + b"]" * depth + b', "latest": "2026080200"}]'
    for read in (lambda: parse_version(body, Cloud.WORLDWIDE), lambda: parse_versions(body)):
        with pytest.raises(UpstreamDataError) as caught:
            read()
        assert caught.value.help != HELP
