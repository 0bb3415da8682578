"""YAML: a library reads back the same values, for all texts."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.targets._bases.yaml import CommentedValue, yaml_lines

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    [
        "yes",
        "No",
        "null",
        "~",
        "1",
        "1.5",
        "0x1f",
        "1:30",
        "2026-01-01",
        "- a",
        "a: b",
        "#",
        "*.x",
        "&a",
        "!t",
        "{{ x }}",
        "a.b",
        "<<",
    ]
)
VALUES = st.recursive(
    TEXTS | st.integers(0, 70000) | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def read(value: object) -> Any:
    return yaml.safe_load("\n".join(yaml_lines(value)))


@given(VALUES)
def test_what_is_written_is_read_back(value: object) -> None:
    assert read(value) == value


@given(st.lists(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=3), min_size=1, max_size=3))
def test_comments_change_nothing(value: list[object]) -> None:
    assert read({"a": [CommentedValue("why: - x", item) for item in value], "b": CommentedValue("b", value)}) == {
        "a": value,
        "b": value,
    }


def test_a_comment_is_above_its_item_and_nested_comments_stay_in_order() -> None:
    lines = list(yaml_lines([CommentedValue("outer", {"a": CommentedValue("inner", 1)}), ["x", ["z"]]]))
    assert lines == ["# outer", "# inner", "- a: 1", "- - x", "  - - z"]


def test_another_type_is_an_error() -> None:
    with pytest.raises(TypeError, match="float"):
        list(yaml_lines({"a": 1.5}))
