"""One sync round: fetch, judge and store; then the alarm, feeds and notifications.

    job = SyncJob(source=lambda: service, feeds=Path("feeds"))
    [outcome.status for outcome in job.run(store)]
        ['committed']
    job.after(store).feeds
        (PosixPath('feeds/worldwide.atom'), PosixPath('feeds/worldwide.json'))

    run, admit       change the lists, and say so to a `Reporter`
    after            tells others what was stored; an address that fails is tried again later
    rounds           all of it, until a signal asks for the end

A job talks to nobody: the command line and the service each bring a `Reporter` of their own.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from perimeter365.errors import OutputError, Perimeter365Error, StoreError, UpstreamError
from perimeter365.follow.capacity import Limits, capacity
from perimeter365.follow.carry import with_older
from perimeter365.follow.watch import INTERVAL, Stop, watch
from perimeter365.history import sync as work
from perimeter365.history.sync import FAILED, Outcome, Upstream
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import LIVE, State
from perimeter365.plan.constraints import DEFAULTS, Constraints
from perimeter365.plan.profile import Profile
from perimeter365.sources.embedded import embedded
from perimeter365.sources.files import Files
from perimeter365.sources.web_service import WebService
from perimeter365.store.place import data_folder
from perimeter365.store.store import Store
from perimeter365.store.writer import StoreWriter

if TYPE_CHECKING:
    from perimeter365.history.tell.notify import Delivery

OPEN = tuple(cloud for cloud in Cloud if not cloud.closed)
"""The clouds that are still operated."""


class Reporter:
    """What a job says while it works. This one says nothing; a face overrides what it shows."""

    def progress(self, text: str) -> None:
        """A step begins; "" if none is under way any more. The next one replaces it."""

    def outcomes(self, outcomes: Sequence[Outcome]) -> None:
        """What became of each cloud in a round."""

    def finished(self, report: "RoundReport") -> None:
        """What was written and delivered after a round."""

    def problem(self, error: Perimeter365Error | OSError) -> None:
        """Feeds or notifications failed; the rounds go on."""


SILENT = Reporter()


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundReport:
    """What was written and delivered after a round."""

    feeds: tuple[Path, ...] = ()
    """The files that were written."""
    delivery: "Delivery | None" = None
    """None if there is no address."""

    @property
    def failed(self) -> int:
        """How many deliveries failed."""
        return self.delivery.failed if self.delivery else 0


@dataclass(frozen=True, kw_only=True)
class SyncJob:
    """What is to be done in each round."""

    source: Callable[[], Upstream]
    """Makes upstream, anew for each round."""
    clouds: Sequence[Cloud] = ()
    """() for all that upstream has."""
    urls: Sequence[str] = field(default=(), repr=False)
    """Addresses to notify, as Apprise writes them; they may contain passwords."""
    profiles: Sequence[Profile] = ()
    """The organizations for which notifications say what a change means."""
    fits: Limits = field(default_factory=dict)
    """The devices that the profiles' plans have to fit on."""
    constraints: Constraints = DEFAULTS
    """The operator's bound, for `fits`."""
    feeds: Path | None = None
    """The folder of Atom and JSON feeds; None for none."""

    def run(
        self,
        store: StoreWriter,
        reporter: Reporter = SILENT,
        leaving: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> Sequence[Outcome]:
        """Sync once. Upstream's failures are outcomes.

        Args:
            store: the store to bring up to date; a `Rehearsal` keeps nothing, and no alarm follows.
            reporter: is told each step, and the outcomes.
            leaving: gives a context for what may be left at any instant (`Stop.leaving`).

        Raises:
            StoreError: the store cannot be read.
        """
        source = self.source()
        try:
            upstream = ReportingUpstream(source, reporter, leaving)
            full = None
            if self.fits:
                full = capacity(self.profiles, self.fits, lambda: store.catalog(embedded()), self.constraints)
            outcomes: Sequence[Outcome] = work.sync(
                store, upstream, self._clouds(store, source), base=embedded(), capacity=full
            )
        finally:
            reporter.progress("")
        if isinstance(store, Store):
            from perimeter365.history.tell.alarm import alarm

            outcomes = with_older(store, source, outcomes)
            with suppress(StoreError):  # a store that cannot be written has failed for each cloud above
                alarm(store, outcomes)
        reporter.outcomes(outcomes)
        return outcomes

    def after(self, store: Store, reporter: Reporter = SILENT) -> RoundReport:
        """Write the feeds and deliver the notifications that are due.

        Raises:
            Perimeter365Error, OSError: a feed cannot be written, or the store not be read.
        """
        feeds: tuple[Path, ...] = ()
        problem: Perimeter365Error | OSError | None = None
        if self.feeds:
            from perimeter365.history.tell.feeds import write_feeds

            try:
                feeds = tuple(write_feeds(store, self.feeds))
            except (Perimeter365Error, OSError) as error:  # a folder that cannot be written keeps no notification back
                problem = error
        report = RoundReport(feeds=feeds, delivery=self._deliver(store))
        reporter.finished(report)
        if problem:
            raise problem
        return report

    def rounds(
        self,
        store: Store,
        stop: Stop,
        reporter: Reporter = SILENT,
        *,
        interval: timedelta = INTERVAL,
        health: Path | None = None,
    ) -> Sequence[Outcome]:
        """Run rounds until a signal asks for the end; returns the last whole round's outcomes.

        Args:
            store: the store to keep up to date.
            stop: has the signals.
            reporter: is told everything; what fails after a round does not end the rounds.
            interval: from one round to the next.
            health: the file that says how the rounds go (`follow.watch`); None for none.

        Raises:
            OSError: the health file cannot be written.
        """

        def once() -> Sequence[Outcome]:
            try:
                outcomes = self.run(store, reporter, stop.leaving)
            except (Perimeter365Error, OSError) as error:  # a store that cannot be read now is no reason to end
                known = error if isinstance(error, Perimeter365Error) else OutputError(f"{error.filename}: {error.strerror}")
                outcomes = [Outcome(cloud=cloud, status=FAILED, error=known) for cloud in self.clouds or OPEN]
                reporter.outcomes(outcomes)
            with _reported(reporter):
                self.after(store, reporter)
            return outcomes

        def due() -> None:
            with _reported(reporter):
                reporter.finished(RoundReport(delivery=self._deliver(store)))

        return watch(once, health, interval=interval, wait=stop.wait, between=due)

    def _deliver(self, store: Store) -> "Delivery | None":
        if not self.urls:
            return None
        from perimeter365.history.tell.notify import deliver

        base = embedded() if self.profiles else None
        return deliver(store, self.urls, profiles=self.profiles, base=base, due=True)

    def _clouds(self, store: StoreWriter, source: Upstream) -> Sequence[Cloud]:
        if self.clouds or not isinstance(source, Files):
            return self.clouds or OPEN
        wanted = {version.cloud for version in store.versions() if version.origin == LIVE}
        with suppress(UpstreamError):  # each cloud's own outcome says it
            wanted |= {*source.clouds}
        return [cloud for cloud in OPEN if cloud in wanted] or OPEN


@contextmanager
def _reported(reporter: Reporter) -> Iterator[None]:
    """Hand an error of feeds and notifications to the reporter."""
    try:
        yield
    except (Perimeter365Error, OSError) as error:
        reporter.problem(error)


def admit(store: Store, number: int, reporter: Reporter = SILENT) -> Outcome:
    """Put a held state into force. Raises InputError if none of this number waits, StoreError."""
    outcome = work.accept(store, number, base=embedded())
    reporter.outcomes([outcome])
    return outcome


def make_source(place: str | None, base_url: str | None, folder: Path | None = None) -> Callable[[], Upstream]:
    """What makes upstream: a folder is read anew each time, the web service remembers what it was told to wait.

    Args:
        place: a folder of lists, a git checkout with one, or its https address; None for the web service.
        base_url: of a mirror of the web service; None for Microsoft's.
        folder: where the web service's answers are kept; None for the data folder.

    Raises:
        InputError: the place or the address is not valid.
    """
    if place is not None:
        Files(place)  # raises for a place that is not valid
        return lambda: Files(place)
    service = WebService(base_url, folder=folder)
    return lambda: service


class ReportingUpstream:
    """An upstream whose every step is reported, and may be left at any instant."""

    def __init__(
        self, source: Upstream, reporter: Reporter, leaving: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> None:
        self._source = source
        self._reporter = reporter
        self._leaving = leaving

    def hurry(self, seconds: float) -> None:
        """Pass the limit on to the source."""
        self._source.hurry(seconds)

    def version(self, cloud: Cloud) -> str:
        """Ask the source for the version."""
        self._reporter.progress(f"{cloud}: asking for the version")
        with self._leaving():
            return self._source.version(cloud)

    def state(self, cloud: Cloud) -> tuple[State, Mapping[str, int]]:
        """Ask the source for the list."""
        self._reporter.progress(f"{cloud}: reading the list")
        with self._leaving():
            return self._source.state(cloud)

    def changes(self, cloud: Cloud, since: str) -> tuple[ChangeRecord, ...]:
        """Ask the source for the change records."""
        self._reporter.progress(f"{cloud}: reading the change records since {since}")
        with self._leaving():
            found = self._source.changes(cloud, since)
        self._reporter.progress(f"{cloud}: comparing and storing")
        return found


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A copy of the web service's kept answers, for a rehearsal that must leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="perimeter365-") as name:
        own, folder = Path(data_folder()), Path(name)
        if (own / "client-id").is_file():
            shutil.copyfile(own / "client-id", folder / "client-id")
        if (own / "answers").is_dir():
            shutil.copytree(own / "answers", folder / "answers")
        yield folder
