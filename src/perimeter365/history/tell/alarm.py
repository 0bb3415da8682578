"""One notification when a cloud could not be read for a day, and one when it can be read again.

    alarm(store, outcomes)                   # behind each sync
        ('worldwide',)

A failure now and then is no news: the last good list is in force, and the next sync follows within the hour.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from perimeter365.history.report import escaped
from perimeter365.history.sync import FAILED, Outcome, last_success
from perimeter365.model.cloud import Cloud
from perimeter365.store.writer import StoreWriter

AFTER = timedelta(days=1)
"""How long a cloud may fail before anybody is told."""

FAILING, RECOVERED = "failing", "recovered"


def alarm(store: StoreWriter, outcomes: Iterable[Outcome], after: timedelta = AFTER) -> tuple[str, ...]:
    """Put a notification into the outbox for each cloud that has failed for so long, once, and for each that recovers.

    Returns:
        The clouds for which there is one now. Raises StoreError.
    """
    return tuple(outcome.cloud.value for outcome in outcomes if _told(store, outcome, after))


def _told(store: StoreWriter, outcome: Outcome, after: timedelta) -> bool:
    cloud, error = outcome.cloud, outcome.error
    first, told = store.note(_first(cloud)), store.note(_alarm(cloud))
    if outcome.status != FAILED or not error:
        if not (first or told):
            return False
        with store.writing():
            store.set_note(_first(cloud), "")
            store.set_note(_alarm(cloud), "")
            if told:
                store.add_notification(RECOVERED, {"cloud": cloud.value})
        return bool(told)
    if told:
        return False
    success = last_success(store, cloud)
    since = success or datetime.fromisoformat(first or store.now())
    if datetime.fromisoformat(store.now()) - since < after:
        if not (success or first):
            store.set_note(_first(cloud), store.now())
        return False
    with store.writing():
        store.set_note(_alarm(cloud), store.now())
        why = f"{error.code}: {escaped(error.message)}; the last good list is in force. `perimeter365 doctor` looks closer."
        store.add_notification(FAILING, {"cloud": cloud.value, "since": f"{since:%Y-%m-%d %H:%M} UTC", "markdown": why})
    return True


def _first(cloud: Cloud) -> str:
    """The note of the first failure of a cloud that was never read; syncs themselves keep the last success."""
    return f"alarm.first.{cloud.value}"


def _alarm(cloud: Cloud) -> str:
    return f"alarm.{cloud.value}"
