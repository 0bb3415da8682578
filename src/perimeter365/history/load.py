"""Reads folders of recorded lists, for `import history DIR`.

    name of a file                          is
    NNN-YYYY-MM-DD.json, YYYY-MM-DD.json    the list as it was recorded on that day; its version is YYYYMMDD00
    YYYYMMDDNN.json                         the list of that version

    cloud: what the file's folder, or one above it, is called, as the web service calls its instances (USGovDoD …)
    or as we do (dod …); else the one that was asked for.

Each file is the body of an answer of `/endpoints/{instance}` and is read as strictly as one. A folder is taken as a
whole: all that is wrong in it is said at once, and then nothing of it is stored. Other files are counted and left.
"""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from perimeter365.errors import InputError, Perimeter365Error
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import RECORDED, State
from perimeter365.model.version import BEGINNING, Version
from perimeter365.wire.read import parse_endpoints

LARGEST = 8 * 1024 * 1024
"""Bytes of a file; upstream's lists have about 100,000."""

SHOWN = 20
"""Mistakes that a message names."""

_DAY = re.compile(r"(?:[0-9]+-)?([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_CLOUDS = {name: cloud for cloud in Cloud for name in (cloud.value, cloud.instance.lower())}


def read(folder: Path, cloud: Cloud = Cloud.WORLDWIDE) -> tuple[tuple[State, ...], tuple[Path, ...]]:
    """Read every recorded list of a folder and the folders in it.

    Args:
        folder: with files named as in the module's table.
        cloud: of files whose folders name none.

    Returns:
        The states, and the files whose names say neither a day nor a version; both sorted by path.

    Raises InputError if there is no such folder, no list in it, or a file is not a list; with every file's mistake.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder", help="a history is a folder of recorded lists")
    states, skipped, mistakes = [], [], []
    for path in sorted(folder.rglob("*.json")):
        if not (_DAY.fullmatch(path.stem) or Version.fits(path.stem)):
            skipped.append(path)
            continue
        try:
            states.append(read_file(path, cloud_of(path, folder) or cloud))
        except Perimeter365Error as error:
            mistakes.append(error.message)
    if mistakes:
        raise InputError(_all(mistakes), help="nothing was imported; take out or repair these files")
    if not states:
        raise InputError(f"{folder} holds no recorded list", help="files are named YYYYMMDDNN.json or NNN-YYYY-MM-DD.json")
    return tuple(states), tuple(skipped)


def read_file(path: Path, cloud: Cloud) -> State:
    """The state of one file; one whose name says neither day nor version has version 0000000000.

    Raises InputError with the file's name.
    """
    day = _DAY.fullmatch(path.stem)
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"larger than {LARGEST} bytes, so it is no list")
        sets = parse_endpoints(path.read_bytes(), cloud)
        return State(
            cloud=cloud,
            version=Version(path.stem if Version.fits(path.stem) else "".join(day.groups()) + "00" if day else UNKNOWN),
            origin=RECORDED,
            recorded=date(*map(int, day.groups())) if day else None,
            sets=sets,
        )
    except Perimeter365Error as error:
        raise InputError(f"{path}: {error.message}") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"{path}: {error}") from error


UNKNOWN = BEGINNING
"""The version of a file that does not say one."""


def cloud_of(path: Path, top: Path | None = None) -> Cloud | None:
    """The cloud that a file's folders name, the nearest first, up to `top`; None when none does."""
    for folder in path.absolute().parents:
        if found := _CLOUDS.get(folder.name.lower()):
            return found
        if top and folder == top.absolute():
            break
    return None


def _all(mistakes: Iterable[str]) -> str:
    mistakes = tuple(mistakes)
    rest = len(mistakes) - SHOWN
    return "\n".join([*mistakes[:SHOWN], *([f"… and {rest} more files"] if rest > 0 else [])])
