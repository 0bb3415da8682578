"""The pages of docs/: what they show is what happens, nothing of the tool is missing in them, and they hang together."""

import importlib.util
import re
import shutil
from pathlib import Path

import pytest

from perimeter365.cli._app import app
from perimeter365.cli._command import PREFIX
from perimeter365.cli.config import commands, settings_in_force
from perimeter365.cli.explain import explanations
from perimeter365.model.role import OUR_ROLES
from perimeter365.plan._read import _TABLES as PROFILE_TABLES
from perimeter365.sources.load import read_catalog
from perimeter365.targets import targets
from tasks import docs
from tasks.console import run_page

pytestmark = pytest.mark.checkout

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
BY_HAND = [path for path in docs.written_by_hand() if path.is_relative_to(DOCS)]
PAGES = sorted(DOCS.rglob("*.md"))
ROOT_CONTEXT = app.make_context("perimeter365", [], auto_envvar_prefix=PREFIX, resilient_parsing=True)

QUESTIONS = (
    "and-or",
    "default-category",
    "not-listed",
    "not-required",
    "outside-the-service",
    "overlaps",
    "removal",
    "tenant-restrictions",
    "wildcards",
)
"""What users of Microsoft's lists really ask, each a page."""


def name_of(path: Path) -> str:
    return path.relative_to(DOCS).as_posix()


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not here")
@pytest.mark.parametrize("path", BY_HAND, ids=name_of)
def test_what_a_page_shows_is_what_happens(path: Path) -> None:
    run_page(path)


def test_the_generated_pages_are_fresh() -> None:
    made = docs.pages()
    stale = [path for path, text in made.items() if not path.is_file() or path.read_text("utf-8") != text]
    stale += docs.left_over(made)
    assert not stale, "run `make docs`"


@pytest.mark.parametrize("path", [path for path, _ in commands(ROOT_CONTEXT)])
def test_every_command_is_documented(path: str) -> None:
    assert f"\n### {path.replace('.', ' ')}\n" in page("reference/commands.md")


@pytest.mark.parametrize("variable", [s["variable"] for s in settings_in_force(ROOT_CONTEXT)])
def test_every_setting_is_documented(variable: str) -> None:
    assert f"`{variable}`" in page("reference/settings.md")


@pytest.mark.parametrize("name", targets)
def test_every_target_is_documented(name: str) -> None:
    assert f"[{name}]({name}.md)" in page("reference/targets/index.md")
    text = page(f"reference/targets/{name}.md")
    for key in targets[name].limits:
        assert f"`{key}`" in text
    for key in targets[name].options:
        assert f"{name}.{key}=" in text


@pytest.mark.parametrize("code", explanations())
def test_every_code_is_documented(code: str) -> None:
    assert f"**{code}**" in page("reference/codes.md")


def test_every_row_is_documented_with_each_requirement() -> None:
    text = page("reference/rows.md")
    for row in read_catalog("embedded").rows.values():
        assert f"\n(row-{row.number})=\n" in text
        for requirement in row.requirements:
            assert f"`{requirement.id}`" in text


def test_every_key_role_and_scenario_of_a_profile_is_documented() -> None:
    text = page("reference/profile.md")
    keys = [key for table in PROFILE_TABLES.values() for key in table]
    for name in (*keys, *OUR_ROLES, *read_catalog("embedded").scenarios):
        assert f"| `{name}` |" in text, name


def test_each_question_has_its_page() -> None:
    found = {path.stem for path in (DOCS / "questions").glob("*.md")} - {"index"}
    assert found == set(QUESTIONS)
    for name in QUESTIONS:
        assert f"({name}.md)" in page("questions/index.md")


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" not in link:
            place, _, anchor = link.partition("#")
            target = path.parent / place if place else path
            assert target.is_file(), link
            assert not anchor or f"({anchor})=" in target.read_text("utf-8"), link


def test_every_page_is_in_a_table_of_contents() -> None:
    listed = {DOCS / "index.md"}
    for path in PAGES:
        for block in re.findall(r"```\{toctree\}\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
            entries = [line for line in block.splitlines() if line and not line.startswith(":")]
            listed |= {path.parent / f"{entry}.md" for entry in entries}
    assert listed == set(PAGES)


@pytest.mark.skipif(not importlib.util.find_spec("furo"), reason="the extra `docs` is not installed")
def test_sphinx_builds_them_without_a_warning(tmp_path: Path) -> None:
    assert docs.html(tmp_path / "html") == 0
    assert (tmp_path / "html" / "index.html").is_file()
