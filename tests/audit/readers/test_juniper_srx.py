"""Reader of Juniper SRX."""

import pytest

from perimeter365.audit.packets import ANY, differences
from perimeter365.audit.readers.juniper_srx import JuniperSrxReader
from tests.audit.readers.samples import RULE, SAMPLES

SAMPLE = SAMPLES["juniper-srx"]
POLICY = "set security policies from-zone trust to-zone untrust policy out"
BOOK = "set security address-book global"


def changed(old: str, new: str) -> str:
    assert old in SAMPLE
    return SAMPLE.replace(old, new)


def test_braces_give_the_same_rules_as_set_lines() -> None:
    text = """## Last commit: by hand
security {
    address-book {
        global {
            address lan 10.0.0.0/8;
            address net 192.0.2.0/24;
            address-set inside { address lan; }
        }
    }
    policies {
        from-zone trust to-zone untrust {
            policy out {
                match { source-address [ inside ]; destination-address net; application [ http https ]; }
                then { permit; }
            }
        }
    }
}
applications {
    application http { protocol tcp; destination-port 80; }
    application https { term one protocol tcp destination-port 443; }
}
"""
    reading = JuniperSrxReader.read(text)
    assert reading.unread == ()
    assert differences(reading.rules, [RULE]) == []


def test_any_is_every_address() -> None:
    for word, families in (("any", [4, 6]), ("any-ipv4", [4]), ("any-ipv6", [6])):
        text = changed("source-address inside", f"source-address {word}").replace(
            "destination-address net", f"destination-address {word}"
        )
        assert sorted({rule.family for rule in JuniperSrxReader.read(text).rules}) == families
        assert all(rule.source == ANY[rule.family] for rule in JuniperSrxReader.read(text).rules)
    everything = JuniperSrxReader.read(changed("application web\n", "application any\n")).rules
    assert [(rule.protocol, str(rule.ports)) for rule in everything] == [("tcp", "1-65535"), ("udp", "1-65535")]


def test_address_sets_may_be_nested_and_contain_host_names() -> None:
    text = SAMPLE + f"{BOOK} address name dns-name aka.ms\n{BOOK} address-set far address-set near\n"
    text += f"{BOOK} address-set near address name\n{POLICY} match destination-address far\n"
    reading = JuniperSrxReader.read(text)
    assert reading.complete
    assert {host for rule in reading.rules for host in rule.hosts} == {"aka.ms"}
    assert not JuniperSrxReader.read(text + f"{POLICY} match source-address far\n").complete


def test_an_address_set_that_contains_itself_is_reported() -> None:
    text = changed("address-set inside address lan", "address-set inside address-set inside")
    assert ["deep" in line.reason for line in JuniperSrxReader.read(text).unread] == [True]


@pytest.mark.parametrize(
    "line",
    [
        f"{POLICY} then deny",
        f"{POLICY} match source-identity admin",
        f"{POLICY} scheduler-name night",
        "set security policies default-policy permit-all",
        "set security policies global policy p then permit",
        f"{BOOK} address a wildcard-address 10.0.0.0/255.0.0.255",
        f"{BOOK} address a range-address 10.0.0.1 to 10.0.0.9",
        "set security address-book other attach zone trust",
        "set applications application web protocol icmp",
        "set applications application web source-port 1024",
        "set applications application web destination-port https",
        "deactivate security policies",
        "edit security",
        "set groups a",
    ],
)
def test_an_unsupported_line_is_reported_with_its_number(line: str) -> None:
    assert JuniperSrxReader.read(f"{line}\n{SAMPLE}").unread[0].number == 1


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (f"{POLICY} then permit\n", "", "no supported action"),
        ("application web\n", "application junos-https\n", "not defined in the text"),
        ("destination-address net\n", "destination-address none\n", "not in the address book"),
        (f"{POLICY} match source-address inside\n", "", "has no source-address"),
        ("set applications application http protocol tcp\n", "", "0 values"),
        ("address lan 10.0.0.0/8", "address lan 10.0.0.1/8", "host bits"),
        ("destination-port 80", "destination-port 90-80", "port range"),
    ],
)
def test_an_unsupported_policy_is_reported_and_permits_nothing(old: str, new: str, reason: str) -> None:
    reading = JuniperSrxReader.read(changed(old, new))
    assert [line for line in reading.unread if reason in line.reason], reading.unread
    assert reading.rules == ()


@pytest.mark.parametrize(
    ("line", "complete"),
    [
        (f"{BOOK} address net 198.51.100.0/24", False),
        (f"{BOOK} address net dns-name aka.ms", False),
        (f"{BOOK} address net 192.0.2.0/24", True),
    ],
)
def test_a_second_value_of_an_address_is_reported(line: str, complete: bool) -> None:
    reading = JuniperSrxReader.read(f"{SAMPLE}{line}\n")
    assert [each.number for each in reading.unread] == ([] if complete else [SAMPLE.count("\n") + 1])
    assert differences(reading.rules, [RULE]) == []
    again = f"delete security address-book global address net\n{line}\n"
    assert JuniperSrxReader.read(SAMPLE + again).complete


def test_an_application_with_a_protocol_and_a_term_is_reported() -> None:
    start = "set applications application http term one"
    (line,) = JuniperSrxReader.read(f"{SAMPLE}{start} protocol udp\n{start} destination-port 53\n").unread
    assert "protocol and destination-port and term" in line.reason


def test_a_name_of_both_an_address_and_a_set_is_reported() -> None:
    (line,) = JuniperSrxReader.read(f"{SAMPLE}{BOOK} address-set net address lan\n").unread
    assert line.reason == "net is both an address and an address set"


@pytest.mark.parametrize(
    "text",
    [
        "security { policies { from-zone a to-zone b { policy p { then { deny { } } } } } }",
        "security { policies { global { } } }",
        "security { policies { global { ; } } }",
        "security { policies { from-zone a to-zone b { policy p { match { source-address [ ]; } } } } }",
    ],
)
def test_empty_blocks_are_reported(text: str) -> None:
    assert [line.number for line in JuniperSrxReader.read(text).unread] == [1]


def test_a_policy_finds_its_names_in_the_address_books_of_its_zones() -> None:
    zone = "set security zones security-zone {} address-book address lan {}"
    policy = "set security policies from-zone a to-zone b policy p"
    text = "\n".join(
        [
            zone.format("a", "10.0.0.0/8"),
            zone.format("b", "192.0.2.0/24"),
            "set applications application web protocol tcp",
            "set applications application web destination-port 443",
            *(f"{policy} match {end}-address lan" for end in ("source", "destination")),
            f"{policy} match application web",
            f"{policy} then permit",
        ]
    )
    (rule,) = JuniperSrxReader.read(text).rules
    assert ([str(p) for p in rule.source], [str(p) for p in rule.destination]) == (["10.0.0.0/8"], ["192.0.2.0/24"])
    assert JuniperSrxReader.read(text.replace("security-zone b", "security-zone c")).rules == ()
    assert JuniperSrxReader.read(text.replace("to-zone b", "to-zone d")).rules == ()
