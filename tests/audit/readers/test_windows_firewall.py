"""Reader of Windows Defender Firewall."""

import pytest

from perimeter365.audit.packets import AllowRule, differences
from perimeter365.audit.readers.windows_firewall import DIRECTIONS, HAVE, KEEP, SWEEP, WindowsFirewallReader
from perimeter365.errors import ConfigurationError

GROUP = "$group = 'm365'"
WEB = "-Action Allow -Protocol TCP -RemotePort '443' -RemoteAddress '192.0.2.0/24'"


def new(name: str, parameters: str = WEB, direction: str = "Outbound") -> str:
    start = f"if ($have -notcontains '{name}') {{ New-NetFirewallRule @store -Group $group -Name '{name}'"
    return f"{start} -Direction {direction} {parameters} | Out-Null }}"


def loaded(*lines: str, device: WindowsFirewallReader | None = None) -> WindowsFirewallReader:
    device = device or WindowsFirewallReader()
    device.load("\n".join(lines))
    return device


def test_the_local_end_depends_on_the_direction() -> None:
    own = "-LocalPort '443' -LocalAddress '203.0.113.1' -RemoteAddress '192.0.2.0/24'"
    device = loaded(GROUP, new("out"), new("in", f"-Action Allow -Protocol TCP {own}", "Inbound"))
    wanted = AllowRule.of("tcp", source=["192.0.2.0/24"], destination=["203.0.113.1"], ports="443")
    outgoing, incoming = ([rule for _, packets in device.policies([end]) for rule in packets()] for end in DIRECTIONS)
    assert differences(incoming, [wanted]) == []
    (rule,) = outgoing
    assert [str(prefix) for prefix in rule.source] == ["0.0.0.0/0"]
    assert len(device.rules()) == 2


def test_rules_outside_keep_are_removed_and_other_groups_stay() -> None:
    first = loaded(GROUP, HAVE, new("a"), new("b"), KEEP, "    'a',", "    'b'", ")", SWEEP)
    other = loaded("$group = 'theirs'", HAVE, new("c"), device=first)
    loaded(GROUP, HAVE, new("a"), KEEP, "    'a'", ")", SWEEP, device=other)
    assert sorted(other.policy_store) == ["a", "c"]


def test_a_rule_is_removed_by_name() -> None:
    device = loaded(GROUP, new("a"), HAVE, "if ($have -contains 'a') { Remove-NetFirewallRule @store -Name 'a' }")
    assert device.policy_store == {}


@pytest.mark.parametrize(
    "line",
    [
        new("a", "-Action Allow -Program 'c:\\x.exe'"),
        new("a", WEB + " -Service"),
        new("a", WEB + "; Remove-Item x"),
        new("a", WEB + " -Action Block"),
        new("a", WEB + " -RemotePort '80'"),
        new("a").replace("-Name 'a'", "-Name 'b'"),
        new("a", "-Action Allow -Description '$(calc)' -Protocol TCP"),
        "Invoke-Expression 'x'",
        "$group = 'a$b'",
        SWEEP,
        "if ($have -contains 'a') { Remove-NetFirewallRule @store -Name 'b' }",
    ],
)
def test_an_unsupported_line_is_reported_and_has_no_effect(line: str) -> None:
    reading = WindowsFirewallReader.read(f"{GROUP}\n{line}\n")
    assert [each.number for each in reading.unread] == [2]
    assert reading.rules == ()


@pytest.mark.parametrize(
    "rule",
    [
        new("a", WEB.replace("Allow", "Block")),
        new("a", WEB.replace("TCP", "ICMPv4")),
        new("a", WEB.replace("'443'", "'https'")),
        new("a", WEB.replace("192.0.2.0/24", "LocalSubnet")),
        new("a", WEB + " -LocalPort '1024'"),
        new("a", WEB, "Sideways"),
        new("a", WEB).replace(" -Protocol TCP", ""),
    ],
)
def test_an_unsupported_rule_is_reported_and_permits_nothing(rule: str) -> None:
    reading = WindowsFirewallReader.read(f"{GROUP}\n{rule}\n")
    assert [each.number for each in reading.unread] == [2]
    assert reading.rules == ()


def test_names_are_unique_and_lists_are_checked() -> None:
    with pytest.raises(ConfigurationError, match="the rule a already exists"):
        loaded(GROUP, new("a"), new("a"))
    with pytest.raises(ConfigurationError, match=r"not a name of \$keep"):
        loaded(GROUP, KEEP, "Remove-Item")


def test_an_unclosed_list_is_reported_at_the_end() -> None:
    reading = WindowsFirewallReader.read("\n".join((GROUP, new("a"), KEEP, "    'a'")))
    assert [(line.number, line.reason) for line in reading.unread] == [(4, "$keep is open at the end of the text")]
