"""Tables of the FortiGate CLI."""

import pytest

from perimeter365.audit.packets import differences
from perimeter365.audit.readers.fortigate import FortigateReader
from perimeter365.errors import ConfigurationError
from tests.audit.readers.samples import RULE, SAMPLES

SAMPLE = SAMPLES["fortigate"]


def policy(*lines: str) -> str:
    """The sample, followed by changes of its policy."""
    return (
        SAMPLE + "config firewall policy\n    edit 7\n" + "".join(f"        {line}\n" for line in lines) + "    next\nend\n"
    )


def test_append_and_unselect_change_lists() -> None:
    assert FortigateReader.read(policy('append dstaddr "lan"')).rules[0].destination == RULE.source | RULE.destination
    assert (
        FortigateReader.read(policy('append dstaddr "lan"', 'unselect dstaddr "servers"')).rules[0].destination
        == RULE.source
    )


def test_an_entry_in_use_cannot_be_deleted() -> None:
    device = FortigateReader()
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


def test_a_group_without_members_is_reported_and_discarded() -> None:
    reading = FortigateReader.read('config firewall addrgrp\nedit "g"\nnext\nend\n')
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
        "unset status",
        "unset dstaddr srcaddr",
        "config nested",
    ],
)
def test_an_unsupported_field_is_reported_with_its_line(line: str) -> None:
    assert FortigateReader.read(policy(line)).unread[0].number == SAMPLE.count("\n") + 3


def test_a_field_is_reset() -> None:
    text = policy("set nat enable")
    assert FortigateReader.read(text.replace("set nat enable", "set nat enable\nunset nat")).complete
    reader = FortigateReader()
    reader.load(text.replace("set nat enable", "set nat enable\nunset nat"))
    assert "nat" not in reader.tables["firewall policy"]["7"]
    assert [line.reason for line in FortigateReader.read(policy("unset service")).unread] == ["7 needs service"]


@pytest.mark.parametrize("after", [(), ("set action accept",)])
def test_delete_and_move_are_not_supported_within_an_entry(after: tuple[str, ...]) -> None:
    """The device does not know table commands within an entry."""
    reading = FortigateReader.read(policy("delete 7", *after))
    assert [(line.number, line.reason) for line in reading.unread] == [
        (SAMPLE.count("\n") + 3, "delete is not supported within the entry 7")
    ]
    assert differences(reading.rules, [RULE]) == []


def test_an_entry_without_next_is_reported() -> None:
    text = SAMPLE.replace('    next\n    edit "servers"', '    edit "servers"')
    assert text != SAMPLE
    first = FortigateReader.read(text).unread[0]
    assert (first.number, first.reason) == (4, "the entry lan is open: next is missing")


def test_a_truncated_text_is_reported_at_its_end() -> None:
    """Wherever it is truncated, except between two tables."""
    lines = SAMPLE.splitlines()
    for count in range(1, len(lines)):
        reading = FortigateReader.read("\n".join(lines[:count]))
        if lines[count - 1] != "end":
            assert "open at the end" in reading.unread[-1].reason, count
            assert reading.unread[0].number <= count
        device = FortigateReader()
        if lines[count - 1] != "end":
            with pytest.raises(ConfigurationError, match=f"line {count}: "):
                device.load("\n".join(lines[:count]))
