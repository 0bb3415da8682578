"""The life of definitions and policies in a repository of Aerleon, with aclgen."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render, targets
from tests.consumers import need
from tests.life import tries
from tests.life.shell import FailedError, Shell
from tests.targets.netfilter import by_hand
from tests.targets.packets import atoms
from tests.targets.test_aerleon import cisco, juniper, split
from tests.targets.test_since import before_and_after

FAULTS = Path(__file__).parent / "faults" / "aerleon"
OLD, NEW = before_and_after()
NONE = by_hand()
OWN = {
    "def/own.yaml": "networks:\n  OFFICE:\n    values:\n      - address: 192.168.0.0/16\n",
    "policies/pol/own.yaml": """filters:
  - header:
      targets:
        cisco: own extended
    terms:
      - name: office
        source-address: OFFICE
        action: accept
""",
}
WRITTEN: dict[str, str] = {}
"""The output of the policy, from the first test."""


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    """A shell in a repository with definitions and a policy of its own, whose output was written."""
    need("aerleon")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    for name, text in OWN.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "filters").mkdir()
    with Shell(tmp_path, {"PATH": path}) as shell:
        if not WRITTEN:
            shell.run(targets["aerleon"]().commands("install")[-1])
            WRITTEN.update({name: text for name, text in state(shell).items() if name.startswith("filters/")})
        for name, text in WRITTEN.items():
            (tmp_path / name).write_text(text)
        yield shell


def put(shell: Shell, plan: Plan, **options: str) -> tuple[str, ...]:
    """Put the files of a plan into the folder `aerleon`, and return the lines of the manual."""
    shutil.rmtree(shell.folder / "aerleon", ignore_errors=True)
    style = Style(options={"generators": "cisco,juniper", **options}, allow_empty=True)
    for artifact in render(plan, "aerleon", style).artifacts:
        path = shell.folder / "aerleon" / artifact.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.content)
    return targets["aerleon"](style).commands("install")


def state(shell: Shell) -> dict[str, str]:
    """Return the files of the repository without our folder."""
    found = (path for path in sorted(shell.folder.rglob("*")) if path.is_file())
    names = ((path, str(path.relative_to(shell.folder))) for path in found)
    return {name: path.read_text() for path, name in names if not name.startswith("aerleon/")}


def permits(shell: Shell, plan: Plan, name: str = "m365") -> bool:
    """Return whether the generated access lists permit exactly the packets of a plan."""
    filters = shell.folder / "filters"
    lists = (
        split(cisco((filters / f"{name}-cisco.acl").read_text())),
        split(juniper((filters / f"{name}-juniper.jcl").read_text())),
    )
    return all(each == split(atoms(plan)) for each in lists)


@tries("aerleon", "install", "again", "remove")
def test_an_installation_changes_nothing_of_the_repository_and_a_removal_restores_it(shell: Shell) -> None:
    before = state(shell)
    lines = put(shell, OLD)
    shell.follow(lines)
    assert permits(shell, OLD)
    once = state(shell)
    assert {name: once[name] for name in before} == before
    shell.follow(lines)
    assert state(shell) == once
    shell.follow(put(shell, OLD, generators="cisco"))
    assert set(once) - set(state(shell)) == {"filters/m365-juniper.jcl", "policies/pol/m365-juniper.yaml"}
    shell.follow(targets["aerleon"]().commands("remove"))
    assert state(shell) == before


@tries("aerleon", "grow", "shrink", "back", "unordered")
def test_the_access_lists_are_those_of_the_last_files(shell: Shell) -> None:
    shell.follow(put(shell, OLD))
    first = state(shell)
    put(shell, OLD)  # rendered, but never loaded
    shell.follow(put(shell, NEW))
    assert permits(shell, NEW)
    shell.follow(put(shell, OLD))
    assert state(shell) == first


@tries("aerleon", "empty", "shrink")
def test_nothing_is_left_open_when_everything_leaves(shell: Shell) -> None:
    before = state(shell)
    shell.follow(put(shell, OLD))
    shell.follow(put(shell, NONE))
    after = state(shell)
    assert {name: after[name] for name in before} == before
    assert "filters/m365-juniper.jcl" not in after
    text = after["filters/m365-cisco.acl"]
    assert list(cisco(text)) == []
    assert text.count("deny ip any any\n") == text.count("deny ipv6 any any\n") == 1


@tries("aerleon", "interrupted")
def test_a_run_that_was_broken_off_can_be_repeated(shell: Shell) -> None:
    shell.follow(put(shell, OLD))
    lines = put(shell, NEW)
    for stop in range(len(lines)):
        shell.follow(lines, stop_after=stop)
    shell.follow(lines)
    assert permits(shell, NEW)


@tries("aerleon", "neighbors")
def test_two_organizations_have_their_own_files(shell: Shell) -> None:
    shell.follow(put(shell, OLD))
    alone = state(shell)
    shell.follow(put(shell, NEW, prefix="fabrikam"))
    assert permits(shell, OLD)
    assert permits(shell, NEW, "m365fabrikam")
    shell.follow(targets["aerleon"](Style(options={"prefix": "fabrikam"})).commands("remove"))
    assert state(shell) == alone


@pytest.mark.parametrize("number", range(len(targets["aerleon"]().commands("install"))))
def test_each_command_is_missed(shell: Shell, number: int) -> None:
    shell.follow(put(shell, OLD)[:-1])
    lines = put(shell, NEW, generators="cisco")
    right = {"policies/pol/m365-cisco.yaml", "policies/includes/m365-both.yaml", "filters/m365-cisco.acl"}
    try:
        shell.follow([*lines[:number], *lines[number + 1 :]])
    except FailedError:
        return
    found = {name for name in state(shell) if "m365" in name and not name.startswith("def/")}
    text = state(shell).get("filters/m365-cisco.acl", "")
    assert found != right or split(cisco(text)) != split(atoms(NEW))


def test_the_former_files_left_the_old_access_list_in_place(shell: Shell) -> None:
    shell.follow(put(shell, OLD))
    for folder in ("def", "policies"):
        shutil.rmtree(shell.folder / "aerleon")
        shutil.copytree(FAULTS / folder, shell.folder / "aerleon" / folder)
        shell.run(f"rm -rf {folder}; cp -r aerleon/{folder} .")
    for name, text in OWN.items():
        (shell.folder / name).parent.mkdir(exist_ok=True)
        (shell.folder / name).write_text(text)
    old = state(shell)["filters/m365-cisco.acl"]
    assert split(cisco(old))
    shell.run(targets["aerleon"]().commands("install")[-1])
    assert state(shell)["filters/m365-cisco.acl"] == old
