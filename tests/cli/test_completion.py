"""`completion`: the scripts, and what bash makes of one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from perimeter365.cli.completion import SHELLS
from tests.cli.conftest import Cli


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_a_script(cli: Cli, shell: str) -> None:
    ran = cli("completion", shell)
    assert ran.code == 0
    assert "_PERIMETER365_COMPLETE" in ran.out


def test_another_shell_is_exit_2(cli: Cli) -> None:
    assert cli("completion", "tcsh").code == 2


def complete(words: str) -> list[str]:
    """What bash offers behind these words."""
    bash = shutil.which("bash")
    program = Path(sys.executable).with_name("perimeter365")
    if bash is None or not program.exists():
        pytest.skip("bash, or the installed command, is not here")
    typed = words.split(" ")
    script = f"""
        eval "$({program} completion bash)"
        COMP_WORDS=(perimeter365 {" ".join(f"'{w}'" for w in typed)})
        COMP_CWORD={len(typed)}
        _perimeter365_completion {program}
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PERIMETER365")}
    done = subprocess.run([bash, "-c", script], capture_output=True, text=True, check=True, env=environment)
    return done.stdout.split()


def test_bash_completes_commands_options_and_targets() -> None:
    assert complete("loo") == ["lookup"]
    assert "--profile" in complete("render --pro")
    assert complete("render nftab") == ["nftables"]
    assert complete("show mailb") == ["mailbox-migration"]
    assert complete("plan --format mark") == ["markdown"]
