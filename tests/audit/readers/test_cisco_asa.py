"""Reader of Cisco ASA."""

import pytest

from perimeter365.audit.packets import ANY, AllowRule, differences
from perimeter365.audit.readers.cisco_asa import CiscoAsaReader

START = "access-list in extended permit tcp"


@pytest.mark.parametrize(
    ("end", "prefixes"),
    [
        ("host 192.0.2.7", ["192.0.2.7"]),
        ("192.0.2.0 255.255.255.0", ["192.0.2.0/24"]),
        ("object net", ["198.51.100.0/24"]),
        ("object gate", ["203.0.113.1"]),
        ("object-group all", ["198.51.100.0/24", "203.0.113.1", "192.0.2.9"]),
    ],
)
def test_all_forms_of_an_end_are_read(end: str, prefixes: list[str]) -> None:
    text = f"""object network net
 subnet 198.51.100.0 255.255.255.0
object network gate
 host 203.0.113.1
object-group network some
 network-object object net
object-group network all
 group-object some
 network-object object gate
 network-object host 192.0.2.9
{START} any4 {end} eq https
"""
    reading = CiscoAsaReader.read(text)
    assert reading.complete
    wanted = AllowRule(family=4, protocol="tcp", source=ANY[4], destination=ANY[4], ports=reading.rules[0].ports)
    rule = AllowRule.of("tcp", source=["0.0.0.0/0"], destination=prefixes, ports="443")
    assert differences(reading.rules, [rule]) == []
    assert differences(reading.rules, [wanted])


def test_any_means_both_families_and_missing_ports_mean_all() -> None:
    assert [(rule.family, str(rule.ports)) for rule in CiscoAsaReader.read(f"{START} any any").rules] == [
        (4, "1-65535"),
        (6, "1-65535"),
    ]
    assert [rule.family for rule in CiscoAsaReader.read(f"{START} any 2001:db8::/32 eq 443").rules] == [6]
    (line,) = CiscoAsaReader.read(f"{START} any6 any4 eq 443").unread
    assert "no address family in common" in line.reason


def test_a_host_name_applies_to_its_families() -> None:
    for version, families in (("v4 ", [4]), ("v6 ", [6]), ("", [4, 6])):
        text = f"object network o\n fqdn {version}AKA.ms\nobject-group network g\n network-object object o\n"
        rules = CiscoAsaReader.read(f"{text}{START} any object-group g eq 443").rules
        assert [rule.family for rule in rules] == families
        assert {host for rule in rules for host in rule.hosts} == {"aka.ms"}
        assert (
            CiscoAsaReader.read(f"{text}{START} object-group g any eq 443").unread[0].reason
            == "a host name as a source is not supported"
        )


@pytest.mark.parametrize(
    "line",
    [
        "access-list in extended deny tcp any any eq 443",
        "access-list in extended permit ip any any",
        "access-list in extended permit tcp any any eq 443 inactive",
        "access-list in extended permit tcp any any eq 443 log",
        "access-list in extended permit tcp any eq 1024 any eq 443",
        "access-list in extended permit tcp any any neq 443",
        "access-list in extended permit tcp any any range 90 80",
        "access-list in extended permit tcp any any eq kerberos",
        "access-list in extended permit tcp any any eq 65536",
        "access-list in extended permit tcp any object-group none eq 443",
        "access-list in extended permit tcp any any object-group none",
        "access-list in extended permit tcp any 10.0.0.0 255.0.255.0",
        "access-list in extended permit tcp any",
        "access-list in standard permit 10.0.0.0 255.0.0.0",
        "access-list in",
        "access-list in line 0 extended permit tcp any any eq 443",
        "access-list in extended permit icmp any",
        "access-list",
        "object service web",
        "object-group protocol both",
        "object-group service web tcp-udp",
        "object-group network a b",
        "no access-list in extended permit tcp any any",
        "no object network gone",
        "clear configure all",
        "interface GigabitEthernet0/0",
    ],
)
def test_an_unsupported_line_is_reported_and_permits_nothing(line: str) -> None:
    reading = CiscoAsaReader.read(f"{line}\n")
    assert [each.number for each in reading.unread] == [1]
    assert reading.rules == ()


def test_a_list_can_be_cleared_and_duplicates_are_ignored() -> None:
    line = f"{START} any4 any4 eq 443"
    assert len(CiscoAsaReader.read(f"{line}\n{line}").rules) == 1
    assert CiscoAsaReader.read(f"{line}\nclear configure access-list in").rules == ()
    assert CiscoAsaReader.read(f"{line}\nno {line}").rules == ()


def test_a_second_value_of_an_object_is_reported() -> None:
    """An ASA keeps the last value."""
    for second in ("host 192.0.2.8", "subnet 192.0.2.0 255.255.255.0", "fqdn aka.ms"):
        text = f"object network o\n host 192.0.2.7\n {second}\n{START} any4 object o eq 443\n"
        assert [line.number for line in CiscoAsaReader.read(text).unread] == [3]
    assert CiscoAsaReader.read("object network o\n host 192.0.2.7\n no host 192.0.2.7\n host 192.0.2.8\n").complete


@pytest.mark.parametrize("line", ["clear configure access-list in junk", "no clear configure access-list in"])
def test_an_unsupported_clear_is_reported_and_has_no_effect(line: str) -> None:
    reading = CiscoAsaReader.read(f"{START} any4 any4 eq 443\n{line}\n")
    assert [each.number for each in reading.unread] == [2]
    assert len(reading.rules) == 1


def test_entries_below_a_deny_of_everything_are_reported_unless_they_are_inserted_above_it() -> None:
    deny = "access-list in extended deny ip any any\n"
    (line,) = CiscoAsaReader.read(f"{deny}{START} any4 any4 eq 443").unread
    assert "no packet reaches the entry" in line.reason
    above = START.replace(" extended", " line 1 extended")
    reading = CiscoAsaReader.read(f"{deny}{above} any4 any4 eq 443\n{above} any4 any4 eq 80\n{above} any4 any4 eq 443")
    assert reading.complete
    assert [str(rule.ports) for rule in reading.rules] == ["80", "443"]
