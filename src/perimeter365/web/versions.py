"""The versions under which lists are served.

A version stands for one content, and it grows: clients fetch the list when `latest` is another one, or a higher one, than
they have. Microsoft's version is served as it is, as long as both hold. Otherwise the next free number is served:

    what comes into force                          Microsoft's      served
    a list                                         2026100100       2026100100
    a newer list                                   2026110100       2026110100
    an entry of it that was held is admitted       2026110100       2026110101
    a rollback                                     2026100100       2026110102
    a newer list                                   2026120100       2026120100

The embedded list is served before a list of the store is in force, so it is part of the past: with its own version, which
may be the day of its recording. A release that contains a list that is newer than the first one of the store did not serve
it before.

The numbers follow from what the store says about the past and from the embedded list, so all replicas of a release and a
restarted service give the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from perimeter365.model.version import BEGINNING, Version
from perimeter365.store.entries import ForcedVersion, StoredVersion


@dataclass(frozen=True, kw_only=True, slots=True)
class ServedVersion:
    """A list of a cloud, and the version under which it is served."""

    number: Version
    """The version that clients see."""
    upstream: Version
    """Microsoft's version of the list."""
    hash: str
    """Hash of the content."""
    at: datetime | None
    """When it came into force; None if it was recorded and never in force, or if that time is not known. Later than that of
    the version before by a second or more, since some clients compare the time alone."""

    @property
    def since(self) -> datetime:
        """When it came into force, else the day of its version."""
        return self.at or datetime.combine(self.upstream.day or date(2018, 6, 1), time(), UTC)


def served_versions(
    stored: Iterable[StoredVersion],
    forced: Iterable[ForcedVersion],
    embedded: ServedVersion | None = None,
    *,
    fallen_back: bool = False,
) -> tuple[ServedVersion, ...]:
    """Return the versions of one cloud, oldest first; the last one is in force.

    Args:
        stored: the stored versions of the cloud, oldest first. Those before the first one in force were recorded elsewhere.
        forced: what was in force of the cloud, oldest first. `0000000000` is the embedded list.
        embedded: the embedded list; None if there is none.
        fallen_back: whether the embedded list is in force again, or still.
    """
    chain = [_Forced(each.version, each.hash, datetime.fromisoformat(each.at) if each.at else None) for each in forced]
    if embedded:
        chain = [_Forced(embedded.upstream, embedded.hash, each.at) if each.version == BEGINNING else each for each in chain]
        if fallen_back and (not chain or chain[-1].hash != embedded.hash):
            chain.append(_Forced(embedded.upstream, embedded.hash, None))
    return tuple(_served({each.version: each.hash for each in stored}, chain, embedded))


@dataclass(frozen=True, slots=True)
class _Forced:
    version: Version
    hash: str
    at: datetime | None


def _served(stored: dict[Version, str], chain: list[_Forced], embedded: ServedVersion | None) -> Iterator[ServedVersion]:
    first = chain[0]
    past = {version: content for version, content in stored.items() if version < first.version}
    last: ServedVersion | None = None
    floor = BEGINNING
    if embedded and (first.at is None or embedded.since <= first.at):
        floor = embedded.number
        if embedded.number < first.version:
            past[embedded.number] = embedded.hash
        elif embedded.hash != first.hash:
            last = embedded
    for version in sorted(past):
        yield ServedVersion(number=version, upstream=version, hash=past[version], at=None)
    if last:
        yield last
    for each in chain:
        if last and last.hash == each.hash and each.version <= last.number:
            continue  # another name of what is served already
        # Microsoft's number of the embedded list may be lower than the day of its recording.
        least = max(floor, last.number) if last else BEGINNING
        number = each.version if each.version > least else after(least)
        at = max(each.at or last.since, last.since + timedelta(seconds=1)) if last else each.at
        last = ServedVersion(number=number, upstream=each.version, hash=each.hash, at=at)
        yield last


def after(version: Version) -> Version:
    """Return the next number: of the same day, or of the day after a hundredth one.

    >>> after(Version("2026110100")), after(Version("2026123199"))
    ('2026110101', '2027010100')
    """
    if version.endswith("99") and (day := version.day) and day < date.max:
        return Version(f"{day + timedelta(days=1):%Y%m%d}00")
    return Version(f"{int(version) + 1:010}")
