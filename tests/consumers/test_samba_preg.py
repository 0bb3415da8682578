"""Samba reads Registry.pol files as specified, and detects truncated files."""

import struct

import pytest

from tests.consumers.refusal import Refused
from tests.consumers.samba_preg import Entry, unpack

KEY = r"Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings"


def instruction(key: str, name: str, kind: int, data: bytes) -> bytes:
    """Encode an instruction ([MS-GPREG] 2.2.1): [key;name;type;size;data] in UTF-16."""
    parts = [
        (key + "\0").encode("utf-16-le"),
        (name + "\0").encode("utf-16-le"),
        struct.pack("<I", kind),
        struct.pack("<I", len(data)),
        data,
    ]
    return "[".encode("utf-16-le") + ";".encode("utf-16-le").join(parts) + "]".encode("utf-16-le")


FILE = b"".join(
    [
        b"PReg" + struct.pack("<I", 1),
        instruction(KEY + r"\ZoneMapKey", "https://*.sharepoint.com", 1, "2\0".encode("utf-16-le")),
        instruction(KEY, "ListBox_Support_ZoneMapKey", 4, struct.pack("<I", 1)),
    ]
)


def test_the_entries_are_returned_in_order() -> None:
    assert unpack(FILE) == [
        Entry(KEY + r"\ZoneMapKey", "https://*.sharepoint.com", 1, "2"),
        Entry(KEY, "ListBox_Support_ZoneMapKey", 4, 1),
    ]


@pytest.mark.parametrize("cut", [2, 7, 40])
def test_a_truncated_file_is_rejected(cut: int) -> None:
    with pytest.raises(Refused):
        unpack(FILE[:-cut])


@pytest.mark.parametrize("head", [b"PRxx\x01\0\0\0", b"PReg\x02\0\0\0"], ids=["signature", "version"])
def test_another_kind_of_file_is_rejected(head: bytes) -> None:
    with pytest.raises(Refused):
        unpack(head + FILE[8:])
