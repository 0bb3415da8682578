"""Workspace: plans equal those of the command line, and only `from_environment` reads the environment."""

import ast
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import perimeter365
from perimeter365 import Workspace, load_catalog, load_profile, lookup, make_plan, render, write
from perimeter365.errors import CatalogError, InputError, NeverListError, StoreError
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.plan.constraints import parse_constraints
from perimeter365.sources.embedded import FACTS, embedded
from perimeter365.store.store import Store
from tests.cli.conftest import Cli, cli, dated, profile
from tests.cli.dated import GONE, NEW, PROFILE
from tests.history.conftest import folder, place, postgres, recorded, store

__all__ = ["cli", "dated", "folder", "place", "postgres", "profile", "recorded", "store"]

DAY = date(2030, 6, 20)
"""Hosts of the store `dated`: GONE was removed ten days ago, NEW is announced for eleven days later."""


@pytest.fixture
def bound(tmp_path: Path) -> Path:
    """A constraints file that excludes an entry in its grace time: the name of set 47."""
    path = tmp_path / "constraints.toml"
    path.write_text('hosts_never = ["*.office.net"]\n')
    return path


# -- plans equal those of the command line ----


@pytest.mark.parametrize("constrained", [False, True])
def test_a_plan_equals_the_plan_of_the_command_line(
    constrained: bool, dated: Cli, bound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if constrained:
        monkeypatch.setenv("PERIMETER365_CONSTRAINTS", str(bound))
    plan = Workspace.from_environment().plan("p.toml", at=DAY)
    printed = dated("plan", "p.toml", "--format", "json", "--at", f"{DAY}")
    assert plan.to_json() == printed.out
    dates = {(d.id, d.value, d.state) for d in plan.dates}
    assert {("ws/worldwide/11", GONE, "kept"), ("ws/worldwide/1", NEW, "ahead")} <= dates
    assert (("ws/worldwide/47", "*.office.net", "kept") in dates) is not constrained


def test_a_removed_host_stays_for_its_grace_time_in_both(cli: Cli, tmp_path: Path) -> None:
    """Lists of ten and five days before the day; the second lacks the first host of set 1."""
    sets = tuple(s for s in embedded().endpoint_sets("worldwide") if s.id < 9000)
    gone = sets[0].hosts[0]
    old = State(cloud=Cloud.WORLDWIDE, version=Version("2030061000"), origin="live", sets=sets, recorded=date(2030, 6, 10))
    less = replace(sets[0], hosts=sets[0].hosts[1:])
    new = replace(old, version=Version("2030061500"), sets=(less, *sets[1:]), recorded=date(2030, 6, 15))
    with Store() as opened:
        opened.commit(old)
        opened.commit(new)
    (tmp_path / "p.toml").write_text(PROFILE)
    plan = Workspace.from_environment().plan("p.toml", at=DAY)
    (flow,) = [f for f in plan.flows if f.id == "ws/worldwide/1"]
    assert gone in flow.destination.hosts
    assert plan.to_json() == cli("plan", "p.toml", "--format", "json", "--at", f"{DAY}").out


def test_rendered_artifacts_equal_those_of_the_command_line(dated: Cli, tmp_path: Path) -> None:
    workspace = Workspace.from_environment()
    write([workspace.render(workspace.plan("p.toml", at=DAY), "nftables")], tmp_path / "library")
    assert dated("render", "nftables", "--profile", "p.toml", "--at", f"{DAY}", "-o", "line").code == 0
    files = [p.relative_to(tmp_path / "line") for p in (tmp_path / "line").rglob("*") if p.is_file()]
    assert len(files) > 2
    for file in files:
        assert (tmp_path / "library" / file).read_bytes() == (tmp_path / "line" / file).read_bytes(), file


def test_lookups_equal_those_of_the_command_line(dated: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    assert lookup("new.example.com").matches[0].entry.id == "ws/worldwide/1"
    assert "ws/worldwide/1" in dated("lookup", "new.example.com").out
    assert not lookup("new.example.com", workspace=Workspace(catalog="embedded")).matches


# -- load_catalog ------------------------------------------------------------------------------------------------


def codes(dated_catalog: perimeter365.Catalog) -> list[str]:
    plan = make_plan(dated_catalog, load_profile("p.toml"))
    return [warning.code for warning in plan.warnings if warning.code == "not-in-force"]


def test_without_an_argument_a_plan_of_the_embedded_catalog_has_a_warning(dated: Cli) -> None:
    catalog = load_catalog()
    assert catalog == embedded()
    assert codes(catalog) == ["not-in-force"]
    assert codes(load_catalog("embedded")) == [], "named explicitly"
    assert codes(Workspace.from_environment().catalog()) == []


def test_a_plan_of_a_stores_lists_has_a_warning(dated: Cli, tmp_path: Path) -> None:
    place = Workspace.from_environment().store_place
    assert codes(load_catalog(place)) == ["not-in-force"]


def test_a_store_without_lists_in_force_gives_no_warning(cli: Cli, tmp_path: Path, recorded: tuple[State, ...]) -> None:
    (tmp_path / "p.toml").write_text(PROFILE)
    with Store() as opened:
        opened.add(recorded)
    assert codes(load_catalog()) == []


def test_a_store_that_cannot_be_read_gives_a_warning(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "p.toml").write_text(PROFILE)
    (tmp_path / "damaged").write_text("not a database" * 100)
    monkeypatch.setenv("PERIMETER365_STORE", str(tmp_path / "damaged"))
    assert "which cannot be read now" in load_catalog().not_in_force
    assert codes(load_catalog()) == ["not-in-force"]


def test_a_folder_of_the_environment_gives_a_warning(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "p.toml").write_text(PROFILE)
    monkeypatch.setenv("PERIMETER365_CATALOG", str(FACTS))
    assert codes(load_catalog()) == ["not-in-force"]
    assert codes(load_catalog(str(FACTS))) == [], "named explicitly"


def test_blanks_around_a_variable_are_ignored(dated: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERIMETER365_STORE", f" {Workspace().store_place} ")
    monkeypatch.setenv("PERIMETER365_CATALOG", "  ")
    printed = dated("plan", "p.toml", "--format", "json", "--at", f"{DAY}")
    plan = Workspace.from_environment().plan("p.toml", at=DAY)
    assert plan.to_json() == printed.out
    assert plan.dates


def test_without_a_store_there_is_no_warning(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(PROFILE)
    assert load_catalog() is embedded()
    assert codes(load_catalog()) == []


def test_a_catalog_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="not a folder of facts"):
        load_catalog(tmp_path / "nowhere")
    with pytest.raises(CatalogError, match="not a folder of facts"):
        Workspace(catalog=tmp_path / "nowhere").catalog()


# -- choice of the lists ----


def test_arguments_override_the_environment_and_the_data_folder(tmp_path: Path) -> None:
    env = {"PERIMETER365_STORE": "/srv/s.sqlite", "PERIMETER365_CATALOG": " ", "PERIMETER365_UPSTREAM": "https://m.test"}
    found = Workspace.from_environment(environment=env)
    assert (found.store_place, found.catalog_place, found.upstream) == ("/srv/s.sqlite", "", "https://m.test")
    assert Workspace.from_environment(store="/other", environment=env).store_place == "/other"
    assert Workspace.from_environment(environment={}).store_place == Workspace().store_place


def test_a_constructed_workspace_ignores_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    for name in ("STORE", "CATALOG", "CONSTRAINTS"):
        monkeypatch.setenv(f"PERIMETER365_{name}", "/nowhere/at/all")
    workspace = Workspace()
    assert workspace.store_place == str(tmp_path / "perimeter365" / "store.sqlite")
    assert workspace.catalog() is embedded()
    assert workspace.constraints == parse_constraints("")


def test_a_store_on_either_database_is_read(store: Store, recorded: tuple[State, ...]) -> None:
    workspace = Workspace(store=store.place)
    assert workspace.catalog() == embedded(), "nothing was synced yet"
    store.add(recorded)
    assert workspace.catalog() == embedded(), "recorded lists are never in force"
    before = workspace.generation
    store.commit(recorded[0])
    assert workspace.generation != before
    assert workspace.catalog().versions[Cloud.WORLDWIDE].version == "2030010600"
    assert workspace.generation == workspace.generation
    with workspace.reader() as reader:
        assert [f.version for f in reader.in_force()] == ["2030010600"]
    found = {match.entry.id for match in workspace.index().lookup("131.107.113.7", ["worldwide"]).matches}
    assert "ws/worldwide/11" in found, "only in the synced list"


def test_a_named_catalog_overrides_a_store(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(recorded[0])
    assert Workspace(catalog="embedded", store=store.place).catalog() is embedded()
    assert Workspace(catalog=str(FACTS), store=store.place).catalog() == embedded()
    assert Workspace(catalog=store.place).catalog() == Workspace(store=store.place).catalog()


def test_a_store_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_text("not a database" * 100)
    for workspace in (Workspace(store=path), Workspace(catalog=path)):
        with pytest.raises(StoreError, match="not a SQLite database"):
            workspace.catalog()
        with pytest.raises(StoreError, match="not a SQLite database"):
            workspace.plan(load_profile(Path(__file__).parents[1] / "examples" / "contoso.toml"))


def test_the_generation_changes_only_with_folder_store_and_constraints(tmp_path: Path, bound: Path) -> None:
    place = tmp_path / "s.sqlite"
    workspace = Workspace(store=place, constraints=bound)
    seen = [workspace.generation]
    with Store(str(place)):
        pass
    seen.append(workspace.generation)
    assert [str(host) for host in workspace.constraints.hosts_never] == ["*.office.net"]
    status = bound.stat()
    bound.write_text('hosts_never = ["*.sample.org"]\n'[: status.st_size])
    os.utime(bound, ns=(status.st_atime_ns, status.st_mtime_ns))
    seen.append(workspace.generation)
    assert len(set(seen)) == 3
    assert [str(host) for host in workspace.constraints.hosts_never] == ["*.sample.org"], "read again"
    folder = tmp_path / "facts"
    folder.mkdir()
    before = Workspace(catalog=folder).generation
    (folder / "new.toml").write_text("")
    assert Workspace(catalog=folder).generation != before
    assert Workspace(catalog="embedded", store=place).generation == Workspace(catalog="embedded").generation


# -- constraints ---------------------------------------------------------------------------------------------------------


def test_the_environment_does_not_change_rendered_artifacts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Workspace(catalog="embedded").plan(Path(__file__).parents[1] / "examples" / "contoso.toml")
    before = render(plan, "nftables")
    narrow = tmp_path / "c.toml"
    narrow.write_text("shortest4 = 24\n")
    monkeypatch.setenv("PERIMETER365_CONSTRAINTS", str(narrow))
    assert render(plan, "nftables") == before
    with pytest.raises(NeverListError, match="wider than /24"):
        render(plan, "nftables", constraints=Workspace.from_environment().constraints)
    with pytest.raises(NeverListError, match="wider than /24"):
        Workspace.from_environment().render(plan, "nftables")


@pytest.mark.parametrize("command", [("render", "nftables", "--profile"), ("plan", "--format", "html")])
def test_the_command_line_renders_within_the_constraints(
    command: tuple[str, ...], cli: Cli, profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "c.toml").write_text("shortest4 = 24\n")
    monkeypatch.setenv("PERIMETER365_CONSTRAINTS", str(tmp_path / "c.toml"))
    ran = cli(*command, str(profile))
    assert ran.code != 0
    assert "wider than /24" in ran.err


def test_constraints_that_cannot_be_read_are_an_error(tmp_path: Path, cli: Cli, profile: Path) -> None:
    workspace = Workspace(catalog="embedded", constraints=tmp_path / "none.toml")
    with pytest.raises(InputError, match=r"none\.toml: the file does not exist"):
        workspace.render(workspace.plan(profile), "nftables")


# -- access to the environment -------------------------------------------------------------------------------------------

PACKAGE = Path(perimeter365.__file__).resolve().parent

ASKS = {
    "workspace.py": ["from_environment"],
    "store/place.py": ["data_folder", "data_folder"],
    "net/proxy.py": ["network_variables"] * 5,
}
"""Functions outside `cli/` that read the environment, once per occurrence: Workspace, the data folder, proxies
and authorities."""


def readers(tree: ast.Module) -> list[str]:
    """Return the functions of a module that use `environ` or `getenv`; "" for its top level."""
    found = []

    def walk(node: ast.AST, name: str) -> None:
        inside = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else name
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv"):
            found.append(inside)
        if isinstance(node, ast.ImportFrom) and {"environ", "environb", "getenv"} & {a.name for a in node.names}:
            found.append(inside)
        for child in ast.iter_child_nodes(node):
            walk(child, inside)

    walk(tree, "")
    return found


def test_the_environment_is_read_in_three_places_outside_the_command_line() -> None:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if not name.startswith("cli/") and (functions := readers(ast.parse(path.read_text("utf-8")))):
            found[name] = functions
    assert found == ASKS


def test_access_to_the_environment_is_detected() -> None:
    tree = ast.parse("import os\nfrom os import environ\nX = os.getenv('A')\ndef f():\n    return os.environ['B']\n")
    assert readers(tree) == ["", "", "f"]


def test_a_library_without_a_store_never_loads_a_database() -> None:
    code = (
        "import sys; from perimeter365 import Workspace; Workspace.from_environment().catalog(); "
        "print([m for m in ('sqlite3', 'psycopg') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.strip() == "[]"


def test_public_names_exist_and_agree_with_the_type_checker() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    typed = {alias.asname: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert {name: f"perimeter365.{where}" for name, where in perimeter365._WHERE.items()} == typed
    for name in perimeter365.__all__:
        assert getattr(perimeter365, name)
