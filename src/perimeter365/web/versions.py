"""The versions under which lists are served.

A version stands for one content, and it grows: clients fetch the list when `latest` is another one, or a higher one, than
they have. Microsoft's version is served as it is, as long as both hold. Otherwise the next free number is served:

    what comes into force                          Microsoft's      served
    a list                                         2026100100       2026100100
    a newer list                                   2026110100       2026110100
    an entry of it that was held is admitted       2026110100       2026110101
    a rollback                                     2026100100       2026110102
    a newer list                                   2026120100       2026120100

The numbers follow from what the store says about the past alone, so all replicas and a restarted service give the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from perimeter365.model.version import Version
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
    """When it came into force; None if it was recorded and never in force, or if that time is not known."""


def served_versions(stored: Iterable[StoredVersion], forced: Iterable[ForcedVersion]) -> tuple[ServedVersion, ...]:
    """Return the versions of one cloud, oldest first; the last one is in force.

    Args:
        stored: the stored versions of the cloud, oldest first. Those before the first one in force were recorded elsewhere.
        forced: what was in force of the cloud, oldest first; at least one.
    """
    return tuple(_served(stored, tuple(forced)))


def _served(stored: Iterable[StoredVersion], forced: tuple[ForcedVersion, ...]) -> Iterator[ServedVersion]:
    first = forced[0]
    before = {each.version: each for each in stored if each.version < first.version}
    for version in sorted(before):
        yield ServedVersion(number=version, upstream=version, hash=before[version].hash, at=None)
    last: ServedVersion | None = None
    for each in forced:
        if last and last.hash == each.hash and each.version <= last.number:
            continue  # another name of what is served already
        number = each.version if last is None or each.version > last.number else after(last.number)
        last = ServedVersion(
            number=number, upstream=each.version, hash=each.hash, at=datetime.fromisoformat(each.at) if each.at else None
        )
        yield last


def after(version: Version) -> Version:
    """Return the next number: of the same day, or of the day after a hundredth one."""
    return Version(f"{int(version) + 1:010}")
