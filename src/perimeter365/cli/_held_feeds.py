"""Lists of the service that have lost all entries: list and admit them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import open_store
from perimeter365.errors import HeldError, InputError

if TYPE_CHECKING:
    from perimeter365.web.edition import Edition


def list_feeds(settings: Settings, paths: Sequence[str], profiles: Path | None, *, as_json: bool) -> int:
    """Print the emptied and closed lists; return the exit code."""
    from perimeter365.web.held_feeds import held_feeds

    found = held_feeds(_edition(settings, profiles), paths)
    if as_json:
        print_json([each.to_dict() for each in found])
    for each in found if not as_json else ():
        print(f"{each.state}  {each.path}  last entries: {each.gone.past.artifact.entries} in {each.gone.past.moment.lists}")
    if not found:
        settings.log("no list has lost all entries")
    return HeldError.exit_code if any(each.state == "emptied" for each in found) else 0


def admit_one(settings: Settings, path: str, profiles: Path | None, *, as_json: bool) -> int:
    """Admit that a list is empty; return the exit code."""
    from perimeter365.web.held_feeds import admit_feed

    edition = _edition(settings, profiles)
    with open_store(settings, create=False) as store:
        held = admit_feed(edition, store, path, datetime.now(UTC))
    if as_json:
        print_json(held.to_dict())
    settings.log(f"{held.path} is served as empty from now on")
    return 0


def _edition(settings: Settings, profiles: Path | None) -> "Edition":
    """Return what the service would serve now."""
    from perimeter365.web.edition import OutdatedError, load_edition

    if profiles and not profiles.is_dir():
        raise InputError(f"{profiles} is not a folder", help="name the folder of `serve --profiles`")
    with open_store(settings, create=False):  # without a store there is no past
        try:
            return load_edition(settings.workspace, folder=str(profiles or ""))
        except OutdatedError:
            raise InputError("the store changes all the time", help="try again") from None
