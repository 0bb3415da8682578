"""Reader of FortiGate."""

import pytest

from perimeter365.audit.packets import AllowRule, differences
from perimeter365.audit.readers.fortigate import FortigateReader
from tests.audit.readers.samples import RULE, SAMPLES

SAMPLE = SAMPLES["fortigate"]


def changed(*pairs: tuple[str, str]) -> str:
    text = SAMPLE
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def test_all_is_every_address_and_every_port() -> None:
    text = changed(('dstaddr "servers"', 'dstaddr "all"'), ('set service "web"', 'set service "ALL"'))
    wanted = [
        AllowRule.of(protocol, source=["10.0.0.0/8"], destination=["0.0.0.0/0"], ports="1-65535")
        for protocol in ("tcp", "udp")
    ]
    assert differences(FortigateReader.read(text).rules, wanted) == []


def test_a_policy_may_have_both_families_and_host_names() -> None:
    text = (
        'config firewall address6\nedit "six"\nset ip6 2001:db8::/32\nnext\nend\n'
        'config firewall address\nedit "name"\nset type fqdn\nset fqdn "*.Example.com"\nnext\nend\n'
        'config firewall addrgrp\nedit "group"\nset member "lan" "name"\nnext\nend\n'
    )
    start = SAMPLE.index("config firewall policy")
    both = (
        SAMPLE[:start]
        + text
        + changed(('dstaddr "servers"', 'dstaddr "group"\n set srcaddr6 "all"\n set dstaddr6 "six"'))[start:]
    )
    reading = FortigateReader.read(both)
    assert reading.complete
    assert [(rule.family, set(rule.hosts)) for rule in reading.rules] == [(4, {"*.example.com"}), (6, set())]


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        ([("set action accept", "set action deny")], "only policies that accept"),
        ([('        set schedule "always"\n', "")], "needs schedule"),
        ([('set schedule "always"', 'set schedule "none"')], "with the schedule always"),
        ([('set schedule "always"', 'set schedule "weekend"')], "with the schedule always"),
        ([('        set srcaddr "lan"\n', "")], "needs both srcaddr and dstaddr"),
        ([("set type ipmask", "set type geography")], "'geography', which is not supported"),
        ([("set subnet 10.0.0.0 255.0.0.0", "set color 3")], "has no address"),
        ([("80 443", "443:1024-65535")], "is not a port"),
        ([("edit 7", "edit 0")], "not the number of a policy"),
        ([("edit 7", "edit seven")], "not the number of a policy"),
        ([('edit "web"', 'edit "we\'b"')], "is not a name"),
    ],
)
def test_an_unsupported_policy_permits_nothing(pairs: list[tuple[str, str]], reason: str) -> None:
    reading = FortigateReader.read(changed(*pairs))
    assert [line for line in reading.unread if reason in line.reason]
    assert differences(reading.rules, [RULE])


def test_an_unsupported_table_does_not_change_the_previous_one() -> None:
    text = changed(
        (
            "config firewall service custom",
            'config system admin\nedit "lan"\nset subnet 0.0.0.0 0.0.0.0\nnext\nend\nconfig firewall service custom',
        )
    )
    reading = FortigateReader.read(text)
    first = SAMPLE.splitlines().index("config firewall service custom") + 1
    assert {line.number for line in reading.unread} == {first, first + 1, first + 2}
    assert differences(reading.rules, [RULE]) == []


@pytest.mark.parametrize(
    ("table", "fields", "used"),
    [
        ("firewall address", ["set subnet 10.0.0.0 255.0.0.0"], ('dstaddr "servers"', 'dstaddr "all"')),
        ("firewall addrgrp", ['set member "lan"'], ('dstaddr "servers"', 'dstaddr "all"')),
        ("firewall service custom", ["set tcp-portrange 443"], ('set service "web"', 'set service "ALL"')),
    ],
)
def test_a_redefined_predefined_name_is_reported(table: str, fields: list[str], used: tuple[str, str]) -> None:
    name = used[1].split('"')[1]
    start = SAMPLE.index("config firewall policy")
    for lines, complete in ((fields, False), (["set uuid 7bb26a5e-1d3e-51ee-8a3f-000c29d2d9d5"], True)):
        if not complete or table != "firewall addrgrp":
            entry = "\n".join((f"config {table}", f'edit "{name}"', *lines, "next", "end\n"))
            reading = FortigateReader.read(SAMPLE[:start] + entry + changed(used)[start:])
            assert ["is redefined in the text" in line.reason for line in reading.unread] == ([] if complete else [True])
            assert bool(reading.rules) == complete


def test_a_service_without_ports_is_reported() -> None:
    text = changed(
        ('    edit "web"', '    edit "other"\n    next\n    edit "web"'), ('service "web"', 'service "web" "other"')
    )
    reading = FortigateReader.read(text)
    assert ["'other' has no TCP or UDP ports" in line.reason for line in reading.unread] == [True]
    assert reading.rules == ()


@pytest.mark.parametrize(
    ("line", "complete"),
    [
        ("move 7 before 12", True),
        ("move 8 before 7", False),
        ("move 8 before 9", False),
        ("move 7 before 7", False),
        ("move 7 after 9", False),
    ],
)
def test_only_an_existing_policy_can_be_moved(line: str, complete: bool) -> None:
    """The policy before which it is moved may exist only on the device."""
    reading = FortigateReader.read(f"{SAMPLE}config firewall policy\n    {line}\nend\n")
    assert [each.number for each in reading.unread] == ([] if complete else [SAMPLE.count("\n") + 2])


def test_a_name_of_both_an_address_and_a_group_is_reported() -> None:
    reading = FortigateReader.read(f'{SAMPLE}config firewall addrgrp\nedit "servers"\nset member "lan"\nnext\nend\n')
    assert [line.reason for line in reading.unread] == ["'servers' is both an address and an address group"]
    assert reading.rules == ()
