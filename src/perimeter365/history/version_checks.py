"""Checks of upstream's version: its form, its day and its order.

the version                                    is
not YYYYMMDDNN, or more than a week ahead      refused
older than the last good one                   refused, since a cache may have an old response; after a day, held
changed, with the same list and no record      read again at each sync; after a day, held
in the future, or with other content           held
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from perimeter365.errors import UpstreamError
from perimeter365.history.gates import step_reason
from perimeter365.history.look import Basis, Look
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Reason
from perimeter365.model.quantity import quantity
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import Version
from perimeter365.store.writer import StoreWriter

MAX_AHEAD = timedelta(days=7)
"""How far a version's day may be in the future. A version that is further ahead is refused."""

USUAL_AHEAD = timedelta(days=1)
"""How far a version's day may be in the future without being held. Time zones differ by a day.

After a version in the future has come into force, all regular ones would look old until that day.
"""

LASTING_AFTER = timedelta(days=1)
"""The time after which a version that changed without a change of content is held."""

MAX_BEHIND = timedelta(days=365)
"""How much older upstream's version may be than the day of the embedded list.

That day is the day of recording, and the list may not have changed for months before. A much older version is a replay of an
old list.
"""


def version_reasons(basis: Basis, new: State, now: datetime) -> Iterator[Reason]:
    """Yield the reasons to hold a list for its version."""
    if (day := new.version.day) and day > (now + USUAL_AHEAD).date():
        what = f"{new.version} is {quantity((day - now.date()).days, 'day')} in the future ({now:%Y-%m-%d} here)"
        yield step_reason("version", f"{what}; once it is in force, the lists until then count as older ones")
    if basis.live and new.version == basis.old.version:
        yield step_reason("rewritten", f"{new.version} has different content than before")
    if basis.live and new.version < basis.old.version:
        what = f"upstream has had this version, which is older than {basis.old.version}, for a day"
        yield step_reason("version", f"{what}; {basis.old.version} may have been published by mistake")


def changed_alone(look: Look, basis: Basis) -> bool:
    """Return True if the version changed, the content did not, and no record says why."""
    named = any(record.version == look.new.version for record in look.records)
    return basis.live and look.new.version != basis.old.version and look.new.hash == basis.published and not named


def alone_reasons(store: StoreWriter, look: Look, basis: Basis, now: datetime) -> Iterator[Reason]:
    """Yield the reason to hold a version that has changed alone for a day."""
    key = alone_key(look.new.cloud)
    if not changed_alone(look, basis):
        store.set_note(key, "")
        return
    version, _, since = store.note(key).partition(" ")
    if version != look.new.version:
        store.set_note(key, f"{look.new.version} {now.isoformat()}")
    elif now - datetime.fromisoformat(since) >= LASTING_AFTER:
        what = f"the version changed from {basis.old.version} without a change of content or a change record"
        yield step_reason("version", f"{what}, for a day")


def checked_version(cloud: Cloud, text: str, old: State | None, now: datetime) -> Version:
    """Return upstream's version.

    Raises:
        UpstreamError: the version is not valid, in the future, or much older than the embedded list.
    """
    if not Version.fits(text) or not (day := Version(text).day):
        raise UpstreamError(f"{cloud}: upstream's version {text[:40]!r} is not YYYYMMDDNN")
    version = Version(text)
    if (before := cloud.at(version)) is not cloud:
        raise UpstreamError(f"{cloud}: upstream's version {version} is that of {before}, which had the same instance before")
    if day > (now + MAX_AHEAD).date():
        clock = f"check the clock of this machine ({now:%Y-%m-%d})"
        raise UpstreamError(f"{cloud}: upstream's version {version} is in the future; {clock}")
    if old and old.origin != LIVE and day < old.day - MAX_BEHIND:
        raise UpstreamError(f"{cloud}: upstream's version {version} is much older than the embedded list, {old.version}")
    return version


def check_order(basis: Basis, version: Version) -> None:
    """Check that a version is not older than the last good one. Raises UpstreamError."""
    if basis.live and version < basis.old.version:
        what = f"{basis.old.cloud}: upstream went back from version {basis.old.version} to {version}"
        step = "a cache with an old response expires within hours; after a day, `perimeter365 held` lists the older version"
        raise UpstreamError(what, help=step)


def is_lasting(store: StoreWriter, basis: Basis, version: Version, now: datetime) -> bool:
    """Return True if upstream has had the same older version for a day.

    Raises:
        UpstreamError: it has an older version since a shorter time.
    """
    key = _back_key(basis.old.cloud)
    noted = store.note(key)
    if not basis.live or version >= basis.old.version:
        if noted:
            store.set_note(key, "")
        return False
    known, _, since = noted.partition(" ")
    if known == version and now - datetime.fromisoformat(since) >= LASTING_AFTER:
        return True
    if known != version:
        store.set_note(key, f"{version} {now.isoformat()}")
    check_order(basis, version)
    return False


def check_mixed(basis: Basis, new: State, records: Iterable[ChangeRecord]) -> None:
    """Check that a new version does not have the old list.

    Raises:
        UpstreamError: the list is the old one, although the change records name other content.
    """
    if new.hash != basis.published:
        return
    sets = new.by_id
    for record in records:
        if record.version != new.version or record.endpoint_set not in sets:
            continue
        has = {*sets[record.endpoint_set].listed, *(h.text for h in sets[record.endpoint_set].hosts)}
        added, removed = {*record.added_prefixes, *record.added_hosts}, {*record.removed_prefixes, *record.removed_hosts}
        if added - has or removed & has:
            raise UpstreamError(
                f"{new.cloud}: version {new.version} has the same list as {basis.old.version}, but its change records "
                "differ: upstream is between two versions"
            )


def _back_key(cloud: Cloud) -> str:
    return f"version.back.{cloud.value}"


def alone_key(cloud: Cloud) -> str:
    """Return the key of the note with a version that has changed alone."""
    return f"version.alone.{cloud.value}"
