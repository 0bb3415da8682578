"""Removed entries that a list still has, compared with a search of every listed entry."""

import ipaddress
import re
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from perimeter365.history.diff import diff
from perimeter365.history.remaining import ListedEntries
from perimeter365.model.host import HostPattern
from tests.history import oracle
from tests.history.test_diff import endpoint_set, states


def entries(*sets: Sequence[str]) -> ListedEntries:
    """Return the entries of sets 1, 2, 3 …, each given by its names and prefixes."""
    made: list[Any] = []
    for number, values in enumerate(sets, 1):
        hosts = tuple(sorted(HostPattern(v) for v in values if "/" not in v))
        made.append(endpoint_set(number, hosts=hosts, listed=[v for v in values if "/" in v]))
    return ListedEntries(made)


@pytest.mark.parametrize(
    ("value", "sets", "text"),
    [
        # names
        ("a.office.net", [["a.office.net"], ["b.x.net", "a.office.net"]], "still listed in worldwide/1, 2"),
        ("a.office.net", [["b.x.net"], ["*.office.net"]], "still covered by *.office.net (worldwide/2)"),
        ("a.b.office.net", [["*.office.net"], ["*.b.office.net"]], "still covered by *.b.office.net (worldwide/2)"),
        ("*.b.office.net", [["*.office.net"]], "still covered by *.office.net (worldwide/1)"),
        ("cdn.onenote.net", [["*cdn.onenote.net"]], "still covered by *cdn.onenote.net (worldwide/1)"),
        ("onenote.net", [["*.onenote.net", "*cdn.onenote.net"]], None),
        ("xoffice.net", [["*.office.net"]], None),
        ("mail.a.office.net", [["mail.*.office.net"]], "still covered by mail.*.office.net (worldwide/1)"),
        ("mail.office.net", [["mail.*.office.net"]], None),
        ("*.office.net", [["a.office.net"], ["b.office.net", "office.net"]],
         "in part still listed: a.office.net (worldwide/1), b.office.net (worldwide/2)"),
        ("*.office.net", [["office.net", "a.xoffice.net"]], None),
        # prefixes
        ("131.107.2.0/24", [["131.107.2.0/24"], ["131.107.2.0/24"]], "still listed in worldwide/1, 2"),
        ("131.107.2.0/25", [["131.107.2.0/24"], ["192.0.0.0/8"]], "still covered by 131.107.2.0/24 (worldwide/1)"),
        ("131.107.2.0/24", [["131.107.2.0/25"], ["131.107.2.128/25"]],
         "still covered by 131.107.2.0/25 (worldwide/1), 131.107.2.128/25 (worldwide/2)"),
        ("131.107.2.0/24", [["131.107.2.0/25", "192.0.3.0/24"]], "in part still listed: 131.107.2.0/25 (worldwide/1)"),
        ("131.107.2.0/24", [["192.0.3.0/24", "192.0.1.0/24", "2001:4898::/32"]], None),
        ("2001:4898:1::/48", [["2001:4898::/32"]], "still covered by 2001:4898::/32 (worldwide/1)"),
    ],
)  # fmt: skip
def test_what_a_list_still_has_of_an_entry(value: str, sets: list[list[str]], text: str | None) -> None:
    still = entries(*sets).still("prefix" if "/" in value else "host", value)
    assert (still.text if still else None) == text


def test_long_lists_are_cut() -> None:
    still = entries(*[["a.office.net"]] * 9).still("host", "a.office.net")
    assert still is not None
    assert still.text == "still listed in worldwide/1, 2, 3, 4 and 5 more"
    assert len(still.by[0][1]) == 9
    still = entries([f"h{n}.office.net" for n in range(99)]).still("host", "*.office.net")
    assert still is not None
    assert still.text.endswith(" and others")
    assert len(still.by) == 50


def test_only_the_part_that_no_set_lists_is_not_used_any_more() -> None:
    listed = entries(["131.107.2.0/25", "a.office.net", "*.x.net"])
    removed = ["131.107.2.0/24", "131.107.100.0/24", "*.office.net", "b.x.net", "b.office.net", "b.office.net"]
    assert listed.stopped(("prefix" if "/" in v else "host", v) for v in removed) == (
        ("host", "b.office.net"),
        ("prefix", "131.107.2.128/25"),
        ("prefix", "131.107.100.0/24"),
    )


def by_brute_force(lists: oracle.Listed, key: str, value: str) -> bool:
    """Return True if an entry of any set contains all of a value, by regular expressions and `ipaddress`."""
    for item in lists.values():
        for other in item.get(key, ()):
            if key == "ips":
                network, inside = ipaddress.ip_network(other), ipaddress.ip_network(value)
                if network.version == inside.version and inside.subnet_of(network):  # type: ignore[arg-type]
                    return True
            else:
                whole = other.startswith("*.") or ".*." in other
                star = ".+" if whole else ".*"
                if value == other or re.fullmatch(re.escape(other).replace(r"\*", star), value.replace("*", "x.y")):
                    return True
    return False


@pytest.mark.parametrize("folder", [oracle.SERIES, "history"], ids=["small", "real"])
def test_the_recorded_removals_are_in_use_or_not_as_the_files_say(folder: Any) -> None:
    folder = oracle.reference(folder) if folder == "history" else folder
    known = {s.version: s for s in states(folder)}
    checked = used = 0
    for (a, old), (b, new) in pairwise(oracle.series(folder)):
        found = diff(known[a], known[b])  # type: ignore[index]
        stopped = {value for _, value in found.stopped}
        for key in ("urls", "ips"):
            for value in {v for _, v in oracle.entries(old, key) - oracle.entries(new, key)}:
                still = by_brute_force(new, key, value)
                state = found.listed.still("prefix" if key == "ips" else "host", value)
                assert (state is not None and state.state != "partly") == still, (b, value)
                assert not (still and value in stopped), (b, value)
                assert still or state or value in stopped, (b, value)
                checked += 1
                used += still
    assert checked > used > 0


def test_the_time_does_not_grow_with_both_lists() -> None:
    # as many patterns as an upstream list may have, all with the same end and all with the same beginning
    glued = [f"{'ab'[n % 2]}{n}*.office.net" for n in range(20_000)]
    listed = entries(glued, [f"10.{n // 256}.{n % 256}.0/24" for n in range(20_000)])
    start = time.process_time()
    removed = [("host", f"c{n}*.office.net") for n in range(20_000)] + [("prefix", "10.0.0.0/8")]
    assert len(listed.stopped(removed)) > 20_000  # type: ignore[arg-type]
    assert time.process_time() - start < 20
