"""Reader of Palo Alto PAN-OS."""

import pytest

from perimeter365.audit.packets import ANY, differences
from perimeter365.audit.readers.paloalto_set import PaloaltoSetReader
from tests.audit.readers.samples import RULE, SAMPLES

SAMPLE = SAMPLES["paloalto-set"]
RULES = "set rulebase security rules out"

XML = """<?xml version="1.0"?>
<config version="11.1.0"><devices><entry name="localhost.localdomain"><vsys><entry name="vsys1">
  <address>
    <entry name="lan"><ip-netmask>10.0.0.0/8</ip-netmask></entry>
    <entry name="servers"><ip-netmask>192.0.2.0/24</ip-netmask><description>all of them</description></entry>
  </address>
  <service><entry name="web"><protocol><tcp><port>80,443</port></tcp></protocol></entry></service>
  <rulebase><security><rules><entry name="out">
    <from><member>trust</member></from><to><member>untrust</member></to>
    <source><member>lan</member></source><destination><member>servers</member></destination>
    <application><member>any</member></application><service><member>web</member></service>
    <action>allow</action>
  </entry></rules></security></rulebase>
</entry></vsys></entry></devices></config>
"""


def changed(old: str, new: str) -> str:
    assert old in SAMPLE
    return SAMPLE.replace(old, new)


def test_xml_gives_the_same_rules_as_set_lines() -> None:
    reading = PaloaltoSetReader.read(XML)
    assert reading.unread == ()
    assert differences(reading.rules, [RULE]) == []


def test_only_one_virtual_system_is_read_from_xml() -> None:
    other = (
        '<entry name="vsys2"><address><entry name="lan"><ip-netmask>0.0.0.0/0</ip-netmask></entry></address></entry></vsys>'
    )
    reading = PaloaltoSetReader.read(XML.replace("</vsys>", other))
    assert ["vsys2" in line.reason for line in reading.unread] == [True]
    assert differences(reading.rules, [RULE]) == []
    assert not PaloaltoSetReader.read(XML.replace("<devices>", "<shared><x>y</x></shared><devices>")).complete
    assert PaloaltoSetReader.read('<!DOCTYPE a [<!ENTITY b "c">]>' + XML).rules == ()


def test_any_is_every_address_and_port() -> None:
    text = (
        changed("destination servers", "destination any")
        .replace("source inside", "source any")
        .replace("service web\n", "service any\n")
    )
    rules = PaloaltoSetReader.read(text).rules
    assert [(rule.family, rule.protocol) for rule in rules] == [(4, "tcp"), (6, "tcp"), (4, "udp"), (6, "udp")]
    assert {rule.source for rule in rules} == set(ANY.values())
    assert {str(rule.ports) for rule in rules} == {"1-65535"}


def test_a_url_category_gives_the_destinations_of_its_rule() -> None:
    text = changed("destination servers", "destination any") + f"{RULES} category lists\n"
    text += 'set profiles custom-url-category lists type "URL List"\n'
    text += "set profiles custom-url-category lists list *.Example.com/\n"
    device = PaloaltoSetReader()
    device.load(text)
    (rule,) = device.rules()
    assert (bool(rule.destination), set(rule.hosts)) == (False, {"*.example.com"})
    assert not PaloaltoSetReader.read(text.replace("destination any", "destination servers")).complete


def test_a_rule_may_contain_a_prefix_directly() -> None:
    reading = PaloaltoSetReader.read(changed("destination servers", "destination 192.0.2.0/24"))
    assert reading.complete
    assert differences(reading.rules, [RULE]) == []


@pytest.mark.parametrize(
    "line",
    [
        f"{RULES} action deny",
        f"{RULES} disabled yes",
        f"{RULES} negate-source yes",
        f"{RULES} source-user any",
        "set address a ip-range 10.0.0.1-10.0.0.9",
        "set address-group a dynamic filter x",
        "set service web protocol sctp port 80",
        "set service web protocol tcp source-port 80",
        "set address - ip-netmask 10.0.0.0/8",
        "set deviceconfig system hostname gate",
        "rename address a to b",
        "delete address gone",
    ],
)
def test_an_unsupported_line_is_reported_with_its_number(line: str) -> None:
    assert PaloaltoSetReader.read(f"{line}\n{SAMPLE}").unread[0].number == 1


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (f"{RULES} action allow\n", "", "0 values"),
        (f"{RULES} from trust\n", "", "0 values"),
        (f"{RULES} source inside\n", "", "has no source"),
        (f"{RULES} service web\n", "", "has no service"),
        ("service web\n", "service application-default\n", "not defined in the text"),
        ("application any", "application ms-office365", "applications, which are not supported"),
        ("destination servers", "destination gone", "not an address"),
        ("static lan", "static gone", "not an address"),
        ("set address lan ip-netmask 10.0.0.0/8", "set address lan fqdn a.example", "host name as a source"),
        ("ip-netmask 10.0.0.0/8", "ip-netmask 10.0.0.1/8", "host bits"),
    ],
)
def test_an_unsupported_rule_is_reported_and_permits_nothing(old: str, new: str, reason: str) -> None:
    reading = PaloaltoSetReader.read(changed(old, new))
    assert [line for line in reading.unread if reason in line.reason], reading.unread
    assert reading.rules == ()


@pytest.mark.parametrize(
    "line",
    [
        "set address servers fqdn www.example.com",
        "set service web protocol udp port 443",
        f"{RULES} rule-type intrazone",
    ],
)
def test_a_value_that_would_replace_another_is_reported(line: str) -> None:
    """PAN-OS keeps the last kind of address and the last protocol."""
    reading = PaloaltoSetReader.read(f"{SAMPLE}{line}\n")
    assert [each.number for each in reading.unread] == [SAMPLE.count("\n") + 1]
    assert differences(reading.rules, [RULE]) == []


def test_in_xml_two_kinds_of_address_are_reported() -> None:
    old = "<ip-netmask>10.0.0.0/8</ip-netmask>"
    (line,) = PaloaltoSetReader.read(XML.replace(old, f"{old}<fqdn>www.example.com</fqdn>")).unread
    assert line.number == XML[: XML.index(old)].count("\n") + 1


def test_values_that_replace_nothing_are_read() -> None:
    lines = "delete address servers ip-netmask\nset address servers fqdn www.example.com\n"
    assert PaloaltoSetReader.read(SAMPLE + lines).complete
    for kind in ("universal", "interzone"):
        assert PaloaltoSetReader.read(f"{SAMPLE}{RULES} rule-type {kind}\n").complete


@pytest.mark.parametrize(("old", "new"), [("to untrust", "to trust"), ("to untrust", "to any"), ("from trust", "from any")])
def test_an_interzone_rule_within_one_zone_or_with_any_is_reported(old: str, new: str) -> None:
    """A universal rule permits traffic within a zone; an interzone rule does not."""
    text = changed(old, new)
    assert PaloaltoSetReader.read(f"{text}{RULES} rule-type universal\n").complete
    reading = PaloaltoSetReader.read(f"{text}{RULES} rule-type interzone\n")
    assert ["not between two zones" in line.reason for line in reading.unread] == [True]
    assert reading.rules == ()


def test_a_name_of_both_an_address_and_a_group_is_reported() -> None:
    reading = PaloaltoSetReader.read(f"{SAMPLE}set address-group servers static lan\n")
    assert [line.reason for line in reading.unread] == ["'servers' is both an address and an address group"]
    assert reading.rules == ()


@pytest.mark.parametrize("place", ["vsys vsys2", "device-group DMZ"])
def test_a_location_is_read_and_a_second_one_is_reported(place: str) -> None:
    rules = "pre-rulebase" if place.startswith("device") else "rulebase"
    text = SAMPLE.replace("set rulebase", f"set {place} {rules}").replace("set address", "set shared address")
    text = text.replace("set service", f"set {place} service")
    reading = PaloaltoSetReader.read(text)
    assert reading.unread == ()
    assert reading.rules == PaloaltoSetReader.read(SAMPLE).rules
    second = PaloaltoSetReader.read(f"{text}\nset {place.split(maxsplit=1)[0]} other address x ip-netmask 192.0.2.1")
    assert "is a second" in second.unread[0].reason


def test_rules_are_moved_and_options_of_a_rule_are_read() -> None:
    rule = next(line.split()[4] for line in SAMPLE.splitlines() if line.startswith("set rulebase"))
    more = f"set rulebase security rules {rule} log-setting default\n"
    more += f"set rulebase security rules {rule} profile-setting group strict\n"
    more += f"move rulebase security rules {rule} top\nmove rulebase security rules {rule} before other\n"
    assert PaloaltoSetReader.read(f"{SAMPLE}\n{more}").complete
    for line in (f"move rulebase security rules {rule} up", "move rulebase security rules none top", "move address x top"):
        assert not PaloaltoSetReader.read(f"{SAMPLE}\n{line}").complete
