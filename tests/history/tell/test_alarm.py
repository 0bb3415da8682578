"""One notification of a persistent failure (P1), and one of its end."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from perimeter365.errors import UpstreamError
from perimeter365.history.sync import Outcome, sync
from perimeter365.history.tell.alarm import alarm
from perimeter365.history.tell.notify import message
from perimeter365.model.cloud import Cloud
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from tests.cli.test_sync import known
from tests.history.upstream import MemoryUpstream

W, C = Cloud.WORLDWIDE, Cloud.CHINA
HOUR = timedelta(hours=1)


class Clock:
    now = datetime(2026, 9, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def own(place: str, clock: Clock) -> Iterator[Store]:
    with Store(place, clock=clock) as store:
        yield store


def test_p1_a_persistent_failure_gives_one_alarm_and_one_recovery(own: Store, clock: Clock) -> None:
    source = MemoryUpstream()
    source.publish(known(W), known(C))
    sync(own, source, [W, C], base=embedded())
    for waiting in own.pending():
        own.mark_delivered(waiting.id)
    source.states[W] = UpstreamError("503 from *.example.com")
    told = []
    for hour in range(1, 7):
        clock.now += HOUR
        told += [(hour, cloud) for cloud in alarm(own, sync(own, source, [W, C], base=embedded()), 4 * HOUR)]
    assert told == [(4, "worldwide")]
    source.publish(known(W))
    for _ in range(2):
        clock.now += HOUR
        alarm(own, sync(own, source, [W, C], base=embedded()))
    failing, recovered = own.pending()
    assert message(failing.kind, failing.payload) == (
        "Microsoft 365 endpoints, worldwide: upstream could not be read since 2026-09-01 12:00 UTC",
        r"P365-UPSTREAM: 503 from \*.example.com; the last good list is in force. Run `perimeter365 doctor`.",
    )
    assert message(recovered.kind, recovered.payload)[0] == "Microsoft 365 endpoints, worldwide: upstream can be read again"


def test_a_cloud_that_was_never_read_counts_from_its_first_failure(own: Store, clock: Clock) -> None:
    failed = Outcome(cloud=C, status="failed", error=UpstreamError("no way out"))
    assert alarm(own, [failed]) == ()
    clock.now += 23 * HOUR
    assert alarm(own, [failed]) == ()
    clock.now += HOUR
    assert alarm(own, [failed]) == ("china",)
    assert alarm(own, [failed]) == ()


def test_single_failures_are_not_notified(own: Store, clock: Clock) -> None:
    failed, good = Outcome(cloud=C, status="failed", error=UpstreamError("x")), Outcome(cloud=C, status="unchanged")
    for _ in range(13):
        clock.now += HOUR
        assert alarm(own, [failed]) == ()
        clock.now += HOUR
        assert alarm(own, [good]) == ()
    assert own.pending() == ()
