"""The manifest of a generation is read strictly."""

from datetime import UTC, datetime

import pytest

from perimeter365.errors import InputError, OutputError
from perimeter365.model.version import Version
from perimeter365.web.published import Manifest, PublishedCloud, PublishedFile, read_manifest

T = datetime(2026, 12, 1, tzinfo=UTC)
FILE = PublishedFile(
    path="endpoints/worldwide.json",
    url="/endpoints/worldwide",
    type="application/json",
    size=2,
    sha256="a" * 64,
    modified=1_785_628_800,
    compressed={".gz": "b" * 64},
)
CLOUD = PublishedCloud(
    version=Version("2026110100"), announced=Version("2026080200"), pending=((Version("2026110100"), T),), in_force=T
)
WHOLE = Manifest(
    generation="000012-5f0c1e2a",
    published=T,
    max_age=300,
    cached_until=T,
    clouds={"worldwide": CLOUD},
    files=(FILE,),
)


def test_a_manifest_is_read_as_it_was_written() -> None:
    assert read_manifest(WHOLE.to_json(), "here") == WHOLE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"perimeter365"', '"another"'),
        ("000012-5f0c1e2a", "../12"),
        ('"endpoints/worldwide.json"', '"/etc/passwd"'),
        ('"endpoints/worldwide.json"', '"endpoints/../../x"'),
        ('"endpoints/worldwide.json"', '"manifest.json"'),
        ('".gz"', '"/../x"'),
        ("a" * 64, "a" * 63),
        ("2026110100", "20261101"),
        ('"max_age": 300', '"max_age": "300"'),
        ('"files"', '"file"'),
    ],
)
def test_a_changed_manifest_is_an_error_that_names_it(old: str, new: str) -> None:
    text = WHOLE.to_json().decode()
    assert old in text
    with pytest.raises(OutputError, match="here"):
        read_manifest(text.replace(old, new).encode(), "here")


@pytest.mark.parametrize("path", ["", "/x", "../x", "a/../x", "a//b", ".hidden", "a/.hidden", "a b", "a\nb", "x" * 1001])
def test_a_path_that_could_leave_the_folder_is_refused(path: str) -> None:
    with pytest.raises(InputError, match="not the path of a published file"):
        PublishedFile(path=path, url="/", type="", size=0, sha256="", modified=0)
