"""Reader of Cisco IOS."""

import pytest

from perimeter365.audit.packets import AllowRule, differences
from perimeter365.audit.readers.cisco_ios import CiscoIosReader

LIST = "ip access-list extended out\n "


def test_access_lists_use_wildcard_masks_and_groups_use_netmasks() -> None:
    reading = CiscoIosReader.read(f"{LIST}permit tcp 10.0.0.0 0.255.255.255 host 192.0.2.7 range 80 81")
    assert (
        differences(reading.rules, [AllowRule.of("tcp", source=["10.0.0.0/8"], destination=["192.0.2.7"], ports="80-81")])
        == []
    )
    assert not CiscoIosReader.read(f"{LIST}permit tcp 10.0.0.0 255.0.0.0 any").complete


def test_a_service_group_may_have_both_protocols() -> None:
    text = f"object-group service dns\n tcp eq domain\n udp eq 53\n{LIST}permit object-group dns any host 192.0.2.53"
    assert [(rule.protocol, str(rule.ports)) for rule in CiscoIosReader.read(text).rules] == [("tcp", "53"), ("udp", "53")]


def test_a_list_has_one_address_family() -> None:
    text = "ipv6 access-list six\n sequence 10 permit udp any host 2001:db8::1 eq 443\n permit tcp any 2001:db8::/32\n"
    reading = CiscoIosReader.read(text)
    assert reading.complete
    assert [(rule.family, rule.protocol, str(rule.ports)) for rule in reading.rules] == [
        (6, "udp", "443"),
        (6, "tcp", "1-65535"),
    ]
    (line,) = CiscoIosReader.read(text + "ip access-list extended six").unread
    assert line.reason == "six is a list of the other address family"
    assert not CiscoIosReader.read("ipv6 access-list six\n permit tcp any host 192.0.2.1 eq 443").complete
    assert CiscoIosReader.read(f"{LIST}permit tcp any host 192.0.2.1 eq 443").complete
    assert not CiscoIosReader.read(f"{LIST}permit tcp any host 2001:db8::1 eq 443").complete


@pytest.mark.parametrize(
    "line",
    [
        "deny ip any host 192.0.2.1",
        "permit ip any any",
        "permit udp any any established",
        "permit tcp any any eq 443 log",
        "permit tcp any eq 1024 any eq 443",
        "permit tcp any any eq 80 443",
        "permit tcp any object-group none",
        "permit object-group none any any",
        "evaluate other",
        "10",
        "sequence 10",
        "no permit tcp any any",
    ],
)
def test_an_unsupported_line_is_reported_and_permits_nothing(line: str) -> None:
    reading = CiscoIosReader.read(f"{LIST}{line}\n")
    assert [each.number for each in reading.unread] == [2]
    assert reading.rules == ()


def test_a_whole_list_can_be_removed() -> None:
    text = f"{LIST}permit tcp any any eq 443\n"
    assert CiscoIosReader.read(f"{text}no ip access-list extended out").rules == ()
    assert len(CiscoIosReader.read(text + "no ip access-list extended other").rules) == 1


@pytest.mark.parametrize(
    "line", ["permit tcp any any established", "permit udp any eq 53 host 192.0.2.7", "permit icmp any any packet-too-big"]
)
def test_answers_and_icmp_permit_no_connection(line: str) -> None:
    reading = CiscoIosReader.read(f"{LIST}{line}\n deny ip any any")
    assert (reading.complete, reading.rules) == (True, ())


def test_entries_below_a_deny_of_everything_are_reported_unless_their_number_is_above_it() -> None:
    text = f"{LIST}permit tcp any any eq 443\n deny ip any any\n "
    (line,) = CiscoIosReader.read(f"{text}permit tcp any any eq 80").unread
    assert "no packet reaches the entry" in line.reason
    assert [str(rule.ports) for rule in CiscoIosReader.read(f"{text}15 permit tcp any any eq 80").rules] == ["443", "80"]
    assert "number of another entry" in CiscoIosReader.read(f"{text}10 permit tcp any any eq 80").unread[0].reason
    moved = f"{text.rstrip()}\nip access-list resequence out 100 10\n{LIST}10 permit tcp any any eq 80"
    assert [str(rule.ports) for rule in CiscoIosReader.read(moved).rules] == ["80", "443"]
    assert not CiscoIosReader.read("ip access-list resequence out 0 10").complete
