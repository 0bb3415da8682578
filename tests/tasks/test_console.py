"""The runner of pages notices what differs, and puts right only what it may."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from perimeter365.cli._age import note_age
from perimeter365.model.freshness import ages
from tasks import console
from tasks.console import DifferError, blocks, matches, recipe, run_page, steps

bash = pytest.mark.skipif(not shutil.which("bash"), reason="bash is not here")


def page(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "page.md"
    path.write_text(text, "utf-8")
    return path


def console_block(text: str) -> str:
    return f"# A page\n\n```console\n{text}```\n"


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n", "a  \n", True),
        ("a\n", "a\nb\n", False),
        ("", "", True),
        ("", "a\n", False),
        ("...\nc\n", "a\nb\nc\n", True),
        ("a\n...\n", "a\n", True),
        ("a\n...\nc\n", "a\nb\n", False),
        ("a … c\n", "a b c\n", True),
        ("a … c\n", "a b\nc\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_what_matches(shown: str, printed: str, same: bool) -> None:
    assert matches(shown, printed) is same


def test_blocks_and_steps_know_their_place() -> None:
    text = console_block("$ one\nprinted\n$ two \\\n>     more\n$ three\n")
    (block,) = blocks(text)
    found = list(steps(block))
    assert [(s.command, s.shown, s.line) for s in found] == [
        ("one", "printed\n", 4),
        ("two \\\n    more", "", 6),
        ("three", "", 8),
    ]
    assert text[found[0].start :].startswith("printed\n")


def test_output_before_a_command_is_an_error() -> None:
    (block,) = blocks(console_block("printed\n"))
    with pytest.raises(DifferError):
        list(steps(block))


@bash
def test_a_right_page_passes_and_blocks_share_a_folder(tmp_path: Path) -> None:
    text = console_block("$ echo x > file\n") + console_block("$ cat file\nx\n") + "```sh\nexit 1\n```\n"
    assert run_page(page(tmp_path, text + "```python\nassert open('file').read() == 'x\\n'\n```\n")) == 3


@bash
@pytest.mark.parametrize(
    "text",
    [
        console_block("$ echo other\nshown\n"),
        console_block("$ exit 3\n"),
        "```python\nraise SystemExit(1)\n```\n",
        '```toml\n[organization]\nclouds = ["mars"]\n```\n',
        console_block("$ make no-such-target\n"),
    ],
)
def test_a_wrong_page_is_noticed(tmp_path: Path, text: str) -> None:
    path = page(tmp_path, text)
    with pytest.raises(DifferError):
        run_page(path)
    assert path.read_text("utf-8") == text


@bash
def test_write_puts_what_is_printed_in_its_place(tmp_path: Path) -> None:
    path = page(tmp_path, console_block("$ echo one\n$ echo two\nold\n"))
    assert console.main(["--write", str(path)]) == 0
    assert path.read_text("utf-8") == console_block("$ echo one\none\n$ echo two\ntwo\n")
    assert console.main([str(path)]) == 0


@bash
@pytest.mark.parametrize("text", ["$ echo a b\na … c\n", "$ exit 3\n", "$ echo 'error[P365-BUG]: x'\n"])
def test_write_hides_no_failure(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = page(tmp_path, console_block(text))
    assert console.main(["--write", str(path)]) == 1
    assert "page.md, line 4" in capsys.readouterr().err
    assert path.read_text("utf-8") == console_block(text)


@bash
def test_a_page_sees_no_setting_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERIMETER365_QUIET", "1")
    run_page(page(tmp_path, console_block('$ echo "[$PERIMETER365_QUIET]"\n[]\n')))


def test_make_is_the_makefiles_recipe() -> None:
    assert recipe("make demo") == "perimeter365 demo -o out"
    assert recipe("echo make demo") == "echo make demo"


def test_the_age_of_the_catalog_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    lists = {"worldwide": "2026010100", "china": "2026010100"}
    note_age(ages(lists, {"worldwide": "2026-01-01T10:00:00+00:00"}, date(2026, 8, 1)), quiet=False, chosen=True)
    notes = capsys.readouterr().err
    assert re.findall(r"^note: ([a-z-]+): ", notes, re.MULTILINE) == ["stale-catalog", "catalog-age"]
    assert console.NOTE.sub("", f"a\n{notes}note: other: b\n") == "a\nnote: other: b\n"
