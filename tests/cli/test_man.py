"""`man`: a page per command, which groff formats without a warning."""

import shutil
import subprocess
from pathlib import Path

import pytest

from perimeter365.cli._app import app
from tests.cli.conftest import Cli


@pytest.fixture
def pages(cli: Cli, tmp_path: Path) -> list[Path]:
    assert cli("man", "pages").code == 0
    return sorted((tmp_path / "pages").iterdir())


def test_there_is_a_page_for_each_command(pages: list[Path]) -> None:
    names = {path.name for path in pages}
    assert "perimeter365.1" in names
    for name in app.list_commands(None):
        assert any(page.startswith(f"perimeter365-{name}") for page in names), name


def test_groff_formats_every_page_without_a_warning(pages: list[Path]) -> None:
    groff = shutil.which("groff")
    if groff is None:
        pytest.skip("groff is not installed")
    for page in pages:
        done = subprocess.run([groff, "-man", "-Tutf8", "-ww", page], capture_output=True, text=True, check=True)
        assert done.stderr == "", page.name


def test_a_page_has_the_content_of_help(pages: list[Path]) -> None:
    groff = shutil.which("groff")
    if groff is None:
        pytest.skip("groff is not installed")
    page = next(p for p in pages if p.name == "perimeter365-plan.1")
    shown = subprocess.run(
        [groff, "-man", "-Tascii", "-P-c", "-P-b", "-P-u", page], capture_output=True, text=True, check=True
    )
    text = " ".join(shown.stdout.replace("-\n", "").split())
    assert "--strict" in text
    assert "PERIMETER365_PLAN_FORMAT" in text
    assert "EXIT STATUS" in text
    assert "EXAMPLES perimeter365 plan contoso.toml" in text


def test_the_same_version_gives_the_same_bytes(cli: Cli, pages: list[Path], tmp_path: Path) -> None:
    before = [page.read_bytes() for page in pages]
    cli("man", "again")
    assert [page.read_bytes() for page in sorted((tmp_path / "again").iterdir())] == before
