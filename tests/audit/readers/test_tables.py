"""The CLI of a FortiGate: what it takes, and what it refuses."""

import pytest

from perimeter365.audit.packets import differences
from perimeter365.audit.readers.fortigate import Fortigate
from perimeter365.errors import ConfigurationError
from tests.audit.readers.samples import RULE, SAMPLES

SAMPLE = SAMPLES["fortigate"]


def policy(*lines: str) -> str:
    """The sample, and then a change of its policy."""
    return (
        SAMPLE + "config firewall policy\n    edit 7\n" + "".join(f"        {line}\n" for line in lines) + "    next\nend\n"
    )


def test_lists_grow_and_shrink() -> None:
    assert Fortigate.read(policy('append dstaddr "lan"')).rules[0].destination == RULE.source | RULE.destination
    assert Fortigate.read(policy('append dstaddr "lan"', 'unselect dstaddr "servers"')).rules[0].destination == RULE.source


def test_what_is_in_use_is_not_deleted() -> None:
    device = Fortigate()
    device.load(SAMPLE)
    before = device.state()
    for table, key in (("firewall address", "servers"), ("firewall service custom", "web")):
        with pytest.raises(ConfigurationError, match="in use"):
            device.load(f'config {table}\n    delete "{key}"\nend\n')
        device.feed("end")
    assert device.state() == before
    device.load('config firewall policy\n    delete 7\nend\nconfig firewall address\n    delete "servers"\nend\n')
    assert "servers" not in device.tables["firewall address"]
    assert device.rules() == []


def test_an_entry_without_members_is_not_kept_silently() -> None:
    reading = Fortigate.read('config firewall addrgrp\nedit "g"\nnext\nend\n')
    assert [(line.number, line.reason) for line in reading.unread] == [(3, "g needs member")]


@pytest.mark.parametrize(
    "line",
    [
        'append dstaddr "all"',
        'append dstaddr "servers"',
        'append action "x"',
        'unselect dstaddr "lan"',
        "unselect action accept",
        'set dstaddr "servers" "all"',
        'set dstaddr "none"',
        'set service "none"',
        "set action deny accept",
        "set status disable",
        'set internet-service-name "Microsoft"',
        'set srcaddr-negate "enable"',
        "set dstaddr",
        "set",
        f'set name "{"x" * 36}"',
        "unset dstaddr",
        "config nested",
    ],
)
def test_a_field_that_is_not_read_is_reported_with_its_line(line: str) -> None:
    assert Fortigate.read(policy(line)).unread[0].number == SAMPLE.count("\n") + 3


@pytest.mark.parametrize("after", [(), ("set action accept",)])
def test_an_entry_is_not_deleted_from_within(after: tuple[str, ...]) -> None:
    """The verbs of a table are not known within its entries."""
    reading = Fortigate.read(policy("delete 7", *after))
    assert [(line.number, line.reason) for line in reading.unread] == [
        (SAMPLE.count("\n") + 3, "delete within the entry 7 is not read")
    ]
    assert differences(reading.rules, [RULE]) == []


def test_an_entry_that_is_not_left_is_reported() -> None:
    text = SAMPLE.replace('    next\n    edit "servers"', '    edit "servers"')
    assert text != SAMPLE
    first = Fortigate.read(text).unread[0]
    assert (first.number, first.reason) == (4, "the entry lan is open: next is missing")


def test_a_text_that_is_cut_is_reported_at_its_end() -> None:
    """Wherever it is cut, but between two tables."""
    lines = SAMPLE.splitlines()
    for count in range(1, len(lines)):
        reading = Fortigate.read("\n".join(lines[:count]))
        if lines[count - 1] != "end":
            assert "open at the end" in reading.unread[-1].reason, count
            assert reading.unread[0].number <= count
        device = Fortigate()
        if lines[count - 1] != "end":
            with pytest.raises(ConfigurationError, match=f"line {count}: "):
                device.load("\n".join(lines[:count]))
