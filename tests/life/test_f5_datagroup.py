"""The life of data groups on a BIG-IP: load.sh and the manual, with a model of tmsh."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import EmptyArtifactError
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, targets
from perimeter365.targets.since import load_kept
from perimeter365.targets.write import write
from tests.life import tries
from tests.life.models import tmsh
from tests.life.models.tmsh import RefusedError, carry_out, class_match, records
from tests.life.shell import Shell
from tests.life.test_feeds import covered, plan, wanted

NAME = "f5-datagroup"
FAULT = Path(__file__).parent / "faults" / NAME / "worldwide-exchange-outbound-optimize-string.class"


class Device:
    """A BIG-IP, its shell, and an output folder."""

    def __init__(self, shell: Shell, organization: str = "") -> None:
        self.shell, self.organization = shell, organization
        self.out = shell.folder / f"out{organization}"

    def load(self, which: Plan, part: Any = "update", **options: str) -> None:
        kept = load_kept(self.out, targets[NAME])
        self.target = targets[NAME](Style(options={"prefix": self.organization, **options}, kept=kept))
        write([self.target.render(which)], self.out, allow_empty=True)
        self.follow(part)

    def follow(self, part: Any) -> None:
        self.shell.follow(f"cd {self.out / NAME} && {line}" for line in self.target.commands(part) if line[0] != "#")

    @property
    def state(self) -> tmsh.State:
        place = self.shell.folder / "state.json"
        state: tmsh.State = json.loads(place.read_text()) if place.exists() else {"files": {}, "groups": {}}
        return state

    def entries(self) -> set[str]:
        """What the data groups of the organization match, as patterns of the plan."""
        start, state, found = self.target.own_name("m365-"), self.state, set()
        for name, group in state["groups"].items():
            if name.startswith(start):
                found |= {f"*{e}" if e[0] == "." else e for e in state["files"][group["file"]]["records"]}
        hosts = {e for e in found if "/" not in e and (":" in e or e.replace(".", "").isdigit())}
        networks = {e for e in found if "/" in e} | {f"{e}/{128 if ':' in e else 32}" for e in hosts}
        return covered((found - hosts) | networks) - {"192.0.2.255/32", "closed.invalid"}


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "tmsh"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -S -E {tmsh.__file__} "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]])
    with Shell(tmp_path, {"TMSH_STATE": str(tmp_path / "state.json"), "PATH": path}) as made:
        yield made


def few(*scenarios: str) -> Plan:
    """The flows of some scenarios of the example."""
    return replace(plan(), flows=tuple(f for f in plan().flows if f.scenario in scenarios))


SMALL, LARGE = few("teams-mobile-push"), few("ncsi", "mailbox-migration", "teams-mobile-push")


@tries(NAME, "install", "again", "neighbors", "remove")
def test_data_groups_are_loaded_twice_beside_others_and_removed_alone(shell: Shell) -> None:
    own = shell.folder / "own.class"
    own.write_text('"www.contoso.com" := "mine",\n')
    shell.run(f"tmsh create sys file data-group own type string source-path file:{own}")
    shell.run("tmsh create ltm data-group external own external-file-name own")
    before = shell.folder.joinpath("state.json").read_text()
    one, other = Device(shell), Device(shell, "fabrikam")
    one.load(LARGE, "install")
    assert one.entries() == wanted(NAME, LARGE)
    once = one.state
    one.load(LARGE)
    assert one.state == once
    other.load(SMALL, "install")
    assert (one.entries(), other.entries()) == (wanted(NAME, LARGE), wanted(NAME, SMALL))
    one.follow("remove")
    assert other.entries() == wanted(NAME, SMALL)
    other.follow("remove")
    assert json.loads(before) == one.state


@tries(NAME, "grow", "shrink", "unordered", "back")
def test_a_group_that_is_not_needed_any_more_closes(shell: Shell) -> None:
    device = Device(shell)
    for which in (SMALL, LARGE, SMALL, LARGE):
        device.load(which)
        assert device.entries() == wanted(NAME, which)
    write([device.target.render(SMALL)], device.out)  # rendered, and not loaded
    device.load(few("teams-mobile-push", "mailbox-migration"))
    assert device.entries() == wanted(NAME, few("teams-mobile-push", "mailbox-migration"))


@tries(NAME, "interrupted")
def test_a_script_that_stops_after_any_command_is_run_again(shell: Shell) -> None:
    device = Device(shell)
    device.load(SMALL)
    old = device.entries()
    write([(target := targets[NAME](Style(kept=load_kept(device.out, targets[NAME])))).render(LARGE)], device.out)
    script = device.out / NAME / "load.sh"
    lines = script.read_text().splitlines()
    puts = [number for number, line in enumerate(lines) if line.startswith("put ")]
    for number in (puts[0], puts[len(puts) // 2], puts[-1]):
        (device.out / NAME / "part.sh").write_text("\n".join(lines[: number + 1]))
        shell.run(f"cd {device.out / NAME} && sh part.sh")
        assert old <= device.entries()
    device.target = target
    device.follow("update")
    assert device.entries() == wanted(NAME, LARGE)


@tries(NAME, "empty")
def test_a_plan_with_nothing_is_refused_and_the_groups_stay(shell: Shell) -> None:
    device = Device(shell)
    device.load(SMALL)
    with pytest.raises(EmptyArtifactError):
        device.load(few())
    assert device.entries() == wanted(NAME, SMALL)


def test_exact_names_and_wildcards_match_by_their_operators(shell: Shell) -> None:
    device = Device(shell)
    device.load(few("sharepoint"), "install")
    state, groups = device.state, device.state["groups"]

    def passes(name: str) -> bool:
        return any(
            class_match(state, name, "equals" if group.endswith("-exact") else "ends_with", group)
            for group in groups
            if group.endswith(("-exact", "-suffix"))
        )

    hosts = {h for f in few("sharepoint").flows for h in f.destination.hosts}
    exact = {h.text for h in hosts if h.kind == "exact"}
    for host in exact:
        assert passes(host)
        assert not passes(f"evil{host}") or any(h.matches(f"evil{host}") for h in hosts)
    assert passes("contoso.sharepoint.com")
    assert not passes("evilsharepoint.com")
    assert not passes("sharepoint.com")


def test_the_model_finds_the_fault_of_the_earlier_form() -> None:
    """One data group of exact names and wildcards, compared with ends_with, also had names of other domains."""
    state = {"files": {"all": {"type": "string", "records": records(FAULT.read_text(), "string")}}, "groups": {}}
    state["groups"]["all"] = {"file": "all"}
    assert class_match(state, "eviloutlook.office365.com", "ends_with", "all")
    assert not class_match(state, "eviloutlook.office365.com", "equals", "all")


def test_each_command_of_the_script_is_needed(shell: Shell) -> None:
    device = Device(shell)
    device.load(SMALL)
    whole, script = device.state, device.out / NAME / "load.sh"
    lines = script.read_text().splitlines()
    for line in [line for line in lines if line.startswith("put ")][::2]:
        (shell.folder / "state.json").unlink()
        (device.out / NAME / "part.sh").write_text("\n".join(each for each in lines if each != line))
        shell.run(f"cd {device.out / NAME} && sh part.sh")
        assert device.state != whole


@pytest.mark.parametrize(
    "command",
    [
        "create sys file data-group a type string source-path file:x",
        "modify sys file data-group b source-path file:x",
        "delete sys file data-group a",
        "delete ltm data-group external a",
        "delete ltm data-group external b",
        "create ltm data-group external c external-file-name c",
        "format disk",
    ],
)
def test_the_model_refuses_what_the_device_refuses(command: str) -> None:
    state: tmsh.State = {"files": {"a": {"type": "ip", "records": []}}, "groups": {"a": {"file": "a"}}, "rules": {"a": {}}}
    with pytest.raises(RefusedError):
        carry_out(state, command.split())
