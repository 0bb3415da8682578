"""The README: its examples run, and its first screen shows how to start."""

import re
import shutil
from pathlib import Path

import pytest

from tasks.console import blocks, run_page, steps

pytestmark = pytest.mark.checkout

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
FIRST_SCREEN = 30
"""Lines of the first screen."""


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_its_examples_give_the_output_shown() -> None:
    assert run_page(README) >= 10


def test_the_first_screen_shows_the_first_commands() -> None:
    first = "\n".join(README.read_text("utf-8").splitlines()[:FIRST_SCREEN])
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in ("demo", "test"):
        assert f"make {target} " in first
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert "$ make demo\n" in first


def test_every_command_shows_its_output() -> None:
    silent = [
        step.command
        for block in blocks(README.read_text("utf-8"))
        if block.language == "console"
        for step in steps(block)
        if not step.shown
    ]
    assert not silent


def test_links_and_images_are_valid() -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", README.read_text("utf-8"))
    assert links
    for link in links:
        assert "://" in link or (ROOT / link).is_file(), link


def test_its_lines_fit() -> None:
    prose = re.sub(r"^(```.*?^```|\|[^\n]*)$", "", README.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert max(map(len, prose.splitlines())) <= 145
