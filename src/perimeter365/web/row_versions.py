"""The versions of /extended, which has the rows besides the lists.

A version of a list stands for its rows, too. They change with a release of this package, and with the profile's file:

    /extended                the version of the mirror, plus the number of times that the rows have changed (`REVISIONS`)
    /p/{profile}/extended    the same; after a change of the profile's file, the day (UTC) and the hundredth of it take the
                             place of the mirror's, until a list has a higher version

    comes into force                        the mirror      /extended       /p/contoso/extended
    a list, with the rows of today          2026100100      2026100100      2026100100
    other rows, with a new release          2026100100      2026100101      2026100101
    another profile, 15 October, 12:00      2026100100      2026100101      2026101551
    an admitted entry of the list           2026100101      2026100102      2026101552
    a newer list                            2026110100      2026110101      2026110101

A change of a profile is named at once, so caches have to ask whether an answer under /p is still valid (no-cache).

Each number is higher than the one before, and ten digits. Nothing is stored: all replicas with the same release and the same
files give the same. If a profile changes twice, or with several lists, within a hundredth of a day (14 minutes), two states
can have the same number; ETag and Last-Modified differ.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from itertools import zip_longest
from json import dumps
from pathlib import Path
from urllib.parse import quote

from perimeter365.model.as_dict import requirement_dict
from perimeter365.model.change import ChangeRecord
from perimeter365.model.requirement import INTERNAL
from perimeter365.model.row import Row
from perimeter365.model.version import Version
from perimeter365.web.edition import Edition, ServedCloud
from perimeter365.web.past import LazyRecords
from perimeter365.web.versions import ServedVersion, after

RECENT = timedelta(days=7)
"""A list that came into force in this time before a change of the profile may be announced after it, so each one makes the
number of the profile higher by one: what is announced then is another state."""

FORM = 1
"""Grows when the sets of the same facts are written otherwise."""

REVISIONS = ("9124cc7fa95af096",)
"""The digest of the rows in each state that a release has had, oldest first. A change of the facts goes to the end."""


def rows_digest(rows: Iterable[Row]) -> str:
    """Return sixteen hex digits that change when the rows do.

    The lists that they refer to do not count.
    """
    flows = [requirement_dict(f) for row in rows for f in row.flows if f.direction != INTERNAL]
    for each in flows:
        del each["evidence"]
    return sha256(dumps([FORM, flows], sort_keys=True).encode()).hexdigest()[:16]


@lru_cache(maxsize=4)
def revision(rows: tuple[Row, ...]) -> int:
    """Return how often the rows have changed.

    Rows that this release does not know count one time more.
    """
    digest = rows_digest(rows)
    return REVISIONS.index(digest) if digest in REVISIONS else len(REVISIONS)


def changed_at(edition: Edition, profile: str) -> datetime:
    """Return when the file of a profile was changed, or put in its place.

    Raises OutdatedError if it has changed since the edition was loaded.
    """
    edition.check()
    found = (Path(edition.folder) / f"{profile}.toml").stat()
    edition.check()
    return datetime.fromtimestamp(max(found.st_mtime, found.st_ctime), UTC)


def with_rows(edition: Edition, *, profile: str = "") -> Edition:
    """Return an edition with the versions and the base of /extended.

    Args:
        edition: that of the mirror.
        profile: the name of a profile of the edition, whose clouds alone remain; "" for none.

    Raises OutdatedError: as `changed_at`.
    """
    count = revision(tuple(edition.catalog.rows.values()))
    edited = changed_at(edition, profile) if profile else None
    kept = edition.profiles[profile].clouds if profile else edition.clouds
    clouds, announced = {}, {}
    for cloud in (each for each in edition.clouds if each in kept):
        clouds[cloud], latest = numbered(edition.clouds[cloud], count, edited)
        named = [number for mirrored, number in latest.items() if mirrored <= edition.latest(cloud)]
        announced[cloud] = max(named, default=clouds[cloud].versions[0].number)
    path = f"/p/{quote(profile, safe='')}/extended" if profile else "/extended"
    return replace(edition, clouds=clouds, announced=announced, base=f"{edition.base}{path}")


def numbered(served: ServedCloud, count: int, edited: datetime | None) -> tuple[ServedCloud, Mapping[Version, Version]]:
    """Return a cloud with the numbers of /extended.

    Args:
        served: the cloud, with the numbers of the mirror.
        count: how often the rows have changed.
        edited: when the profile's file was changed; None without a profile.

    Returns:
        The cloud, and for each number of the mirror, the last number of /extended while it was in force.
    """
    found: list[ServedVersion] = []
    first: dict[Version, Version] = {}
    last: dict[Version, Version] = {}
    moved = timedelta(seconds=count)  # programs that compare Last-Modified alone see other rows, too
    for each, following in zip_longest(served.versions, served.versions[1:]):
        at = each.at or (served.modified if following is None else None)
        found.append(replace(each, number=_next(found, each.number, count), at=at + moved if at and count else each.at))
        first[each.number] = last[each.number] = found[-1].number
        if edited and not (at and at > edited) and (following is None or (following.at and following.at > edited)):
            recent = sum(1 for v in served.versions if v.at and edited - RECENT < v.at <= edited)
            number = _next(found, _stamp(edited), count + recent)
            found.append(replace(found[-1], number=number, at=max(edited, at + moved if at else edited)))
            last[each.number] = number

    def records() -> tuple[ChangeRecord, ...]:
        return tuple(replace(record, version=first[record.version]) for record in served.records)

    return replace(served, versions=tuple(found), records=LazyRecords(records)), last


def _next(before: list[ServedVersion], number: Version, count: int) -> Version:
    """Return the number `count` places after another one.

    If it is not free, return the next free one.
    """
    for _ in range(count):
        number = after(number)
    return max(number, after(before[-1].number)) if before else number


def _stamp(at: datetime) -> Version:
    """Return the version of a time: its day and the hundredth of it."""
    return Version(f"{at:%Y%m%d}{(at.hour * 60 + at.minute) * 100 // 1440:02}")
