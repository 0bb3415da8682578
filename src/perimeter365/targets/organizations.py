"""Several organizations side by side: a folder for each, below one output folder.

    out/alpha/nftables/…      the artifacts of alpha.toml
    out/bravo/nftables/…      those of bravo.toml

Names come from the files of the profiles. Two files with the same name are rejected, so no organization's files replace
those of another one, and all files of all organizations are written, or none (`write.write_organizations`).

>>> from pathlib import Path
>>> organization_folders([Path("a/alpha.toml"), Path("b/Bravo & Co.toml")])
{'alpha': PosixPath('a/alpha.toml'), 'Bravo-Co': PosixPath('b/Bravo & Co.toml')}
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from perimeter365.errors import InputError
from perimeter365.intake import list_files
from perimeter365.targets import targets

MAX_FILES = 10_000
"""The maximum number of files in a folder of profiles."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+", re.ASCII)
_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.ASCII | re.IGNORECASE)
"""Names that no file has on Windows, such as `nul` and `nul.x`; not `null`."""


def profile_files(places: Sequence[Path]) -> tuple[Path, ...]:
    """Return the profiles that paths name: files, and the `*.toml` files of folders.

    Raises:
        InputError: a folder cannot be read, or has no profile.
    """
    found: list[Path] = []
    for place in places:
        if not place.is_dir():
            found.append(place)
            continue
        files = list_files(place, ".toml", most=MAX_FILES)
        if not files:
            raise InputError(f"{place} has no profile", help="profiles end in .toml: perimeter365 init FILE writes one")
        found += files
    return tuple(found)


def organization_folders(files: Iterable[Path]) -> dict[str, Path]:
    """Return the profiles by the name of their output folder.

    It is the name of the file without `.toml`.


    Raises:
        InputError: a name has no usable character, is that of a target, or two files have the same one.
    """
    found: dict[str, Path] = {}
    used: dict[str, Path] = {}
    for path in files:
        name = _UNSAFE.sub("-", path.stem).strip(".-_")[:60].rstrip(".-")
        help = "rename the file: its name is the name of the organization's output folder"
        if not name or _WINDOWS.fullmatch(name):
            raise InputError(f"{path}: {path.stem!r} cannot be the name of a folder", help=help)
        if name.lower() in targets:
            raise InputError(
                f"{path}: {name!r} is the name of a target, whose folder a render of one profile has", help=help
            )
        if other := used.get(name.lower()):
            raise InputError(f"{other} and {path} have the same output folder {name!r}", help=help)
        found[name] = used[name.lower()] = path
    return found
