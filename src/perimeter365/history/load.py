"""Read folders of recorded lists, for `import history DIR`.

    file name                               content
    NNN-YYYY-MM-DD.json, YYYY-MM-DD.json    the list recorded on that day; its version is YYYYMMDD00
    YYYYMMDDNN.json                         the list of that version

The cloud of a file is the name of its folder, or of a folder above it: an instance of the web service (USGovDoD …) or a
cloud (dod …). A file without such a folder belongs to the cloud that the caller names. Without one, a file directly in the
folder belongs to Worldwide, and one in a subfolder is an error.

Each file is the body of a response of `/endpoints/{instance}` and is read just as strictly. A folder is imported as a whole:
if any file is not valid or is of a day in the future, all problems are reported together and nothing is stored. Files with
other names are skipped and returned.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from perimeter365.errors import InputError, Perimeter365Error
from perimeter365.intake import read_bytes, shown_path, walk
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.quantity import quantity
from perimeter365.model.state import RECORDED, State
from perimeter365.model.version import BEGINNING, Version
from perimeter365.wire.read import parse_endpoints

LARGEST = 8 * 1024 * 1024
"""The maximum size of a file in bytes. Upstream's lists have about 100,000."""

MAX_FILES = 20_000
"""The maximum number of files below a folder. All versions of all clouds are some hundreds in ten years."""

SHOWN = 20
"""The maximum number of problems in a message."""

# Matches "027-2023-05-21" and "2023-05-21", not "2023-5-21".
_DAY = re.compile(r"(?:[0-9]+-)?([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_CLOUDS = {name: cloud for cloud in CLOUDS for name in (cloud.value, cloud.folder.lower())}


def latest_day(now: datetime | None = None) -> date:
    """Return the last day on which a list can have been recorded.

    It is tomorrow in UTC, as for a sync.

    Args:
        now: the current time, with a time zone; None for the system clock.
    """
    return (now or datetime.now(UTC)).astimezone(UTC).date() + timedelta(days=1)


def read_recorded_lists(
    folder: Path, cloud: Cloud | None = None, *, latest: date | None = None
) -> tuple[tuple[State, ...], tuple[Path, ...]]:
    """Read all recorded lists of a folder and its subfolders.

    Args:
        folder: a folder with files named as in the module's table.
        cloud: the cloud of files whose folders do not name one; None for Worldwide, but only for files that are directly in
            `folder`: another folder may have the name of a cloud that this release does not know.
        latest: the last day that is accepted, such as `latest_day()`; None for any. A list of a day in the future would
            count as the newest one until that day.

    Returns:
        The states, and the files whose names have neither a day nor a version; both sorted by path.

    Raises:
        InputError: the folder does not exist or has no list, or files are not valid; the message names each problem.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder", help="name a folder of recorded lists")
    states, skipped, problems, nameless = [], [], [], []
    for name in sorted(walk(folder, most=MAX_FILES)):
        path = folder / name
        if path.suffix != ".json" or not (_DAY.fullmatch(path.stem) or Version.fits(path.stem)):
            skipped += [path] if path.suffix == ".json" else []
            continue
        own = cloud_of(path, folder) or cloud
        if own is None and "/" in name:
            nameless.append(f"{shown_path(path)}: its folder {path.parent.name!r} is not the name of a cloud")
            continue
        try:
            states.append(read_recorded_list(path, own or Cloud.WORLDWIDE))
            if latest is not None:
                _check_day(path, states[-1], latest)
        except Perimeter365Error as error:
            problems.append(error.message)
    if problems:
        raise InputError(_joined(problems), help="nothing was imported; remove or repair these files")
    if nameless:
        names = ", ".join(c.value for c in CLOUDS)
        help = f"nothing was imported; use --cloud, or name the folder after one of {names}"
        raise InputError(_joined(nameless), help=help)
    if not states:
        raise InputError(f"{folder} has no recorded list", help="name files YYYYMMDDNN.json or NNN-YYYY-MM-DD.json")
    return tuple(states), tuple(skipped)


def _check_day(path: Path, state: State, latest: date) -> None:
    for day in (state.recorded, state.version.day):
        if day and day > latest:
            raise InputError(f"{path}: {day} is in the future; correct the name of the file, or the clock of this machine")
    if not (state.recorded or state.version.day):
        raise InputError(f"{path}: {state.version} does not begin with a day")


def read_recorded_list(path: Path, cloud: Cloud) -> State:
    """Read one recorded list.

    Its version is 0000000000 if the file name has neither a day nor a version.

    Raises:
        InputError: the file cannot be read or is not valid; the message has its name.
    """
    day = _DAY.fullmatch(path.stem)
    try:
        data = read_bytes(path, most=LARGEST, place="", links=False)
        version = Version(path.stem if Version.fits(path.stem) else "".join(day.groups()) + "00" if day else UNKNOWN)
        cloud = cloud.at(version)  # a folder Germany may have lists of two clouds
        sets = parse_endpoints(data, cloud)
        return State(
            cloud=cloud,
            version=version,
            origin=RECORDED,
            recorded=date(*map(int, day.groups())) if day else None,
            sets=sets,
        )
    except Perimeter365Error as error:
        raise InputError(f"{shown_path(path)}: {error.message}") from error
    except ValueError as error:
        raise InputError(f"{shown_path(path)}: {error}") from error


UNKNOWN = BEGINNING
"""The version of a file whose name has none."""


def cloud_of(path: Path, top: Path | None = None) -> Cloud | None:
    """Return the cloud that the nearest folder of a file names, up to `top`.

    The result is None if no folder names one.
    """
    for folder in path.absolute().parents:
        if found := _CLOUDS.get(folder.name.lower()):
            return found
        if top and folder == top.absolute():
            break
    return None


def _joined(problems: Iterable[str]) -> str:
    problems = tuple(problems)
    rest = len(problems) - SHOWN
    return "\n".join([*problems[:SHOWN], *([f"… and {quantity(rest, 'more file')}"] if rest > 0 else [])])
