"""Profiles: TOML with positions."""

import tomllib
from dataclasses import replace
from pathlib import Path

from perimeter365.errors import ProfileError
from perimeter365.plan import _toml
from perimeter365.plan.profile import parse_profile
from tests.fuzz.oracle import attempt

WORDS = (
    "[roles]",
    "[organization]",
    "[[roles]]",
    "clouds = [",
    '"worldwide"',
    '"""',
    "'''",
    "\\u0000",
    "= {",
    "a.b.c",
    "1979-05-27 07:32:00",
    "#",
)
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "contoso.toml"


def seeds() -> list[bytes]:
    whole = EXAMPLE.read_bytes()
    return [
        whole,
        b'[organization]\nclouds = ["worldwide"]\n[roles]\nmrs-proxy = ["192.0.2.7", "mail.example.com"]\n',
        b'organization = {clouds = [\'dod\'], name = """x\ny"""}\nselect.scenarios = [\'all\', "row/6"]\n',
    ]


def check(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode()
    _places(text)
    profile = attempt(lambda: parse_profile(text), lines=True, kinds=ProfileError)
    if profile is not None:
        assert replace(profile) == profile
        assert parse_profile(text + "\n# a comment\n").hash == profile.hash


def _places(text: str) -> None:
    """Check that the scanner agrees with tomllib on data and positions."""
    try:
        document = _toml.read(text)
    except _toml.TomlError as error:
        offset = error.offset
    else:
        _check_positions(text, document)
        return
    assert offset is None or 0 <= offset <= len(text)


def _check_positions(text: str, document: _toml.Document) -> None:
    assert repr(document.data) == repr(tomllib.loads(text))
    for path, span in document.values.items():
        value = document.data
        for step in path:
            value = value[step]  # type: ignore[index]
        assert repr(tomllib.loads(f"k = {text[span.start : span.end]}")["k"]) == repr(value), path
