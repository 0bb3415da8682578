"""Sync rounds: fetch, check and store lists.

A round then updates the alarm, feeds and notifications.

    job = SyncJob(source=lambda: service, feeds=Path("feeds"))
    [outcome.status for outcome in job.run(store)]
        ['committed']
    job.publish(store).feeds
        (PosixPath('feeds/worldwide.atom'), PosixPath('feeds/worldwide.json'))

    run, admit       change the lists and report to a `Reporter`
    publish          write feeds and deliver notifications; failed deliveries are retried later
    run_rounds       repeat both until a signal stops the process

A job prints nothing itself: the command line and the service each pass their own `Reporter`. The file is long because one
round is read from its beginning to its end.
"""

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from perimeter365.errors import (
    CatalogError,
    HeldError,
    OutputError,
    Perimeter365Error,
    StoreError,
    UnknownNameError,
    UpstreamError,
)
from perimeter365.follow.capacity import TargetLimits, capacity_check, empties
from perimeter365.follow.carry import with_older_lists
from perimeter365.follow.refresh import refresh
from perimeter365.follow.watch import INTERVAL, StopSignal, watch
from perimeter365.history import sync as work
from perimeter365.history.sync import ABSENT, AVAILABLE, FAILED, Outcome, Upstream
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import CLOUDS, OPERATED, Cloud
from perimeter365.model.state import LIVE, State
from perimeter365.plan.constraints import DEFAULTS, Constraints
from perimeter365.plan.profile import Profile
from perimeter365.sources.embedded import embedded
from perimeter365.sources.files import FileSource
from perimeter365.sources.web_service import WebService
from perimeter365.store.place import data_folder
from perimeter365.store.store import Store
from perimeter365.store.writer import StoreWriter
from perimeter365.wire.read import UnknownSet

if TYPE_CHECKING:
    from perimeter365.history.tell.notify import Delivery

INSTANCES_DEADLINE = 15.0
"""The time limit in seconds for the list of upstream's instances."""

Interruptible = Callable[[], AbstractContextManager[None]]
"""A function that returns a context in which a signal may stop the process."""


class InstanceUpstream(Upstream, Protocol):
    """An upstream that can list its instances."""

    def instances(self) -> Mapping[str, str]:
        """Return the newest version of each instance, known or not."""


class Reporter:
    """Receiver of progress and results of a job.

    The base class ignores them; override what to show.
    """

    def progress(self, text: str) -> None:
        """Report that a step begins and replaces the previous one.

        The text is "" when no step is running.
        """

    def outcomes(self, outcomes: Sequence[Outcome]) -> None:
        """Report the outcome of each cloud in a round."""

    def finished(self, report: "RoundReport") -> None:
        """Report the feeds and deliveries after a round."""

    def note(self, text: str) -> None:
        """Report a change of the witness, or a problem with it."""

    def problem(self, error: Perimeter365Error | OSError) -> None:
        """Report an error in feeds or notifications. The rounds continue."""


SILENT = Reporter()


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundReport:
    """The feeds and deliveries after a round."""

    feeds: tuple[Path, ...] = ()
    """The files that were written."""
    delivery: "Delivery | None" = None
    """None if no address is configured."""

    @property
    def failed(self) -> int:
        """Number of failed deliveries."""
        return self.delivery.failed if self.delivery else 0


@dataclass(frozen=True, kw_only=True)
class SyncJob:
    """The work of one sync round."""

    source: Callable[[], InstanceUpstream]
    """Returns the upstream; called once per round."""
    clouds: Sequence[Cloud] = ()
    """The clouds to sync; () for all that upstream has and this release knows, and those that the store follows."""
    urls: Sequence[str] = field(default=(), repr=False)
    """Apprise URLs to notify. They may contain passwords."""
    profiles: Sequence[Profile] = ()
    """The organizations for which notifications explain the effect of a change, and whose plans it may not empty."""
    fits: TargetLimits = field(default_factory=dict)
    """Device limits that the profiles' plans have to respect."""
    constraints: Constraints = DEFAULTS
    """The operator's constraints, for `fits`."""
    feeds: Path | None = None
    """Folder of the Atom and JSON feeds; None to write no feeds."""
    witness: Sequence[str] = ()
    """Files and addresses of newer sources of the witness (`follow.refresh`)."""
    witness_now: bool = False
    """Whether addresses are read again within a week."""

    def run(
        self,
        store: StoreWriter,
        reporter: Reporter = SILENT,
        interruptible: Interruptible = nullcontext,
    ) -> Sequence[Outcome]:
        """Sync once. Failures of upstream are outcomes, not exceptions.

        Args:
            store: the store to update. A `Rehearsal` stores nothing and raises no alarm.
            reporter: receives each step and the outcomes.
            interruptible: returns a context in which a signal may stop the process (`StopSignal.interruptible`).

        Raises:
            StoreError: the store cannot be read.
            UnknownNameError: one of the clouds is neither known to this release, nor in the store, nor an instance of
                upstream.
        """
        source = self.source()
        places = self.witness if isinstance(store, Store) else ()
        for note in refresh(store, places, now=self.witness_now, interruptible=interruptible):
            reporter.note(note)
        try:
            upstream = ReportingUpstream(source, reporter, interruptible)
            clouds, others = self._clouds(store, source, reporter, interruptible)
            capacity = None
            if self.profiles:
                capacity = capacity_check(self.profiles, self.fits, lambda: store.catalog(embedded()), self.constraints)
            outcomes: Sequence[Outcome] = work.sync(store, upstream, clouds, base=embedded(), capacity=capacity)
        finally:
            reporter.progress("")
        if isinstance(store, Store):
            from perimeter365.history.tell.alarm import alarm

            outcomes = with_older_lists(store, source, outcomes)
            with suppress(StoreError):  # a store that cannot be written is already an outcome of each cloud
                alarm(store, outcomes)
        reporter.outcomes([*outcomes, *others])
        return outcomes

    def publish(self, store: Store, reporter: Reporter = SILENT) -> RoundReport:
        """Write the feeds and deliver the notifications that are due.

        Raises:
            Perimeter365Error, OSError: a feed cannot be written, or the store cannot be read.
        """
        feeds: tuple[Path, ...] = ()
        problem: Perimeter365Error | OSError | None = None
        if self.feeds:
            from perimeter365.history.tell.feeds import write_feeds

            try:
                feeds = tuple(write_feeds(store, self.feeds))
            except (Perimeter365Error, OSError) as error:  # notifications are delivered even if feeds fail
                problem = error
        report = RoundReport(feeds=feeds, delivery=self._deliver(store))
        reporter.finished(report)
        if problem:
            raise problem
        return report

    def run_rounds(
        self,
        store: Store,
        stop: StopSignal,
        reporter: Reporter = SILENT,
        *,
        interval: timedelta = INTERVAL,
        health: Path | None = None,
    ) -> Sequence[Outcome]:
        """Run rounds until a signal arrives.

        Returns the outcomes of the last complete round.

        Args:
            store: the store to keep up to date.
            stop: the handler of SIGTERM and SIGINT.
            reporter: receives all progress and errors. Errors after a round do not stop the rounds.
            interval: time from one round to the next.
            health: the health file (`follow.watch`); None to write none.

        Raises:
            UnknownNameError: as for `run`.
            OSError: the health file cannot be written.
        """
        self.check_clouds(store)

        def once() -> Sequence[Outcome]:
            try:
                outcomes = self.run(store, reporter, stop.interruptible)
            except (Perimeter365Error, OSError) as error:  # the store may be readable again in the next round
                known = error if isinstance(error, Perimeter365Error) else OutputError(f"{error.filename}: {error.strerror}")
                outcomes = [Outcome(cloud=cloud, status=FAILED, error=known) for cloud in self.clouds or OPERATED]
                reporter.outcomes(outcomes)
            with _reported(reporter):
                self.publish(store, reporter)
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

    def check_clouds(self, store: StoreWriter) -> None:
        """Check that each cloud is known to this release, the store or upstream.

        Raises:
            UnknownNameError: one is not; the error has the nearest name.
        """
        followed = _followed(store)
        if newer := [cloud for cloud in self.clouds if not (cloud.known or cloud in followed)]:
            _check_instances(newer, self.source())

    def _clouds(
        self, store: StoreWriter, source: InstanceUpstream, reporter: Reporter, interruptible: Interruptible
    ) -> tuple[Sequence[Cloud], Sequence[Outcome]]:
        """Return the clouds to sync, and outcomes that report other instances."""
        if self.clouds:
            self.check_clouds(store)
            return self.clouds, ()
        followed = _followed(store)
        try:
            source.set_remaining_time(INSTANCES_DEADLINE)
            reporter.progress("asking for the instances")
            with interruptible():
                listed = source.instances()
        except UpstreamError as error:
            if not isinstance(source, FileSource):  # the outcome of each cloud reports the error of a folder
                reporter.problem(error)
            return [*OPERATED, *sorted(cloud for cloud in followed if not cloud.known)], ()
        known = {cloud.instance.lower() for cloud in OPERATED}
        names = {instance.lower(): instance for instance in listed}
        chosen = [cloud for cloud in OPERATED if cloud.instance.lower() in names or cloud in followed]
        chosen += sorted(cloud for cloud in followed if not cloud.known)
        others = [
            outcome
            for name, instance in sorted(names.items())
            if name not in known and (outcome := _available(instance, listed[instance], followed))
        ]
        if not isinstance(source, FileSource):
            note = "upstream does not list this instance; the embedded list stays in force"
            others += [Outcome(cloud=c, status=ABSENT, notes=(note,)) for c in OPERATED if c not in chosen]
        return chosen or OPERATED, others


def _available(instance: str, version: str, followed: Collection[Cloud]) -> Outcome | None:
    """Return the outcome that reports an instance of upstream which is not followed."""
    try:
        cloud = Cloud.of_instance(instance)
    except CatalogError:  # named like a cloud of another instance
        note = f"upstream has an instance {instance}, which needs a newer release of perimeter365"
        return Outcome(cloud=Cloud.WORLDWIDE, status=AVAILABLE, version=version, notes=(note,))
    if cloud in followed:
        return None
    note = f"this release does not know the instance {instance}; `perimeter365 sync --cloud {cloud}` follows it"
    return Outcome(cloud=cloud, status=AVAILABLE, version=version, notes=(note,))


def _followed(store: StoreWriter) -> set[Cloud]:
    return {version.cloud for version in store.versions() if version.origin == LIVE}


def _check_instances(clouds: Iterable[Cloud], source: InstanceUpstream) -> None:
    """Check that upstream has an instance for each of these newer clouds."""
    known = list(map(str, CLOUDS))
    for cloud in clouds:
        try:
            source.set_remaining_time(INSTANCES_DEADLINE)
            names = {instance.lower() for instance in source.instances()}
        except UpstreamError as error:
            what = f"cloud of this release or of the store, and upstream cannot be asked ({error.message})"
            raise UnknownNameError(what, cloud.value, known) from error
        if cloud.instance.lower() not in names:
            raise UnknownNameError("cloud", cloud.value, {*known, *names})


@contextmanager
def _reported(reporter: Reporter) -> Iterator[None]:
    """Pass an error in feeds or notifications to the reporter."""
    try:
        yield
    except (Perimeter365Error, OSError) as error:
        reporter.problem(error)


def admit(
    store: Store,
    number: int,
    reporter: Reporter = SILENT,
    *,
    leave: Collection[str] = (),
    profiles: Sequence[Profile] = (),
) -> Outcome:
    """Put a held state, or held entries, into force.

    Args:
        store: the store to update.
        number: the number of the held state.
        reporter: receives the outcome.
        leave: the ids of entries that stay held.
        profiles: the organizations whose plans must keep outbound flows.

    Raises:
        HeldError: a plan would have no outbound flow any more. Nothing was changed.
        InputError: no held state has this number, or an id is not one of its entries.
        StoreError: the store cannot be read or written.
    """
    with store.writing():
        before = store.catalog(embedded())
        outcome = work.accept(store, number, base=embedded(), leave=leave)
        if found := empties(profiles, before, store.catalog(embedded())):
            step = "keep the entries that cause it with --except, or admit without --profile"
            raise HeldError("; ".join(reason.message for reason in found), help=step)
    reporter.outcomes([outcome])
    return outcome


def make_source(place: str | None, base_url: str | None, folder: Path | None = None) -> Callable[[], InstanceUpstream]:
    """Return a function that returns the upstream.

    A folder is read again at each call. The client of the web service is shared, since it remembers Retry-After.

    Args:
        place: a folder of lists, a git checkout that contains one, or its https URL; None for the web service.
        base_url: base URL of a mirror of the web service; None for Microsoft's.
        folder: where responses of the web service are stored; None for the data folder.

    Raises:
        InputError: the place or the URL is not valid.
    """
    if place is not None:
        FileSource(place)  # raises if the place is not valid
        return lambda: FileSource(place)
    service = WebService(base_url, folder=folder)
    return lambda: service


class ReportingUpstream:
    """An upstream that reports each step and can be interrupted in any of them."""

    def __init__(self, source: Upstream, reporter: Reporter, interruptible: Interruptible = nullcontext) -> None:
        self._source = source
        self._reporter = reporter
        self._interruptible = interruptible

    def set_remaining_time(self, seconds: float) -> None:
        """Pass the time limit to the source."""
        self._source.set_remaining_time(seconds)

    def unreadable(self, cloud: Cloud) -> tuple[UnknownSet, ...]:
        """Return the endpoint sets that the source could not read."""
        return self._source.unreadable(cloud)

    def version(self, cloud: Cloud) -> str:
        """Return the current version of a cloud."""
        self._reporter.progress(f"{cloud}: asking for the version")
        with self._interruptible():
            return self._source.version(cloud)

    def state(self, cloud: Cloud) -> tuple[State, Mapping[str, int]]:
        """Return the current list of a cloud."""
        self._reporter.progress(f"{cloud}: reading the list")
        with self._interruptible():
            return self._source.state(cloud)

    def changes(self, cloud: Cloud, since: str) -> tuple[ChangeRecord, ...]:
        """Return the change records of a cloud since a version."""
        self._reporter.progress(f"{cloud}: reading the change records since {since}")
        with self._interruptible():
            found = self._source.changes(cloud, since)
        self._reporter.progress(f"{cloud}: comparing and storing")
        return found


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Copy the stored responses of the web service to a temporary folder.

    A rehearsal uses the folder.
    """
    with tempfile.TemporaryDirectory(prefix="perimeter365-") as name:
        own, folder = Path(data_folder()), Path(name)
        if (own / "client-id").is_file():
            shutil.copyfile(own / "client-id", folder / "client-id")
        if (own / "answers").is_dir():
            shutil.copytree(own / "answers", folder / "answers")
        yield folder
