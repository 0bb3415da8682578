"""Reader of MikroTik RouterOS. test_script.py and test_interpreter.py test the language."""

import pytest

from perimeter365.audit.packets import ANY, differences
from perimeter365.audit.readers.mikrotik import MikrotikReader
from perimeter365.errors import ConfigurationError
from tests.audit.readers.samples import RULE

RULES = "/ip firewall filter\nadd chain=forward action=accept protocol=tcp "
LIST = "/ip firewall address-list\nadd list=l address="


def test_lines_of_an_export_may_be_continued() -> None:
    text = '# 2030-01-01 by RouterOS 7.16\n/ip firewall filter\nadd action=accept chain=forward comment="a \\"b\\"" \\\n'
    text += "    dst-address=192.0.2.0/24 dst-port=80,443 protocol=tcp \\\n    src-address=10.0.0.0/8\n"
    reading = MikrotikReader.read(text)
    assert reading.unread == ()
    assert differences(reading.rules, [RULE]) == []


def test_a_missing_field_means_any() -> None:
    (rule,) = MikrotikReader.read(RULES).rules
    assert (rule.source, rule.destination, str(rule.ports)) == (ANY[4], ANY[4], "1-65535")
    (rule,) = MikrotikReader.read(RULES.replace("/ip ", "/ipv6 ")).rules
    assert (rule.family, rule.source) == (6, ANY[6])


def test_an_address_list_may_have_addresses_and_host_names() -> None:
    text = f"{LIST}192.0.2.0/24\nadd list=l address=192.0.2.7\nadd list=l address=AKA.ms\n{RULES}dst-address-list=l"
    (rule,) = MikrotikReader.read(text).rules
    assert ([str(p) for p in rule.destination], set(rule.hosts)) == (["192.0.2.0/24"], {"aka.ms"})


@pytest.mark.parametrize(
    "text",
    [
        RULES.replace("accept", "drop"),
        RULES.replace("accept", "jump jump-target=m365"),  # with protocol=tcp
        RULES.replace("forward", "input"),
        RULES.replace("protocol=tcp", "protocol=icmp"),
        RULES.replace("protocol=tcp", ""),
        RULES + "connection-state=established",
        RULES + "disabled=yes",
        RULES + "dst-port=!443",
        RULES + "dst-port=" + ",".join(str(n) for n in range(1, 33, 2)),
        RULES + "dst-address=10.0.0.1/8",
        RULES + "src-address-list=none",
        RULES + "dst-address=2001:db8::/32",
        f"{LIST}10.0.0.1-10.0.0.9\n{RULES}dst-address-list=l",
        f"{LIST}AKA.ms\n{RULES}src-address-list=l",
        f"{LIST}10.0.0.0/8\n{RULES}src-address-list=l src-address=10.0.0.0/8",
    ],
)
def test_an_unsupported_rule_is_reported_and_permits_nothing(text: str) -> None:
    reading = MikrotikReader.read(text)
    assert reading.rules == ()
    assert [line.number for line in reading.unread] == [text.count("\n") + 1]


def test_lines_after_an_unsupported_path_do_not_change_the_previous_table() -> None:
    reading = MikrotikReader.read(f"{RULES}\n/ip firewall nat\nadd chain=forward action=accept protocol=udp\n")
    assert [rule.protocol for rule in reading.rules] == ["tcp"]
    assert [line.number for line in reading.unread] == [3, 4]


@pytest.mark.parametrize(
    "entry",
    ["add list=l address=192.0.2.7", "add list=l", "add address=192.0.2.7", "add list=l address=192.0.2.8 timeout=1d"],
)
def test_an_invalid_list_entry_is_reported(entry: str) -> None:
    assert [line.number for line in MikrotikReader.read(f"{LIST}192.0.2.7\n{entry}").unread] == [3]


def test_an_entry_that_was_renamed_can_be_added_again() -> None:
    text = f"{LIST}192.0.2.7\n/ip firewall address-list set [find list=l] list=m\nadd list=l address=192.0.2.7\n"
    assert MikrotikReader.read(text).complete
    assert MikrotikReader.read(
        f"{LIST}192.0.2.7\n/ip firewall address-list remove [find list=l]\nadd list=l address=192.0.2.7"
    ).complete


def test_a_jump_of_all_packets_to_our_chain_is_read() -> None:
    jump = "/ip firewall filter add chain=forward action=jump jump-target=m365fabrikam\n"
    rule = RULES.replace("forward", "m365fabrikam")
    reading = MikrotikReader.read(f"{jump}{rule}")
    assert (reading.complete, len(reading.rules)) == (True, 1)
    for other in ("m365-x", "input", "m3650"):
        assert not MikrotikReader.read(f"{jump.replace('m365fabrikam', other)}{rule}").complete


def test_place_before_needs_one_entry() -> None:
    place = "/ip firewall filter add chain=forward action=accept protocol=udp comment=new place-before=[find {}]"
    device = MikrotikReader()
    device.load(f"{RULES}comment=a\nadd chain=forward action=accept protocol=tcp comment=b\n{place.format('comment=b')}")
    assert [rule["comment"] for rule in device.tables["/ip firewall filter"].values()] == ["a", "new", "b"]
    for which in ("", "comment=c"):
        with pytest.raises(ConfigurationError, match="place-before"):
            device.load(place.format(which))


@pytest.mark.parametrize(
    ("expression", "found"),
    [("^(old )?m365 ", ["m365 a", "old m365 b"]), ("^(drop|c)$", ["c"]), ("m365 [ab]", None), ("(a+)+$", None)],
)
def test_some_regular_expressions_are_known(expression: str, found: list[str] | None) -> None:
    device = MikrotikReader()
    lines = [f'add list=l address=192.0.2.{n} comment="{c}"' for n, c in enumerate(("m365 a", "old m365 b", "c"))]
    device.load("\n".join(["/ip firewall address-list", *lines]))
    remove = f'/ip firewall address-list remove [find comment~"{expression}"]'
    if found is None:
        with pytest.raises(ConfigurationError, match="regular expression"):
            device.load(remove)
        return
    device.load(remove)
    left = [entry["comment"] for entry in device.tables["/ip firewall address-list"].values()]
    assert sorted({"m365 a", "old m365 b", "c"} - set(left)) == found
