"""Delivers what the outbox holds through Apprise (mail, Teams, Slack, webhooks and many more), at least once.

    deliver(store, ["mailto://user:secret@mail.example.com", "json://hooks.example.com/x"])
        Delivery(delivered=2, failed=1, waiting=0, problems=('target 2 (json): the service answers 503; 1 stays',))

A notification is put into the outbox by the transaction that commits, holds, heals or rejects a state, so none is lost;
`history.alarm` adds one when syncs go on failing.
Each target gets each one by itself: a target that has taken it is noted and is not given it again, one that has not is
tried again later, after 1, 2, 4 … minutes, at most six hours. The notification leaves the outbox when all have it.
Who is killed between a target's word and the note of it sends it twice; nobody loses one. The oldest goes
first, a failure does not stop those behind it, but a target that fails three times in a row is left for this time.

Addresses hold passwords and tokens: a target is called by its place in the list and its scheme, and the store knows
it by a slow hash.
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
from perimeter365.history.report import escaped, plan_markdown
from perimeter365.history.tell._apprise import Call, scheme, services
from perimeter365.history.words import compare_on
from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import decode, fields, instant, many, mapping, natural, optional, parse_json, sequence, string
from perimeter365.model.state import State
from perimeter365.plan.profile import Profile
from perimeter365.store.entries import Notification
from perimeter365.store.store import Store

Send = Callable[[str, str, str], bool]
"""Sends (address, title, Markdown); True when it was taken."""

FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=6)
"""How long a target that failed is left alone: at first, and at most; it doubles."""

PATIENCE = 3
"""Failures in a row after which a target is left for this time."""

_TITLES = {
    "committed": "new version {new}",
    "held": "version {new} is held, a person has to decide",
    "healed": "version {version} was held and is not needed any more",
    "rejected": "version {version} was rejected",
    "failing": "upstream could not be read since {since}",
    "recovered": "upstream can be read again",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One service that is told."""

    number: int
    """In the list, from 1."""
    scheme: str
    """Of its address: all of it that may be shown."""
    key: str
    """Stands for the address in the store; 16 hex digits."""
    send: Call
    """Sends (title, Markdown); "" when it was taken, else why not."""

    @property
    def name(self) -> str:
        """`target 2 (json)`."""
        return f"target {self.number} ({self.scheme})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """What a delivery did, counted in notifications."""

    delivered: int = 0
    """All targets have them."""
    failed: int = 0
    """At least one target has not taken it just now; they stay."""
    waiting: int = 0
    """Left for later: the time for another try has not come, or a target is down."""
    problems: tuple[str, ...] = ()
    """A line for each target that has failed; nothing secret."""

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "problems": list(self.problems)}


def targets(urls: Iterable[str], send: Send | None = None) -> tuple[Target, ...]:
    """The services that some addresses mean, each once.

    Args:
        urls: addresses as Apprise takes them.
        send: in place of Apprise.

    Raises:
        InputError: an address is none; it is not repeated.
    """
    found: dict[str, Target] = {}
    for place, url in enumerate(urls, 1):
        for sender, address in ((_calling(send, url), url),) if send else services(url, place):
            key = _key(address)
            if key not in found:
                found[key] = Target(number=len(found) + 1, scheme=scheme(address), key=key, send=sender)
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
    """Deliver what is pending.

    Args:
        store: with the outbox.
        urls: addresses as Apprise takes them; without any, nothing is sent and everything stays.
        profiles: say what a change means for these organizations, too; needs `base`.
        base: the embedded catalog.
        send: in place of Apprise.
        due: leave alone what has failed until its time has come.

    Raises:
        InputError: an address is none.
        StoreError: the store cannot be read or written.
    """
    if not urls or not (pending := store.pending()):
        return Delivery(waiting=len(store.pending()))
    round_ = _Round(store, targets(urls, send), due=due)
    counts = {"delivered": 0, "failed": 0, "waiting": 0}
    for each in pending:
        counts[round_.one(each, cache(partial(_full, store, each, profiles, base)))] += 1
    return Delivery(**counts, problems=tuple(round_.problems()))


def try_out(urls: Iterable[str], send: Send | None = None) -> Mapping[str, str]:
    """Send each target a message that says so; target -> "" or why it was not taken. Raises InputError."""
    text = "This is a test: whoever reads it will be told of changes of Microsoft's lists."
    return {target.name: target.send("Microsoft 365 endpoints: a test", text) for target in targets(urls, send)}


def drop(store: Store, numbers: Iterable[int]) -> int:
    """Take notifications out of the outbox without delivering them; returns how many were in it."""
    with store.writing():
        gone = {each.id for each in store.pending()} & set(numbers)
        for number in gone:
            store.mark_delivered(number)
            store.set_note(_note(number), "")
    return len(gone)


def message(kind: str, payload: Mapping[str, Any], words: str = "") -> tuple[str, str]:
    """Title and Markdown of a notification.

    Args:
        kind: of the outbox.
        payload: of the outbox.
        words: Markdown that stands before the difference: services cut long messages at the end.
    """
    known = {"new": "", "version": "", "since": "", **payload}
    title = f"Microsoft 365 endpoints, {payload.get('cloud', '')}: {_TITLES.get(kind, kind).format_map(known)}"
    lines = [f"- {reason['code']}: {escaped(reason['message'])}" for reason in payload.get("reasons", ())]
    if kind == "held":
        number = payload.get("held")
        lines += ["", f"`perimeter365 held admit {number}` lets it through, `held reject {number}` drops it.", ""]
    return title, "\n".join([*lines, words, str(payload.get("markdown", ""))]).strip() or title


class _Round:
    """One delivery: which targets are down, and what each has taken."""

    def __init__(self, store: Store, targets: Sequence[Target], *, due: bool) -> None:
        self.store = store
        self.targets = targets
        self.due = due
        self.failures = {target.key: 0 for target in targets}
        """In a row."""
        self.why: dict[str, str] = {}
        self.missed = dict.fromkeys(self.failures, 0)
        """Notifications that a target lacks."""

    def one(self, each: Notification, text: Callable[[], tuple[str, str]]) -> str:
        """Deliver one; what became of it, as a field of `Delivery`."""
        memory = _Memory.of(self.store, each.id)
        now = datetime.fromisoformat(self.store.now())
        lacking = [target for target in self.targets if target.key not in memory.done]
        result = "waiting" if lacking else "delivered"
        if not lacking:  # all that are left have it: another one was taken off the list
            self._keep(each, memory, left=False)
        for target in lacking:
            if self.failures[target.key] >= PATIENCE or (self.due and not memory.may(target.key, now)):
                self.missed[target.key] += 1
                continue
            if problem := target.send(*text()):
                self.failures[target.key] += 1
                self.missed[target.key] += 1
                self.why[target.key] = problem
                memory.failed(target.key, now)
                result = "failed"
            else:
                self.failures[target.key] = 0
                memory.took(target.key)
            left = any(other.key not in memory.done for other in self.targets)
            self._keep(each, memory, left=left, problem=f"{target.name}: {problem}" if problem else "")
            result = result if left else "delivered"
        return result

    def problems(self) -> Iterator[str]:
        """A line for each target that has failed."""
        for target in (target for target in self.targets if target.key in self.why):
            many = self.missed[target.key]
            yield f"{target.name}: {self.why[target.key]}; {many} {'stays' if many == 1 else 'stay'}"

    def _keep(self, each: Notification, memory: "_Memory", *, left: bool, problem: str = "") -> None:
        with self.store.writing():
            self.store.set_note(_note(each.id), memory.text if left else "")
            if not left:
                self.store.mark_delivered(each.id)
            elif problem:
                self.store.mark_undelivered(each.id, problem)


class _Memory:
    """What is known of one notification: who has it, and who is to be tried again when."""

    def __init__(self, done: Iterable[str] = (), tried: Mapping[str, tuple[int, datetime]] | None = None) -> None:
        self.done = list(done)
        self.tried = dict(tried or {})

    @classmethod
    def of(cls, store: Store, number: int) -> "_Memory":
        """What the store says; damaged text counts as nothing, so that it is sent once more rather than never."""
        with suppress(InputError):
            return cls(**decode("", _MEMORY, parse_json(store.note(_note(number)) or "{}")))
        return cls()

    @property
    def text(self) -> str:
        """As it is kept."""
        tried = {key: (times, until.isoformat(timespec="seconds")) for key, (times, until) in self.tried.items()}
        return json.dumps({"done": self.done, "tried": tried})

    def may(self, key: str, now: datetime) -> bool:
        """Has the time for another try come? A clock that was set back does not hold it up."""
        return key not in self.tried or not now < self.tried[key][1] <= now + LONGEST

    def failed(self, key: str, now: datetime) -> None:
        """It was not taken."""
        times = self.tried[key][0] + 1 if key in self.tried else 1
        wait = min(FIRST * 2 ** min(times - 1, 20), LONGEST)
        self.tried[key] = (times, (now + wait).replace(microsecond=0))

    def took(self, key: str) -> None:
        """It was taken."""
        self.done.append(key)
        self.tried.pop(key, None)


def _try(value: object) -> tuple[int, datetime]:
    times, until = sequence(value)
    return natural(times), instant(until)


_MEMORY = partial(fields, done=optional(many(string), ()), tried=optional(mapping(_try), None))


def _note(number: int) -> str:
    return f"notify.{number}"


def _full(store: Store, each: Notification, profiles: Iterable[Profile], base: Catalog | None) -> tuple[str, str]:
    said = [_words(store, each.payload, profile, base) for profile in profiles] if base else []
    return message(each.kind, each.payload, "".join(said))


def _words(store: Store, payload: Mapping[str, Any], profile: Profile, base: Catalog) -> str:
    """What it means for a profile; "" when it is of another cloud or cannot be said any more."""
    try:
        cloud = Cloud.parse(str(payload["cloud"]))
        if cloud not in profile.clouds:
            return ""
        old, new = (_state(store, cloud, str(payload[key]), payload, base) for key in ("old", "new"))
        return "".join(plan_markdown(compare_on(profile, base, [old], [new])))
    except (KeyError, Perimeter365Error):
        return ""


def _state(store: Store, cloud: Cloud, version: str, payload: Mapping[str, Any], base: Catalog) -> State:
    for held in store.held(resolved=True):
        if held.id == payload.get("held") and held.version == version:
            return store.state_of(held)
    embedded = of_catalog(base, cloud)
    return embedded if embedded.version == version else store.state(cloud, version)


@lru_cache(maxsize=256)
def _key(address: str) -> str:
    """The same each time, and too slow to try passwords with. 16 hex digits."""
    return pbkdf2_hmac("sha256", address.encode("utf-8", "replace"), b"perimeter365 target", 100_000, 8).hex()


def _calling(send: Send, url: str) -> Call:
    def call(title: str, body: str) -> str:
        try:
            return "" if send(url, title, body) else "not taken"
        except Exception as error:  # noqa: BLE001 (a failed delivery, whatever it is; it is tried again)
            return f"not taken: {type(error).__name__}"

    return call
