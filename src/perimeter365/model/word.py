"""Words of closed sets: `Literal` types for mypy, and a check at run time.

    Direction = Literal["outbound", "inbound", "internal"]
    DIRECTIONS: tuple[Direction, ...] = get_args(Direction)

    >>> check_word("inbound", ("outbound", "inbound", "internal"), "a direction")
    'inbound'
    >>> check_word("inbond", ("outbound", "inbound", "internal"), "a direction", "row/6/mrs-proxy")
    Traceback (most recent call last):
    perimeter365.errors.CatalogError: row/6/mrs-proxy: 'inbond' is not a direction (outbound, inbound, internal)

With a `Literal`, mypy reports that `flow.direction == "outbond"` is never true; with `StrEnum` it cannot, since its members
are equal to plain strings. Strings also print, sort and serialize without conversion, and a target of another distribution
can write `proof = "by eye"` without an import.
"""

from typing import TypeVar

from perimeter365.errors import CatalogError

_Word = TypeVar("_Word", bound=str)


def check_word(text: object, words: tuple[_Word, ...], what: str, about: str = "") -> _Word:
    """Return a text as a word of a closed set.

    Args:
        text: from a file, a store or a caller.
        words: the closed set.
        what: a noun with its article for the message, such as "a direction".
        about: the value that contains the text, for the message; "" to leave it out.

    Raises:
        CatalogError: the text is not one of the words, which the message lists.
    """
    for word in words:
        if word == text:
            return word
    known = ", ".join(word or '""' for word in words)
    raise CatalogError(f"{f'{about}: ' if about else ''}{text!r} is not {what} ({known})")
