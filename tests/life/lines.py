"""Lines of a manual, as a person pastes them into a shell, or is interrupted in the middle of one."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.life.shell import Shell

_TOKEN = re.compile(r"'[^']*'|\$?[({]|[)}]| && | \|\| |.", re.DOTALL)


def commands_of(line: str) -> list[str]:
    """Return the commands of a line that `&&` joins, without what is run if one fails."""
    found, depth = [""], 0
    for token in _TOKEN.findall(line):
        depth += (token[-1] in "({") - (token in (")", "}"))
        if depth == 0 and token == " || ":
            break
        if depth == 0 and token == " && ":
            found.append("")
        else:
            found[-1] += token
    return found


def interrupted(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield the lines up to each command, without the last one."""
    before: list[str] = []
    cuts: list[list[str]] = []
    for line in lines:
        parts = commands_of(line)
        cuts += [[*before, " && ".join(parts[:count])] for count in range(1, len(parts) + 1)]
        before.append(line)
    yield from cuts[:-1]


def pasted(shell: Shell, folder: Path, lines: Iterable[str]) -> str:
    """Paste lines into one shell, which expands its history as an interactive one does; return what is printed.

    The last command prints that the shell is still there.
    """
    script = folder.parent / "pasted"
    script.write_text("".join(f"{line}\n" for line in ("set -o history -o histexpand", *lines, "echo still there")))
    done = shell.attempt(f"cd {folder} && bash < {script} 2>&1")
    assert "still there" in done.stdout, done.stdout
    assert "event not found" not in done.stdout, done.stdout
    return done.stdout
