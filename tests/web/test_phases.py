"""When versions are announced: after their data, by the lifetime of what caches may have."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from perimeter365.errors import OutputError
from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.web.edition import Edition, ServedCloud, load_edition
from perimeter365.web.phases import MARGIN, advance, next_announcement, sealed
from perimeter365.web.published import Manifest, read_manifest
from perimeter365.web.versions import ServedVersion
from perimeter365.workspace import Workspace

T = datetime(2026, 12, 1, tzinfo=UTC)
A, B, C = Version("2026110100"), Version("2026120100"), Version("2026120101")
WW = Cloud.WORLDWIDE


@pytest.fixture(scope="module")
def embedded() -> Edition:
    return load_edition(Workspace(catalog="embedded"))


def serving(edition: Edition, number: Version, cloud: Cloud = WW) -> Edition:
    """An edition that serves one cloud under a number."""
    version = ServedVersion(number=number, upstream=number, hash=number, at=T)
    return replace(edition, clouds={cloud: ServedCloud(cloud=cloud, versions=(version,), sets=())})


def run(last: Manifest | None, edition: Edition, after: float, *, max_age: int = 300, takes: float = 0) -> Manifest:
    """One run, `after` seconds since T, whose generation becomes visible `takes` seconds later."""
    now = T + timedelta(seconds=after)
    made = Manifest(
        generation="000001-00000000",
        published=None,
        max_age=max_age,
        cached_until=last.cached_until if last else now,
        clouds=advance(last, edition, now),
        files=(),
    )
    made = sealed(made, last, now + timedelta(seconds=takes))
    return read_manifest(made.to_json(), "manifest")  # also: it is read as it was written


def announced(manifest: Manifest) -> Version:
    return manifest.clouds["worldwide"].announced


WAIT = 300 + MARGIN.total_seconds()


def test_the_first_generation_announces_its_versions(embedded: Edition) -> None:
    first = run(None, serving(embedded, A), 0)
    assert announced(first) == A
    assert next_announcement(first.clouds) is None


def test_a_new_version_is_announced_when_caches_cannot_have_the_list_before_it(embedded: Edition) -> None:
    first = run(None, serving(embedded, A), 0)
    data = run(first, serving(embedded, B), 100, takes=7)
    assert (data.clouds["worldwide"].version, announced(data)) == (B, A)
    assert next_announcement(data.clouds) == T + timedelta(seconds=107 + WAIT)  # counted from when it was visible
    early = run(data, serving(embedded, B), 107 + WAIT - 1)
    assert announced(early) == A
    due = run(early, serving(embedded, B), 107 + WAIT)
    assert announced(due) == B
    assert next_announcement(due.clouds) is None


def test_the_longest_lifetime_that_may_still_be_in_a_cache_counts(embedded: Edition) -> None:
    first = run(None, serving(embedded, A), 0, max_age=3600)
    shorter = run(first, serving(embedded, A), 10, max_age=60)
    data = run(shorter, serving(embedded, B), 20, max_age=60)
    assert next_announcement(data.clouds) == T + timedelta(seconds=10 + 3600) + MARGIN


def test_versions_that_follow_each_other_quickly_do_not_delay_each_other(embedded: Edition) -> None:
    first = run(None, serving(embedded, A), 0)
    second = run(first, serving(embedded, B), 100)
    third = run(second, serving(embedded, C), 350)
    assert announced(third) == A
    then = run(third, serving(embedded, C), 100 + WAIT)
    assert (then.clouds["worldwide"].version, announced(then)) == (C, B)  # whoever sees B gets C's data
    assert announced(run(then, serving(embedded, C), 350 + WAIT)) == C


def test_a_new_cloud_is_announced_at_once_and_the_others_wait(embedded: Edition) -> None:
    first = run(None, serving(embedded, A), 0)
    both = serving(embedded, B)
    both = replace(both, clouds={**both.clouds, **serving(embedded, C, Cloud.CHINA).clouds})
    data = run(first, both, 10)
    assert {name: cloud.announced for name, cloud in data.clouds.items()} == {"worldwide": A, "china": C}


def test_an_older_list_than_the_published_one_is_refused(embedded: Edition) -> None:
    first = run(None, serving(embedded, B), 0)
    with pytest.raises(OutputError, match="2026110100, and 2026120100 was published before"):
        run(first, serving(embedded, A), 10)
