"""Where a fact comes from, and how sure of it we are."""

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
    """One document that a fact rests on."""

    document: str
    """URL of the vendor's page or service."""
    date: str
    """The document's own date, as precise as it is known (`2025-01-08`, `2022`), or "" if it has none."""
    confidence: Confidence = "high"
    """`high`: the document says it; `medium`: follows from it; `low`: not confirmed by the vendor."""

    def __post_init__(self) -> None:
        check_word(self.confidence, CONFIDENCES, "a confidence")
        if not _ADDRESS.fullmatch(self.document):
            raise CatalogError(f"{self.document!r} is not the https address of a document")
        if not _DATE.fullmatch(self.date):
            raise CatalogError(f"{self.date!r} is not the date of a document")
