"""Write the list of components of the wheel, as CycloneDX 1.6 in JSON, next to it.

    python -m tasks.sbom dist/perimeter365-0.1.0-py3-none-any.whl      writes dist/perimeter365-0.1.0.cdx.json

The components are the libraries that the wheel requires, with their own requirements, on this system: those of extras have
the scope `optional`. Versions and hashes are those of requirements/run.lock, licenses those that the installed libraries
state. The hashes of a library are those of all its files on the index, since another system installs another file. The same
wheel and lock give the same bytes: there is no time of creation, and the serial number is made from the hash of the wheel.

The document is checked against the schema of CycloneDX before it is written. Exit codes: 0 written, 1 it is not valid or the
environment is not the one of the lock.
"""

import hashlib
import importlib.metadata
import json
import re
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from cyclonedx.schema import SchemaVersion
from cyclonedx.spdx import fixup_id
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tasks.bootstrap import LOCKS
from tasks.lock import read_pins

PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\\]+))? \\\n")
"""The first line of a pin: `click==8.5.1 \\`, `tzdata==2026.6 ; sys_platform == 'win32' \\`; not `click>=8.5`."""


class SbomError(Exception):
    """The document is not valid, or the environment is not the one of the lock."""


def read_hashes(pins: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    """Return the SHA-256 values of each name and version."""
    found = ((PIN.match(pin), pin) for pin in pins)
    return {(match["name"], match["version"]): re.findall(r"--hash=sha256:(\w+)", pin) for match, pin in found if match}


def requirements(texts: Sequence[str], extras: frozenset[str]) -> Iterator[Requirement]:
    """Yield the requirements that apply on this system with these extras."""
    for requirement in map(Requirement, texts):
        markers = requirement.marker
        if markers is None or any(markers.evaluate({"extra": extra}) for extra in (extras or {""})):
            yield requirement


def close(texts: Sequence[str], extras: frozenset[str]) -> dict[str, set[str]]:
    """Return the names of all libraries that are required, directly or not, each with the names that it requires itself."""
    edges: dict[str, set[str]] = {}
    todo = [("", texts, extras)]
    done: set[tuple[str, frozenset[str]]] = set()
    while todo:
        parent, stated, chosen = todo.pop()
        for requirement in requirements(stated, chosen):
            name = canonicalize_name(requirement.name)
            own = frozenset(requirement.extras)
            if name == canonicalize_name("perimeter365"):  # the extra `all` refers to the others
                todo.append((parent, stated, own))
                continue
            edges.setdefault(parent, set()).add(name)
            edges.setdefault(name, set())
            if (name, own) not in done:
                done.add((name, own))
                todo.append((name, importlib.metadata.requires(name) or [], own))
    return edges


def licenses(metadata: Any) -> list[dict[str, Any]]:
    """Return the license that a library states: an SPDX expression or identifier, else a name; empty if it states none."""
    if expression := metadata.get("License-Expression"):
        return [{"expression": str(expression)}]
    if known := fixup_id(str(metadata.get("License") or "")):
        return [{"license": {"id": known}}]
    classifiers = metadata.get_all("Classifier", [])
    return [{"license": {"name": text.rpartition(" :: ")[2]}} for text in classifiers if text.startswith("License ::")]


def library(name: str, hashes: Mapping[tuple[str, str], list[str]], *, required: bool) -> dict[str, Any]:
    """Return the component of an installed library.

    Raises:
        SbomError: the lock does not pin the installed version.
    """
    found = importlib.metadata.distribution(name)
    if (name, found.version) not in hashes:
        raise SbomError(f"{name} {found.version} is installed, which requirements/run.lock does not pin; run `make`")
    purl = f"pkg:pypi/{name}@{found.version}"
    files = [{"alg": "SHA-256", "content": each} for each in hashes[name, found.version]]
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": found.version,
        "scope": "required" if required else "optional",
        **({"licenses": stated} if (stated := licenses(found.metadata)) else {}),
        "purl": purl,
        # one hash of each file; `hashes` of the component itself would say that it is one file with several SHA-256
        "externalReferences": [{"type": "distribution", "url": purl, "comment": "files of the version", "hashes": files}],
    }


def describe(wheel: Path) -> dict[str, Any]:
    """Return the document for a wheel.

    Raises:
        SbomError: the environment is not the one of the lock.
    """
    content = wheel.read_bytes()
    with ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = BytesParser().parsebytes(archive.read(name))
    texts = metadata.get_all("Requires-Dist", [])
    always = close(texts, frozenset())
    edges = close(texts, frozenset(metadata.get_all("Provides-Extra", [])))
    hashes = read_hashes(read_pins(LOCKS, "run"))
    components = {each: library(each, hashes, required=each in always) for each in sorted(edges) if each}
    purl = f"pkg:pypi/{metadata['Name']}@{metadata['Version']}"
    digest = hashlib.sha256(content).hexdigest()
    references = {"": purl, **{each: component["bom-ref"] for each, component in components.items()}}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": purl,
                "name": metadata["Name"],
                "version": metadata["Version"],
                "description": metadata["Summary"],
                "hashes": [{"alg": "SHA-256", "content": digest}],
                "licenses": licenses(metadata),
                "purl": purl,
                "properties": [{"name": "file", "value": wheel.name}],
            }
        },
        "components": list(components.values()),
        "dependencies": [
            {"ref": references[each], "dependsOn": sorted(references[other] for other in edges[each])}
            for each in sorted(edges)
        ],
    }


def check(document: str) -> None:
    """Check a document against the schema, with unknown keys rejected.

    Raises:
        SbomError: it is not valid.
    """
    from cyclonedx.validation.json import JsonStrictValidator  # imports 39 grammars, which would slow each run of the tests

    if problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(document):
        raise SbomError(f"not valid CycloneDX 1.6: {problem}")


def main(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    (wheel,) = map(Path, words)
    try:
        document = json.dumps(describe(wheel), indent=2) + "\n"
        check(document)
    except SbomError as error:
        print(f"sbom: {error}", file=sys.stderr)
        return 1
    path = wheel.with_name("-".join(wheel.name.split("-")[:2]) + ".cdx.json")
    path.write_text(document, "utf-8", newline="\n")
    print(f"sbom: wrote {path}: {len(json.loads(document)['components'])} components", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
