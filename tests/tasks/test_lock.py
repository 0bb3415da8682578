"""The lock files pin everything that pyproject.toml names, at a version that it permits, with hashes, and name no index."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tasks import bootstrap, lock, resolve
from tasks.bootstrap import LOCKS
from tasks.lock import SETS, LockSet, compile_pins, pins, read_pins, uv_environment

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
each_set = pytest.mark.parametrize("made", SETS, ids=[each.name for each in SETS])


def group(name: str) -> Iterator[Requirement]:
    for entry in PYPROJECT["dependency-groups"][name]:
        if isinstance(entry, dict):
            yield from group(entry["include-group"])
        else:
            yield Requirement(entry)


def stated(made: LockSet) -> Iterator[Requirement]:
    """Every requirement of pyproject.toml that a set must satisfy."""
    if made.project:
        yield from map(Requirement, PYPROJECT["build-system"]["requires"])
        yield from map(Requirement, resolve.requirements(PYPROJECT))
    for each in made.groups:
        yield from group(each)


def pinned(made: LockSet) -> list[Requirement]:
    return [Requirement(pin.partition("\\\n")[0]) for pin in read_pins(LOCKS, made.name)]


@each_set
def test_each_requirement_is_pinned_at_a_version_that_it_permits_on_each_python(made: LockSet) -> None:
    have = pinned(made)
    for python in resolve.VERSIONS:
        environment: dict[str, Any] = {
            **default_environment(),
            "python_version": python,
            "python_full_version": f"{python}.9",
            "extra": "",
        }
        here = {canonicalize_name(pin.name): pin for pin in have if pin.marker is None or pin.marker.evaluate(environment)}
        for wanted in stated(made):
            if wanted.marker is None or wanted.marker.evaluate(environment):
                assert canonicalize_name(wanted.name) in here, f"{wanted} is not in {made.name}.lock; run `make lock`"
                (exact,) = here[canonicalize_name(wanted.name)].specifier
                assert exact.operator == "=="
                assert Version(exact.version) in wanted.specifier, f"{wanted}, and {made.name}.lock has {exact.version}"


def test_every_group_and_extra_is_in_a_set() -> None:
    assert {name for each in SETS for name in each.groups} <= set(PYPROJECT["dependency-groups"])
    covered = {str(each) for made in SETS for each in stated(made)}
    assert {str(each) for name in PYPROJECT["dependency-groups"] for each in group(name)} <= covered


@each_set
def test_a_lock_is_of_this_pyproject_and_names_hashes_and_no_index(made: LockSet) -> None:
    """Every line is one of four kinds, none of which can contain an address or a path."""
    text = (LOCKS / f"{made.name}.lock").read_text("utf-8")
    assert text.startswith(bootstrap.first_line()), "run `make lock`"
    pin = r"[a-z0-9-]+==[a-z0-9.]+( ; [a-z0-9_.*<>=!' ()A-Z]+)? \\"
    for line in text.splitlines()[1:]:
        assert re.fullmatch(rf"-r {made.extends}\.lock|{pin}|    --hash=sha256:[0-9a-f]{{64}}( \\)?", line), line
    for one in read_pins(LOCKS, made.name):
        assert "--hash=sha256:" in one


@each_set
def test_a_version_stands_in_one_file_and_a_larger_set_moves_none(made: LockSet) -> None:
    have = [str(each) for each in pinned(made)]
    assert len(have) == len(set(have))
    versions: dict[str, set[str]] = {}
    for each in pinned(made):
        if each.marker is None:
            versions.setdefault(each.name, set()).add(str(each.specifier))
    assert [name for name, found in versions.items() if len(found) > 1] == []


def test_a_changed_requirement_makes_all_locks_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [each.name for each in SETS]
    assert bootstrap.stale_locks(names) == []
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    for old, new, expected in (
        ('"click>=8.5"', '"click>=8.4"', names),
        ('"trustme>=1.2"', '"trustme>=1.3"', names),
        ('"apprise>=1.9"', '"apprise>=1.10"', names),
        ('requires = ["setuptools>=77"]', 'requires = ["setuptools>=78"]', names),
        ("line-length = 125", "line-length = 120", []),
    ):
        assert text.count(old) == 1
        (tmp_path / "pyproject.toml").write_text(text.replace(old, new))
        assert bootstrap.stale_locks(names) == expected


def test_check_fails_for_a_lock_of_another_pyproject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lock.main(["--check"]) == 0
    for each in SETS:
        (tmp_path / f"{each.name}.lock").write_bytes((LOCKS / f"{each.name}.lock").read_bytes())
    (tmp_path / "dev.lock").write_text("# another\n")
    monkeypatch.setattr(bootstrap, "LOCKS", tmp_path)
    assert lock.main(["--check"]) == 1
    assert capsys.readouterr().err.count("run `make lock`") == 1


def test_pins_are_split_where_a_name_begins() -> None:
    one = "a==1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01"
    two = "b==2 ; os_name == 'nt' \\\n    --hash=sha256:11"
    assert pins(f"# made\n-r run.lock\n{one}\n{two}\n") == [one, two]


def test_uv_uses_the_index_of_pips_configuration() -> None:
    made = uv_environment({"index-url": "https://mirror.example/simple", "cert": "/ca.pem", "proxy": "http://proxy.example"})
    assert made["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert (made["SSL_CERT_FILE"], made["HTTPS_PROXY"]) == ("/ca.pem", "http://proxy.example")


def test_a_failure_of_uv_is_an_error_of_the_index(tmp_path: Path) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\nexit 2\n")
    uv.chmod(0o755)
    with pytest.raises(bootstrap.BootstrapError, match="uv could not resolve") as caught:
        compile_pins(uv, SETS[:1], environment={"PATH": "/usr/bin:/bin"})
    assert caught.value.exit_code == 3
