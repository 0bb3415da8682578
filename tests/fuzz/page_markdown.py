"""The page of other endpoints, as Markdown."""

from tests.fuzz import page

WORDS = page.WORDS


def seeds() -> list[bytes]:
    return page.seeds("markdown")


def check(data: bytes) -> None:
    page.check(data, "markdown")
