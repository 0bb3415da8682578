"""The emptied lists of the service, for the person who decides.

The commands are `perimeter365 held feeds` and `held admit-feed`.

Without paths, those of each cloud's whole selection and of each named profile are found. A list of another selection has a
path of its own, which the service names in its answer and at /readyz.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from perimeter365.errors import InputError
from perimeter365.web.emptied import admit
from perimeter365.web.feed_files import FEEDS, OWN, PLAIN
from perimeter365.web.feed_view import FeedQuestion, Views
from perimeter365.web.feeds import Feeds
from perimeter365.web.request import RefusedError, Request
from perimeter365.web.selection import Selection

if TYPE_CHECKING:
    from perimeter365.store.store import Store
    from perimeter365.web.edition import Edition
    from perimeter365.web.feed_view import Gone, State


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldFeed:
    """A list without entries."""

    path: str
    """Path and query, in their only spelling."""
    gone: Gone

    @property
    def state(self) -> State:
        """`emptied` or `closed`."""
        return self.gone.state

    def to_dict(self) -> dict[str, Any]:
        """Return the list as JSON data."""
        admitted = self.gone.admitted
        return {
            "path": self.path,
            "state": self.state,
            "last": self.gone.past.moment.lists,
            "entries": self.gone.past.artifact.entries,
            "admitted": admitted.at.isoformat() if admitted else None,
        }


def held_feeds(edition: Edition, paths: Iterable[str] = ()) -> tuple[HeldFeed, ...]:
    """Return the lists that have no entries any more, by path.

    Args:
        edition: what is served.
        paths: paths, or URLs, of lists or targets; () for all clouds and profiles.

    Raises:
        InputError: a path is not one of a feed, or the store cannot be read.
    """
    views = Views()
    questions = [question_of(path) for path in paths] or list(_questions(edition))
    found: dict[str, HeldFeed] = {}
    for question in questions:
        found |= {each.path: each for each in _held(views, question, edition)}
    return tuple(found[path] for path in sorted(found))


def admit_feed(edition: Edition, store: Store, path: str, at: datetime) -> HeldFeed:
    """Store that a list is empty, as a person has decided.

    Raises:
        InputError: the list has entries, never had any, or is admitted already.
    """
    question = question_of(path)
    held = [each for each in _held(Views(), question, edition) if each.state == "emptied"]
    if len(held) != 1:
        what = "is not emptied" if not held else f"has {len(held)} emptied lists"
        raise InputError(f"{question.path(question.file)} {what}", help="`perimeter365 held feeds` lists them")
    admit(store, held[0].path, held[0].gone.past.moment, at)
    return held[0]


def question_of(path: str) -> FeedQuestion:
    """Return the question of a path or URL. Raises InputError."""
    parts = urlsplit(path)
    try:
        request = Request(path=parts.path, query=parts.query)
        if not request.parts or request.parts[0].lower() not in ("feeds", "p"):
            raise InputError(f"{path[:200]!r} is not the path of a feed", help="it starts with /feeds/ or /p/")
        return Feeds().read(request)
    except RefusedError as refused:
        raise InputError(f"{path[:200]!r}: {refused.text}") from None


def _questions(edition: Edition) -> Iterator[FeedQuestion]:
    for cloud in edition.clouds:
        for target in (*FEEDS, *PLAIN):
            yield FeedQuestion(target=target, selection=Selection(clouds=(str(cloud),)))
    for name in edition.profiles:
        for target in (*FEEDS, *PLAIN, *OWN):
            yield FeedQuestion(target=target, profile=name)


def _held(views: Views, question: FeedQuestion, edition: Edition) -> Iterator[HeldFeed]:
    try:
        view = views.look(question, edition, [question.file] if question.file else None)
    except RefusedError:
        return  # it cannot be rendered, so that nothing is served
    for name, gone in view.gone.items():
        if question.file in ("", name):
            yield HeldFeed(path=question.path(name), gone=gone)
