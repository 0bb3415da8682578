"""Words of closed sets: what comes from outside is checked, and what is written in the source is checked by mypy."""

from typing import get_args

import pytest

from perimeter365.errors import CatalogError
from perimeter365.model.effective import STATES
from perimeter365.model.endpoint_set import AREAS
from perimeter365.model.host import KINDS
from perimeter365.model.requirement import DIRECTIONS, EDITIONS, Direction
from perimeter365.model.word import check_word
from perimeter365.targets.target import PROOFS, Proof
from tests.model.samples import flow, hosts


@pytest.mark.parametrize("words", [DIRECTIONS, EDITIONS, STATES, AREAS, KINDS])
def test_each_word_of_a_set_is_let_through(words: tuple[str, ...]) -> None:
    assert [check_word(word, words, "a word") for word in words] == list(words)


@pytest.mark.parametrize("text", ["", "Outbound", "outbound ", "outbond", None, 1, ["outbound"]])
def test_other_values_are_refused_with_the_words_there_are(text: object) -> None:
    with pytest.raises(CatalogError) as caught:
        check_word(text, DIRECTIONS, "a direction")
    assert caught.value.message == f"{text!r} is not a direction (outbound, inbound, internal)"


def test_the_message_says_whose_word_it_is_and_shows_an_empty_one() -> None:
    with pytest.raises(CatalogError, match=r'^row/23/x: .latest. is not an edition \("", newest, earlier\)$'):
        check_word("latest", EDITIONS, "an edition", "row/23/x")


def test_every_proof_is_explained() -> None:
    assert tuple(PROOFS) == get_args(Proof)


def test_mypy_sees_a_word_that_is_spelled_wrongly() -> None:
    """An `ignore` that is not needed is an error of `make types`: if mypy stops seeing these, it reports these lines."""
    wrong: Direction = "outbond"  # type: ignore[assignment]
    assert flow().direction != "outbond"  # type: ignore[comparison-overlap]
    assert hosts("*.example.com")[0].kind != "sufix"  # type: ignore[comparison-overlap]
    with pytest.raises(CatalogError):
        flow(direction=wrong)
