"""The page of other endpoints, as text copied from a browser."""

from tests.fuzz import page

WORDS = page.WORDS


def seeds() -> list[bytes]:
    return page.seeds("text")


def check(data: bytes) -> None:
    page.check(data, "text")
