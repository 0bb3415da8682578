"""When a published version is announced: after its data.

The time between them is that for which caches may keep the data before it.

Clients store the version that /version names, and then fetch the lists. If they could get an older list, from a cache or
from a folder that is not swapped yet, they would miss the change until the version after it.

    run         data           announced     pending
    09:00       2026080200     2026080200
    10:00       2026110100     2026080200    2026110100 from 10:05:05, for a max-age of 300
    10:10       2026110100     2026110100

The time counts from the moment at which the data became visible, and from the largest max-age that answers still in caches
were sent with.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from perimeter365.errors import OutputError
from perimeter365.web.edition import Edition
from perimeter365.web.published import Manifest, PublishedCloud

MARGIN = timedelta(seconds=5)
"""Added to the cache lifetime: answers that were on their way, and clocks that count whole seconds."""


def advance(last: Manifest | None, edition: Edition, now: datetime) -> Mapping[str, PublishedCloud]:
    """Return the clouds of the next generation.

    Args:
        last: the current generation; None if this is the first one, whose versions are announced with it.
        edition: the lists.
        now: the time; versions whose time has come are announced.

    Raises:
        OutputError: a list is older than the one that was published. Clients would get older data than they have.
    """
    found = {}
    for cloud, served in edition.clouds.items():
        before = last.clouds.get(str(cloud)) if last else None
        if before is None:
            found[str(cloud)] = PublishedCloud(version=served.number, announced=served.number, in_force=served.modified)
            continue
        if served.number < before.version:
            raise OutputError(
                f"{cloud}: the list in force is {served.number}, and {before.version} was published before",
                help="use the store of the earlier runs (--store), or publish into another folder",
            )
        waiting = list(before.pending)
        if served.number > before.version:
            waiting.append((served.number, _due(last, now)))
        due = [version for version, since in waiting if since <= now]
        found[str(cloud)] = PublishedCloud(
            version=served.number,
            announced=due[-1] if due else before.announced,
            pending=tuple(each for each in waiting if each[1] > now),
            in_force=served.modified,
        )
    return found


def sealed(manifest: Manifest, last: Manifest | None, now: datetime) -> Manifest:
    """Return a manifest with the time at which its generation becomes visible.

    The waiting times count from then.
    """
    clouds = {}
    for name, cloud in manifest.clouds.items():
        before = last.clouds.get(name) if last else None
        pending = cloud.pending
        if before and cloud.version != before.version:
            pending = (*pending[:-1], (cloud.version, _due(last, now)))
        clouds[name] = replace(cloud, pending=pending)
    return replace(manifest, clouds=clouds, published=now, cached_until=cached_until(last, now))


def cached_until(last: Manifest | None, now: datetime) -> datetime:
    """Return until when caches may keep answers of generations up to `last`.

    Another one replaces it now.
    """
    return max(last.cached_until, now + timedelta(seconds=last.max_age)) if last else now


def next_announcement(clouds: Mapping[str, PublishedCloud]) -> datetime | None:
    """Return when the next pending version may be announced; None if there is none."""
    return min((due for cloud in clouds.values() for _, due in cloud.pending), default=None)


def _due(last: Manifest | None, now: datetime) -> datetime:
    return cached_until(last, now) + MARGIN
