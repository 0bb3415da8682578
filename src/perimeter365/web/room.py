"""What the rooms of the service have in common.

A room reads a request into a question, in one spelling, and answers questions from an edition. Both are plain functions
without side effects, so answers can be kept for the life of an edition, and `publish` can write them as files.
"""

from typing import ClassVar, Protocol, TypeVar

from perimeter365.web.answer import Answer
from perimeter365.web.edition import Edition
from perimeter365.web.request import Request


class Question(Protocol):
    """A hashable value; equal questions have equal answers from one edition."""

    announces: ClassVar[bool]
    """Whether the answer names the newest version, so that it depends on what is announced."""

    def __hash__(self) -> int:
        """Return the hash."""
        ...


_Asked = TypeVar("_Asked", bound=Question)


class Room(Protocol[_Asked]):
    """A part of the service.

    A room may have another method, `clouds(question, edition)`: the clouds on whose lists the answer depends, for the header
    Perimeter365-Stale and `--on-stale 503`. Without it, an answer depends on all. With an attribute `slow`, its answers take
    so long that they are made apart, so that those of other rooms do not wait for them.
    """

    def read(self, request: Request) -> _Asked:
        """Return the question of a request. Raises RefusedError."""
        ...

    def answer(self, question: _Asked, edition: Edition) -> Answer:
        """Answer a question from an edition. Raises RefusedError or OutdatedError."""
        ...
