"""Parsed values, and mismatches of ports and paths."""

import pytest

from perimeter365.errors import HostPatternError, InputError, PortError, PrefixError
from perimeter365.model.query import ADDRESS, HOST, PREFIX, URL, IndexEntry, entry_ports, mismatch, parse_query


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("52.112.0.5", ADDRESS),
        ("2603:1063::5", ADDRESS),
        ("52.112.0.0/16", PREFIX),
        ("2603:1063::/38", PREFIX),
        ("contoso.sharepoint.com", HOST),
        ("*.sharepoint.com", HOST),
        ("outlook.office365.com:443", HOST),
        ("aka.ms/hybridwizard", URL),
        ("https://aka.ms/hybridwizard", URL),
    ],
)
def test_each_kind_is_recognized(value: str, kind: str) -> None:
    assert parse_query(value).kind == kind


def test_a_url_gives_host_port_and_path_without_user_query_and_fragment() -> None:
    query = parse_query("http://user@www.msftconnecttest.com/connecttest.txt?x=1#y")
    assert query.host is not None
    assert (query.host.text, query.port, query.path) == ("www.msftconnecttest.com", 80, "/connecttest.txt")


@pytest.mark.parametrize(
    ("value", "error"),
    [("300.1.1.1", PrefixError), ("a..b.com", HostPatternError), ("a.example:99999", PortError), ("row", InputError)],
)
def test_a_value_of_no_kind_is_rejected(value: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        parse_query(value)


def test_ports_and_paths_of_an_entry_are_kept() -> None:
    entry = IndexEntry(
        {"id": "row/9/x", "cloud": "worldwide", "scenario": "s", "as": "destination", "tcp": "443", "path": ["/shcw/*"]}
    )
    assert entry_ports(entry) == "tcp 443"
    assert mismatch(entry, parse_query("https://a.example/shcw/setup.exe")) == ""
    assert "not on 8443" in mismatch(entry, parse_query("a.example:8443"))
    assert "not for /other" in mismatch(entry, parse_query("https://a.example/other"))
