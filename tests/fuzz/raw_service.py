"""Raw answers to all requests of `WebService`: instances, versions, lists and change records, with its cache on disk."""

import atexit
import os
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from perimeter365.model.cloud import Cloud
from perimeter365.sources.web_service import WebService
from tests.fuzz import answers
from tests.fuzz.memory import CONNECT, HOST, LIMITS, NEXT, PORT, SECRET, MemoryFetcher, answered
from tests.fuzz.oracle import opened_names, opened_space

WORDS = answers.WORDS
_HOME = tempfile.TemporaryDirectory(prefix="perimeter365-fuzz-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
atexit.register(_HOME.cleanup)
W = Cloud.WORLDWIDE


@cache
def _service(scheme: str) -> WebService:
    folder = Path(_HOME.name) / scheme
    service = WebService(f"{scheme}://{HOST}:{PORT}", client_id=SECRET, folder=folder, limits=LIMITS)
    service._fetch = MemoryFetcher(scheme)
    return service


def seeds() -> list[bytes]:
    return answers.seeds()[::12]  # each costs five requests


def generated(count: int, seed: str) -> Iterator[bytes]:
    yield from seeds()
    yield from answers.generated_scripts(count, seed)


def check(data: bytes) -> None:
    proxied = data.startswith(CONNECT)
    service = _service("https" if proxied else "http")
    for kept in service.folder.glob("answers/*"):
        kept.unlink()
    fetcher = service._fetch
    assert isinstance(fetcher, MemoryFetcher)
    parts = data.removeprefix(CONNECT).split(NEXT)
    step = 2 if proxied else 1
    questions = (
        service.instances,
        lambda: service.version(W, fresh=True),
        lambda: service.endpoints(W),
        lambda: service.changes(W, "2026070100"),
        lambda: service.endpoints(W),  # with what was cached
    )
    for number, ask in enumerate(questions):
        rest = parts[number * step :] or parts[-step:]
        fetcher.play((CONNECT if proxied else b"") + NEXT.join(rest))
        found = answered(ask)
        if number == 2 and found is not None:
            opened_space(p for s in found.sets for p in s.listed)  # type: ignore[attr-defined]
            opened_names(h for s in found.sets for h in s.hosts)  # type: ignore[attr-defined]
        for kept in service.folder.glob("answers/*"):  # a wait time of one request is none for the next
            if b'"until"' in kept.read_bytes()[:200]:
                kept.unlink()
