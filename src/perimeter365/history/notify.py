"""Delivers what the outbox holds through Apprise (mail, Teams, Slack, webhooks and many more), at least once.

    >>> deliver(store, ["mailto://user:secret@mail.example.com"])
    Delivery(delivered=2, failed=0)

A notification is put into the outbox by the transaction that commits, holds, heals or rejects a state, so none is lost.
It leaves when every address has taken it; until then each delivery tries all of them again, so one of several may
get it twice. The oldest goes first, and a failure does not stop those behind it. Addresses hold passwords:
neither the store nor a message ever holds more than their scheme.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from perimeter365.errors import InputError, Perimeter365Error
from perimeter365.history.reference import of_catalog
from perimeter365.history.store import Store
from perimeter365.history.words import compare
from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.plan.make import make_plan
from perimeter365.plan.profile import Profile
from perimeter365.sources.stored import with_states

Send = Callable[[str, str, str], bool]
"""Sends (address, title, Markdown); True when it was taken."""

_TITLES = {
    "committed": "new version {new}",
    "held": "version {new} is held, a person has to decide",
    "healed": "version {version} was held and is not needed any more",
    "rejected": "version {version} was rejected",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """What a delivery did."""

    delivered: int = 0
    failed: int = 0
    """Notifications that at least one address did not take; they stay in the outbox."""


def deliver(
    store: Store,
    urls: Sequence[str],
    *,
    profile: Profile | None = None,
    base: Catalog | None = None,
    send: Send | None = None,
) -> Delivery:
    """Deliver what is pending.

    Args:
        store: with the outbox.
        urls: addresses as Apprise takes them; without any, nothing is sent and everything stays.
        profile: say what a change means for this organization, too; needs `base`.
        base: the embedded catalog.
        send: in place of Apprise.

    Raises:
        InputError: an address is none.
    """
    if not urls:
        return Delivery()
    send = send or _apprise(urls)
    done = failed = 0
    for each in store.pending():
        title, body = message(each.kind, each.payload)
        if profile and base:
            body += _words(store, each.payload, profile, base)
        refused = [_scheme(url) for url in urls if not _sent(send, url, title, body)]
        if refused:
            store.undelivered(each.id, f"not taken by {', '.join(refused)}")
            failed += 1
        else:
            store.delivered(each.id)
            done += 1
    return Delivery(delivered=done, failed=failed)


def message(kind: str, payload: Mapping[str, Any]) -> tuple[str, str]:
    """Title and Markdown of a notification."""
    known = {"new": "", "version": "", **payload}
    title = f"Microsoft 365 endpoints, {payload.get('cloud', '')}: {_TITLES.get(kind, kind).format_map(known)}"
    lines = [f"- {reason['code']}: {reason['message']}" for reason in payload.get("reasons", ())]
    if kind == "held":
        number = payload.get("held")
        lines += ["", f"`perimeter365 sync --accept {number}` lets it through, `--reject {number}` drops it.", ""]
    return title, "\n".join([*lines, str(payload.get("markdown", ""))]).strip() or title


def _words(store: Store, payload: Mapping[str, Any], profile: Profile, base: Catalog) -> str:
    """What it means for a profile; "" when it is of another cloud or cannot be said any more."""
    try:
        cloud = Cloud.parse(str(payload["cloud"]))
        if cloud not in profile.clouds:
            return ""
        old, new = (_state(store, cloud, str(payload[key]), payload, base) for key in ("old", "new"))
        before, after = (make_plan(with_states(base, [state]), profile) for state in (old, new))
    except (KeyError, Perimeter365Error):
        return ""
    words = compare(before, after)
    said = "\n".join(f"- {s}" for s in words.sentences or ("nothing changes",))
    return f"\n\n### For the plan of {' '.join(words.organization.split())}\n\n{said}\n"


def _state(store: Store, cloud: Cloud, version: str, payload: Mapping[str, Any], base: Catalog) -> State:
    for held in store.held(resolved=True):
        if held.id == payload.get("held") and held.version == version:
            return store.state_of(held)
    embedded = of_catalog(base, cloud)
    return embedded if embedded.version == version else store.state(cloud, version)


def _sent(send: Send, url: str, title: str, body: str) -> bool:
    try:
        return send(url, title, body)
    except Exception:  # noqa: BLE001 (a plugin's failure is a failed delivery, whatever it is; it is tried again)
        return False


def _scheme(url: str) -> str:
    return url.partition(":")[0][:20]


def _apprise(urls: Iterable[str]) -> Send:
    from apprise import Apprise, NotifyFormat  # a second that only those pay who notify

    services = {}
    for url in urls:
        services[url] = Apprise()
        if not services[url].add(url):
            raise InputError(f"a {_scheme(url)}: address is not one that Apprise takes", help="see `apprise --help`")

    def send(url: str, title: str, body: str) -> bool:
        return bool(services[url].notify(title=title, body=body, body_format=NotifyFormat.MARKDOWN))

    return send
