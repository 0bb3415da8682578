"""Ports, categories and service areas of sets."""

from dataclasses import replace
from typing import Any

import pytest

from perimeter365.model.ports import PortSet
from tests.history.lists import NAMES, held, made, state

BOTH = replace(made(11, NAMES, tcp="80,443"), udp=PortSet.parse("443,3478-3481"))
P = PortSet.parse


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"tcp": P("80")}, ("ports-gone",)),
        ({"tcp": P("443")}, ("ports-gone",)),
        ({"tcp": P("")}, ("ports-gone",)),
        ({"udp": P("443,3478")}, ("ports-gone",)),
        ({"udp": P("")}, ("ports-gone",)),
        ({"tcp": P(""), "udp": P("")}, ("ports-gone",)),
        ({"tcp": P("80,443,8443")}, ("new-ports",)),
        ({"tcp": P("80,8443")}, ("new-ports", "ports-gone")),
        ({"tcp": P("1-65535")}, ("new-ports",)),
    ],
    ids=str,
)
def test_changed_ports_are_held_with_both_directions(change: dict[str, Any], codes: tuple[str, ...]) -> None:
    assert held(state(BOTH), state(replace(BOTH, **change))) == {"11:ports": codes}


def test_category_and_area_are_held() -> None:
    changed = replace(BOTH, category="optimize", area="teams")
    assert held(state(BOTH), state(changed)) == {"11:category": ("category",), "11:area": ("area",)}


@pytest.mark.parametrize(
    ("tcp", "udp", "found"),
    [
        ("25,443", "", {}),
        ("22", "", {"3:set": ("new-ports",)}),
        ("", "", {"3:set": ("no-ports",)}),
        ("", "53", {"3:set": ("new-ports",)}),
    ],
)
def test_a_new_set_may_have_ports_that_are_listed_and_no_others(tcp: str, udp: str, found: dict[str, Any]) -> None:
    old = state(made(1, NAMES, tcp="443"), made(2, ["b.example.com"], tcp="25"))
    new = replace(made(3, ["c.example.com"], tcp=tcp), udp=PortSet.parse(udp))
    assert held(old, state(*old.sets, new)) == found
