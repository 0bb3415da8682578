"""Terraform as the printed commands use it: its plan, the order of its operations, and its state.

It reads the JSON files of the work folder (https://developer.hashicorp.com/terraform/language/syntax/json: a block with
labels is not empty), and executes the difference from its state one operation at a time. The order of operations follows
their dependencies, as terraform 1.11 does (`test_terraform.py` compares): a resource is made after those that it refers to;
one that is gone is removed before what referred to it is updated, or after it with `create_before_destroy`
(https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle). Operations without a dependency happen in any
order, which `order` chooses.
"""

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

Address = tuple[str, str]
Action = Literal["create", "update", "delete"]
Operation = tuple[Action, Address]
ORDERS: tuple[str, ...] = ("removals last", "removals first", "reversed")
_REFERENCE = re.compile(r"\$\{(\w+)\.(\w+)\.id\}")


class InvalidError(Exception):
    """Terraform refuses a file or a command."""


@dataclass
class Resource:
    """A resource in the state."""

    block: dict[str, Any]
    needs: frozenset[Address]
    last: bool
    """Whether it is removed after what referred to it (`create_before_destroy`)."""


@dataclass
class Terraform:
    """A work folder with its state."""

    folder: Path
    change: Callable[[Action, str, str, dict[str, Any]], None]
    """Carries out an operation at the cloud: action, type, key, and the arguments with all references resolved."""
    order: str = ORDERS[0]
    stop_after: int | None = None
    """The number of operations of the cloud after which an apply is interrupted."""
    state: dict[Address, Resource] = field(default_factory=dict)
    watch: Callable[[], None] = lambda: None
    """Is called after each operation."""
    _ready: bool = False
    _plans: dict[str, dict[Address, Resource]] = field(default_factory=dict)

    def run(self, line: str, environment: Mapping[str, str]) -> bool:
        """Carry out a line. Return False if it was interrupted. Raises InvalidError."""
        words = shlex.split(re.sub(r"\$([A-Z_]+)", lambda found: environment[found[1]], line))
        if words == ["terraform", "init"]:
            read_folder(self.folder)
            self._ready = True
            return True
        if words[:2] == ["terraform", "plan"]:
            self._plan(words[2:])
            return True
        if words[:2] == ["terraform", "apply"] and len(words) == 3 and words[2] in self._plans:
            return self._apply(self._plans.pop(words[2]))
        raise InvalidError(f"not a command that it knows, or no such plan: {line}")

    def _plan(self, words: list[str]) -> None:
        if not self._ready:
            raise InvalidError("Error: Inconsistent dependency lock file: run terraform init")
        destroy, out = "-destroy" in words, next(word.removeprefix("-out=") for word in words if word.startswith("-out="))
        given = dict(word.split("=", 1) for before, word in pairwise(words) if before == "-var")
        document = read_folder(self.folder)
        if given.keys() != document.get("variable", {}).keys():
            raise InvalidError(f"Error: No value for required variable, or undeclared: {given.keys()}")
        wanted = wanted_resources({} if destroy else document, given)
        for (kind, key), each in wanted.items():
            if missing := each.needs - wanted.keys():
                raise InvalidError(f"Error: Reference to undeclared resource {missing} in {kind}.{key}")
        self._plans[out] = wanted

    def _apply(self, wanted: dict[Address, Resource]) -> bool:
        done = 0
        for action, address in operations(self.state, wanted, self.order):
            kind, key = address
            if kind != "terraform_data":
                if done == self.stop_after:
                    return False
                done += 1
                block = self.state[address].block if action == "delete" else wanted[address].block
                known = {**self.state, **wanted}
                self.change(action, kind, key, _resolved(block, known))
            if action == "delete":
                del self.state[address]
            else:
                self.state[address] = wanted[address]
            if kind != "terraform_data":
                self.watch()
        return True


def wanted_resources(document: Mapping[str, Any], given: Mapping[str, str]) -> dict[Address, Resource]:
    """Return the resources of a document, with the values of its variables."""
    named = document.get("resource", {})
    return {(kind, key): _resource(block, given) for kind in named for key, block in named[kind].items()}


def _resource(block: dict[str, Any], given: Mapping[str, str]) -> Resource:
    text = json.dumps({key: value for key, value in block.items() if key != "lifecycle"})
    for name, value in given.items():
        text = text.replace(f"${{var.{name}}}", value)
    if "${var." in text:
        raise InvalidError("Error: Reference to undeclared input variable")
    needs = frozenset((kind, key) for kind, key in _REFERENCE.findall(text))
    return Resource(block=json.loads(text), needs=needs, last=bool(block.get("lifecycle", {}).get("create_before_destroy")))


def _resolved(value: Any, known: Mapping[Address, Resource]) -> Any:
    """Replace references by names, as ids end with them."""
    if isinstance(value, dict):
        return {key: _resolved(each, known) for key, each in value.items()}
    if isinstance(value, list):
        return [_resolved(each, known) for each in value]
    if isinstance(value, str):
        return _REFERENCE.sub(lambda found: str(known[found[1], found[2]].block["name"]), value)
    return value


def operations(
    state: Mapping[Address, Resource], wanted: Mapping[Address, Resource], order: str = ORDERS[0]
) -> Iterator[Operation]:
    """Yield the operations from a state to another, in an order that the dependencies permit."""
    todo: list[Operation] = [("update" if a in state else "create", a) for a in wanted if not _same(state.get(a), wanted[a])]
    gone: list[Operation] = [("delete", address) for address in state if address not in wanted]
    todo = {"removals last": [*todo, *gone], "removals first": [*gone, *todo], "reversed": [*reversed(todo), *gone]}[order]
    after = edges(state, wanted)
    done: set[Operation] = set()
    while todo:
        ready = next(op for op in todo if not any(before in todo for before in after.get(op, ())))
        todo.remove(ready)
        done.add(ready)
        yield ready


def _same(before: Resource | None, after: Resource) -> bool:
    return before is not None and before.block == after.block


def edges(state: Mapping[Address, Resource], wanted: Mapping[Address, Resource]) -> dict[Operation, set[Operation]]:
    """Return for each operation those that come before it."""
    found: dict[Operation, set[Operation]] = {}
    changed: dict[Address, Operation] = {a: ("update" if a in state else "create", a) for a in wanted}
    for address, each in wanted.items():
        found.setdefault(changed[address], set()).update(changed[need] for need in each.needs)
    gone = {address for address in state if address not in wanted}
    for address, each in state.items():
        for need in each.needs & gone:
            removal: Operation = ("delete", need)
            if address in gone:
                found.setdefault(removal, set()).add(("delete", address))
            elif state[need].last:
                found.setdefault(removal, set()).add(changed[address])
            else:
                found.setdefault(changed[address], set()).add(removal)
    return found


def read_folder(folder: Path) -> dict[str, Any]:
    """Read the `*.tf.json` of a folder as one document. Raises InvalidError for what Terraform refuses."""
    found: dict[str, Any] = {}
    for path in sorted(folder.glob("*.tf.json")):
        for key, value in json.loads(path.read_bytes()).items():
            if key == "//":
                continue
            if not value or (key == "resource" and not all(value.values())):
                raise InvalidError(f"Error: Missing block label: {key} in {path.name}")
            for name, each in value.items():
                if name in found.setdefault(key, {}):
                    raise InvalidError(f"Error: Duplicate {key} {name}")
                found[key][name] = each
    needed = found.get("terraform", {}).get("required_providers", {})
    if "azurerm" in needed and "features" not in found.get("provider", {}).get("azurerm", {}):
        raise InvalidError("Error: Insufficient features blocks")
    return found
