"""Terraform itself: it reads every file, and orders operations as the model does."""

import json
import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render, targets
from tests.consumers import need
from tests.life.models.terraform import Address, InvalidError, Operation, Resource, edges, read_folder, wanted_resources
from tests.targets.netfilter import limits
from tests.targets.packets import plan

FILES = ("azure-nsg", "azure-firewall", "azure-udr", "aws-prefix-list")
FAULTS = Path(__file__).parent / "faults"


def run(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run Terraform in a folder, without settings of the user and without a network."""
    (folder / "empty").mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TF_CLI_CONFIG_FILE": "/dev/null",
        "CHECKPOINT_DISABLE": "1",
    }
    command = [str(need("terraform")), *words, "-no-color"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


def put(folder: Path, which: Plan, name: str, **options: str) -> None:
    folder.mkdir(exist_ok=True)
    style = Style(options=options, limits=limits(which, name), allow_empty=True)
    for artifact in render(which, name, style).artifacts:
        (folder / artifact.name).write_bytes(artifact.content)


@pytest.mark.parametrize("case", ["contoso", "everything-everywhere", "gcchigh", "ipv6-off", "awkward", "nothing-selected"])
@pytest.mark.parametrize("name", FILES)
def test_terraform_reads_every_file_up_to_the_query_for_its_provider(name: str, case: str, tmp_path: Path) -> None:
    put(tmp_path / "w", plan(case), name)
    done = run(tmp_path / "w", "init", "-backend=false", "-plugin-dir=empty")
    assert "Failed to query available provider packages" in done.stderr, done.stderr
    assert done.stderr.count("Error:") == 1


def test_terraform_and_the_model_refuse_the_empty_block_of_earlier_files(tmp_path: Path) -> None:
    folder = FAULTS / "aws-prefix-list" / "before"
    with pytest.raises(InvalidError, match="Missing block label: variable"):
        read_folder(folder)
    (tmp_path / "m365.tf.json").write_bytes((folder / "m365.tf.json").read_bytes())
    done = run(tmp_path, "init", "-backend=false", "-plugin-dir=empty")
    assert "Missing block label" in done.stderr


# -- the order of operations -----------------------------------------------------------------------------------------


def as_data(document: dict[str, Any], keep: Iterable[str] = ()) -> dict[str, Any]:
    """Replace all resources by `terraform_data`, which needs no provider, with the same references and life cycles."""
    found: dict[str, Any] = {}
    for kind, named in document.get("resource", {}).items():
        for key, block in named.items():
            its = {k: v for k, v in block.items() if k != "lifecycle"}
            life = {"lifecycle": block["lifecycle"]} if "lifecycle" in block else {}
            text = re.sub(r"\$\{(\w+)\.(\w+)\.id\}", r"${terraform_data.\1__\2.id}", json.dumps(its))
            found[f"{kind}__{key}"] = {"input": json.dumps(json.loads(text)), **life}
    return {"resource": {"terraform_data": found}, "variable": document["variable"]} if found else {}


def real_operations(folder: Path, document: dict[str, Any], given: list[str]) -> list[Operation]:
    """Apply a document with Terraform, and return the operations in the order in which they ended."""
    (folder / "main.tf.json").write_text(json.dumps(as_data(document) or {"//": []}))
    if not (folder / ".terraform").exists():
        assert run(folder, "init", "-plugin-dir=empty").returncode == 0
    if not as_data(document):
        given = []
    planned = run(folder, "plan", "-out=m365.tfplan", *given)
    assert planned.returncode == 0, planned.stderr
    done = run(folder, "apply", "-json", "m365.tfplan")
    assert done.returncode == 0, done.stdout
    found: list[Operation] = []
    for line in done.stdout.splitlines():
        event = json.loads(line)
        if event["type"] == "apply_complete":
            kind, _, key = event["hook"]["resource"]["resource_name"].partition("__")
            found.append((event["hook"]["action"], (kind, key)))
    return found


@pytest.mark.parametrize("name", FILES[:3])
def test_the_model_orders_operations_as_terraform_does(name: str, tmp_path: Path) -> None:
    variables = {
        word.split("=")[0]: "x" for word in re.findall(r"-var (\S+)", " ".join(targets[name]().commands("install")))
    }
    given = [word for key, value in variables.items() for word in ("-var", f"{key}={value}")]
    (real := tmp_path / "real").mkdir()
    state, seen = dict[Address, Resource](), set[str]()
    for case in ("small", "contoso", "ipv6-off", "small", "nothing-selected"):
        put(folder := tmp_path / case, plan(case), name)
        document = read_folder(folder)
        wanted = wanted_resources(document, variables)
        happened = real_operations(real, document, given)
        before = edges(state, wanted)
        place = {operation: n for n, operation in enumerate(happened)}
        for operation, earlier in before.items():
            for each in earlier & place.keys():
                if operation in place:
                    assert place[each] < place[operation], (each, operation)
        changed = {
            ("update" if a in state else "create", a) for a in wanted if a not in state or state[a].block != wanted[a].block
        }
        gone: set[Operation] = {("delete", a) for a in state if a not in wanted}
        assert set(happened) >= gone
        assert {op for op in happened if op[0] == "create"} == {op for op in changed if op[0] == "create"}
        seen |= {action for action, _ in happened}
        removals = [place[operation] for operation in gone if not re.search("terraform_data|_dnat_", "".join(operation[1]))]
        if creations := [n for operation, n in place.items() if operation[0] == "create"]:
            assert not removals or max(creations) < min(removals), "what is new is there before anything is removed"
        state = wanted
    assert seen == {"create", "update", "delete"}


def test_without_the_life_cycle_terraform_removes_what_is_still_in_use(tmp_path: Path) -> None:
    """The reason for it, and what the files of commit d74eff8 did."""
    (real := tmp_path / "real").mkdir()
    order = []
    for which in ("before", "after"):
        document = json.loads((FAULTS / "azure-firewall" / which / "m365-firewall.tf.json").read_bytes())
        given = [word for key in document["variable"] for word in ("-var", f"{key}=x")]
        order = real_operations(real, document, given)
    group = next(n for n, (action, (kind, _)) in enumerate(order) if "collection_group" in kind)
    assert any(action == "delete" and n < group for n, (action, _) in enumerate(order))
