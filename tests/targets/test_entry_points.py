"""Targets of other distributions, such as the example of docs/python.md."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import invalidate_caches
from pathlib import Path

import pytest

from perimeter365.errors import TargetError, UnknownNameError
from perimeter365.targets import built_in
from perimeter365.targets._entry_points import GROUP, InstalledTargets
from tasks.console import blocks
from tests.cli.conftest import EXAMPLE

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


def example() -> tuple[str, dict[str, str]]:
    """The module of the page's example, and its entry points."""
    _, title, text = PAGE.read_text("utf-8").partition("\n## A target of your own\n")
    assert title
    section = list(blocks(text.partition("\n## ")[0]))
    (module,) = [block.text for block in section if block.language == "python"]
    (project,) = [tomllib.loads(block.text)["project"] for block in section if block.language == "toml"]
    return module, project["entry-points"][GROUP]


MODULE, ENTRY_POINTS = example()


@dataclass(frozen=True)
class Site:
    """A folder of installed distributions, on the path of this and child processes."""

    folder: Path

    def install(self, entry_points: dict[str, str], module: str = MODULE, name: str = "contoso-targets") -> None:
        """Install a distribution like pip: its module and its metadata."""
        (self.folder / "contoso_targets.py").write_text(module, "utf-8")
        info = self.folder / f"{name.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        lines = [f"{key} = {value}" for key, value in entry_points.items()]
        (info / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines, ""]))
        invalidate_caches()

    def run(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run `perimeter365 WORDS` in a process that sees the distributions."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder), "COLUMNS": "200", **settings}
        command = [sys.executable, "-m", "perimeter365", *words]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An empty folder."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Site(tmp_path)
    sys.modules.pop("contoso_targets", None)


def test_the_example_is_listed_and_has_its_manual_page(site: Site) -> None:
    site.install(ENTRY_POINTS)
    listed = json.loads(site.run("targets", "--json").stdout)
    assert [each["name"] for each in listed] == sorted([*built_in, "branch-list"])
    assert next(each for each in listed if each["name"] == "branch-list")["limits"] == {"entries": 2000}
    page = site.run("targets", "branch-list").stdout
    assert page.startswith("branch-list: Branch firewall list\n\nBranch firewall: a line for each prefix and protocol")


def test_a_shell_completes_the_example(site: Site) -> None:
    site.install(ENTRY_POINTS)
    asked = {"_PERIMETER365_COMPLETE": "bash_complete", "COMP_WORDS": "perimeter365 render br", "COMP_CWORD": "2"}
    assert "plain,branch-list" in site.run(**asked).stdout.splitlines()


@pytest.mark.skipif(not EXAMPLE.exists(), reason="the checkout's examples are not here")
def test_the_example_renders_the_plan(site: Site) -> None:
    site.install(ENTRY_POINTS)
    done = site.run("render", "branch-list", "--profile", str(EXAMPLE))
    assert done.returncode == 0, done.stderr
    flows = json.loads(site.run("plan", str(EXAMPLE), "--format", "json").stdout)["flows"]
    expected = {
        f"{prefix} {protocol} {flow[protocol]}"
        for flow in flows
        if flow["direction"] == "outbound"
        for prefix in flow["destination"]["prefixes"]
        for protocol in ("tcp", "udp")
        if flow[protocol]
    }
    assert "52.112.0.0/14 udp 3478-3481" in expected
    lines = (site.folder / "out" / "branch-list" / "branch.txt").read_text().splitlines()
    assert [line for line in lines if line[0] != "#"] == sorted(expected)
    outside = json.loads((site.folder / "out" / "branch-list" / "losses.json").read_text())["outside"]
    inbound = {flow["id"] for flow in flows if flow["direction"] == "inbound"}
    assert inbound
    assert outside["inbound"] == len(inbound)


@pytest.mark.skipif(not EXAMPLE.exists(), reason="the checkout's examples are not here")
def test_all_renders_the_example_too(site: Site) -> None:
    site.install(ENTRY_POINTS)
    done = site.run("render", "all", "--profile", str(EXAMPLE))
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (site.folder / "out").iterdir()} == {*built_in, "branch-list"}


@pytest.mark.skipif(not EXAMPLE.exists(), reason="the checkout's examples are not here")
def test_a_target_that_fails_while_it_renders_is_named_and_the_others_are_written(site: Site) -> None:
    site.install(ENTRY_POINTS, MODULE.replace("lines = set()", "lines = {}[1]"))
    done = site.run("render", "branch-list", "csv", "--profile", str(EXAMPLE))
    assert done.returncode == 2
    assert "error[P365-TARGET]: contoso-targets: its target 'branch-list' cannot render: KeyError: 1" in done.stderr
    assert "pip uninstall contoso-targets" in done.stderr
    assert (site.folder / "out" / "csv" / "flows.csv").exists()


def test_names_of_several_distributions_join_the_built_in_ones(site: Site) -> None:
    other = MODULE.replace('"branch-list"', '"other-list"').replace("BranchList", "Other")
    site.install({**ENTRY_POINTS, "other-list": "contoso_targets:Other"}, MODULE + other)
    found = InstalledTargets(built_in)
    assert list(found) == sorted([*built_in, "branch-list", "other-list"])
    assert len(found) == len(built_in) + 2
    assert "other-list" in found
    assert "another-list" not in found
    assert found["other-list"].name == "other-list"
    assert found["csv"] is built_in["csv"]
    with pytest.raises(UnknownNameError) as caught:
        found["branch-lists"]
    assert caught.value.help == "did you mean 'branch-list'?"


def test_without_other_distributions_all_targets_are_built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.entry_points", lambda *, group: ())
    assert dict(InstalledTargets(built_in)) == dict(built_in)


# -- what is wrong ---------------------------------------------------------------------------------------------


def failure(ask: Callable[[], object]) -> str:
    with pytest.raises(TargetError) as caught:
        ask()
    assert caught.value.help
    return caught.value.message


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("nftables", "has the name of a built-in target"),
        ("all", "has a reserved name: it means every target"),
        ("../branch", "has an invalid name: only lower case letters and digits are allowed, with `-` between"),
        ("Branch", "has an invalid name"),
        ("branch.list", "has an invalid name"),
        ("branch_list", "has an invalid name"),
        ("branch list", "has an invalid name"),
    ],
)
def test_a_taken_or_malformed_name_is_an_error_of_every_list_and_no_built_in_target(
    site: Site, name: str, what: str
) -> None:
    site.install({name: "contoso_targets:BranchList"})
    found = InstalledTargets(built_in)
    assert found["csv"] is built_in["csv"]
    assert found["nftables"] is built_in["nftables"]
    assert "csv" in found
    for ask in (lambda: found["branch-list"], lambda: list(found), lambda: "branch-list" in found, lambda: len(found)):
        assert failure(ask).startswith(f"contoso-targets: its target {name!r} {what}")


def test_two_distributions_cannot_have_targets_of_the_same_name(site: Site) -> None:
    site.install(ENTRY_POINTS)
    site.install(ENTRY_POINTS, name="fabrikam-targets")
    message = failure(lambda: list(InstalledTargets(built_in)))
    assert "has the name of a target of" in message
    assert {"contoso-targets", "fabrikam-targets"} <= set(message.replace(":", "").split())


LOADED = {
    "no-module": ("no_such_module:BranchList", "", "cannot be loaded from no_such_module:BranchList: ModuleNotFoundError"),
    "no-class": ("contoso_targets:Nothing", "", "cannot be loaded from contoso_targets:Nothing: AttributeError"),
    "not-a-reference": ("contoso targets", "", "cannot be loaded from contoso targets"),
    "broken": ("contoso_targets:BranchList", "def", "cannot be loaded from contoso_targets:BranchList: SyntaxError"),
    "fails": ("contoso_targets:BranchList", "1 / 0", "ZeroDivisionError: division by zero"),
    "ends": (
        "contoso_targets:BranchList",
        "raise SystemExit",
        "contoso_targets:BranchList: SystemExit",
    ),
    "a-module": ("contoso_targets", "", "is not a subclass of Target: contoso_targets"),
    "another-class": ("contoso_targets:Plan", "", "is not a subclass of Target: contoso_targets:Plan"),
    "an-object": ("contoso_targets:odd", "odd = BranchList()", "is not a subclass of Target: contoso_targets:odd"),
    "the-base": ("contoso_targets:Target", "", "is incomplete: contoso_targets:Target does not define name, title, kind"),
    "another-name": ("contoso_targets:Odd", "class Odd(BranchList): name = 'odd'", "has the name 'odd' in its class"),
    "a-kind": ("contoso_targets:Odd", "class Odd(BranchList): kind = 'odd'", "has the unknown kind 'odd'; the kinds are"),
    "a-proof": (
        "contoso_targets:Odd",
        "class Odd(BranchList): proof = 'odd'",
        "has the unknown proof 'odd'; the proofs are",
    ),
    "capabilities": ("contoso_targets:Odd", "class Odd(BranchList): capabilities = ()", "has capabilities that are not"),
}
"""Defects: the entry point's value, lines at the end of the module, and the text of the error."""


@pytest.mark.parametrize(("value", "lines", "what"), LOADED.values(), ids=LOADED)
def test_a_class_that_is_not_a_target_is_an_error_of_this_target_only(site: Site, value: str, lines: str, what: str) -> None:
    site.install({"branch-list": value}, f"{MODULE}\n\n{lines}\n")
    found = InstalledTargets(built_in)
    assert list(found) == sorted([*built_in, "branch-list"])
    message = failure(lambda: found["branch-list"])
    assert message.startswith("contoso-targets: its target 'branch-list' ")
    assert what in message
    assert found["csv"] is built_in["csv"]


@pytest.mark.parametrize("words", [["targets"], ["render", "all", "--profile", str(EXAMPLE)]], ids=["targets", "render-all"])
@pytest.mark.parametrize(
    ("entry_point", "says"),
    [
        ({"nftables": "contoso_targets:BranchList"}, "its target 'nftables' has the name of a built-in target"),
        ({"branch-list": "contoso_targets:Nothing"}, "its target 'branch-list' cannot be loaded"),
        ({"branch-list": "contoso_targets:Plan"}, "its target 'branch-list' is not a subclass of Target"),
    ],
    ids=["collision", "not-loaded", "not-a-target"],
)
def test_a_command_ends_with_the_error_and_writes_nothing(
    site: Site, entry_point: dict[str, str], says: str, words: list[str]
) -> None:
    site.install(entry_point)
    done = site.run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"error[P365-TARGET]: contoso-targets: {says}" in done.stderr
    assert "help: update contoso-targets, or remove it with: pip uninstall contoso-targets" in done.stderr
    assert not (site.folder / "out").exists()
