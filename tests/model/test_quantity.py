"""Numbers with their nouns in messages."""

import pytest

from perimeter365.model.quantity import plural, quantity


@pytest.mark.parametrize(
    ("noun", "many"),
    [
        ("prefix", "prefixes"),
        ("extra IPv4 address", "extra IPv4 addresses"),
        ("branch", "branches"),
        ("entry", "entries"),
        ("day", "days"),
        ("flow", "flows"),
        ("DNS record", "DNS records"),
    ],
)
def test_the_noun_is_in_the_singular_only_for_one(noun: str, many: str) -> None:
    assert plural(noun) == many
    assert [quantity(number, noun) for number in (0, 1, 2)] == [f"0 {many}", f"1 {noun}", f"2 {many}"]
