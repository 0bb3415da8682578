"""A model of AWS's customer-managed prefix lists, of the provider that changes them, and of CloudFormation.

lists      docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyManagedPrefixList.html: 100 entries to add and 100 to
           remove in a request; entries and size not in one request; docs.aws.amazon.com/vpc/latest/userguide/
           work-with-cust-managed-prefix-lists.html: a size of 1 to 1,000; a list that is referred to is not deleted, and
           does not outgrow the quota of what refers to it (60 rules of a security group)
provider   hashicorp/aws, internal/service/ec2/vpc_managed_prefix_list.go: the size grows before, and shrinks after the
           entries; an entry whose description changes is removed in one request and added in the next; requests are not
           divided (github.com/hashicorp/terraform-provider-aws/issues/35371)
stacks     docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-prefixlist.html: one request
           for entries and size; new and changed resources first, removed ones at the end
"""

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any

_REQUEST, _MOST, QUOTA = 100, 1000, 60


class AwsError(Exception):
    """AWS refuses a request. The text starts with its code."""


@dataclass
class PrefixList:
    """A list, and how many rules of each security group refer to it."""

    family: str
    size: int
    entries: dict[str, str]
    version: int = 1
    rules: dict[str, int] = field(default_factory=dict)


class Aws:
    """The lists of a Region by name, and the requests that change one of them."""

    def __init__(self) -> None:
        self.lists: dict[str, PrefixList] = {}
        self.watch: Callable[[], None] = lambda: None

    def create(self, name: str, family: str, size: int, entries: Mapping[str, str]) -> None:
        """Create a list. Raises AwsError."""
        if not 1 <= size <= _MOST or len(name) > 255 or len(self.lists) >= 100:
            raise AwsError("InvalidParameterValue: size, name, or the quota of lists")
        made = PrefixList(family=family, size=size, entries={})
        self._check(made, entries, [], None)
        made.entries = dict(entries)
        self.lists[name] = made
        self.watch()

    def modify(self, name: str, add: Mapping[str, str], remove: list[str], size: int | None) -> None:
        """Change entries or size. Raises AwsError."""
        this = self.lists[name]
        self._check(this, add, remove, size)
        this.entries = {cidr: text for cidr, text in this.entries.items() if cidr not in remove} | dict(add)
        this.size = this.size if size is None else size
        this.version += bool(add or remove)
        self.watch()

    def delete(self, name: str) -> None:
        """Delete a list. Raises AwsError."""
        if self.lists[name].rules:
            raise AwsError(f"ResourceInUse: {name}")
        del self.lists[name]
        self.watch()

    def refer(self, name: str, group: str, rules: int = 1) -> None:
        """Add rules of a security group that refer to a list. Raises AwsError."""
        used = sum(each.size * each.rules.get(group, 0) for each in self.lists.values())
        if used + self.lists[name].size * rules > QUOTA:
            raise AwsError("RulesPerSecurityGroupLimitExceeded")
        self.lists[name].rules[group] = self.lists[name].rules.get(group, 0) + rules

    def _check(self, this: PrefixList, add: Mapping[str, str], remove: list[str], size: int | None) -> None:
        if (add or remove) and size is not None:
            raise AwsError("InvalidParameterCombination: entries and the maximum entries in the same request")
        if len(add) > _REQUEST or len(remove) > _REQUEST:
            raise AwsError("InvalidParameterValue: The number of entries per request cannot exceeds limit (100)")
        if set(add) & set(remove):
            raise AwsError("InvalidParameterValue: a Cidr in both AddPrefixListEntries and RemovePrefixListEntries")
        if any(ip_network(cidr).version != int(this.family[-1]) for cidr in add):
            raise AwsError("InvalidParameterValue: family")
        if len((this.entries.keys() - set(remove)) | set(add)) > (this.size if size is None else size):
            raise AwsError("PrefixListMaxEntriesExceeded")
        for group, rules in this.rules.items():
            used = sum(each.size * each.rules.get(group, 0) for each in self.lists.values())
            if size is not None and used + (size - this.size) * rules > QUOTA:
                raise AwsError(f"PrefixListMaxEntriesExceeded: {group} does not support the new size")

    # -- the provider of Terraform -------------------------------------------------------------------------------------

    def change(self, action: str, kind: str, key: str, block: dict[str, Any]) -> None:
        """Carry out an operation of Terraform, as the provider does."""
        assert kind == "aws_ec2_managed_prefix_list", kind
        name, wanted = block["name"], {e["cidr"]: e.get("description", "") for e in block["entry"]}
        if action == "delete":
            self.delete(name)
        elif action == "create":
            self.create(name, block["address_family"], block["max_entries"], wanted)
        else:
            this, size = self.lists[name], block["max_entries"]
            if size > this.size:
                self.modify(name, {}, [], size)
            add = {cidr: text for cidr, text in wanted.items() if this.entries.get(cidr) != text}
            remove = [cidr for cidr, text in this.entries.items() if wanted.get(cidr) != text]
            if described := [cidr for cidr in remove if cidr in add]:
                self.modify(name, {}, described, None)
            remove = [cidr for cidr in remove if cidr not in add]
            if add or remove:
                self.modify(name, add, remove, None)
            if size < this.size:
                self.modify(name, {}, [], size)


class CloudFormation:
    """Stacks, and the commands of the AWS CLI for them."""

    def __init__(self, aws: Aws, folder: Path) -> None:
        self.aws, self.folder = aws, folder
        self.stacks: dict[str, dict[str, Any]] = {}

    def run(self, line: str, environment: Mapping[str, str]) -> bool:
        """Carry out a line. Raises AwsError."""
        words = shlex.split(line)
        given = dict(zip(words, [*words[1:], ""], strict=True))
        name = given.get("--stack-name", "")
        if words[:2] != ["aws", "cloudformation"] or not name:
            raise AwsError(f"not a command that it knows: {line}")
        if words[2] == "wait":
            if name in self.stacks:
                raise AwsError("Waiter StackDeleteComplete failed")
        elif words[2] == "delete-stack":
            self._update({}, self.stacks.pop(name, {}))
        elif words[2] == "deploy":
            document = json.loads((self.folder / given["--template-file"]).read_bytes())
            if not document["Resources"]:
                raise AwsError("ValidationError: At least one Resources member must be defined")
            before = self.stacks.get(name, {})
            if document["Resources"] == before and "--no-fail-on-empty-changeset" not in words:
                raise AwsError("No changes to deploy")
            self._update(document["Resources"], before)
            self.stacks[name] = document["Resources"]
        else:
            raise AwsError(f"not a command that it knows: {line}")
        return True

    def _update(self, wanted: dict[str, Any], before: dict[str, Any]) -> None:
        for key, resource in wanted.items():
            it = resource["Properties"]
            name, entries = it["PrefixListName"], {e["Cidr"]: e.get("Description", "") for e in it["Entries"]}
            if key not in before:
                self.aws.create(name, it["AddressFamily"], it["MaxEntries"], entries)
            elif resource != before[key]:
                this = self.aws.lists[name]
                size = it["MaxEntries"] if it["MaxEntries"] != this.size else None
                add = {cidr: text for cidr, text in entries.items() if cidr not in this.entries}
                self.aws.modify(name, add, [cidr for cidr in this.entries if cidr not in entries], size)
        for key, resource in before.items():
            if key not in wanted:
                self.aws.delete(resource["Properties"]["PrefixListName"])
