"""Observed host names: lines of a file, and unreadable ones."""

from datetime import date
from pathlib import Path

import pytest

from perimeter365.errors import InputError
from perimeter365.model.host import HostPattern
from perimeter365.plan.observed import load_observed, parse_observed

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


def test_any_bytes_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "names"
    path.write_bytes(b"\xff\xfe\x00contoso.sharepoint.com\n" + bytes(range(256)))
    assert load_observed(path).unreadable


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_observed(tmp_path / "nothing")
