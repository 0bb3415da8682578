"""The Intune list: read strictly, with its own numbers and documents."""

import pytest

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import Cloud
from perimeter365.model.decode import decode
from perimeter365.sources.intune import read_intune

TEXT = """
[evidence.page]
url = "https://learn.microsoft.com/intune/fundamentals/endpoints"
date = "2026-03-24"
[[set]]
cloud = "dod"
id = 9000
category = "default"
required = false
udp = "123"
evidence = ["page"]
hosts = ["time.windows.com"]
[[set]]
cloud = "worldwide"
id = 9001
category = "allow"
required = true
tcp = "80,443"
evidence = ["page"]
confidence = "medium"
hosts = ["*.manage.microsoft.com"]
prefixes = ["131.107.2.0/25", "131.107.2.128/25"]
"""


def test_sets_are_sorted_by_cloud_and_have_their_page() -> None:
    worldwide, dod = read_intune(TEXT)
    assert (worldwide.cloud, worldwide.id, worldwide.area, worldwide.category) == (Cloud.WORLDWIDE, 9001, "intune", "allow")
    assert [str(p) for p in worldwide.prefixes] == ["131.107.2.0/24"]
    assert worldwide.listed == ("131.107.2.0/25", "131.107.2.128/25")
    assert [(e.date, e.confidence) for e in worldwide.evidence] == [("2026-03-24", "medium")]
    assert (dod.cloud, str(dod.udp), bool(dod.tcp)) == (Cloud.DOD, "123", False)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id = 9000", "id = 163", "163 is not a synthetic number"),
        ("hosts = [", "host = [", "host"),
        ('evidence = ["page"]', 'evidence = ["pages"]', "pages"),
        ('"dod"', '"mars"', "mars"),
        ("131.107.2.0/25", "131.107.2.1/25", "host bits"),
        ('udp = "123"', 'udp = "70000"', "70000"),
    ],
)
def test_what_is_wrong_is_an_error_with_its_place(old: str, new: str, says: str) -> None:
    with pytest.raises(CatalogError, match=says):
        decode("intune.toml", read_intune, TEXT.replace(old, new, 1), CatalogError)
