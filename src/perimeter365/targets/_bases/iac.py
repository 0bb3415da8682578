"""Infrastructure as code: JSON for Terraform and Azure Resource Manager (ARM).

Terraform reads `*.tf.json` like HCL (https://developer.hashicorp.com/terraform/language/syntax/json). A property named `//`
is a comment there; ARM has `metadata` and `comments`. Strings can be expressions in both (`${…}`, and in ARM a string that
starts with `[`), so all foreign text is passed through `one_line`, which removes these characters.

Terraform changes independent resources in any order, and removes an old one before it updates what referred to it, unless
the old one has `create_before_destroy` (https://github.com/hashicorp/terraform/issues/30693). So each resource has it, and
`terraform_data` refers to all of them: what is new exists before anything is removed. With the Azure CLI the same files are
a deployment stack, which removes what has left the template after it has deployed the rest.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from perimeter365.plan.plan import Plan
from perimeter365.targets.life import Manual, Part
from perimeter365.targets.target import Artifact, Option, Target

Block = dict[str, Any]
PROVIDERS = {
    "azurerm": {"source": "hashicorp/azurerm", "version": ">= 3.74"},
    "aws": {"source": "hashicorp/aws", "version": ">= 5.0"},
}
"""Terraform providers, in versions that have all arguments used here: azurerm describes firewall rules since 3.74."""
TERRAFORM = ">= 1.4"
"""The first version of Terraform with `terraform_data`."""
LIFECYCLE: Block = {"create_before_destroy": True}
_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
NETWORK_API = "2023-11-01"
"""API version of Microsoft.Network."""
_MOST_RESOURCES = 800
"""Maximum for a template (learn.microsoft.com/azure/azure-resource-manager/templates/best-practices#template-limits)."""
_EACH = 400
"""Resources of a nested template, if one template is not sufficient."""
_WORD = re.compile(r"\{([a-z_]+)\}")


class CodeTarget(Target):
    """Base class of targets with files for Terraform and for the cloud's own tool."""

    native: ClassVar[Manual]
    """The manual with the cloud's own tool, which the option `tool` chooses."""

    def commands(self, part: Part) -> tuple[str, ...]:
        """Return the lines of the chosen tool."""
        if self.option("tool") == "terraform":
            return super().commands(part)
        words = self.words()
        return tuple(_WORD.sub(lambda found: words[found[1]], line) for line in self.native.lines(part))

    def first(self) -> str:
        """Return the safe first step with the chosen tool."""
        return super().first() if self.option("tool") == "terraform" else self.native.first

    def words(self) -> Mapping[str, str]:
        """Return the options, and the start of the names of our objects."""
        return {**super().words(), "own": self.own_name("m365")}

    def head(self, plan: Plan, tool: str, *more: str) -> list[str]:
        """Return the header of the file for a tool, as strings."""
        other = type(self)(replace(self.style, options={**self.style.options, "tool": tool}))
        other._two_sided = self._two_sided  # noqa: SLF001
        return comment(other, plan, *more)


def tool_option(native: str) -> Option:
    """Make the option for the tool: Terraform, or the cloud's own."""
    return Option(default="terraform", choices=("terraform", native), help="the tool of the printed commands")


def terraform_manual(where: str, *variables: str, besides: str = "", first: str = "") -> Manual:
    """Make the manual with Terraform.

    Args:
        where: where the commands are run.
        variables: `name=$VARIABLE` of each input variable, with a variable of the shell.
        besides: as in `Manual`.
        first: as in `Manual`.
    """
    given = "".join(f" -var {each}" for each in variables)
    apply = "terraform apply {own}.tfplan"
    return Manual(
        where=where,
        install=("terraform init", f"terraform plan -out={{own}}.tfplan{given}", apply),
        remove=(f"terraform plan -destroy -out={{own}}.tfplan{given}", apply),
        besides=besides,
        first=first or "read the plan before the last line, and keep the folder, which has the state of Terraform",
    )


def stack_manual(file: str, kind: str, *parameters: str) -> Manual:
    """Make the manual with the Azure CLI, for a deployment stack.

    Args:
        file: the template.
        kind: what the stack's name ends with.
        parameters: `name=$VARIABLE` of each parameter.
    """
    given, name = " ".join(parameters), f"-n {{own}}-{kind} -g $GROUP"
    managed = "--action-on-unmanage deleteResources"
    return Manual(
        where="",
        install=(f"az stack group create {name} -f {file} -p {given} {managed} --deny-settings-mode none --yes",),
        remove=(f"az stack group delete {name} {managed} --yes",),
        first="preview the file with az deployment group what-if",
    )


def terraform(
    head: list[str],
    provider: str,
    variables: Mapping[str, str],
    resources: Mapping[str, Mapping[str, Block]],
    outputs: Mapping[str, str] | None = None,
) -> Block:
    """Make a Terraform document. Empty blocks, which Terraform rejects, are left out.

    Args:
        head: the lines of the comment.
        provider: a key of `PROVIDERS`.
        variables: input variables of type string, name -> description.
        resources: type -> name -> arguments.
        outputs: name -> expression.
    """
    needed: Block = {"required_version": TERRAFORM, "required_providers": {provider: PROVIDERS[provider]}}
    found: Block = {"//": head, "terraform": needed}
    if variables:
        found["variable"] = {name: {"type": "string", "description": text} for name, text in variables.items()}
    if filled := {kind: named for kind, named in resources.items() if named}:
        found["resource"] = filled
    if outputs:
        found["output"] = {name: {"value": value} for name, value in outputs.items()}
    return found


def ordered(kind: str, named: Mapping[str, Block], own: str) -> dict[str, dict[str, Block]]:
    """Return resources of one type that Terraform makes before it removes old ones.

    Args:
        kind: their type.
        named: their arguments.
        own: the name of the resource that refers to all of them.
    """
    if not named:
        return {}
    each = {key: {**block, "lifecycle": LIFECYCLE} for key, block in named.items()}
    return {kind: each, "terraform_data": {own: {"input": [f"${{{kind}.{key}.id}}" for key in named]}}}


def provider_file(target: Target) -> Artifact:
    """Make the file that configures the provider azurerm with its block `features`."""
    note = "Leave this file out if your own files configure the provider azurerm."
    return json_file(target, "provider.tf.json", {"//": note, "provider": {"azurerm": {"features": {}}}}, entries=0)


def arm(head: list[str], parameters: Mapping[str, str], resources: Iterable[Block], name: str = "m365") -> Block:
    """Make an ARM template; `parameters` are like the variables of `terraform`.

    More resources than a template can have are in nested templates, one after the other, whose names start with `name`.
    """
    found = list(resources)
    if len(found) > _MOST_RESOURCES:
        inner = {n: {"type": "string"} for n in parameters}
        found = [
            {
                "type": "Microsoft.Resources/deployments",
                "apiVersion": "2022-09-01",
                "name": f"{name}-{number}",
                "dependsOn": [_id("Microsoft.Resources/deployments", f"'{name}-{number - 1}'")] if number > 1 else [],
                "properties": {
                    "mode": "Incremental",
                    "expressionEvaluationOptions": {"scope": "inner"},
                    "parameters": {n: {"value": f"[parameters('{n}')]"} for n in parameters},
                    "template": _template({"parameters": inner, "resources": unchained(found[at : at + _EACH])}),
                },
            }
            for number, at in enumerate(range(0, len(found), _EACH), start=1)
        ]
    described = {n: {"type": "string", "metadata": {"description": t}} for n, t in parameters.items()}
    return _template({"metadata": {"description": "; ".join(head)}, "parameters": described, "resources": found})


def _template(parts: Block) -> Block:
    return {"$schema": _SCHEMA, "contentVersion": "1.0.0.0", **parts}


def children(parent: str, parameter: str, kind: str, named: Mapping[str, Block]) -> list[Block]:
    """Return child resources of an existing object.

    Each depends on the one before: Azure changes an object in one operation at a time.

    Args:
        parent: the type of the object: `Microsoft.Network/routeTables`.
        parameter: the parameter that has its name.
        kind: the kind of its children: `routes`.
        named: the properties of each child.
    """
    found: list[Block] = []
    before: list[str] = []
    for name, properties in named.items():
        found.append(
            {
                "type": f"{parent}/{kind}",
                "apiVersion": NETWORK_API,
                "name": f"[concat(parameters('{parameter}'), '/{name}')]",
                "dependsOn": before,
                "properties": properties,
            }
        )
        before = [_id(f"{parent}/{kind}", f"parameters('{parameter}')", f"'{name}'")]
    return found


def _id(kind: str, *names: str) -> str:
    return f"[resourceId('{kind}', {', '.join(names)})]"


def unchained(resources: Sequence[Block]) -> list[Block]:
    """Return resources of which the first depends on none.

    It could only depend on a resource of another template, which it cannot refer to.
    """
    return [{**each, "dependsOn": []} if n == 0 else each for n, each in enumerate(resources)]


def camel(name: str) -> str:
    """Convert the name of a Terraform argument to ARM's.

    Example: `destination_port_ranges` -> `destinationPortRanges`.
    """
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def identifier(name: str) -> str:
    """Convert a name to a Terraform identifier.

    It has letters, digits and underscores, and does not start with a digit.
    """
    safe = "".join(c if c.isascii() and c.isalnum() else "_" for c in name)
    return safe if safe[:1].isalpha() else f"_{safe}"


def json_file(target: Target, name: str, document: object, entries: int) -> Artifact:
    """Make a file of a document."""
    return target.text(name, json.dumps(document, indent=2, ensure_ascii=True).splitlines(), entries=entries)


def comment(target: Target, plan: Plan, *more: str) -> list[str]:
    """Return the header as strings, for formats whose comments are values."""
    lines = (line.removeprefix(target.comment).strip() for line in target.header(plan, *more))
    return ["".join(c if c.isascii() else "?" for c in line) for line in lines]
