"""The output of `--version`: version, lists in force, extras."""

from collections.abc import Iterator
from datetime import UTC, datetime

from perimeter365 import __version__
from perimeter365.cli._settings import Settings
from perimeter365.errors import Perimeter365Error, install_command
from perimeter365.model.cloud import Cloud
from perimeter365.model.quantity import quantity
from perimeter365.model.version import Version


def version_text(settings: Settings) -> str:
    """Return the output of `--version`.

    It never fails: a store that cannot be read is reported in the place of its lists.
    """
    from perimeter365.follow.doctor import missing_libraries

    lines = [f"perimeter365 {__version__}", "lists in force:", *(f"  {line}" for line in _lists(settings))]
    missing = missing_libraries()
    if not missing:
        lines.append("extras: not known, since perimeter365 is not installed as a distribution")
    else:
        lines.append(f"extras installed: {', '.join(e for e in missing if not missing[e]) or 'none'}")
    if wanted := [extra for extra in missing if missing[extra]]:
        lines.append(f"extras missing: {', '.join(wanted)}; {install_command(','.join(wanted))}")
    return "\n".join(lines)


def _lists(settings: Settings) -> Iterator[str]:
    """Yield one line per cloud: version, origin, date and age of the list in force."""
    from perimeter365.model.lookup import Index
    from perimeter365.store.heads import heads
    from perimeter365.workspace import EMBEDDED

    try:
        place, folder = settings.workspace.lists_place, settings.workspace.catalog_place
        found: dict[str, tuple[str, str]]
        if place is None and folder not in ("", EMBEDDED):
            found = {str(c): (v.version, v.origin) for c, v in settings.workspace.catalog().versions.items()}
        else:
            found = {cloud: (version, EMBEDDED) for cloud, version in Index.embedded().versions.items()}
            for head in heads(place) if place else ():
                found[str(head.cloud)] = (head.version, "pinned" if head.pinned else head.origin)
    except (Perimeter365Error, OSError) as error:
        yield f"not readable: {error}"
        return
    for cloud, (version, origin) in found.items():
        yield f"{cloud:<12} {version}  {origin:<8}{_dated(cloud, version)}".rstrip()


def _dated(cloud: str, version: str) -> str:
    """Return the date of a version and the age of its list; "" if it has no date."""
    day = Version(version).day
    if closed := Cloud.named(cloud).closed:
        return f"  {day or 'no date'}, closed on {closed}"
    return f"  {day}, {quantity((datetime.now(UTC).date() - day).days, 'day')} old" if day else ""
