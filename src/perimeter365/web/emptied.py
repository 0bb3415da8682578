"""Lists that had entries in an earlier version in force, and have none now.

A device must not get an empty list without a person's word: its rule would match nothing. Nor may such a list simply be
missing: a device keeps its copy of a list that it cannot fetch, so that everything in it would stay open, and nobody would
know.

    current    the list has entries
    emptied    it had entries in an earlier version in force: its last bytes are served, and the answer, the manifest and
               /readyz say so, until a person admits it (`perimeter365 held admit-feed PATH`)
    closed     a person has admitted it: the comment `# empty`, and one entry that nothing matches where a device needs it

What was in force stands in the store, and so does what was admitted; so replicas and restarts agree, and the service itself
writes nothing. The last bytes are made from the newest of the last `MOST` combinations of lists in force in which the list
has entries. They are within the operator's present constraints. The embedded lists have no past.

An admission is about the combination that had the last entries: a list that gets entries again and loses them once more is
emptied again.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from perimeter365.errors import Perimeter365Error, StoreError
from perimeter365.model.decode import decode, instant, natural, parse_json, string, table
from perimeter365.model.version import BEGINNING
from perimeter365.web.feed_files import Files, render_plan
from perimeter365.web.request import RefusedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from perimeter365.model.cloud import Cloud
    from perimeter365.plan.plan import Plan
    from perimeter365.store.entries import ForcedVersion
    from perimeter365.store.reader import Reader
    from perimeter365.store.store import Store
    from perimeter365.targets import Artifact
    from perimeter365.web.edition import Edition
    from perimeter365.web.feed_files import Feed
    from perimeter365.workspace import Workspace

MOST = 12
"""How many earlier combinations of lists are looked at: about a year of one cloud."""

NOTE = "feeds.admitted."
"""Start of the keys of the store's notes on admitted lists."""

PATIENCE = 5.0
"""Seconds for which a request waits for another one that reads the past. The answers that need no past do not wait."""

BUSY = "Another request reads the earlier lists. Ask again."

PASTS, PLANS = 64, 16
"""How many feeds, and plans of the past, are kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """The lists of some clouds that were in force together."""

    forced: tuple[ForcedVersion, ...]
    """One for each cloud, by cloud."""

    @property
    def number(self) -> int:
        """A number that ascends in time: that of the newest of the lists."""
        return max(each.id for each in self.forced)

    @property
    def lists(self) -> str:
        """The clouds and versions: `worldwide 2026080200`."""
        return ", ".join(f"{each.cloud} {each.version}" for each in self.forced)


def moments(store: Reader, clouds: Collection[Cloud], most: int = MOST) -> tuple[Moment, ...]:
    """Return what was in force of some clouds before, newest first.

    What is in force now is left out.

    Clouds that the store does not have are left out, and so is the embedded list. A combination counts from the time at
    which each cloud had a list.
    """
    with store.reading():
        present = store.in_force()
        events = [each for cloud in clouds for each in store.forced(cloud) if each.version != BEGINNING]
    events.sort(key=lambda each: each.id)
    wanted = {each.cloud for each in events}
    now: dict[Cloud, ForcedVersion] = {}
    found: list[Moment] = []
    for each in events:
        now[each.cloud] = each
        if now.keys() == wanted:
            found.append(Moment(forced=tuple(now[cloud] for cloud in sorted(now))))
    return tuple(reversed(found[:-1] if wanted <= {each.cloud for each in present} else found))[:most]


@dataclass(frozen=True, kw_only=True, slots=True)
class PastFile:
    """A file that had entries, and when it had them last."""

    artifact: Artifact
    moment: Moment


class FeedPast:
    """The earlier files of one feed.

    The past is rendered as far as a question needs it, newest first.
    """

    def __init__(self, steps: Iterator[tuple[Moment, Files]]) -> None:
        self._steps = steps
        self._files: dict[str, PastFile] = {}
        self.kept: dict[str, int] = {}
        """The lists that it had, and their contents."""
        self.single = False
        """Whether there was a time at which it had one list."""
        self.bundled = False
        """Whether one file has all lists."""

    def file(self, name: str) -> PastFile | None:
        """Return a file with its last entries; None if it never had any."""
        while name not in self._files and self._step():
            pass
        return self._files.get(name)

    def all(self) -> Mapping[str, PastFile]:
        """Return all files that ever had entries."""
        while self._step():
            pass
        return self._files

    def _step(self) -> bool:
        moment, files = next(self._steps, (None, None))
        if moment is None or files is None:
            return False
        for name, artifact in files.made.items():
            self._files.setdefault(name, PastFile(artifact=artifact, moment=moment))
        for name, number in files.kept.items():
            self.kept.setdefault(name, number)
        self.single = self.single or len(files.lists) == 1
        self.bundled = self.bundled or files.bundled
        return True


class FeedPasts:
    """The pasts of feeds, of which the last ones are kept."""

    def __init__(self) -> None:
        self._pasts: OrderedDict[tuple[object, ...], FeedPast] = OrderedDict()
        self._plans: OrderedDict[tuple[object, ...], Plan | None] = OrderedDict()
        self._lock = threading.Lock()

    def look(self, edition: Edition, feed: Feed, names: Collection[str] | None = None) -> FeedPast:
        """Return the past of a feed, read far enough to know some files.

        `names` None: to know all of them.

        Raises:
            RefusedError: another request reads the past, and takes long.
            StoreError: the store cannot be read.
        """
        if not self._lock.acquire(timeout=PATIENCE):
            raise RefusedError(503, BUSY)
        try:
            past = self._past(edition, feed)
            _ = past.all() if names is None else [past.file(name) for name in names]
            return past
        except BaseException:
            self._pasts.clear()  # one that failed half-way would seem to be read to its end
            raise
        finally:
            self._lock.release()

    def _past(self, edition: Edition, feed: Feed) -> FeedPast:
        workspace = edition.workspace
        if not workspace.lists_place:
            return FeedPast(iter(()))
        with workspace.reader() as store:
            found = moments(store, feed.profile.clouds)
        bound = sha256(repr(workspace.constraints).encode()).hexdigest()
        key = (
            feed.target,
            feed.key,
            bound,
            tuple((each.cloud, each.id, each.hash) for moment in found for each in moment.forced),
        )
        if key not in self._pasts:
            self._pasts[key] = FeedPast((moment, self._files(workspace, edition.day, feed, moment)) for moment in found)
            while len(self._pasts) > PASTS:
                self._pasts.popitem(last=False)
        self._pasts.move_to_end(key)
        return self._pasts[key]

    def _files(self, workspace: Workspace, day: date, feed: Feed, moment: Moment) -> Files:
        """Return the files of a feed at an earlier time.

        None where it could not be rendered, and so was not served.
        """
        key = feed.key, moment
        if key not in self._plans:
            self._plans[key] = _plan(workspace, day, feed, moment)
            while len(self._plans) > PLANS:
                self._plans.popitem(last=False)
        plan = self._plans[key]
        try:
            return render_plan(workspace, feed, plan, {}) if plan else Files()
        except StoreError:
            raise
        except Perimeter365Error as error:
            return Files(empty=error.message)


def _plan(workspace: Workspace, day: date, feed: Feed, moment: Moment) -> Plan | None:
    """Return the plan of a feed at an earlier time.

    None if the profile names what the lists of that time did not have.
    """
    from perimeter365.plan.make import make_plan
    from perimeter365.sources.embedded import embedded
    from perimeter365.store.overlay import with_states

    with workspace.reader() as store, store.reading():
        states = [store.content(each.cloud, each.version, each.hash) for each in moment.forced]
    try:
        return feed.selection.part_of(make_plan(with_states(embedded(), states), feed.profile, today=day))
    except Perimeter365Error:
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Admission:
    """A list that a person has admitted to be empty."""

    path: str
    """Path and query of the list, in their only spelling."""
    moment: int
    """The number of the combination of lists that had its last entries (`Moment.number`)."""
    at: datetime

    def to_dict(self) -> dict[str, object]:
        """Return the admission as JSON data."""
        return {"path": self.path, "moment": self.moment, "at": self.at.isoformat()}


def admission(store: Reader, path: str) -> Admission | None:
    """Return the admission of a list; None if there is none. Raises StoreError."""
    note = store.note(_key(path))
    if not note:
        return None

    def read(text: str) -> Admission:
        value = table(parse_json(text))
        return Admission(path=string(value["path"]), moment=natural(value["moment"]), at=instant(value["at"]))

    found = decode(f"the store is damaged: the note {_key(path)}", read, note, StoreError)
    return found if found.path == path else None


def admit(store: Store, path: str, moment: Moment, at: datetime) -> Admission:
    """Store that a list is empty, as a person has decided. Raises StoreError."""
    made = Admission(path=path, moment=moment.number, at=at)
    store.set_note(_key(path), json.dumps(made.to_dict()))
    return made


def _key(path: str) -> str:
    return f"{NOTE}{sha256(path.encode()).hexdigest()[:32]}"
