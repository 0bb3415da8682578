"""Brings the store up to date with upstream: asks, judges, and commits or holds; each cloud for itself.

    status       the store                                                     exit code
    unchanged    upstream says what is stored; what was held before has healed      0
    committed    a new version, its records and its notification, in one change     0
    rejected     upstream still says what a person has rejected                     0
    held         the new state waits for a person; the last good one stays          4
    failed       nothing changed; `error` says what came, and from where            3, or the error's own

    [(o.cloud.value, o.status) for o in sync(store, source, [Cloud.WORLDWIDE, Cloud.CHINA])]
        [('worldwide', 'committed'), ('china', 'failed')]

The last good state is that of the last sync, also behind a pinned one; before the first it is the embedded list.
Of each cloud at most one state waits: what upstream says later replaces it, so that nobody accepts what is outdated.
All clouds together take a minute, each its share of what is left, so one that drips does not starve the others.
The list behind an unchanged version is looked at once a day: upstream may change one that it has published.
What is fetched is fetched before the store is locked; what is decided is decided inside of the one transaction that
writes it, so two syncs at once serialize, and a process that is killed leaves all of it or nothing.
"""

import time as clocks
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal, Protocol

from perimeter365.errors import HeldError, Perimeter365Error, StoreError, UpstreamError
from perimeter365.history.diff import Diff, diff, summary
from perimeter365.history.gates import WINDOW, YEAR, Limits, judge
from perimeter365.history.reference import of_catalog
from perimeter365.history.report import to_markdown
from perimeter365.model.catalog import Catalog
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Reason
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import Version
from perimeter365.show.findings import to_dicts
from perimeter365.store.entries import ACCEPTED, HEALED, REJECTED, REPLACED, WAITING, HeldState
from perimeter365.store.reader import Reader
from perimeter365.store.writer import StoreWriter
from perimeter365.wire import read, write

Status = Literal["unchanged", "committed", "rejected", "held", "failed"]
UNCHANGED: Final = "unchanged"
COMMITTED: Final = "committed"
HELD: Final = "held"
FAILED: Final = "failed"

AHEAD = timedelta(days=7)
"""How far in the future a version's day may lie; one further ahead would make all honest ones look old."""

BEHIND = timedelta(days=365)
"""How much older than the day of the embedded list upstream's version may be. That day is the one on which the list was
recorded, and nothing may have changed for months before it; but an older list than that is one played back."""

WHOLE = timedelta(days=1)
"""After this time a list is read although its version is the known one."""

DEADLINE = 60.0
"""Seconds for all clouds of one sync."""

MOST_RECENT = 100
"""States that are looked at for flip-flops."""

NOTIFIED = 20_000
"""Bytes of Markdown in a notification."""


Capacity = Callable[[State], Sequence[Reason]]
"""Says which devices of the operator a state does not fit on: reasons with the code `capacity`, () when all take it.
History knows no devices; whoever calls `sync` does (`follow.capacity`)."""


class Upstream(Protocol):
    """What is asked; `sources.web_service.WebService`, or a stand-in. Everything may raise UpstreamError."""

    def hurry(self, seconds: float) -> None:
        """Everything that is asked from now on may take this long together."""

    def version(self, cloud: Cloud) -> str:
        """The newest version of a cloud, as it is named."""

    def state(self, cloud: Cloud) -> tuple[State, Mapping[str, int]]:
        """Its list under its version, and keys that we do not know -> in how many sets."""

    def changes(self, cloud: Cloud, since: str) -> tuple[ChangeRecord, ...]:
        """The change records of versions after one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one cloud."""

    cloud: Cloud
    status: Status
    """As in the module's table."""
    version: str = ""
    """What upstream says; "" when that is not known."""
    diff: Diff | None = None
    """Against the last good state, of what was committed or is held."""
    held: HeldState | None = None
    healed: tuple[int, ...] = ()
    """Numbers of the held states that waited and need not any more."""
    notes: tuple[str, ...] = ()
    """What went wrong besides, without harm."""
    error: Perimeter365Error | None = None

    @property
    def exit_code(self) -> int:
        """CONTRACT: Exit codes."""
        return self.error.exit_code if self.error else HeldError.exit_code if self.status == HELD else 0

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "cloud": self.cloud.value,
            "status": self.status,
            "version": self.version,
            "counts": self.diff.counts.to_dict() if self.diff is not None else None,
            "held": self.held.id if self.held else None,
            "reasons": to_dicts(self.held.reasons) if self.held else [],
            "healed": list(self.healed),
            "notes": list(self.notes),
            "error": {"code": self.error.code, "message": self.error.message} if self.error else None,
        }


def sync(
    store: StoreWriter,
    source: Upstream,
    clouds: Iterable[Cloud],
    *,
    base: Catalog,
    limits: Limits | None = None,
    capacity: Capacity | None = None,
) -> tuple[Outcome, ...]:
    """Bring clouds up to date. One that fails does not stop the others, and leaves everything of it as it was.

    Args:
        store: where to.
        source: upstream.
        clouds: which, in this order.
        base: the catalog whose lists are the last good ones before the first sync: the embedded one.
        limits: of the gates.
        capacity: None where no device is known. What did not fit before either is not held for it.
    """
    end, clouds = clocks.monotonic() + DEADLINE, tuple(clouds)
    outcomes = []
    for number, cloud in enumerate(clouds):
        source.hurry(max(0.0, end - clocks.monotonic()) / (len(clouds) - number))
        outcomes.append(_guarded(store, source, cloud, base, limits, capacity))
    return tuple(outcomes)


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """That of a failure when there is one, else of a held state, else 0."""
    outcomes = tuple(outcomes)
    failed = [o.exit_code for o in outcomes if o.error]
    return failed[0] if failed else max((o.exit_code for o in outcomes), default=0)


def accept(store: StoreWriter, number: int, *, base: Catalog) -> Outcome:
    """Commit a held state as a person wants it. Raises UnknownNameError when it does not wait."""
    with store.writing():
        held = store.resolve(number, ACCEPTED)
        state = store.state_of(held)
        found = diff(last_good(store, held.cloud, base), state)
        records = [read.change_record(item) for item in held.extra.get("records", ())]
        told = _payload(found, accepted=held.id)
        store.commit(state, records=records, outbox=[(COMMITTED, told)], replace_content=True)
        healed = _heal(store, held.cloud)
    return Outcome(cloud=held.cloud, status=COMMITTED, version=held.version, diff=found, healed=healed)


def reject(store: StoreWriter, number: int) -> HeldState:
    """Drop a held state; the same content of the same version is not held again. Raises UnknownNameError."""
    with store.writing():
        held = store.resolve(number, REJECTED)
        store.add_notification(REJECTED, {"cloud": held.cloud.value, "version": held.version, "held": held.id})
    return held


def last_good(store: Reader, cloud: Cloud, base: Catalog) -> State:
    """The state of the last sync; before the first the base's. Raises UnknownNameError when neither has the cloud."""
    return store.newest(cloud) or of_catalog(base, cloud)


def last_success(store: Reader, cloud: Cloud) -> datetime | None:
    """When upstream was last read as a whole, whatever came of it (UTC); None when never."""
    text = store.note(_seen(cloud))
    return datetime.fromisoformat(text) if text else None


def _guarded(
    store: StoreWriter, source: Upstream, cloud: Cloud, base: Catalog, limits: Limits | None, capacity: Capacity | None
) -> Outcome:
    try:
        return _one(store, source, cloud, base, limits, capacity)
    except Perimeter365Error as error:
        failed = error
    except OSError as error:
        failed = UpstreamError(f"{cloud}: {error.strerror or type(error).__name__}")
    except ImportError:
        raise  # an extra that is not installed is missing for every cloud
    except Exception as error:  # noqa: BLE001 (a defect in one cloud's reading must not stop the others; it is reported)
        failed = Perimeter365Error(f"{cloud}: {type(error).__name__}: {ascii(str(error))[:200]}")
    notes: tuple[str, ...] = ()
    if isinstance(failed, UpstreamError):
        try:
            store.set_note(_tried(cloud), store.now())
        except StoreError as error:
            notes = (f"that this was tried could not be kept: {error.message}",)
    return Outcome(cloud=cloud, status=FAILED, error=failed, notes=notes)


def _one(
    store: StoreWriter, source: Upstream, cloud: Cloud, base: Catalog, limits: Limits | None, capacity: Capacity | None
) -> Outcome:
    now = datetime.fromisoformat(store.now())
    old = last_good(store, cloud, base)
    version = _checked_version(cloud, source.version(cloud), old, now)
    same = version == old.version and old.origin == LIVE
    read = store.note(_read(cloud)) if same else ""
    if read and timedelta(0) <= now - datetime.fromisoformat(read) < WHOLE:
        with store.writing():
            store.set_note(_seen(cloud), now.isoformat())
            return Outcome(cloud=cloud, status=UNCHANGED, version=version, healed=_heal(store, cloud))
    new, unknown = source.state(cloud)  # its version may be newer than the one above by now
    _checked_version(cloud, new.version, old, now)
    same = same and new.version == old.version
    records, notes = _records(source, cloud, old.version) if not same else ((), ())
    if notes and not same and old.origin == LIVE and new.hash == old.hash:
        raise UpstreamError(f"{cloud}: version {new.version} came with the list of {old.version}, and {notes[0]}")
    _check_mixed(old, new, records)
    new = replace(new, recorded=now.date())
    if unknown:
        notes = (*notes, f"keys that we do not know: {', '.join(map(ascii, sorted(unknown)))}"[:500])
    full = capacity(new) if capacity else ()
    if capacity and full and (before := capacity(old)):
        notes = (*notes, f"nor did the list before fit: {before[0].message}")
        full = ()
    with store.writing():
        return _decide(store, new, records, notes, base, limits, full)


def _decide(
    store: StoreWriter,
    new: State,
    records: tuple[ChangeRecord, ...],
    notes: tuple[str, ...],
    base: Catalog,
    limits: Limits | None,
    full: Sequence[Reason],
) -> Outcome:
    """Commit or hold, inside of the caller's transaction; another sync may have been first since the state was read."""
    cloud, version = new.cloud, new.version
    now = datetime.fromisoformat(store.now())
    old = last_good(store, cloud, base)
    _checked_version(cloud, version, old, now)
    waiting = [held for held in store.held() if held.cloud is cloud]
    away = timedelta(0) if waiting else now - _last_look(store, cloud, old)
    for note in (_seen(cloud), _read(cloud)):
        store.set_note(note, now.isoformat())
    if version == old.version and old.origin == LIVE and new.hash == old.hash:
        return Outcome(cloud=cloud, status=UNCHANGED, version=version, healed=_heal(store, cloud), notes=notes)
    found = diff(old, new, {k: day for record in records for k, day in record.effective_dates.items()})
    past = [h for h in store.held(resolved=True) if (h.cloud, h.version, h.hash) == (cloud, version, new.hash)]
    if past and past[-1].resolved == REJECTED:
        return Outcome(cloud=cloud, status=REJECTED, version=version, notes=notes)
    recent, year = _recent(store, cloud, now)
    reasons = [*judge(old, new, recent, year=year, away=away, limits=limits), *full]
    if version == old.version and old.origin == LIVE:
        what = f"{version} has another content than it had before"
        reasons.append(Reason(code="rewritten", message=what))
    if reasons:
        held = store.add_held(new, reasons, {"records": [write.change_record(record) for record in records]})
        if not past or past[-1].resolved not in (WAITING, REPLACED):  # what waits, or has been replaced since, is no news
            store.add_notification(HELD, _payload(found, held=held.id, reasons=to_dicts(reasons)))
        for other in waiting:
            if other.id != held.id:
                store.resolve(other.id, REPLACED)
        return Outcome(cloud=cloud, status=HELD, version=version, diff=found, held=held, notes=notes)
    store.commit(new, records=records, outbox=[(COMMITTED, _payload(found))] if found else ())
    return Outcome(cloud=cloud, status=COMMITTED, version=version, diff=found, healed=_heal(store, cloud), notes=notes)


def _checked_version(cloud: Cloud, text: str, old: State, now: datetime) -> Version:
    """Raise UpstreamError for what is no version, lies in the future, or is older than what was synced."""
    if not Version.fits(text) or not (day := Version(text).day):
        raise UpstreamError(f"{cloud}: upstream's version {text[:40]!r} is not YYYYMMDDNN")
    version = Version(text)
    if day > (now + AHEAD).date():
        clock = f"is our clock right ({now:%Y-%m-%d})?"
        raise UpstreamError(f"{cloud}: upstream's version {version} lies in the future; {clock}")
    if version < old.version if old.origin == LIVE else day < old.day - BEHIND:
        raise UpstreamError(f"{cloud}: upstream went back from version {old.version} to {version}")
    return version


def _check_mixed(old: State, new: State, records: Iterable[ChangeRecord]) -> None:
    """Raise UpstreamError when a new version came with the old list although its records say what changed."""
    if new.hash != old.hash:
        return
    sets = new.by_id
    for record in records:
        if record.version != new.version or record.endpoint_set not in sets:
            continue
        has = {*sets[record.endpoint_set].listed, *(h.text for h in sets[record.endpoint_set].hosts)}
        added, removed = {*record.added_prefixes, *record.added_hosts}, {*record.removed_prefixes, *record.removed_hosts}
        if added - has or removed & has:
            raise UpstreamError(
                f"{new.cloud}: version {new.version} came with the list of {old.version}: upstream is between two versions"
            )


def _records(source: Upstream, cloud: Cloud, since: str) -> tuple[tuple[ChangeRecord, ...], tuple[str, ...]]:
    """Upstream's records; a list without them is still a list, with a note."""
    try:
        return tuple(source.changes(cloud, since)), ()
    except UpstreamError as error:
        return (), (f"no change records: {error.message}",)


def _recent(store: Reader, cloud: Cloud, now: datetime) -> tuple[Sequence[State], State | None]:
    """The synced states of the last 30 days and the one in force before them, and the one in force a year ago.

    All from the last accepted one on; the oldest there is where there is none so old.
    """
    live = [v for v in store.versions(cloud) if v.origin == LIVE]
    taken = {h.version for h in store.held(resolved=True) if h.cloud is cloud and h.resolved == ACCEPTED}
    live = live[max((i for i, v in enumerate(live) if v.version in taken), default=0) :]

    def after(span: timedelta) -> int:
        since = (now - span).date().isoformat()
        return max(next((i for i, v in enumerate(live) if v.day >= since), len(live)) - 1, 0)

    chosen = live[after(WINDOW) :]
    if len(chosen) > MOST_RECENT:
        chosen = [chosen[0], *chosen[1 - MOST_RECENT :]]
    year = store.state(cloud, live[after(YEAR)].version) if live else None
    return [store.state(cloud, v.version) for v in chosen], year


def _last_look(store: Reader, cloud: Cloud, old: State) -> datetime:
    """When upstream was last asked, whatever came of it. Failures before the first success do not count."""
    if not (seen := last_success(store, cloud)):
        return _midnight(old.day)
    tried = store.note(_tried(cloud))
    return max(seen, datetime.fromisoformat(tried)) if tried else seen


def _heal(store: StoreWriter, cloud: Cloud) -> tuple[int, ...]:
    """Upstream says something good again: what was held of this cloud need not be looked at any more."""
    healed = [store.resolve(held.id, HEALED) for held in store.held() if held.cloud is cloud]
    for held in healed:
        store.add_notification(HEALED, {"cloud": cloud.value, "version": held.version, "held": held.id})
    return tuple(held.id for held in healed)


def _payload(found: Diff, **more: Any) -> Mapping[str, Any]:
    return {
        "cloud": found.cloud.value,
        "old": found.old,
        "new": found.new,
        "summary": summary(found),
        "markdown": to_markdown([found], limit=NOTIFIED),
        **more,
    }


def _seen(cloud: Cloud) -> str:
    return f"sync.seen.{cloud.value}"


def _read(cloud: Cloud) -> str:
    return f"sync.read.{cloud.value}"


def _tried(cloud: Cloud) -> str:
    return f"sync.tried.{cloud.value}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
