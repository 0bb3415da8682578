"""The work of `perimeter365 sync`: where lists come from, what is said meanwhile, and what is done behind each sync."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from perimeter365.cli._capacity import Limits, capacity
from perimeter365.cli._notify import UPSTREAM_FAILED, tell
from perimeter365.cli._settings import Settings, print_json
from perimeter365.errors import OutputError, Perimeter365Error, StoreError, UpstreamError
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import LIVE

if TYPE_CHECKING:
    from perimeter365.history.storage.store import Store
    from perimeter365.history.sync import Outcome, Upstream
    from perimeter365.history.watch import Stop
    from perimeter365.model.change import ChangeRecord
    from perimeter365.model.state import State
    from perimeter365.plan.profile import Profile

OPEN = tuple(cloud for cloud in Cloud if not cloud.closed)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the command line asks of each sync."""

    settings: Settings
    source: "Callable[[], Upstream]"
    """Makes upstream, anew for each sync."""
    clouds: Sequence[Cloud] = ()
    """() for all that there are."""
    accept: int | None = None
    urls: Sequence[str] = field(default=(), repr=False)
    profiles: "Sequence[Profile]" = ()
    fits: Limits = field(default_factory=dict)
    """The devices that the profiles' plans have to fit on."""
    feeds: Path | None = None
    json: bool = False
    watched: bool = False
    """One of many, so JSON is one line, and what fails behind a sync does not end it."""
    dry: bool = False
    leaving: "Callable[[], AbstractContextManager[None]]" = nullcontext
    """A context for what may be left at any instant."""

    def once(self, store: "Store") -> "Sequence[Outcome]":
        """One sync, said on stderr as it goes."""
        from perimeter365.history import sync as work
        from perimeter365.sources.embedded import embedded

        if self.accept is not None:
            outcomes: Sequence[Outcome] = [work.accept(store, self.accept, base=embedded())]
        else:
            source, progress = self.source(), Progress(self.settings)
            try:
                announced = Announced(source, progress, self.leaving)
                bound = self.settings.workspace.constraints
                full = capacity(self.profiles, self.fits, lambda: store.catalog(embedded()), bound) if self.fits else None
                outcomes = work.sync(store, announced, self._clouds(store, source), base=embedded(), capacity=full)
            finally:
                progress.clear()
            if not self.dry:
                from perimeter365.history.carry import with_older
                from perimeter365.history.tell.alarm import alarm

                outcomes = with_older(store, source, outcomes)
                with suppress(StoreError):  # a store that cannot be written has failed for each cloud above
                    alarm(store, outcomes)
        self._say(outcomes)
        return outcomes

    def behind(self, store: "Store") -> int:
        """Feeds and notifications; the exit code that they ask for."""
        try:
            if self.feeds:
                from perimeter365.history.tell.feeds import write_feeds

                for path in write_feeds(store, self.feeds):
                    self.settings.say(f"wrote {path}")
            return self.deliver(store) if self.urls else 0
        except (Perimeter365Error, OSError) as error:
            if not self.watched:
                raise
            text = error.message if isinstance(error, Perimeter365Error) else f"{error.filename}: {error.strerror}"
            print(f"warning: {text}", file=sys.stderr)
            return 0

    def deliver(self, store: "Store") -> int:
        """Deliver the notifications that are due; the exit code."""
        return UPSTREAM_FAILED if tell(self.settings, store, self.urls, self.profiles, due=True).failed else 0

    def due(self, store: "Store") -> None:
        """Between two syncs: what has failed before is tried again when its time has come."""
        if self.urls:
            replace(self, feeds=None).behind(store)

    def _clouds(self, store: "Store", source: "Upstream") -> Sequence[Cloud]:
        from perimeter365.sources.files import Files

        if self.clouds or not isinstance(source, Files):
            return self.clouds or OPEN
        wanted = {version.cloud for version in store.versions() if version.origin == LIVE}
        with suppress(UpstreamError):  # each cloud says it below
            wanted |= {*source.clouds}
        return [cloud for cloud in OPEN if cloud in wanted] or OPEN

    def _say(self, outcomes: "Sequence[Outcome]") -> None:
        if self.json and self.watched:
            print(json.dumps([outcome.to_dict() for outcome in outcomes]), flush=True)
        elif self.json:
            print_json([self._json(outcome) for outcome in outcomes])
        for outcome in outcomes:
            self.settings.say(*lines(outcome, dry=self.dry))
        if self.dry and not self.json:
            from perimeter365.history.report import to_text

            if diffs := [outcome.diff for outcome in outcomes if outcome.diff]:
                print(to_text(diffs), end="")

    def _json(self, outcome: "Outcome") -> Mapping[str, object]:
        from perimeter365.history.diff import to_dict

        said = outcome.to_dict()
        return {**said, "diff": to_dict([outcome.diff]) if outcome.diff is not None else None} if self.dry else said


class Progress:
    """What is being done, in one line of a terminal that is written over; nothing elsewhere."""

    def __init__(self, settings: Settings) -> None:
        self.shown = sys.stderr.isatty() and not settings.quiet and os.environ.get("TERM") != "dumb"

    def say(self, text: str) -> None:
        """Show this in place of what is shown."""
        if self.shown:
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Show nothing."""
        self.say("")


class Announced:
    """An upstream whose every step is shown, and may be left at any instant."""

    def __init__(
        self, source: "Upstream", progress: Progress, leaving: "Callable[[], AbstractContextManager[None]]"
    ) -> None:
        self._source = source
        self._progress = progress
        self._leaving = leaving

    def hurry(self, seconds: float) -> None:
        """As the source."""
        self._source.hurry(seconds)

    def version(self, cloud: Cloud) -> str:
        """As the source."""
        self._progress.say(f"{cloud}: asking for the version")
        with self._leaving():
            return self._source.version(cloud)

    def state(self, cloud: Cloud) -> "tuple[State, Mapping[str, int]]":
        """As the source."""
        self._progress.say(f"{cloud}: reading the list")
        with self._leaving():
            return self._source.state(cloud)

    def changes(self, cloud: Cloud, since: str) -> "tuple[ChangeRecord, ...]":
        """As the source."""
        self._progress.say(f"{cloud}: reading the change records since {since}")
        with self._leaving():
            found = self._source.changes(cloud, since)
        self._progress.say(f"{cloud}: comparing and storing")
        return found


def lines(outcome: "Outcome", *, dry: bool = False) -> list[str]:
    """What became of a cloud, for people."""
    from perimeter365.history.diff import summary

    status = {"committed": "would be committed", "held": "would be held"}.get(outcome.status) if dry else None
    said = f"{outcome.cloud}: {status or outcome.status}" + (f" {outcome.version}" if outcome.version else "")
    made = [f"{said}: {summary(outcome.diff)}" if outcome.diff else said]
    if outcome.held:
        made += [f"  {reason['code']}: {reason['message']}" for reason in outcome.held.reasons]
        number = outcome.held.id
        if number:
            made.append(f"  help: perimeter365 sync --accept {number}, or --reject {number}; the last good list is in force")
    made += [f"  {number} {'would have ' * dry}healed: upstream took it back" for number in outcome.healed]
    made += [f"  note: {note}" for note in outcome.notes]
    if outcome.error:
        made.append(f"  {outcome.error.code}: {outcome.error.message}; the last good list is in force")
        made.append(f"  help: {outcome.error.help or f'`perimeter365 explain {outcome.error.code}`'}")
    return made


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A copy of what the web service's answers were, for a sync that must leave nothing behind."""
    from perimeter365.sources.place import data_folder

    with tempfile.TemporaryDirectory(prefix="perimeter365-") as name:
        own, folder = Path(data_folder()), Path(name)
        if (own / "client-id").is_file():
            shutil.copyfile(own / "client-id", folder / "client-id")
        if (own / "answers").is_dir():
            shutil.copytree(own / "answers", folder / "answers")
        yield folder


def forever(store: "Store", asked: Asked, stop: "Stop", minutes: int, health: Path | None) -> "Sequence[Outcome]":
    """Sync until a signal asks for the end."""
    from datetime import timedelta

    from perimeter365.history.sync import FAILED, Outcome
    from perimeter365.history.watch import watch

    def once() -> "Sequence[Outcome]":
        try:
            outcomes = asked.once(store)
        except (Perimeter365Error, OSError) as error:  # a store that cannot be read just now is no reason to end
            known = error if isinstance(error, Perimeter365Error) else OutputError(f"{error.filename}: {error.strerror}")
            outcomes = [Outcome(cloud=cloud, status=FAILED, error=known) for cloud in asked.clouds or OPEN]
            for outcome in outcomes:
                asked.settings.say(*lines(outcome))
        asked.behind(store)
        return outcomes

    interval = timedelta(minutes=minutes)
    return watch(once, health, interval=interval, wait=stop.wait, between=lambda: asked.due(store))
