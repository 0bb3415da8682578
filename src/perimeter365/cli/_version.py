"""The output of `--version`: version, lists in force, extras."""

from collections.abc import Iterator
from datetime import UTC, datetime

from perimeter365 import __version__
from perimeter365.cli._settings import Settings
from perimeter365.errors import Perimeter365Error, install_command
from perimeter365.model.freshness import ages
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
        seen = {}
        if place is None and folder not in ("", EMBEDDED):
            found = {str(c): (v.version, v.origin) for c, v in settings.workspace.catalog().versions.items()}
        else:
            found = {cloud: (version, EMBEDDED) for cloud, version in Index.embedded().versions.items()}
            for head in heads(place) if place else ():
                found[str(head.cloud)] = (head.version, "pinned" if head.pinned else head.origin)
                seen[str(head.cloud)] = head.seen
    except (Perimeter365Error, OSError) as error:
        yield f"not readable: {error}"
        return
    for age in ages({cloud: version for cloud, (version, _) in found.items()}, seen, datetime.now(UTC).date()):
        dated = ", ".join(filter(None, (str(Version(age.version).day or "no date"), age.words)))
        yield f"{age.cloud!s:<12} {age.version}  {found[str(age.cloud)][1]:<8}  {dated}"
