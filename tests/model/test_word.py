"""Words of closed sets: checked at run time, and by mypy in the source."""

from typing import get_args

import pytest

from perimeter365.errors import CatalogError
from perimeter365.model.area import AREAS
from perimeter365.model.effective import STATES
from perimeter365.model.host import KINDS
from perimeter365.model.requirement import DIRECTIONS, EDITIONS, Direction
from perimeter365.model.word import check_word
from perimeter365.targets.target import PROOFS, Proof
from tests.model.samples import flow, hosts


@pytest.mark.parametrize("words", [DIRECTIONS, EDITIONS, STATES, AREAS, KINDS])
def test_each_word_of_a_set_is_accepted(words: tuple[str, ...]) -> None:
    assert [check_word(word, words, "a word") for word in words] == list(words)


@pytest.mark.parametrize("text", ["", "Outbound", "outbound ", "outbond", None, 1, ["outbound"]])
def test_other_values_are_rejected_with_the_list_of_words(text: object) -> None:
    with pytest.raises(CatalogError) as caught:
        check_word(text, DIRECTIONS, "a direction")
    assert caught.value.message == f"{text!r} is not a direction (outbound, inbound, internal)"


def test_the_message_names_the_value_and_shows_an_empty_word() -> None:
    with pytest.raises(CatalogError, match=r'^row/23/x: .latest. is not an edition \("", newest, earlier\)$'):
        check_word("latest", EDITIONS, "an edition", "row/23/x")


def test_every_proof_is_explained() -> None:
    assert tuple(PROOFS) == get_args(Proof)


def test_mypy_sees_a_word_that_is_spelled_wrongly() -> None:
    """Each `ignore` is needed: `make types` reports unused ones, so mypy has to find these errors."""
    wrong: Direction = "outbond"  # type: ignore[assignment]
    assert flow().direction != "outbond"  # type: ignore[comparison-overlap]
    assert hosts("*.example.com")[0].kind != "sufix"  # type: ignore[comparison-overlap]
    with pytest.raises(CatalogError):
        flow(direction=wrong)
