"""`make` creates its environment on a bare Debian, with and without ensurepip; errors state the next step.

A Python without ensurepip is a new prefix with links to this one's standard library, except for that package.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tasks import bootstrap
from tasks.bootstrap import BootstrapError
from tests.tasks.conftest import write_wheel

SCRIPT = Path(bootstrap.__file__).resolve()
BASE = Path(getattr(sys, "_base_executable", sys.executable)).resolve()


def run(python: Path, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(word) for word in (python, SCRIPT, *arguments)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python as on a Debian without python3-venv, under a path with spaces."""
    prefix = tmp_path_factory.mktemp("a bare python")
    library = Path(sysconfig.get_path("stdlib", vars={"installed_base": sys.base_prefix}))
    home = prefix / "lib" / library.name
    home.mkdir(parents=True)
    for entry in library.iterdir():
        if entry.name not in {"ensurepip", "site-packages", "dist-packages", "sitecustomize.py"}:
            (home / entry.name).symlink_to(entry)
    (prefix / "bin").mkdir()
    python = prefix / "bin" / "python3"
    shutil.copy2(BASE, python)
    seen = subprocess.run([python, "-c", "import ensurepip"], capture_output=True, text=True)
    if "No module named 'ensurepip'" not in seen.stderr:
        pytest.skip(f"a Python of another prefix does not start here: {seen.stderr.strip()[-200:]}")
    return python


@pytest.fixture(scope="module")
def index() -> None:
    """Skips where the package index that pip is configured for is out of reach."""
    try:
        bootstrap.fetch_pip()
    except BootstrapError as error:
        pytest.skip(f"the package index is out of reach: {error}")


def has_pip(venv: Path) -> bool:
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--version"]
    return subprocess.run(pip, capture_output=True).returncode == 0


def test_an_environment_is_made_and_then_kept(tmp_path: Path) -> None:
    venv = tmp_path / "with space"
    python = bootstrap.make_environment(venv)
    assert has_pip(venv)
    mark = venv / "kept"
    mark.touch()
    assert bootstrap.make_environment(venv) == python
    assert mark.exists()


@pytest.mark.network
@pytest.mark.usefixtures("index")
def test_without_ensurepip_pip_comes_from_the_index(bare_python: Path, tmp_path: Path) -> None:
    venv = tmp_path / "with space"
    done = run(bare_python, "--venv", venv, "--only-venv", HOME="/nonexistent")
    assert done.returncode == 0, done.stderr
    assert "no ensurepip" in done.stderr
    assert has_pip(venv)


def test_without_ensurepip_and_index_the_way_out_is_told(bare_python: Path, tmp_path: Path) -> None:
    offline = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}
    done = run(bare_python, "--venv", tmp_path / "v", "--only-venv", **offline)
    assert done.returncode == 2
    assert "disables all indexes (PIP_NO_INDEX)" in done.stderr
    assert "apt-get install python3-venv" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_environment_without_pip_gets_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv = tmp_path / "v"
    subprocess.run([BASE, "-m", "venv", "--without-pip", venv], check=True)
    (venv / "kept").touch()
    asked: list[Path] = []
    monkeypatch.setattr(bootstrap, "_install_pip", asked.append)
    assert bootstrap.make_environment(venv) == venv / "bin" / "python"
    assert asked == [venv / "bin" / "python"]
    assert (venv / "kept").exists()


def test_an_environment_whose_python_is_gone_is_made_again(tmp_path: Path) -> None:
    venv = tmp_path / "v"
    subprocess.run([BASE, "-m", "venv", "--without-pip", venv], check=True)
    for link in (venv / "bin").glob("python*"):
        link.unlink()
    (venv / "bin" / "python").symlink_to("/nonexistent/python")
    bootstrap.make_environment(venv)
    assert has_pip(venv)


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_no_environment_is_left_alone(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "precious"
    if kind == "folder":
        place.mkdir()
        (place / "thesis.txt").write_text("years of work")
    else:
        place.write_text("years of work")
    with pytest.raises(BootstrapError, match="is not a virtual environment"):
        bootstrap.make_environment(place)
    assert (place / "thesis.txt" if kind == "folder" else place).read_text() == "years of work"


def test_a_folder_that_cannot_be_written_is_named() -> None:
    done = run(BASE, "--venv", "/proc/v", "--only-venv")
    assert done.returncode == 2
    assert "/proc/v could not be created" in done.stderr
    assert "help: use a copy of the project" in done.stderr


def fake_python(folder: Path, script: str) -> Path:
    """What stands for an environment's Python; `script` is for sh."""
    python = folder / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    return python


@pytest.fixture
def locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with empty lock files of this pyproject.toml, in place of requirements/."""
    folder = tmp_path / "requirements"
    folder.mkdir()
    monkeypatch.setattr(bootstrap, "LOCKS", folder)
    for name in ("run", "test", "tools"):
        (folder / f"{name}.lock").write_text(bootstrap.first_line())
    return folder


def test_pips_failure_is_handed_on(tmp_path: Path, capfd: pytest.CaptureFixture[str], locks: Path) -> None:
    python = fake_python(tmp_path, 'echo "pip was asked: $*"; exit 1')
    with pytest.raises(BootstrapError, match=r"could not install requirements/test\.lock") as caught:
        bootstrap.install(python, "test")
    assert caught.value.exit_code == 3
    assert "-m pip install" in (said := capfd.readouterr().out)
    assert said.strip().endswith(f"--require-hashes -r {locks}/test.lock")
    with pytest.raises(BootstrapError, match="could not install the project") as caught:
        bootstrap.install(python, "test", locked=False)
    assert caught.value.exit_code == 3
    assert capfd.readouterr().out.strip().endswith("-e .[all] --group test")
    with pytest.raises(BootstrapError, match=r"could not install requirements/tools\.lock") as caught:
        bootstrap.install_tools(python, "tools")
    assert caught.value.exit_code == 3
    assert (
        f"/tools/bin/python install --quiet --disable-pip-version-check --require-hashes -r {locks}"
        in capfd.readouterr().out
    )
    with pytest.raises(BootstrapError, match="could not upgrade itself") as caught:
        bootstrap.upgrade_pip(python)
    assert caught.value.exit_code == 3
    assert capfd.readouterr().out.strip().endswith("--upgrade pip>=25.1")


def test_a_lock_of_another_pyproject_is_not_installed(tmp_path: Path, locks: Path) -> None:
    python = fake_python(tmp_path, f'touch "{tmp_path}/ran"; exit 1')
    (locks / "run.lock").write_text("# made by `make lock` from requirements 0123\n")
    with pytest.raises(BootstrapError, match=r"run\.lock was not made from this pyproject\.toml") as caught:
        bootstrap.install(python)
    assert (caught.value.exit_code, caught.value.help) == (2, "run `make lock`")
    (locks / "run.lock").unlink()
    with pytest.raises(BootstrapError, match=r"run\.lock was not made"):
        bootstrap.install(python)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("fault", ["none", "absent", "other"])
def test_an_index_that_has_not_what_is_pinned_is_an_error_with_a_way_out(
    tmp_path: Path, locks: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], fault: str
) -> None:
    """The real pip. Nothing is installed without its hash, even if the index has another version that would do."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    pinned = write_wheel(tmp_path, "pinned", "1.2", {"pinned.py": b""})
    pin = f"pinned==1.2 --hash=sha256:{hashlib.sha256(pinned.read_bytes()).hexdigest()}\n"
    (locks / "run.lock").write_text(bootstrap.first_line() + pin)
    if fault == "none":
        shutil.copy(pinned, wheels)
    else:
        write_wheel(wheels, "pinned", "1.2" if fault == "other" else "1.3", {"pinned.py": b"evil = True"})
    for name, value in {"CONFIG_FILE": os.devnull, "NO_INDEX": "1", "FIND_LINKS": str(wheels)}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    subprocess.run([BASE, "-m", "venv", "--without-pip", tmp_path / "v"], check=True)
    pip = ("-m", "pip", "--python", str(tmp_path / "v" / "bin" / "python"))
    if fault == "none":
        bootstrap.install_lock(Path(sys.executable), "run", pip)
    else:
        message = {"absent": r"has no pinned==1\.2 for this system", "other": "has other files than requirements/run"}[fault]
        with pytest.raises(BootstrapError, match=message) as caught:
            bootstrap.install_lock(Path(sys.executable), "run", pip)
        assert caught.value.exit_code == 3
        assert "`make lock`" in caught.value.help
        assert "UNLOCKED=yes" in caught.value.help
        assert "pinned" in capfd.readouterr().err
    installed = [path.name for path in (tmp_path / "v").glob("lib/python3*/site-packages/pinned*")]
    assert sorted(installed) == (["pinned-1.2.dist-info", "pinned.py"] if fault == "none" else [])


@pytest.mark.parametrize(
    ("version", "upgraded"),
    [("9.0.3", True), ("25.0.1", True), ("25.1b1", True), ("25.1", False), ("25.1.1", False), ("100.0", False)],
)
def test_a_pip_older_than_groups_is_upgraded(tmp_path: Path, version: str, upgraded: bool) -> None:
    (tmp_path / "pip.py").write_text(f"__version__ = {version!r}")
    log = tmp_path / "log"
    python = fake_python(tmp_path, f'[ "$1" = -c ] && PYTHONPATH="{tmp_path}" exec "{BASE}" "$@"; echo "$*" >> "{log}"')
    bootstrap.upgrade_pip(python)
    asked = log.read_text().splitlines() if log.exists() else []
    assert [line.endswith("--upgrade pip>=25.1") for line in asked] == [True] * upgraded


def test_extras_and_groups_are_installed_without_locks_and_index(
    tmp_path: Path, pip_wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real pip, on a project whose extra and groups are wheels in a folder."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        '[dependency-groups]\ntest = ["for-test"]\ndev = [{include-group = "test"}, "for-dev"]\ndocs = ["for-docs"]\n'
        'tools = ["for-tools"]\n'
    )
    write_wheel(
        project,
        "perimeter365",
        "1",
        {
            "perimeter365-1.dist-info/METADATA": b"Metadata-Version: 2.1\nName: perimeter365\nVersion: 1\n"
            b"Provides-Extra: all\nRequires-Dist: for-mmdb; extra == 'all'\n"
        },
    )
    (project / "backend.py").write_text(
        "import pathlib, shutil\n"
        "def build_editable(folder, config_settings=None, metadata_directory=None):\n"
        "    (wheel,) = pathlib.Path('.').glob('*.whl')\n"
        "    shutil.copy(wheel, folder)\n"
        "    return wheel.name\n"
    )
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    shutil.copy(pip_wheel, wheels)
    for name in ("for_test", "for_dev", "for_docs", "for_mmdb", "for_tools"):
        write_wheel(wheels, name, "1", {f"{name}.py": b""})
    monkeypatch.setattr(bootstrap, "ROOT", project)
    for name, value in {"CONFIG_FILE": os.devnull, "NO_INDEX": "1", "FIND_LINKS": str(wheels)}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    venv = tmp_path / "v"
    assert bootstrap.main(["--unlocked", "--venv", str(venv), "--group", "dev", "--tools", "tools"]) == 0
    assert [path.name for path in (venv / "tools").glob("lib/python3*/site-packages/*.dist-info")] == [
        "for_tools-1.dist-info"
    ]
    (site,) = (venv / "lib").glob("python3*/site-packages")
    found = {path.name for path in site.glob("*.dist-info")}
    pip = pip_wheel.name.removesuffix("-py3-none-any.whl")
    expected = {"for_dev-1", "for_mmdb-1", "for_test-1", "perimeter365-1", pip}
    assert {name for name in found if not name.startswith("setuptools-")} == {f"{name}.dist-info" for name in expected}


def test_an_old_python_is_told_so(tmp_path: Path) -> None:
    """The check has to come before anything that an old Python could stumble over."""
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    (start,) = [number for number, line in enumerate(lines) if line.startswith("if sys.version_info < (3, 11)")]
    assert [line for line in lines[:start] if line.startswith(("import", "from"))] == ["import sys"]
    pretending = tmp_path / "bootstrap.py"
    text = "\n".join(lines).replace("import sys\n", "import sys\nsys.version_info = (3, 9, 2)\n", 1)
    pretending.write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, pretending], capture_output=True, text=True)
    assert done.returncode == 2
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "3.9" in done.stderr
    assert "help:" in done.stderr
