"""Evidence: checks of documents, dates and confidence."""

from typing import Any

import pytest

from perimeter365.errors import CatalogError
from perimeter365.model.evidence import Evidence

PAGE = "https://learn.microsoft.com/microsoft-365/enterprise/additional-office365-ip-addresses-and-urls"


def test_confidence_is_high_by_default() -> None:
    assert Evidence(document=PAGE, date="2025-01-08").confidence == "high"
    assert Evidence(document=PAGE, date="", confidence="low").date == ""


@pytest.mark.parametrize("confidence", ["", "High", "certain"])
def test_an_unknown_confidence_is_rejected(confidence: Any) -> None:
    with pytest.raises(CatalogError, match="confidence"):
        Evidence(document=PAGE, date="", confidence=confidence)


@pytest.mark.parametrize(
    "document",
    [
        "",
        "http://example.com",
        "javascript:alert(1)",
        "https://",
        "https://x/\n",
        'https://x/"onload=',
        "https://x/<b>",
        "https://x y",
        "https://x/\u202e",
        " https://x",
    ],
)
def test_a_document_is_a_plain_https_address(document: str) -> None:
    with pytest.raises(CatalogError, match="document"):
        Evidence(document=document, date="")


@pytest.mark.parametrize("date", ["2025\n", "<b>", "2025'", '2025"'])
def test_a_date_is_plain(date: str) -> None:
    with pytest.raises(CatalogError, match="date"):
        Evidence(document=PAGE, date=date)
