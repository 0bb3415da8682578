"""Host patterns: the grammar, against a second parser; matching, against fnmatch."""

from fnmatch import fnmatchcase

from perimeter365.errors import HostPatternError
from perimeter365.model.host import TEMPLATE, HostPattern, is_name
from tests.fuzz.oracle import attempt, opened_names

WORDS = ("*.", ".*.", "<tenant>", "xn--", "_", "co.uk", ".com", "0x7f", "\u0130", "\u212a", "\n", "::", "-.")


def seeds() -> list[bytes]:
    return [
        b"aka.ms",
        b"*.sharepoint.com a.sharepoint.com",
        b"*cdn.onenote.net xcdn.onenote.net",
        b"autodiscover.*.x.com a.b.c",
        b"<tenant>-my.sharepoint.us",
    ]


def check(data: bytes) -> None:
    text, _, name = data.decode("utf-8", "replace").partition(" ")
    pattern = attempt(lambda: HostPattern(text), kinds=HostPatternError)
    if pattern is None:
        assert not _is_host_name(text), f"{text!r} is rejected"
        return
    opened_names([pattern], templates=True, suffixes=True)
    assert _is_host_name(text) or pattern.kind == TEMPLATE or "*" in text, f"{text!r} is accepted"
    if pattern.kind != TEMPLATE and name == name.lower():
        assert pattern.matches(name) == (
            is_name(name.removesuffix(".")) and fnmatchcase(name.removesuffix("."), pattern.text)
        )


def _is_host_name(text: str) -> bool:
    """Return True if a text is a host name by RFC 1123, without stars and templates."""
    if not text.isascii() or len(text.removesuffix(".")) > 253:
        return False
    labels = text.lower().removesuffix(".").split(".")
    number = labels[-1].isdigit() or (labels[-1].startswith("0x") and all(c in "0123456789abcdef" for c in labels[-1][2:]))
    return len(labels) > 1 and not number and all(_label(label) for label in labels)


def _label(label: str) -> bool:
    return 0 < len(label) < 64 and all(c.isalnum() or c in "-_" for c in label) and label[0] != "-" != label[-1]
