"""Tokens in the text of a row: cases written by hand, as a reader of the language understands them."""

import time

import pytest

from perimeter365.sources.page._tokens import find_tokens


@pytest.mark.parametrize(
    ("text", "tcp", "udp"),
    [
        ("TCP ports 80 & 443", "80,443", ""),
        ("Ports TCP 443 ou TCP 49443 avec ClientTLS", "443,49443", ""),
        ("Ports TCP 49.443", "49443", ""),
        ("UDP-Ports 50.000–59.999".replace("–", "-"), "", "50000-59999"),
        ("TCP ports 50,000-59,999; 5061", "5061,50000-59999", ""),
        ("TCP 端口 80 和 443", "80,443", ""),
        ("443-as TCP-port", "443", ""),
        ("TCP/UDP 3478", "3478", "3478"),
        ("which uses UDP ports. Prior clients in Office 2013 used RDP over TCP port 443.", "443", ""),
        ("TCP outbound server-only traffic", "", ""),
        ("Office 2013, Exchange 2010 SP3, Windows 11 21H2", "", ""),
        ("TCP port 80,443", "80,443", ""),
    ],
)
def test_ports_are_next_to_their_protocol(text: str, tcp: str, udp: str) -> None:
    found = find_tokens([text])
    assert (found.tcp, found.udp) == (tcp, udp)


@pytest.mark.parametrize(
    ("text", "hosts", "paths"),
    [
        ("*. cloudapp.net", ["*.cloudapp.net"], []),
        ("*api.microsoftstream.com", ["*.api.microsoftstream.com"], []),
        ("*digicert.com:80", ["*.digicert.com"], []),
        ("*cdn.onenote.net", ["*cdn.onenote.net"], []),
        ("*shcwreleaseprod.blob.core.windows.net/shcw/", None, ["shcwreleaseprod.blob.core.windows.net/shcw/*"]),
        ("aka.ms/hybridwizard ;", ["aka.ms"], ["aka.ms/hybridwizard"]),
        ("< dominio_correo >.outlookmobile.com", ["<email_domain>.outlookmobile.com"], []),
        ("« .sharepoint.com » avec «< locataire> »", ["<tenant>.sharepoint.com"], []),
        ("ASP.NET 4.8 and Node.js, Office.Voir etc.So", [], []),
        ("user@contoso.com", [], []),
        ("https://login.windows.net, https://support.office.com/article/x", ["login.windows.net"], []),
    ],
)
def test_split_hosts_are_joined_and_prose_is_ignored(text: str, hosts: list[str] | None, paths: list[str]) -> None:
    found = find_tokens([text])
    assert found.paths == paths
    if hosts is not None:
        assert found.hosts == hosts


@pytest.mark.parametrize(
    ("text", "prefixes"),
    [
        ("52.243.148.1 9, 52.182.32.51", ["52.182.32.51/32", "52.243.148.19/32"]),
        ("2001 :489a :3500 ::/50", ["2001:489a:3500::/50"]),
        ("80 52.112.0.0/14", ["52.112.0.0/14"]),
        ("Cloud:20.20.32.0/19", ["20.20.32.0/19"]),
        ("version 1.2.3.4.5", []),
    ],
)
def test_addresses_survive_spaces_and_do_not_swallow_numbers(text: str, prefixes: list[str]) -> None:
    assert find_tokens([text]).prefixes == prefixes


def test_a_bare_address_in_the_purpose_cell_is_a_document() -> None:
    assert find_tokens(["https://diagnostics.office.com", "https://login.live.com"], purpose=0).hosts == ["login.live.com"]


@pytest.mark.parametrize(
    ("text", "hosts", "unreadable"),
    [
        ("https://login.live.com@evil.com/", ["evil.com"], ["login.live.com@evil.com/"]),
        ("https://login.live.comと login.windows.net", ["login.live.com", "login.windows.net"], []),
        ("https://login.liv\u0435.com", [], ["login.liv\u0435.com"]),
        ("domains.live.com*", [], ["domains.live.com*"]),
        ("live.com.In addition", ["live.com"], []),
        ("outlook.com-hoz", ["outlook.com"], []),
        ("(SBC). domains.live.com", ["domains.live.com"], []),
        ("*.digicert.com:80/*.entrust.net:80", ["*.digicert.com", "*.entrust.net"], []),
        ("{tenant}.sharepoint.com [Mandant]-my.sharepoint.us", ["<tenant>-my.sharepoint.us", "<tenant>.sharepoint.com"], []),
        ("<x>.evil.com", [], ["<...>.evil.com"]),
        ("https://a.b.com\nhttps://c.d.com", ["a.b.com", "c.d.com"], []),
        ("secure.aadcdn.\nmicrosoftonline-p.com", ["secure.aadcdn.microsoftonline-p.com"], []),
        ("traffic.\nwww.msftconnecttest.com", ["www.msftconnecttest.com"], []),
        ("443\u00b2 www.x.com\u00b9", ["www.x.com"], []),
    ],
)
def test_text_next_to_a_name_matters(text: str, hosts: list[str], unreadable: list[str]) -> None:
    found = find_tokens([text])
    assert found.hosts == hosts
    assert found.unreadable[: len(unreadable)] == unreadable


@pytest.mark.parametrize(
    ("text", "prefixes", "unreadable"),
    [
        ("52.112.0.0-52.115.255.255", ["52.112.0.0/14"], []),
        ("20.1.2.3-20.1.2.9", [], ["20.1.2.3-20.1.2.9"]),
        ("52.112.0.0 255.252.0.0", [], ["52.112.0.0 255.252.0.0"]),
        ("2603:1006::5", ["2603:1006::5/128"], []),
        ("52.112.\n0.0/14", ["52.112.0.0/14"], []),
    ],
)
def test_ranges_and_masks_are_exact_or_unreadable(text: str, prefixes: list[str], unreadable: list[str]) -> None:
    found = find_tokens([text])
    assert (found.prefixes, found.unreadable) == (prefixes, unreadable)


def test_adjacent_names_and_addresses_are_separated() -> None:
    found = find_tokens(["https://login.live.comhttps://aka.ms/a; IPv4:20.20.32.0/19,IPv6:2603:1006:2000::/48"])
    assert (found.hosts, found.paths) == (["aka.ms", "login.live.com"], ["aka.ms/a"])
    assert found.prefixes == ["20.20.32.0/19", "2603:1006:2000::/48"]


def test_a_separated_digit_of_an_address_is_joined_or_unreadable() -> None:
    assert find_tokens(["Public: 52.243.148.1 9, 52.243.147.249"]).prefixes == ["52.243.147.249/32", "52.243.148.19/32"]
    doubtful = find_tokens(["52.243.148.1 9 52.243.147.249"])
    assert (doubtful.prefixes, doubtful.unreadable) == (["52.243.147.249/32"], ["52.243.148.1 9"])


@pytest.mark.parametrize("text", ["MFA Server 8.0.1.1", "TLS v9.2.3.4", "versión 8.0.1.1", "バージョン8.0.1.1"])
def test_a_version_of_four_numbers_is_not_an_address(text: str) -> None:
    found = find_tokens([text])
    assert (found.prefixes, found.unreadable) == ([], [text[-7:]])


@pytest.mark.parametrize("piece", ["a-", "_a", "<", "a.b."])
def test_time_for_a_long_cell_is_proportional(piece: str) -> None:
    begun = time.process_time()
    find_tokens([piece * (100_000 // len(piece)) + " www.msftconnecttest.com"])
    assert time.process_time() - begun < 5  # 0.3 s; in proportion to the square it took minutes


@pytest.mark.parametrize(
    "text",
    ["52.112.0.0/", "52.112.0.0/1444", "52.112.0.0/144", "52.112.0.0/33", "52.112.0.0/1413.107.64.0/18", "52.112.0.0/x",
     "2603:1006:2000::/", "2603:1006:2000::/4848"],
)  # fmt: skip
@pytest.mark.parametrize("after", ["", ", 20.20.32.0/19", " 20.20.32.0/19"])
def test_a_damaged_mask_is_unreadable_and_never_a_single_address(text: str, after: str) -> None:
    found = find_tokens([text + after])
    assert found.prefixes == (["20.20.32.0/19"] if after else [])
    assert found.unreadable == [text]
