"""Patterns as regular expressions, and the start of a name's registered domain."""

import re
from fnmatch import fnmatchcase

import pytest

from perimeter365.model.host import HostPattern
from perimeter365.targets._bases.hosts import expression, split_registered

PATTERNS = ["aka.ms", "*.sharepoint.com", "*cdn.onenote.net", "*-my.sharepoint.com", "a*.x.com", "a.*.x.com"]
NAMES = ["aka.ms", "akaxms", "aka.ms.example", "sharepoint.com", "a.sharepoint.com", "a.b.sharepoint.com"]
NAMES += ["xsharepoint.com", "cdn.onenote.net", "a.b-cdn.onenote.net", "onenote.net", "cdnxonenote.net"]
NAMES += ["c-my.sharepoint.com", "my.sharepoint.com", "a.x.com", "ab.x.com", "a.b.x.com", "a.b.c.x.com", "b.x.com"]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_expression_matches_what_the_pattern_matches(pattern: str) -> None:
    found = re.compile(expression(HostPattern(pattern)))
    assert [bool(found.search(name)) for name in NAMES] == [fnmatchcase(name, pattern) for name in NAMES]


@pytest.mark.parametrize(("pattern", "name"), [("*.x.com", ".x.com"), ("a.*.x.com", "a..x.com")])
def test_an_asterisk_between_dots_is_never_empty(pattern: str, name: str) -> None:
    assert not re.search(expression(HostPattern(pattern)), name)


def test_a_template_has_no_expression() -> None:
    with pytest.raises(ValueError, match="template"):
        expression(HostPattern("<tenant>.sharepoint.com"))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("sharepoint.com", ("", "sharepoint.com")),
        ("*.sharepoint.com", ("*", "sharepoint.com")),
        ("secure.aadcdn.microsoftonline-p.com", ("secure.aadcdn", "microsoftonline-p.com")),
        ("*.teams.cloud.microsoft", ("*.teams", "cloud.microsoft")),
        ("contoso.co.uk", ("", "contoso.co.uk")),
        ("*.sso.contoso.co.uk", ("*.sso", "contoso.co.uk")),
        ("contoso.sharepoint.cn", ("contoso", "sharepoint.cn")),
        ("co.uk", ("", "co.uk")),
    ],
)
def test_a_name_is_split_before_its_registered_domain(name: str, parts: tuple[str, str]) -> None:
    assert split_registered(name) == parts
