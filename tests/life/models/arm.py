"""Deployments of Azure Resource Manager: templates, deployment stacks, and the commands of the Azure CLI for them.

templates   learn.microsoft.com/azure/azure-resource-manager/templates/best-practices: 800 resources, 4 MB; `dependsOn`
            orders them, everything else is deployed at the same time; a nested template has limits of its own
stacks      learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks: after the deployment,
            `deleteResources` deletes what the stack had and the template has not; `detachAll` leaves it
conflicts   children of a security group or a route table are changed one at a time (AnotherOperationInProgress), IP
            groups 20 at a time (firewall/ip-groups)
"""

import json
import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.life.models.azure import NSG, SET, TABLE, Azure, Key, RefusedError

DEPLOYMENT = "Microsoft.Resources/deployments"
_MOST, _BYTES, _AT_ONCE = 800, 4 * 1024 * 1024, 20


class Stacks:
    """The deployment stacks of a resource group."""

    def __init__(self, azure: Azure, folder: Path) -> None:
        self.azure, self.folder = azure, folder
        self.managed: dict[str, set[Key]] = {}
        self.stop_after: int | None = None
        self.watch: Callable[[], None] = lambda: None

    def run(self, line: str, environment: Mapping[str, str]) -> bool:
        """Carry out a line. Return False if it was interrupted. Raises RefusedError."""
        words = shlex.split(re.sub(r"\$([A-Z_]+)", lambda found: environment[found[1]], line))
        given = dict(zip(words, [*words[1:], ""], strict=True))
        if words[:3] not in (["az", "stack", "group"], ["az", "deployment", "group"]):
            raise RefusedError(f"not a command that it knows: {line}")
        stack = words[1] == "stack"
        if given.get("-g") != environment["GROUP"] or (stack and not {"-n", "--action-on-unmanage", "--yes"} <= set(words)):
            raise RefusedError("the following arguments are required, or it asks")
        delete = given.get("--action-on-unmanage") == "deleteResources"
        self._left = self.stop_after
        try:
            if words[3] == "delete":
                self._delete(self.managed.pop(given["-n"]) if delete else set())
                return True
            if stack and "--deny-settings-mode" not in words:
                raise RefusedError("--deny-settings-mode is required")
            template = json.loads((self.folder / given["-f"]).read_bytes())
            parameters = dict([given["-p"].split("=")]) if "-p" in words else {}
            before = self.managed.get(given.get("-n", ""), set())
            found = self._deploy(template, parameters)
            if stack:
                self.managed[given["-n"]] = before | found
                if delete:
                    self._delete(before - found)
                self.managed[given["-n"]] = found
        except _StoppedError:
            return False
        return True

    def _step(self) -> None:
        if self._left == 0:
            raise _StoppedError
        self._left = None if self._left is None else self._left - 1

    def _deploy(self, template: dict[str, Any], parameters: Mapping[str, str]) -> set[Key]:
        if template.get("parameters", {}).keys() != parameters.keys():
            raise RefusedError("InvalidTemplate: parameters")
        resources = template["resources"]
        if len(resources) > _MOST or len(json.dumps(template)) > _BYTES:
            raise RefusedError(f"InvalidTemplate: {len(resources)} resources")
        named = {(each["type"], _value(each["name"], parameters)): each for each in resources}
        if len(named) < len(resources):
            raise RefusedError("InvalidTemplate: a resource is defined twice")
        needs = {key: {_key(text, parameters) for text in each.get("dependsOn", ())} for key, each in named.items()}
        if unknown := set().union(*needs.values()) - named.keys() if needs else set():
            raise RefusedError(f"InvalidTemplate: dependsOn {unknown}")
        found: set[Key] = set()
        done: set[Key] = set()
        while len(done) < len(named):
            wave = [key for key in named if key not in done and needs[key] <= done]
            if not wave:
                raise RefusedError("InvalidTemplate: circular dependency")
            _check_wave(wave)
            for kind, name in wave:
                each = named[kind, name]
                if kind == DEPLOYMENT:
                    inner = each["properties"]
                    values = {n: _value(v["value"], parameters) for n, v in inner["parameters"].items()}
                    found |= self._deploy(inner["template"], values)
                else:
                    self._step()
                    self.azure.put(kind, name, _resolved(each["properties"], parameters))
                    found.add((kind, name))
                    self.watch()
            done |= set(wave)
        return found

    def _delete(self, keys: set[Key]) -> None:
        """Delete resources that are still there; those that others use are tried again after these."""
        left = sorted(keys & self.azure.resources.keys())
        while left:
            refused = []
            for kind, name in left:
                self._step()
                try:
                    self.azure.delete(kind, name)
                    self.watch()
                except RefusedError:
                    refused.append((kind, name))
            if refused == left:
                raise RefusedError(f"DeploymentStackDeleteResourcesFailed: {left}")
            left = refused


class _StoppedError(Exception):
    """The deployment was interrupted."""


def _check_wave(wave: list[Key]) -> None:
    """Refuse operations that Azure does not carry out at the same time."""
    parents = [(kind, name.partition("/")[0]) for kind, name in wave if kind in (NSG, TABLE)]
    if len(set(parents)) < len(parents):
        raise RefusedError(f"AnotherOperationInProgress: {parents[0]}")
    if sum(kind == SET for kind, _ in wave) > _AT_ONCE:
        raise RefusedError("TooManyIpGroupUpdates")


def _value(text: str, parameters: Mapping[str, str]) -> str:
    """Evaluate an expression: a parameter, or the concatenation of one and a text."""
    if not text.startswith("["):
        return text
    if found := re.fullmatch(r"\[parameters\('(\w+)'\)\]", text):
        return parameters[found[1]]
    found = re.fullmatch(r"\[concat\(parameters\('(\w+)'\), '([^']*)'\)\]", text)
    if not found:
        raise RefusedError(f"InvalidTemplate: {text}")
    return parameters[found[1]] + found[2]


def _key(text: str, parameters: Mapping[str, str]) -> Key:
    """Evaluate `resourceId`."""
    found = re.fullmatch(r"\[resourceId\('([^']+)', (.+)\)\]", text)
    if not found:
        raise RefusedError(f"InvalidTemplate: {text}")
    names = [
        parameters[word[12:-2]] if word.startswith("parameters('") else word.strip("'") for word in found[2].split(", ")
    ]
    return found[1], "/".join(names)


def _resolved(value: Any, parameters: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _resolved(each, parameters) for key, each in value.items()}
    if isinstance(value, list):
        return [_resolved(each, parameters) for each in value]
    if isinstance(value, str) and value.startswith("[resourceId("):
        return _key(value, parameters)[1]
    if isinstance(value, str) and value.startswith("["):
        return _value(value, parameters)
    return value
