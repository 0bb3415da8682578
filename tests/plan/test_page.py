"""The frame of our pages: everything escaped, nothing fetched."""

import re

import jinja2
import pytest

from perimeter365.plan.page import html, plain


def test_values_are_escaped_and_on_one_line() -> None:
    assert html("<p>{{ x }}</p>", x='<b>"&\n\u202e') == "<p>&lt;b&gt;&#34;&amp;\ufffd\ufffd</p>"
    assert html("{{ x }}", x="{{ 7 * 7 }}") == "{{ 7 * 7 }}"


def test_a_name_without_a_value_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        html("{{ nothing }}")


def test_the_shared_parts_fetch_nothing() -> None:
    made = html("{{ style }}{{ script }}")
    assert "prefers-color-scheme" in made
    assert "use strict" in made
    assert not re.search(r"https?:|@import|url\(|fetch\(|XMLHttp", made)


@pytest.mark.parametrize(("text", "made"), [("a\tb", "a b"), ("a\x1b[1mb", "a\ufffd[1mb"), ("Zürich 東京", "Zürich 東京")])
def test_plain_text_stays_in_any_script(text: str, made: str) -> None:
    assert plain(text) == made
