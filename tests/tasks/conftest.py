"""Wheels for the tests of the bootstrap."""

import importlib.metadata
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest


def write_wheel(folder: Path, name: str, version: str, files: Mapping[str, bytes]) -> Path:
    """Write a wheel with these files; what is missing of its metadata is added."""
    info = f"{name}-{version}.dist-info"
    tag = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
    content = {f"{info}/WHEEL": tag, f"{info}/METADATA": metadata, **files}
    content[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in (*content, f"{info}/RECORD")).encode()
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, body in content.items():
            archive.writestr(file, body)
    return path


@pytest.fixture(scope="session")
def pip_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pip that the tests run with, as the wheel that it once was."""
    pip = importlib.metadata.distribution("pip")
    files = {
        str(file): Path(str(pip.locate_file(file))).read_bytes()
        for file in pip.files or ()
        if not str(file).startswith("..") and file.suffix != ".pyc" and file.name not in {"RECORD", "REQUESTED"}
    }
    return write_wheel(tmp_path_factory.mktemp("pip"), "pip", pip.version, files)
