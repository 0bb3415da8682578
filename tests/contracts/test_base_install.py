"""An installation without extras: every command runs or names the missing extra. No exit code 70, no traceback.

The commands run as programs in a separate environment: a Python without pip whose site-packages contains, as links, the
distributions that the package's metadata requires without an extra, their requirements, and nothing else. Libraries
of extras and of the test tools are missing in it. One test checks with pip that it is what pip would
install.
"""

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import perimeter365
from perimeter365.cli._app import app
from perimeter365.cli._command import PREFIX
from perimeter365.cli._variables import commands
from perimeter365.follow.doctor import _EXTRAS as EXTRAS
from tests.cli.conftest import SERIES
from tests.cli.test_import import PAGE

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTED = {0, 1, 2, 3, 4, 5, 130}
"""Exit codes of docs/reference/codes.md, except the one of a defect."""

EMPTIED = "/feeds/url-table-alias/worldwide-teams-outbound-optimize-udp-3478to3481.txt?cloud=worldwide"
"""A list that the store's earlier version had, and its version in force does not have."""

COMMANDS: Mapping[str, Sequence[tuple[int, str]]] = {
    "budget": [(0, "budget contoso.toml --max-prefixes 12")],
    "calendar": [(0, "calendar")],
    "changes": [(0, "changes 2020030300")],
    "completion": [(0, "completion bash")],
    "config.show": [(0, "config show")],
    "crosscheck": [(0, "crosscheck --public public.csv")],
    "demo": [(0, "demo")],
    "diff": [(0, "diff 2020010600 2020030300")],
    # a warning is not a failure, and neither is a missing extra
    "doctor": [(0, "doctor --offline")],
    "explain": [(0, "explain P365-EXTRA")],
    "export": [(0, "export there")],
    "held.admit": [(2, "held admit 7 --notify json://127.0.0.1:1/")],
    "held.admit-feed": [(0, f"held admit-feed {EMPTIED}")],
    "held.feeds": [(4, "held feeds")],
    "held.list": [(0, "held"), (0, "held list --json")],
    "held.reject": [(2, "held reject 7 --notify json://127.0.0.1:1/")],
    "history": [(0, "history 131.107.100.1")],
    "import.history": [(0, "import history series"), (2, "--store postgresql://u@127.0.0.1:1/d import history series")],
    "import.page": [(0, "import page page.md"), (3, "import page http://127.0.0.1:1/page")],
    "init": [(0, "init new.toml")],
    "lookup": [(0, "lookup 131.107.113.200"), (2, "--store postgresql://u@127.0.0.1:1/d lookup 131.107.113.200")],
    "losses": [(0, "losses rendered")],
    "man": [(0, "man pages")],
    "notify": [
        (0, "notify --dry-run"),
        (2, "notify --to json://127.0.0.1:1/"),
        (2, "notify --test --to json://127.0.0.1:1/"),
    ],
    "pin": [(0, "pin 2020030300")],
    "plan": [(0, "plan contoso.toml")],
    "publish": [(0, "publish published")],
    "render": [
        (0, "render all --profile contoso.toml"),
        (5, "render all --profile contoso.toml --strict"),
        (2, "render mmdb --profile contoso.toml"),
        (2, "render all parquet --profile contoso.toml"),
    ],
    "rollback": [(0, "rollback")],
    "rows": [(0, "rows")],
    "serve": [(2, "serve --bind 127.0.0.1:0")],
    "show": [(0, "show row/6")],
    "sync": [
        (0, "sync --from exported"),
        (4, "--store new.sqlite sync --from exported"),
        (0, "sync --dry-run --from exported --feeds feeds"),
        (3, "sync --cloud worldwide --base-url http://127.0.0.1:1"),
        (2, "sync --from exported --notify json://127.0.0.1:1/"),
        (2, "--store postgresql://u@127.0.0.1:1/d sync --from exported"),
    ],
    "targets": [(0, "targets"), (0, "targets parquet")],
    "timeline": [(0, "timeline")],
    "unpin": [(0, "unpin")],
    "versions": [(0, "versions"), (2, "--store postgresql://u@127.0.0.1:1/d versions")],
    "watch": [(1, "watch --healthy --health health.json"), (2, "watch --notify json://127.0.0.1:1/")],
}
"""(exit code, arguments) of each command, in the folder of `home`. A new command needs a line."""

HELP = {"mmdb": "mmdb", "parquet": "parquet", "json://": "notify", "postgresql://": "postgres", "serve": "serve"}
"""Word of a command line that exits with 2 -> extra named by its message."""

LIVE = """
import sys
from dataclasses import replace
from pathlib import Path
from perimeter365.history.load import read_recorded_list
from perimeter365.store.store import Store
from perimeter365.model.cloud import Cloud

with Store() as store:
    for number, name in enumerate(("003-2020-03-03", "004-2020-04-07"), 1):
        state = read_recorded_list(Path(sys.argv[1], f"{name}.json"), Cloud.WORLDWIDE)
        store.commit(replace(state, version=f"202608020{number}", origin="live", recorded=None))
"""


def needed(name: str, *extras: str) -> dict[str, Distribution]:
    """Return a distribution and its requirements with some extras, by normalized name."""
    found: dict[str, Distribution] = {}
    waiting = [(canonicalize_name(name), extra) for extra in ("", *extras)]
    seen: set[tuple[str, str]] = set()
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        found[each[0]] = distribution(each[0])
        for wanted in map(Requirement, found[each[0]].requires or []):
            if wanted.marker is None or wanted.marker.evaluate({"extra": each[1]}):
                waiting += [(canonicalize_name(wanted.name), extra) for extra in ("", *wanted.extras)]
    return found


def tops(which: Distribution) -> Iterator[Path]:
    """Return the files and folders of a distribution in site-packages."""
    for name in sorted({file.parts[0] for file in which.files or []} - {"..", "__pycache__"}):
        if not name.startswith("__editable__"):
            yield Path(str(which.locate_file(name)))


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with perimeter365 and its requirements."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=False)
    (site,) = folder.glob("lib/python*/site-packages")
    for which in needed("perimeter365").values():
        for path in tops(which):
            (site / path.name).symlink_to(path)
    if not (site / "perimeter365").exists():  # an editable installation
        (site / "perimeter365").symlink_to(Path(perimeter365.__file__).parent)
    return folder / "bin" / "python"


def run(python: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "LANG": "C.UTF-8"}
    return subprocess.run([python, *words], capture_output=True, text=True, cwd=home, env=environment)


@pytest.fixture(scope="module")
def template(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of recorded and live lists, its export, and files for the commands."""
    folder = tmp_path_factory.mktemp("template")
    shutil.copy(Path(perimeter365.__file__).parent / "cli" / "contoso.toml", folder)
    (folder / "public.csv").write_text("Prefix, Type\n20.190.0.0/16, x\n")
    (folder / "page.md").write_text(PAGE, "utf-8")
    (folder / "rendered").mkdir()
    (folder / "rendered" / "losses.json").write_text('{"target": "pac", "losses": []}')
    for path in SERIES.rglob("*.json"):  # the lists of 2030, ten years earlier: an import refuses those of the future
        copy = folder / "series" / path.relative_to(SERIES).as_posix().replace("2030", "2020")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    program = ("-m", "perimeter365")
    for words in ((*program, "import", "history", "series"), ("-c", LIVE, "series"), (*program, "export", "exported")):
        done = run(python, folder, *words)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path / "home")
    return tmp_path / "home"


def test_the_environment_has_no_library_of_an_extra(python: Path, tmp_path: Path) -> None:
    everything = needed("perimeter365", *EXTRAS)
    only = everything.keys() - needed("perimeter365").keys()
    assert only >= {"apprise", "maxminddb", "mmdb-writer", "netaddr", "psycopg", "psycopg-binary", "pyarrow"}
    code = "from importlib.metadata import distributions; import json; print(json.dumps([d.name for d in distributions()]))"
    done = run(python, tmp_path, "-c", code)
    assert {canonicalize_name(name) for name in json.loads(done.stdout)} == needed("perimeter365").keys()
    for module in ("apprise", "maxminddb", "mmdb_writer", "netaddr", "psycopg", "pyarrow", "pytest"):
        assert "ModuleNotFoundError" in run(python, tmp_path, "-c", f"import {module}").stderr


def test_each_command_has_a_line() -> None:
    root = app.make_context("perimeter365", [], auto_envvar_prefix=PREFIX, resilient_parsing=True)
    assert set(COMMANDS) == {path for path, _ in commands(root)}


@pytest.mark.parametrize(
    ("code", "line"), [pytest.param(*each, id=each[1]) for lines in COMMANDS.values() for each in lines]
)
def test_a_command_ends_as_documented(code: int, line: str, python: Path, home: Path) -> None:
    words = line.split()
    done = run(python, home, "-m", "perimeter365", *words)
    assert code in DOCUMENTED
    assert done.returncode == code, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert "P365-BUG" not in done.stderr
    if code == 2:
        extra = next(extra for word, extra in HELP.items() if word in line)
        assert "error[P365-EXTRA]: " in done.stderr
        assert done.stderr.endswith(f"help: pip install 'perimeter365[{extra}]'\n")


def test_a_missing_extra_raises_missing_extra_error_in_python(python: Path, home: Path) -> None:
    code = """
from perimeter365 import load_catalog, load_profile, make_plan, render
from perimeter365.errors import MissingExtraError, Perimeter365Error
plan = make_plan(load_catalog("embedded"), load_profile("contoso.toml"))
for target in ("mmdb", "parquet"):
    try:
        render(plan, target)
    except Perimeter365Error as error:
        print(type(error).__name__, error.extra, error.exit_code, error.help)
"""
    done = run(python, home, "-c", code)
    assert done.stdout.splitlines() == [
        "MissingExtraError mmdb 2 pip install 'perimeter365[mmdb]'",
        "MissingExtraError parquet 2 pip install 'perimeter365[parquet]'",
    ], done.stderr


@pytest.mark.network
@pytest.mark.checkout
def test_pip_installs_the_same_distributions(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    words = ("install", "--quiet", "--dry-run", "--ignore-installed", "--report", str(report), str(ROOT))
    done = subprocess.run([sys.executable, "-m", "pip", *words], capture_output=True, text=True)
    if done.returncode != 0 and any(text in done.stderr for text in ("No matching distribution found", "Connection")):
        pytest.skip(f"the package index is out of reach: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    found = {canonicalize_name(each["metadata"]["name"]) for each in json.loads(report.read_text())["install"]}
    assert found == needed("perimeter365").keys()
