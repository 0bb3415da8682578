"""`completion`: the scripts, and completions in bash, zsh and fish."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from perimeter365.cli.completion import SHELLS
from tests.cli.conftest import Cli
from tests.consumers import need


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_a_script(cli: Cli, shell: str) -> None:
    ran = cli("completion", shell)
    assert ran.code == 0
    assert "_PERIMETER365_COMPLETE" in ran.out


def test_another_shell_is_exit_2(cli: Cli) -> None:
    assert cli("completion", "tcsh").code == 2


PROGRAM = Path(sys.executable).with_name("perimeter365")
LINES = {"loo": "lookup", "render nftab": "nftables", "show mailb": "mailbox-migration", "render --pro": "--profile"}
"""Typed text -> the only word that completes it."""


def environment() -> dict[str, str]:
    """Return the environment without settings, with the installed command in PATH."""
    if not PROGRAM.exists():
        pytest.skip("the installed command is missing")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PERIMETER365")}
    return {**kept, "PATH": f"{PROGRAM.parent}:{kept.get('PATH', os.defpath)}", "TERM": "dumb"}


def in_bash(words: str) -> list[str]:
    """Return the completions of bash after these words."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    typed = words.split(" ")
    script = f"""
        eval "$({PROGRAM} completion bash)"
        COMP_WORDS=(perimeter365 {" ".join(f"'{w}'" for w in typed)})
        COMP_CWORD={len(typed)}
        _perimeter365_completion {PROGRAM}
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run([bash, "-c", script], capture_output=True, text=True, check=True, env=environment())
    return done.stdout.split()


def in_fish(words: str, home: Path) -> list[str]:
    """Return the completions of fish; each line is a word, a tab and a description."""
    script = f"perimeter365 completion fish | source; complete --do-complete 'perimeter365 {words}'"
    settings = {**environment(), "HOME": str(home)}
    done = subprocess.run([need("fish"), "-c", script], capture_output=True, text=True, check=True, env=settings)
    assert not done.stderr
    return [line.partition("\t")[0] for line in done.stdout.splitlines()]


def in_zsh(words: str, home: Path) -> str:
    """Return the command line after the tab key in zsh, on a pseudo-terminal."""
    ours, terminal = pty.openpty()
    zsh = subprocess.Popen(
        [need("zsh"), "-f", "-i"],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env={**environment(), "HOME": str(home), "PS1": ""},
        start_new_session=True,
    )
    os.close(terminal)
    try:
        os.write(
            ours, b"autoload -Uz compinit && compinit -u -D && eval \"$(perimeter365 completion zsh)\" && print REA''DY\n"
        )
        until(ours, r"READY")
        # after the tab, go to the start of the line and print it instead of running it
        os.write(ours, f"perimeter365 {words}\t\x01print -r LI''NE \x05 EN''D\n".encode())
        return until(ours, r"LINE perimeter365 (.*?) *END")[1]
    finally:
        zsh.kill()
        zsh.wait()
        os.close(ours)


def until(terminal: int, pattern: str) -> re.Match[str]:
    """Read a terminal until a pattern matches.

    Fails the test on end of file, or after a minute without output.
    """
    text = ""
    while (found := re.search(pattern, text)) is None:
        ready, _, _ = select.select([terminal], [], [], 60)
        assert ready, text
        text += os.read(terminal, 4096).decode("utf-8", "replace")
    return found


KINDS = {
    "render nftab": ["nftables"],
    "targets wiregu": ["wireguard"],
    "render wireguard -O wireg": [
        *(f"wireguard.categories={value}" for value in ("optimize", "optimize-allow", "all")),
        *(f"wireguard.mode={value}" for value in ("exclude", "include")),
        "wireguard.endpoint=",
        "wireguard.interface=",
    ],
    "render pac -O pac.pro": ["pac.proxy="],
    "render fortigate --limit fortigate.pol": ["fortigate.policies=5000"],
    "explain role-un": ["role-unset"],
    "explain p365-lim": ["P365-LIMIT"],
    "explain widen": ["widened"],
    "lookup --cloud chi": ["china"],
    "history 1.1.1.1 --cloud gcc": ["gcchigh"],
    "sync --cloud do": ["dod"],
    "show hybrid-conf": ["hybrid-configuration-wizard"],
    "show row/6/": ["row/6/mrs-proxy"],
    "show ws/worldwide/56": ["ws/worldwide/56"],
    "--col": ["--color"],
    "plan --for": ["--format"],
    "plan --format mark": ["markdown"],
}
"""Typed text -> all words that complete it: one line per kind of name."""


@pytest.mark.parametrize("typed", KINDS)
def test_bash_completes_each_kind_of_name(typed: str) -> None:
    assert in_bash(typed) == KINDS[typed]


def test_bash_completes_commands_options_and_targets() -> None:
    for typed, word in LINES.items():
        assert word in in_bash(typed)
    assert in_bash("render nftab") == ["nftables"]


def test_fish_completes_commands_options_and_targets(tmp_path: Path) -> None:
    for typed, word in LINES.items():
        assert word in in_fish(typed, tmp_path), typed
    assert in_fish("render nftab", tmp_path) == ["nftables"]


@pytest.mark.parametrize("typed", LINES)
def test_zsh_completes_commands_options_and_targets(typed: str, tmp_path: Path) -> None:
    *before, _ = typed.split(" ")
    assert in_zsh(typed, tmp_path).split() == [*before, LINES[typed]]
