"""What a value is taken for, and why an entry that has its name or address does not match it."""

import pytest

from perimeter365.errors import HostPatternError, InputError, PortError, PrefixError
from perimeter365.model.query import ADDRESS, HOST, PREFIX, URL, Entry, miss, parse_query, ports_text


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
def test_what_is_none_of_the_kinds_is_refused(value: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        parse_query(value)


def test_ports_and_paths_of_an_entry_are_kept() -> None:
    entry = Entry(
        {"id": "row/9/x", "cloud": "worldwide", "scenario": "s", "as": "destination", "tcp": "443", "path": ["/shcw/*"]}
    )
    assert ports_text(entry) == "tcp 443"
    assert miss(entry, parse_query("https://a.example/shcw/setup.exe")) == ""
    assert "not on 8443" in miss(entry, parse_query("a.example:8443"))
    assert "not for /other" in miss(entry, parse_query("https://a.example/other"))
