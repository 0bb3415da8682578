"""The GitHub workflows have minimal permissions; hooks run `make lint`."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tasks import resolve

pytestmark = pytest.mark.checkout

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").iterdir())


def workflow(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_job_has_only_read_access_to_the_code(path: Path) -> None:
    assert workflow(path)["permissions"] == {}
    for job in workflow(path)["jobs"].values():
        assert job["permissions"] == {"contents": "read"}
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_hash_with_their_version(path: Path) -> None:
    uses = re.findall(r"uses: (.+)", path.read_text("utf-8"))
    assert uses
    for each in uses:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each), each


def test_it_runs_all_checks_and_the_tests_on_each_python_version() -> None:
    jobs = workflow(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]
    assert jobs["all"]["steps"][-1]["run"] == "bash .ci/run"
    assert jobs["test"]["steps"][-1]["run"] == "make test ARGS=--consumers=hidden"
    assert tuple(jobs["test"]["strategy"]["matrix"]["python"]) == resolve.VERSIONS


def test_hooks_run_the_commands_of_make_lint() -> None:
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert recipe is not None
    lines = [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe[1].splitlines()]
    (repository,) = workflow(ROOT / ".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    assert [hook["entry"] for hook in repository["hooks"]] == lines


def test_links_of_the_security_page_are_valid() -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", (ROOT / "SECURITY.md").read_text("utf-8"))
    assert links
    assert all((ROOT / link.partition("#")[0]).is_file() for link in links)
