"""Stores with lists in force, for tests of the service."""

from datetime import UTC, date, datetime
from pathlib import Path

from perimeter365.model.cloud import Cloud
from perimeter365.model.state import LIVE, State
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store


def commit(path: Path | str, day: date, *, without: int = 0, cloud: Cloud = Cloud.WORLDWIDE) -> str:
    """Put the embedded list into force, as synced on a day, without its last sets. Return its version."""
    sets = tuple(each for each in embedded().sets[cloud] if each.id < 9_000)
    version = f"{day:%Y%m%d}00"
    state = State(cloud=cloud, version=Version(version), origin=LIVE, sets=sets[: len(sets) - without], recorded=day)
    with Store(str(path), clock=lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)) as store:
        store.commit(state)
    look(path, day, cloud=cloud)
    return version


def look(path: Path | str, day: date, *, cloud: Cloud = Cloud.WORLDWIDE) -> None:
    """Record a successful look at a cloud, as each round of a sync does."""
    with Store(str(path)) as store:
        store.set_note(f"sync.seen.{cloud}", datetime(day.year, day.month, day.day, 12, tzinfo=UTC).isoformat())
