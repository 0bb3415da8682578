"""The life of the variables and the example playbook, with ansible-playbook."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render, targets
from perimeter365.targets.life import Part
from tests.consumers import need
from tests.life import tries
from tests.life.shell import FailedError
from tests.targets.netfilter import by_hand, flow, party

NAME = "ansible-vars"
TEAMS = flow("ws/worldwide/11", party("client", "10.0.0.0/8"), party("teams", "52.112.0.0/14"), udp="3478-3481")
MORE = flow("ws/worldwide/11", party("client", "10.0.0.0/8"), party("teams", "52.112.0.0/14", "52.122.0.0/15"), udp="3478")
INBOUND = flow("row/6/in", party("exchange-online", "40.96.0.0/13"), party("mrs-proxy", "203.0.113.10"), tcp="443")
ONE, TWO, NOTHING = by_hand(TEAMS), by_hand(MORE, INBOUND), by_hand()


class Control:
    """A control node with a file of its administrator in the folder of the lists."""

    def __init__(self, folder: Path, prefix: str = "") -> None:
        self.ansible = need("ansible-playbook").parent
        self.folder, self.options, self.own = folder, {"prefix": prefix}, f"m365{prefix}"
        (folder / f"{self.own}-lists").mkdir(parents=True)
        (folder / f"{self.own}-lists" / "admins.txt").write_text("own")

    def put(self, which: Plan) -> None:
        """Render a plan into the folder."""
        for artifact in render(which, NAME, Style(options=self.options)).artifacts:
            (path := self.folder / artifact.name).parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(artifact.content)

    def begin(self, which: Plan) -> None:
        """Write the lists of a plan, as a play would."""
        for name, content in expected(which, self.own).items():
            (self.folder / f"{self.own}-lists" / name).write_text(content)

    def run(self, line: str) -> str:
        """Run a line. Raises FailedError."""
        environment = {
            "PATH": os.pathsep.join([str(self.ansible), os.environ["PATH"]]),
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_LOCAL_TEMP": str(self.folder / "tmp"),
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            "ANSIBLE_NOCOWS": "1",
        }
        done = subprocess.run(
            ["bash", "-c", line], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=100, check=False
        )
        if done.returncode:
            raise FailedError(f"{line}: {done.stdout}{done.stderr}")
        return done.stdout

    def follow(self, part: Part) -> str:
        """Carry out a part of the manual, and return the output of the last line."""
        return [self.run(line) for line in targets[NAME](Style(options=self.options)).commands(part)][-1]

    def lists(self) -> dict[str, str]:
        """The lists that were written, and the file of the administrator."""
        return {path.name: path.read_text() for path in (self.folder / f"{self.own}-lists").iterdir()}


def expected(which: Plan, own: str = "m365") -> dict[str, str]:
    """The lists by hand: one for each direction and category."""
    found = {"admins.txt": "own"}
    if which is not NOTHING:
        more = "52.122.0.0/15\n" if which is TWO else ""
        found[f"{own}_{group(TEAMS)}.txt"] = f"52.112.0.0/14\n{more}"
    if which is TWO:
        found[f"{own}_{group(INBOUND)}.txt"] = "40.96.0.0/13\n"
    return found


def group(of: object) -> str:
    words = [str(getattr(of, name) or "other") for name in ("cloud", "scenario", "direction", "category")]
    return "_".join(words).replace("-", "_")


# A play takes some four seconds, so a trial starts with the lists of an earlier one where another test has shown them.


@tries(NAME, "install", "again", "grow", "unordered", "interrupted")
def test_the_example_writes_the_lists_of_the_plan(tmp_path: Path) -> None:
    control = Control(tmp_path)
    control.put(ONE)
    control.follow("install")
    first, last = expected(ONE), expected(TWO)
    assert control.lists() == first
    assert "changed=0" in control.follow("update")
    control.put(NOTHING)  # rendered, but the play is not run
    control.put(TWO)
    control.run(targets[NAME]().commands("install")[0])
    assert control.lists() == first  # a check of the syntax changes nothing
    (blocked := tmp_path / "m365-lists" / f"m365_{group(INBOUND)}.txt").mkdir()  # a list that cannot be written
    with pytest.raises(FailedError):
        control.follow("update")
    blocked.rmdir()
    assert control.lists().items() <= {*first.items(), *last.items()}
    control.follow("update")
    assert control.lists() == last


@tries(NAME, "shrink", "back", "empty", "neighbors", "remove")
def test_lists_that_are_gone_are_removed_beside_another_organization(tmp_path: Path) -> None:
    one, other = Control(tmp_path), Control(tmp_path, "fabrikam")
    other.put(ONE)
    other.follow("update")
    others = expected(ONE, "m365fabrikam")
    one.begin(TWO)
    one.put(ONE)
    one.follow("update")
    assert (one.lists(), other.lists()) == (expected(ONE), others)
    one.put(NOTHING)
    one.follow("update")
    assert (one.lists(), other.lists()) == (expected(NOTHING), others)
    (tmp_path / "m365-lists" / "admins.txt").rename(tmp_path / "admins.txt")
    one.follow("remove")
    assert other.lists() == others
    left = {path.name for path in tmp_path.iterdir() if not path.name.startswith(".")} - {"tmp"}
    assert left == {"group_vars", "admins.txt", "m365fabrikam-lists", "m365fabrikam-example.yml"}
    assert [path.name for path in (tmp_path / "group_vars" / "all").iterdir()] == ["m365fabrikam.yml"]


def test_a_playbook_that_is_damaged_is_noticed(tmp_path: Path) -> None:
    control = Control(tmp_path)
    control.begin(ONE)
    control.put(NOTHING)
    path = tmp_path / "m365-example.yml"
    whole = path.read_text()
    path.write_text(whole.replace("state: absent", "state: touch"))
    control.follow("update")
    assert control.lists() != expected(NOTHING)
    path.write_text(whole.replace("patterns:", "pattern_:"))
    with pytest.raises(FailedError):
        control.follow("update")
    path.write_text(whole)
    (tmp_path / "group_vars" / "all" / "m365.yml").unlink()
    with pytest.raises(FailedError):
        control.follow("update")
