r"""Run the code blocks of Markdown pages and compare their output with the pages.

    ```console
    $ perimeter365 lookup 192.0.2.1; echo $?
    192.0.2.1
    ...
    1
    ```

A `console` block contains commands after `$ ` (continuation lines after `> `) and their output, stdout and stderr
together. `...` on a line of its own stands for any lines, `…` in a line for any characters. A command has to
exit with 0, unless it prints an error. `make X` runs the recipe of X from the Makefile, in the page's own folder.
`python` blocks are executed in order; a `toml` block with `[organization]` has to be a valid profile.
Blocks of other languages (`sh`, `text`, …) are not executed. A page starts in an empty folder with `examples/`.

    python -m tasks.console FILE...            run, and print differences; exit 1 if there are any
    python -m tasks.console --write FILE...    replace the shown output by the current output
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOTE = re.compile(r"^note: (?:catalog-age|stale-catalog): .*\n", re.MULTILINE)
"""A note that changes every day, so pages do not show it."""
SECONDS = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A fenced block of a page."""

    language: str
    text: str
    line: int
    """Line number of its first line of text, from 1."""
    start: int
    """Offset of the text in the page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A command of a console block and its output according to the page."""

    command: str
    shown: str
    start: int
    """Offset of the shown output in the page."""
    line: int


class DifferError(Exception):
    """A page shows something other than the real output."""


def blocks(text: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page, in order."""
    for found in FENCE.finditer(text):
        at = found.start(2)
        yield Block(language=found[1], text=found[2], line=text.count("\n", 0, at) + 1, start=at)


def steps(block: Block) -> Iterator[Step]:
    """Yield the commands of a console block. Raises DifferError for a line before the first command."""
    lines = block.text.splitlines(keepends=True)
    if lines and not lines[0].startswith("$ "):
        raise DifferError(f"line {block.line}: a console block starts with a command")
    at, number = 0, 0
    while number < len(lines):
        line, command = block.line + number, lines[number].removeprefix("$ ")
        at += len(lines[number])
        number += 1
        while number < len(lines) and lines[number].startswith("> "):
            command += lines[number].removeprefix("> ")
            at += len(lines[number])
            number += 1
        start, shown = at, ""
        while number < len(lines) and not lines[number].startswith("$ "):
            shown += lines[number]
            at += len(lines[number])
            number += 1
        yield Step(command=command.rstrip("\n"), shown=shown, start=block.start + start, line=line)


def matches(shown: str, printed: str) -> bool:
    """Return True if output matches a page, with `...` and `…` as in the module's docstring. Trailing blanks are ignored."""
    pattern = ""
    for line in shown.splitlines():
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += "[^\n]*".join(re.escape(part) for part in line.rstrip().split("…")) + "\n"
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in printed.splitlines())) is not None


def run_page(path: Path, *, write: bool = False) -> int:
    """Run all blocks of a page. Return the number of commands and programs.

    With `write`, differing console blocks are replaced, except those that contain `...` or `…`.

    Raises:
        DifferError: the page differs; the error has the line, the shown and the printed output.
    """
    text = path.read_text("utf-8")
    count = 0
    changes: list[tuple[Step, str]] = []
    with tempfile.TemporaryDirectory(prefix="perimeter365-docs-") as name:
        folder = Path(name)
        shutil.copytree(ROOT / "examples", folder / "examples")
        for block in blocks(text):
            if block.language == "console":
                for step in steps(block):
                    count += 1
                    printed = run_step(step, folder, path)
                    if not matches(step.shown, printed):
                        if not write or "…" in step.shown or "...\n" in step.shown:
                            place = f"{path.name}, line {step.line}: $ {step.command}"
                            raise DifferError(f"{place}\n--- shown\n{step.shown}--- printed\n{printed}")
                        changes.append((step, "".join(f"{line.rstrip()}\n" for line in printed.splitlines())))
            elif block.language == "python":
                count += 1
                run_program(block, folder, path)
            elif block.language == "toml" and "[organization]" in block.text:
                count += 1
                check_profile(block, path)
    for step, printed in reversed(changes):
        text = text[: step.start] + printed + text[step.start + len(step.shown) :]
    if changes:
        path.write_text(text, "utf-8", newline="\n")
    return count


def run_step(step: Step, folder: Path, path: Path) -> str:
    """Return the output of a command, stdout and stderr. Raises DifferError if it fails without an error message."""
    done = subprocess.run(
        ["bash", "-c", recipe(step.command)],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    printed = NOTE.sub("", done.stdout)
    if "error[P365-BUG]" in printed or (done.returncode and "error[" not in printed):
        raise DifferError(f"{path.name}, line {step.line}: $ {step.command}\nexit code {done.returncode}\n{printed}")
    return printed


def recipe(command: str) -> str:
    """Return the command to run: for `make X`, the recipe of the Makefile with the current interpreter."""
    if not command.startswith("make "):
        return command
    target = command.removeprefix("make ").strip()
    found = re.search(rf"^{re.escape(target)}:[^\n]*\n\t([^\n]+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    if not found:
        raise DifferError(f"the Makefile has no {target!r}")
    return found[1].replace("$(BIN)/", "").replace("$(ARGS)", "").strip()


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a new user: no settings, no color, no store, a wide terminal."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PERIMETER365") and k != "NO_COLOR"}
    scripts = str(Path(sys.executable).parent)
    mine = {"PATH": f"{scripts}{os.pathsep}{kept['PATH']}", "HOME": str(folder), "XDG_DATA_HOME": str(folder / ".data")}
    return {**kept, **mine, "LC_ALL": "C.UTF-8", "COLUMNS": "100"}


def run_program(block: Block, folder: Path, path: Path) -> None:
    """Execute a `python` block in a separate process."""
    done = subprocess.run(
        [sys.executable, "-c", block.text],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        raise DifferError(f"{path.name}, line {block.line}: the program fails\n{done.stderr}")


def check_profile(block: Block, path: Path) -> None:
    """Parse a `toml` block as a profile."""
    from perimeter365.errors import ProfileError
    from perimeter365.plan.profile import parse_profile

    try:
        parse_profile(block.text, path.name)
    except ProfileError as error:
        raise DifferError(f"{path.name}, line {block.line}: {error}") from None


def main(arguments: list[str]) -> int:
    """Run pages and return the exit code."""
    write = "--write" in arguments
    bad = 0
    for name in arguments:
        if name == "--write":
            continue
        try:
            print(f"{name}: {run_page(Path(name), write=write)} blocks")
        except DifferError as error:
            bad = 1
            print(error, file=sys.stderr)
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
