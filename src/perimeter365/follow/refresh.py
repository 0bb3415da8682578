"""Refresh the witness of Microsoft's address space from configured places.

    refresh(store, ["/srv/microsoft/MSFT_PublicIPs_20261005.csv", "https://mirror.example/ServiceTags_Public.json"])
        ('witness: MSFT_PublicIPs_20261005.csv of 2026-10-05 is in use: 2 prefixes more (9.9.0.0/16, …), none fewer',)

Nothing is fetched without a place. A file is read at each sync; an address at most once a week, and a day after a failure. A
problem is a note and never stops a sync.

The day of a file is in its name, as Microsoft writes it; an address may have it in `Last-Modified` instead. A file replaces
the one in use if it is newer and has none of these problems (`problem_of`):

    future              its day is more than a day ahead
    went back           service tags with a lower change number
    never-list          private, unroutable or other space that no artifact may open, or a prefix that is too wide
    size                more than 10 % of the addresses of a family more or fewer than the file of its kind in the package,
                        also of those that customers of Azure rent; or four times as many ranges
    beyond Microsoft    service tags outside of the public ranges, more than before

The bounds of size are those of the package, not of the last refresh, so many small steps cannot pass them. In the files of
2025 and 2026, 511 of 48 million IPv4 addresses of the service tags are outside of the public ranges.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from perimeter365.errors import InputError, Perimeter365Error, StoreError, UpstreamDataError
from perimeter365.intake import read_bytes
from perimeter365.model.digest import sha256_hex
from perimeter365.model.never import space_problem, width_problem
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.quantity import quantity
from perimeter365.model.witness import PUBLIC, AddressSource, AddressWitness
from perimeter365.net.fetch import Fetcher, FetchLimits
from perimeter365.net.proxy import redacted_url
from perimeter365.sources.witness import (
    NOTE,
    embedded_witness,
    file_day,
    parse_source,
    stored_sources,
    to_text,
    witness_of,
)
from perimeter365.store.writer import StoreWriter

WEEK, DAY = timedelta(days=7), timedelta(days=1)
"""The time from one read of an address to the next, and after a failure."""

MAX_AHEAD = timedelta(days=1)
MAX_CHANGE = 0.1
"""The part of the addresses of a family by which a file may be larger or smaller than that of the package."""

MAX_RANGES = 4
"""How many times more ranges than that of the package a file may have."""

MAX_OUTSIDE = 1024
"""IPv4 addresses that newer service tags may have outside of the public ranges: twice as many as measured."""

SHOWN = 3
"""The maximum number of prefixes in a note."""

LIMITS = FetchLimits(deadline=30.0)
LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Hosts from which plain http is read: a mirror on this machine."""


def check_place(place: str) -> str:
    """Return a place: the path of a file, or an https address.

    Raises:
        InputError: it is empty, or the address is not valid.
    """
    step = "name files of the Microsoft Download Center, or https addresses of them"
    if not place.strip():
        raise InputError("a place of the witness is empty", help=step)
    if "://" in place:
        try:
            Fetcher(place)
            if urlsplit(place).scheme != "https" and urlsplit(place).hostname not in LOOPBACK:
                raise InputError(f"{redacted_url(place)!r} is not an https address")
        except InputError as error:
            raise InputError(f"witness: {error.message}", help=step) from None
    return place.strip()


def refresh(
    store: StoreWriter,
    places: Sequence[str],
    *,
    now: bool = False,
    interruptible: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> tuple[str, ...]:
    """Read the places that are due, and keep what is newer in the store.

    Returns notes about changes and problems.

    Args:
        store: the store to update.
        places: paths and addresses (`check_place`).
        now: read all of them, whatever the time of the last read.
        interruptible: returns a context in which a signal may stop the process.
    """
    notes = []
    for place in places:
        try:
            notes += _refresh_one(store, place, now, interruptible)
        except (Perimeter365Error, OSError) as error:
            text = error.message if isinstance(error, Perimeter365Error) else str(error.strerror)
            notes.append(f"witness: {text}; the one in use stays")
        except Exception as error:  # noqa: BLE001 (a defect in reading a place must not stop the sync; it is reported)
            notes.append(f"witness: {type(error).__name__}: {ascii(str(error))[:200]}; the one in use stays")
    return tuple(notes)


def problem_of(new: AddressSource, used: AddressWitness, base: AddressWitness, today: date) -> str:
    """Return why a newer file must not become the witness; "" if it may.

    Args:
        new: the file.
        used: the witness in use.
        base: that of the package.
        today: the day in UTC.
    """
    known, first = used.source(new.kind), base.source(new.kind)
    if known is None or first is None:
        return f"the package has no file of the kind {new.kind} to compare it with"
    if new.day > today + MAX_AHEAD:
        return f"its day, {new.day}, is in the future"
    if new.change < known.change:
        return f"its change number went back from {known.change} to {new.change}"
    if problem := space_problem(new.space) or width_problem(new.space):
        return problem
    if _ranges(new) > _ranges(first) * MAX_RANGES:
        return f"it has {_ranges(new)} ranges, {MAX_RANGES} times as many as that of the package, of {first.day}"
    for what, ours, theirs in (("", first.space, new.space), ("rented ", first.rented, new.rented)):
        for verb, difference in (("more", theirs - ours), ("fewer", ours - theirs)):
            for family in (4, 6):
                count, before = difference.size(family), ours.size(family)
                if count > before * MAX_CHANGE:
                    part = f"{count / before:.0%}" if before else f"{count}"
                    return f"it has {part} {verb} {what}IPv{family} addresses than that of the package, of {first.day}"
    if new.kind != PUBLIC and (public := used.source(PUBLIC)):
        outside, allowed = new.space - first.space - public.space, first.space - public.space
        if outside.size(4) > MAX_OUTSIDE or outside.size(6) > allowed.size(6) * MAX_CHANGE:
            return f"{_listed(outside)} is new and outside of Microsoft's public ranges"
    return ""


def _refresh_one(
    store: StoreWriter, place: str, now: bool, interruptible: Callable[[], AbstractContextManager[None]]
) -> list[str]:
    time = datetime.fromisoformat(store.now())
    key = f"witness.due.{sha256_hex(place)[:16]}"
    remote = "://" in place
    if remote:
        due = store.note(key)
        if due and not now and time < datetime.fromisoformat(due) <= time + WEEK:
            return []
        store.set_note(key, (time + DAY).isoformat())  # an attempt counts, whatever ends it
    with interruptible():
        new = _read_address(place) if remote else _read_file(place)
    if remote:
        store.set_note(key, (time + WEEK).isoformat())
    with store.writing():
        try:
            used, kept = witness_of(store), stored_sources(store)
        except StoreError:  # what is damaged is written again
            used, kept = embedded_witness(), ()
        known = used.source(new.kind)
        if known and (new.day, new.change) <= (known.day, known.change):
            return []
        if problem := problem_of(new, used, embedded_witness(), time.astimezone(UTC).date()):
            return [f"witness: {new.name} of {new.day} is not taken: {problem}; the one in use stays"]
        store.set_note(NOTE, to_text([*(each for each in kept if each.kind != new.kind), new]))
    old = known.space if known else PrefixSet()
    more, fewer = new.space - old, old - new.space
    return [f"witness: {new.name} of {new.day} is in use: {_counted(more)} more, {_counted(fewer)} fewer"]


def _read_file(place: str) -> AddressSource:
    """Read a file of this machine. Raises Perimeter365Error."""
    path = Path(place).expanduser()
    if (day := file_day(path.name)) is None:
        raise InputError(f"{place}: the name has no day, such as MSFT_PublicIPs_20260806.csv")
    return _parsed(read_bytes(path, most=LIMITS.largest, place=place), place, path.name, day)


def _read_address(place: str) -> AddressSource:
    """Fetch a file. Raises Perimeter365Error."""
    answer = Fetcher(place, limits=LIMITS).get("")
    name = urlsplit(place).path.rpartition("/")[2]
    if (day := file_day(name) or _modified(answer.modified)) is None:
        raise UpstreamDataError(f"{place}: neither the name nor Last-Modified has the day of the file")
    return _parsed(answer.body, place, name or "file", day)


def _parsed(data: bytes, place: str, name: str, day: date) -> AddressSource:
    try:
        return parse_source(data, name, day)
    except Perimeter365Error as error:
        raise error.inside(place) from None


def _modified(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC).date()
    except (ValueError, OverflowError):
        return None


def _ranges(source: AddressSource) -> int:
    return sum(len(space.bounds(family)) // 2 for space in (source.own, source.datacenters) for family in (4, 6))


def _counted(space: PrefixSet) -> str:
    count = sum(1 for _ in space)
    return f"{quantity(count, 'prefix')} ({_listed(space)})" if count else "none"


def _listed(space: PrefixSet) -> str:
    texts = [str(prefix) for _, prefix in zip(range(SHOWN + 1), space, strict=False)]
    return ", ".join([*texts[:SHOWN], *(["…"] if len(texts) > SHOWN else [])])
