"""The life of prefix lists, with Terraform and with CloudFormation, on a model of AWS."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import EmptyArtifactError
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, aws_prefix_list, render, targets
from perimeter365.targets.life import Part
from tests.life import tries
from tests.life.changes import changed
from tests.life.models.aws import Aws, AwsError, CloudFormation
from tests.life.models.terraform import ORDERS, InvalidError, Terraform
from tests.targets.netfilter import by_hand, flow, party
from tests.targets.packets import plan
from tests.targets.prefix_lists import expected_lists

NAME = "aws-prefix-list"
WAYS = (*(("terraform", order) for order in ORDERS), ("aws-cli", ""))
EACH_WAY = pytest.mark.parametrize(("tool", "order"), WAYS)


class Region:
    """A Region with a list of its administrator, a work folder, and the tool of the printed commands."""

    def __init__(self, folder: Path, tool: str, order: str, aws: Aws | None = None, **options: str) -> None:
        self.folder, self.tool, self.options, self.kept = folder, tool, {**options, "tool": tool}, dict[str, int]()
        folder.mkdir(exist_ok=True)
        self.aws = aws or Aws()
        if aws is None:
            self.aws.create("m365-by-hand", "IPv4", 5, {"192.0.2.0/24": "own"})
        self.terraform = Terraform(folder, self.aws.change, order=order or ORDERS[0])
        self.stacks = CloudFormation(self.aws, folder)

    def put(self, which: Plan, **options: str) -> None:
        """Render a plan into the folder, with what the last render there kept."""
        self.options |= options
        for path in self.folder.glob("*.json"):
            path.unlink()
        made = render(which, NAME, Style(options=self.options, kept=self.kept, allow_empty=True))
        for artifact in made.artifacts:
            (self.folder / artifact.name).write_bytes(artifact.content)
        self.kept = dict(made.kept)

    def follow(self, part: Part, stop_after: int | None = None) -> bool:
        """Carry out a part of the manual. Return False if it was interrupted."""
        return self.run(targets[NAME](Style(options=self.options)).commands(part), stop_after)

    def run(self, lines: tuple[str, ...], stop_after: int | None = None) -> bool:
        """Carry out lines. Return False if they were interrupted."""
        self.terraform.stop_after = stop_after
        return all((self.terraform if self.tool == "terraform" else self.stacks).run(line, {}) for line in lines)

    def lists(self) -> dict[str, set[str]]:
        """The entries of our lists."""
        return {name: set(each.entries) for name, each in self.aws.lists.items() if name != "m365-by-hand"}

    def foreign(self) -> bool:
        """Whether the list of the administrator is as it was."""
        return self.aws.lists["m365-by-hand"].entries == {"192.0.2.0/24": "own"}


@EACH_WAY
@tries(NAME, "install", "again", "remove")
def test_lists_come_and_go_and_the_administrators_stays(tool: str, order: str, tmp_path: Path) -> None:
    region = Region(tmp_path, tool, order)
    region.put(plan("contoso"))
    region.follow("install")
    assert region.lists() == expected_lists(plan("contoso"))
    before = copy.deepcopy(region.aws.lists)
    region.follow("update")
    assert region.aws.lists == before
    if tool == "terraform":
        region.put(plan("contoso"), step="20")  # a size cannot change together with entries, but alone
    region.follow("update")
    assert region.lists() == expected_lists(plan("contoso"))
    region.follow("remove")
    assert region.lists() == {}
    assert region.foreign()


@EACH_WAY
@tries(NAME, "grow", "shrink", "back", "unordered", "empty")
def test_updates_are_applied_in_any_order(tool: str, order: str, tmp_path: Path) -> None:
    with pytest.raises(EmptyArtifactError):
        render(plan("nothing-selected"), NAME)
    region = Region(tmp_path, tool, order)
    region.put(changed(1), step="20")
    region.follow("install")
    for which in (changed(0), changed(2), changed(3), changed(0), changed(1)):
        region.put(changed(3))  # rendered, but not loaded
        region.put(which)
        region.follow("update")
        assert region.lists() == expected_lists(which)
        assert region.foreign()
    if tool == "terraform":
        region.put(plan("nothing-selected"))
        region.follow("update")
    else:  # a stack has at least one resource: no template is written, so the lists have to be removed
        region.put(plan("nothing-selected"))
        assert not (tmp_path / "m365.cloudformation.json").exists()
        region.follow("remove")
    assert region.lists() == {}
    assert region.foreign()


@pytest.mark.parametrize("order", ORDERS)
@tries(NAME, "interrupted")
def test_after_each_request_nothing_else_is_in_a_list_and_what_stays_is_not_removed(order: str, tmp_path: Path) -> None:
    region = Region(tmp_path, "terraform", order)
    region.put(changed(1))
    region.follow("install")
    start, first = copy.deepcopy((region.aws.lists, region.terraform.state)), region.lists()
    region.put(changed(2))
    region.follow("update")
    last = region.lists()

    def watch() -> None:
        for name, now in region.lists().items():
            one, other = first.get(name, set()), last.get(name, set())
            assert one & other <= now <= one | other, name

    region.aws.watch = watch
    for stop in range(100):
        region.aws.lists, region.terraform.state = copy.deepcopy(start)
        done = region.follow("update", stop_after=stop)
        if done:
            break
        region.follow("update")
        assert region.lists() == last
    assert stop > 2


@EACH_WAY
@tries(NAME, "neighbors")
def test_two_organizations_in_a_region_and_rules_that_refer_to_lists(tool: str, order: str, tmp_path: Path) -> None:
    one = Region(tmp_path / "a", tool, order)
    other = Region(tmp_path / "b", tool, order, one.aws, prefix="fabrikam")
    for region in (one, other):
        region.put(plan("contoso"))
        region.follow("install")
    name = "m365-worldwide-client-outbound-udp3478to3481-v4"
    one.aws.refer(name, "sg-1")
    one.aws.refer(name.replace("m365", "m365fabrikam"), "sg-1")
    theirs = {each: entries for each, entries in one.lists().items() if each.startswith("m365fabrikam-")}
    assert len(theirs) * 2 == len(one.lists())
    one.put(plan("small"))
    one.follow("update")
    assert {each: entries for each, entries in one.lists().items() if each.startswith("m365fabrikam-")} == theirs
    with pytest.raises(AwsError, match="ResourceInUse"):
        one.follow("remove")
    one.aws.lists[name].rules.clear()
    if tool == "terraform":
        one.follow("remove")
        assert {each for each in one.lists() if not each.startswith("m365fabrikam-")} == set()
    assert theirs.items() <= one.lists().items()


@pytest.mark.parametrize("tool", ["terraform", "aws-cli"])
def test_a_list_that_outgrows_its_size(tool: str, tmp_path: Path) -> None:
    """Terraform makes both steps. CloudFormation refuses, as the manual says, and nothing changes."""

    def which(count: int) -> Plan:
        prefixes = [f"52.{n}.0.0/16" for n in range(0, 2 * count, 2)]
        return by_hand(flow("row/6/x", party("client", "10.0.0.0/8"), party("azure", *prefixes), tcp="443"))

    region = Region(tmp_path, tool, "")
    region.put(which(5))
    region.follow("install")
    (this,) = [each for name, each in region.aws.lists.items() if name != "m365-by-hand"]
    assert (this.size, len(this.entries)) == (5, 5)
    region.put(which(6))
    if tool == "terraform":
        region.follow("update")
        assert (this.size, len(this.entries)) == (10, 6)
        region.put(which(3))
        region.follow("update")
        assert (this.size, len(this.entries)) == (10, 3)  # keeps its size
    else:
        with pytest.raises(AwsError, match="InvalidParameterCombination"):
            region.follow("update")
        assert (this.size, len(this.entries)) == (5, 5)
        assert "deploy the earlier file with larger MaxEntries first" in (aws_prefix_list.__doc__ or "").replace("\n", " ")


# -- known faults, and mutations -------------------------------------------------------------------------------------


def test_the_earlier_file_was_no_terraform(tmp_path: Path) -> None:
    region = Region(tmp_path, "terraform", "")
    content = (Path(__file__).parent / "faults" / NAME / "before" / "m365.tf.json").read_bytes()
    (tmp_path / "m365.tf.json").write_bytes(content)
    with pytest.raises(InvalidError, match="Missing block label: variable"):
        region.follow("install")
    assert region.lists() == {}


def test_descriptions_would_remove_entries_for_a_moment(tmp_path: Path) -> None:
    """The reason why entries have none: the provider removes one whose description changes, and then adds it again."""
    region = Region(tmp_path, "terraform", "")
    block: dict[str, Any] = {"name": "x", "address_family": "IPv4", "max_entries": 5}
    cidrs = ("52.0.0.0/16", "52.2.0.0/16")
    region.aws.change(
        "create", "aws_ec2_managed_prefix_list", "x", block | {"entry": [{"cidr": c, "description": "1"} for c in cidrs]}
    )
    seen = []
    region.aws.watch = lambda: seen.append(set(region.aws.lists["x"].entries))
    region.aws.change(
        "update", "aws_ec2_managed_prefix_list", "x", block | {"entry": [{"cidr": c, "description": "2"} for c in cidrs]}
    )
    assert set() in seen
    document = render(plan("contoso"), NAME).artifacts[0].content
    lists = json.loads(document)["resource"]["aws_ec2_managed_prefix_list"].values()
    assert {key for each in lists for entry in each["entry"] for key in entry} == {"cidr"}


@pytest.mark.parametrize("tool", ["terraform", "aws-cli"])
@pytest.mark.parametrize("part", ["install", "update", "remove"])
def test_a_command_that_is_missing_or_damaged_is_noticed(tool: str, part: Part, tmp_path: Path) -> None:
    def prepared(folder: Path) -> Region:
        region = Region(folder, tool, "")
        region.put(changed(1), step="20")
        if part != "install":
            region.follow("install")
            region.put(changed(2))
        return region

    region = prepared(tmp_path / "right")
    lines = targets[NAME](Style(options=region.options)).commands(part)
    region.follow(part)
    right = region.lists()
    for at, line in enumerate(lines):
        for damage in (
            "",
            line.replace(" -destroy", ""),
            line.replace("=m365", "=other"),
            line.replace("-name m365", "-name other"),
        ):
            first = part != "install" and line == "terraform init"
            waits = " wait " in line
            if damage == line or first or waits:
                continue
            region = prepared(tmp_path / f"{at}-{len(damage)}")
            try:
                region.run(tuple(each for each in [*lines[:at], damage, *lines[at + 1 :]] if each))
            except (AwsError, InvalidError):
                continue
            if part == "install" and "other" in damage:
                continue  # another name of the stack, or of the plan, is as good
            assert region.lists() != right, (line, damage)
