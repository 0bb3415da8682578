"""Which libraries are asked for, and that a library without a wheel is found."""

import subprocess
import sys
import tomllib
from importlib.metadata import metadata, requires
from pathlib import Path

import pytest

from tasks import resolve

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_everything_that_is_declared_is_asked_for() -> None:
    declared = {text.partition(";")[0].strip() for text in requires("perimeter365") or []}
    assert {text for text in declared if not text.startswith("perimeter365[")} == set(resolve.requirements(PYPROJECT))


def test_a_version_fails_by_itself(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    code = "import sys; sys.exit(sys.argv[1] == '3.99')"
    monkeypatch.setattr(resolve, "command", lambda version, *_: [sys.executable, "-c", code, version])
    assert resolve.main(["3.12"]) == 0
    assert resolve.main(["3.12", "3.99", "3.13"]) == 1
    assert "Python 3.99: does not resolve\nPython 3.13: resolves\n" in capfd.readouterr().out


@pytest.mark.network
def test_what_has_no_wheel_does_not_resolve(tmp_path: Path) -> None:
    # pyarrow has never had a wheel for Python 3.3
    for wanted, version, ends in ((["click>=8.5"], "3.14", 0), (["pyarrow>=18"], "3.3", 1)):
        done = subprocess.run(resolve.command(version, wanted, str(tmp_path)), capture_output=True, text=True)
        if "No matching distribution found for click" in done.stderr:
            pytest.skip("the package index is out of reach")
        assert done.returncode == ends, done.stderr


def test_classifiers_name_what_was_tried_and_the_docs_what_was_resolved() -> None:
    tried = {text.rpartition(" ")[2] for text in metadata("perimeter365").get_all("Classifier") or () if ":: 3." in text}
    assert tried == {"3.11"}
    text = " ".join((ROOT / "docs" / "start.md").read_text("utf-8").split())
    assert all(f"| {version} |" in text for version in resolve.VERSIONS)
