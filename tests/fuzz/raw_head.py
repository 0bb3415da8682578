"""Raw answers on the light path: one answer at a time, without a pool, and redirects are not followed.

It is several times as fast as `raw_answer`, which goes through the whole client.
"""

from functools import cache
from urllib.parse import urlsplit

from perimeter365.net.fetch import Response
from tests.fuzz import answers
from tests.fuzz.memory import CONNECT, HOST, LARGEST, NEXT, PORT, HeadReader, answered

WORDS, seeds, generated = answers.WORDS, answers.seeds, answers.singles


@cache
def _reader() -> HeadReader:
    return HeadReader()


def check(data: bytes) -> None:
    for piece in data.removeprefix(CONNECT).split(NEXT):
        found = answered(lambda piece=piece: _reader().read(piece))  # type: ignore[misc]
        if isinstance(found, str):
            assert urlsplit(found).netloc == f"{HOST}:{PORT}"
            assert found.isascii()
            assert found.isprintable()
        elif isinstance(found, Response):
            check_response(found)


def check_response(found: Response) -> None:
    """Check that a response is within the limits, and that nothing in it can become a header or a line of its own."""
    assert found.status in (200, 304)
    assert len(found.body) <= LARGEST
    assert found.status == 200 or not found.body
    for text in (found.etag, found.modified, found.charset):  # sent again, or the name of a codec
        assert text.isascii()
        assert text.isprintable() or not text
        assert len(text) <= 200
    assert found.date is None or abs(found.date) < 1e12
