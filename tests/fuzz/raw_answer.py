"""Raw answers to one request of `Fetcher.get`: status line, headers, redirects, proxy, chunks, encodings.

The result is a response within the limits, or an error of the UpstreamError family that a reader foresaw.
"""

from functools import cache

from tests.fuzz import answers
from tests.fuzz.memory import CONNECT, SECRET, MemoryFetcher, answered
from tests.fuzz.raw_head import check_response

WORDS, seeds, generated = answers.WORDS, answers.seeds, answers.scripts


@cache
def _fetcher(scheme: str) -> MemoryFetcher:
    return MemoryFetcher(scheme)


def check(data: bytes) -> None:
    fetcher = _fetcher("https" if data.startswith(CONNECT) else "http")
    fetcher.play(data)
    found = answered(lambda: fetcher.get("/version/Worldwide", {"ClientRequestId": SECRET}))
    if found is not None:
        check_response(found)
