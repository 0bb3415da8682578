"""Microsoft's public address space, MSFT_PublicIPs.csv of the Download Center.

    "52.96.0.0/14" in read_public_ips(Path("MSFT_PublicIPs_20260806.csv"))
        True

The file (download 53602) has two columns, Prefix and Type, and blank lines between rows. A prefix of a row or endpoint set
that is not in this file is not Microsoft's own: it is rented, a partner's, or an error.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from perimeter365.errors import InputError, UpstreamDataError
from perimeter365.intake import read_text, shown_path
from perimeter365.model.prefix import Prefix, PrefixSet

LARGEST = 8 * 1024 * 1024
"""The maximum size of a file in bytes. Published ones have 40,000."""


def read_public_ips(path: Path) -> PrefixSet:
    """Read a file of the Download Center.

    Raises:
        InputError: the file cannot be read or is not valid; the message has its name, the line and the reason.
    """
    text = read_text(path, most=LARGEST)
    try:
        return parse_public_ips(text)
    except UpstreamDataError as error:
        raise InputError(f"{shown_path(path)}: {error.message}") from error


def _rows(text: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(text.splitlines())
    except csv.Error as error:  # a field of more than 128 KB
        raise UpstreamDataError(f"the file is not CSV: {error}") from error


def parse_public_ips(text: str) -> PrefixSet:
    """Parse the text of a file. Raises UpstreamDataError with the line."""
    found: list[Prefix] = []
    head = False
    for number, row in enumerate(_rows(text), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if not head:
            if [cell.lower() for cell in cells] != ["prefix", "type"]:
                raise UpstreamDataError(f"line {number}: expected the columns Prefix and Type")
            head = True
            continue
        try:
            found.append(Prefix.parse(cells[0]))
        except InputError as error:
            raise UpstreamDataError(f"line {number}: {error.message}") from error
    if not found:
        raise UpstreamDataError("the file has no prefix")
    return PrefixSet.of(found)
