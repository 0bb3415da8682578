"""Text for terminals: widths in columns, and folding."""

import pytest

from perimeter365.show.terminal import columns, fold, pad


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("plan", 4),
        ("Zürich", 6),
        ("東京病院", 8),  # East Asian Wide (UAX #11)
        ("Ｅｘ", 4),  # Fullwidth
        ("e\N{COMBINING ACUTE ACCENT}", 1),
        ("a\N{ZERO WIDTH SPACE}b", 2),
    ],
)
def test_columns_are_those_of_a_terminal(text: str, width: int) -> None:
    assert columns(text) == width
    assert columns(pad(text, 12)) == 12


def test_wide_characters_count_twice_when_folding() -> None:
    assert list(fold("東京 病院 計画", width=9)) == ["東京 病院", "計画"]


def test_a_word_is_never_broken() -> None:
    long = "row/7/mail-to-exchange-online-protection"
    assert list(fold(f"a {long} b", width=10, indent=1, hanging=3)) == [" a", f"   {long}", "   b"]


def test_parts_stay_whole() -> None:
    assert list(fold(["exchange 5,", "teams 7"], width=12)) == ["exchange 5,", "teams 7"]


def test_leading_and_double_spaces_stay_and_control_characters_do_not() -> None:
    assert list(fold(" 8  row/6/x\x1b[31m", width=40)) == [" 8  row/6/x\N{REPLACEMENT CHARACTER}[31m"]


def test_an_empty_text_is_an_empty_line() -> None:
    assert list(fold("", width=10, indent=2)) == [""]
