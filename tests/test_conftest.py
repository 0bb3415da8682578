"""The test run itself: goldens, the summary of what was missing, and the guard of the installed wheel."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.checkout


def run(folder: Path, body: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one test file in a folder of its own, with our conftest as a plugin."""
    (folder / "test_it.py").write_text(f"from pathlib import Path\n{body}")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    golden\n    alone\n")
    inherited = {name: value for name, value in os.environ.items() if name not in {"CI", "PYTEST_ADDOPTS"}}
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-p", "no:randomly"]
    command += ["-p", "xdist.plugin", *options, "test_it.py"]
    # plugins that are installed and not needed here take three times as long to import as all others
    environment = {**inherited, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT), **environment}
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
    done = run(tmp_path, MISSING, "--consumers=required")
    assert done.returncode == 1
    assert "1 failed" in done.stdout


HIDDEN = """
from tests import consumers

def test_firewall(consumer):
    consumer("ufw")

def test_mode():
    assert consumers.mode == "hidden"
"""


def test_workers_hand_over_what_they_found_missing_and_wrote(tmp_path: Path) -> None:
    (tmp_path / "test_hidden.py").write_text(HIDDEN)
    words = ("-n", "2", "--dist", "loadfile", "--consumers=hidden", "--update-goldens", "test_hidden.py")
    done = run(tmp_path, COMPARES, *words)
    assert done.returncode == 0, done.stdout
    assert "ufw: 1 test (ufw) -> make system (as root)" in done.stdout
    assert "goldens written" in done.stdout
    assert (tmp_path / "page.txt").read_text() == "new\n"
    assert "3 passed, 1 skipped" in done.stdout


TURNS = """
import pytest, time

LOG = Path(__file__).with_name("log")

def noted(name, seconds=0.02):
    with LOG.open("a") as log:
        log.write(f"{name} starts\\n")
    time.sleep(seconds)
    with LOG.open("a") as log:
        log.write(f"{name} ends\\n")

@pytest.mark.alone
@pytest.mark.parametrize("number", range(3))
def test_alone(number):
    noted("alone", 0.2)

@pytest.mark.parametrize("number", range(20))
def test_other(number):
    noted("other")
"""


def test_a_test_that_is_marked_alone_has_no_other_beside_it(tmp_path: Path) -> None:
    (tmp_path / "test_second.py").write_text(f"from pathlib import Path\n{TURNS}")
    done = run(tmp_path, TURNS, "-n", "2", "--dist", "loadfile", "test_second.py")
    assert done.returncode == 0, done.stdout
    lines = (tmp_path / "log").read_text().splitlines()
    assert lines.count("alone starts") == 6
    assert any((a, b) == ("other starts", "other starts") for a, b in pairwise(lines)), "the workers did not overlap"
    for start in (n for n, line in enumerate(lines) if line == "alone starts"):
        assert lines[start + 1] == "alone ends", lines
    # the wait for the others to end did not starve it to the end
    assert lines.index("alone starts") < 30


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
    done = run(tmp_path, "def test_nothing(): pass", "--installed")
    assert done.returncode == 4
    assert "perimeter365 comes from" in done.stderr + done.stdout


NEEDS = """
import pytest
from tests import consumers

consumers.CONSUMERS["nft"] = consumers.program("sh", proves="", package="dash")

@pytest.fixture(scope="module")
def shell():
    return consumers.need("nft")

@pytest.mark.parametrize("text", ["a b", "[c] (d)"])
def test_direct(text):
    consumers.need("nft")

def test_by_a_fixture(shell):
    pass

def test_of_something_else():
    pass
"""


@pytest.mark.parametrize("workers", [[], ["-n2"]], ids=["alone", "workers"])
def test_a_run_with_hidden_consumers_has_the_tests_that_asked_for_one(tmp_path: Path, workers: list[str]) -> None:
    file = f"--needs-file={tmp_path / 'out' / 'needs.txt'}"
    assert "4 passed" in run(tmp_path, NEEDS, file, *workers).stdout
    assert "3 skipped" in run(tmp_path, NEEDS, file, "--consumers=hidden", *workers).stdout
    assert "1 passed, 3 skipped" in run(tmp_path, NEEDS, "--consumers=hidden", *workers).stdout
