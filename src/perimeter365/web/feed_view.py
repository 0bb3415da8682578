"""A feed with what has become of its lists.

`Views.look` renders a feed and, if a list has no entries now, looks at its past (`emptied`).
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from perimeter365.targets import targets
from perimeter365.web.edition import OutdatedError
from perimeter365.web.emptied import Admission, FeedPast, FeedPasts, PastFile, admission
from perimeter365.web.feed_files import HELPERS, Feed, Files, Renderer
from perimeter365.web.selection import NARROWING, Selection

if TYPE_CHECKING:
    from perimeter365.plan.profile import Profile
    from perimeter365.targets import Artifact
    from perimeter365.web.edition import Edition

MAX_EMPTIED = 1_000
"""How many emptied lists are remembered for /readyz."""

State = Literal["current", "emptied", "closed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedQuestion:
    """A request of a list, its checksum, or a manifest."""

    announces: ClassVar[bool] = False
    target: str = ""
    """"" for the manifest of all targets."""
    file: str = ""
    """"" for the only list, or the manifest."""
    profile: str = ""
    """The name of a profile; "" for the selection alone."""
    selection: Selection = field(default_factory=Selection)
    sum: bool = False
    """Whether the checksum is wanted."""

    @property
    def base(self) -> str:
        """The path of the target."""
        start = f"/p/{self.profile}" if self.profile else "/feeds"
        return f"{start}/{self.target}" if self.target else start

    @property
    def query(self) -> str:
        """The query in its only spelling, with its question mark."""
        if not self.profile:
            return f"?{self.selection.query}"
        found = "&".join(f"{name}={value}" for name, value in self.selection.values.items() if name in NARROWING)
        return f"?{found}" if found else ""

    def path(self, file: str) -> str:
        """Return path and query of a file of the target, in their only spelling."""
        return f"{self.base}/{file}{self.query}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Gone:
    """A list that has no entries now."""

    past: PastFile
    admitted: Admission | None
    """None while it is emptied."""

    @property
    def state(self) -> State:
        """Whether it is emptied or closed."""
        return "closed" if self.admitted else "emptied"


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A feed with its past, as far as it is known."""

    question: FeedQuestion
    feed: Feed
    files: Files
    gone: Mapping[str, Gone] = field(default_factory=dict)
    """Those of the past that `files` does not have, or has closed; all, or the one that was asked for."""
    single: bool = False
    """Whether there was a time at which it had one list."""

    @property
    def lists(self) -> tuple[str, ...]:
        """The names of all lists, also of those that are gone."""
        return tuple(sorted({*self.files.lists, *self.gone}))

    def state(self, name: str) -> State:
        """Return the state of a file."""
        return self.gone[name].state if name in self.gone else "current"

    def modified(self, edition: Edition) -> datetime:
        """Return the latest time at which the files of a feed can have changed."""
        times = [edition.modified(self.feed.profile.clouds), datetime.combine(edition.day, time(), UTC)]
        if self.question.profile:
            times.append(edition.named.named[self.question.profile].at)
        try:
            if file := edition.workspace.constraints_file:
                times.append(datetime.fromtimestamp(Path(file).stat().st_ctime, UTC))
        except OSError:
            raise OutdatedError from None
        return max(times + [each.admitted.at for each in self.gone.values() if each.admitted])

    def artifact(self, name: str) -> Artifact | None:
        """Return a file as it is served.

        None if it is closed, and its format cannot say so.
        """
        gone = self.gone.get(name)
        if gone is None:
            return self.files.made.get(name)
        return self._closed(name, gone.past, gone.admitted) if gone.admitted else gone.past.artifact

    def _closed(self, name: str, past: PastFile, admitted: Admission) -> Artifact | None:
        made = self.files.made.get(name)
        comment = targets[self.feed.target].comment
        if not past.artifact.content.startswith(f"{comment} ".encode()):
            return made
        about = f"{self.question.path(name)}; {self.files.lists_text}; admitted {admitted.at.date()}"
        said = f"{comment} empty\n{comment} {about}\n".encode()
        return replace(past.artifact, content=said + (made.content if made else b""), entries=0)


class Views:
    """Feeds with their pasts. Plans and pasts that several questions need are kept."""

    def __init__(self) -> None:
        self._renderer = Renderer()
        self._pasts = FeedPasts()
        self._lock = threading.Lock()
        self._emptied: dict[str, tuple[str, str]] = {}
        """Path and query -> generation, and the lists that had the last entries."""

    def look(self, question: FeedQuestion, edition: Edition, names: Collection[str] | None = None) -> View:
        """Return a feed with what is gone of it.

        Args:
            question: the question.
            edition: what is served.
            names: the files of interest, whose past is only read if they have no entries now; None for all.

        Raises:
            RefusedError: it cannot be rendered.
            StoreError, InputError: the store, or the file of the constraints, cannot be read.
            OutdatedError: the store has changed since the edition was loaded.
        """
        own = _profile(question, edition)
        feed = Feed(target=question.target, profile=own, selection=question.selection, name=question.profile)
        files = self._renderer.files(edition, feed)
        whole = names is None or files.bundled or not set(names).isdisjoint(HELPERS)
        if question.selection.at or (not whole and set(names or ()) <= files.made.keys()):
            return View(question=question, feed=feed, files=files)
        past = self._pasts.look(edition, feed, None if whole else names)
        found = past.all() if whole else {name: each for name in names or () if (each := past.file(name))}
        gone = self._gone(
            question, edition, {n: each for n, each in found.items() if n not in files.made and n not in HELPERS}
        )
        if closing := _closing(files, past, gone):
            files = self._renderer.files(edition, feed, closing)
        return View(question=question, feed=feed, files=files, gone=gone, single=past.single)

    def _gone(self, question: FeedQuestion, edition: Edition, gone: Mapping[str, PastFile]) -> dict[str, Gone]:
        if not gone:
            return {}
        made: dict[str, Gone] = {}
        with edition.workspace.reader() as store, store.reading():
            for name, past in gone.items():
                found = admission(store, question.path(name))
                made[name] = Gone(past=past, admitted=found if found and found.moment >= past.moment.number else None)
        edition.check()
        self._note({question.path(n): each.past.moment.lists for n, each in made.items() if not each.admitted}, edition)
        return made

    def _note(self, emptied: Mapping[str, str], edition: Edition) -> None:
        with self._lock:
            known = {path: each for path, each in self._emptied.items() if each[0] == edition.generation}
            if len(known) > MAX_EMPTIED:
                return
            self._emptied |= {path: (edition.generation, lists) for path, lists in emptied.items()}
            if len(self._emptied) > 2 * MAX_EMPTIED:
                self._emptied = known

    def emptied(self, edition: Edition) -> Mapping[str, str]:
        """Return the emptied lists of an edition that were asked for.

        Path and query -> the lists that had them.
        """
        with self._lock:
            return {path: lists for path, (of, lists) in sorted(self._emptied.items()) if of == edition.generation}


def _closing(files: Files, past: FeedPast, gone: Mapping[str, Gone]) -> dict[str, int]:
    """Return the lists that a render has to close, and their contents.

    Lists that are files of their own are closed when they are admitted. Those in one file are closed at once, as in a
    folder: nobody can fetch one of them alone.
    """
    lost = {name: number for name, number in past.kept.items() if name not in files.kept}
    if files.bundled or past.bundled:
        return lost if files.made or all(each.admitted for each in gone.values()) else {}
    return {name: number for name, number in lost.items() if name in gone and gone[name].admitted}


def _profile(question: FeedQuestion, edition: Edition) -> Profile:
    """Return the profile of a question. Raises RefusedError."""
    if not question.profile:
        return question.selection.profile(edition.clouds)
    return question.selection.narrowed(edition.named.find(question.profile))
