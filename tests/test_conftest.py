"""The test run itself: goldens, the summary of what was missing, and the guard of the installed wheel."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.checkout


def run(folder: Path, body: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one test file in a folder of its own, with our conftest as a plugin."""
    (folder / "test_it.py").write_text(f"from pathlib import Path\n{body}")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    golden\n")
    inherited = {name: value for name, value in os.environ.items() if name not in {"CI", "PYTEST_ADDOPTS"}}
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", *options, "test_it.py"]
    environment = {**inherited, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


COMPARES = """
def test_page(golden):
    golden(Path(__file__).with_name("page.txt"), "new\\n")

def test_other():
    assert True
"""


def test_a_golden_that_differs_fails_with_the_difference(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("old\n")
    done = run(tmp_path, COMPARES)
    assert done.returncode == 1
    assert "-old" in done.stdout
    assert "+new" in done.stdout
    assert "make goldens" in done.stdout
    assert page.read_text() == "old\n"


def test_a_golden_that_is_not_there_fails(tmp_path: Path) -> None:
    done = run(tmp_path, COMPARES)
    assert done.returncode == 1
    assert "it does not exist" in done.stdout
    assert not (tmp_path / "page.txt").exists()


def test_ends_of_lines_count(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(b"new\r\n")
    done = run(tmp_path, COMPARES)
    assert done.returncode == 1
    assert "ends of lines" in done.stdout


def test_goldens_are_written_when_asked_and_named(tmp_path: Path) -> None:
    done = run(tmp_path, COMPARES, "--update-goldens", "-m", "golden")
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "page.txt").read_text() == "new\n"
    assert "goldens written" in done.stdout
    assert "1 passed, 1 deselected" in done.stdout
    assert run(tmp_path, COMPARES).returncode == 0


def test_goldens_are_not_written_in_ci(tmp_path: Path) -> None:
    done = run(tmp_path, COMPARES, "--update-goldens", CI="true")
    assert done.returncode == 4
    assert not (tmp_path / "page.txt").exists()


MISSING = """
from tests import consumers
consumers.CONSUMERS = {"flux": consumers.program("no-such-program-365", proves="time travel", package="flux")}

def test_travel(consumer):
    consumer("flux")
"""


def test_the_run_ends_with_what_was_missing_and_how_to_get_it(tmp_path: Path) -> None:
    done = run(tmp_path, MISSING)
    assert done.returncode == 0
    assert "consumers that were not here" in done.stdout
    assert "flux: 1 test (time travel) -> make system (as root)" in done.stdout


def test_where_consumers_are_required_the_run_fails(tmp_path: Path) -> None:
    done = run(tmp_path, MISSING, PERIMETER365_REQUIRE_CONSUMERS="1")
    assert done.returncode == 1
    assert "1 failed" in done.stdout


SETTINGS = """
import os

def test_settings():
    assert [name for name in os.environ if name.startswith("PERIMETER365_")] == []
    assert list(Path(os.environ["XDG_DATA_HOME"]).iterdir()) == []
"""


def test_settings_of_the_person_who_runs_it_are_not_seen(tmp_path: Path) -> None:
    done = run(tmp_path, SETTINGS, PERIMETER365_CATALOG="/elsewhere", XDG_DATA_HOME="/elsewhere")
    assert done.returncode == 0, done.stdout


def test_the_installed_wheel_is_not_the_source(tmp_path: Path) -> None:
    done = run(tmp_path, "def test_nothing(): pass", PERIMETER365_INSTALLED="1")
    assert done.returncode == 4
    assert "perimeter365 comes from" in done.stderr + done.stdout
