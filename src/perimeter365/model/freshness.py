"""How fresh the list of each cloud is.

    >>> lists = {"worldwide": "2026080200", "china": "2026022700"}
    >>> [str(age) for age in ages(lists, {"worldwide": "2026-11-29T10:00:00+00:00"}, date(2026, 11, 30))]
    ['worldwide 2026080200, read 1 day ago', 'china 2026022700, not followed, 276 days old']

A cloud is followed if a sync has read it: then the time of the last successful look counts, because a list may stay the same
for months. The list of a cloud that is not followed is as old as its version. A closed cloud has no age.

    stale    followed, and the last successful look is older than `[effective] stale`: a person has to find the cause
    old      not followed, and the list is older than `OLD_AFTER_DAYS`: a sync would fetch a newer one

Every age is that of one cloud. Commands speak of the clouds of their profile only. This module is imported at each start of
`lookup`, so it imports almost nothing.
"""

from datetime import date, datetime

from perimeter365.model.cloud import Cloud
from perimeter365.model.day import OLD_AFTER_DAYS, STALE_AFTER_DAYS
from perimeter365.model.quantity import quantity
from perimeter365.model.version import Version

TYPE_CHECKING = False  # type checkers take this name as true; importing `typing` would double the start of `lookup`
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class CloudAge:
    """The age of the list of one cloud."""

    __slots__ = ("cloud", "day", "seen", "version")

    def __init__(self, cloud: Cloud, version: str, seen: date | None, day: date) -> None:
        self.cloud = cloud
        self.version = version
        self.seen = seen
        """The day of the last successful look; None if the cloud is not followed."""
        self.day = day
        """The day on which the age is counted."""

    @property
    def followed(self) -> bool:
        """True if a sync has read the cloud."""
        return self.seen is not None

    @property
    def days(self) -> int | None:
        """Days since the last successful look, else since the version.

        None without a day, and for a closed cloud.
        """
        since = self.seen or Version(self.version).day
        return None if since is None or self.cloud.closed else (self.day - since).days

    def stale(self, after: int = STALE_AFTER_DAYS) -> bool:
        """Return True if the cloud is followed and was not read for so many days."""
        return self.followed and self.days is not None and self.days > after

    @property
    def old(self) -> bool:
        """True if the cloud is not followed and its list is old."""
        return not self.followed and self.days is not None and self.days > OLD_AFTER_DAYS

    @property
    def words(self) -> str:
        """The age for people; "" if it is not known."""
        if self.cloud.closed:
            return f"closed on {self.cloud.closed}"
        if self.days is None:
            return ""
        if self.followed:
            return f"read {quantity(self.days, 'day')} ago" if self.days > 0 else "read today"
        return f"not followed, {quantity(max(self.days, 0), 'day')} old"

    def __str__(self) -> str:
        return ", ".join(filter(None, (f"{self.cloud} {self.version}", self.words)))


def ages(
    versions: "Mapping[str, str]", seen: "Mapping[str, str]", day: date, clouds: "Iterable[str]" = ()
) -> tuple[CloudAge, ...]:
    """Return the age of each list.

    Args:
        versions: cloud -> version of its list.
        seen: cloud -> time of the last successful look, in ISO format; clouds without one are not followed.
        day: the day on which the ages are counted.
        clouds: only these clouds, such as those of a profile; () for all.
    """
    chosen = {str(cloud) for cloud in clouds} or set(versions)
    made = []
    for name, version in versions.items():
        if name in chosen:
            at = seen.get(name, "")
            made.append(CloudAge(Cloud.named(name), version, datetime.fromisoformat(at).date() if at else None, day))
    return tuple(made)
