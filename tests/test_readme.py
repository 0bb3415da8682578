"""The README: what it shows is what happens, and its first screen says what to type."""

import re
import shutil
from pathlib import Path

import pytest

from tasks.console import blocks, run_page, steps

pytestmark = pytest.mark.checkout

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
FIRST_SCREEN = 30
"""Lines."""


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not here")
def test_what_it_shows_is_what_happens() -> None:
    assert run_page(README) >= 10


def test_the_first_screen_says_what_it_is_and_what_to_type() -> None:
    first = "\n".join(README.read_text("utf-8").splitlines()[:FIRST_SCREEN])
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in ("demo", "test"):
        assert f"make {target} " in first
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert "$ make demo\n" in first


def test_every_command_shows_what_it_prints() -> None:
    silent = [
        step.command
        for block in blocks(README.read_text("utf-8"))
        if block.language == "console"
        for step in steps(block)
        if not step.shown
    ]
    assert not silent


def test_links_and_pictures_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", README.read_text("utf-8"))
    assert links
    for link in links:
        assert "://" in link or (ROOT / link).is_file(), link


def test_its_lines_fit() -> None:
    prose = re.sub(r"^(```.*?^```|\|[^\n]*)$", "", README.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert max(map(len, prose.splitlines())) <= 145
