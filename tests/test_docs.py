"""The pages of docs/: examples, completeness and links."""

import importlib.util
import re
import shutil
from collections.abc import Iterable, Iterator
from importlib.metadata import metadata
from pathlib import Path
from typing import get_args

import pytest

from perimeter365.cli import explain
from perimeter365.cli._app import app
from perimeter365.cli._command import PREFIX
from perimeter365.cli._variables import OTHER_VARIABLES, commands
from perimeter365.cli.config import settings_in_force
from perimeter365.cli.explain import explanations
from perimeter365.history import gates, reference, sync
from perimeter365.model import effective, requirement, state
from perimeter365.model.condition import DNS_KEYS
from perimeter365.model.role import OUR_ROLES
from perimeter365.plan._read import _TABLES as PROFILE_TABLES
from perimeter365.sources.load import read_catalog
from perimeter365.store import entries
from perimeter365.targets import targets
from perimeter365.targets.reasons import OUTSIDE, REASONS
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
"""Frequent questions about Microsoft's lists, one page each."""


def name_of(path: Path) -> str:
    return path.relative_to(DOCS).as_posix()


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
@pytest.mark.parametrize("path", BY_HAND, ids=name_of)
def test_the_examples_of_a_page_give_the_output_shown(path: Path) -> None:
    run_page(path)


PIPED = re.compile(r"^\$ [^\n]*?perimeter365 ([a-z]+)[^\n|]*\| *(?:cut|grep|head|tail|sed|awk|tr|python3?)\b", re.MULTILINE)
"""A command whose output is cut or searched by another program, which means that it lacks an option."""

STILL_PIPED = {"budget", "diff", "import", "lookup", "plan", "rows", "show"}
"""Commands whose examples still need another program. The set may only shrink."""


def test_the_examples_do_not_cut_or_search_the_output() -> None:
    found = {match[1] for path in (*BY_HAND, ROOT / "README.md") for match in PIPED.finditer(path.read_text("utf-8"))}
    assert found <= STILL_PIPED, "give the command an option that prints what the example needs"


def test_the_generated_pages_are_fresh() -> None:
    made = docs.pages()
    stale = [path for path, text in made.items() if not path.is_file() or path.read_text("utf-8") != text]
    stale += docs.left_over(made)
    assert not stale, "run `make docs`"


def named(name: str, pattern: str) -> set[str]:
    """Return the first group of a pattern at the start of each line of a page."""
    return {match[1] for match in re.finditer(f"^{pattern}", page(name), re.MULTILINE)}


def test_every_extra_is_documented() -> None:
    section = page("start.md").partition("(install)=")[2].partition("\n## First steps")[0]
    named = re.findall(r"^\| `([a-z0-9]+)` \|", section, re.MULTILINE)
    assert sorted(named) == sorted(metadata("perimeter365").get_all("Provides-Extra") or ())


def tables_and_pages() -> Iterator[tuple[str, Iterable[str], set[str]]]:
    """Yield the name of each table, its items, and the items on its page."""
    catalog = read_catalog("embedded")
    rows = (*catalog.rows.values(), catalog.dns)
    keys = [key for table in PROFILE_TABLES.values() for key in table]
    variables = [setting["variable"] for setting in settings_in_force(ROOT_CONTEXT)]
    cell, target = r"\| `([^`]+)` \|", r"\| \[(\S+)\]\(\1\.md\) \|"
    yield (
        "commands",
        [path.replace(".", " ") for path, _ in commands(ROOT_CONTEXT)],
        named("reference/commands.md", "### (.+)"),
    )
    yield "variables", [*variables, *OTHER_VARIABLES], named("reference/settings.md", cell)
    yield "keys", [*keys, *DNS_KEYS, *OUR_ROLES, *catalog.scenarios], named("reference/profile.md", cell)
    yield "rows", [f"row-{row.number}" if row.number else "dns" for row in rows], named("reference/rows.md", r"\((\S+)\)=$")
    yield "requirements", [r.id for row in rows for r in row.requirements], named("reference/rows.md", cell)
    yield "codes", explanations(), named("reference/codes.md", r"\*\*(\S+)\*\*: ")
    yield "targets", targets, named("reference/targets/index.md", target)
    yield "reasons of losses", list(REASONS), named("losses.md", r"\| `([a-z-]+)` \| (?:device|choice|profile|plan) \|")
    yield "what is outside", list(OUTSIDE), named("losses.md", r"\| `([a-z]+)` \| (?:flows|sites|DNS records)")
    for name in targets:
        found = named(f"reference/targets/{name}.md", r"\| `(?:--option |)([^`]+)` \|")
        yield name, [*targets[name].limits, *(f"{name}.{key}=…" for key in targets[name].options)], found


def test_the_tables_and_their_pages_agree_both_ways() -> None:
    differ = {what: sorted(set(table) ^ found) for what, table, found in tables_and_pages() if set(table) != found}
    assert differ == {}


GLOSSARY = re.findall(r"^\| ([a-z][^|]*) \| ([^|]+) \| \[[^]]+\]\(([^)]+)\) \|$", page("glossary.md"), re.MULTILINE)
"""Word, definition and page of each entry of the glossary."""

VOCABULARIES: dict[str, Iterable[str]] = {
    "The category of ": requirement.CATEGORIES,
    "The direction of ": requirement.DIRECTIONS,
    "A requirement: ": [kind.__name__.lower() for kind in get_args(requirement.Requirement)],
    "A loss: ": explain.KINDS_OF_LOSSES,
    "The origin of ": (state.LIVE, state.RECORDED),
    "as a name for `diff`": (reference.HEAD, reference.NEWEST, reference.EMBEDDED),
    "The status of a sync ": (sync.UNCHANGED, sync.COMMITTED, sync.FAILED),
    "The outcome of a held state ": entries.RESOLUTIONS,
    "A reason to hold a list": gates.STEP_CODES,
    "A reason to hold an entry": gates.ENTRY_CODES,
    "The state of an entry ": effective.STATES,
}
"""Phrase in the definitions of the glossary -> the words of the vocabulary to which only they belong."""


def test_the_page_of_losses_has_the_sentence_of_each_reason() -> None:
    text = page("losses.md")
    assert [r.code for r in REASONS.values() if f"| `{r.code}` | {r.cause} | {r.sentence} |" not in text] == []


@pytest.mark.parametrize("phrase", VOCABULARIES)
def test_the_glossary_and_each_fixed_vocabulary_agree_both_ways(phrase: str) -> None:
    assert {word for word, meaning, _ in GLOSSARY if phrase in meaning} == set(VOCABULARIES[phrase])


def test_the_page_linked_from_a_glossary_entry_uses_the_word() -> None:
    texts = {link: re.sub(r"[\s-]+", " ", page(link).lower()) for _, _, link in GLOSSARY}
    assert [(word, link) for word, _, link in GLOSSARY if word.replace("-", " ") not in texts[link]] == []


def test_the_glossary_defines_each_word_once_in_alphabetical_order_and_in_two_sentences() -> None:
    words = [word for word, _, _ in GLOSSARY]
    assert len(set(words)) == len(words) == page("glossary.md").count("\n| ") - 2 * page("glossary.md").count("\n| word ")
    for group in page("glossary.md").split("\n## ")[1:]:
        found = re.findall(r"^\| (?!word |--- )([^|]+) \|", group, re.MULTILINE)
        assert found == sorted(found)
    assert [word for word, meaning, _ in GLOSSARY if len(re.findall(r"\.(?= |$)", meaning)) > 2] == []


def test_each_package_is_on_the_page_about_the_architecture() -> None:
    package = ROOT / "src" / "perimeter365"
    packages = {path.name for path in package.glob("[a-z]*.py")} | {f"{path.name}/" for path in package.glob("[a-z]*/")}
    described = set(re.findall(r"^\| `([a-z.]+/?)` ", page("architecture.md"), re.MULTILINE))
    assert packages <= described
    assert described - packages <= set(re.findall(r"^\| `([a-z.]+/?)` \* ", page("architecture.md"), re.MULTILINE))


def test_each_question_has_its_page() -> None:
    found = {path.stem for path in (DOCS / "questions").glob("*.md")} - {"index"}
    assert found == set(QUESTIONS)
    for name in QUESTIONS:
        assert f"({name}.md)" in page("questions/index.md")


def dead_links(path: Path) -> Iterator[str]:
    """Yield the links of a page to missing pages and anchors."""
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" not in link:
            place, _, anchor = link.partition("#")
            target = path.parent / place if place else path
            if not target.is_file() or (anchor and f"({anchor})=" not in target.read_text("utf-8")):
                yield f"{name_of(path)}: {link}"


def test_links_between_pages_are_valid() -> None:
    assert [link for path in PAGES for link in dead_links(path)] == []


def test_every_page_is_in_a_table_of_contents() -> None:
    listed = {DOCS / "index.md"}
    for path in PAGES:
        for block in re.findall(r"```\{toctree\}\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
            entries = [line for line in block.splitlines() if line and not line.startswith(":")]
            listed |= {path.parent / f"{entry}.md" for entry in entries}
    assert listed == set(PAGES)


@pytest.mark.skipif(not importlib.util.find_spec("furo"), reason="the group `docs` is not installed")
def test_sphinx_builds_without_a_warning(tmp_path: Path) -> None:
    assert docs.html(tmp_path / "html") == 0
    assert (tmp_path / "html" / "index.html").is_file()


def test_the_table_of_the_service_has_each_of_its_files() -> None:
    described = re.findall(r"^\|[^|`]*\| `([a-z_]+\.py)` \|", page("architecture.md"), re.MULTILINE)
    files = {path.name for path in (ROOT / "src/perimeter365/web").glob("*.py")} - {"__init__.py"}
    assert sorted(described) == sorted(files)
