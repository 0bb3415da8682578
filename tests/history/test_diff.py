"""Differences, their counts and their JSON, compared with counts directly from the files."""

import itertools
import random
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import InputError
from perimeter365.history.diff import Diff, Move, change_lines, diff, summary, to_dict
from perimeter365.history.load import read_recorded_lists
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet, listing
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.state import State
from perimeter365.model.version import Version
from tests.history import oracle


def endpoint_set(number: int = 1, **changes: Any) -> EndpointSet:
    made: dict[str, Any] = {
        "id": number,
        "cloud": Cloud.WORLDWIDE,
        "area": "exchange",
        "category": "optimize",
        "required": True,
        "express_route": True,
        "tcp": PortSet.parse("443"),
        "hosts": (HostPattern("a.example.com"),),
    }
    made |= changes
    if "listed" in made:
        made["listed"] = listing(made["listed"])
        made["prefixes"] = PrefixSet.parse(made["listed"])
    return EndpointSet(**made)


def between(old: Sequence[EndpointSet], new: Sequence[EndpointSet]) -> Diff:
    one, two = (
        State(cloud=Cloud.WORLDWIDE, version=Version(version), origin="recorded", sets=tuple(sets))
        for version, sets in (("2030010100", old), ("2030020100", new))
    )
    return diff(one, two)


# -- against the files -------------------------------------------------------------------------------------


def states(folder: Path) -> list[State]:
    found, _ = read_recorded_lists(folder)
    return sorted((s for s in found if s.cloud is Cloud.WORLDWIDE), key=lambda s: s.version)


def check(folder: Path) -> None:
    pairs = zip(itertools.pairwise(states(folder)), itertools.pairwise(oracle.series(folder)), strict=True)
    for (old, new), ((_, a), (version, b)) in pairs:
        forth, back = diff(old, new), diff(new, old)
        assert forth.counts.to_dict() == oracle.counts(a, b), version
        assert back.counts.to_dict() == oracle.counts(b, a), version
        for key, name in (("urls", "hosts"), ("ips", "prefixes")):
            added = {(c.set.id, v) for c in forth.changes for v in getattr(c, f"added_{name}")}
            assert added == oracle.entries(b, key) - oracle.entries(a, key), version


def test_the_small_series_counts_as_its_files_do() -> None:
    check(oracle.SERIES)


def test_the_real_series_counts_as_its_files_do() -> None:
    check(oracle.reference("history"))


def test_the_difference_with_2023082900_has_the_counts_of_upstreams_feed() -> None:
    item = oracle.reference("latest", "rss-item-2023082900.xml").read_text("utf-8")
    said = re.search(
        r"includes (\d+) changes\. IPs: (\d+) added and (\d+) removed\. "
        r"URLs: (\d+) added and (\d+) removed\. (\d+) other attributes changed",
        item,
    )
    assert said is not None
    folder = oracle.reference("history")
    (old,) = [s for s in states(folder) if s.version == "2023080600"]
    (new,) = [s for s in states(folder) if s.version == "2023090300"]
    assert tuple(diff(old, new).counts.to_dict().values()) == tuple(map(int, said.groups()))
    assert diff(old, new).counts.to_dict() == {
        "changes": 5,
        "ips_added": 4,
        "ips_removed": 4,
        "urls_added": 0,
        "urls_removed": 1,
        "attributes": 7,
    }


def test_the_flips_of_order_in_the_real_series_are_no_difference() -> None:
    flips = 0
    folder = oracle.reference("history")
    real = {s.version: s for s in states(folder)}
    for (_, a), (version, b) in itertools.pairwise(oracle.series(folder)):
        for number in (56, 59, 114):
            x, y = a.get(number, {}).get("urls"), b.get(number, {}).get("urls")
            if x and y and x != y and sorted(x) == sorted(y):
                flips += 1
                one = real[Version(version)]
                older = [v for v in real if v < version][-1]
                changed = {change.set.id for change in diff(real[older], one).changes}
                others = {k: v for k, v in a[number].items() if k not in ("urls", "notes")}
                if others == {k: v for k, v in b[number].items() if k not in ("urls", "notes")}:
                    assert number not in changed, version
    assert flips >= 3, "the series has no flip any more, so this test checks nothing"


def test_any_order_of_sets_entries_and_ports_is_no_difference(tmp_path: Path) -> None:
    import json

    random_ = random.Random(365)
    listed = json.loads((oracle.SERIES / "003-2030-03-03.json").read_text("utf-8"))
    (tmp_path / "001-2030-01-01.json").write_text(json.dumps(listed))
    for item in listed:
        for key in ("urls", "ips"):
            random_.shuffle(item.get(key, []))
        for key in ("tcpPorts", "udpPorts"):
            if key in item:
                ports = item[key].split(",")
                random_.shuffle(ports)
                item[key] = ", ".join(ports)
    random_.shuffle(listed)
    (tmp_path / "002-2030-01-02.json").write_text(json.dumps(listed))
    one, two = states(tmp_path)
    assert not diff(one, two)
    assert diff(one, two).counts.to_dict() == dict.fromkeys(diff(one, two).counts.to_dict(), 0)
    assert one.hash == two.hash


# -- attributes of a change ------------------------------------------------------------------------------------


def test_each_attribute_that_changes_is_named_with_both_values() -> None:
    changes: tuple[tuple[str, Any, tuple[object, object]], ...] = (
        ("tcp", PortSet.parse("80,443"), ("443", "80,443")),
        ("udp", PortSet.parse("3478-3481"), ("", "3478-3481")),
        ("category", "allow", ("optimize", "allow")),
        ("required", False, (True, False)),
        ("express_route", False, (True, False)),
        ("area", "common", ("exchange", "common")),
    )
    for name, new, pair in changes:
        (change,) = between([endpoint_set()], [endpoint_set(**{name: new})]).changes
        assert change.attributes == {name: pair}
        assert change.attribute_count == 1
        assert change.disposition == "change"


def test_a_new_set_and_a_lost_one_list_all_they_have() -> None:
    one, two = endpoint_set(1), endpoint_set(2, listed=["131.107.2.0/24"])
    (change,) = between([one], [one, two]).changes
    assert (change.disposition, change.added_hosts, change.added_prefixes) == (
        "add",
        ("a.example.com",),
        ("131.107.2.0/24",),
    )
    assert change.attributes["tcp"] == (None, "443")
    (change,) = between([one, two], [one]).changes
    assert (change.disposition, change.removed_prefixes) == ("remove", ("131.107.2.0/24",))
    assert change.attribute_count == 7


def test_an_entry_that_changes_its_set_has_moved() -> None:
    a, b = HostPattern("a.example.com"), HostPattern("b.example.com")
    old = [endpoint_set(1, hosts=(a, b)), endpoint_set(2, hosts=(HostPattern("c.example.com"),))]
    new = [endpoint_set(1, hosts=(a,)), endpoint_set(2, hosts=(b, HostPattern("c.example.com")))]
    found = between(old, new)
    assert found.moves == (Move(kind="host", value="b.example.com", old=("worldwide/1",), new=("worldwide/2",)),)
    shown = [line for _, several in change_lines(found) for line in several]
    assert shown == ["- b.example.com  (moved to worldwide/2)", "+ b.example.com  (moved from worldwide/1)"]


def test_an_entry_that_only_one_of_two_sets_drops_has_not_moved() -> None:
    a, b = HostPattern("a.example.com"), HostPattern("b.example.com")
    old = [endpoint_set(1, hosts=(a, b)), endpoint_set(2, hosts=(b,))]
    assert between(old, [endpoint_set(1, hosts=(a,)), endpoint_set(2, hosts=(b,))]).moves == ()


def test_two_halves_that_are_merged_open_and_close_nothing() -> None:
    old = endpoint_set(listed=["131.107.2.0/25", "131.107.2.128/25"])
    found = between([old], [endpoint_set(listed=["131.107.2.0/24"])])
    (change,) = found.changes
    assert (len(change.added_prefixes), len(change.removed_prefixes)) == (1, 2)
    assert not change.opened
    assert not change.closed
    assert found.stopped == ()
    ((_, shown),) = change_lines(found)
    assert shown[-1] == "= the same addresses, listed differently"


def test_a_removed_entry_that_a_wider_one_covers_closes_nothing() -> None:
    old = endpoint_set(listed=["131.107.2.0/25"], hosts=(HostPattern("x.a.example.com"),))
    new = endpoint_set(listed=["131.107.2.0/24"], hosts=(HostPattern("*.a.example.com"),))
    found = between([old], [new])
    assert found.stopped == ()
    ((_, shown),) = change_lines(found)
    assert [line for line in shown if "nothing closes" in line] == [
        "- x.a.example.com  (still covered by *.a.example.com (worldwide/1), so nothing closes)",
        "- 131.107.2.0/25  (still covered by 131.107.2.0/24 (worldwide/1), so nothing closes)",
    ]
    # The other way round, half of the addresses and all names but one are gone.
    assert between([new], [old]).stopped == (("prefix", "131.107.2.128/25"),)


def test_a_removed_entry_that_other_sets_have_is_in_use() -> None:
    a, b, c = HostPattern("a.office.net"), HostPattern("b.office.net"), HostPattern("c.example.com")
    old = [
        endpoint_set(1, hosts=(a, c), listed=["131.107.2.0/25"]),
        endpoint_set(2, hosts=(a,)),
        endpoint_set(3, hosts=(b,)),
    ]
    new = [endpoint_set(2, hosts=(a,)), endpoint_set(3, hosts=(HostPattern("*.office.net"),), listed=["131.107.2.0/24"])]
    found = between(old, new)
    shown = [line for _, several in change_lines(found) for line in several]
    assert [line for line in shown if line.startswith("-")] == [
        "- a.office.net  (still listed in worldwide/2)",
        "- c.example.com",
        "- 131.107.2.0/25  (still covered by 131.107.2.0/24 (worldwide/3))",
        "- b.office.net  (still covered by *.office.net (worldwide/3), so nothing closes)",
    ]
    assert found.stopped == (("host", "c.example.com"),)
    made = to_dict([found])
    assert made["stopped"] == {"worldwide": {"hosts": ["c.example.com"], "prefixes": []}}
    assert made["changes"][0]["still"] == [
        {
            "kind": "host",
            "value": "a.office.net",
            "state": "listed",
            "by": [{"value": "a.office.net", "sets": ["worldwide/2"]}],
        },
        {
            "kind": "prefix",
            "value": "131.107.2.0/25",
            "state": "covered",
            "by": [{"value": "131.107.2.0/24", "sets": ["worldwide/3"]}],
        },
    ]


def test_an_entry_that_moved_has_one_note() -> None:
    a, b = HostPattern("a.example.com"), HostPattern("b.example.com")
    found = between([endpoint_set(1, hosts=(a, b)), endpoint_set(2, hosts=(a,))], [endpoint_set(2, hosts=(a, b))])
    shown = [line for _, several in change_lines(found) for line in several]
    assert "- b.example.com  (moved to worldwide/2)" in shown
    assert found.stopped == ()


def test_an_announced_day_is_shown_next_to_its_entry() -> None:
    old = endpoint_set(listed=["131.107.2.0/25"])
    new = endpoint_set(listed=["131.107.2.0/25", "131.107.100.0/24"])
    one, two = (
        State(cloud=Cloud.WORLDWIDE, version=Version(v), origin="recorded", sets=(s,))
        for v, s in (("2030010100", old), ("2030020100", new))
    )
    found = diff(one, two, {(1, "131.107.100.0/24"): date(2030, 3, 1), (2, "131.107.100.0/24"): date(2031, 1, 1)})
    ((_, shown),) = change_lines(found)
    assert shown == ["+ 131.107.100.0/24  (in use from 2030-03-01)"]
    assert to_dict([found])["effective"] == [{"set": "worldwide/1", "value": "131.107.100.0/24", "date": "2030-03-01"}]


def test_the_json_is_the_contracts() -> None:
    old = endpoint_set(listed=["131.107.2.0/25"], tcp=PortSet.parse("80,443"))
    new = endpoint_set(listed=["131.107.2.0/24"])
    made = to_dict([between([old], [new])])
    assert made["changes"] == [
        {
            "id": "ws/worldwide/1",
            "set": "worldwide/1",
            "disposition": "change",
            "added": {"hosts": [], "prefixes": ["131.107.2.0/24"]},
            "removed": {"hosts": [], "prefixes": ["131.107.2.0/25"]},
            "attributes": {"tcp": ["80,443", "443"]},
            "still": [
                {
                    "kind": "prefix",
                    "value": "131.107.2.0/25",
                    "state": "covered",
                    "by": [{"value": "131.107.2.0/24", "sets": ["worldwide/1"]}],
                }
            ],
        }
    ]
    assert made["stopped"] == {"worldwide": {"hosts": [], "prefixes": []}}
    assert made["counts"] == {
        "changes": 1,
        "ips_added": 1,
        "ips_removed": 1,
        "urls_added": 0,
        "urls_removed": 0,
        "attributes": 1,
    }


def test_the_summary_counts_in_words() -> None:
    found = between([endpoint_set()], [endpoint_set(required=False)])
    assert summary(found) == ("1 change; addresses: 0 added, 0 removed; names: 0 added, 0 removed; 1 other attribute")
    ((_, shown),) = change_lines(found)
    assert shown == ["~ required: yes → no"]


def test_two_clouds_cannot_be_compared() -> None:
    china = State(cloud=Cloud.CHINA, version=Version("2030010100"), origin="live", sets=(endpoint_set(cloud=Cloud.CHINA),))
    worldwide = State(cloud=Cloud.WORLDWIDE, version=Version("2030010100"), origin="live", sets=(endpoint_set(),))
    with pytest.raises(InputError, match="worldwide and china cannot be compared"):
        diff(worldwide, china)
