"""Lookups of any value give an answer or an InputError."""

import json
from functools import cache

from perimeter365.errors import InputError
from perimeter365.model.lookup import Index
from tests.fuzz.oracle import attempt

WORDS = ("https://", "://", "[", "]:443", ":443", "/24", "*.", "@", "?", "#", "sharepoint.com", "52.112.0.", "<tenant>")


@cache
def _index() -> Index:
    return Index.embedded()


def seeds() -> list[bytes]:
    return [
        b"52.112.0.5",
        b"52.112.0.0/16",
        b"contoso.sharepoint.com:443",
        b"*.sharepoint.com",
        b"https://aka.ms/hybridwizard?x#y",
        b"[2603:1063::1]:443",
    ]


def check(data: bytes) -> None:
    value = data.decode("utf-8", "replace")
    answer = attempt(lambda: _index().lookup(value), kinds=InputError)
    if answer is not None:
        written = json.loads(json.dumps(answer.to_dict()))
        assert written["value"] == value
        assert all(match["id"] for match in written["matches"])
        assert all(note.isprintable() for note in answer.notes)
