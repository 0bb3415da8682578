"""The grammar of ports, against a set of numbers."""

from perimeter365.errors import PortError
from perimeter365.model.ports import PortSet
from tests.fuzz.oracle import attempt

WORDS = ("80", "443", "65535", "65536", "-", ",", " ", "\u0668\u0660", "0", "+1", "_")


def seeds() -> list[bytes]:
    return [b"80,443", b"143, 587, 993-995", b"50000-59999", b"1-65535", b"", b"0", b"443-80", b"80,"]


def check(data: bytes) -> None:
    text = data.decode("utf-8", "replace")[:2000]
    ports = attempt(lambda: PortSet.parse(text), kinds=PortError)
    expected = _numbers(text)
    assert (ports is None) == (expected is None), f"{text!r}: {ports}"
    if ports is not None and expected is not None:
        assert {p for a, b in ports for p in range(a, b + 1)} == expected
        assert len(ports) == len(expected)
        assert PortSet.parse(str(ports)) == ports


def _numbers(text: str) -> set[int] | None:
    found: set[int] = set()
    for part in text.split(",") if text.strip() else ():
        ends = [end.strip() for end in part.split("-")]
        if len(ends) > 2 or not all(end and set(end) <= set("0123456789") and len(end) < 6 for end in ends):
            return None
        low, high = int(ends[0]), int(ends[-1])
        if not 1 <= low <= high <= 65535:
            return None
        found |= set(range(low, high + 1))
    return found
