"""The list of components has what the wheel requires, with the hashes of the lock, and the schema accepts it."""

import hashlib
import importlib.metadata
import json
import re
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tasks import sbom
from tasks.bootstrap import LOCKS
from tasks.lock import read_pins
from tasks.sbom import SbomError
from tests.tasks.conftest import write_wheel

METADATA = b"""\
Metadata-Version: 2.4
Name: perimeter365
Version: 9.8
Summary: s
License-Expression: Apache-2.0
Provides-Extra: all
Provides-Extra: mmdb
Requires-Dist: click
Requires-Dist: markdown-it-py>=3
Requires-Dist: tzdata; os_name == 'nt'
Requires-Dist: maxminddb; extra == 'mmdb'
Requires-Dist: perimeter365[mmdb]; extra == 'all'
"""


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    return write_wheel(tmp_path, "perimeter365", "9.8", {"perimeter365-9.8.dist-info/METADATA": METADATA})


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment has the versions of the lock, whatever is installed where the tests run."""
    pins = {match["name"]: match["version"] for pin in read_pins(LOCKS, "run") if (match := sbom.PIN.match(pin))}
    real = importlib.metadata.distribution

    class Pinned:
        def __init__(self, name: str) -> None:
            found = real(name)
            self.metadata, self.requires, self.version = found.metadata, found.requires, pins.get(name, found.version)

    monkeypatch.setattr(importlib.metadata, "distribution", Pinned)


def test_it_has_what_is_required_directly_and_indirectly_and_marks_what_extras_add(wheel: Path) -> None:
    document = sbom.describe(wheel)
    scopes = {each["name"]: each["scope"] for each in document["components"]}
    assert scopes == {"click": "required", "markdown-it-py": "required", "maxminddb": "optional", "mdurl": "required"}
    edges = {
        each["ref"].partition("@")[0]: [to.partition("@")[0] for to in each["dependsOn"]]
        for each in document["dependencies"]
    }
    assert edges["pkg:pypi/markdown-it-py"] == ["pkg:pypi/mdurl"]
    assert edges["pkg:pypi/perimeter365"] == ["pkg:pypi/click", "pkg:pypi/markdown-it-py", "pkg:pypi/maxminddb"]


def test_of_the_project_it_has_each_library_of_the_metadata_and_each_hash_of_the_lock(tmp_path: Path) -> None:
    own = importlib.metadata.distribution("perimeter365")
    lines = [f"Provides-Extra: {extra}" for extra in own.metadata.get_all("Provides-Extra") or ()]
    lines += [f"Requires-Dist: {text}" for text in own.requires or ()]
    metadata = "\n".join(["Metadata-Version: 2.4", "Name: perimeter365", "Version: 0.1.0", *lines, ""]).encode()
    path = write_wheel(tmp_path, "perimeter365", "0.1.0", {"perimeter365-0.1.0.dist-info/METADATA": metadata})
    components = {each["name"]: each for each in sbom.describe(path)["components"]}
    stated = {canonicalize_name(Requirement(text).name) for text in importlib.metadata.requires("perimeter365") or []}
    assert stated - {"perimeter365"} <= components.keys()
    assert "setuptools" not in components  # it builds the wheel only
    pins = {pin.split()[0]: pin for pin in read_pins(LOCKS, "run")}
    for name, each in components.items():
        assert each["purl"] == f"pkg:pypi/{name}@{each['version']}"
        hashes = {one["content"] for one in each["externalReferences"][0]["hashes"]}
        assert hashes == set(re.findall("sha256:([0-9a-f]{64})", pins[f"{name}=={each['version']}"]))
        assert each["licenses"], f"{name} states no license"


def test_the_hash_is_the_one_of_the_wheel_and_the_same_wheel_gives_the_same_bytes(wheel: Path) -> None:
    assert sbom.main([str(wheel)]) == 0
    path = wheel.with_name("perimeter365-9.8.cdx.json")
    first = path.read_bytes()
    (hashed,) = json.loads(first)["metadata"]["component"]["hashes"]
    assert hashed == {"alg": "SHA-256", "content": hashlib.sha256(wheel.read_bytes()).hexdigest()}
    assert sbom.main([str(wheel)]) == 0
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("place", "value"),
    [("version", "x"), ("bomFormat", "SPDX"), ("serialNumber", "1"), ("components", [{"name": "x"}]), ("unknown", 1)],
)
def test_a_document_that_is_not_valid_is_not_written(
    wheel: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: str, value: Any
) -> None:
    monkeypatch.setattr(sbom, "describe", lambda wheel, describe=sbom.describe: describe(wheel) | {place: value})
    assert sbom.main([str(wheel)]) == 1
    assert "not valid CycloneDX 1.6" in capsys.readouterr().err
    assert list(wheel.parent.glob("*.cdx.json")) == []


def test_a_library_of_another_version_than_the_lock_has_is_an_error() -> None:
    with pytest.raises(SbomError, match=r"click \S+ is installed, which requirements/run\.lock does not pin"):
        sbom.library("click", {("click", "1.0"): []}, required=True)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"License-Expression": "MIT OR Apache-2.0"}, [{"expression": "MIT OR Apache-2.0"}]),
        ({"License": "mpl-2.0"}, [{"license": {"id": "MPL-2.0"}}]),
        (
            {"License": "see the file", "Classifier": "License :: OSI Approved :: BSD License"},
            [{"license": {"name": "BSD License"}}],
        ),
        ({"Classifier": "Topic :: Internet"}, []),
    ],
    ids=["expression", "identifier", "classifier", "none"],
)
def test_a_license_is_what_the_library_states(fields: dict[str, str], expected: list[object]) -> None:
    metadata = Message()
    for name, value in fields.items():
        metadata[name] = value
    assert sbom.licenses(metadata) == expected
