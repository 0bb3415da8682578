"""Common parts of pictures."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.show.drawing import BLOCKS, DIGITS, LEVELS, bar, level, svg_document, svg_text, theme


@pytest.mark.parametrize(
    ("count", "steps"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (7, 3), (8, 4), (127, 7), (128, 8), (100_000, 8)]
)
def test_a_bar_grows_with_each_doubling(count: int, steps: int) -> None:
    assert level(count) == steps


def test_every_step_has_its_character() -> None:
    assert len(BLOCKS) == len(DIGITS) == LEVELS + 1
    assert bar([0, 1, 128]) == " ▁█"
    assert bar([0, 1, 128], DIGITS) == " 18"


@given(st.text(st.characters()))
def test_any_text_is_shown_as_it_is_or_marked(words: str) -> None:
    made = svg_document("x", 10, 10, words, theme("x", ["ink", "paper"]), svg_text(1, 2, words))
    root = ElementTree.fromstring(made)
    shown = root[1].text or ""
    assert len(shown) == len(words)
    assert all(a in (b, "\ufffd", " ") for a, b in zip(shown, words, strict=True))


def test_both_screens_have_their_colors() -> None:
    made = theme("x", ["ink"])
    assert made.count("--ink:") == 2
    assert "prefers-color-scheme:dark" in made
