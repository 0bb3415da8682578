"""The alarm: a notification when a cloud could not be read for a day.

There is another one when it can be read again.

    alarm(store, outcomes)                   # after each sync
        ('worldwide',)

Single failures are not reported: the last good list is in force, and the next sync follows within an hour.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from perimeter365.history.report import escape_markdown
from perimeter365.history.sync import FAILED, Outcome, last_success
from perimeter365.model.cloud import Cloud
from perimeter365.store.writer import StoreWriter

AFTER = timedelta(days=1)
"""The time for which a cloud may fail without a notification."""

FAILING, RECOVERED = "failing", "recovered"


def alarm(store: StoreWriter, outcomes: Iterable[Outcome], after: timedelta = AFTER) -> tuple[str, ...]:
    """Add a notification for each cloud that failed for `after` or recovered.

    A failing cloud is notified once, and only such a cloud is notified when it recovers.

    Returns:
        The clouds with a new notification.

    Raises:
        StoreError: the store cannot be read or written.
    """
    return tuple(outcome.cloud.value for outcome in outcomes if _notified(store, outcome, after))


def _notified(store: StoreWriter, outcome: Outcome, after: timedelta) -> bool:
    """Update the alarm of one cloud. Return True if there is a new notification."""
    cloud, error = outcome.cloud, outcome.error
    first, alarmed = store.note(_first_failure_key(cloud)), store.note(_alarm_key(cloud))
    if outcome.status != FAILED or not error:
        if not (first or alarmed):
            return False
        with store.writing():
            store.set_note(_first_failure_key(cloud), "")
            store.set_note(_alarm_key(cloud), "")
            if alarmed:
                store.add_notification(RECOVERED, {"cloud": cloud.value})
        return bool(alarmed)
    if alarmed:
        return False
    success = last_success(store, cloud)
    since = success or datetime.fromisoformat(first or store.now())
    if datetime.fromisoformat(store.now()) - since < after:
        if not (success or first):
            store.set_note(_first_failure_key(cloud), store.now())
        return False
    with store.writing():
        store.set_note(_alarm_key(cloud), store.now())
        why = f"{error.code}: {escape_markdown(error.message)}; the last good list is in force. Run `perimeter365 doctor`."
        store.add_notification(FAILING, {"cloud": cloud.value, "since": f"{since:%Y-%m-%d %H:%M} UTC", "markdown": why})
    return True


def _first_failure_key(cloud: Cloud) -> str:
    """Return the key of the first failure of a cloud that was never read.

    Syncs store the last success themselves.
    """
    return f"alarm.first.{cloud.value}"


def _alarm_key(cloud: Cloud) -> str:
    return f"alarm.{cloud.value}"
