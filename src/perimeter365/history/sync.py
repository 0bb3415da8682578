"""Sync: fetch each list, run the gates, then commit or hold it.

    status       meaning                                                            exit code
    unchanged    upstream has the stored list                                       0
    available    upstream has an instance that is not known and not followed        0
    absent       upstream has no such instance, and no list of it was ever synced   0
    committed    a new version was stored with its records and its notification     0
    rejected     upstream still has a list that a person rejected                   0
    held         the new state needs a decision; the last good list stays in force  4
    failed       nothing changed; `error` has the reason                            3, or that of the error

    [(o.cloud.value, o.status) for o in sync(store, source, [Cloud.WORLDWIDE, Cloud.CHINA])]
        [('worldwide', 'committed'), ('china', 'failed')]

The last good list is that of the last committed sync, also while another version is pinned; before the first sync it is the
embedded list. A gate holds single entries or the whole list (`history.gates`). If it holds entries, the list is committed
with their old values, and the exit code is 4 as long as one of them needs a decision. Each cloud has at most one held state
of each kind without a decision: a newer one replaces it, so an outdated list cannot be admitted.

All clouds together have one minute. Each cloud has an equal share of the remaining time, so a slow response for one cloud
does not use up the time of the others. An unchanged version is read again once a day, because upstream may change a list
that it has already published.

Each attempt is recorded before it starts, so that a process that is killed, or a response with an unknown effect, is a look
at upstream like any other. Data is fetched and judged before the store is locked. The transaction that writes the decision
checks that nothing has changed since, so concurrent syncs are serialized, and a process that is killed leaves either all of
its changes or none. The steps are one file, although it is long, because their order is what makes it safe.
"""

import time as clocks
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal, Protocol

from perimeter365.errors import HeldError, Perimeter365Error, StoreError, UnknownNameError, UpstreamError
from perimeter365.history.diff import Diff, diff, summary
from perimeter365.history.gates import (
    WINDOW,
    YEAR,
    GateLimits,
    Verdict,
    applies,
    first_list,
    judge,
    sorted_reasons,
    without_held,
)
from perimeter365.history.gates.compose import set_text
from perimeter365.history.gates.witness import Witness, witness_for
from perimeter365.history.look import Basis, Look, last_good, read_basis
from perimeter365.history.report import report_markdown
from perimeter365.history.version_checks import (
    alone_key,
    alone_reasons,
    changed_alone,
    check_mixed,
    check_order,
    checked_version,
    is_lasting,
    version_reasons,
)
from perimeter365.model.catalog import Catalog
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Reason
from perimeter365.model.held_entry import HeldEntry, sorted_entries
from perimeter365.model.quantity import quantity
from perimeter365.model.state import LIVE, State
from perimeter365.show.findings import to_dicts
from perimeter365.store.entries import ACCEPTED, HEALED, REJECTED, REPLACED, WAITING, HeldState
from perimeter365.store.reader import Reader
from perimeter365.store.writer import StoreWriter
from perimeter365.wire import read, write
from perimeter365.wire.read import UnknownSet

Status = Literal["unchanged", "committed", "rejected", "held", "failed", "available", "absent"]
UNCHANGED: Final = "unchanged"
COMMITTED: Final = "committed"
HELD: Final = "held"
FAILED: Final = "failed"
AVAILABLE: Final = "available"
ABSENT: Final = "absent"

REREAD_AFTER = timedelta(days=1)
"""The time after which a list is read again although its version did not change."""

DEADLINE = 60.0
"""The time limit in seconds for all clouds of one sync."""

UNKNOWN: Final = "unknown-word"

TRIES = 5
"""How often a list is judged again because another sync has changed the store."""

MAX_RECENT = 100
"""The maximum number of states that are checked for flip-flops."""

MOST_NOTIFIED = 20
"""The maximum number of held entries in a notification; `perimeter365 held` prints all."""

MAX_MARKDOWN = 20_000
"""The maximum size of the Markdown of a notification in bytes."""


Capacity = Callable[[State], Sequence[Reason]]
"""Returns a reason with the code `capacity` for each device that a state does not fit on; () if it fits on all.

This package does not depend on targets, so the caller of `sync` provides the function (`follow.capacity`).
"""


WitnessOf = Callable[[Reader, Cloud], Witness]
"""Returns what independent sources know, for the lists of a cloud."""


class Upstream(Protocol):
    """A source of lists, such as `sources.web_service.WebService`.

    All methods may raise UpstreamError.
    """

    def set_remaining_time(self, seconds: float) -> None:
        """Set the time limit in seconds for all following requests together."""

    def version(self, cloud: Cloud) -> str:
        """Return the newest version of a cloud's list, not validated."""

    def state(self, cloud: Cloud) -> tuple[State, Mapping[str, int]]:
        """Return a cloud's list, and unknown keys -> number of sets with the key."""

    def unreadable(self, cloud: Cloud) -> tuple[UnknownSet, ...]:
        """Return the endpoint sets that the last `state` left out.

        This release does not know their service area or category.
        """

    def changes(self, cloud: Cloud, since: str) -> tuple[ChangeRecord, ...]:
        """Return the change records of the versions after `since`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The result of a sync for one cloud."""

    cloud: Cloud
    status: Status
    """One of the module's table."""
    version: str = ""
    """Upstream's version; "" if it is not known."""
    diff: Diff | None = None
    """The difference between the last good list and the committed or held one."""
    held: HeldState | None = None
    """The held state: the whole list, or the entries of a committed one that need a decision."""
    healed: tuple[int, ...] = ()
    """The numbers of held states that do not need a decision any more."""
    notes: tuple[str, ...] = ()
    """Problems that did not stop the sync."""
    error: Perimeter365Error | None = None

    @property
    def exit_code(self) -> int:
        """The exit code of the status."""
        return self.error.exit_code if self.error else HeldError.exit_code if self.held else 0

    def to_dict(self) -> dict[str, Any]:
        """Return the result for JSON."""
        return {
            "cloud": self.cloud.value,
            "status": self.status,
            "version": self.version,
            "counts": self.diff.counts.to_dict() if self.diff is not None else None,
            "held": self.held.id if self.held else None,
            "reasons": to_dicts(self.held.reasons) if self.held else [],
            "entries": [entry.to_dict() for entry in self.held.entries] if self.held else [],
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
    limits: GateLimits | None = None,
    capacity: Capacity | None = None,
    witness: WitnessOf | None = None,
) -> tuple[Outcome, ...]:
    """Sync clouds.

    If one cloud fails, its state is unchanged and the others are still synced.

    Args:
        store: the store to update.
        source: upstream.
        clouds: the clouds, in this order.
        base: the catalog with the last good lists before the first sync: the embedded one.
        limits: the limits of the gates; None for the defaults.
        capacity: checks that devices support the list; None for no check. A list is not held for a device that already did
            not support the last good list.
        witness: returns what lists are judged by; None for what the package and the store know.
    """
    rules = _Rules(
        base=base,
        limits=limits,
        capacity=capacity,
        witness=witness or (lambda store, cloud: witness_for(store, base, cloud)),
    )
    end, clouds = clocks.monotonic() + DEADLINE, tuple(clouds)
    outcomes = []
    for number, cloud in enumerate(clouds):
        source.set_remaining_time(max(0.0, end - clocks.monotonic()) / (len(clouds) - number))
        outcomes.append(_sync_guarded(store, source, cloud, rules))
    return tuple(outcomes)


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """Return the exit code of a sync.

    It is that of the first failure, else that of a held state, else 0.
    """
    outcomes = tuple(outcomes)
    failed = [o.exit_code for o in outcomes if o.error]
    return failed[0] if failed else max((o.exit_code for o in outcomes), default=0)


def accept(store: StoreWriter, number: int, *, base: Catalog, leave: Collection[str] = ()) -> Outcome:
    """Commit a held state, or held entries, that a person accepted.

    Args:
        store: the store to update.
        number: the number of the held state; also of one of which entries were rejected. Those that upstream still has
            come into force with its newest list.
        base: the embedded catalog.
        leave: the ids of entries that stay held; so do sets that this release cannot read.

    Raises:
        UnknownNameError: the state does not need a decision, or an id is not one of its entries.
    """
    with store.writing():
        held = store.resolve(number, ACCEPTED)
        ids = [entry.id for entry in held.entries]
        for each in leave:
            if each not in ids:
                raise UnknownNameError(f"entry of held state {number}", each, ids)
        left = [entry for entry in held.entries if entry.id in leave or any(r.code == UNKNOWN for r in entry.reasons)]
        basis = read_basis(store, held.cloud, base)
        if held.whole or not (published := store.published(held.cloud)):
            published = store.state_of(held)
        elif other := basis.held_entries:  # entries that were rejected are admitted while others of the same list wait
            left += other.entries
            store.resolve(other.id, REPLACED)
        state = without_held(basis.old, published, [*left, *basis.rejected])
        found = diff(basis.old, state)
        records = [read.change_record(item) for item in held.extra.get("records", ())]
        payload = _payload(found, accepted=held.id)
        store.commit(state, records=records, outbox=[(COMMITTED, payload)], replace_content=True, published=published)
        rest = store.add_held(published, (), held.extra, left) if left else None
        # Entries of an older list do not settle a newer list that is held as a whole.
        healed = _resolve_healed(store, held.cloud, rest) if held.whole else ()
    return Outcome(cloud=held.cloud, status=COMMITTED, version=state.version, diff=found, held=rest, healed=healed)


def reject(store: StoreWriter, number: int) -> HeldState:
    """Reject a held state, so that the same content of the version is not held again.

    Rejected entries keep their old value as long as upstream has the rejected one.

    Raises:
        UnknownNameError: the state does not need a decision.
    """
    with store.writing():
        held = store.resolve(number, REJECTED)
        store.add_notification(REJECTED, {"cloud": held.cloud.value, "version": held.version, "held": held.id})
    return held


def last_success(store: Reader, cloud: Cloud) -> datetime | None:
    """Return the time (UTC) of the last sync that read the cloud, or None.

    The status of the sync does not matter.
    """
    text = store.note(_success_key(cloud))
    return datetime.fromisoformat(text) if text else None


def _sync_guarded(store: StoreWriter, source: Upstream, cloud: Cloud, rules: "_Rules") -> Outcome:
    try:
        return _sync_cloud(store, source, cloud, rules)
    except Perimeter365Error as error:
        failed = error
    except OSError as error:
        failed = UpstreamError(f"{cloud}: {error.strerror or type(error).__name__}")
    except ImportError:
        raise  # a missing extra is missing for every cloud
    except Exception as error:  # noqa: BLE001 (a defect in one cloud's reading must not stop the others; it is reported)
        failed = Perimeter365Error(f"{cloud}: {type(error).__name__}: {ascii(str(error))[:200]}")
    return Outcome(cloud=cloud, status=FAILED, error=failed)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rules:
    """What all lists of a sync are judged by (see `sync`)."""

    base: Catalog
    limits: GateLimits | None
    capacity: Capacity | None
    witness: WitnessOf


@dataclass(frozen=True, kw_only=True)
class _Judgment:
    """The decision on a list, before it is written."""

    state: State
    """What comes into force if the step is not held."""
    step: tuple[Reason, ...]
    entries: tuple[HeldEntry, ...]
    notes: tuple[str, ...]


def _sync_cloud(store: StoreWriter, source: Upstream, cloud: Cloud, rules: _Rules) -> Outcome:
    base = rules.base
    now = datetime.fromisoformat(store.now())
    known = store.newest(cloud) is not None or cloud in base.versions
    contact = _last_contact(store, cloud, last_good(store, cloud, base)) if known else now
    store.set_note(_attempt_key(cloud), now.isoformat())
    if not known:
        return _sync_first(store, source, cloud, rules, now)
    basis = read_basis(store, cloud, base)
    old = basis.old
    version = checked_version(cloud, source.version(cloud), old, now)
    back = is_lasting(store, basis, version, now)
    same = version == old.version and basis.live
    read = store.note(_read_key(cloud)) if same else ""
    if read and timedelta(0) <= now - datetime.fromisoformat(read) < REREAD_AFTER:
        with store.writing():
            store.set_note(_success_key(cloud), now.isoformat())
            return _unchanged(store, cloud, base, ())
    new, unknown = source.state(cloud)  # upstream may have published a newer version since the check above
    checked_version(cloud, new.version, old, now)
    new, unreadable = _with_unreadable(old, new, source.unreadable(cloud))
    same = same and new.version == old.version
    records, notes = _records(source, cloud, old.version) if not same else ((), ())
    if notes and not same and basis.live and new.hash == basis.published:
        raise UpstreamError(f"{cloud}: version {new.version} has the same list as {old.version}, and {notes[0]}")
    check_mixed(basis, new, records)
    new = replace(new, recorded=now.date())
    if unknown:
        notes = (*notes, f"unknown keys in the list: {', '.join(map(ascii, sorted(unknown)))}"[:500])
    look = Look(new=new, records=records, notes=notes, contact=contact, back=back, unreadable=unreadable)
    return _decide(store, look, rules)


def _with_unreadable(old: State, new: State, sets: Iterable[UnknownSet]) -> tuple[State, tuple[HeldEntry, ...]]:
    """Return a list with the old content of sets that cannot be read.

    The second result is the held entries for these sets.
    """
    had = old.by_id
    entries = []
    kept = {s.id: s for s in new.sets}
    for each in sets:
        what = f"this release does not know the {each.key} {each.word!r}"
        was = had.get(each.id)
        if was:
            kept[each.id] = was
        entries.append(
            HeldEntry(
                number=each.id,
                part="set",
                old=set_text(was) if was else "",
                new=f"{each.key} {each.word}",
                reasons=(Reason(code=UNKNOWN, message=what, remedy="update perimeter365"),),
            )
        )
    return replace(new, sets=tuple(kept[number] for number in sorted(kept))), tuple(entries)


def _sync_first(store: StoreWriter, source: Upstream, cloud: Cloud, rules: _Rules, now: datetime) -> Outcome:
    """Store the first list of a cloud that this release does not have.

    There is nothing to compare it with; only names that no list may bring without a person are held.
    """
    new, unknown = source.state(cloud)
    checked_version(cloud, new.version, None, now)
    new = replace(new, recorded=now.date())
    what = f"the first list of a cloud that is newer than this release, with {quantity(len(new.sets), 'endpoint set')}"
    notes = [f"{what}, was compared with nothing: review it before a profile names {cloud}"]
    if unknown:
        notes.append(f"unknown keys in the list: {', '.join(map(ascii, sorted(unknown)))}"[:500])
    with store.writing():
        if store.newest(cloud) is None:
            for note in (_success_key(cloud), _read_key(cloud)):
                store.set_note(note, now.isoformat())
            entries = first_list(new)
            store.commit(without_held(new, new, entries), published=new)
            held = store.add_held(new, (), {}, entries) if entries else None
            return Outcome(cloud=cloud, status=COMMITTED, version=new.version, held=held, notes=tuple(notes))
    return _decide(store, Look(new=new, notes=tuple(notes[1:]), contact=now), rules)  # another sync was faster


def _forget_withdrawn(store: StoreWriter, cloud: Cloud, new: State, unreadable: Iterable[HeldEntry]) -> None:
    """Resolve rejected entries that upstream has withdrawn.

    If they return, they are held again.
    """
    still = {entry.change for entry in unreadable}
    past = (h for h in store.held(resolved=True) if h.cloud is cloud and h.resolved == REJECTED and not h.whole)
    for held in past:
        if not any(applies(entry, new) or entry.change in still for entry in held.entries):
            store.resolve(held.id, HEALED)


def _decide(store: StoreWriter, look: Look, rules: _Rules) -> Outcome:
    """Judge a list, and commit or hold it.

    The list is judged without a lock, which another program may need. If the store has changed meanwhile, it is judged
    again.
    """
    cloud, base = look.new.cloud, rules.base
    for _ in range(TRIES):
        basis = read_basis(store, cloud, base)
        now = datetime.fromisoformat(store.now())
        checked_version(cloud, look.new.version, basis.old, now)
        if not look.back:
            check_order(basis, look.new.version)
        judged = None
        if not (basis.live and look.new.version == basis.old.version and look.new.hash == basis.published):
            judged = _judged(store, look, basis, rules, now)
        with store.writing():
            if read_basis(store, cloud, base).key != basis.key:
                continue
            for note in (_success_key(cloud), _read_key(cloud)):
                store.set_note(note, now.isoformat())
            if judged is None:
                return _unchanged(store, cloud, base, look.notes)
            return _written(store, look, basis, judged, now)
    raise StoreError(f"{cloud}: other syncs changed the store {TRIES} times in a row", help="run one sync at a time")


def _judged(store: Reader, look: Look, basis: Basis, rules: _Rules, now: datetime) -> _Judgment:
    new, old, notes = look.new, basis.old, look.notes
    recent, year = _recent(store, new.cloud, now)
    witness = rules.witness(store, new.cloud)
    away = timedelta(0) if any(held.whole for held in basis.waiting) else now - look.contact
    verdict: Verdict = judge(old, new, witness, recent, year=year, away=away, limits=rules.limits)
    rejected = {entry.change for entry in basis.rejected}
    entries = sorted_entries(entry for entry in (*verdict.entries, *look.unreadable) if entry.change not in rejected)
    state = without_held(old, new, [*entries, *basis.rejected])
    step = [*verdict.step, *version_reasons(basis, new, now)]
    if rules.capacity and (too_full := rules.capacity(state)):
        before = {reason.code: reason for reason in rules.capacity(old)}
        notes = (*notes, *(f"the last good list did not fit either: {each.message}" for each in before.values()))
        step += (reason for reason in too_full if reason.code not in before)
    return _Judgment(state=state, step=sorted_reasons(step), entries=entries, notes=notes)


def _written(store: StoreWriter, look: Look, basis: Basis, judged: _Judgment, now: datetime) -> Outcome:
    """Commit or hold a judged list in the caller's transaction."""
    new, old, cloud, version = look.new, basis.old, look.new.cloud, look.new.version
    past = [h for h in store.held(resolved=True) if h.whole and (h.cloud, h.version, h.hash) == (cloud, version, new.hash)]
    if past and past[-1].resolved == REJECTED:
        return Outcome(cloud=cloud, status=REJECTED, version=version, held=basis.held_entries, notes=judged.notes)
    days = {k: day for record in look.records for k, day in record.effective_dates.items()}
    step = [*judged.step, *alone_reasons(store, look, basis, now)]
    if not step and not judged.entries and changed_alone(look, basis):
        note = f"the version is {version}, and neither the list nor a change record changed; it is read again"
        return Outcome(cloud=cloud, status=UNCHANGED, version=version, notes=(*judged.notes, note), held=basis.held_entries)
    extra = {"records": [write.change_record(record) for record in look.records]}
    if step:
        found = diff(old, new, days)
        held = store.add_held(new, sorted_reasons(step), extra, judged.entries)
        if not past or past[-1].resolved not in (WAITING, REPLACED):  # not again for a state that waits or was replaced
            store.add_notification(HELD, _payload(found, **_held_payload(held)))
        for other in basis.waiting:
            if other.whole and other.id != held.id:
                store.resolve(other.id, REPLACED)
        return Outcome(cloud=cloud, status=HELD, version=version, diff=found, held=held, notes=judged.notes)
    found = diff(old, judged.state, days)
    outbox = [(COMMITTED, _payload(found))] if found else ()
    store.commit(judged.state, records=look.records, outbox=outbox, published=new)
    _forget_withdrawn(store, cloud, new, look.unreadable)
    waiting = _held_entries(store, basis, judged, new, extra) if judged.entries else None
    return Outcome(
        cloud=cloud,
        status=COMMITTED,
        version=version,
        diff=found,
        held=waiting,
        healed=_resolve_healed(store, cloud, waiting),
        notes=judged.notes,
    )


def _held_entries(store: StoreWriter, basis: Basis, judged: _Judgment, new: State, extra: Mapping[str, Any]) -> HeldState:
    """Store the held entries of a committed list.

    They replace those of the former list.
    """
    waiting = store.add_held(new, (), extra, judged.entries)
    known = {entry.change for other in basis.waiting if not other.whole for entry in other.entries}
    if {entry.change for entry in judged.entries} - known:
        store.add_notification(HELD, _payload(diff(judged.state, new), **_held_payload(waiting)))
    for other in basis.waiting:
        # A list that was held as a whole may have entries that are still suspicious, such as one whose day has come.
        if other.id != waiting.id and (not other.whole or other.hash == new.hash):
            store.resolve(other.id, REPLACED)
    return waiting


def _held_payload(held: HeldState) -> dict[str, Any]:
    entries = [entry.to_dict() for entry in held.entries[:MOST_NOTIFIED]]
    return {"held": held.id, "reasons": to_dicts(held.reasons), "entries": entries, "count": len(held.entries)}


def _unchanged(store: StoreWriter, cloud: Cloud, base: Catalog, notes: tuple[str, ...]) -> Outcome:
    """Return the outcome of an unchanged list.

    Held states other than its own entries have healed.
    """
    basis = read_basis(store, cloud, base)
    waiting = basis.held_entries
    store.set_note(alone_key(cloud), "")
    healed = _resolve_healed(store, cloud, waiting)
    return Outcome(cloud=cloud, status=UNCHANGED, version=basis.old.version, held=waiting, healed=healed, notes=notes)


def _records(source: Upstream, cloud: Cloud, since: str) -> tuple[tuple[ChangeRecord, ...], tuple[str, ...]]:
    """Return upstream's change records, or none and a note if they cannot be read.

    The list is valid without them.
    """
    try:
        return tuple(source.changes(cloud, since)), ()
    except UpstreamError as error:
        return (), (f"no change records: {error.message}",)


def _recent(store: Reader, cloud: Cloud, now: datetime) -> tuple[Sequence[State], State | None]:
    """Return the good states of the last 30 days, and the one of a year ago.

    The first result begins with the last state before the 30 days.

    States before the last accepted one are left out. If there is none that old, the oldest state is used.
    """
    live = [v for v in store.versions(cloud) if v.origin == LIVE]
    taken = {h.version for h in store.held(resolved=True) if h.cloud is cloud and h.resolved == ACCEPTED and h.whole}
    live = live[max((i for i, v in enumerate(live) if v.version in taken), default=0) :]

    def after(span: timedelta) -> int:
        since = (now - span).date().isoformat()
        return max(next((i for i, v in enumerate(live) if v.day >= since), len(live)) - 1, 0)

    chosen = live[after(WINDOW) :]
    if len(chosen) > MAX_RECENT:
        chosen = [chosen[0], *chosen[1 - MAX_RECENT :]]
    year = store.state(cloud, live[after(YEAR)].version) if live else None
    return [store.state(cloud, v.version) for v in chosen], year


def _last_contact(store: Reader, cloud: Cloud, old: State) -> datetime:
    """Return the time of the last contact with upstream.

    Failures count, except before the first success.
    """
    if not (seen := last_success(store, cloud)):
        return _midnight(old.day)
    tried = store.note(_attempt_key(cloud))
    return max(seen, datetime.fromisoformat(tried)) if tried else seen


def _resolve_healed(store: StoreWriter, cloud: Cloud, waiting: HeldState | None) -> tuple[int, ...]:
    """Resolve the held states of a cloud as healed, except one that still waits.

    Upstream published a list again that is stored or passes the gates.
    """
    rest = (held for held in store.held() if held.cloud is cloud and held.id != (waiting.id if waiting else 0))
    healed = [store.resolve(held.id, HEALED) for held in rest]
    for held in healed:
        store.add_notification(HEALED, {"cloud": cloud.value, "version": held.version, "held": held.id})
    return tuple(held.id for held in healed)


def _payload(found: Diff, **more: Any) -> Mapping[str, Any]:
    return {
        "cloud": found.cloud.value,
        "old": found.old,
        "new": found.new,
        "summary": summary(found),
        "markdown": report_markdown([found], limit=MAX_MARKDOWN),
        **more,
    }


def _success_key(cloud: Cloud) -> str:
    return f"sync.seen.{cloud.value}"


def _read_key(cloud: Cloud) -> str:
    return f"sync.read.{cloud.value}"


def _attempt_key(cloud: Cloud) -> str:
    return f"sync.tried.{cloud.value}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
