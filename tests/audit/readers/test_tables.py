"""The CLI of a FortiGate: what it takes, and what it refuses."""

import pytest

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
