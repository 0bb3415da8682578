"""Words of closed sets: `Literal` types for mypy, and one check at run time.

    Direction = Literal["outbound", "inbound", "internal"]
    DIRECTIONS: tuple[Direction, ...] = get_args(Direction)

    >>> check_word("inbound", ("outbound", "inbound", "internal"), "a direction")
    'inbound'
    >>> check_word("inbond", ("outbound", "inbound", "internal"), "a direction", "row/6/mrs-proxy")
    Traceback (most recent call last):
    perimeter365.errors.CatalogError: row/6/mrs-proxy: 'inbond' is not a direction (outbound, inbound, internal)

Why not `StrEnum`: its members are equal to plain texts, so mypy cannot know that `flow.direction == "outbond"` is never
true; of a `Literal` it does. Texts also print, sort and serialize as what they are, and a target of another distribution
writes `proof = "by eye"` without an import.
"""

from typing import TypeVar

from perimeter365.errors import CatalogError

_Word = TypeVar("_Word", bound=str)


def check_word(text: object, words: tuple[_Word, ...], what: str, about: str = "") -> _Word:
    """The word that a text is.

    Args:
        text: from a file, a store or a caller.
        words: the closed set.
        what: what the words are, with its article, for the message.
        about: the value that it is a part of; "" if the message needs none.

    Raises:
        CatalogError: it is none of the words, which the message lists.
    """
    for word in words:
        if word == text:
            return word
    known = ", ".join(word or '""' for word in words)
    raise CatalogError(f"{f'{about}: ' if about else ''}{text!r} is not {what} ({known})")
