"""Explained names: valid files become values, errors name the place; the package has what the documents name."""

import json
import tomllib
from pathlib import Path

import pytest

from perimeter365.errors import CatalogError
from perimeter365.model.names import explained_names
from perimeter365.sources.embedded import FACTS
from perimeter365.sources.names import read_names, to_json

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "facts" / "supplement-2026-11.json"

GOOD = """\
[evidence.page]
url = "https://learn.microsoft.com/x"
date = "2022-05-18"

[[name]]
name = "one"
kind = "alias"
title = "One"
text = "Met in logs."
hosts = ["*.one.net", "one.example.com"]
clouds = ["china"]
evidence = ["page"]
"""


def test_a_file_is_read_as_it_is_written() -> None:
    (name,) = json.loads(to_json(read_names(GOOD)))
    assert name == {
        "id": "names/one",
        "kind": "alias",
        "title": "One",
        "text": "Met in logs.",
        "hosts": ["*.one.net", "one.example.com"],
        "clouds": ["china"],
        "document": "https://learn.microsoft.com/x",
        "date": "2022-05-18",
        "confidence": "high",
    }


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "alias"', 'kind = "open"', r"names.toml.name\[0\] one.kind: 'open' is not one of cdn, alias, former"),
        ('name = "one"', 'name = "One"', "One.name"),
        ('"*.one.net"', '"*.net"', "covers every name under a public suffix"),
        ('"*.one.net"', '"a.*.one.net"', "neither a name nor the names of a domain"),
        ('"*.one.net"', '"*.one.net\\\\n"', "is not a host name or pattern"),
        ('"*.one.net"', '"one.example.com"', "one.example.com is there twice"),
        ('"Met in logs."', '"Met\\\\nin logs."', "is not one line of text"),
        ('evidence = ["page"]', 'evidence = ["pages"]', "'pages' is missing"),
        ('evidence = ["page"]', "evidence = []", "no evidence"),
        ('evidence = ["page"]', 'evidence = ["page"]\nconfidence = "sure"', "confidence"),
        ('evidence = ["page"]', 'evidence = ["page"]\nopen = true', "unknown key 'open'"),
        ('"https://learn', '"http://learn', "not the https address"),
        ('"china"', '"mars"', "mars"),
    ],
)
def test_other_files_are_refused(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(CatalogError, match=message):
        read_names(GOOD.replace(old, new.encode().decode("unicode_escape") if "\\\\n" in new else new))


def test_the_package_has_every_name_of_the_documents() -> None:
    # the CDN page, the page about managing endpoints, the FAQ of the connection test, and the recorded changes
    if not REFERENCE.is_file():
        pytest.skip("the reference data folder is missing")
    facts = [fact for fact in json.loads(REFERENCE.read_text("utf-8")) if fact["id"].startswith("s4-")]
    known = {host.text: name for name in explained_names() for host in name.hosts}
    documents = {page["url"] for page in tomllib.loads((FACTS / "names.toml").read_text())["evidence"].values()}
    assert len(facts) == 9
    for fact in facts:
        assert fact["doc_url"] in documents, fact["id"]
        for host in fact.get("fqdns", ()):
            assert host in known, (fact["id"], host)
            if fact["confidence"] == "medium":
                assert known[host].confidence == "medium", host
