"""The page of other endpoints, as HTML."""

from tests.fuzz import page

WORDS = page.WORDS


def seeds() -> list[bytes]:
    return page.seeds("html")


def check(data: bytes) -> None:
    page.check(data, "html")
