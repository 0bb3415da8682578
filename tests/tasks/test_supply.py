"""Path files that start code are found; an audit without a database is reported as not run."""

import json
from pathlib import Path
from typing import Any

import pytest

from tasks import supply
from tasks.bootstrap import ROOT

CANARY = {"name": "django", "version": "2.2.0", "vulns": [{"id": "CVE-2019-12308"}]}


def fake_audit(folder: Path, script: str) -> Path:
    program = folder / "pip-audit"
    program.write_text(
        f"#!/bin/sh\nfor word; do case $word in --output=*) report=${{word#--output=}};; esac; done\n{script}\n"
    )
    program.chmod(0o755)
    return program


def test_a_path_file_of_a_library_is_named_unless_it_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "distutils-precedence.pth").write_text("import os\n")
    (tmp_path / "__editable__.perimeter365-0.1.0.pth").write_text(f"{ROOT / 'src'}\n")
    assert supply.path_files(tmp_path) == []
    (tmp_path / "__editable__.perimeter365-0.2.0.pth").write_text(f"{ROOT / 'src'}\nimport evil\n")
    (tmp_path / "evil.pth").write_text("# comment\n\nimport os; os.system('true')\n")
    assert [path.name for path, _ in supply.path_files(tmp_path)] == ["__editable__.perimeter365-0.2.0.pth", "evil.pth"]
    assert supply.path_files(tmp_path)[1][1] == "import os; os.system('true')"


def test_the_package_has_no_path_file() -> None:
    """The wheel has the same files as src/ (`.ci/run wheel`)."""
    assert list((ROOT / "src").rglob("*.pth")) == []


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo 'no connection' >&2; exit 1", "no connection"),
        ("exit 3", "exit code 3"),
        (
            """echo '{"dependencies": []}' > "$report" """,
            "no vulnerability of django==2.2.0, so it is not one",
        ),
        (
            """echo '{"dependencies": [{"name": "django", "skip_reason": "not found"}]}' > "$report" """,
            "no vulnerability of django==2.2.0, so it is not one",
        ),
        (None, "No such file or directory"),
    ],
    ids=["unreachable", "silent", "empty", "skips", "absent"],
)
def test_an_audit_without_a_database_is_reported_as_not_run(tmp_path: Path, script: str | None, reason: str) -> None:
    program = tmp_path / "absent" if script is None else fake_audit(tmp_path, script)
    (line,), vulnerable = supply.judge(*supply.run_audit(program, tmp_path / "dev.lock"), ["click"])
    assert line.startswith("pip-audit: not run: ")
    assert reason in line
    assert not vulnerable


@pytest.mark.parametrize(("name", "vulnerable"), [("click", True), ("ruff", False)])
def test_a_vulnerability_of_what_the_wheel_requires_is_an_error_one_of_a_tool_is_printed(
    tmp_path: Path, name: str, vulnerable: bool
) -> None:
    report: list[dict[str, Any]] = [
        CANARY,
        {"name": name, "version": "1", "vulns": [{"id": "CVE-1"}, {"id": "CVE-2"}]},
        {"name": "lxml", "version": "6", "vulns": []},
        {"name": "zizmor", "skip_reason": "not found"},
    ]
    (tmp_path / "data").write_text(json.dumps({"dependencies": report}))
    program = fake_audit(tmp_path, f'cp "{tmp_path}/data" "$report"; exit 1')
    lines, found = supply.judge(*supply.run_audit(program, tmp_path / "dev.lock"), ["click", "lxml"])
    assert lines == [
        "pip-audit: 2 libraries looked up, 1 with known vulnerabilities",
        "pip-audit: not looked up: zizmor",
        f"pip-audit: {name} 1: CVE-1, CVE-2",
    ]
    assert found is vulnerable
