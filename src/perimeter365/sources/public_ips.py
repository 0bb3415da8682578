"""Microsoft's public address space: MSFT_PublicIPs.csv of the Download Center (53602).

    "52.96.0.0/14" in read(Path("MSFT_PublicIPs_20260806.csv"))
        True

Two columns, Prefix and Type, with a space before the second one and blank lines between. Where a prefix that rows or
endpoint sets list is in no range here, it is not Microsoft's own: rented, a partner's, or a mistake.
"""

import csv
from pathlib import Path

from perimeter365.errors import InputError, Perimeter365Error, UpstreamDataError
from perimeter365.model.prefix import Prefix, PrefixSet

LARGEST = 8 * 1024 * 1024
"""Bytes of a file; real ones have 40,000."""


def read(path: Path) -> PrefixSet:
    """Read a file of the Download Center. Raises InputError with its name, line and reason."""
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"more than {LARGEST} bytes, so it is no list of public addresses")
        return parse(path.read_text("utf-8-sig"))
    except Perimeter365Error as error:
        raise InputError(f"{path}: {error.message}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 at byte {error.start}") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def parse(text: str) -> PrefixSet:
    """The addresses of the file's text. Raises UpstreamDataError with the line."""
    found: list[Prefix] = []
    head = False
    for number, row in enumerate(csv.reader(text.splitlines()), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if not head:
            if [cell.lower() for cell in cells] != ["prefix", "type"]:
                raise UpstreamDataError(f"line {number}: the columns are not Prefix and Type")
            head = True
            continue
        try:
            found.append(Prefix.parse(cells[0]))
        except InputError as error:
            raise UpstreamDataError(f"line {number}: {error.message}") from error
    if not found:
        raise UpstreamDataError("there is no prefix in it")
    return PrefixSet.of(found)
