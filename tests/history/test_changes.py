"""Change records: upstream's own if they exist, else computed ones in upstream's format."""

from datetime import date

import pytest

from perimeter365.errors import InputError
from perimeter365.history.changes import changes, compute_records
from perimeter365.history.load import read_recorded_lists
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.host import HostPattern
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.store.store import Store
from perimeter365.wire import write
from perimeter365.wire.names import ATTRIBUTES
from tests.history import oracle
from tests.history.test_diff import endpoint_set

WORLDWIDE = Cloud.WORLDWIDE
IMPACTS = (
    "AddedIp",
    "AddedUrl",
    "AddedIpAndUrl",
    "AddedSubstituteUrl",
    "RemovedIpOrUrl",
    "ChangedIsExpressRoute",
    "MovedIpOrUrl",
    "RemovedDuplicateIpOrUrl",
    "OtherNonPriorityChanges",
)
"""The impacts that Microsoft documents; see model/change.py for the page."""
A, B, C = (HostPattern(f"{x}.example.com") for x in "abc")


def impact(old: list[EndpointSet], new: list[EndpointSet], number: int) -> str:
    states = [
        State(cloud=WORLDWIDE, version=Version(version), origin="recorded", sets=tuple(sets))
        for version, sets in (("2030010100", old), ("2030020100", new))
    ]
    return next(r.impact for r in compute_records(states, {}) if r.endpoint_set == number)


def test_the_impact_has_microsofts_meaning() -> None:
    # By the meaning that Microsoft gives each impact (see model/change.py for the page).
    one = endpoint_set(1, hosts=(A,), listed=["131.107.2.0/24"])
    assert impact([one], [endpoint_set(1, hosts=(A,), listed=["131.107.2.0/24", "131.107.100.0/24"])], 1) == "AddedIp"
    assert impact([one], [endpoint_set(1, hosts=(A, B), listed=["131.107.2.0/24"])], 1) == "AddedUrl"
    assert impact([one], [endpoint_set(1, hosts=(A, B), listed=["131.107.100.0/24"])], 1) == "AddedIpAndUrl"
    assert impact([one], [one, endpoint_set(2, hosts=(B,))], 2) == "AddedUrl"
    assert impact([one], [endpoint_set(1, hosts=(A,))], 1) == "RemovedIpOrUrl"
    express = endpoint_set(1, hosts=(A,), listed=["131.107.2.0/24"], express_route=False)
    assert impact([one], [express], 1) == "ChangedIsExpressRoute"
    other = endpoint_set(1, hosts=(A,), listed=["131.107.2.0/24"], category="allow")
    assert impact([one], [other], 1) == "OtherNonPriorityChanges"


def test_a_move_and_a_duplicate_differ_from_a_removal() -> None:
    both, a, b = endpoint_set(1, hosts=(A, B)), endpoint_set(1, hosts=(A,)), endpoint_set(2, hosts=(C,))
    moved = endpoint_set(2, hosts=(B, C))
    assert impact([both, b], [a, moved], 1) == "MovedIpOrUrl"
    assert impact([both, b], [a, moved], 2) == "MovedIpOrUrl"
    assert impact([both, moved], [a, moved], 1) == "RemovedDuplicateIpOrUrl"
    assert impact([both, b], [both, moved], 2) == "AddedUrl", "set 2 has other ports"


def test_records_have_upstreams_format_and_match_the_files(store: Store, recorded: tuple[State, ...]) -> None:
    store.add(recorded)
    found = [write.change_record(record) for record in changes(store, WORLDWIDE)]
    order = ["id", "endpointSetId", "disposition", "impact", "version", "previous", "current", "add", "remove"]
    lists = oracle.series()
    for record in found:
        assert list(record) == [key for key in order if key in record]
        assert record["impact"] in IMPACTS
        assert set(record.get("previous", {})) | set(record.get("current", {})) <= set(ATTRIBUTES)
        (at,) = [i for i, (version, _) in enumerate(lists) if version == record["version"]]
        number = record["endpointSetId"]
        old, new = (lists[i][1].get(number, {}) for i in (at - 1, at))
        for key in ("urls", "ips"):
            assert set(record.get("add", {}).get(key, ())) == set(new.get(key, ())) - set(old.get(key, ()))
            assert set(record.get("remove", {}).get(key, ())) == set(old.get(key, ())) - set(new.get(key, ()))
        assert record["disposition"] == ("Add" if not old else "Remove" if not new else "Change")
    assert [r["version"] for r in found] == ["2030030300"] * 4 + ["2030040700"] * 4 + ["2030050500"] * 2
    ids = [r["id"] for r in found]
    assert ids == sorted(set(ids))


def test_changed_attributes_have_both_values(store: Store, recorded: tuple[State, ...]) -> None:
    store.add(recorded)
    found = {r.endpoint_set: write.change_record(r) for r in changes(store, WORLDWIDE, "2030040700", only=True)}
    assert found[56]["previous"] == {"category": "Allow", "required": True}
    assert found[56]["current"] == {"category": "Default", "required": False}
    assert found[1]["previous"] == {"expressRoute": True}
    assert found[11]["current"] == {"udpPorts": "3478-3481,50000"}
    assert "previous" not in found[90]
    assert found[90]["current"] == {
        "expressRoute": True,
        "serviceArea": "SharePoint",
        "category": "Optimize",
        "required": True,
        "tcpPorts": "443",
    }


def test_since_means_after_and_only_means_that_one(store: Store, recorded: tuple[State, ...]) -> None:
    store.add(recorded)
    assert {r.version for r in changes(store, WORLDWIDE, "2030030300")} == {"2030040700", "2030050500"}
    assert {r.version for r in changes(store, WORLDWIDE, "2030030299")} >= {"2030030300"}
    assert {r.version for r in changes(store, WORLDWIDE, "2030030300", only=True)} == {"2030030300"}
    assert changes(store, WORLDWIDE, "2030050500") == ()
    numbers = {(r.version, r.endpoint_set): r.id for r in changes(store, WORLDWIDE)}
    late = changes(store, WORLDWIDE, "2030040700")
    assert all(numbers[r.version, r.endpoint_set] == r.id for r in late), "numbers do not depend on `since`"


@pytest.mark.parametrize("since", ["2023", "20300303001", "２０３００３０３００", "latest", ""])
def test_a_version_has_ten_digits(since: str, store: Store) -> None:
    with pytest.raises(InputError, match="is not a version of ten digits"):
        changes(store, WORLDWIDE, since)


def test_upstreams_own_records_are_handed_out_as_they_were(store: Store, recorded: tuple[State, ...]) -> None:
    own = ChangeRecord(
        id=3,
        endpoint_set=11,
        disposition="Change",
        impact="AddedSubstituteUrl",
        version=Version("2030030300"),
        current={"notes": "a note of upstream's"},
        effective=date(2030, 4, 1),
        added_prefixes=("131.107.113.192/26",),
    )
    for state in recorded[:2]:
        store.commit(state)
    store.commit(recorded[2], records=[own])
    store.commit(recorded[3])
    found = changes(store, WORLDWIDE)
    assert [r for r in found if r.version == "2030030300"] == [own], "a version with upstream's record has no computed ones"
    assert 3 not in [r.id for r in found if r != own]


def test_a_record_has_a_day_only_if_upstream_announced_one(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(recorded[0])
    store.commit(recorded[2], effective={(11, "131.107.113.192/26"): date(2030, 4, 1)})
    days = {r.endpoint_set: write.change_record(r).get("add", {}).get("effectiveDate") for r in changes(store, WORLDWIDE)}
    assert days == {1: None, 11: "20300401", 56: None, 72: None}


def test_the_records_of_the_real_series_add_up_to_its_states(tmp_path: object) -> None:
    folder = oracle.reference("history")
    lists = oracle.series(folder)
    with Store(f"{tmp_path}/store.sqlite") as store:
        store.add(read_recorded_lists(folder)[0])
        found = changes(store, WORLDWIDE)
    have = {key: oracle.entries(lists[0][1], key) for key in ("urls", "ips")}
    for record in found:
        made = write.change_record(record)
        for key in ("urls", "ips"):
            have[key] -= {(record.endpoint_set, v) for v in made.get("remove", {}).get(key, ())}
            have[key] |= {(record.endpoint_set, v) for v in made.get("add", {}).get(key, ())}
    assert have == {key: oracle.entries(lists[-1][1], key) for key in ("urls", "ips")}
