"""Windows Defender Firewall: the lines of our scripts, and the rules that they leave."""

import pytest

from perimeter365.audit.packets import AllowRule, differences
from perimeter365.audit.readers.windows_firewall import DIRECTIONS, HAVE, KEEP, SWEEP, WindowsFirewall
from perimeter365.errors import ConfigurationError

GROUP = "$group = 'm365'"
WEB = "-Action Allow -Protocol TCP -RemotePort '443' -RemoteAddress '192.0.2.0/24'"


def new(name: str, parameters: str = WEB, direction: str = "Outbound") -> str:
    start = f"if ($have -notcontains '{name}') {{ New-NetFirewallRule @store -Group $group -Name '{name}'"
    return f"{start} -Direction {direction} {parameters} | Out-Null }}"


def loaded(*lines: str, device: WindowsFirewall | None = None) -> WindowsFirewall:
    device = device or WindowsFirewall()
    device.load("\n".join(lines))
    return device


def test_a_machine_is_the_end_of_its_own_connections() -> None:
    own = "-LocalPort '443' -LocalAddress '203.0.113.1' -RemoteAddress '192.0.2.0/24'"
    device = loaded(GROUP, new("out"), new("in", f"-Action Allow -Protocol TCP {own}", "Inbound"))
    wanted = AllowRule.of("tcp", source=["192.0.2.0/24"], destination=["203.0.113.1"], ports="443")
    outgoing, incoming = ([rule for _, packets in device.policies([end]) for rule in packets()] for end in DIRECTIONS)
    assert differences(incoming, [wanted]) == []
    (rule,) = outgoing
    assert [str(prefix) for prefix in rule.source] == ["0.0.0.0/0"]
    assert len(device.rules()) == 2


def test_what_is_not_kept_is_swept_and_what_is_of_others_stays() -> None:
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
def test_a_line_that_is_not_read_is_reported_and_does_nothing(line: str) -> None:
    reading = WindowsFirewall.read(f"{GROUP}\n{line}\n")
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
def test_a_rule_that_is_not_read_is_reported_and_lets_nothing_pass(rule: str) -> None:
    reading = WindowsFirewall.read(f"{GROUP}\n{rule}\n")
    assert [each.number for each in reading.unread] == [2]
    assert reading.rules == ()


def test_a_name_is_taken_once_and_a_list_ends() -> None:
    with pytest.raises(ConfigurationError, match="there is a rule a already"):
        loaded(GROUP, new("a"), new("a"))
    with pytest.raises(ConfigurationError, match=r"as a name of \$keep"):
        loaded(GROUP, KEEP, "Remove-Item")


def test_a_list_that_is_never_closed_is_reported_at_the_end() -> None:
    reading = WindowsFirewall.read("\n".join((GROUP, new("a"), KEEP, "    'a'")))
    assert [(line.number, line.reason) for line in reading.unread] == [(4, "$keep is open at the end of the text")]
