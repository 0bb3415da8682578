"""The frame of pages: everything escaped, nothing fetched, one environment."""

import re

import jinja2
import pytest

from perimeter365.show.page import environment, html, plain


def test_values_are_escaped_and_on_one_line() -> None:
    assert "<title>&lt;b&gt;&#34;&amp;\ufffd\ufffd</title>" in html("show/page.html.j2", title='<b>"&\n\u202e')
    assert "<title>{{ 7 * 7 }}</title>" in html("show/page.html.j2", title="{{ 7 * 7 }}")


def test_a_name_without_a_value_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError, match="title"):
        html("show/page.html.j2")


@pytest.mark.parametrize("name", ["targets/none.html.j2", "../pyproject.toml", "/etc/hostname"])
def test_only_templates_of_the_package_are_found(name: str) -> None:
    with pytest.raises(jinja2.TemplateNotFound):
        html(name)


def test_the_skeleton_fetches_nothing() -> None:
    made = html("show/page.html.j2", title="x")
    assert "prefers-color-scheme" in made
    assert "use strict" in made
    assert not re.search(r"https?:|@import|url\(|fetch\(|XMLHttp", made)


@pytest.mark.parametrize("name", ["targets/report.html.j2", "history/draw/timeline.html.j2"])
def test_each_page_extends_the_skeleton(name: str) -> None:
    loader = environment().loader
    assert loader is not None
    assert loader.get_source(environment(), name)[0].startswith('{% extends "show/page.html.j2" %}')


def test_a_page_is_compiled_once() -> None:
    assert environment() is environment()
    assert environment().get_template("show/page.html.j2") is environment().get_template("show/page.html.j2")


@pytest.mark.parametrize(("text", "made"), [("a\tb", "a b"), ("a\x1b[1mb", "a\ufffd[1mb"), ("Zürich 東京", "Zürich 東京")])
def test_plain_text_stays_in_any_script(text: str, made: str) -> None:
    assert plain(text) == made
