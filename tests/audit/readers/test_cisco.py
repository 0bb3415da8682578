"""Groups and access lists of ASA and IOS."""

import pytest

from perimeter365.audit.readers._cisco import Cisco, check_name
from perimeter365.audit.readers.cisco_asa import CiscoAsaReader
from perimeter365.audit.readers.cisco_ios import CiscoIosReader
from perimeter365.errors import ConfigurationError, InputError

ASA = """object-group network lan
 network-object 10.0.0.0 255.0.0.0
access-list in extended permit tcp object-group lan any4 eq 443
"""
IOS = """object-group network lan
 10.0.0.0 255.0.0.0
ip access-list extended in
 permit tcp object-group lan any eq 443
"""
BOTH = pytest.mark.parametrize(("kind", "text"), [(CiscoAsaReader, ASA), (CiscoIosReader, IOS)])


def loaded(kind: type[Cisco], text: str) -> Cisco:
    device = kind()
    device.load(text)
    return device


@BOTH
def test_a_group_in_use_is_neither_removed_nor_emptied(kind: type[Cisco], text: str) -> None:
    device = loaded(kind, text)
    member = text.splitlines()[1].strip()
    for lines in ("no object-group network lan", f"object-group network lan\n no {member}"):
        with pytest.raises(ConfigurationError, match="in use"):
            device.load(lines)
    assert device.state() == loaded(kind, text).state()


@BOTH
def test_an_unused_group_can_be_removed(kind: type[Cisco], text: str) -> None:
    entry = text.splitlines()[-1]
    away = f"no {entry}" if kind is CiscoAsaReader else f"ip access-list extended in\n no {entry.strip()}"
    device = loaded(kind, text)
    device.load(f"{away}\nno object-group network lan")
    assert device.rules() == []
    assert device.state() == kind().state()


@BOTH
def test_names_share_one_namespace(kind: type[Cisco], text: str) -> None:
    other = "object-group service lan tcp" if kind is CiscoAsaReader else "object-group service lan"
    with pytest.raises(ConfigurationError, match="lan is object-group network"):
        loaded(kind, text).load(other)


@BOTH
@pytest.mark.parametrize(
    "member", ["10.0.0.0 255.0.255.0", "10.0.0.1 255.0.0.0", "10.0.0.0", "", "host", "host lan", "group-object no"]
)
def test_an_unsupported_member_is_not_added(kind: type[Cisco], text: str, member: str) -> None:
    word = "network-object " if kind is CiscoAsaReader and not member.startswith("group") else ""
    device = loaded(kind, text)
    if member or word:
        with pytest.raises(InputError):
            device.load(f"object-group network lan\n {word}{member}")
    assert device.state() == loaded(kind, text).state()


@BOTH
def test_an_indented_line_without_an_open_group_is_reported(kind: type[Cisco], text: str) -> None:
    for before in ("", "! comment\n", "hostname gate\n"):
        (last,) = [
            line for line in kind.read(f"{before} permit tcp any any").unread if "no group or list is open" in line.reason
        ]
        assert last.number == before.count("\n") + 1


@BOTH
def test_a_remark_has_no_effect_and_a_limited_length(kind: type[Cisco], text: str) -> None:
    start = "access-list in " if kind is CiscoAsaReader else "ip access-list extended in\n "
    assert kind.read(f"{start}remark {'x' * 100}").complete
    assert not kind.read(f"{start}remark {'x' * 101}").complete


@BOTH
def test_the_nesting_of_groups_is_limited(kind: type[Cisco], text: str) -> None:
    word = "network-object " if kind is CiscoAsaReader else ""

    def nested(depth: int) -> str:
        groups = [f"object-group network g0\n {word}host 10.0.0.1\n"]
        groups += [f"object-group network g{n}\n group-object g{n - 1}\n" for n in range(1, depth)]
        entry = f"permit tcp object-group g{depth - 1} any{'4' if kind is CiscoAsaReader else ''} eq 443\n"
        return "".join(groups) + (f"access-list in extended {entry}" if word else f"ip access-list extended in\n {entry}")

    (rule,) = kind.read(nested(20)).rules
    assert [str(prefix) for prefix in rule.source] == ["10.0.0.1/32"]
    reading = kind.read(nested(21))
    assert reading.rules == ()
    assert ["20 deep" in line.reason for line in reading.unread] == [True]
    assert kind.read(nested(3000)).rules == ()


@BOTH
def test_a_group_that_contains_itself_is_reported(kind: type[Cisco], text: str) -> None:
    reading = kind.read(text + "object-group network lan\n group-object lan\n")
    assert reading.rules == ()
    assert ["deep" in line.reason for line in reading.unread] == [True]


def test_invalid_names_are_rejected() -> None:
    for name in ("", "-a", "a b", "a" * 65, "é", 'a"'):
        with pytest.raises(ConfigurationError, match="is not a name"):
            check_name(name)
    assert check_name("m365_in.v4-A") == "m365_in.v4-A"


@BOTH
def test_a_description_is_replaced_and_has_a_limited_length(kind: type[Cisco], text: str) -> None:
    device = loaded(kind, f"{text}object-group network lan\n description one\n description two\n")
    assert device.state() != loaded(kind, text).state()
    device.load("object-group network lan\n no description\n")
    assert device.state() == loaded(kind, text).state()
    with pytest.raises(ConfigurationError, match="more than 200"):
        device.load(f"object-group network lan\n description {'x' * 201}\n")
