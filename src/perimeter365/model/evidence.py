"""The document that a fact comes from, and how well it supports the fact."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from perimeter365.errors import CatalogError
from perimeter365.model.word import check_word

Confidence = Literal["high", "medium", "low"]
CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)

_ADDRESS = re.compile(r"https://[A-Za-z0-9._~:/?#@!&*+,;=%-]+", re.ASCII)
_DATE = re.compile(r"[A-Za-z0-9 :.(),-]*", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """A document that supports a fact."""

    document: str
    """The URL of the vendor's page or service."""
    date: str
    """The date of the document, as precise as known (`2025-01-08`, `2022`); "" if it has none."""
    confidence: Confidence = "high"
    """`high`: the document states the fact; `medium`: the fact follows from it; `low`: the vendor has not confirmed it."""

    def __post_init__(self) -> None:
        check_word(self.confidence, CONFIDENCES, "a confidence")
        if not _ADDRESS.fullmatch(self.document):
            raise CatalogError(f"{self.document!r} is not the https address of a document")
        if not _DATE.fullmatch(self.date):
            raise CatalogError(f"{self.date!r} is not the date of a document")
