"""Ports in a line: cases written by hand, as a reader of the language understands them."""

import pytest

from perimeter365.sources.page._ports import ports


def shown(found: list[tuple[int, int]]) -> str:
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


@pytest.mark.parametrize(
    ("line", "tcp", "udp"),
    [
        ("80-as és 443-as TCP-port", "80,443", ""),
        ("Office 2013 used RDP over TCP port 443. Windows 11 does not.", "443", ""),
        ("TCP ports 80 & 443, only required for Exchange 2010 SP3", "80,443", ""),
        ("443 (TCP), 3478 (UDP)", "443", "3478"),
        ("UDP 3478, 443 (TCP)", "443", "3478"),
        ("ports 50,000-59,999 (UDP), ports 50,000-59,999 and 5061 (TCP)", "50000-59999,5061", "50000-59999"),
        ("443/TCP", "443", ""),
        ("TCP/443", "443", ""),
        ("TCP/IP 443", "443", ""),
        ("tcp: 80/443", "80,443", ""),
        ("TCP ポート80と443", "80,443", ""),
        ("TCP 端口 50,000至59,999", "50000-59999", ""),
        ("منافذ TCP 80 و443", "80,443", ""),
        ("יציאות TCP 80 ו-443", "80,443", ""),
        ("TCP पोर्ट 80 और 443", "80,443", ""),
        ("порты 50 000 до 59 999 (UDP)", "", "50000-59999"),
        ("TCP 50.000 a 59.999", "50000-59999", ""),
        ("TCP 80 a 443", "80,443", ""),
        ("TCP port 80 and port 443", "80,443", ""),
        ("port n. 443 TCP", "443", ""),
        ("TCP/UDP 3478", "3478", "3478"),
        ("Office 365 uses UDP. Windows 10 and 11 too.", "", ""),
        ("TCP outbound server-only traffic", "", ""),
    ],
)
def test_ports_are_next_to_their_protocol_in_any_order(line: str, tcp: str, udp: str) -> None:
    found_tcp, found_udp, unreadable = ports(line)
    assert (shown(found_tcp), shown(found_udp)) == (tcp, udp)
    assert unreadable == []


def test_ambiguous_ranges_are_unreadable() -> None:
    """`a` is Spanish for "to" and Czech for "and"."""
    assert ports("TCP 5228 a 5230") == ([], [], ["5228 a 5230"])


def test_an_invalid_port_is_unreadable() -> None:
    assert ports("TCP 99999") == ([], [], ["99999"])
