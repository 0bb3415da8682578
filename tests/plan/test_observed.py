"""Observed host names: lines of a file, and unreadable ones."""

from datetime import date
from pathlib import Path

import pytest

from perimeter365.errors import InputError
from perimeter365.model.host import HostPattern
from perimeter365.plan import observed
from perimeter365.plan.observed import ObservedHosts, load_observed, parse_observed

LINES = """# from the proxy
contoso.sharepoint.com 1841 2026-11-18
contoso-my.sharepoint.com,530,2026-11-19
contoso.sharepoint.com\t9\t2026-11-20T08:00:00
sharepoint.com
evilsharepoint.com 7
10.0.0.1 3
*.sharepoint.com 3
name with words 3
"""


def test_counts_of_a_name_are_added_with_the_last_day() -> None:
    seen = parse_observed(LINES).under(HostPattern("*.sharepoint.com"))
    assert [(s.host.text, s.count, s.last) for s in seen] == [
        ("contoso-my.sharepoint.com", 530, date(2026, 11, 19)),
        ("contoso.sharepoint.com", 1850, date(2026, 11, 20)),
    ]


def test_unreadable_lines_are_reported() -> None:
    assert parse_observed(LINES).unreadable == (7, 8, 9)


def read(tmp_path: Path, content: bytes) -> ObservedHosts:
    path = tmp_path / "names"
    path.write_bytes(content)
    return load_observed(path)


def counts(found: ObservedHosts) -> dict[str, int]:
    return {host.text: seen.count for host, seen in found.names.items()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_names_the_encoding(tmp_path: Path, encoding: str) -> None:
    content = "\ufeffa.example.com 2\r\nb.example.com\r\n".encode(encoding)
    found = read(tmp_path, content)
    assert counts(found) == {"a.example.com": 2, "b.example.com": 1}
    assert found.unreadable == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a.example.com\n".encode("utf-16-le"), "looks like UTF-16LE, but has no byte order mark"),
        ("a.example.com\n".encode("utf-16-be"), "looks like UTF-16BE, but has no byte order mark"),
        (b"\xff\xfea", "that of UTF-16-LE, but byte 0 is not"),
        (b"\xef\xbb\xbfa.example.com\n\xff", "that of UTF-8, but byte 14 is not"),
        (b"10.0.0.1\n=1+1\n\n10.0.0.2\n", "has no host name: 3 lines without a host name: 1, 2, 4"),
        (bytes(5000), "looks like UTF-16"),
    ],
    ids=range(6),
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(tmp_path, content)
    assert "names" in caught.value.message


def test_one_bad_byte_makes_one_line_unreadable(tmp_path: Path) -> None:
    found = read(tmp_path, b"a.example.com\nb\xff.example.com\nc\x00.example.com\nd.example.com\n")
    assert counts(found) == {"a.example.com": 1, "d.example.com": 1}
    assert found.unreadable == (2, 3)
    assert found.unreadable_text == "2 lines without a host name: 2, 3"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("https://A.example.com/x?y=1#z 5", ("a.example.com", 5)),
        ("http://user:secret@a.example.com:8080/x", ("a.example.com", 1)),
        ("a.example.com:443", ("a.example.com", 1)),
        ("  a.example.com.  7  ", ("a.example.com", 7)),
        ('"a.example.com","12","2026-11-20"', ("a.example.com", 12)),
        ('"a.example.com";12', ("a.example.com", 12)),
        ("a.example.com 3 # proxy", ("a.example.com", 3)),
        ("10.0.0.1", None),
        ("https://10.0.0.1/", None),
        ("[2001:db8::1]:443", None),
        ("*.example.com", None),
        ("localhost", None),
        ('"a.example.com', None),
        ('a"b".example.com', None),
        ('"a.example.com"b', None),
        ('=HYPERLINK("http://a.example.com")', None),
        ("@a.example.com", None),
        ("+a.example.com", None),
        ("a.example.com b.example.com", None),
        ("a.example.com 1 2026-11-20 x", None),
        ("a.example.com " + "9" * 19, None),
        ("a.example.com" + " " * 20_000, None),
        ('"' * 9_001, None),
    ],
)
def test_a_line_is_a_name_or_unreadable(line: str, expected: tuple[str, int] | None) -> None:
    found = parse_observed(f"first.example.com\n{line}\n")
    assert found.unreadable == (() if expected else (2,))
    assert counts(found) == {"first.example.com": 1, **(dict([expected]) if expected else {})}


@pytest.mark.parametrize(
    ("text", "expected", "unreadable"),
    [
        ("name,count\na.example.com,3\n", {"a.example.com": 3}, ()),
        ("Client IP;Host Name;Hits\n10.0.0.7;a.example.com;2\n10.0.0.8;a.example.com;5\n", {"a.example.com": 7}, ()),
        ('"time","url"\n"1764547200","https://a.example.com/x, y; z"\n', {"a.example.com": 1}, ()),
        ("host\tlast_seen\na.example.com\t20/11/2026\nb.example.com\t\n", {"a.example.com": 1, "b.example.com": 1}, ()),
        ("domain,count\na.example.com,many\n,4\nb.example.com,1,2\nc.example.com,6,\n", {"c.example.com": 6}, (2, 3, 4)),
        ('host,note\n"a.example.com,x\nb.example.com,"y ""z"""\n', {"b.example.com": 1}, (2,)),
        ("# from the proxy\n\nfqdn,requests\na.example.com,9\n", {"a.example.com": 9}, ()),
        ("title,number\na.example.com,9\n", {"a.example.com": 9}, (1,)),
    ],
    ids=range(8),
)
def test_a_table_is_read_by_its_titles(text: str, expected: dict[str, int], unreadable: tuple[int, ...]) -> None:
    found = parse_observed(text)
    assert counts(found) == expected
    assert found.unreadable == unreadable


def test_a_table_has_days() -> None:
    (seen,) = parse_observed("host,date\na.example.com,2026-11-18\na.example.com,2026-11-20T08:00:00Z\n").names.values()
    assert (seen.count, seen.last) == (2, date(2026, 11, 20))


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observed, "MAX_NAMES", 2)
    with pytest.raises(InputError, match="more than 2 different names"):
        parse_observed("a.example.com\nb.example.com\na.example.com\nc.example.com\n")
    monkeypatch.setattr(observed, "MAX_BYTES", 20)
    with pytest.raises(InputError, match="more than 20 bytes"):
        read(tmp_path, b"a.example.com\nb.example.com\n")


def test_long_lists_of_lines_are_cut() -> None:
    text = parse_observed("x\n" * 30).unreadable_text
    assert text == "30 lines without a host name: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 20 more"


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        load_observed(tmp_path / "nothing")
    with pytest.raises(InputError, match="it is a folder"):
        load_observed(tmp_path)
