"""Parser of PAN-OS XML."""

import pytest

from perimeter365.audit.readers._xml import paths
from perimeter365.errors import ConfigurationError


def test_each_leaf_is_a_path_with_the_line_on_which_it_ends() -> None:
    text = """<?xml version="1.0"?>
<config><entry name="a b">
  <!-- <x>no</x> -->
  <static><member>one</member>
    <member> two </member></static>
  <empty/>
</entry></config>
"""
    assert paths(text) == [
        (4, ("config", "a b", "static", "one")),
        (5, ("config", "a b", "static", "two")),
        (6, ("config", "a b", "empty")),
    ]


def test_text_between_elements_is_ignored() -> None:
    assert paths("<a>x<b>y</b>z</a>") == [(1, ("a", "b", "y"))]


def test_predefined_entities_are_expanded() -> None:
    assert paths("<a>&lt;&amp;&#65;</a>") == [(1, ("a", "<&A"))]


LAUGHS = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]>\n<a>&c;</a>'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (LAUGHS, "line 1: document types are not supported"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "line 1: document types are not supported"),
        ("<a>\n&b;</a>", "line 2: undefined entity"),
        ("<a>\n<b></a>", "line 2: mismatched tag"),
        ("<a>", "line 1: no element found"),
        ("<a/><b/>", "line 1: junk after document element"),
        ("<a>\x00</a>", "line 1: "),
        ("<a>\ud800", "line 1: "),
    ],
)
def test_unsupported_xml_is_rejected(text: str, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason) as caught:
        paths(text)
    assert caught.value.line >= 1


def test_the_number_of_values_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perimeter365.audit.readers._xml.MOST_LEAVES", 3)
    assert len(paths("<a>" + "<b/>" * 3 + "</a>")) == 3
    with pytest.raises(ConfigurationError, match="more than 3 values"):
        paths("<a>" + "<b/>" * 4 + "</a>")


def test_depth_is_limited() -> None:
    assert len(paths("<a>" * 20 + "b" + "</a>" * 20)) == 1
    with pytest.raises(ConfigurationError, match="20 deep"):
        paths("<a>" * 21 + "b" + "</a>" * 21)
