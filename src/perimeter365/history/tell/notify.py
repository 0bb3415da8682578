"""Deliver the notifications of the outbox with Apprise, at least once.

Apprise supports mail, Teams, Slack, webhooks and many other services.

    deliver(store, ["mailto://user:secret@mail.example.com", "json://hooks.example.com/x"]).problems
        ('target 2 (json): the service answers 503; 1 notification not delivered',)

The transaction that commits, holds, heals or rejects a state adds its notification to the outbox, so none is lost.
`history.tell.alarm` adds one when syncs keep failing.

Targets are independent. The store records which target accepted a notification, and does not send it there again. After a
failure, a target is tried again after 1, 2, 4 … minutes, at most six hours. A notification is removed from the outbox when
all targets have accepted it. If the process is killed after a target accepted and before that is recorded, the notification
is sent twice; it is never lost. The oldest notification is sent first. A failure does not stop later ones, but a target
that fails three times in a row is skipped for the rest of the delivery.

Addresses contain passwords and tokens. Messages name a target by its position and its scheme; the store contains only a
slow hash of the address.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache, partial
from hashlib import pbkdf2_hmac
from typing import Any

from perimeter365.errors import InputError, Perimeter365Error
from perimeter365.history.reference import of_catalog
from perimeter365.history.report import escape_markdown, plan_markdown
from perimeter365.history.tell._apprise import Call, scheme, services
from perimeter365.history.words import compare_for_profile
from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import decode, fields, instant, many, mapping, natural, optional, parse_json, sequence, string
from perimeter365.model.held_entry import HeldEntry
from perimeter365.model.quantity import quantity
from perimeter365.model.state import State
from perimeter365.plan.profile import Profile
from perimeter365.store.entries import Notification
from perimeter365.store.store import Store

Send = Callable[[str, str, str], bool]
"""Sends (address, title, Markdown). Returns True if the service accepted it."""

FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=6)
"""The first and the longest wait after a failure. The wait doubles with each failure."""

PATIENCE = 3
"""The number of failures in a row after which a target is skipped for the rest of the delivery."""

_TITLES = {
    "committed": "new version {new}",
    "held": "version {new} needs a decision",
    "healed": "held version {version} does not need a decision any more",
    "rejected": "version {version} was rejected",
    "failing": "upstream could not be read since {since}",
    "recovered": "upstream can be read again",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class NotificationTarget:
    """One service that receives notifications."""

    number: int
    """The position in the list, from 1."""
    scheme: str
    """The scheme of the address, the only part that may be shown."""
    key: str
    """The hash of the address for the store; 16 hex digits."""
    send: Call
    """Sends (title, Markdown). Returns "" if the service accepted it, else the reason."""

    @property
    def name(self) -> str:
        """The name in messages, such as `target 2 (json)`."""
        return f"target {self.number} ({self.scheme})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """The result of a delivery, counted in notifications."""

    delivered: int = 0
    """Accepted by all targets."""
    failed: int = 0
    """Not accepted by at least one target in this delivery."""
    waiting: int = 0
    """Not sent: the next attempt is not due, or a target is skipped."""
    problems: tuple[str, ...] = ()
    """A line for each target that failed, without secrets."""

    def to_dict(self) -> dict[str, Any]:
        """Return the result for JSON."""
        return {**asdict(self), "problems": list(self.problems)}


def notification_targets(urls: Iterable[str], send: Send | None = None) -> tuple[NotificationTarget, ...]:
    """Return the services of some addresses, without duplicates.

    Args:
        urls: addresses of Apprise.
        send: the function that sends; None for Apprise.

    Raises:
        InputError: an address is not valid. The message does not contain it, because it may have a password.
    """
    found: dict[str, NotificationTarget] = {}
    for place, url in enumerate(urls, 1):
        for sender, address in ((_sender(send, url), url),) if send else services(url, place):
            key = _key(address)
            if key not in found:
                found[key] = NotificationTarget(number=len(found) + 1, scheme=scheme(address), key=key, send=sender)
    return tuple(found.values())


def deliver(
    store: Store,
    urls: Sequence[str],
    *,
    profiles: Sequence[Profile] = (),
    base: Catalog | None = None,
    send: Send | None = None,
    due: bool = False,
) -> Delivery:
    """Deliver the pending notifications.

    Args:
        store: the store with the outbox.
        urls: addresses of Apprise; if there are none, nothing is sent or removed.
        profiles: organizations whose changes the messages describe; needs `base`.
        base: the embedded catalog.
        send: the function that sends; None for Apprise.
        due: skip targets whose next attempt is not due.

    Raises:
        InputError: an address is not valid.
        StoreError: the store cannot be read or written.
    """
    if not urls or not (pending := store.pending()):
        return Delivery(waiting=len(store.pending()))
    round_ = _Round(store, notification_targets(urls, send), due=due)
    counts = {"delivered": 0, "failed": 0, "waiting": 0}
    for each in pending:
        counts[round_.deliver(each, cache(partial(_message_for, store, each, profiles, base)))] += 1
    return Delivery(**counts, problems=tuple(round_.problems()))


def send_test(urls: Iterable[str], send: Send | None = None) -> Mapping[str, str]:
    """Send a test message to each target.

    Return target -> "", or the reason of a failure. Raises InputError.
    """
    text = "This is a test message. Changes of Microsoft's lists will be sent to this address."
    return {target.name: target.send("Microsoft 365 endpoints: a test", text) for target in notification_targets(urls, send)}


def discard(store: Store, numbers: Iterable[int]) -> int:
    """Remove notifications from the outbox without delivery.

    Return the number of removed ones.
    """
    with store.writing():
        gone = {each.id for each in store.pending()} & set(numbers)
        for number in gone:
            store.mark_delivered(number)
            store.set_note(_note(number), "")
    return len(gone)


def message(kind: str, payload: Mapping[str, Any], words: str = "") -> tuple[str, str]:
    """Return the title and the Markdown of a notification.

    Args:
        kind: the kind of the notification in the outbox.
        payload: its payload in the outbox.
        words: Markdown to write before the difference, because services truncate long messages at the end.
    """
    known = {"new": "", "version": "", "since": "", **payload}
    title = f"Microsoft 365 endpoints, {payload.get('cloud', '')}: {_TITLES.get(kind, kind).format_map(known)}"
    lines = [_reason_line(reason) for reason in payload.get("reasons", ())]
    entries = [HeldEntry.from_dict(each) for each in payload.get("entries", ())]
    for entry in entries:
        lines.append(f"- {escape_markdown(entry.text)}")
        lines += [f"  {_reason_line(reason.to_dict())}" for reason in entry.reasons]
    if (more := int(payload.get("count", 0)) - len(entries)) > 0:
        lines.append(f"- … and {quantity(more, 'more entry')}")
    if kind == "held":
        number = payload.get("held")
        force = "The last good list" if payload.get("reasons") else "The rest of the list"
        how = f"To admit: `perimeter365 held admit {number}`. To reject: `perimeter365 held reject {number}`."
        lines += ["", f"{force} is in force. {how}", ""]
    return title, "\n".join([*lines, words, str(payload.get("markdown", ""))]).strip() or title


def _reason_line(reason: Mapping[str, Any]) -> str:
    return f"- {reason['code']}: {escape_markdown(reason['message'])}"


class _Round:
    """One delivery, with the failures of each target."""

    def __init__(self, store: Store, targets: Sequence[NotificationTarget], *, due: bool) -> None:
        self.store = store
        self.targets = targets
        self.due = due
        self.failures = {target.key: 0 for target in targets}
        """Target key -> failures in a row."""
        self.reasons: dict[str, str] = {}
        """Target key -> the reason of the last failure."""
        self.missed = dict.fromkeys(self.failures, 0)
        """Target key -> notifications that it has not accepted."""

    def deliver(self, each: Notification, text: Callable[[], tuple[str, str]]) -> str:
        """Deliver one notification. Return the field of `Delivery` that counts it."""
        memory = _DeliveryState.of(self.store, each.id)
        now = datetime.fromisoformat(self.store.now())
        lacking = [target for target in self.targets if target.key not in memory.done]
        result = "waiting" if lacking else "delivered"
        if not lacking:  # all remaining targets have it, because the last one without it was removed from the list
            self._save(each, memory, left=False)
        for target in lacking:
            if self.failures[target.key] >= PATIENCE or (self.due and not memory.is_due(target.key, now)):
                self.missed[target.key] += 1
                continue
            if problem := target.send(*text()):
                self.failures[target.key] += 1
                self.missed[target.key] += 1
                self.reasons[target.key] = problem
                memory.add_failure(target.key, now)
                result = "failed"
            else:
                self.failures[target.key] = 0
                memory.add_delivered(target.key)
            left = any(other.key not in memory.done for other in self.targets)
            self._save(each, memory, left=left, problem=f"{target.name}: {problem}" if problem else "")
            result = result if left else "delivered"
        return result

    def problems(self) -> Iterator[str]:
        """Yield a line for each target that failed."""
        for target in (target for target in self.targets if target.key in self.reasons):
            count = quantity(self.missed[target.key], "notification")
            yield f"{target.name}: {self.reasons[target.key]}; {count} not delivered"

    def _save(self, each: Notification, memory: "_DeliveryState", *, left: bool, problem: str = "") -> None:
        with self.store.writing():
            self.store.set_note(_note(each.id), memory.text if left else "")
            if not left:
                self.store.mark_delivered(each.id)
            elif problem:
                self.store.mark_undelivered(each.id, problem)


class _DeliveryState:
    """The targets that accepted a notification, and the next attempts of the others."""

    def __init__(self, done: Iterable[str] = (), tried: Mapping[str, tuple[int, datetime]] | None = None) -> None:
        self.done = list(done)
        self.tried = dict(tried or {})

    @classmethod
    def of(cls, store: Store, number: int) -> "_DeliveryState":
        """Read the state from the store.

        A damaged one is ignored, so that the notification is sent again, not lost.
        """
        with suppress(InputError):
            return cls(**decode("", _STATE, parse_json(store.note(_note(number)) or "{}")))
        return cls()

    @property
    def text(self) -> str:
        """The state as text for the store."""
        tried = {key: (times, until.isoformat(timespec="seconds")) for key, (times, until) in self.tried.items()}
        return json.dumps({"done": self.done, "tried": tried})

    def is_due(self, key: str, now: datetime) -> bool:
        """Return True if the next attempt is due, also after the clock was set back."""
        return key not in self.tried or not now < self.tried[key][1] <= now + LONGEST

    def add_failure(self, key: str, now: datetime) -> None:
        """Record a failed attempt."""
        times = self.tried[key][0] + 1 if key in self.tried else 1
        wait = min(FIRST * 2 ** min(times - 1, 20), LONGEST)
        self.tried[key] = (times, (now + wait).replace(microsecond=0))

    def add_delivered(self, key: str) -> None:
        """Record that a target accepted the notification."""
        self.done.append(key)
        self.tried.pop(key, None)


def _attempt(value: object) -> tuple[int, datetime]:
    times, until = sequence(value)
    return natural(times), instant(until)


_STATE = partial(fields, done=optional(many(string), ()), tried=optional(mapping(_attempt), None))


def _note(number: int) -> str:
    return f"notify.{number}"


def _message_for(store: Store, each: Notification, profiles: Iterable[Profile], base: Catalog | None) -> tuple[str, str]:
    sections = [_plan_changes(store, each.payload, profile, base) for profile in profiles] if base else []
    return message(each.kind, each.payload, "".join(sections))


def _plan_changes(store: Store, payload: Mapping[str, Any], profile: Profile, base: Catalog) -> str:
    """Return the changes of a profile's plan as Markdown.

    The text is empty for a cloud that the profile does not have, or if a state is not in the store any more.
    """
    try:
        cloud = Cloud.named(str(payload["cloud"]))
        if cloud not in profile.clouds:
            return ""
        old = _state(store, cloud, str(payload["old"]), {}, base)
        new = _state(store, cloud, str(payload["new"]), payload, base)  # of a held entry, both have the same version
        return "".join(plan_markdown(compare_for_profile(profile, base, [old], [new])))
    except (KeyError, Perimeter365Error):
        return ""


def _state(store: Store, cloud: Cloud, version: str, payload: Mapping[str, Any], base: Catalog) -> State:
    for held in store.held(resolved=True):
        if held.id == payload.get("held") and held.version == version:
            return store.state_of(held)
    known = base.versions.get(cloud)
    return of_catalog(base, cloud) if known and known.version == version else store.state(cloud, version)


@lru_cache(maxsize=256)
def _key(address: str) -> str:
    """Return the hash of an address, 16 hex digits.

    It is slow, so that passwords cannot be guessed from it.
    """
    return pbkdf2_hmac("sha256", address.encode("utf-8", "replace"), b"perimeter365 target", 100_000, 8).hex()


def _sender(send: Send, url: str) -> Call:
    def call(title: str, body: str) -> str:
        try:
            return "" if send(url, title, body) else "not accepted"
        except Exception as error:  # noqa: BLE001 (any failure is a failed delivery, which is tried again)
            return f"not accepted: {type(error).__name__}"

    return call
