"""Lists from files, for networks without a way out: a folder, a checkout of a repository, or a web server's folder.

    FOLDER/SHA256SUMS                   `<64 hex digits>  <path>` a line, as sha256sum writes it
    FOLDER/<Instance>/<version>.json    the answer of /endpoints/<Instance> under that version

    >>> read(Path("mirror"), Cloud.WORLDWIDE).version          # the newest that the sums name
    '2026080200'
    >>> read(Path("mirror-with-a-damaged-file"), Cloud.WORLDWIDE)
    Traceback (most recent call last):
    perimeter365.errors.UpstreamDataError: mirror/Worldwide/2026080200.json is not what SHA256SUMS says

Only what SHA256SUMS names is read, and only as it names it: whoever carries files from one network to the other can
compare that one file. A checkout of git is a folder; pulling it is its owner's work.
"""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from perimeter365.errors import UpstreamDataError
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import RECORDED, State
from perimeter365.sources._upstream import LARGEST, parse_endpoints, version_text

SUMS = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64}) [ *](?:\./)?([A-Za-z0-9]+)/([0-9]{10})\.json", re.ASCII)

Reader = Callable[[str], bytes]
"""Path below the source -> bytes."""


def read(where: str | Path, cloud: Cloud, version: str | None = None) -> State:
    """A cloud's list from a folder or an https address.

    Args:
        where: a folder, or the address of one on a web server.
        cloud: which list.
        version: ten digits; None for the newest that SHA256SUMS names.

    Raises:
        UpstreamError: something is missing, damaged, or not what its sum says.
    """
    get = _reader(where)
    sums = {v: s for v, s in versions(where, cloud, get).items() if version in (None, v)}
    if not sums:
        raise UpstreamDataError(f"{where}: {SUMS} names no list of {cloud}" + (f" {version}" if version else ""))
    newest = max(sums)
    path = f"{cloud.instance}/{newest}.json"
    data = get(path)
    if hashlib.sha256(data).hexdigest() != sums[newest]:
        raise UpstreamDataError(f"{where}/{path} is not what {SUMS} says", help="carry the folder over again")
    return State(cloud=cloud, version=newest, origin=RECORDED, sets=parse_endpoints(data, cloud))


def versions(where: str | Path, cloud: Cloud, get: Reader | None = None) -> dict[str, str]:
    """The versions of a cloud that SHA256SUMS names, with their sums. Raises UpstreamError."""
    text = (get or _reader(where))(SUMS).decode("ascii", "replace")
    found: dict[str, str] = {}
    for match in (_LINE.fullmatch(line.rstrip()) for line in text.splitlines()):
        if match and match[2].lower() == cloud.instance.lower():
            name = version_text(match[3], f"{where}/{SUMS}")
            if found.setdefault(name, match[1]) != match[1]:
                raise UpstreamDataError(f"{where}/{SUMS} has two sums for {cloud} {name}")
    return found


def _reader(where: str | Path) -> Reader:
    if "://" in str(where):
        from perimeter365.sources._fetch import Fetcher

        fetcher = Fetcher(str(where))
        return lambda path: fetcher.get(f"/{path}").body
    folder = Path(where).resolve()

    def read_file(path: str) -> bytes:
        try:
            full = (folder / path).resolve()
            if not full.is_relative_to(folder):
                raise UpstreamDataError(f"{where}/{path} leads out of the folder")
            with full.open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            raise UpstreamDataError(f"{where}/{path} cannot be read: {error.strerror}") from error
        if len(data) > LARGEST:
            raise UpstreamDataError(f"{where}/{path} has more than {LARGEST} bytes")
        return data

    return read_file
